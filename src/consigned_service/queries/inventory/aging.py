"""Aging: what has lain how long, what is to be decided before a period closes, what expires.

The holder and the consignor see the same goods with the same dates; nobody else sees them.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, NamedTuple

from consigned.inventory import aging as trade
from consigned.inventory.aging import Deadline, Extensions
from consigned.master_data.agreements import AgedOutcome
from consigned.measure.identity import AgreementId
from consigned.measure.money import Price
from consigned.measure.period import DAY
from consigned.measure.quantity import Micros, Quantity
from consigned_service.queries.core.figures import Amount
from consigned_service.queries.core.question import (
    Filter,
    OfAgreement,
    OfItem,
    OfOrganization,
    Question,
)
from consigned_service.queries.core.viewers import Viewer, who_of_it
from consigned_service.queries.inventory.stock import Age, StockLine, on_hand
from consigned_service.records.inventory import aging as aging_records
from consigned_service.records.inventory.aging import Aging
from consigned_service.records.inventory.holdings import Visibility
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.sql.select import Listing, Where


class KeptExtension(NamedTuple):
    organization: str
    layer: int
    item: str
    owner: str
    deadline: str
    until: date
    consent: str
    recorded_on: date
    recorded_by: str
    holder_id: int
    holder_name: str


EXTENDED = Listing(
    KeptExtension,
    {
        "organization": "o.code",
        "layer": "e.layer",
        "item": "i.code",
        "owner": "w.code",
        "deadline": "e.deadline",
        "until": "e.until",
        "consent": "e.consent",
        "recorded_on": "pst.recorded_on",
        "recorded_by": "pst.recorded_by",
        "holder_id": "o.party_id",
        "holder_name": "h.name",
    },
    "extension e JOIN organization o ON o.id = e.organization_id "
    "JOIN party h ON h.id = o.party_id "
    "JOIN layer l ON l.organization_id = e.organization_id AND l.number = e.layer "
    "JOIN item i ON i.id = l.item_id JOIN party w ON w.id = l.supplier_id "
    "JOIN posting pst ON pst.organization_id = e.organization_id AND pst.number = e.posting",
)


def _read_extensions(party: int) -> list[KeptExtension]:
    where = Where().also("o.party_id = %s OR l.supplier_id = %s", party, party)
    return EXTENDED.read(where, order=("recorded_on", "organization", "layer"))


class AgingLine(NamedTuple):
    """What is left on consignment of one receipt line, with its dates."""

    item: str
    item_name: str
    owner: str
    owner_name: str
    holder_name: str
    organization: str
    agreement: str
    layer: int
    receipt: str
    lot: str | None
    quantity: Quantity
    value: Amount | None
    received_on: date
    age_days: int
    """Since the day from which the agreement counts: receipt or shipment."""
    age: Age
    aged_on: date | None
    """The first day on which the goods have lain too long."""
    days_left: int | None
    """Below zero: so many days too long."""
    is_bought_automatically: bool
    term_ends_on: date | None
    end_of_term: str
    due_on: date | None
    """When what is agreed for the end of the term is done: after the grace."""
    has_more_time: bool


def aging(
    viewer: Viewer,
    *,
    today: date,
    item: OfItem = None,
    owner: Annotated[str | None, Filter("only of this owner")] = None,
    organization: OfOrganization = None,
    agreement: OfAgreement = None,
) -> list[AgingLine]:
    """The goods on consignment that have an end of time, those with the least of it first
    (checklist O28). Goods that are the holder's own are not on it (O26)."""
    sight = Visibility(viewer.party_id, item, owner, organization=organization, agreement=agreement)
    rows = aging_records.read(sight, on=today)
    more = aging_records.extensions(rows)
    lines = [_line(row, more[row.key], today) for row in rows]
    return sorted(lines, key=lambda line: (_ends_on(line), line.organization, line.layer))


AGING_LIST = Question(
    "aging",
    "List goods on consignment that have an end of time, those with the least of it first.",
    aging, "layer",
    (

    ),
)  # fmt: skip


def _ends_on(line: AgingLine) -> date:
    return min(day for day in (line.aged_on, line.term_ends_on) if day)


def ends_of_term(viewer: Viewer, *, today: date) -> list[AgingLine]:
    """Goods with a display period or a day to go back by, those that end first before others
    (checklist L16)."""
    lines = [line for line in aging(viewer, today=today) if line.term_ends_on]
    return sorted(lines, key=lambda line: (line.term_ends_on, line.organization, line.layer))


class Choice(StrEnum):
    """What may be done about goods whose time runs out (checklist L27)."""

    RETURN = "return"
    MARK_DOWN = "mark down"
    CONVERT = "convert to owned"
    EXTEND = "extend"


class ActionItem(NamedTuple):
    """Goods to be decided on before their billing period closes."""

    line: AgingLine
    on: date
    because: str
    period_closes_on: date
    choices: tuple[Choice, ...]


def action_items(viewer: Viewer, *, today: date) -> list[ActionItem]:
    """What is to be decided before the running period of its agreement closes: goods that age,
    whose term ends, or that expire by then (checklist L27)."""
    rows = aging_records.read(Visibility(viewer.party_id), aging_records.ANY_END, on=today)
    more = aging_records.extensions(rows)
    agreements = agreement_records.read_agreements({row.agreement_id for row in rows})
    found = []
    for row in rows:
        closes_on = agreements[AgreementId(row.agreement_id)].cycle(today, None).closes_on
        line = _line(row, more[row.key], today)
        ends = [(day, what) for day, what in _ends(row, line) if day and day <= closes_on]
        if ends:
            found.append(ActionItem(line, *min(ends), closes_on, _choices(line)))
    return sorted(found, key=lambda one: (one.on, one.line.organization, one.line.layer))


def _ends(row: Aging, line: AgingLine) -> Iterable[tuple[date | None, str]]:
    yield row.expires_on, "expires"
    yield line.aged_on, "ages"
    if line.term_ends_on:
        yield line.term_ends_on - DAY, "last day of its term"


def _choices(line: AgingLine) -> tuple[Choice, ...]:
    """What may still be done; more time only where the agreement sets an end at all."""
    always = (Choice.RETURN, Choice.MARK_DOWN, Choice.CONVERT)
    return (*always, Choice.EXTEND) if line.aged_on or line.term_ends_on else always


class Expiring(NamedTuple):
    """Goods that may soon be used no more, whosever they are."""

    stock: StockLine
    expires_on: date
    days_left: int


def expiring(
    viewer: Viewer,
    *,
    today: date,
    within_days: Annotated[int, Filter("what expires within so many days", "DAYS")] = 30,
) -> list[Expiring]:
    """What expires within some days or has expired, consigned goods and owned ones alike, the
    soonest first; aging is another list (checklist L26, X11)."""
    through = today + timedelta(days=within_days)
    page = on_hand(viewer, today=today, expires_through=through, order=["expires_on"])
    return [
        Expiring(line, line.expires_on, (line.expires_on - today).days)
        for line in page.rows
        if line.expires_on
    ]


EXPIRING_LIST = Question(
    "expiring",
    "List what expires soon or has expired, consigned goods and owned ones alike.",
    expiring, "layer",
    (

    ),
)  # fmt: skip


class Extended(NamedTuple):
    """More time that was agreed for some goods: for which end, until when, and who consented."""

    organization: str
    layer: int
    item: str
    owner: str
    deadline: Deadline
    until: date
    consent: str
    recorded_on: date
    recorded_by: str
    """To the owner, the holder itself."""


def extensions(viewer: Viewer) -> list[Extended]:
    """Every extension of goods that the viewer holds or owns, the oldest first."""
    return [
        Extended(
            row.organization, row.layer, row.item, row.owner, Deadline(row.deadline), row.until,
            row.consent, row.recorded_on,
            who_of_it(viewer, row.recorded_by, row.holder_id, row.holder_name),
        )
        for row in _read_extensions(viewer.party_id)
    ]  # fmt: skip


def _line(row: Aging, more: Extensions, today: date) -> AgingLine:
    terms = row.terms
    starts_on = trade.clock_starts_on(terms, row.received_on, row.shipped_on)
    aged_on = trade.aged_on(terms, row.received_on, row.shipped_on, more)
    ends_on = trade.term_ends_on(terms, row.received_on, more)
    price = row.price is not None and Price(row.price, row.currency or "", row.per or 0)
    days = max(0, (today - starts_on).days)
    return AgingLine(
        item=row.item,
        item_name=row.item_name,
        owner=row.owner,
        owner_name=row.owner_name,
        holder_name=row.holder_name,
        organization=row.organization,
        agreement=row.agreement,
        layer=row.layer,
        receipt=f"{row.receipt}/{row.receipt_line}" if row.receipt else "",
        lot=row.lot,
        quantity=Quantity(Micros(row.quantity), row.unit),
        value=Amount(price.extend(row.quantity), price.currency) if price else None,
        received_on=row.received_on,
        age_days=days,
        age=Age.of(days),
        aged_on=aged_on,
        days_left=(aged_on - today).days if aged_on else None,
        is_bought_automatically=row.aged_outcome == AgedOutcome.AUTOMATIC,
        term_ends_on=ends_on,
        end_of_term=row.end_of_term,
        due_on=trade.due_on(terms, ends_on) if ends_on else None,
        has_more_time=more != Extensions(),
    )
