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


ORDER_LINE = (
    "l.id, d.number, l.line, l.item_id, d.consignor_id, l.ownership, d.agreement_id, l.price, "
    "l.currency, l.per, l.quantity"
)


def expected(
    organization: OrganizationId, orders: Iterable[str], order_lines: Iterable[int]
) -> tuple[dict[int, Expected], dict[tuple[str, int], int]]:
    """Order lines by id, and their ids by order number and line."""
    named, numbers = bulk.among(orders, "text")
    chosen, ids = bulk.among(order_lines)
    then = bulk.then()
    rows = bulk.fetch(
        f"SELECT {ORDER_LINE} FROM consigned_order d {then} order_line l ON l.order_id = d.id "
        f"WHERE d.organization_id = %s AND d.number IN ({named}) "
        f"UNION SELECT {ORDER_LINE} FROM order_line l {then} consigned_order d "
        f"ON d.id = l.order_id WHERE l.id IN ({chosen}) AND d.organization_id = %s",
        [organization, numbers, ids, organization],
    )
    items = agreements.items_by_id({row[3] for row in rows})
    by_id, by_number = {}, {}
    for (id, order, line, item, consignor, ownership, agreement, price, currency, per,
         quantity) in rows:  # fmt: skip
        by_number[order, line] = id
        by_id[id] = Expected(
            id, order, items[item], consignor, Ownership(ownership), agreement,
            Price(price, currency, per) if price is not None else None, quantity,
        )  # fmt: skip
    return by_id, by_number


def announced(
    organization: OrganizationId, notices: Iterable[str]
) -> dict[tuple[str, int], Announced]:
    """Ship notice lines by notice number and line."""
    named, numbers = bulk.among(notices, "text")
    rows = bulk.fetch(
        "SELECT n.number, l.line, n.id, l.order_line_id, l.quantity, n.shipped_on, l.lot, "
        "l.serial, l.expires_on FROM ship_notice n JOIN ship_notice_line l ON l.notice_id = n.id "
        f"WHERE n.organization_id = %s AND n.number IN ({named}) ORDER BY n.id, l.line",
        [organization, numbers],
    )
    return {(number, line): Announced(*said) for number, line, *said in rows}


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
    rows = bulk.look_up(
        references,
        "text",
        "k.reference, l.item_id, l.quantity, l.received_on",
        f"idempotency_key k {bulk.then()} layer l "
        "ON l.organization_id = k.organization_id AND l.number = k.document",
        "k.organization_id = %s AND k.source = ' receipt' AND k.reference = w.value",
        [organization],
    )
    return {row[0]: row[1:] for row in rows}


def staged(
    organization: OrganizationId, receipts: Iterable[str]
) -> dict[tuple[str, int], tuple[int, LayerNumber, ItemId, date, Ownership]]:
    """Receipt lines by receipt and line: the receipt's number, its layer, item, day and status."""
    subquery, wanted = bulk.among(receipts, "text")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.reference, l.receipt_line, r.number, l.number, l.item_id, l.received_on, "
            "l.ownership FROM goods_receipt r CROSS JOIN layer l "
            f"WHERE r.organization_id = %s AND r.reference IN ({subquery}) "
            "AND l.organization_id = r.organization_id AND l.receipt = r.number",
            [organization, wanted],
        )
        return {(row[0], row[1]): (*row[2:6], Ownership(row[6])) for row in cursor.fetchall()}
