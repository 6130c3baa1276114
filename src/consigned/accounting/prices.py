"""Which price settles a consumption, and why (decision 0050).

The agreement names its sources in order; the first that knows a price gives it:

    transaction    the price said with the consumption, only where the agreement allows it (C14)
    agreement      the agreement's price in force on the day of consumption (O39), made by its
                   terms: a scale of quantities, a discount, a share of the sale (price_terms);
                   a scale looks at the line as it was told, also for a rest of it that waited
    order-line     the price of the order line the goods were received under (C15)

The source is kept with the price in words that say which rule made it, as
`agreement from-quantity=100 discount=10%`. A price that was sent with a use and does not settle it
is told as not taken, with the rule that chose another one. No price at all is an exception that
waits, never zero (decision 0061).

Refuses: CurrencyDiffers; NoAgreement, AgreementNotInForce, PriceMissing (from agreements);
NothingLeft, TooExact (from price_terms); RateMissing (from exchange_rates); TaxCodeMissing,
TaxRateMissing (from taxes).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from consigned.inventory.title_transfers import TitleTransfer, Use
from consigned.master_data.agreements import (
    Agreement,
    NoAgreement,
    PriceMissing,
    PriceSource,
    Terms,
)
from consigned.master_data.price_terms import Made
from consigned.measure.money import Price
from consigned.measure.refusal import Refusal


@dataclass(eq=False)
class CurrencyDiffers(Refusal):
    agreement: str
    agreed: str
    said: str
    code: ClassVar[str] = "currency-differs"
    remedy: ClassVar[str] = "Give the price in the agreement's currency, then resubmit."

    def __str__(self) -> str:
        return f"agreement {self.agreement} settles in {self.agreed}; the price is in {self.said}"


class Priced(NamedTuple):
    """The agreement that governs a transfer of title, its price, and where the price is from."""

    agreement: Agreement
    price: Price
    source: str
    """The source, and after it the terms that made the price."""
    tax: str = ""
    """The tax that comes on top of it, in words; empty where the agreement is not taxed."""


class Tried(NamedTuple):
    """A source that was tried for a price: what it gives, or why it gives none."""

    source: PriceSource
    made: Made | None
    because: str


class NotTaken(NamedTuple):
    """A price that was sent with a use and does not settle it, and why."""

    use: int
    sent: Price
    because: str

    def __str__(self) -> str:
        return f"price {self.sent} was not taken: {self.because}"


GOES_BACK = "what comes back goes back at what it was charged at"
WERE_OURS = "the goods were ours, and nobody is owed for them"
STAY_THEIRS = "the goods stay their owner's, and nobody is owed for them"
"""Why no price is asked for at all."""


def is_taken(source: str) -> bool:
    """Whether a kept source of a price says that it was sent with the use."""
    return source.partition(" ")[0] == PriceSource.TRANSACTION


def not_taken(
    transfer: TitleTransfer, terms: Terms, price: Price | None, source: str
) -> NotTaken | None:
    """What of a price sent with a use does not settle a transfer of title that was priced so, or
    waits for a price; None where it does, or may yet."""
    use, holding = transfer.use, transfer.holding
    agreement = terms.agreements.get(holding.agreement) if holding.agreement else None
    if use.price is None or agreement is None or (price and is_taken(source)):
        return None
    agreement = agreement.on(use.happened_on)
    if price is None and PriceSource.TRANSACTION in agreement.price_sources:
        return None
    sources = ", ".join(agreement.price_sources)
    instead = f"{price} holds ({source})" if price else "it waits for a price"
    return NotTaken(
        use.number, sent_price(use, agreement.currency),
        f"agreement {agreement.number} takes its prices from {sources}; {instead}",
    )  # fmt: skip


def sent_price(use: Use, currency: str) -> Price:
    """The price that was sent with a use; without a currency of its own, in the one that is asked
    for."""
    assert use.price is not None
    return Price(use.price, use.currency or currency, use.per)


def price_transfer(transfer: TitleTransfer, terms: Terms) -> Priced:
    """Price one transfer of title by the terms of the agreement its goods were received under.

    Refuses goods received under no agreement, an agreement not in force on the day, a day without
    a price, one without a rate of exchange where the organization keeps rates, and one without a
    tax code where the agreement is taxed.
    """
    use, holding = transfer.use, transfer.holding
    agreement = terms.agreements.get(holding.agreement) if holding.agreement else None
    if agreement is None:
        raise NoAgreement(terms.code(use.item))
    agreement.check_in_force(use.happened_on)
    agreement = agreement.on(use.happened_on)
    tried = []
    for one in try_sources(agreement, use, holding.order_price, terms):
        if one.made:
            if terms.rates and terms.rates.are_kept_of(one.made.price.currency):
                terms.rates.in_force(one.made.price.currency, use.happened_on)
            tax = terms.tax_in_force(agreement, use.item, use.happened_on)
            source = f"{one.source} {one.made.because}".strip()
            return Priced(agreement, one.made.price, source, tax)
        tried.append(f"{one.source} ({one.because})" if one.because else str(one.source))
    raise PriceMissing(agreement.number, terms.code(use.item), use.happened_on, tuple(tried))


def try_sources(
    agreement: Agreement, use: Use, order_price: Price | None, terms: Terms
) -> Iterator[Tried]:
    """What each of the agreement's sources says of a use, in the agreement's order."""
    for source in agreement.price_sources:
        match source:
            case PriceSource.TRANSACTION:
                yield Tried(source, _said(use, agreement), "")
            case PriceSource.AGREEMENT:
                yield _agreed(source, use, agreement, terms)
            case PriceSource.ORDER_LINE:
                ours = order_price and order_price.currency == agreement.currency
                yield Tried(source, Made(order_price, "") if ours and order_price else None, "")


def _said(use: Use, agreement: Agreement) -> Made | None:
    if use.price is None:
        return None
    _check_currency(use.currency, agreement)
    return Made(Price(use.price, agreement.currency, use.per), "")


def _agreed(source: PriceSource, use: Use, agreement: Agreement, terms: Terms) -> Tried:
    found = terms.price_in_force(agreement, use.item, use.happened_on, use.told or use.quantity)
    if found is None:
        return Tried(source, None, "")
    sold_at = None
    if use.sale:
        _check_currency(use.sale.currency, agreement)
        sold_at = Price(use.sale.price, agreement.currency, use.sale.per)
    made = found.made(sold_at)
    return Tried(source, made, "" if made else "it shares the sale's price, and none was said")


def _check_currency(said: str | None, agreement: Agreement) -> None:
    if said and said != agreement.currency:
        raise CurrencyDiffers(agreement.number, agreement.currency, said)
