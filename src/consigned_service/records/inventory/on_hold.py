"""What may not be used: goods inside the walls that are on hold or blocked."""

from collections.abc import Iterable
from typing import NamedTuple

from consigned.measure.identity import ItemId, OrganizationId, PartyId, PlaceNumber
from consigned.title.position import Condition, Zone
from consigned_service.records.sql import bulk


class OnHold(NamedTuple):
    """So many alike that may not be used."""

    item: ItemId
    owner: PartyId
    place: PlaceNumber
    lot: str | None
    serial: str | None
    quantity: int


def read_on_hold(organization: OrganizationId, items: Iterable[ItemId]) -> list[OnHold]:
    """What of some items may not be used."""
    return _read(organization, items, "p.condition <> %s", Condition.UNRESTRICTED)


def read_on_the_way(organization: OrganizationId, items: Iterable[ItemId]) -> list[OnHold]:
    """What of some items is on its way, and not to be used before it arrives."""
    then = bulk.then()
    places = f"{then} place pl ON pl.organization_id = p.organization_id AND pl.number = p.place "
    return _read(organization, items, "pl.zone = %s", Zone.IN_TRANSIT, places)


def _read(
    organization: OrganizationId, items: Iterable[ItemId], which: str, value: str, places: str = ""
) -> list[OnHold]:
    then = bulk.then()
    return [
        OnHold(*row)
        for row in bulk.look_up(
            set(items),
            "bigint",
            "p.item_id, p.owner_id, p.place, l.lot, l.serial, b.quantity",
            f"position p {places}{then} balance b "
            "ON b.organization_id = p.organization_id AND b.position = p.number "
            f"{then} layer l ON l.organization_id = b.organization_id AND l.number = b.layer",
            f"p.organization_id = %s AND p.item_id = w.value AND {which} AND NOT b.is_outer",
            [organization, str(value)],
        )
    ]
