"""Consignment agreements and their dated prices, as two parties wrote them down.

What was agreed stands, because goods were received and charged under it. Three things may be
told anew: an agreement may be made to last longer, its advices may go another way, and a price
without an end may be given one. A new price is a new line with a later start; one that is to come
may be withdrawn.

Refuses: UnknownParty, UnknownSite, UnknownAgreement, UnknownItem, UnknownUnit, OneParty,
EndsBeforeItStarts, NothingToRollOver, ShareWithoutTurns, NotARate, NotATolerance, NoAddress,
NotAnAddress, NeedlessAddress, NeedlessClosingDays, NotAClosingDay, Differs, PriceDiffers; what a
field may not say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated, Any, ClassVar, NamedTuple

from consigned.counting import losses
from consigned.master_data.agreements import (
    DEFAULT_PRICE_SOURCES,
    AgedOutcome,
    AgingOnset,
    CountMethod,
    CustomerReturns,
    CycleBy,
    EndOfTerm,
    PriceSource,
    SettlementMethod,
    SummaryLevel,
    TitleRule,
    UnknownAgreement,
    UsageBasis,
)
from consigned.master_data.amendments import AMENDABLE
from consigned.master_data.items import Item, UnknownItem
from consigned.master_data.parties import UnknownOrganization, UnknownParty
from consigned.master_data.price_terms import read_price_terms
from consigned.measure.money import show_price
from consigned.measure.period import (
    Frequency,
    NotADayOfTheYear,
    Schedule,
    YearDay,
    cycle_holding,
    parse_year_days,
)
from consigned.measure.quantity import MICROS, InvalidQuantity, Micros, show_micros
from consigned.measure.refusal import Refusal
from consigned.settlement.delivery import AdviceBy, check_address
from consigned.settlement.invoices import read_tolerance
from consigned_service.operations.core import fields
from consigned_service.operations.core.outcome import (
    Differs,
    Required,
    Result,
    one_of,
)
from consigned_service.operations.core.upsert import (
    RecordedBy,
    read_lines,
    settle_fields,
    tell,
)
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.master_data import amendments
from consigned_service.records.master_data import parties as party_records
from consigned_service.records.master_data.agreements import AgreementRow, PriceRow
from consigned_service.records.master_data.changes import Master


@dataclass(eq=False)
class UnknownSite(Refusal):
    party: str
    said: str
    code: ClassVar[str] = "unknown-site"
    remedy: ClassVar[str] = "Import the site first, or correct its code."

    def __str__(self) -> str:
        return f"{self.party} has no site {self.said!r}"


@dataclass(eq=False)
class PriceDiffers(Differs):
    """Another price told from the same day on."""

    code: ClassVar[str] = "price-differs"
    remedy: ClassVar[str] = (
        "Withdraw it while its first day is to come (price-withdrawals), then tell it anew; later "
        "change it for days gone by (price-changes), or import a price with a later start."
    )


@dataclass(eq=False)
class OneParty(Refusal):
    agreement: str
    party: str
    code: ClassVar[str] = "same-party"

    def __str__(self) -> str:
        return f"agreement {self.agreement} takes two: {self.party} cannot be both of them"


@dataclass(eq=False)
class EndsBeforeItStarts(Refusal):
    what: str
    starts_on: date
    ends_on: date
    code: ClassVar[str] = "ends-before-it-starts"
    remedy: ClassVar[str] = "The end is the first day on which it no longer holds."

    def __str__(self) -> str:
        return f"{self.what} would start on {self.starts_on} and end on {self.ends_on}"


@dataclass(eq=False)
class NothingToRollOver(Refusal):
    code: ClassVar[str] = "nothing-to-roll-over"
    remedy: ClassVar[str] = "Say the display_days of one period, or another end of term."

    def __str__(self) -> str:
        return "goods roll over into the next display period, and no display_days are said"


@dataclass(eq=False)
class ShareWithoutTurns(Refusal):
    said: str
    code: ClassVar[str] = "percent-without-cycle-count"
    remedy: ClassVar[str] = "Say count_method cycle or blind-cycle, or leave the share out."

    def __str__(self) -> str:
        return f"{self.said} percent of the items are to be counted by a method that counts all"


@dataclass(eq=False)
class NotARate(Refusal):
    said: str
    code: ClassVar[str] = "not-a-rate"
    remedy: ClassVar[str] = "Write it in percent, as 5 or 1.5."

    def __str__(self) -> str:
        return f"{self.said!r} is not a rate from 0 to 100 percent"


@dataclass(eq=False)
class NeedlessClosingDays(Refusal):
    said: str
    frequency: str
    code: ClassVar[str] = "needless-closing-days"
    remedy: ClassVar[str] = "Leave closing_days out, or say frequency fixed-dates or 4-4-5."

    def __str__(self) -> str:
        return f"closing days {self.said} are said, and the frequency is {self.frequency}"


@dataclass(eq=False)
class NotAClosingDay(Refusal):
    first_closing_on: date
    closes_on: date
    closing_days: str
    code: ClassVar[str] = "not-a-closing-day"
    remedy: ClassVar[str] = "Name the first closing that the closing days give, or correct them."

    def __str__(self) -> str:
        return (
            f"the first closing {self.first_closing_on} is none by closing days "
            f"{self.closing_days}; the next would be {self.closes_on}"
        )


class AgreementLine(NamedTuple):
    """An agreement."""

    number: Annotated[str, fields.Text("number of the agreement", 40)]
    consignor: Annotated[
        str, fields.CONSIGNOR, "code of the party that owns the goods until they are used"
    ]
    consignee: Annotated[str, fields.PARTY, "code of the party that holds and uses them"]
    currency: Annotated[str, fields.CURRENCY, "currency it is settled in, as USD"]
    starts_on: Annotated[date, fields.DAY, "first day on which it holds, as 2026-03-31"]
    frequency: Annotated[Frequency, fields.Choice(Frequency, "how often an advice is due")]
    ends_on: Annotated[
        date | None,
        fields.END,
        "first day on which it no longer holds; a later one told anew extends it",
    ] = None
    title_rule: Annotated[
        TitleRule,
        fields.Choice(TitleRule, "when goods become the consignee's", empty=TitleRule.ON_USE),
    ] = TitleRule.ON_USE
    first_closing_on: Annotated[
        date | None,
        fields.DAY,
        "last day of the first cycle, as 2026-03-31; daily and fixed-dates need none",
    ] = None
    summary_level: Annotated[
        SummaryLevel, fields.Choice(SummaryLevel, "what one advice holds", empty=SummaryLevel.ITEM)
    ] = SummaryLevel.ITEM
    settlement_method: Annotated[
        SettlementMethod,
        fields.Choice(SettlementMethod, "who bills", empty=SettlementMethod.SUPPLIER_INVOICE),
    ] = SettlementMethod.SUPPLIER_INVOICE
    price_sources: Annotated[
        str,
        fields.Text(
            "where a price may come from, in order, among transaction, agreement and "
            "order-line; empty: agreement order-line",
            200,
        ),
    ] = ""
    payment_days: Annotated[
        int | None, fields.Whole("days from invoice to payment; empty: 30", 0, 3650)
    ] = None
    aging_days: Annotated[
        int | None,
        fields.Whole("days after which unused goods become the consignee's; empty: never", 0, 3650),
    ] = None
    aging_onset: Annotated[
        AgingOnset | None,
        fields.Choice(AgingOnset, "from when those days count", empty=AgingOnset.RECEIPT),
    ] = None
    consignor_site: Annotated[
        str, fields.Code("site", "code of the consignor's site the goods come from", 40)
    ] = ""
    aged_outcome: Annotated[
        AgedOutcome,
        fields.Choice(
            AgedOutcome, "how aged goods become the consignee's", empty=AgedOutcome.BY_HAND
        ),
    ] = AgedOutcome.BY_HAND
    display_days: Annotated[
        int | None, fields.Whole("days that goods may be on display; empty: no limit", 0, 3650)
    ] = None
    return_by: Annotated[
        date | None, fields.END, "last day on which unsold goods may go back, as 2026-03-31"
    ] = None
    end_of_term: Annotated[
        EndOfTerm | None,
        fields.Choice(EndOfTerm, "what becomes of unsold goods at the end of their term"),
    ] = None
    grace_days: Annotated[
        int | None, fields.Whole("days after the end before that happens; empty: none", 0, 3650)
    ] = None
    rotation_percent: Annotated[
        int | None,
        fields.Whole("how much of unsold stock may be exchanged for fresh goods", 0, 1000),
    ] = None
    rotation_every_days: Annotated[
        int | None, fields.Whole("how often that may be asked for", 0, 3650)
    ] = None
    includes_in_transit: Annotated[
        bool | None, fields.YES_OR_NO, "yes where goods on the way count as consigned already"
    ] = None
    title_after_inspection: Annotated[
        bool | None, fields.YES_OR_NO, "yes where title passes only once quality is passed"
    ] = None
    over_receipt_percent: Annotated[
        int | None,
        fields.Whole("how much more than ordered may be received; empty: nothing more", 0, 1000),
    ] = None
    under_receipt_percent: Annotated[
        int | None,
        fields.Whole("how much less than ordered still closes the line", 0, 1000),
    ] = None
    sourced_from: Annotated[
        str,
        fields.ORGANIZATION,
        "organization of the consignor's that the goods come out of, where it holds "
        "them for somebody else; what is used is passed on there",
    ] = ""
    sourced_from_place: Annotated[str, fields.PLACE, "the place in it; empty: any"] = ""
    loss_responsibility: Annotated[
        str,
        fields.Text(
            "who bears which loss, as broken=consignee stolen=50 miscount=consignor: a "
            "party's part in it or the consignee's share in percent; what is not named is "
            "borne as unknown is, and that by the consignee",
            500,
        ),
    ] = ""
    liability: Annotated[
        str, fields.Text("what the owner may bill the holder for, in the contract's words", 500)
    ] = ""
    usage_basis: Annotated[
        UsageBasis,
        fields.Choice(UsageBasis, "what says how much was used", empty=UsageBasis.REPORTED),
    ] = UsageBasis.REPORTED
    count_method: Annotated[
        CountMethod | None,
        fields.Choice(
            CountMethod,
            "how goods are counted: full, cycle, blind or blind-cycle; empty: by no plan",
        ),
    ] = None
    count_every_days: Annotated[
        int | None, fields.Whole("days from one count to the next", 1, 3650)
    ] = None
    cycle_count_percent: Annotated[
        int | None,
        fields.Whole(
            "for a cycle: which share of the items is counted each time; empty: 25", 1, 100
        ),
    ] = None
    shrinkage_warning_percent: Annotated[
        Micros | None, fields.SHARE, "from which shrinkage on a warning is given, as 1.5"
    ] = None
    price_terms: Annotated[
        str,
        fields.Text(
            "how prices are made, as discount=10% or share=60% fee=3%; empty: as the price "
            "of the item says",
            200,
        ),
    ] = ""
    bill_to: Annotated[
        str,
        fields.ORGANIZATION,
        "organization of the consignee's that is billed; empty: the consignee",
    ] = ""
    invoice_tolerance: Annotated[
        str,
        fields.Text(
            "by how much a line of an invoice may differ from the advice's, as quantity=2% "
            "price=1% amount=5.00 tax=0.02; empty: by nothing",
            200,
        ),
    ] = ""
    advice_channel: Annotated[
        AdviceBy | None,
        fields.Choice(AdviceBy, "how the consignor is told of its advices", empty=AdviceBy.PORTAL),
    ] = None
    advice_address: Annotated[
        str, fields.Text("the mail address for email, or one that faxes what it gets", 200)
    ] = ""
    taxed: Annotated[
        bool | None,
        fields.YES_OR_NO,
        "yes where tax comes on top of its prices; what is used of an item without a "
        "tax code then waits",
    ] = None
    closing_days: Annotated[
        str,
        fields.Text(
            "for fixed-dates: the days of each year on which a cycle closes, as 03-31 "
            "12-24; for 4-4-5: the one near which the year ends, as 01-31; empty: it never "
            "has a 53rd week",
            300,
        ),
    ] = ""
    customer_returns: Annotated[
        CustomerReturns | None,
        fields.Choice(
            CustomerReturns,
            "whose goods are that customers bring back: as-issued (if empty), their first "
            "owner's again while no advice tells the use and ours after that; or owned",
        ),
    ] = None
    cycle_by: Annotated[
        CycleBy | None,
        fields.Choice(
            CycleBy,
            "which day says in which cycle a use falls: recorded (if empty), or happened: "
            "its own day, while the advice of that cycle is not made",
        ),
    ] = None
    advice_grace_days: Annotated[
        int | None,
        fields.Whole("days after a cycle is over before its advice is made; empty: none", 0, 3650),
    ] = None


class PriceLine(NamedTuple):
    """A dated price of an item under an agreement, for one `unit`."""

    agreement: Annotated[str, fields.AGREEMENT]
    item: Annotated[str, fields.ITEM]
    starts_on: Annotated[date, fields.DAY, "first day of the price, as 2026-03-31"]
    price: Annotated[
        int | None,
        fields.PRICE,
        "price of one unit in the agreement's currency, as 4.99; empty only where its "
        "terms share the price of the sale",
    ] = None
    ends_on: Annotated[date | None, fields.END, "first day on which it no longer holds"] = None
    unit: Annotated[str, fields.UNIT, "the unit the price is for; empty: the item's own"] = ""
    from_quantity: Annotated[
        Micros | None,
        fields.QUANTITY,
        "how much one use must take to have this price, in the item's own unit; empty: "
        "any quantity",
    ] = None
    price_terms: Annotated[
        str,
        fields.Text(
            "how the price is made, as discount=10% or share=60% minimum=2.00; empty: as "
            "the agreement says",
            200,
        ),
    ] = ""


def register_agreements(
    *, lines: Sequence[AgreementLine], told_by: RecordedBy | None = None
) -> Result:
    """Register agreements, many at once; a later end told anew extends one."""
    outcome = Result()
    known = _known(lines)
    tell(
        read_lines(lines, partial(_read_agreement, known), outcome),
        outcome,
        key=lambda row: row.number,
        add=lambda rows: agreement_records.add_agreements(rows, known.sites),
        standing=agreement_records.agreements,
        settle=partial(_settle_agreement, _ended_early(lines)),
        correct=agreement_records.extend_agreements,
        master=lambda row: Master("agreement", row.number, agreement=row.number),
        told_by=told_by,
    )
    return outcome


def register_prices(*, lines: Sequence[PriceLine], told_by: RecordedBy | None = None) -> Result:
    """Register dated prices, many at once; the item comes onto the agreement with its first."""
    outcome = Result()
    agreements = agreement_records.price_terms(line.agreement for line in lines)
    items = agreement_records.items_by_code(line.item for line in lines)
    tell(
        read_lines(lines, partial(_read_price, agreements, items), outcome),
        outcome,
        key=lambda row: row.key,
        add=partial(agreement_records.add_prices, told_at=told_by.at if told_by else None),
        standing=agreement_records.prices,
        settle=_settle_price,
        correct=agreement_records.end_prices,
        master=lambda row: Master(
            "price",
            f"{row.agreement} {row.item} {row.starts_on}",
            item=row.item,
            agreement=row.agreement,
        ),
        told_by=told_by,
    )
    return outcome


# --- agreements --------------------------------------------------------------------------


class _Known(NamedTuple):
    """What of what lines name is there; of organizations, whose they are."""

    parties: Mapping[str, object]
    sites: Mapping[tuple[str, str], int]
    organizations: Mapping[str, str]


def _known(lines: Sequence[AgreementLine]) -> _Known:
    return _Known(
        agreement_records.party_ids(
            {line.consignor for line in lines} | {line.consignee for line in lines}
        ),
        party_records.site_ids(
            (line.consignor, line.consignor_site) for line in lines if line.consignor_site
        ),
        party_records.holders(code for line in lines for code in (line.sourced_from, line.bill_to)),
    )


def read_agreement(line: AgreementLine) -> AgreementRow:
    """An agreement as a line says it, which may say nothing that a new one may not."""
    return _read_agreement(_known([line]), line)


def _read_agreement(known: _Known, line: AgreementLine) -> AgreementRow:
    parties, sites, organizations = known
    number, starts_on = line.number, line.starts_on
    consignor = _known_party(parties, line.consignor)
    consignee = _known_party(parties, line.consignee)
    if consignor == consignee:
        raise OneParty(number, consignor)
    if line.consignor_site and (consignor, line.consignor_site) not in sites:
        raise UnknownSite(consignor, line.consignor_site)
    schedule = _schedule(line, starts_on)
    return AgreementRow(
        number=number,
        consignor=consignor,
        consignor_site=line.consignor_site,
        consignee=consignee,
        currency=line.currency,
        starts_on=starts_on,
        ends_on=_end(f"agreement {number}", starts_on, line.ends_on),
        title_rule=str(line.title_rule),
        frequency=str(schedule.frequency),
        first_closing_on=schedule.first_closing_on,
        closing_days=" ".join(map(str, schedule.year_days)),
        cycle_by=str(line.cycle_by or CycleBy.RECORDED),
        advice_grace_days=line.advice_grace_days or 0,
        summary_level=str(line.summary_level),
        settlement_method=str(line.settlement_method),
        price_sources=_price_sources(line.price_sources),
        payment_days=30 if line.payment_days is None else line.payment_days,
        aging_days=line.aging_days,
        aging_onset=_aging_onset(line),
        aged_outcome=str(line.aged_outcome),
        display_days=line.display_days,
        return_by=line.return_by,
        end_of_term=_end_of_term(line),
        grace_days=line.grace_days or 0,
        rotation_percent=line.rotation_percent,
        rotation_every_days=line.rotation_every_days,
        includes_in_transit=bool(line.includes_in_transit),
        title_after_inspection=bool(line.title_after_inspection),
        over_receipt_percent=line.over_receipt_percent,
        under_receipt_percent=line.under_receipt_percent,
        sourced_from=_one_of_its_own(organizations, line.sourced_from, consignor),
        sourced_from_place=line.sourced_from_place,
        loss_responsibility=losses.bearers(line.loss_responsibility),
        liability=line.liability,
        usage_basis=str(line.usage_basis),
        **_counting(line),
        price_terms=_price_terms(line.price_terms),
        bill_to=_one_of_its_own(organizations, line.bill_to, consignee),
        invoice_tolerance=_tolerance(line.invoice_tolerance, line.currency),
        advice_channel=str(line.advice_channel or ""),
        advice_address=check_address(line.advice_channel or AdviceBy.PORTAL, line.advice_address),
        taxed=bool(line.taxed),
        customer_returns=str(line.customer_returns or CustomerReturns.AS_ISSUED),
    )


def _counting(line: AgreementLine) -> dict[str, Any]:
    """How goods are counted; a method and a frequency need each other, a share a turn."""
    method, every, share = line.count_method, line.count_every_days, line.cycle_count_percent
    if every is not None and method is None:
        raise Required("count_method")
    if method and every is None:
        raise Required("count_every_days")
    is_by_turn = method is not None and method.is_by_turn
    if share is not None and not is_by_turn:
        raise ShareWithoutTurns(str(share))
    return {
        "count_method": str(method or ""),
        "count_every_days": every,
        "cycle_count_percent": share or USUAL_SHARE if is_by_turn else None,
        "shrinkage_warning_percent": _rate(line.shrinkage_warning_percent),
    }


USUAL_SHARE = 25
"""Percent of the items that are counted each turn, where nothing is said."""


def _rate(rate: int | None) -> int | None:
    """A percentage with decimals, in millionths of one percent."""
    if rate is not None and not 0 <= rate <= 100 * MICROS:
        raise NotARate(show_micros(rate))
    return rate


def _schedule(line: AgreementLine, starts_on: date) -> Schedule:
    """When cycles close. Every day, and days of the year that are named, say it by themselves;
    any other frequency needs to be told when its first cycle closes."""
    frequency, first = line.frequency, line.first_closing_on
    year_days = _closing_days(line.closing_days, frequency)
    if frequency is Frequency.DAILY and first is None:
        return Schedule(frequency, starts_on)
    if frequency is Frequency.FIXED_DATES and first is None:
        closing = cycle_holding(starts_on, Schedule(frequency, starts_on, year_days)).closes_on
        return Schedule(frequency, closing, year_days)
    if first is None:
        raise Required("first_closing_on")
    schedule = Schedule(frequency, first, year_days)
    if year_days and (closes_on := cycle_holding(first, schedule).closes_on) != first:
        raise NotAClosingDay(first, closes_on, line.closing_days)
    return schedule


def _closing_days(said: str, frequency: Frequency) -> tuple[YearDay, ...]:
    """Days of the year: those that are closed on, or the one near which a year of weeks ends."""
    if frequency is Frequency.FIXED_DATES and not said:
        raise Required("closing_days")
    if frequency is Frequency.FIXED_DATES:
        return parse_year_days(said)
    if frequency is not Frequency.WEEKS_4_4_5:
        if said:
            raise NeedlessClosingDays(said, frequency)
        return ()
    year_days = parse_year_days(said)
    if len(year_days) > 1:
        raise NotADayOfTheYear(said)
    return year_days


def _price_sources(said: str) -> str:
    sources = [one_of(word, PriceSource, "price_sources") for word in said.split()]
    return " ".join(dict.fromkeys(sources or DEFAULT_PRICE_SOURCES))


def _tolerance(said: str, currency: str) -> str:
    read_tolerance(said, currency)
    return said


def _price_terms(said: str) -> str:
    """How prices are made, brought into one form."""
    return str(read_price_terms(said))


def _aging_onset(line: AgreementLine) -> str:
    if line.aging_days is None:
        return str(line.aging_onset or "")
    return str(line.aging_onset or AgingOnset.RECEIPT)


def _one_of_its_own(organizations: Mapping[str, str], code: str, party: str) -> str:
    """The organization of a party's that a field names, if it names one."""
    if code and organizations.get(code) != party:
        raise UnknownOrganization(code)
    return code


def _end_of_term(line: AgreementLine) -> str:
    if line.end_of_term is EndOfTerm.ROLL_OVER and not line.display_days:
        raise NothingToRollOver
    return str(line.end_of_term or "")


def _ended_early(lines: Sequence[AgreementLine]) -> dict[str, set[str]]:
    """The ends that agreements had before they were ended early, as a file says them: a file from
    before that is sent again makes none last longer."""
    found: dict[str, set[str]] = {}
    for row in amendments.of_term("ends_on", (line.number for line in lines)):
        found.setdefault(row.agreement, set()).add(row.was)
    return found


INSTEAD = {
    **dict.fromkeys(
        AgreementRow._fields, "It stands for the agreement's life: agree anew under another number."
    ),
    **dict.fromkeys(
        AMENDABLE, "Amend it from a day on (amendments), by the other party's consent."
    ),
    "ends_on": "End it early (agreement-ends), by the other party's consent.",
}
"""What changes of an agreement that is told again, and how."""


def _settle_agreement(
    ended_early: Mapping[str, set[str]], stands: AgreementRow, said: AgreementRow
) -> AgreementRow:
    """An end may move, only to a later day or away; and another way of telling advices be said."""
    if amendments.written(said.ends_on) in ended_early.get(said.number, ()):
        said = said._replace(ends_on=stands.ends_on)
    lasts_longer = stands.ends_on is not None and (
        said.ends_on is None or said.ends_on > stands.ends_on
    )
    ends_on = said.ends_on if lasts_longer else stands.ends_on
    told_by = ("advice_channel", "advice_address")
    settle_fields(
        "agreement", said.number, stands, said,
        may_change={*told_by, "ends_on"} if lasts_longer else told_by,
        show={"shrinkage_warning_percent": _shown_rate}, instead=INSTEAD,
    )  # fmt: skip
    way = said if said.advice_channel else stands
    return stands._replace(
        ends_on=ends_on, advice_channel=way.advice_channel, advice_address=way.advice_address
    )


def _shown_price(price: int | None) -> str:
    return "nothing" if price is None else show_price(price)


def _shown_rate(rate: int | None) -> str:
    return "nothing" if rate is None else show_micros(rate)


# --- prices ------------------------------------------------------------------------------


def _read_price(
    agreements: Mapping[str, str], items: Mapping[str, Item], line: PriceLine
) -> PriceRow:
    agreement = line.agreement
    if agreement not in agreements:
        raise UnknownAgreement(agreement)
    item = items.get(line.item)
    if item is None:
        raise UnknownItem(line.item)
    price_terms = _price_terms(line.price_terms)
    is_share = read_price_terms(price_terms or agreements[agreement]).is_share
    if line.price is None and not is_share:
        raise Required("price")
    return PriceRow(
        agreement,
        item.code,
        line.starts_on,
        _end(f"the price of {item.code}", line.starts_on, line.ends_on),
        line.price,
        item.one(line.unit),
        from_quantity(item, line.from_quantity),
        price_terms,
    )


def from_quantity(item: Item, said: int | None) -> int:
    """From how much on, in the item's own unit, one use has the price."""
    quantity = item.quantity(said or 0)
    if quantity < 0:
        raise InvalidQuantity(show_micros(quantity), "a scale begins at nothing or above")
    return quantity


def _settle_price(stands: PriceRow, said: PriceRow) -> PriceRow:
    """Only an end may be given where there was none; saying none leaves the one there is."""
    try:
        return settle_fields(
            "price",
            f"of {said.item} under {said.agreement} from {said.starts_on}",
            stands,
            said,
            may_change={"ends_on"} if None in (stands.ends_on, said.ends_on) else (),
            show={"price": _shown_price, "per": show_micros},
        )
    except Differs as found:
        raise PriceDiffers(found.what, found.number, found.name, found.stands, found.said) from None


# --- fields ------------------------------------------------------------------------------


def _known_party(parties: Mapping[str, object], code: str) -> str:
    if code not in parties:
        raise UnknownParty(code)
    return code


def _end(what: str, starts_on: date, ends_on: date | None) -> date | None:
    if ends_on and ends_on <= starts_on:
        raise EndsBeforeItStarts(what, starts_on, ends_on)
    return ends_on
