"""The trace of a lot: everything it touched, from its receipts to the customers it went to, and
what is left of it and where (checklist X09).

To an owner only its own part is told, and a customer's name to the holder's side alone.
"""

from datetime import date
from typing import NamedTuple

from consigned.measure.quantity import Micros, Quantity
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.inventory.stock import StockLine, on_hand
from consigned_service.queries.inventory.title import TitleEntry
from consigned_service.records.inventory import lots, title_pages


class WentTo(NamedTuple):
    """How much of a lot left an organization, or came back to it, in one way."""

    organization: str
    item: str
    how: str
    """The kind of entry: issued, lost, sent, returned-by-customer …"""
    used_for: str | None
    customer: str | None
    first_on: str
    last_on: str
    quantity: Quantity


class LotTrace(NamedTuple):
    steps: list[TitleEntry]
    """The entries of its goods, the oldest first; the first so many of them."""
    has_more: bool
    """Whether there are more of them."""
    went_to: list[WentTo]
    left: list[StockLine]


def lot_trace(
    viewer: Viewer, lot: str, *, today: date, item: str | None = None, limit: int = 1000
) -> LotTrace:
    """Everything that a lot touched, as far as the viewer may see it."""
    party = viewer.party_id
    read = title_pages.read_of_lot(party, lot, item=item, limit=limit + 1)
    return LotTrace(
        steps=[TitleEntry.told_to(viewer, row) for row in read[:limit]],
        has_more=len(read) > limit,
        went_to=[
            WentTo(
                row.organization, row.item, row.kind, row.used_for,
                row.customer if row.holder_id == party else None,
                str(row.first_on), str(row.last_on), Quantity(Micros(row.quantity), row.unit),
            )
            for row in lots.read_gone(party, lot, item)
        ],
        left=on_hand(viewer, item, today=today, lot=lot).rows,
    )  # fmt: skip
