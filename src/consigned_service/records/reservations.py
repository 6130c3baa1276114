"""Reservations in the database, and what of an item may be promised."""

from collections.abc import Iterable, Mapping

from django.db.models import F
from django.db.models.functions import Greatest

from consigned.measure.identity import ItemId, OrganizationId
from consigned.title.position import Condition
from consigned_service.records import bulk, models
from consigned_service.records.ledger import OpenPosting


def quantities_of(
    organization: OrganizationId, references: Iterable[str]
) -> dict[tuple[str, ItemId], int]:
    """What was promised under some references, by reference and item."""
    rows = models.Reservation.objects.filter(
        organization_id=organization, reference__in=bulk.writable(references)
    )
    return {
        (reference, ItemId(item)): quantity
        for reference, item, quantity in rows.values_list("reference", "item_id", "quantity")
    }


def read_open(
    organization: OrganizationId, items: Iterable[ItemId]
) -> dict[ItemId, dict[str, int]]:
    promised: dict[ItemId, dict[str, int]] = {}
    rows = models.Reservation.objects.filter(organization_id=organization, quantity_open__gt=0)
    wanted = set(items)
    for item, reference, quantity in rows.values_list("item_id", "reference", "quantity_open"):
        if item in wanted:
            promised.setdefault(ItemId(item), {})[reference] = quantity
    return promised


def pickable(organization: OrganizationId, items: Iterable[ItemId]) -> dict[ItemId, int]:
    """What of some items is unrestricted, inside the walls and in a nettable place."""
    subquery, wanted = bulk.among(items)
    return {
        ItemId(item): int(quantity)
        for item, quantity in bulk.fetch(
            "SELECT p.item_id, SUM(b.quantity) FROM position p "
            "JOIN place ON place.organization_id = p.organization_id AND place.number = p.place "
            "JOIN balance b ON b.organization_id = p.organization_id AND b.position = p.number "
            f"WHERE p.organization_id = %s AND p.item_id IN ({subquery}) AND p.condition = %s "
            "AND NOT b.is_outer AND place.is_nettable GROUP BY p.item_id",
            [organization, wanted, Condition.UNRESTRICTED],
        )
    }


def add(posting: OpenPosting, promised: Mapping[tuple[str, ItemId], int]) -> None:
    """Keep promises by reference and item."""
    first = posting.take_numbers("reservation", len(promised))
    models.Reservation.objects.bulk_create(
        models.Reservation(
            organization_id=posting.organization.id,
            number=number,
            reference=reference,
            item_id=item,
            quantity=quantity,
            quantity_open=quantity,
            made_on=posting.recorded_on,
        )
        for number, ((reference, item), quantity) in enumerate(promised.items(), start=first)
    )
    posting.ledger.save(update_fields=["next_reservation"])


def lower(organization: OrganizationId, picked: Mapping[tuple[str, ItemId], int]) -> None:
    for (reference, item), quantity in picked.items():
        models.Reservation.objects.filter(
            organization_id=organization, reference=reference, item_id=item
        ).update(quantity_open=Greatest(F("quantity_open") - quantity, 0))
