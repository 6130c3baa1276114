"""Reservations in the database, and what of an item may be promised."""

from collections.abc import Iterable, Mapping

from django.db import connection
from django.db.models import F
from django.db.models.functions import Greatest

from consigned.measure.identity import ItemId, OrganizationId
from consigned.title.position import Condition
from consigned_service.records import models
from consigned_service.records.ledger import OpenPosting


def quantity_of(organization: OrganizationId, reference: str, item: ItemId) -> int | None:
    rows = models.Reservation.objects.filter(
        organization_id=organization, reference=reference, item_id=item
    )
    return rows.values_list("quantity", flat=True).first()


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


def pickable(organization: OrganizationId, item: ItemId) -> int:
    """What of an item is unrestricted, inside the walls and in a nettable place."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE(SUM(b.quantity), 0) FROM position p "
            "JOIN place ON place.organization_id = p.organization_id AND place.number = p.place "
            "JOIN balance b ON b.organization_id = p.organization_id AND b.position = p.number "
            "WHERE p.organization_id = %s AND p.item_id = %s AND p.condition = %s "
            "AND NOT b.is_outer AND place.is_nettable",
            [organization, item, Condition.UNRESTRICTED],
        )
        return int(cursor.fetchone()[0])


def add(posting: OpenPosting, reference: str, item: ItemId, quantity: int) -> None:
    number = posting.take_numbers("reservation", 1)
    models.Reservation.objects.create(
        organization_id=posting.organization.id,
        number=number,
        reference=reference,
        item_id=item,
        quantity=quantity,
        quantity_open=quantity,
        made_on=posting.recorded_on,
    )
    posting.ledger.save(update_fields=["next_reservation"])


def lower(organization: OrganizationId, picked: Mapping[tuple[str, ItemId], int]) -> None:
    for (reference, item), quantity in picked.items():
        models.Reservation.objects.filter(
            organization_id=organization, reference=reference, item_id=item
        ).update(quantity_open=Greatest(F("quantity_open") - quantity, 0))
