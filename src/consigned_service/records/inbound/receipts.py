"""What receipts need of orders and ship notices, and the receipts themselves, in the database."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from consigned.inbound.inspections import Lying
from consigned.inventory.stock import Holding
from consigned.master_data.items import Item
from consigned.measure.identity import (
    AgreementId,
    ItemId,
    LayerNumber,
    OrganizationId,
    PartyId,
    PositionNumber,
    ReceiptNumber,
)
from consigned.measure.money import Price
from consigned.title.layer import Ownership
from consigned.title.position import Condition, Position
from consigned.title.post import Book
from consigned_service.records.inventory.stock import HOLDING, OnHand
from consigned_service.records.master_data import agreements
from consigned_service.records.returns import returns
from consigned_service.records.sql import bulk


class Expected(NamedTuple):
    """An order line that goods may be received against."""

    order_line: int
    order: str
    line: int
    item: Item
    supplier: PartyId
    ownership: Ownership
    agreement: AgreementId | None
    price: Price | None
    quantity: int
    maximum_quantity: int | None
    closed_on: date | None


class Announced(NamedTuple):
    """A ship notice line that goods may be received against, and who ships."""

    consignor: PartyId
    line: int
    notice: int
    order_line: int
    quantity: int
    shipped_on: date
    lot: str
    serial: str
    expires_on: date | None
    customs_status: str
    customs_document: str
    origin: str


ORDER_LINE = (
    "l.id, d.number, l.line, l.item_id, d.consignor_id, l.ownership, d.agreement_id, l.price, "
    "l.currency, l.per, l.quantity, l.maximum_quantity, c.closed_on"
)
CLOSED = "LEFT JOIN order_line_closing c ON c.order_line_id = l.id"


def expected(
    organization: OrganizationId, orders: Iterable[str], order_lines: Iterable[int]
) -> tuple[dict[int, Expected], dict[tuple[str, int], int]]:
    """Order lines by id, and their ids by order number and line."""
    named, numbers = bulk.among(orders, "text")
    chosen, ids = bulk.among(order_lines)
    then = bulk.then()
    rows = bulk.fetch(
        f"SELECT {ORDER_LINE} FROM purchase_order d {then} order_line l ON l.order_id = d.id "
        f"{CLOSED} WHERE d.organization_id = %s AND d.number IN ({named}) "
        f"UNION SELECT {ORDER_LINE} FROM order_line l {then} purchase_order d "
        f"ON d.id = l.order_id {CLOSED} WHERE l.id IN ({chosen}) AND d.organization_id = %s",
        [organization, numbers, ids, organization],
    )
    items = agreements.items_by_id({row[3] for row in rows})
    by_id, by_number = {}, {}
    for (id, order, line, item, consignor, ownership, agreement, price, currency, per,
         quantity, maximum_quantity, closed_on) in rows:  # fmt: skip
        by_number[order, line] = id
        by_id[id] = Expected(
            id, order, line, items[item], consignor, Ownership(ownership), agreement,
            Price(price, currency, per) if price is not None else None, quantity, maximum_quantity,
            closed_on,
        )  # fmt: skip
    return by_id, by_number


def announced(organization: OrganizationId, notices: Iterable[str]) -> dict[str, list[Announced]]:
    """Ship notice lines by the notice's number, which several consignors may have given."""
    named, numbers = bulk.among(notices, "text")
    rows = bulk.fetch(
        "SELECT n.number, n.consignor_id, l.line, n.id, l.order_line_id, l.quantity, n.shipped_on, "
        "l.lot, l.serial, l.expires_on, l.customs_status, l.customs_document, l.origin "
        "FROM ship_notice n JOIN ship_notice_line l ON l.notice_id = n.id "
        f"WHERE n.organization_id = %s AND n.number IN ({named}) ORDER BY n.id, l.line",
        [organization, numbers],
    )
    found: dict[str, list[Announced]] = {}
    for number, *said in rows:
        found.setdefault(number, []).append(Announced(*said))
    return found


def received(organization: OrganizationId, order_lines: Iterable[int]) -> dict[int, int]:
    """How much was received under each order line so far, less what is to come again."""
    subquery, wanted = bulk.among(set(order_lines))
    rows = bulk.fetch(
        f"SELECT l.order_line, SUM(a.quantity) FROM layer l {bulk.then()} goods_receipt_line a "
        "ON a.organization_id = l.organization_id AND a.layer = l.number "
        f"WHERE l.organization_id = %s AND l.order_line IN ({subquery}) GROUP BY l.order_line",
        [organization, wanted],
    )
    again = returns.reopened(organization, order_lines)
    return {line: int(quantity) - again.get(line, 0) for line, quantity in rows}


class Staged(NamedTuple):
    """What came with a receipt line: the receipt's number, the item, and the layers."""

    receipt: ReceiptNumber
    item: ItemId
    ownership: Ownership
    layers: dict[LayerNumber, bool]
    """The layers, and of each whether it is inspected first."""


def staged(organization: OrganizationId, receipts: Iterable[str]) -> dict[tuple[str, int], Staged]:
    """What came with the lines of some receipts, by receipt and line."""
    subquery, wanted = bulk.among(receipts, "text")
    found: dict[tuple[str, int], Staged] = {}
    for reference, line, receipt, layer, item, ownership, is_inspected in bulk.fetch(
        "SELECT r.reference, a.line, r.number, a.layer, l.item_id, l.ownership, a.is_inspected "
        f"FROM goods_receipt r {bulk.then()} goods_receipt_line a "
        "ON a.organization_id = r.organization_id AND a.receipt = r.number "
        f"{bulk.then()} layer l ON l.organization_id = a.organization_id AND l.number = a.layer "
        f"WHERE r.organization_id = %s AND r.reference IN ({subquery})",
        [organization, wanted],
    ):
        goods = found.setdefault((reference, line), Staged(receipt, item, Ownership(ownership), {}))
        goods.layers[layer] = bool(is_inspected)
    return found


AWAITS_INSPECTION = (
    "(pl.zone IN ('dock', 'inspection') AND EXISTS (SELECT 1 FROM goods_receipt_line a "
    "WHERE a.organization_id = b.organization_id AND a.layer = b.layer AND a.is_inspected))"
)
"""What of the goods on hold at a place `pl`, told by their balance `b`, waits for inspection."""


def to_inspect(
    organization: OrganizationId, items: Iterable[ItemId]
) -> set[tuple[PositionNumber, LayerNumber]]:
    """Where goods of some items wait for their inspection, and of which layers."""
    then = bulk.then()
    return {
        (position, layer)
        for position, layer in bulk.look_up(
            set(items),
            "bigint",
            "b.position, b.layer",
            f"position p {then} place pl "
            "ON pl.organization_id = p.organization_id AND pl.number = p.place "
            f"{then} balance b "
            "ON b.organization_id = p.organization_id AND b.position = p.number",
            "p.organization_id = %s AND p.item_id = w.value AND p.condition = %s "
            f"AND {AWAITS_INSPECTION}",
            [organization, Condition.ON_HOLD.value],
        )
    }


def serials_on_hand(
    organization: OrganizationId, items: Iterable[int]
) -> dict[tuple[ItemId, PartyId, str], str]:
    """The serials of some items inside the walls, each its supplier's, and the place it lies at."""
    subquery, wanted = bulk.among(set(items))
    then = bulk.then()
    return {
        (item, supplier, serial): place
        for item, supplier, serial, place in bulk.fetch(
            f"SELECT l.item_id, l.supplier_id, l.serial, pl.code FROM position p {then} balance b "
            "ON b.organization_id = p.organization_id AND b.position = p.number "
            f"{then} layer l ON l.organization_id = b.organization_id AND l.number = b.layer "
            "JOIN place pl ON pl.organization_id = p.organization_id AND pl.number = p.place "
            f"WHERE p.organization_id = %s AND NOT b.is_outer AND p.item_id IN ({subquery}) "
            "AND l.serial IS NOT NULL",
            [organization, wanted],
        )
    }


class OnTheWay(NamedTuple):
    """A layer that opened when it was shipped: for which order line, by which notice line."""

    layer: LayerNumber
    order_line: int
    notice: int
    line: int
    shipped_on: date
    expires_on: date | None


def on_the_way(organization: OrganizationId, order_lines: Iterable[int]) -> list[OnTheWay]:
    """The layers of some order lines that opened when they were shipped, oldest first."""
    subquery, wanted = bulk.among(set(order_lines))
    then = bulk.then()
    return [
        OnTheWay(*row)
        for row in bulk.fetch(
            "SELECT l.number, l.order_line, s.ship_notice, s.line, l.shipped_on, l.expires_on "
            f"FROM layer l {then} in_transit_layer s "
            "ON s.organization_id = l.organization_id AND s.layer = l.number "
            f"WHERE l.organization_id = %s AND l.order_line IN ({subquery}) ORDER BY l.number",
            [organization, wanted],
        )
    ]


def read_lying(
    book: Book, layers: Iterable[LayerNumber], *, ours: PartyId
) -> tuple[list[Lying], OnHand]:
    """Bring all goods of some layers inside the walls into the book, whatever their condition:
    what lies where, and what of each layer is still its consignor's."""
    subquery, wanted = bulk.among(set(layers))
    then = bulk.then()
    lying, on_hand = [], OnHand()
    for (item, owner, place, condition, position, layer, quantity, came_on, received_on, ownership,
         agreement, order_line, price, currency, per, lot, serial, expires_on) in bulk.fetch(
        f"SELECT {HOLDING} FROM layer l {then} position p "
        "ON p.organization_id = l.organization_id AND p.item_id = l.item_id "
        f"{then} balance b ON b.organization_id = p.organization_id "
        "AND b.position = p.number AND b.layer = l.number "
        f"WHERE l.organization_id = %s AND l.number IN ({subquery}) AND NOT b.is_outer "
        "ORDER BY l.received_on, l.number, p.number",
        [book.organization, wanted],
    ):  # fmt: skip
        book.know(position, Position(item, owner, place, condition))
        book.lies((position, layer), quantity, came_on)
        value = Price(price, currency, per) if price is not None else None
        if value is not None:
            on_hand.values[layer] = value
        if owner != ours:
            on_hand.consigned[layer] = on_hand.consigned.get(layer, 0) + quantity
        goods = Holding(
            item, owner, place, position, layer, received_on, quantity, ownership, agreement,
            value if order_line is not None else None, lot, serial, expires_on,
        )  # fmt: skip
        lying.append(Lying(goods, condition))
    return lying, on_hand
