"""Orders as people read them: each line with what came, what was used and what still lies here."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from consigned_service.records.inventory.holdings import OUTER
from consigned_service.records.master_data.item_pages import (
    CLOSED_ON,
    IN_TRANSIT,
    IS_OPEN,
    ON_ORDER,
    RECEIVED,
)
from consigned_service.records.sql.select import Listing, Where, containing


class Order(NamedTuple):
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
    Order,
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


def read(
    asked: Asked, *, order: Sequence[str] = (), limit: int | None = None, offset: int = 0
) -> list[Order]:
    order = (*order, "-ordered_on", "organization", "number")
    return ORDERS.read(_where(asked), order=order, limit=limit, offset=offset)


def count(asked: Asked) -> int:
    return ORDERS.count(_where(asked))


class OrderLine(NamedTuple):
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
    OrderLine,
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


def read_lines(party: int, organization: str, number: str) -> list[OrderLine]:
    where = _where(Asked(party, number, organization)).also("co.id = ol.order_id")
    return LINES.read(where, order=("line",))
