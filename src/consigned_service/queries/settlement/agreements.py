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
from consigned.measure.identity import AgreementId
from consigned.measure.money import Price
from consigned.measure.period import Frequency
from consigned.measure.quantity import Micros, Quantity
from consigned.settlement.agreement_terms import TERM, TERMS, Group
from consigned_service.queries.core.figures import Page
from consigned_service.queries.core.viewers import Viewer, who_of_it
from consigned_service.queries.settlement.payables import Owed, owed
from consigned_service.records.inventory import renewals
from consigned_service.records.master_data import agreement_pages, amendments
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.master_data.agreement_pages import Closed, DatedPrice


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
    consignor: str | None = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[AgreementLine]:
    """The agreements that the viewer is consignor or consignee of."""
    party = viewer.party_id
    listed = agreement_pages.read(
        party, consignor=consignor, order=order, limit=limit, offset=offset
    )
    amended = amendments.read_amendments(row.id for row in listed)
    rows = [_as_amended(row, amended.on(row.id, today)) for row in listed]
    closed: dict[str, list[Closed]] = {}
    for one in agreement_pages.read_closed(party):
        closed.setdefault(one.agreement, []).append(one)
    terms = agreement_records.read_agreements(row.id for row in rows)
    lines = [
        _line(viewer, row, terms[AgreementId(row.id)], closed.get(row.number, ()), today)
        for row in rows
    ]
    return Page(lines, agreement_pages.count(party, consignor=consignor))


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
    row = next(iter(agreement_pages.read(party, number=number)), None)
    if row is None:
        return None
    closed = agreement_pages.read_closed(party, number)
    amended = amendments.read(party, number)
    row = _as_amended(row, amendments.as_on(amended, today))
    terms = agreement_records.read_agreements([row.id])[AgreementId(row.id)]
    prices = agreement_pages.read_prices(
        party, number, search=search, order=order, limit=limit, offset=offset
    )

    def who(person: str) -> str:
        return who_of_it(viewer, person, row.consignee_id, row.consignee_name)

    return Agreement(
        line=_line(viewer, row, terms, closed, today),
        terms=_in_words(row, amended, today),
        amendments=[_amendment(one, today, who(one.recorded_by)) for one in amended],
        renewals=[
            _renewal(one, number, who(one.recorded_by)) for one in renewals.read(party, number)
        ],
        prices=Page(
            [_price(price) for price in prices],
            agreement_pages.count_prices(party, number, search=search),
        ),
        withdrawn=[
            _withdrawn(one, who(one.recorded_by))
            for one in agreement_pages.read_withdrawn(party, number)
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


def _as_amended(
    row: agreement_pages.Agreement, amended: Mapping[str, Any]
) -> agreement_pages.Agreement:
    """An agreement with its terms as they are amended."""
    return row._replace(**{term: value for term, value in amended.items() if term in row._fields})


def _in_words(
    row: agreement_pages.Agreement, amended: Iterable[amendments.ToldAmendment], today: date
) -> list[TermLine]:
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


def _amendment(row: amendments.ToldAmendment, today: date, who: str) -> Amendment:
    term = TERM[row.term]
    was, becomes = (
        term.value(amendments.read_value(row.term, said)) for said in (row.was, row.became)
    )
    return Amendment(
        row.reference, row.starts_on, row.term, term.title, was, becomes, row.starts_on > today,
        row.consent, row.because, who, row.recorded_at,
    )  # fmt: skip


def _renewal(row: renewals.ToldRenewal, number: str, who: str) -> Renewal:
    is_onward = row.agreement == number
    return Renewal(
        row.reference, row.happened_on, "to" if is_onward else "from",
        row.becomes if is_onward else row.agreement, row.organization, row.item, row.item_name,
        Quantity(Micros(row.quantity - row.taken_back), row.unit),
        Quantity(Micros(row.taken_back), row.unit), row.consent, row.agreed_on, row.agreed_by,
        row.because, who,
    )  # fmt: skip


def _line(
    viewer: Viewer, row: agreement_pages.Agreement, terms: Terms, closed: Iterable[Closed],
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


def _withdrawn(row: agreement_pages.WithdrawnPrice, who: str) -> WithdrawnPrice:
    return WithdrawnPrice(
        row.reference, row.item, row.item_name, row.starts_on,
        _from_quantity(row.from_quantity, row.unit),
        None if row.price is None else Price(row.price, row.currency, row.per), row.because,
        who, row.recorded_at,
    )  # fmt: skip


def _from_quantity(quantity: int, unit: str) -> Quantity | None:
    return Quantity(Micros(quantity), unit) if quantity else None


def _price(row: DatedPrice) -> PriceLine:
    return PriceLine(
        item=row.item,
        item_name=row.item_name,
        supplier_item=row.supplier_item or "",
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        price=None if row.price is None else Price(row.price, row.currency, row.per),
        unit=row.unit,
        from_quantity=_from_quantity(row.from_quantity, row.unit),
        terms=row.price_terms,
        is_changed=row.revision > 0,
    )
