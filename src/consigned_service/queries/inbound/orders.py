"""Orders with the consigned flag on each line (checklist C03).

Received, returned, consumed and on hand reconcile on every line (C12): what came, did not go back
and is no longer the consignor's was consumed, whether it still lies here as ours or not.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, NamedTuple

from consigned.measure.money import Price
from consigned.measure.quantity import Quantity
from consigned.title.layer import Ownership
from consigned_service.queries.core.figures import Page, page
from consigned_service.queries.core.question import Filter, OfConsignor, OfOrganization, Question
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


TABLES = (
    "purchase_order co JOIN organization o ON o.id = co.organization_id "
    "JOIN party h ON h.id = o.party_id JOIN party w ON w.id = co.consignor_id "
    "LEFT JOIN agreement a ON a.id = co.agreement_id"
)
LINES_OF = "(SELECT COUNT(*) FROM order_line ol WHERE ol.order_id = co.id{which})"
ORDERS = Listing(
    OrderHead,
    {
        "organization": "o.code",
        "organization_name": "o.name",
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


NEWEST = ("-ordered_on", "organization", "number")


class OrderLine(NamedTuple):
    line: int
    item: str
    item_name: str
    ownership: Ownership
    needed_on: date | None
    price: Price | None
    ordered: Quantity
    maximum_quantity: Quantity | None
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
    OrderLine,
    {
        "line": "ol.line",
        "item": "i.code",
        "item_name": "i.name",
        "ownership": "ol.ownership",
        "needed_on": "ol.needed_on",
        "price": ("ol.price", "ol.currency", "ol.per"),
        "ordered": ("ol.quantity", "i.unit"),
        "maximum_quantity": ("ol.maximum_quantity", "i.unit"),
        "is_blanket": "ol.complete_at IS NULL",
        "is_open": IS_OPEN,
        "closed_on": CLOSED_ON,
        "on_order": (ON_ORDER, "i.unit"),
        "in_transit": (IN_TRANSIT, "i.unit"),
        "received": (RECEIVED, "i.unit"),
        "returned": (RETURNED, "i.unit"),
        "consumed": (
            f"CASE WHEN ol.ownership = '{Ownership.CONSIGNED}' THEN {RECEIVED} - {RETURNED} - "
            + LYING.format(
                which="p.owner_id <> o.party_id AND pl.zone NOT IN ('supplier', 'in-transit')"
            )
            + " END",
            "i.unit",
        ),
        "consigned_on_hand": (LYING.format(which=f"p.owner_id <> o.party_id AND {HERE}"), "i.unit"),
        "owned_on_hand": (LYING.format(which=f"p.owner_id = o.party_id AND {HERE}"), "i.unit"),
    },
    f"order_line ol JOIN {TABLES.replace('purchase_order co', 'purchase_order co ON true')} "
    "JOIN item i ON i.id = ol.item_id",
)


class Order(NamedTuple):
    head: OrderHead
    lines: list[OrderLine]
    third_parties: list[PartyRole]
    """Whom it names beside its two parties (checklist E14)."""


def orders(
    viewer: Viewer,
    search: str = "",
    *,
    number: Annotated[str | None, Filter("only the one of this number", "NUMBER")] = None,
    consignor: OfConsignor = None,
    organization: OfOrganization = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[OrderHead]:
    """The orders of the viewer's organizations, and those placed with it, the newest first."""
    where = _seen(viewer).equals(co__number=number, o__code=organization, w__code=consignor)
    if search:
        where.also("LOWER(co.number) LIKE %s ESCAPE '!'", containing(search))
    order = (*order, *NEWEST)
    return page(ORDERS, where, order=order, limit=limit, offset=offset)


ORDER_LIST = Question(
    "orders",
    "List orders: what was ordered of whom, what came of it, and what is to come.",
    orders, "order",
    (

    ),
)  # fmt: skip


def order(viewer: Viewer, organization_code: str, number: str) -> Order | None:
    """One order with its lines; None where the viewer is no party to it."""
    where = _seen(viewer).equals(co__number=number, o__code=organization_code)
    found = ORDERS.read_beside(("o.party_id",), where, order=NEWEST)
    if not found:
        return None
    head, (holder,) = found[0]
    lines = LINES.read(where.also("co.id = ol.order_id"), order=("line",))
    if holder != viewer.party_id:
        lines = [line._replace(owned_on_hand=None) for line in lines]
    return Order(head, lines, third_parties(viewer, [head.agreement] if head.agreement else []))


def _seen(viewer: Viewer) -> Where:
    party = viewer.party_id
    return Where().also("o.party_id = %s OR co.consignor_id = %s", party, party)
