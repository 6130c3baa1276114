"""Lots: where pieces of one lie, and where those went that are gone."""

from collections.abc import Iterable

from consigned.inventory.holds import Lot
from consigned.measure.identity import ItemId, LayerNumber, OrganizationId, PartyId, PlaceNumber
from consigned.title.position import Condition
from consigned_service.records.sql import bulk


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
