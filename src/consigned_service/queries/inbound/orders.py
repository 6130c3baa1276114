"""Orders with the consigned flag on each line (checklist C03).

Received, returned, consumed and on hand reconcile on every line (C12): what came, did not go back
and is no longer the consignor's was consumed, whether it still lies here as ours or not.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from consigned.measure.money import Price
from consigned.measure.quantity import Micros, Quantity
from consigned.title.layer import Ownership
from consigned_service.queries.core.figures import Page
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.master_data.roles import PartyRole, third_parties
from consigned_service.records.inbound import order_pages
from consigned_service.records.inbound.order_pages import Asked


class OrderHead(NamedTuple):
    organization: str
    organization_name: str
    holder_name: str
    number: str
    consignor: str
    consignor_name: str
    agreement: str | None
    ordered_on: date
    lines: int
    consigned_lines: int


class OrderLine(NamedTuple):
    line: int
    item: str
    item_name: str
    ownership: Ownership
    needed_on: date | None
    price: Price | None
    ordered: Quantity
    at_most: Quantity | None
    """None where any quantity may come: on a blanket line without a limit."""
    is_blanket: bool
    is_open: bool
    """Whether more is expected: nobody closed the line, and too little has come."""
    closed_on: date | None
    on_order: Quantity
    in_transit: Quantity
    received: Quantity
    returned: Quantity
    """What went back to the supplier, as its own or as ours."""
    consumed: Quantity | None
    """What title has passed for; None on a line that is not consigned."""
    consigned_on_hand: Quantity
    owned_on_hand: Quantity | None
    """What lies here as the holder's own; None to the consignor, whose business it is not."""


class Order(NamedTuple):
    head: OrderHead
    lines: list[OrderLine]
    third_parties: list[PartyRole]
    """Whom it names beside its two parties (checklist E14)."""


def orders(
    viewer: Viewer,
    search: str = "",
    *,
    number: str | None = None,
    consignor: str | None = None,
    organization: str | None = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[OrderHead]:
    """The orders of the viewer's organizations, and those placed with it, the newest first."""
    asked = Asked(viewer.party_id, number, organization, consignor, search)
    rows = order_pages.read(asked, order=order, limit=limit, offset=offset)
    return Page([_head(row) for row in rows], order_pages.count(asked))


def order(viewer: Viewer, organization_code: str, number: str) -> Order | None:
    """One order with its lines; None where the viewer is no party to it."""
    party = viewer.party_id
    row = next(iter(order_pages.read(Asked(party, number, organization_code))), None)
    if row is None:
        return None
    lines = order_pages.read_lines(party, organization_code, number)
    return Order(
        _head(row),
        [_line(line, row.holder_id == party) for line in lines],
        third_parties(viewer, [row.agreement] if row.agreement else []),
    )


def _head(row: order_pages.Order) -> OrderHead:
    return OrderHead(
        organization=row.organization,
        organization_name=row.organization_name,
        holder_name=row.holder_name,
        number=row.number,
        consignor=row.consignor,
        consignor_name=row.consignor_name,
        agreement=row.agreement,
        ordered_on=row.ordered_on,
        lines=row.lines,
        consigned_lines=row.consigned_lines,
    )


def _line(row: order_pages.OrderLine, is_holders_side: bool) -> OrderLine:
    def quantity(micros: int) -> Quantity:
        return Quantity(Micros(micros), row.unit)

    is_consigned = row.ownership == Ownership.CONSIGNED
    return OrderLine(
        line=row.line,
        item=row.item,
        item_name=row.item_name,
        ownership=Ownership(row.ownership),
        needed_on=row.needed_on,
        price=Price(row.price, row.currency, row.per) if row.price is not None else None,
        ordered=quantity(row.ordered),
        at_most=None if row.at_most is None else quantity(row.at_most),
        is_blanket=bool(row.is_blanket),
        is_open=bool(row.is_open),
        closed_on=row.closed_on,
        on_order=quantity(row.on_order),
        in_transit=quantity(row.in_transit),
        received=quantity(row.received),
        returned=quantity(row.returned),
        consumed=(
            quantity(row.received - row.returned - row.still_theirs) if is_consigned else None
        ),
        consigned_on_hand=quantity(row.consigned_on_hand),
        owned_on_hand=quantity(row.owned_on_hand) if is_holders_side else None,
    )
