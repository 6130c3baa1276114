"""Exceptions: what was reported and waits, each with the sentence that says why; and how those
ended that wait no more.

The holder sees all of its own; an owner sees those of transfers of its own goods that could not be
charged, because it is owed for them (checklist O46). Who ended one, and why, is the holder's own.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, NamedTuple

from consigned.measure.quantity import (
    MICROS,
    Quantity,
    divide_half_even,
    show_micros,
)
from consigned_service.queries.core.figures import Page, page
from consigned_service.queries.core.question import Filter, OfItem, OfOrganization, Question
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.sql.select import Listing, Where


class Waiting(NamedTuple):
    organization: str
    organization_name: str
    number: int
    opened_on: date
    item: str
    item_name: str
    quantity: Quantity
    reason: str
    """The code of what stands against it."""
    sentence: str
    """For people: what stands against it, and what can be done."""
    consumption: int | None
    """Number of the line that was reported."""
    reference: str
    """Its source and reference."""
    happened_on: date | None
    entry: int | None
    """The transfer of title that could not be charged; None where nothing could be posted."""
    agreement: str | None
    owner: str | None
    how: str | None
    """How its waiting ended; None while it waits."""
    ended_on: date | None
    ended_by: str
    ended_because: str
    replaced_by: int | None
    """The line of consumption that stands in its place, or that voided it."""


EXCEPTIONS = Listing(
    Waiting,
    {
        "organization": "o.code",
        "organization_name": "o.name",
        "number": "x.number",
        "opened_on": "x.opened_on",
        "item": "i.code",
        "item_name": "i.name",
        "quantity": ("x.quantity", "i.unit"),
        "reason": "x.reason",
        "sentence": "x.sentence",
        "consumption": "x.consumption",
        "reference": "COALESCE(u.source || ' ' || u.reference, '')",
        "happened_on": "COALESCE(u.happened_on, e.happened_on)",
        "entry": "x.entry",
        "agreement": "a.number",
        "owner": "w.name",
        "how": "z.how",
        "ended_on": "z.resolved_on",
        "ended_by": "CASE WHEN {is_holders} THEN COALESCE(zg.recorded_by, '') ELSE '' END",
        "ended_because": "CASE WHEN {is_holders} THEN COALESCE(z.because, '') ELSE '' END",
        "replaced_by": "CASE WHEN {is_holders} THEN z.consumption END",
    },
    "open_exception x JOIN organization o ON o.id = x.organization_id "
    "JOIN item i ON i.id = x.item_id "
    "LEFT JOIN consumption u ON u.organization_id = x.organization_id AND u.number = x.consumption "
    "LEFT JOIN title_entry e ON e.organization_id = x.organization_id AND e.number = x.entry "
    "LEFT JOIN position sp ON sp.organization_id = e.organization_id AND sp.number = e.source "
    "LEFT JOIN party w ON w.id = sp.owner_id "
    "LEFT JOIN layer l ON l.organization_id = e.organization_id AND l.number = e.layer "
    "LEFT JOIN agreement a ON a.id = l.agreement "
    "LEFT JOIN exception_resolution z "
    "ON z.organization_id = x.organization_id AND z.exception = x.number "
    "LEFT JOIN posting zg ON zg.organization_id = z.organization_id AND zg.number = z.posting",
)
OPEN = (
    "NOT EXISTS (SELECT 1 FROM exception_resolution z "
    "WHERE z.organization_id = x.organization_id AND z.exception = x.number)"
)


class Asked(NamedTuple):
    """Which exceptions are asked for; None asks nothing."""

    party: int
    organization: str | None = None
    reason: str | None = None
    item: str | None = None
    consumption: int | None = None
    source: str | None = None
    since: date | None = None
    until: date | None = None
    """The days on which it was opened, or, of those that ended, on which they did."""
    ended: bool = False


def _where(asked: Asked) -> Where:
    where = Where().also("o.party_id = %s OR sp.owner_id = %s", asked.party, asked.party)
    where.equals(
        o__code=asked.organization,
        x__reason=asked.reason,
        i__code=asked.item,
        x__consumption=asked.consumption,
        u__source=asked.source,
    )
    day = "z.resolved_on" if asked.ended else "x.opened_on"
    if asked.since:
        where.also(f"{day} >= %s", asked.since)
    if asked.until:
        where.also(f"{day} <= %s", asked.until)
    return where.also(f"z.exception IS {'NOT ' if asked.ended else ''}NULL")


class AsLine(NamedTuple):
    """What waits as the line of consumption that it was, its quantity what is left of it."""

    number: int
    organization: str
    source: str
    reference: str
    item: str
    item_unit: str
    quantity: int
    occurred_at: str
    said: str | None
    per: int | None
    kind: str
    place: str | None
    consignor: str | None
    lot: str | None
    serial: str | None
    price: int | None
    currency: str | None
    customer: str | None
    reservation: str | None
    work_order: str | None
    account: str | None
    sale_price: int | None
    sale_currency: str | None
    sale_per: int | None
    voids: str | None
    voids_source: str | None
    because: str | None
    sentence: str


AS_LINES = Listing(
    AsLine,
    {
        "number": "x.number",
        "organization": "o.code",
        "source": "u.source",
        "reference": "u.reference",
        "item": "i.code",
        "item_unit": "i.unit",
        "quantity": "CASE WHEN u.quantity < 0 THEN -ABS(x.quantity) ELSE x.quantity END",
        "occurred_at": "u.occurred_at",
        "said": "u.said",
        "per": "u.per",
        "kind": "u.kind",
        "place": "pl.code",
        "consignor": "uc.code",
        "lot": "u.lot",
        "serial": "u.serial",
        "price": "u.price",
        "currency": "u.currency",
        "customer": "u.customer",
        "reservation": "u.reservation",
        "work_order": "wo.work_order",
        "account": "wo.account",
        "sale_price": "s.price",
        "sale_currency": "s.currency",
        "sale_per": "s.per",
        "voids": "u.voids",
        "voids_source": "u.voids_source",
        "because": "u.because",
        "sentence": "x.sentence",
    },
    f"{EXCEPTIONS.tables} "
    "LEFT JOIN place pl ON pl.organization_id = u.organization_id AND pl.number = u.place "
    "LEFT JOIN party uc ON uc.id = u.consignor "
    "LEFT JOIN work_order_issue wo ON wo.organization_id = u.organization_id "
    "AND wo.consumption = u.number "
    "LEFT JOIN sale s ON s.organization_id = u.organization_id AND s.consumption = u.number",
)


def exceptions(
    viewer: Viewer,
    *,
    organization: OfOrganization = None,
    reason: Annotated[str | None, Filter("only what waits for this reason")] = None,
    item: OfItem = None,
    source: Annotated[str | None, Filter("only what this system reported", "NAME")] = None,
    since: Annotated[date | None, Filter("the first day it was opened on, or ended")] = None,
    until: Annotated[date | None, Filter("the last day it was opened on, or ended")] = None,
    ended: Annotated[bool, Filter("those that wait no more, and why")] = False,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[Waiting]:
    """The open exceptions that the viewer may see, the oldest first; or those that `ended`, the
    newest first. `since` and `until` are the days on which they were opened, or ended."""
    asked = Asked(
        viewer.party_id, organization, reason, item, None, source, since, until, ended
    )  # fmt: skip
    order = (*order, *_first(asked))
    pieces = _pieces(viewer)
    return page(EXCEPTIONS, _where(asked), order=order, limit=limit, offset=offset, pieces=pieces)


EXCEPTION_LIST = Question(
    "exceptions",
    "List what was reported and waits, each with its reason; or what waited, and how that ended.",
    exceptions, "exception",
    (
        "organization", "number", ("Since", "opened_on"), "item", "quantity", "reference",
        ("Why it waits", "sentence"),
    ),
)  # fmt: skip


def exceptions_of(
    viewer: Viewer, organization: str, consumption: int, *, ended: bool = False
) -> list[Waiting]:
    """The open exceptions of one line of consumption, or those that ended."""
    asked = Asked(viewer.party_id, organization, consumption=consumption, ended=ended)
    return EXCEPTIONS.read(_where(asked), order=_first(asked), pieces=_pieces(viewer))


def _first(asked: Asked) -> tuple[str, ...]:
    return ("-ended_on" if asked.ended else "opened_on", "organization", "number")


def _pieces(viewer: Viewer) -> dict[str, str]:
    return {"is_holders": f"o.party_id = {int(viewer.party_id)}"}


class LineToCorrect(NamedTuple):
    """What waits, written as the line that it was, so that it can be corrected and told in its
    place: under a reference of its own, with what is left of the quantity."""

    reference: str
    organization: str
    item: str
    quantity: str
    occurred_at: str
    unit: str
    kind: str
    place: str
    consignor: str
    lot: str
    serial: str
    price: str
    currency: str
    customer: str
    reservation: str
    work_order: str
    account: str
    sale_price: str
    voids: str
    voids_source: str
    because: str
    corrects: str
    sentence: str
    """Why it waits."""


def lines_to_correct(
    viewer: Viewer,
    *,
    organization: str | None = None,
    reason: str | None = None,
    item: str | None = None,
    source: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[LineToCorrect]:
    """What waits of the viewer's own organizations and a corrected line may stand in the place of;
    not what waits for a price, whose title has passed."""
    asked = Asked(viewer.party_id, organization, reason, item, None, source, since, until)
    where = _where(asked).also("x.entry IS NULL AND o.party_id = %s", asked.party)
    return [_as_line(row) for row in AS_LINES.read(where, order=("organization", "number"))]


def _as_line(row: AsLine) -> LineToCorrect:
    """In the unit that was said, where what is left comes out even in it; else in the item's own,
    and a price with it to six decimals."""
    unit, per = row.item_unit, row.per or MICROS
    if row.said and row.quantity * MICROS % per == 0:
        unit = row.said.split()[-1]
    else:
        per = MICROS
    said = {name: value or "" for name, value in row._asdict().items() if name in _AS_SAID}
    return LineToCorrect(
        **said,
        reference=f"{row.reference}"[:100] + f" corrected {row.number}",
        quantity=show_micros(row.quantity * MICROS // per),
        unit=unit,
        price=_price_of(row.price, row.per, per),
        currency=row.currency or row.sale_currency or "",
        sale_price=_price_of(row.sale_price, row.sale_per, per),
        corrects=str(row.number),
    )


_AS_SAID = frozenset(LineToCorrect._fields) - {
    "reference", "quantity", "unit", "price", "currency", "sale_price", "corrects",
}  # fmt: skip
"""What is written as it was told."""


def _price_of(price: int | None, was_for: int | None, per: int) -> str:
    if price is None:
        return ""
    return show_micros(divide_half_even(price * per, was_for or MICROS))


class Source(NamedTuple):
    source: str


SOURCES = Listing(Source, {"source": "u.source"}, EXCEPTIONS.tables, group="1")


def exception_sources(viewer: Viewer, *, ended: bool = False) -> list[str]:
    """The systems that reported what waits, or what waited."""
    where = _where(Asked(viewer.party_id, ended=ended)).also("u.source IS NOT NULL")
    return [row.source for row in SOURCES.read(where, order=("source",))]


class Reason(NamedTuple):
    reason: str
    times: int


REASONS = Listing(Reason, {"reason": "x.reason", "times": "COUNT(*)"}, EXCEPTIONS.tables, group="1")


def exception_reasons(viewer: Viewer, *, ended: bool = False) -> list[Reason]:
    """How many exceptions wait for each reason, or waited, the most frequent first."""
    return REASONS.read(_where(Asked(viewer.party_id, ended=ended)), order=("-times", "reason"))
