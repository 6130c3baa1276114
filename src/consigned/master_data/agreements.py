"""Consignment agreements: the terms between one consignor and one consignee.

Values and lookups only; a rule about a term stands with the act that uses it.

Refuses: UnknownAgreement, NoAgreement, AgreementNotInForce, ItemNotAgreed, PriceMissing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, NamedTuple

from consigned.master_data.exchange_rates import Rates
from consigned.master_data.price_terms import NO_TERMS, Made, PriceTerms, make_price
from consigned.master_data.taxes import NO_TAXES, Taxes
from consigned.measure.identity import AgreementId, ItemId, PartyId
from consigned.measure.money import Price
from consigned.measure.period import (
    DAY,
    Cycle,
    Frequency,
    Period,
    Schedule,
    YearDay,
    cycle_holding,
    cycle_in,
)
from consigned.measure.quantity import MICROS, show_micros
from consigned.measure.refusal import Refusal


class TitleRule(StrEnum):
    """The event at which the goods become the consignee's (checklist E02, E03)."""

    ON_SHIPMENT = "on-shipment"
    """When the consignor ships them (E04)."""
    ON_SHIP_NOTICE = "on-ship-notice"
    """When the consignor's ship notice is recorded (E04)."""
    ON_RECEIPT = "on-receipt"
    """When the consignee receives them at the dock (E05)."""
    ON_PUTAWAY = "on-putaway"
    """When they move from the dock to the consignor's store at the plant (E05)."""
    ON_WITHDRAWAL = "on-withdrawal"
    """When they leave the consignor's store at the plant for the stockroom (E06)."""
    ON_FLOOR_ISSUE = "on-floor-issue"
    """When they move from the stockroom to the shop floor (E07)."""
    ON_COMPLETION = "on-completion"
    """When they move from the shop floor to finished goods (E08)."""
    ON_USE = "on-use"
    """When they are used, sold or shipped to the customer (E09)."""
    NEVER = "never"
    """Service and repair stock that its holder never owns (E28)."""


class SummaryLevel(StrEnum):
    """What one advice holds (checklist O09-O12)."""

    ITEM_AND_DAY = "organization-item-day"
    ITEM = "organization-item"
    ORGANIZATION = "organization"
    ALL_ORGANIZATIONS = "all-organizations"


class SettlementMethod(StrEnum):
    """Who starts the bill (decision 0055)."""

    SUPPLIER_INVOICE = "supplier-invoice"
    SELF_BILL_AUTOMATIC = "self-bill-automatic"
    SELF_BILL_STAGED = "self-bill-staged"
    REPORT_ONLY = "report-only"
    PAY_ON_USE = "pay-on-use"
    """Each use is settled by itself, in the moment in which it is recorded (checklist O22, E11)."""


class PriceSource(StrEnum):
    """Where a consumption's price may come from (decision 0050)."""

    TRANSACTION = "transaction"
    AGREEMENT = "agreement"
    ORDER_LINE = "order-line"


class AgingOnset(StrEnum):
    RECEIPT = "receipt"
    SHIPMENT = "shipment"


class AgedOutcome(StrEnum):
    """What becomes of goods that were kept too long (checklist O27, decision 0058)."""

    BY_HAND = "by-hand"
    AUTOMATIC = "automatic"


class EndOfTerm(StrEnum):
    """What becomes of goods that are unsold when their term ends (checklist L13-L16, X22)."""

    RETURN = "return"
    ROLL_OVER = "roll-over"
    CONVERT = "convert"
    DONATE = "donate"
    DESTROY = "destroy"


class UsageBasis(StrEnum):
    """What says how much was used (checklist L11)."""

    REPORTED = "reported"
    """Sales and issues, as they are reported."""
    COUNTED = "counted"
    """A count of what is left: what is missing was used."""


class CustomerReturns(StrEnum):
    """Whose goods are that customers bring back, where nobody names the use they undo."""

    AS_ISSUED = "as-issued"
    """Their first owner's again while no advice tells the use; ours after that (checklist X20)."""
    OWNED = "owned"
    """Ours, whatever they were (checklist P41)."""


class CountMethod(StrEnum):
    """How the goods are counted (checklist E20)."""

    FULL = "full"
    """Everything each time."""
    CYCLE = "cycle"
    """A share of the items each time, those first that were counted longest ago."""
    BLIND = "blind"
    """Everything, by counters who are not told what the book says."""
    BLIND_CYCLE = "blind-cycle"

    @property
    def is_blind(self) -> bool:
        return self in (CountMethod.BLIND, CountMethod.BLIND_CYCLE)

    @property
    def is_by_turn(self) -> bool:
        return self in (CountMethod.CYCLE, CountMethod.BLIND_CYCLE)


class CycleBy(StrEnum):
    """Which day says in which billing cycle a use falls (decision 0038)."""

    RECORDED = "recorded"
    """The day on which it is recorded."""
    HAPPENED = "happened"
    """Its own day, as long as the advice of that cycle is not made."""


DEFAULT_PRICE_SOURCES = (PriceSource.AGREEMENT, PriceSource.ORDER_LINE)
"""What an agreement tries in order unless it says otherwise; the transaction's own price only
where the agreement allows it."""


@dataclass(eq=False)
class UnknownAgreement(Refusal):
    said: str
    code: ClassVar[str] = "unknown-agreement"
    remedy: ClassVar[str] = "Import the agreement first, or correct its number."

    def __str__(self) -> str:
        return f"no agreement has the number {self.said!r}"


@dataclass(eq=False)
class NoAgreement(Refusal):
    item: str
    code: ClassVar[str] = "no-agreement"
    remedy: ClassVar[str] = "Agree on the item with its consignor, then resubmit."

    def __str__(self) -> str:
        return f"these goods of {self.item} were received under no agreement"


@dataclass(eq=False)
class AgreementNotInForce(Refusal):
    agreement: str
    happened_on: date
    starts_on: date
    ends_on: date | None
    code: ClassVar[str] = "agreement-not-in-force"
    remedy: ClassVar[str] = "Extend the agreement, then resubmit."

    def __str__(self) -> str:
        until = f" until {self.ends_on}" if self.ends_on else ""
        return (
            f"agreement {self.agreement} is in force from {self.starts_on}{until}, "
            f"not on {self.happened_on}"
        )


@dataclass(eq=False)
class ItemNotAgreed(Refusal):
    agreement: str
    item: str
    code: ClassVar[str] = "item-not-agreed"
    remedy: ClassVar[str] = "Add the item to the agreement with a price, or correct its code."

    def __str__(self) -> str:
        return f"agreement {self.agreement} does not cover {self.item}"


@dataclass(eq=False)
class PriceMissing(Refusal):
    agreement: str
    item: str
    happened_on: date
    tried: tuple[str, ...]
    code: ClassVar[str] = "price-missing"
    remedy: ClassVar[str] = "Add a price that holds on that day, then resubmit."

    def __str__(self) -> str:
        return (
            f"agreement {self.agreement} has no price for {self.item} on {self.happened_on} "
            f"(tried: {', '.join(self.tried)})"
        )


class Agreement(NamedTuple):
    """The terms one consumption is judged and settled by."""

    id: AgreementId
    number: str
    consignor: PartyId
    consignee: PartyId
    currency: str
    period: Period
    title_rule: TitleRule
    frequency: Frequency
    first_closing_on: date
    summary_level: SummaryLevel
    settlement_method: SettlementMethod
    price_sources: tuple[PriceSource, ...] = DEFAULT_PRICE_SOURCES
    payment_days: int = 30
    consignor_site: int | None = None
    """The site of the consignor that the goods come from, where the agreement names one."""
    includes_in_transit: bool = False
    """Whether goods on the way count as consigned already (checklist E15)."""
    over_receipt_percent: int | None = None
    under_receipt_percent: int | None = None
    loss_responsibility: str = ""
    """Who bears which loss, as `losses.bearers` writes it."""
    usage_basis: UsageBasis = UsageBasis.REPORTED
    count_method: CountMethod | None = None
    count_every_days: int | None = None
    cycle_count_percent: int | None = None
    title_after_inspection: bool = False
    """Title passes only once the goods have passed quality (checklist E10)."""
    price_terms: PriceTerms = NO_TERMS
    """How prices are made, where the price of an item does not say it."""
    bill_to: str = ""
    """The consignee's organization that is billed; if none is named, the consignee itself."""
    taxed: bool = False
    """Whether tax comes on top of its prices (checklist X13)."""
    closing_days: tuple[YearDay, ...] = ()
    """The days of the year that its frequency needs to be told, if it needs any."""
    cycle_by: CycleBy = CycleBy.RECORDED
    advice_grace_days: int = 0
    """So many days after a cycle is over its advice is made: tills report its last day after it."""
    customer_returns: CustomerReturns = CustomerReturns.AS_ISSUED
    amended: "tuple[tuple[date, Agreement], ...]" = ()
    """As it stood first, and as it stands from each day on from which terms were amended."""

    def on(self, day: date) -> "Agreement":
        """The agreement as it stands on a day."""
        if not self.amended:
            return self
        stands = next(terms for from_, terms in reversed(self.amended) if from_ <= day)
        return stands._replace(amended=self.amended)

    def check_in_force(self, day: date) -> None:
        if not self.period.holds(day):
            start, end = self.period
            raise AgreementNotInForce(self.number, day, start, end)

    @property
    def pays_on_use(self) -> bool:
        return self.settlement_method is SettlementMethod.PAY_ON_USE

    @property
    def is_ever_taxed(self) -> bool:
        return self.taxed or any(terms.taxed for _, terms in self.amended)

    @property
    def schedule(self) -> Schedule:
        """When its cycles close."""
        return Schedule(self.frequency, self.first_closing_on, self.closing_days)

    def cycle_of(self, day: date) -> Cycle:
        """The billing cycle in which a day falls, whether or not its advice is made."""
        if self.amended:
            return cycle_in(day, [(from_, terms.schedule) for from_, terms in self._calendar()])
        return cycle_holding(day, self.schedule)

    def _calendar(self) -> "Iterator[tuple[date, Agreement]]":
        """From when on which schedule holds; an amendment of other terms cuts no cycle."""
        before: Schedule | None = None
        for from_, terms in self.amended:
            if terms.schedule != before:
                yield from_, terms
            before = terms.schedule

    def cycle(
        self, recorded_on: date, closed_through: date | None, counts_on: date | None = None
    ) -> Cycle:
        """The billing cycle a consumption falls in: that of the day which counts, if another one
        does, while its advice is not made; otherwise the one that is open when it is recorded.

        A cycle whose advice is made takes nothing more (checklist O17, decision 0060).
        """
        for day in (counts_on, recorded_on):
            if day:
                cycle = self.cycle_of(day)
                if closed_through is None or cycle.closes_on > closed_through:
                    return cycle
        assert closed_through
        return self.cycle_after(closed_through)

    def cycle_after(self, closed_through: date) -> Cycle:
        """The first cycle that closes after a day on which one closed (checklist O15)."""
        return self.cycle_of(closed_through + DAY)


class DatedPrice(NamedTuple):
    """A price from one day up to another, which is not in it, for uses from a quantity on.

    `price` is fixed; where the terms share the price of the sale there may be none.
    """

    starts_on: date
    ends_on: date | None
    price: Price | None
    from_quantity: int = 0
    terms: PriceTerms = NO_TERMS
    per: int = MICROS
    """What prices in the terms are for: so many millionths of the item's unit."""
    revision: int = 0
    """Told later for the same days, by a retroactive change: it stands before those before it."""
    currency: str = ""
    """The agreement's, where there is no fixed price."""

    def holds(self, day: date, quantity: int) -> bool:
        return (
            self.starts_on <= day
            and (self.ends_on is None or day < self.ends_on)
            and self.from_quantity <= quantity
        )

    def made(self, sold_at: Price | None) -> Made | None:
        """The price that it comes to, and the words for why."""
        if self.terms == NO_TERMS:
            made = Made(self.price, "") if self.price else None
        else:
            currency = self.price.currency if self.price else self.currency
            made = make_price(
                self.price, self.terms, sold_at=sold_at, per=self.per, currency=currency
            )
        if made and self.from_quantity:
            scale = f"from-quantity={show_micros(self.from_quantity)}"
            return Made(made.price, f"{scale} {made.because}".strip())
        return made


class PriceList(NamedTuple):
    """The dated prices of one item under one agreement; of those that hold, the latest started.

    Each price has the day it starts on and the day it ends on, which is not in it any more; so a
    price for a few days stands before the one it interrupts, which holds again after it. Of prices
    that start on one day the one for the largest quantity holds that the use reaches.
    """

    dated: list[DatedPrice]

    def in_force(self, day: date, quantity: int = 0) -> DatedPrice | None:
        """What holds on a day for a use of so much (checklist O39)."""
        best = None
        for one in self.dated:
            if one.holds(day, quantity) and (best is None or _rank(one) > _rank(best)):
                best = one
        return best

    def price_on(self, day: date) -> Price | None:
        """What one unit comes to on a day, with nothing known of a sale: goods are valued so."""
        found = self.in_force(day)
        made = found.made(None) if found else None
        return made.price if made else None

    @property
    def looks_at_use(self) -> bool:
        """Whether the price depends on how much was used, or on what it sold for."""
        return any(one.from_quantity or one.terms.makes_price for one in self.dated)


def _rank(one: DatedPrice) -> tuple[date, int, int]:
    return one.starts_on, one.revision, one.from_quantity


class Terms(NamedTuple):
    """The agreements and prices that one batch needs."""

    agreements: dict[AgreementId, Agreement]
    prices: dict[tuple[AgreementId, ItemId], PriceList]
    item_codes: Mapping[ItemId, str] = {}
    rates: Rates | None = None
    """What the organization keeps of other currencies than its own, where agreements have one."""
    taxes: Taxes = NO_TAXES
    """The tax codes of those agreements that are taxed."""

    @property
    def looks_at_use(self) -> bool:
        """Whether a price may depend on how much was used, or on what it sold for."""
        return any(one.price_terms.makes_price for one in self.agreements.values()) or any(
            one.looks_at_use for one in self.prices.values()
        )

    def price_in_force(
        self, agreement: Agreement, item: ItemId, day: date, quantity: int = 0
    ) -> DatedPrice | None:
        """The item's price on a day, or the share that the agreement has for all its items."""
        prices = self.prices.get((agreement.id, item))
        found = prices.in_force(day, quantity) if prices else None
        if found is None and agreement.price_terms.is_share:
            start = agreement.period.start
            return DatedPrice(
                start, None, None, terms=agreement.price_terms, currency=agreement.currency
            )
        return found

    def tax_in_force(self, agreement: Agreement, item: ItemId, day: date) -> str:
        """The tax of an item on a day, in the words that are kept of it; none, if not taxed.

        Refuses a day without a tax code, or without a rate of it, under a taxed agreement.
        """
        if not agreement.taxed:
            return ""
        return str(self.taxes.in_force(agreement.id, agreement.number, item, self.code(item), day))

    def code(self, item: ItemId) -> str:
        """The item as people call it."""
        return self.item_codes.get(item, str(item))
