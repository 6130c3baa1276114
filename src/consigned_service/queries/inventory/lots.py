"""The trace of a lot: everything it touched, from its receipts to the customers it went to, and
what is left of it and where (checklist X09).

To an owner only its own part is told, and a customer's name to the holder's side alone.
"""

from datetime import date
from typing import NamedTuple

from consigned.measure.quantity import Quantity
from consigned.title.position import OUTER_ZONES
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.inventory.stock import StockLine, on_hand
from consigned_service.queries.inventory.title import Entry, TitleEntry
from consigned_service.records.sql.select import Listing, Where

OUTER = ", ".join(f"'{zone}'" for zone in sorted(OUTER_ZONES))


class WentTo(NamedTuple):
    """How much of a lot left an organization, or came back to it, in one way."""

    organization: str
    item: str
    how: str
    """The kind of entry: issued, lost, sent, returned-by-customer …"""
    used_for: str | None
    customer: str | None
    first_on: date
    last_on: date
    quantity: Quantity


GONE = Listing(
    WentTo,
    {
        "organization": "o.code",
        "item": "i.code",
        "how": "e.kind",
        "used_for": "u.kind",
        "customer": "CASE WHEN o.party_id = {party} THEN u.customer END",
        "first_on": "MIN(e.happened_on)",
        "last_on": "MAX(e.happened_on)",
        "quantity": ("SUM(e.quantity)", "i.unit"),
    },
    "organization o "
    "{then} layer l ON l.organization_id = o.id "
    "{then} title_entry e ON e.organization_id = l.organization_id AND e.layer = l.number "
    "{then} position sp ON sp.organization_id = e.organization_id AND sp.number = e.source "
    "{then} position tp ON tp.organization_id = e.organization_id AND tp.number = e.target "
    "{then} place sl ON sl.organization_id = sp.organization_id AND sl.number = sp.place "
    "{then} place tl ON tl.organization_id = tp.organization_id AND tl.number = tp.place "
    "{then} item i ON i.id = l.item_id "
    "LEFT JOIN consumption u ON u.organization_id = e.organization_id AND u.number = e.document "
    "AND e.cause = 'consumption'",
    group="o.code, i.code, i.unit, e.kind, u.kind, u.customer, o.party_id",
    order={"customer": "u.customer"},
)


def _read_gone(party: int, lot: str, item: str | None) -> list[WentTo]:
    """What of a lot left the walls, or came back, as far as a party may see it; where its own
    title passed, that stands for what its holder did with the goods."""
    where = Where().also("l.lot = %s", lot)
    where.also("o.party_id = %s OR sp.owner_id = %s OR tp.owner_id = %s", party, party, party)
    where.also(
        "e.kind NOT IN ('shipped', 'received', 'arrived', 'renewed') "
        f"AND (sl.zone IN ({OUTER}) OR tl.zone IN ({OUTER})) "
        "OR e.kind = 'transferred-to-owned' AND o.party_id <> %s",
        party,
    )
    if item is not None:
        where.also("l.item_id = (SELECT id FROM item WHERE code = %s)", item)
    return GONE.read(
        where,
        order=("organization", "item", "how", "used_for", "customer"),
        pieces={"party": str(int(party))},
    )


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
    read = Entry.of_lot(party, lot, item=item, limit=limit + 1)
    return LotTrace(
        steps=[TitleEntry.told_to(viewer, row) for row in read[:limit]],
        has_more=len(read) > limit,
        went_to=_read_gone(party, lot, item),
        left=on_hand(viewer, item, today=today, lot=lot).rows,
    )
