"""Orders in the database: their heads, their lines, and adding new ones."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from consigned.measure.identity import AgreementId, ItemId, OrganizationId, PartyId
from consigned.measure.money import Price
from consigned_service.records import models
from consigned_service.records.sql import bulk


class OrderHead(NamedTuple):
    consignor: PartyId
    ordered_on: date
    agreement: AgreementId | None


class OrderRow(NamedTuple):
    """A line of an order, the quantity in the item's own unit."""

    order: str
    line: int
    item: ItemId
    quantity: int
    ownership: str
    price: Price | None
    needed_on: date | None
    maximum_quantity: int | None
    complete_at: int | None
    unit: str = ""
    """The unit that it was ordered in; empty: the item's own."""

    @property
    def key(self) -> tuple[str, int]:
        return self.order, self.line


def heads(organization: OrganizationId, numbers: Iterable[str]) -> dict[str, OrderHead]:
    rows = models.ConsignedOrder.objects.filter(
        organization_id=organization, number__in=set(numbers)
    )
    return {
        row.number: OrderHead(
            PartyId(row.consignor_id),
            row.ordered_on,
            AgreementId(row.agreement_id) if row.agreement_id else None,
        )
        for row in rows
    }


def lines(
    organization: OrganizationId, keys: Collection[tuple[str, int]]
) -> dict[tuple[str, int], OrderRow]:
    rows = models.OrderLine.objects.select_related("order").filter(
        order__organization_id=organization,
        order__number__in={order for order, _ in keys},
        line__in={line for _, line in keys},
    )
    return {(row.order.number, row.line): _order_row(row) for row in rows}


def add(
    organization: OrganizationId,
    added: Mapping[str, OrderHead],
    agreed: Mapping[str, AgreementId],
    rows: Sequence[OrderRow],
) -> None:
    """Write new orders, the agreements that orders came under since, and new lines.

    The caller holds the organization's lock.
    """
    models.ConsignedOrder.objects.bulk_create(
        models.ConsignedOrder(
            organization_id=organization,
            number=number,
            consignor_id=head.consignor,
            agreement_id=head.agreement,
            ordered_on=head.ordered_on,
        )
        for number, head in added.items()
    )
    orders = models.ConsignedOrder.objects.filter(
        organization_id=organization, number__in={row.order for row in rows}
    )
    ids = {order.number: order.pk for order in orders}
    changed = [order for order in orders if order.number in agreed]
    for order in changed:
        order.agreement_id = agreed[order.number]
    models.ConsignedOrder.objects.bulk_update(changed, ["agreement"])
    bulk.insert(
        "order_line",
        ("order_id", "line", "item_id", "quantity", "ownership", "price", "per", "currency",
         "needed_on", "maximum_quantity", "complete_at", "unit"),
        [
            (ids[row.order], row.line, row.item, row.quantity, row.ownership,
             row.price.micros if row.price else None, row.price.per if row.price else 1_000_000,
             row.price.currency if row.price else "",
             row.needed_on.isoformat() if row.needed_on else None, row.maximum_quantity,
             row.complete_at, row.unit)
            for row in rows
        ],
    )  # fmt: skip


def _order_row(row: models.OrderLine) -> OrderRow:
    price = None if row.price is None else Price(row.price, row.currency, row.per)
    return OrderRow(
        row.order.number, row.line, ItemId(row.item_id), row.quantity, row.ownership, price,
        row.needed_on, row.maximum_quantity, row.complete_at, row.unit,
    )  # fmt: skip


class Closing(NamedTuple):
    """An order line, and the end of waiting for it where there is one."""

    order_line: int
    closed_on: date | None
    closed_by: str = ""
    because: str = ""


def closings(organization: OrganizationId, orders: Iterable[str]) -> dict[tuple[str, int], Closing]:
    """The lines of some orders by order and line, each with the day it was closed on."""
    named, numbers = bulk.among(orders, "text")
    then = bulk.then()
    rows = bulk.fetch(
        "SELECT d.number, l.line, l.id, c.closed_on "
        f"FROM purchase_order d {then} order_line l ON l.order_id = d.id "
        "LEFT JOIN order_line_closing c ON c.order_line_id = l.id "
        f"WHERE d.organization_id = %s AND d.number IN ({named})",
        [organization, numbers],
    )
    return {(order, line): Closing(id, closed_on) for order, line, id, closed_on in rows}


def close(rows: Iterable[Closing]) -> None:
    bulk.insert(
        "order_line_closing",
        ("order_line_id", "closed_on", "closed_by", "because"),
        [
            (row.order_line, row.closed_on and row.closed_on.isoformat(), row.closed_by,
             row.because)
            for row in rows
        ],
    )  # fmt: skip
