"""Reservations in the database, and what of an item may be promised."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import F
from django.db.models.functions import Greatest, Least

from consigned.inventory.reservations import Goods, Promise, Scope
from consigned.measure.identity import ItemId, OrganizationId, PartyId
from consigned.title.position import Condition
from consigned_service.records import models
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.sql import bulk

Key = tuple[str, ItemId]
"""A reservation: its reference and the item."""


def standing(
    organization: OrganizationId, references: Iterable[str]
) -> dict[Key, tuple[Promise, int]]:
    """What was promised under some references, and how much of it still is."""
    rows = models.Reservation.objects.filter(
        organization_id=organization, reference__in=bulk.writable(references)
    )
    return {
        (row.reference, ItemId(row.item_id)): (
            Promise(row.quantity, Scope(_party(row.owner), row.lot, row.serial)),
            row.quantity_open,
        )
        for row in rows
    }


def read_open(
    organization: OrganizationId, items: Iterable[ItemId]
) -> dict[ItemId, dict[str, Promise]]:
    promised: dict[ItemId, dict[str, Promise]] = {}
    rows = models.Reservation.objects.filter(organization_id=organization, quantity_open__gt=0)
    wanted = set(items)
    for item, reference, quantity, owner, lot, serial in rows.values_list(
        "item_id", "reference", "quantity_open", "owner", "lot", "serial"
    ):
        if item in wanted:
            promise = Promise(quantity, Scope(_party(owner), lot, serial))
            promised.setdefault(ItemId(item), {})[reference] = promise
    return promised


def _party(owner: int | None) -> PartyId | None:
    return None if owner is None else PartyId(owner)


def pickable(
    organization: OrganizationId, items: Iterable[ItemId], *, on: date
) -> dict[ItemId, list[Goods]]:
    """What of some items is unrestricted, inside the walls, in a nettable place and not expired."""
    subquery, wanted = bulk.among(items)
    found: dict[ItemId, list[Goods]] = {}
    for item, *goods in bulk.fetch(
        "SELECT p.item_id, p.owner_id, l.lot, l.serial, SUM(b.quantity) FROM position p "
        "JOIN place ON place.organization_id = p.organization_id AND place.number = p.place "
        "JOIN balance b ON b.organization_id = p.organization_id AND b.position = p.number "
        "JOIN layer l ON l.organization_id = b.organization_id AND l.number = b.layer "
        f"WHERE p.organization_id = %s AND p.item_id IN ({subquery}) AND p.condition = %s "
        "AND NOT b.is_outer AND place.is_nettable "
        "AND (l.expires_on IS NULL OR l.expires_on >= %s) "
        "GROUP BY p.item_id, p.owner_id, l.lot, l.serial",
        [organization, wanted, Condition.UNRESTRICTED, on],
    ):
        owner, lot, serial, left = goods
        found.setdefault(ItemId(item), []).append(Goods(owner, lot, serial, int(left)))
    return found


def add(posting: OpenPosting, promised: Mapping[Key, Promise]) -> None:
    """Keep promises by reference and item."""
    first = posting.take_numbers("reservation", len(promised))
    models.Reservation.objects.bulk_create(
        models.Reservation(
            organization_id=posting.organization.id,
            number=number,
            reference=reference,
            item_id=item,
            quantity=promise.quantity,
            quantity_open=promise.quantity,
            owner=promise.scope.owner,
            lot=promise.scope.lot,
            serial=promise.scope.serial,
            made_on=posting.recorded_on,
        )
        for number, ((reference, item), promise) in enumerate(promised.items(), start=first)
    )
    posting.ledger.save(update_fields=["next_reservation"])


def cancel(organization: OrganizationId, keys: Iterable[Key]) -> None:
    """Promise nothing any more under some reservations."""
    for reference, item in keys:
        models.Reservation.objects.filter(
            organization_id=organization, reference=reference, item_id=item
        ).update(quantity_open=0)


def raise_again(organization: OrganizationId, unused: Mapping[tuple[str, ItemId], int]) -> None:
    for (reference, item), quantity in unused.items():
        models.Reservation.objects.filter(
            organization_id=organization, reference=reference, item_id=item
        ).update(quantity_open=Least(F("quantity_open") + quantity, F("quantity")))


def lower(organization: OrganizationId, picked: Mapping[tuple[str, ItemId], int]) -> None:
    for (reference, item), quantity in picked.items():
        models.Reservation.objects.filter(
            organization_id=organization, reference=reference, item_id=item
        ).update(quantity_open=Greatest(F("quantity_open") - quantity, 0))
