"""Lots: where pieces of one lie, and where those went that are gone."""

from collections.abc import Iterable
from typing import NamedTuple

from consigned.inventory.holds import Lot
from consigned.measure.identity import ItemId, LayerNumber, OrganizationId, PartyId, PlaceNumber
from consigned.title.position import OUTER_ZONES, Condition
from consigned_service.records.sql import bulk
from consigned_service.records.sql.select import Listing, Where

OUTER = ", ".join(f"'{zone}'" for zone in sorted(OUTER_ZONES))


def known_as(organizations: Iterable[OrganizationId], lot: str) -> list[Lot]:
    """The lots of all items and makers that ever came to some organizations under a mark."""
    chosen = list(organizations)
    if not chosen:
        return []
    marks = ", ".join(["%s"] * len(chosen))
    return [
        Lot(ItemId(item), PartyId(supplier), lot)
        for item, supplier in bulk.fetch(
            "SELECT DISTINCT l.item_id, l.supplier_id FROM layer l "
            f"WHERE l.organization_id IN ({marks}) AND l.lot = %s",
            [*chosen, lot],
        )
    ]


def lying(
    organization: OrganizationId, lot: Lot, condition: Condition
) -> dict[tuple[LayerNumber, PlaceNumber], int]:
    """How much of which layers of a lot lies inside the walls in some condition, and where."""
    then = bulk.then()
    found: dict[tuple[LayerNumber, PlaceNumber], int] = {}
    for layer, place, quantity in bulk.fetch(
        f"SELECT b.layer, p.place, b.quantity FROM layer l {then} position p "
        "ON p.organization_id = l.organization_id AND p.item_id = l.item_id "
        f"{then} balance b ON b.organization_id = p.organization_id AND b.position = p.number "
        "AND b.layer = l.number "
        "WHERE l.organization_id = %s AND l.item_id = %s AND l.supplier_id = %s AND l.lot = %s "
        "AND NOT b.is_outer AND p.condition = %s ORDER BY b.layer, p.place",
        [organization, *lot, condition.value],
    ):
        key = (LayerNumber(layer), PlaceNumber(place))
        found[key] = found.get(key, 0) + quantity
    return found


Marks = tuple[ItemId, str | None, str | None]
"""An item with the lot and the serial that are named of it."""


def makers(organization: OrganizationId, marks: Iterable[Marks]) -> dict[Marks, list[str]]:
    """From whom the goods came that lie inside the walls under a lot or a serial, by its marks."""
    wanted = set(marks)
    items, ids = bulk.among({item for item, _, _ in wanted})
    then = bulk.then()
    rows = bulk.fetch(
        f"SELECT DISTINCT l.item_id, l.lot, l.serial, w.code FROM position p {then} balance b "
        "ON b.organization_id = p.organization_id AND b.position = p.number "
        f"{then} layer l ON l.organization_id = b.organization_id AND l.number = b.layer "
        "JOIN party w ON w.id = l.supplier_id "
        f"WHERE p.organization_id = %s AND NOT b.is_outer AND p.item_id IN ({items}) "
        "AND (l.lot IS NOT NULL OR l.serial IS NOT NULL) ORDER BY w.code",
        [organization, ids],
    )
    found: dict[Marks, list[str]] = {}
    for item, lot, serial, maker in rows:
        for said in ((item, lot, None), (item, None, serial), (item, lot, serial)):
            if said in wanted and maker not in (given := found.setdefault(said, [])):
                given.append(maker)
    return found


class Gone(NamedTuple):
    """How much of a lot left an organization, or came back, in one way."""

    organization: str
    item: str
    unit: str
    kind: str
    used_for: str | None
    customer: str | None
    holder_id: int
    first_on: str
    last_on: str
    quantity: int


GONE = Listing(
    Gone,
    {
        "organization": "o.code",
        "item": "i.code",
        "unit": "i.unit",
        "kind": "e.kind",
        "used_for": "u.kind",
        "customer": "u.customer",
        "holder_id": "o.party_id",
        "first_on": "MIN(e.happened_on)",
        "last_on": "MAX(e.happened_on)",
        "quantity": "SUM(e.quantity)",
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
    group="1, 2, 3, 4, 5, 6, 7",
)


def read_gone(party: int, lot: str, item: str | None) -> list[Gone]:
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
    return GONE.read(where, order=("organization", "item", "kind", "used_for", "customer"))
