"""Agreements between the viewer and its partners: terms, prices, and when each closes next."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from consigned.master_data.agreements import Agreement as Terms
from consigned.master_data.agreements import (
    CycleBy,
    PriceSource,
    SettlementMethod,
    SummaryLevel,
    TitleRule,
)
from consigned.master_data.amendments import END
from consigned.measure.identity import AgreementId
from consigned.measure.money import Price
from consigned.measure.period import Frequency
from consigned.measure.quantity import Micros, Quantity
from consigned.settlement.agreement_terms import TERM, TERMS, Group
from consigned_service.queries.core.figures import Page, page
from consigned_service.queries.core.question import OfConsignor, Question
from consigned_service.queries.core.viewers import Viewer, who_of_it
from consigned_service.queries.settlement.payables import Owed, owed
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.master_data import amendments
from consigned_service.records.master_data.amendments import is_amended, read_value
from consigned_service.records.sql import bulk
from consigned_service.records.sql.select import Listing, Where, containing


class ToldRenewal(NamedTuple):
    """What of one item passed at one organization by one renewal on one day."""

    reference: str
    happened_on: date
    agreement: str
    becomes: str
    organization: str
    item: str
    item_name: str
    unit: str
    quantity: int
    taken_back: int
    consent: str
    agreed_on: date
    agreed_by: str
    because: str
    recorded_by: str


_COLUMNS = {
    "reference": "r.reference",
    "happened_on": "r.happened_on",
    "agreement": "a.number",
    "becomes": "b.number",
    "organization": "o.code",
    "item": "i.code",
    "item_name": "i.name",
    "unit": "i.unit",
    "quantity": "SUM(r.quantity)",
    "taken_back": "SUM(COALESCE((SELECT SUM(x.quantity) FROM renewal x "
    "WHERE x.organization_id = r.organization_id AND x.takes_back = r.number), 0))",
    "consent": "r.consent",
    "agreed_on": "r.agreed_on",
    "agreed_by": "r.agreed_by",
    "because": "r.because",
    "recorded_by": "g.recorded_by",
}
RENEWALS = Listing(
    ToldRenewal,
    _COLUMNS,
    "renewal r JOIN layer l ON l.organization_id = r.organization_id AND l.number = r.layer "
    "JOIN layer m ON m.organization_id = r.organization_id AND m.number = r.becomes "
    "JOIN agreement a ON a.id = l.agreement JOIN agreement b ON b.id = m.agreement "
    "JOIN organization o ON o.id = r.organization_id JOIN item i ON i.id = l.item_id "
    "JOIN posting g ON g.organization_id = r.organization_id AND g.number = r.posting",
    group=", ".join(
        column for name, column in _COLUMNS.items() if name not in ("quantity", "taken_back")
    ),
)


def _read_renewals(party: int, agreement: str) -> Sequence[ToldRenewal]:
    """What passed from an agreement, or to it, for one of its parties, the latest first."""
    where = Where().also("a.consignor_id = %s OR a.consignee_id = %s", party, party)
    where.also("a.number = %s OR b.number = %s", agreement, agreement)
    where.also("r.takes_back IS NULL")
    return RENEWALS.read(where, order=("-happened_on", "reference", "organization", "item"))


class AgreementRow(NamedTuple):
    id: int
    number: str
    consignor_id: int
    consignor: str
    consignor_name: str
    consignee_id: int
    consignee: str
    consignee_name: str
    currency: str
    starts_on: date
    ends_on: date | None
    title_rule: str
    frequency: str
    first_closing_on: date
    closing_days: str
    cycle_by: str
    advice_grace_days: int
    summary_level: str
    settlement_method: str
    price_sources: str
    payment_days: int
    aging_days: int | None
    aging_onset: str
    aged_outcome: str
    display_days: int | None
    return_by: date | None
    end_of_term: str
    grace_days: int
    rotation_percent: int | None
    rotation_every_days: int | None
    price_terms: str
    items: int
    consignor_site: str | None
    includes_in_transit: bool
    title_after_inspection: bool
    over_receipt_percent: int | None
    under_receipt_percent: int | None
    sourced_from: str
    sourced_from_place: str
    loss_responsibility: str
    liability: str
    usage_basis: str
    count_method: str
    count_every_days: int | None
    cycle_count_percent: int | None
    shrinkage_warning_percent: int | None
    bill_to: str
    invoice_tolerance: str
    advice_channel: str
    advice_address: str
    taxed: bool
    customer_returns: str


ITS_OWN = AgreementRow._fields[AgreementRow._fields.index("includes_in_transit") :]
"""Terms that are read from columns of their names."""
AGREEMENTS = Listing(
    AgreementRow,
    {
        "id": "a.id",
        "number": "a.number",
        "consignor_id": "a.consignor_id",
        "consignor": "w.code",
        "consignor_name": "w.name",
        "consignee_id": "a.consignee_id",
        "consignee": "h.code",
        "consignee_name": "h.name",
        "currency": "a.currency",
        "starts_on": "a.starts_on",
        "ends_on": "a.ends_on",
        "title_rule": "a.title_rule",
        "frequency": "a.frequency",
        "first_closing_on": "a.first_closing_on",
        "closing_days": "a.closing_days",
        "cycle_by": "a.cycle_by",
        "advice_grace_days": "a.advice_grace_days",
        "summary_level": "a.summary_level",
        "settlement_method": "a.settlement_method",
        "price_sources": "a.price_sources",
        "payment_days": "a.payment_days",
        "aging_days": "a.aging_days",
        "aging_onset": "a.aging_onset",
        "aged_outcome": "a.aged_outcome",
        "display_days": "a.display_days",
        "return_by": "a.return_by",
        "end_of_term": "a.end_of_term",
        "grace_days": "a.grace_days",
        "rotation_percent": "a.rotation_percent",
        "rotation_every_days": "a.rotation_every_days",
        "price_terms": "a.price_terms",
        "items": "(SELECT COUNT(*) FROM agreement_line gl WHERE gl.agreement_id = a.id)",
        "consignor_site": "st.code",
        **{name: f"a.{name}" for name in ITS_OWN},
    },
    "agreement a JOIN party w ON w.id = a.consignor_id JOIN party h ON h.id = a.consignee_id "
    "LEFT JOIN site st ON st.id = a.consignor_site_id",
)


def _seen(party: int) -> Where:
    return Where().also("a.consignor_id = %s OR a.consignee_id = %s", party, party)


def _chosen(
    party: int,
    *,
    number: str | None = None,
    consignor: str | None = None,
    among: Iterable[int] | None = None,
) -> Where:
    where = _seen(party).equals(a__number=number, w__code=consignor)
    if among is not None:
        chosen, ids = bulk.among(among)
        where.also(f"a.id IN ({chosen})", ids)
    return where


def _read(where: Where) -> list[AgreementRow]:
    return AGREEMENTS.read(where, order=("number",))


CALENDAR = ("frequency", "first_closing_on", "closing_days")
"""The terms that say when cycles close."""


def _first_of_each_calendar(party: int, today: date) -> list[int]:
    """Of a party's agreements in force that close on the same days, the first by number: there are
    far fewer calendars than agreements. One whose calendar was amended is asked by itself."""
    terms = ", ".join(CALENDAR)
    return [
        id
        for (id,) in bulk.fetch(
            "SELECT x.id FROM agreement x JOIN (SELECT MIN(y.number) AS number FROM ("
            f"SELECT a.number, {terms}, (SELECT MIN(c.closed_through) FROM billing_calendar c "
            "WHERE c.agreement_id = a.id) AS closed_through, "
            f"CASE WHEN {is_amended(CALENDAR)} THEN a.id END AS itself FROM agreement a "
            "WHERE (a.consignor_id = %s OR a.consignee_id = %s) AND a.starts_on <= %s "
            "AND (a.ends_on IS NULL OR a.ends_on > %s)) y "
            f"GROUP BY {terms}, closed_through, itself) f ON f.number = x.number",
            [party, party, today, today],
        )
    ]


class PriceLine(NamedTuple):
    item: str
    item_name: str
    supplier_item: str
    starts_on: date
    ends_on: date | None
    price: Price | None
    """None where the terms share the price of the sale."""
    unit: str
    from_quantity: Quantity | None
    """How much one use must take to have it; None where any quantity does."""
    terms: str
    is_changed: bool
    """Whether it was told for days gone by, and stands before what was told of them earlier."""


PRICES = Listing(
    PriceLine,
    {
        "item": "i.code",
        "item_name": "i.name",
        "supplier_item": "COALESCE(gl.supplier_item, '')",
        "starts_on": "ap.starts_on",
        "ends_on": "ap.ends_on",
        "price": ("ap.price", "a.currency", "ap.per"),
        "unit": "i.unit",
        "from_quantity": ("NULLIF(ap.from_quantity, 0)", "i.unit"),
        "terms": "ap.price_terms",
        "is_changed": "ap.revision > 0",
    },
    "agreement_price ap JOIN agreement a ON a.id = ap.agreement_id "
    "JOIN item i ON i.id = ap.item_id "
    "LEFT JOIN agreement_line gl ON gl.agreement_id = a.id AND gl.item_id = ap.item_id",
    order={"from_quantity": "ap.from_quantity", "revision": "ap.revision"},
)


def _price_where(party: int, agreement: str, search: str) -> Where:
    where = _seen(party).also("a.number = %s", agreement).also("ap.withdrawal = 0")
    if search:
        like = containing(search)
        where.also(
            "LOWER(i.code) LIKE %s ESCAPE '!' OR LOWER(i.name) LIKE %s ESCAPE '!'", like, like
        )
    return where


class Closed(NamedTuple):
    """Through which day an agreement's advices are made, for one organization or (None) for all."""

    agreement: str
    organization: str | None
    closed_through: date


CLOSED = Listing(
    Closed,
    {"agreement": "a.number", "organization": "o.code", "closed_through": "c.closed_through"},
    "billing_calendar c JOIN agreement a ON a.id = c.agreement_id "
    "LEFT JOIN organization o ON o.id = c.organization_id",
)


def _read_closed(among: Iterable[int]) -> dict[str, list[Closed]]:
    """Through when some agreements are closed, by their numbers."""
    chosen, ids = bulk.among(among)
    found: dict[str, list[Closed]] = {}
    where = Where().also(f"a.id IN ({chosen})", ids)
    for one in CLOSED.read(where, order=("agreement", "organization")):
        found.setdefault(one.agreement, []).append(one)
    return found


class WithdrawnPrice(NamedTuple):
    """A price that was withdrawn before its first day."""

    reference: str
    item: str
    item_name: str
    starts_on: date
    from_quantity: Quantity | None
    price: Price | None
    because: str
    recorded_by: str
    """To the consignor, the consignee itself."""
    recorded_at: datetime


WITHDRAWN = Listing(
    WithdrawnPrice,
    {
        "reference": "pw.reference",
        "item": "i.code",
        "item_name": "i.name",
        "starts_on": "pw.starts_on",
        "from_quantity": ("NULLIF(pw.from_quantity, 0)", "i.unit"),
        "price": ("ap.price", "a.currency", "ap.per"),
        "because": "pw.because",
        "recorded_by": "pw.recorded_by",
        "recorded_at": "pw.recorded_at",
    },
    "price_withdrawal pw JOIN agreement a ON a.id = pw.agreement_id "
    "JOIN item i ON i.id = pw.item_id JOIN agreement_price ap ON ap.withdrawal = pw.id",
)


def _read_withdrawn(party: int, agreement: str) -> list[WithdrawnPrice]:
    """The prices of an agreement that were withdrawn before their first day."""
    return WITHDRAWN.read(_seen(party).equals(a__number=agreement), order=("-recorded_at", "item"))


class ToldAmendment(NamedTuple):
    reference: str
    starts_on: date
    term: str
    was: str
    became: str
    consent: str
    because: str
    recorded_by: str
    recorded_at: datetime
    id: int


AMENDMENTS = Listing(
    ToldAmendment,
    {name: f"x.{name}" for name in ToldAmendment._fields},
    "agreement_amendment x JOIN agreement a ON a.id = x.agreement_id",
)


def _amended_as_on(told: Iterable[ToldAmendment], day: date) -> dict[str, Any]:
    """The terms that some amendments, the latest first, have changed by a day."""
    terms: dict[str, Any] = {}
    for one in told:
        if one.term != END and one.starts_on <= day:
            terms.setdefault(one.term, read_value(one.term, one.became))
    return terms


def _read_amendments(party: int, agreement: str) -> list[ToldAmendment]:
    """The amendments of an agreement for one of its parties, the latest first."""
    where = Where().also("a.consignor_id = %s OR a.consignee_id = %s", party, party)
    return AMENDMENTS.read(where.equals(a__number=agreement), order=("-starts_on", "-id"))


class AgreementLine(NamedTuple):
    number: str
    consignor: str
    consignor_name: str
    consignee: str
    consignee_name: str
    is_consignor: bool
    """Whether the viewer is the consignor of it."""
    currency: str
    starts_on: date
    ends_on: date | None
    """The first day on which it is no longer in force."""
    is_in_force: bool
    title_rule: TitleRule
    frequency: Frequency
    closing_days: str
    """The days of the year that its cycles close on, or that its year ends near."""
    cycle_by: CycleBy
    """Which day says in which cycle a use falls."""
    advice_grace_days: int
    summary_level: SummaryLevel
    settlement_method: SettlementMethod
    price_sources: tuple[PriceSource, ...]
    payment_days: int
    aging_days: int | None
    aging_onset: str
    aged_outcome: str
    display_days: int | None
    return_by: date | None
    end_of_term: str
    grace_days: int
    rotation_percent: int | None
    rotation_every_days: int | None
    price_terms: str
    items: int
    closed_through: date | None
    """The last day that an advice was made through; of several organizations the earliest."""
    next_closing_on: date


class ClosedThrough(NamedTuple):
    organization: str | None
    """None where one advice covers all organizations."""
    closed_through: date
    next_closing_on: date


class TermLine(NamedTuple):
    """One term of an agreement, in words."""

    name: str
    title: str
    group: Group
    value: str
    is_agreed: bool
    """Whether the agreement says anything of it."""
    since: date | None
    """From when on it is so, where it was amended; otherwise it always was."""


class Amendment(NamedTuple):
    """A term that is another one from a day on; of the end, the day on which it ends."""

    reference: str
    starts_on: date
    name: str
    title: str
    was: str
    becomes: str
    is_to_come: bool
    consent: str
    because: str
    recorded_by: str
    """To the consignor, the consignee itself."""
    recorded_at: datetime


class Renewal(NamedTuple):
    """Goods of one item that passed from the agreement to another, or to it, on a day."""

    reference: str
    happened_on: date
    way: str
    """to: they passed on to the other; from: they came from it."""
    other: str
    organization: str
    item: str
    item_name: str
    quantity: Quantity
    """How much passed, without what was taken back."""
    taken_back: Quantity
    """How much more had, and was used on days before, as was told later."""
    consent: str
    agreed_on: date
    agreed_by: str
    because: str
    recorded_by: str
    """To the consignor, the consignee itself."""


class Agreement(NamedTuple):
    line: AgreementLine
    terms: list[TermLine]
    """All of them as they are today, in the order in which they are read."""
    amendments: list[Amendment]
    """What was amended and what will be, the latest first."""
    renewals: list[Renewal]
    """What passed to another agreement, and from another, the latest first."""
    prices: Page[PriceLine]
    withdrawn: list[WithdrawnPrice]
    closings: list[ClosedThrough]
    owed: list[Owed]


def agreements(
    viewer: Viewer,
    *,
    today: date,
    consignor: OfConsignor = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[AgreementLine]:
    """The agreements that the viewer is consignor or consignee of."""
    where = _chosen(viewer.party_id, consignor=consignor)
    found = page(AGREEMENTS, where, order=(*order, "number"), limit=limit, offset=offset)
    return Page(_lines(viewer, found.rows, today), found.total)


def next_to_close(viewer: Viewer, *, today: date) -> AgreementLine | None:
    """The agreement in force that closes next; of several the first by its number."""
    first = _first_of_each_calendar(viewer.party_id, today)
    lines = _lines(viewer, _read(_chosen(viewer.party_id, among=first)), today)
    return min(lines, key=lambda line: line.next_closing_on, default=None)


def _lines(viewer: Viewer, listed: Sequence[AgreementRow], today: date) -> list[AgreementLine]:
    """Some agreements with their terms of a day, and when each closes next."""
    amended = amendments.read_amendments(row.id for row in listed)
    rows = [_as_amended(row, amended.on(row.id, today)) for row in listed]
    closed = _read_closed(row.id for row in rows)
    terms = agreement_records.read_agreements(row.id for row in rows)
    return [
        _line(viewer, row, terms[AgreementId(row.id)], closed.get(row.number, ()), today)
        for row in rows
    ]


AGREEMENT_LIST = Question(
    "agreements",
    "List agreements: between whom, from when, and what lies and is owed under each.",
    agreements, "agreement",
    (

    ),
)  # fmt: skip


def agreement(
    viewer: Viewer,
    number: str,
    *,
    today: date,
    search: str = "",
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Agreement | None:
    """One agreement with its dated prices, its closings and what is owed under it."""
    party = viewer.party_id
    row = next(iter(_read(_chosen(party, number=number))), None)
    if row is None:
        return None
    closed = _read_closed([row.id]).get(number, [])
    amended = _read_amendments(party, number)
    row = _as_amended(row, _amended_as_on(amended, today))
    terms = agreement_records.read_agreements([row.id])[AgreementId(row.id)]

    def who(person: str) -> str:
        return who_of_it(viewer, person, row.consignee_id, row.consignee_name)

    return Agreement(
        line=_line(viewer, row, terms, closed, today),
        terms=_in_words(row, amended, today),
        amendments=[_amendment(one, today, who(one.recorded_by)) for one in amended],
        renewals=[
            _renewal(one, number, who(one.recorded_by)) for one in _read_renewals(party, number)
        ],
        prices=page(
            PRICES,
            _price_where(party, number, search),
            order=(*order, "item", "starts_on", "from_quantity", "revision"),
            limit=limit,
            offset=offset,
        ),
        withdrawn=[
            one._replace(recorded_by=who(one.recorded_by)) for one in _read_withdrawn(party, number)
        ],
        closings=[
            ClosedThrough(
                one.organization,
                one.closed_through,
                terms.cycle(today, one.closed_through).closes_on,
            )
            for one in closed
        ],
        owed=owed(viewer, agreement=number),
    )


def _as_amended(row: AgreementRow, amended: Mapping[str, Any]) -> AgreementRow:
    """An agreement with its terms as they are amended."""
    return row._replace(**{term: value for term, value in amended.items() if term in row._fields})


def _in_words(row: AgreementRow, amended: Iterable[ToldAmendment], today: date) -> list[TermLine]:
    since: dict[str, date] = {}
    for one in amended:
        if one.term != amendments.END and one.starts_on <= today:
            since.setdefault(one.term, one.starts_on)
    return [
        TermLine(
            term.name, term.title, term.group, term.value(value := getattr(row, term.name)),
            value not in (None, ""), since.get(term.name),
        )
        for term in TERMS
    ]  # fmt: skip


def _amendment(row: ToldAmendment, today: date, who: str) -> Amendment:
    term = TERM[row.term]
    was, becomes = (
        term.value(amendments.read_value(row.term, said)) for said in (row.was, row.became)
    )
    return Amendment(
        row.reference, row.starts_on, row.term, term.title, was, becomes, row.starts_on > today,
        row.consent, row.because, who, row.recorded_at,
    )  # fmt: skip


def _renewal(row: ToldRenewal, number: str, who: str) -> Renewal:
    is_onward = row.agreement == number
    return Renewal(
        row.reference, row.happened_on, "to" if is_onward else "from",
        row.becomes if is_onward else row.agreement, row.organization, row.item, row.item_name,
        Quantity(Micros(row.quantity - row.taken_back), row.unit),
        Quantity(Micros(row.taken_back), row.unit), row.consent, row.agreed_on, row.agreed_by,
        row.because, who,
    )  # fmt: skip


def _line(
    viewer: Viewer, row: AgreementRow, terms: Terms, closed: Iterable[Closed],
    today: date,
) -> AgreementLine:  # fmt: skip
    calendar, terms = terms, terms.on(today)
    closed_through = min((one.closed_through for one in closed), default=None)
    return AgreementLine(
        number=row.number,
        consignor=row.consignor,
        consignor_name=row.consignor_name,
        consignee=row.consignee,
        consignee_name=row.consignee_name,
        is_consignor=row.consignor_id == viewer.party_id,
        currency=row.currency,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        is_in_force=terms.period.holds(today),
        title_rule=terms.title_rule,
        frequency=terms.frequency,
        closing_days=row.closing_days,
        cycle_by=terms.cycle_by,
        advice_grace_days=row.advice_grace_days,
        summary_level=terms.summary_level,
        settlement_method=terms.settlement_method,
        price_sources=terms.price_sources,
        payment_days=terms.payment_days,
        aging_days=row.aging_days,
        aging_onset=row.aging_onset,
        aged_outcome=row.aged_outcome,
        display_days=row.display_days,
        return_by=row.return_by,
        end_of_term=row.end_of_term,
        grace_days=row.grace_days,
        rotation_percent=row.rotation_percent,
        rotation_every_days=row.rotation_every_days,
        price_terms=row.price_terms,
        items=row.items,
        closed_through=closed_through,
        next_closing_on=calendar.cycle(today, closed_through).closes_on,
    )
