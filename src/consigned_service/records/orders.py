"""Orders in the database: their heads, their lines, and adding new ones."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from consigned.measure.identity import AgreementId, ItemId, OrganizationId, PartyId
from consigned.measure.money import Price
from consigned_service.records import bulk, models


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
         "needed_on"),
        [
            (ids[row.order], row.line, row.item, row.quantity, row.ownership,
             row.price.micros if row.price else None, row.price.per if row.price else 1_000_000,
             row.price.currency if row.price else "",
             row.needed_on.isoformat() if row.needed_on else None)
            for row in rows
        ],
    )  # fmt: skip


def _order_row(row: models.OrderLine) -> OrderRow:
    price = None if row.price is None else Price(row.price, row.currency, row.per)
    return OrderRow(
        row.order.number, row.line, ItemId(row.item_id), row.quantity, row.ownership, price,
        row.needed_on,
    )  # fmt: skip
