"""Exceptions: what was reported and waits, each with the sentence that says why; and how those
ended that wait no more.

The holder sees all of its own; an owner sees those of transfers of its own goods that could not be
charged, because it is owed for them (checklist O46). Who ended one, and why, is the holder's own.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from consigned.measure.quantity import (
    MICROS,
    Micros,
    Quantity,
    divide_half_even,
    show_micros,
)
from consigned_service.queries.core.figures import Page
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.consumption import exception_pages
from consigned_service.records.consumption.exception_pages import Asked, AsLine, WaitingException


class Waiting(NamedTuple):
    organization: str
    organization_name: str
    number: int
    opened_on: date
    item: str
    item_name: str
    quantity: Quantity
    reason: str
    sentence: str
    consumption: int | None
    reference: str
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


class Reason(NamedTuple):
    reason: str
    times: int


def exceptions(
    viewer: Viewer,
    *,
    organization: str | None = None,
    reason: str | None = None,
    item: str | None = None,
    source: str | None = None,
    since: date | None = None,
    until: date | None = None,
    ended: bool = False,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[Waiting]:
    """The open exceptions that the viewer may see, the oldest first; or those that `ended`, the
    newest first. `since` and `until` are the days on which they were opened, or ended."""
    asked = Asked(
        viewer.party_id, organization, reason, item, None, source, since, until, ended
    )  # fmt: skip
    rows = exception_pages.read(asked, order=order, limit=limit, offset=offset)
    return Page([_value(viewer, row) for row in rows], exception_pages.count(asked))


def exceptions_of(
    viewer: Viewer, organization: str, consumption: int, *, ended: bool = False
) -> list[Waiting]:
    """The open exceptions of one line of consumption, or those that ended."""
    asked = Asked(viewer.party_id, organization, consumption=consumption, ended=ended)
    return [_value(viewer, row) for row in exception_pages.read(asked)]


class LineToCorrect(NamedTuple):
    """What waits, written as the line that it was, so that it can be corrected and told in its
    place: under a reference of its own, with what is left of the quantity."""

    reference: str
    organization: str
    item: str
    quantity: str
    happened_at: str
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
    return [_as_line(row) for row in exception_pages.read_as_lines(asked)]


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


def exception_sources(viewer: Viewer, *, ended: bool = False) -> list[str]:
    """The systems that reported what waits, or what waited."""
    return exception_pages.sources(Asked(viewer.party_id, ended=ended))


def exception_reasons(viewer: Viewer, *, ended: bool = False) -> list[Reason]:
    """How many exceptions wait for each reason, or waited, the most frequent first."""
    counts = exception_pages.count_by_reason(Asked(viewer.party_id, ended=ended))
    return [Reason(row.reason, row.times) for row in counts]


def _value(viewer: Viewer, row: WaitingException) -> Waiting:
    is_holders = row.holder_id == viewer.party_id
    reference = f"{row.source} {row.reference}" if row.reference is not None else ""
    return Waiting(
        organization=row.organization,
        organization_name=row.organization_name,
        number=row.number,
        opened_on=row.opened_on,
        item=row.item,
        item_name=row.item_name,
        quantity=Quantity(Micros(row.quantity), row.unit),
        reason=row.reason,
        sentence=row.sentence,
        consumption=row.consumption,
        reference=reference,
        happened_on=row.happened_on,
        entry=row.entry,
        agreement=row.agreement,
        owner=row.owner,
        how=row.how,
        ended_on=row.ended_on,
        ended_by=(row.ended_by or "") if is_holders else "",
        ended_because=(row.ended_because or "") if is_holders else "",
        replaced_by=row.replaced_by if is_holders else None,
    )
