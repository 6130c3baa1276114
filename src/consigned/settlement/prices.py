"""Which price settles a consumption, and why (decision D1).

The agreement names its sources in order; the first that knows a price gives it:

    transaction    the price said with the consumption, only where the agreement allows it (C14)
    agreement      the agreement's price in force on the day of consumption (O39)
    order-line     the price of the order line the goods were received under (C15)

No price at all is an exception that waits, never zero (decision D12).

Refuses: CurrencyDiffers; NoAgreement, AgreementNotInForce, PriceMissing (from agreements).
"""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from consigned.measure.money import Price
from consigned.measure.refusal import Refusal
from consigned.trade.agreements import Agreement, NoAgreement, PriceMissing, PriceSource, Terms
from consigned.trade.consumption import TitleTransfer


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
    source: PriceSource


def price_transfer(transfer: TitleTransfer, terms: Terms) -> Priced:
    """Price one transfer of title by the terms of the agreement its goods were received under.

    Refuses goods received under no agreement, an agreement not in force on the day, and a day
    without a price.
    """
    use, holding = transfer.use, transfer.holding
    agreement = terms.agreements.get(holding.agreement) if holding.agreement else None
    if agreement is None:
        raise NoAgreement(terms.code(use.item))
    agreement.check_in_force(use.happened_on)
    for source in agreement.price_sources:
        price = _price_from(source, transfer, agreement, terms)
        if price is not None:
            return Priced(agreement, price, source)
    raise PriceMissing(
        agreement.number, terms.code(use.item), use.happened_on, tuple(agreement.price_sources)
    )


def _price_from(
    source: PriceSource, transfer: TitleTransfer, agreement: Agreement, terms: Terms
) -> Price | None:
    use, holding = transfer.use, transfer.holding
    match source:
        case PriceSource.AGREEMENT:
            prices = terms.prices.get((agreement.id, use.item))
            return prices.in_force(use.happened_on) if prices else None
        case PriceSource.TRANSACTION:
            if use.price is None:
                return None
            if use.currency and use.currency != agreement.currency:
                raise CurrencyDiffers(agreement.number, agreement.currency, use.currency)
            return Price(use.price, agreement.currency, use.per)
        case PriceSource.ORDER_LINE:
            price = holding.order_price
            return price if price and price.currency == agreement.currency else None
