"""Consignment agreements and their dated prices, as two parties wrote them down.

What was agreed stands, because goods were received and charged under it. Three things may be
told anew: an agreement may be made to last longer, its advices may go another way, and a price
without an end may be given one. A new price is a new line with a later start; one that is to come
may be withdrawn.

Refuses: UnknownParty, UnknownSite, UnknownAgreement, UnknownItem, UnitDoesNotConvert, OneParty,
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
from consigned.measure.money import check_currency, parse_price, show_price
from consigned.measure.period import (
    Frequency,
    NotADayOfTheYear,
    Schedule,
    YearDay,
    cycle_holding,
    parse_day,
    parse_end,
    parse_year_days,
)
from consigned.measure.quantity import MICROS, NotAQuantity, parse_micros, show_micros
from consigned.measure.refusal import Refusal
from consigned.settlement.delivery import AdviceBy, check_address
from consigned.settlement.invoices import read_tolerance
from consigned_service.operations.core import fields
from consigned_service.operations.core.outcome import (
    Differs,
    Outcome,
    Required,
    one_of,
    optional_one_of,
    required,
    text,
    yes_or_no,
)
from consigned_service.operations.core.upsert import (
    Teller,
    read_lines,
    settle_fields,
    tell,
    whole_number,
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
    code: ClassVar[str] = "one-party"

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
    code: ClassVar[str] = "share-without-turns"
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
    """An agreement as written."""

    number: Annotated[str, fields.Text("number of the agreement", 40)]
    consignor: Annotated[
        str, fields.CONSIGNOR, "code of the party that owns the goods until they are used"
    ]
    consignee: Annotated[str, fields.PARTY, "code of the party that holds and uses them"]
    currency: Annotated[str, fields.CURRENCY, "currency it is settled in, as USD"]
    starts_on: Annotated[str, fields.DAY, "first day on which it holds, as 2026-03-31"]
    frequency: Annotated[str, fields.Choice(Frequency, "how often an advice is due")]
    ends_on: Annotated[
        str, fields.END, "first day on which it no longer holds; a later one told anew extends it"
    ] = ""
    title_rule: Annotated[
        str, fields.Choice(TitleRule, "when goods become the consignee's", empty=TitleRule.ON_USE)
    ] = ""
    first_closing_on: Annotated[
        str,
        fields.DAY,
        "last day of the first cycle, as 2026-03-31; daily and fixed-dates need none",
    ] = ""
    summary_level: Annotated[
        str, fields.Choice(SummaryLevel, "what one advice holds", empty=SummaryLevel.ITEM)
    ] = ""
    settlement_method: Annotated[
        str, fields.Choice(SettlementMethod, "who bills", empty=SettlementMethod.SUPPLIER_INVOICE)
    ] = ""
    price_sources: Annotated[
        str,
        fields.Text(
            "where a price may come from, in order, among transaction, agreement and "
            "order-line; empty: agreement order-line",
            200,
        ),
    ] = ""
    payment_days: Annotated[str, fields.Text("days from invoice to payment; empty: 30")] = ""
    aging_days: Annotated[
        str, fields.Text("days after which unused goods become the consignee's; empty: never")
    ] = ""
    aging_onset: Annotated[
        str, fields.Choice(AgingOnset, "from when those days count", empty=AgingOnset.RECEIPT)
    ] = ""
    consignor_site: Annotated[
        str, fields.Code("site", "code of the consignor's site the goods come from", 40)
    ] = ""
    aged_outcome: Annotated[
        str,
        fields.Choice(
            AgedOutcome, "how aged goods become the consignee's", empty=AgedOutcome.BY_HAND
        ),
    ] = ""
    display_days: Annotated[
        str, fields.Text("days that goods may be on display; empty: no limit")
    ] = ""
    return_by: Annotated[
        str, fields.END, "last day on which unsold goods may go back, as 2026-03-31"
    ] = ""
    end_of_term: Annotated[
        str, fields.Choice(EndOfTerm, "what becomes of unsold goods at the end of their term")
    ] = ""
    grace_days: Annotated[
        str, fields.Text("days after the end before that happens; empty: none")
    ] = ""
    rotation_percent: Annotated[
        str, fields.SHARE, "how much of unsold stock may be exchanged for fresh goods"
    ] = ""
    rotation_every_days: Annotated[str, fields.Text("how often that may be asked for")] = ""
    covers_transit: Annotated[
        str, fields.YES_OR_NO, "yes where goods on the way count as consigned already"
    ] = ""
    holds_for_quality: Annotated[
        str, fields.YES_OR_NO, "yes where title passes only once quality is passed"
    ] = ""
    over_receipt_percent: Annotated[
        str, fields.SHARE, "how much more than ordered may be received; empty: nothing more"
    ] = ""
    under_receipt_percent: Annotated[
        str, fields.SHARE, "how much less than ordered still closes the line"
    ] = ""
    supplied_from: Annotated[
        str,
        fields.ORGANIZATION,
        "organization of the consignor's that the goods come out of, where it holds "
        "them for somebody else; what is used is passed on there",
    ] = ""
    supplied_from_place: Annotated[str, fields.PLACE, "the place in it; empty: any"] = ""
    loss_bearers: Annotated[
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
        str, fields.Choice(UsageBasis, "what says how much was used", empty=UsageBasis.REPORTED)
    ] = ""
    count_method: Annotated[
        str,
        fields.Choice(
            CountMethod,
            "how goods are counted: full, cycle, blind or blind-cycle; empty: by no plan",
        ),
    ] = ""
    count_every_days: Annotated[str, fields.Text("days from one count to the next")] = ""
    count_share_percent: Annotated[
        str, fields.SHARE, "for a cycle: which share of the items is counted each time; empty: 25"
    ] = ""
    shrinkage_warning_percent: Annotated[
        str, fields.SHARE, "from which shrinkage on a warning is given, as 1.5"
    ] = ""
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
    advice_by: Annotated[
        str,
        fields.Choice(AdviceBy, "how the consignor is told of its advices", empty=AdviceBy.PORTAL),
    ] = ""
    advice_to: Annotated[
        str, fields.Text("the mail address for email, or one that faxes what it gets", 200)
    ] = ""
    taxed: Annotated[
        str,
        fields.YES_OR_NO,
        "yes where tax comes on top of its prices; what is used of an item without a "
        "tax code then waits",
    ] = ""
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
        str,
        fields.Choice(
            CustomerReturns,
            "whose goods are that customers bring back: as-issued (if empty), their first "
            "owner's again while no advice tells the use and ours after that; or owned",
        ),
    ] = ""
    cycle_by: Annotated[
        str,
        fields.Choice(
            CycleBy,
            "which day says in which cycle a use falls: recorded (if empty), or happened: "
            "its own day, while the advice of that cycle is not made",
        ),
    ] = ""
    advice_grace_days: Annotated[
        str, fields.Text("days after a cycle is over before its advice is made; empty: none")
    ] = ""


class PriceLine(NamedTuple):
    """A dated price of an item under an agreement as written, for one `unit`."""

    agreement: Annotated[str, fields.AGREEMENT]
    item: Annotated[str, fields.ITEM]
    starts_on: Annotated[str, fields.DAY, "first day of the price, as 2026-03-31"]
    price: Annotated[
        str,
        fields.PRICE,
        "price of one unit in the agreement's currency, as 4.99; empty only where its "
        "terms share the price of the sale",
    ] = ""
    ends_on: Annotated[str, fields.END, "first day on which it no longer holds"] = ""
    unit: Annotated[str, fields.UNIT, "the unit the price is for; empty: the item's own"] = ""
    from_quantity: Annotated[
        str,
        fields.QUANTITY,
        "how much one use must take to have this price, in the item's own unit; empty: "
        "any quantity",
    ] = ""
    price_terms: Annotated[
        str,
        fields.Text(
            "how the price is made, as discount=10% or share=60% minimum=2.00; empty: as "
            "the agreement says",
            200,
        ),
    ] = ""


def register_agreements(
    *, lines: Sequence[AgreementLine], told_by: Teller | None = None
) -> Outcome:
    """Register agreements, many at once; a later end told anew extends one."""
    outcome = Outcome()
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


def register_prices(*, lines: Sequence[PriceLine], told_by: Teller | None = None) -> Outcome:
    """Register dated prices, many at once; the item comes onto the agreement with its first."""
    outcome = Outcome()
    agreements = agreement_records.price_terms(line.agreement.strip() for line in lines)
    items = agreement_records.items_by_code(line.item.strip() for line in lines)
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
            {line.consignor.strip() for line in lines} | {line.consignee.strip() for line in lines}
        ),
        party_records.site_ids(
            (line.consignor.strip(), line.consignor_site.strip())
            for line in lines
            if line.consignor_site
        ),
        party_records.holders(
            code.strip() for line in lines for code in (line.supplied_from, line.bill_to)
        ),
    )


def read_agreement(line: AgreementLine) -> AgreementRow:
    """An agreement as a line says it, which may say nothing that a new one may not."""
    return _read_agreement(_known([line]), line)


def _read_agreement(known: _Known, line: AgreementLine) -> AgreementRow:
    parties, sites, organizations = known
    number = required(line.number, "number", 40)
    consignor = _known_party(parties, line.consignor, "consignor")
    consignee = _known_party(parties, line.consignee, "consignee")
    if consignor == consignee:
        raise OneParty(number, consignor)
    site = text(line.consignor_site, "consignor_site", 40)
    if site and (consignor, site) not in sites:
        raise UnknownSite(consignor, site)
    starts_on = parse_day(required(line.starts_on, "starts_on"))
    schedule = _schedule(line, starts_on)
    aging_days = _days(line.aging_days, "aging_days")
    display_days = _days(line.display_days, "display_days")
    return AgreementRow(
        number=number,
        consignor=consignor,
        consignor_site=site,
        consignee=consignee,
        currency=check_currency(required(line.currency, "currency")),
        starts_on=starts_on,
        ends_on=_end(f"agreement {number}", starts_on, line.ends_on),
        title_rule=str(one_of(line.title_rule, TitleRule, "title_rule", TitleRule.ON_USE)),
        frequency=str(schedule.frequency),
        first_closing_on=schedule.first_closing_on,
        closing_days=" ".join(map(str, schedule.year_days)),
        cycle_by=str(one_of(line.cycle_by, CycleBy, "cycle_by", CycleBy.RECORDED)),
        advice_grace_days=_days(line.advice_grace_days, "advice_grace_days") or 0,
        summary_level=str(
            one_of(line.summary_level, SummaryLevel, "summary_level", SummaryLevel.ITEM)
        ),
        settlement_method=str(
            one_of(
                line.settlement_method,
                SettlementMethod,
                "settlement_method",
                SettlementMethod.SUPPLIER_INVOICE,
            )
        ),
        price_sources=_price_sources(line.price_sources),
        payment_days=30 if (days := _days(line.payment_days, "payment_days")) is None else days,
        aging_days=aging_days,
        aging_onset=_aging_onset(line.aging_onset, aging_days),
        aged_outcome=str(
            one_of(line.aged_outcome, AgedOutcome, "aged_outcome", AgedOutcome.BY_HAND)
        ),
        display_days=display_days,
        return_by=parse_end(line.return_by),
        end_of_term=_end_of_term(line.end_of_term, display_days),
        grace_days=_days(line.grace_days, "grace_days") or 0,
        rotation_percent=_percent(line.rotation_percent, "rotation_percent"),
        rotation_every_days=_days(line.rotation_every_days, "rotation_every_days"),
        covers_transit=yes_or_no(line.covers_transit, "covers_transit", default=False),
        holds_for_quality=yes_or_no(line.holds_for_quality, "holds_for_quality", default=False),
        over_receipt_percent=_percent(line.over_receipt_percent, "over_receipt_percent"),
        under_receipt_percent=_percent(line.under_receipt_percent, "under_receipt_percent"),
        supplied_from=_one_of_its_own(
            organizations, line.supplied_from, "supplied_from", consignor
        ),
        supplied_from_place=text(line.supplied_from_place, "supplied_from_place", 40),
        loss_bearers=losses.bearers(line.loss_bearers),
        liability=text(line.liability, "liability", 500),
        usage_basis=str(one_of(line.usage_basis, UsageBasis, "usage_basis", UsageBasis.REPORTED)),
        **_counting(line),
        price_terms=_price_terms(line.price_terms),
        bill_to=_one_of_its_own(organizations, line.bill_to, "bill_to", consignee),
        invoice_tolerance=_tolerance(line.invoice_tolerance, line.currency),
        advice_by=optional_one_of(line.advice_by, AdviceBy, "advice_by"),
        advice_to=_address(line),
        taxed=yes_or_no(line.taxed, "taxed", default=False),
        customer_returns=str(
            one_of(
                line.customer_returns, CustomerReturns, "customer_returns",
                CustomerReturns.AS_ISSUED,
            )
        ),
    )  # fmt: skip


def _counting(line: AgreementLine) -> dict[str, Any]:
    """How goods are counted; a method and a frequency need each other, a share a turn."""
    method = one_of(line.count_method, CountMethod, "count_method") if line.count_method else None
    every = share = None
    if method or line.count_every_days.strip():
        if method is None:
            raise Required("count_method")
        every = whole_number(
            required(line.count_every_days, "count_every_days"), "count_every_days",
            least=1, most=3650,
        )  # fmt: skip
    if method and method.is_by_turn:
        share = whole_number(
            line.count_share_percent or "25", "count_share_percent", least=1, most=100
        )
    elif line.count_share_percent.strip():
        raise ShareWithoutTurns(line.count_share_percent.strip())
    return {
        "count_method": str(method or ""),
        "count_every_days": every,
        "count_share_percent": share,
        "shrinkage_warning_percent": _rate(line.shrinkage_warning_percent),
    }


def _rate(said: str) -> int | None:
    """A percentage with decimals, in millionths of one percent."""
    if not said.strip():
        return None
    rate = parse_micros(said)
    if not 0 <= rate <= 100 * MICROS:
        raise NotARate(said.strip())
    return rate


def _schedule(line: AgreementLine, starts_on: date) -> Schedule:
    """When cycles close. Every day, and days of the year that are named, say it by themselves;
    any other frequency needs to be told when its first cycle closes."""
    frequency = one_of(required(line.frequency, "frequency"), Frequency, "frequency")
    year_days = _closing_days(line.closing_days, frequency)
    if frequency is Frequency.DAILY and not line.first_closing_on.strip():
        return Schedule(frequency, starts_on)
    if frequency is Frequency.FIXED_DATES and not line.first_closing_on.strip():
        closing = cycle_holding(starts_on, Schedule(frequency, starts_on, year_days)).closes_on
        return Schedule(frequency, closing, year_days)
    first = parse_day(required(line.first_closing_on, "first_closing_on"))
    schedule = Schedule(frequency, first, year_days)
    if year_days and (closes_on := cycle_holding(first, schedule).closes_on) != first:
        raise NotAClosingDay(first, closes_on, line.closing_days.strip())
    return schedule


def _closing_days(said: str, frequency: Frequency) -> tuple[YearDay, ...]:
    """Days of the year: those that are closed on, or the one near which a year of weeks ends."""
    said = text(said, "closing_days", 300)
    if frequency is Frequency.FIXED_DATES:
        return parse_year_days(required(said, "closing_days"))
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
    read_tolerance(text(said, "invoice_tolerance", 200), currency.strip())
    return said.strip()


def _price_terms(said: str) -> str:
    """How prices are made, brought into one form."""
    return str(read_price_terms(text(said, "price_terms", 200)))


def _aging_onset(said: str, aging_days: int | None) -> str:
    if aging_days is None and not said.strip():
        return ""
    return str(one_of(said, AgingOnset, "aging_onset", AgingOnset.RECEIPT))


def _one_of_its_own(organizations: Mapping[str, str], said: str, field: str, party: str) -> str:
    """The organization of a party's that a field names, if it names one."""
    code = text(said, field, 40)
    if code and organizations.get(code) != party:
        raise UnknownOrganization(code)
    return code


def _end_of_term(said: str, display_days: int | None) -> str:
    if not said.strip():
        return ""
    outcome = one_of(said, EndOfTerm, "end_of_term")
    if outcome is EndOfTerm.ROLL_OVER and not display_days:
        raise NothingToRollOver
    return str(outcome)


def _address(line: AgreementLine) -> str:
    """The address for advices; it goes with a way that was said."""
    by = one_of(line.advice_by, AdviceBy, "advice_by", AdviceBy.PORTAL)
    return check_address(by, text(line.advice_to, "advice_to", 200))


def _ended_early(lines: Sequence[AgreementLine]) -> dict[str, set[str]]:
    """The ends that agreements had before they were ended early, as a file says them: a file from
    before that is sent again makes none last longer."""
    found: dict[str, set[str]] = {}
    for row in amendments.of_term("ends_on", (line.number.strip() for line in lines)):
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
    told_by = ("advice_by", "advice_to")
    settle_fields(
        "agreement", said.number, stands, said,
        may_change={*told_by, "ends_on"} if lasts_longer else told_by,
        show={"shrinkage_warning_percent": _shown_rate}, instead=INSTEAD,
    )  # fmt: skip
    way = said if said.advice_by else stands
    return stands._replace(ends_on=ends_on, advice_by=way.advice_by, advice_to=way.advice_to)


def _shown_price(price: int | None) -> str:
    return "nothing" if price is None else show_price(price)


def _shown_rate(rate: int | None) -> str:
    return "nothing" if rate is None else show_micros(rate)


# --- prices ------------------------------------------------------------------------------


def _read_price(
    agreements: Mapping[str, str], items: Mapping[str, Item], line: PriceLine
) -> PriceRow:
    agreement = required(line.agreement, "agreement", 40)
    if agreement not in agreements:
        raise UnknownAgreement(agreement)
    item = items.get(required(line.item, "item", 60))
    if item is None:
        raise UnknownItem(line.item.strip())
    starts_on = parse_day(required(line.starts_on, "starts_on"))
    price_terms = _price_terms(line.price_terms)
    shares = read_price_terms(price_terms or agreements[agreement]).is_share
    said = line.price if shares else required(line.price, "price")
    return PriceRow(
        agreement,
        item.code,
        starts_on,
        _end(f"the price of {item.code}", starts_on, line.ends_on),
        parse_price(said) if said.strip() else None,
        item.one(line.unit.strip()),
        from_quantity(item, line.from_quantity),
        price_terms,
    )


def from_quantity(item: Item, said: str) -> int:
    """From how much on, in the item's own unit, one use has the price."""
    quantity = item.read_quantity(said) if said.strip() else 0
    if quantity < 0:
        raise NotAQuantity(said.strip(), "a scale begins at nothing or above")
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


def _known_party(parties: Mapping[str, object], said: str, name: str) -> str:
    code = required(said, name, 40)
    if code not in parties:
        raise UnknownParty(code)
    return code


def _end(what: str, starts_on: date, said: str) -> date | None:
    ends_on = parse_end(said)
    if ends_on and ends_on <= starts_on:
        raise EndsBeforeItStarts(what, starts_on, ends_on)
    return ends_on


def _percent(said: str, name: str) -> int | None:
    return whole_number(said, name, least=0, most=1000) if said.strip() else None


def _days(said: str, name: str) -> int | None:
    return whole_number(said, name, least=0, most=3650) if said.strip() else None
