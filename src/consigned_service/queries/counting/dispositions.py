"""Damaged and lost goods: what became of them, others' apart from our own (checklist E38)."""

from datetime import date
from typing import NamedTuple

from consigned.measure.quantity import Micros, Quantity
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.counting import count_pages
from consigned_service.records.counting.count_pages import Disposed


class DispositionLine(NamedTuple):
    """Goods of one owner that were damaged or lost, and what became of them."""

    organization: str
    item: str
    item_name: str
    owner: str
    owner_name: str
    agreement: str | None
    outcome: str
    """waiting: blocked now; block, scrap, return, keep: as was said; counted: found missing, or
    below zero found again."""
    reason: str | None
    consignee_percent: int | None
    """What of the loss the consignee bears; None where there is no loss to bear."""
    quantity: Quantity
    happened_on: date | None


class Dispositions(NamedTuple):
    """Damaged and lost goods, told apart by whose they are to their holder."""

    consigned: list[DispositionLine]
    owned: list[DispositionLine]


def dispositions(viewer: Viewer, organization: str | None = None) -> Dispositions:
    """What became of damaged and lost goods that the viewer holds or owns, by day; what is
    blocked and waits comes first."""
    rows = [
        *count_pages.lying_apart(viewer.party_id, organization),
        *count_pages.disposed(viewer.party_id, organization),
    ]
    return Dispositions(
        [_line(row) for row in rows if row.owner_id != row.holder_id],
        [_line(row) for row in rows if row.owner_id == row.holder_id],
    )


def _line(row: Disposed) -> DispositionLine:
    is_borne = row.outcome in ("scrap", "keep", "counted") and row.quantity > 0
    return DispositionLine(
        row.organization,
        row.item,
        row.item_name,
        row.owner,
        row.owner_name,
        row.agreement,
        row.outcome,
        row.reason,
        row.share if is_borne else None,
        Quantity(Micros(row.quantity), row.unit),
        row.happened_on,
    )
