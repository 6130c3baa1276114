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
from consigned_service.records.inbound.order_columns import (
    CLOSED_ON,
    IN_TRANSIT,
    IS_OPEN,
    ON_ORDER,
    RECEIVED,
)
from consigned_service.records.inventory.holdings import OUTER
from consigned_service.records.sql.select import Listing, Where, containing


class OrderRow(NamedTuple):
    organization: str
    organization_name: str
    holder_id: int
    holder_name: str
    number: str
    consignor: str
    consignor_name: str
    agreement: str | None
    ordered_on: date
    lines: int
    consigned_lines: int


TABLES = (
    "consigned_order co JOIN organization o ON o.id = co.organization_id "
    "JOIN party h ON h.id = o.party_id JOIN party w ON w.id = co.consignor_id "
    "LEFT JOIN agreement a ON a.id = co.agreement_id"
)
LINES_OF = "(SELECT COUNT(*) FROM order_line ol WHERE ol.order_id = co.id{which})"
ORDERS = Listing(
    OrderRow,
    {
        "organization": "o.code",
        "organization_name": "o.name",
        "holder_id": "o.party_id",
        "holder_name": "h.name",
        "number": "co.number",
        "consignor": "w.code",
        "consignor_name": "w.name",
        "agreement": "a.number",
        "ordered_on": "co.ordered_on",
        "lines": LINES_OF.format(which=""),
        "consigned_lines": LINES_OF.format(which=" AND ol.ownership = 'consigned'"),
    },
    TABLES,
)


class Asked(NamedTuple):
    """Which orders are asked for; None asks nothing."""

    party: int
    number: str | None = None
    organization: str | None = None
    consignor: str | None = None
    search: str = ""


def _where(asked: Asked) -> Where:
    where = Where().also("o.party_id = %s OR co.consignor_id = %s", asked.party, asked.party)
    where.equals(co__number=asked.number, o__code=asked.organization, w__code=asked.consignor)
    if asked.search:
        where.also("LOWER(co.number) LIKE %s ESCAPE '!'", containing(asked.search))
    return where


def _read(
    asked: Asked, *, order: Sequence[str] = (), limit: int | None = None, offset: int = 0
) -> list[OrderRow]:
    order = (*order, "-ordered_on", "organization", "number")
    return ORDERS.read(_where(asked), order=order, limit=limit, offset=offset)


def _count(asked: Asked) -> int:
    return ORDERS.count(_where(asked))


class OrderLineRow(NamedTuple):
    """`received`, less what went back and what still is the consignor's, is what title has passed
    for."""

    line: int
    item: str
    item_name: str
    unit: str
    ownership: str
    needed_on: date | None
    price: int | None
    per: int
    currency: str
    ordered: int
    at_most: int | None
    is_blanket: bool
    is_open: bool
    closed_on: date | None
    received: int
    on_order: int
    in_transit: int
    returned: int
    still_theirs: int
    consigned_on_hand: int
    owned_on_hand: int


LYING = (
    "(SELECT COALESCE(SUM(b.quantity), 0) FROM layer l CROSS JOIN position p CROSS JOIN place pl "
    "CROSS JOIN balance b WHERE p.organization_id = l.organization_id AND p.item_id = l.item_id "
    "AND pl.organization_id = p.organization_id AND pl.number = p.place "
    "AND b.organization_id = l.organization_id AND b.position = p.number AND b.layer = l.number "
    "AND l.organization_id = co.organization_id AND l.order_line = ol.id AND {which})"
)
HERE = f"pl.zone NOT IN ({OUTER}, 'in-transit')"
RETURNED = (
    "(SELECT COALESCE(SUM(e.quantity), 0) FROM layer l CROSS JOIN title_entry e "
    "WHERE e.organization_id = l.organization_id AND e.layer = l.number "
    "AND l.organization_id = co.organization_id AND l.order_line = ol.id "
    "AND e.kind = 'returned-to-supplier')"
)
LINES = Listing(
    OrderLineRow,
    {
        "line": "ol.line",
        "item": "i.code",
        "item_name": "i.name",
        "unit": "i.unit",
        "ownership": "ol.ownership",
        "needed_on": "ol.needed_on",
        "price": "ol.price",
        "per": "ol.per",
        "currency": "ol.currency",
        "ordered": "ol.quantity",
        "at_most": "ol.at_most",
        "is_blanket": "ol.complete_at IS NULL",
        "is_open": IS_OPEN,
        "closed_on": CLOSED_ON,
        "received": RECEIVED,
        "on_order": ON_ORDER,
        "in_transit": IN_TRANSIT,
        "returned": RETURNED,
        "still_theirs": LYING.format(
            which="p.owner_id <> o.party_id AND pl.zone NOT IN ('supplier', 'in-transit')"
        ),
        "consigned_on_hand": LYING.format(which=f"p.owner_id <> o.party_id AND {HERE}"),
        "owned_on_hand": LYING.format(which=f"p.owner_id = o.party_id AND {HERE}"),
    },
    f"order_line ol JOIN {TABLES.replace('consigned_order co', 'consigned_order co ON true')} "
    "JOIN item i ON i.id = ol.item_id",
)


def _read_lines(party: int, organization: str, number: str) -> list[OrderLineRow]:
    where = _where(Asked(party, number, organization)).also("co.id = ol.order_id")
    return LINES.read(where, order=("line",))


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
    rows = _read(asked, order=order, limit=limit, offset=offset)
    return Page([_head(row) for row in rows], _count(asked))


def order(viewer: Viewer, organization_code: str, number: str) -> Order | None:
    """One order with its lines; None where the viewer is no party to it."""
    party = viewer.party_id
    row = next(iter(_read(Asked(party, number, organization_code))), None)
    if row is None:
        return None
    lines = _read_lines(party, organization_code, number)
    return Order(
        _head(row),
        [_line(line, row.holder_id == party) for line in lines],
        third_parties(viewer, [row.agreement] if row.agreement else []),
    )


def _head(row: OrderRow) -> OrderHead:
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


def _line(row: OrderLineRow, is_holders_side: bool) -> OrderLine:
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
