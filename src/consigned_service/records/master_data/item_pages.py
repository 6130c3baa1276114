"""Items as people look for them, and what is still to come of them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from consigned.measure.gs1 import as_gtin
from consigned_service.records.sql.select import Listing, Where, containing


class Item(NamedTuple):
    id: int
    code: str
    name: str
    unit: str
    ownership: str
    gtin: str


ITEMS = Listing(
    Item,
    {
        "id": "i.id",
        "code": "i.code",
        "name": "i.name",
        "unit": "i.unit",
        "ownership": "i.ownership",
        "gtin": "i.gtin",
    },
    "item i",
)
KNOWN = (
    "i.id IN (SELECT gl.item_id FROM agreement_line gl JOIN agreement a ON a.id = gl.agreement_id "
    "WHERE a.consignor_id = %s OR a.consignee_id = %s) OR "
    "i.id IN (SELECT p.item_id FROM position p WHERE p.owner_id = %s) OR "
    "i.id IN (SELECT p.item_id FROM position p JOIN organization o ON o.id = p.organization_id "
    "WHERE o.party_id = %s) OR "
    "EXISTS (SELECT 1 FROM order_line ol JOIN consigned_order co ON co.id = ol.order_id "
    "JOIN organization o ON o.id = co.organization_id "
    "WHERE ol.item_id = i.id AND (co.consignor_id = %s OR o.party_id = %s))"
)


def _where(party: int, search: str, ownership: str | None) -> Where:
    where = Where().also(KNOWN, *[party] * 6).equals(i__ownership=ownership)
    if search:
        like = containing(search)
        where.also(
            "LOWER(i.code) LIKE %s ESCAPE '!' OR LOWER(i.name) LIKE %s ESCAPE '!' OR i.gtin = %s",
            like,
            like,
            as_gtin(search) or search,
        )
    return where


def read(
    party: int,
    *,
    search: str = "",
    ownership: str | None = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> list[Item]:
    """The items that a party trades: agreed on, ordered, or ever owned or held."""
    where = _where(party, search, ownership)
    return ITEMS.read(where, order=(*order, "code"), limit=limit, offset=offset)


def count(party: int, *, search: str = "", ownership: str | None = None) -> int:
    return ITEMS.count(_where(party, search, ownership))


def read_one(party: int, code: str) -> Item | None:
    where = _where(party, "", None).also("i.code = %s", code)
    return next(iter(ITEMS.read(where)), None)


class ToCome(NamedTuple):
    """What an order line still brings, and how much of it is on its way."""

    item: int
    organization: str
    organization_name: str
    holder_id: int
    holder_name: str
    consignor: str
    consignor_name: str
    order: str
    line: int
    ownership: str
    ordered_on: date
    needed_on: date | None
    ordered: int
    received: int
    open: int
    in_transit: int


# Joins in a fixed order, from the few layers of an order line on: SQLite, left to choose, begins
# with all that ever arrived in the organization.
RECEIVED = (
    "(SELECT COALESCE(SUM(ag.quantity), 0) FROM layer l CROSS JOIN arrived_goods ag "
    "WHERE ag.organization_id = l.organization_id AND ag.layer = l.number "
    "AND l.organization_id = co.organization_id AND l.order_line = ol.id)"
)
TO_COME_AGAIN = (
    "(SELECT COALESCE(SUM(g.quantity), 0) FROM layer l CROSS JOIN goods_return g "
    "WHERE g.organization_id = l.organization_id AND g.layer = l.number "
    "AND l.organization_id = co.organization_id AND l.order_line = ol.id AND g.reopens_order)"
)
"""Of what was received: it went back, and is to be received again."""
CAME = f"({RECEIVED} - {TO_COME_AGAIN})"
CLOSED_ON = "(SELECT oc.closed_on FROM order_line_closing oc WHERE oc.order_line_id = ol.id)"
IS_OPEN = f"({CLOSED_ON} IS NULL AND (ol.complete_at IS NULL OR ol.complete_at > {CAME}))"
"""Whether more is expected of an order line: nobody closed it, and too little has come."""
ON_ORDER = f"(CASE WHEN {IS_OPEN} AND ol.quantity > {CAME} THEN ol.quantity - {CAME} ELSE 0 END)"
ANNOUNCED = (
    "(SELECT COALESCE(SUM(CASE WHEN shipped > came THEN shipped - came ELSE 0 END), 0) FROM ("
    "SELECT SUM(nl.quantity) AS shipped, "
    "(SELECT COALESCE(SUM(ag.quantity), 0) FROM layer l CROSS JOIN arrived_goods ag "
    "CROSS JOIN goods_receipt r WHERE ag.organization_id = l.organization_id "
    "AND ag.layer = l.number AND r.organization_id = ag.organization_id AND r.number = ag.receipt "
    "AND l.organization_id = co.organization_id AND l.order_line = ol.id "
    "AND r.ship_notice = nl.notice_id) AS came "
    "FROM ship_notice_line nl WHERE nl.order_line_id = ol.id AND NOT EXISTS ("
    "SELECT 1 FROM shipped_goods sg WHERE sg.organization_id = co.organization_id "
    "AND sg.ship_notice = nl.notice_id AND sg.line = nl.line) GROUP BY nl.notice_id) shipment)"
)
ON_THE_BOOKS = (
    "(SELECT COALESCE(SUM(b.quantity), 0) FROM layer l CROSS JOIN position p CROSS JOIN place pl "
    "CROSS JOIN balance b WHERE p.organization_id = l.organization_id AND p.item_id = l.item_id "
    "AND pl.organization_id = p.organization_id AND pl.number = p.place "
    "AND b.organization_id = l.organization_id AND b.position = p.number "
    "AND b.layer = l.number AND l.organization_id = co.organization_id "
    "AND l.order_line = ol.id AND pl.zone = 'in-transit')"
)
IN_TRANSIT = f"(CASE WHEN {IS_OPEN} THEN {ANNOUNCED} ELSE 0 END + {ON_THE_BOOKS})"
"""What was announced and has not come, as long as it is expected; and what is on the books."""
TO_COME = Listing(
    ToCome,
    {
        "item": "ol.item_id",
        "organization": "o.code",
        "organization_name": "o.name",
        "holder_id": "o.party_id",
        "holder_name": "h.name",
        "consignor": "w.code",
        "consignor_name": "w.name",
        "order": "co.number",
        "line": "ol.line",
        "ownership": "ol.ownership",
        "ordered_on": "co.ordered_on",
        "needed_on": "ol.needed_on",
        "ordered": "ol.quantity",
        "received": RECEIVED,
        "open": ON_ORDER,
        "in_transit": IN_TRANSIT,
    },
    "order_line ol JOIN consigned_order co ON co.id = ol.order_id "
    "JOIN organization o ON o.id = co.organization_id JOIN party h ON h.id = o.party_id "
    "JOIN party w ON w.id = co.consignor_id",
)


def read_to_come(party: int, items: Iterable[int]) -> list[ToCome]:
    """The order lines of some items that are not wholly received."""
    wanted = list(items)
    if not wanted:
        return []
    marks = ", ".join(["%s"] * len(wanted))
    where = Where().also("o.party_id = %s OR co.consignor_id = %s", party, party)
    where.also(f"ol.item_id IN ({marks})", *wanted)
    where.also(f"{ON_ORDER} > 0 OR {IN_TRANSIT} > 0")
    return TO_COME.read(where, order=("needed_on", "ordered_on", "order", "line"))


class Reserved(NamedTuple):
    item: int
    organization: str
    quantity: int


RESERVED = Listing(
    Reserved,
    {"item": "v.item_id", "organization": "o.code", "quantity": "SUM(v.quantity_open)"},
    "reservation v JOIN organization o ON o.id = v.organization_id",
    group="1, 2",
)


def read_reserved(party: int, items: Iterable[int]) -> list[Reserved]:
    """What is promised to customers, in the party's own organizations only."""
    wanted = list(items)
    if not wanted:
        return []
    marks = ", ".join(["%s"] * len(wanted))
    where = Where().also("o.party_id = %s AND v.quantity_open > 0", party)
    return RESERVED.read(where.also(f"v.item_id IN ({marks})", *wanted))
