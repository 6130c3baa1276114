"""The putaway queue, and what is staged to come into it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from consigned.measure.identity import (
    ItemId,
    LayerNumber,
    OrganizationId,
    PartyId,
    PlaceNumber,
)
from consigned_service.records import models
from consigned_service.records.sql import bulk
from consigned_service.records.sql.bulk import Column

STAGED = "('dock', 'inspection')"


class StagedGoods(NamedTuple):
    """Goods that were received and are not put away yet."""

    layer: LayerNumber
    owner: PartyId
    condition: str


def staged_goods(organization: OrganizationId) -> list[StagedGoods]:
    then = bulk.then()
    return [
        StagedGoods(*row)
        for row in bulk.fetch(
            f"SELECT b.layer, p.owner_id, p.condition FROM place pl {then} position p "
            "ON p.organization_id = pl.organization_id AND p.place = pl.number "
            f"{then} balance b ON b.organization_id = p.organization_id "
            "AND b.position = p.number WHERE pl.organization_id = %s "
            f"AND pl.zone IN {STAGED} AND NOT b.is_outer AND EXISTS (SELECT 1 FROM "
            f"goods_receipt_line a "
            "WHERE a.organization_id = b.organization_id AND a.layer = b.layer) "
            "ORDER BY b.layer",
            [organization],
        )
    ]


def load(organization: OrganizationId, free: Mapping[LayerNumber, PlaceNumber], on: date) -> int:
    """Put layers into the queue, each with its place; answers how many were not in it."""
    _forget_what_is_gone(organization)
    added = bulk.upsert(
        "putaway_task",
        (Column("organization_id"), Column("layer"), Column("place"), Column("loaded_on", "date")),
        [(organization, layer, place, on.isoformat()) for layer, place in free.items()],
        key=("organization_id", "layer"),
        update=None,
        returning=("layer",),
    )
    return len(added)


def _forget_what_is_gone(organization: OrganizationId) -> None:
    """Goods that were put away by hand need no place in the queue."""
    staged = {goods.layer for goods in staged_goods(organization)}
    queued = models.LoadedGoods.objects.filter(organization_id=organization)
    gone = {row.layer for row in queued} - staged
    queued.filter(layer__in=gone).delete()


class Loaded(NamedTuple):
    """What of a layer in the queue lies there, ready to go to its place."""

    reference: str
    receipt: int
    line: int
    layer: LayerNumber
    item: ItemId
    quantity: int
    place: PlaceNumber


def loaded(organization: OrganizationId, receipts: Collection[str]) -> list[Loaded]:
    """What is in the queue and free to go, oldest first; of some receipts, or of all."""
    chosen, values = "", []
    if receipts:
        subquery, wanted = bulk.among(receipts, "text")
        chosen, values = f"AND r.reference IN ({subquery})", [wanted]
    return [
        Loaded(*(*row[:5], int(row[5]), row[6]))
        for row in bulk.fetch(
            "SELECT r.reference, r.number, a.line, q.layer, l.item_id, SUM(b.quantity), q.place "
            "FROM putaway_task q "
            "JOIN layer l ON l.organization_id = q.organization_id AND l.number = q.layer "
            "JOIN goods_receipt_line a ON a.organization_id = q.organization_id AND a.number = "
            "(SELECT MAX(n.number) FROM goods_receipt_line n "
            "WHERE n.organization_id = q.organization_id AND n.layer = q.layer) "
            "JOIN goods_receipt r ON r.organization_id = a.organization_id "
            "AND r.number = a.receipt "
            "JOIN position p ON p.organization_id = q.organization_id "
            "AND p.item_id = l.item_id AND p.condition = 'unrestricted' "
            "JOIN place pl ON pl.organization_id = p.organization_id AND pl.number = p.place "
            f"AND pl.zone IN {STAGED} "
            "JOIN balance b ON b.organization_id = p.organization_id "
            "AND b.position = p.number AND b.layer = q.layer "
            f"WHERE q.organization_id = %s AND NOT b.is_outer {chosen} "
            "GROUP BY r.reference, r.number, a.line, q.layer, l.item_id, q.place, l.received_on "
            "ORDER BY l.received_on, q.layer",
            [organization, *values],
        )
    ]


def unload(organization: OrganizationId, layers: Iterable[LayerNumber]) -> None:
    """Take layers out of the queue once they are put away."""
    models.LoadedGoods.objects.filter(organization_id=organization, layer__in=list(layers)).delete()
