"""What receipts need of orders and ship notices, and the receipts themselves, in the database."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import Sum

from consigned.measure.identity import AgreementId, ItemId, LayerNumber, OrganizationId, PartyId
from consigned.measure.money import Price
from consigned.title.layer import Ownership
from consigned.trade.items import Item
from consigned_service.records import agreements, bulk, models


class Expected(NamedTuple):
    """An order line that goods may be received against."""

    order_line: int
    order: str
    item: Item
    supplier: PartyId
    ownership: Ownership
    agreement: AgreementId | None
    price: Price | None
    quantity: int


class Announced(NamedTuple):
    """A ship notice line that goods may be received against."""

    notice: int
    order_line: int
    quantity: int
    shipped_on: date
    lot: str
    serial: str
    expires_on: date | None


def expected(
    organization: OrganizationId, orders: Iterable[str], order_lines: Iterable[int]
) -> tuple[dict[int, Expected], dict[tuple[str, int], int]]:
    """Order lines by id, and their ids by order number and line."""
    wanted = models.OrderLine.objects.filter(order__organization_id=organization)
    named = wanted.filter(order__number__in=bulk.writable(orders))
    rows = named | wanted.filter(pk__in=set(order_lines))
    found = list(rows.select_related("order"))
    items = agreements.items_by_id({row.item_id for row in found})
    by_id, by_number = {}, {}
    for row in found:
        by_number[row.order.number, row.line] = row.pk
        by_id[row.pk] = Expected(
            row.pk,
            row.order.number,
            items[ItemId(row.item_id)],
            PartyId(row.order.consignor_id),
            Ownership(row.ownership),
            AgreementId(row.order.agreement_id) if row.order.agreement_id else None,
            Price(row.price, row.currency, row.per) if row.price is not None else None,
            row.quantity,
        )
    return by_id, by_number


def announced(
    organization: OrganizationId, notices: Iterable[str]
) -> dict[tuple[str, int], Announced]:
    """Ship notice lines by notice number and line."""
    rows = models.ShipNoticeLine.objects.filter(
        notice__organization_id=organization, notice__number__in=bulk.writable(notices)
    ).select_related("notice")
    return {
        (row.notice.number, row.line): Announced(
            row.notice_id, row.order_line_id, row.quantity, row.notice.shipped_on,
            row.lot, row.serial, row.expires_on,
        )
        for row in rows.order_by("notice_id", "line")
    }  # fmt: skip


def received(organization: OrganizationId, order_lines: Iterable[int]) -> dict[int, int]:
    """How much was received under each order line so far."""
    rows = models.Layer.objects.filter(
        organization_id=organization, order_line__in=set(order_lines)
    )
    return dict(rows.values_list("order_line").annotate(Sum("quantity")))


def told(
    organization: OrganizationId, references: Iterable[str]
) -> dict[str, tuple[int, int, date]]:
    """What receipts said before, by 'receipt/line': item, quantity and day."""
    subquery, wanted = bulk.among(references, "text")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.reference, l.item_id, l.quantity, l.received_on FROM idempotency_key k "
            "JOIN layer l ON l.organization_id = k.organization_id AND l.number = k.document "
            "WHERE k.organization_id = %s AND k.source = 'receipt' "
            f"AND k.reference IN ({subquery})",
            [organization, wanted],
        )
        return {row[0]: row[1:] for row in cursor.fetchall()}


def staged(
    organization: OrganizationId, receipts: Iterable[str]
) -> dict[tuple[str, int], tuple[int, LayerNumber, ItemId, date]]:
    """Receipt lines by receipt and line: the receipt's number, its layer, item and day."""
    subquery, wanted = bulk.among(receipts, "text")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.reference, l.receipt_line, r.number, l.number, l.item_id, l.received_on "
            "FROM goods_receipt r JOIN layer l "
            "ON l.organization_id = r.organization_id AND l.receipt = r.number "
            f"WHERE r.organization_id = %s AND r.reference IN ({subquery})",
            [organization, wanted],
        )
        return {(row[0], row[1]): row[2:] for row in cursor.fetchall()}
