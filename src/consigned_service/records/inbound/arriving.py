"""Goods that are not put away yet: announced, in transit, staged, on hold, rejected."""

from datetime import date
from typing import NamedTuple

from consigned_service.records.inventory.holdings import TABLES, Sight, seen, standing
from consigned_service.records.master_data.item_pages import IS_OPEN
from consigned_service.records.sql.select import Listing, Where


class Waiting(NamedTuple):
    """What of a layer waits at one place, in one condition."""

    organization: str
    holder_id: int
    item: str
    item_name: str
    unit: str
    quantity: int
    owner_name: str
    is_holders: bool
    ownership: str
    place: str
    zone: str
    condition: str
    layer: int
    receipt: str | None
    receipt_line: int | None
    ship_notice: str | None
    since: date
    lot: str | None
    serial: str | None
    is_hazardous: bool
    is_inspected: bool
    goes_to: str | None
    because: str | None


LAST = (
    "(SELECT MAX(x.number) FROM {table} x WHERE x.organization_id = b.organization_id AND {which})"
)
WAITING = Listing(
    Waiting,
    {
        "organization": "o.code",
        "holder_id": "o.party_id",
        "item": "i.code",
        "item_name": "i.name",
        "unit": "i.unit",
        "quantity": "b.quantity",
        "owner_name": "w.name",
        "is_holders": "p.owner_id = o.party_id",
        "ownership": "l.ownership",
        "place": "pl.code",
        "zone": "pl.zone",
        "condition": "p.condition",
        "layer": "l.number",
        "receipt": "r.reference",
        "receipt_line": "ag.line",
        "ship_notice": "sn.number",
        "since": "CASE WHEN pl.zone = 'in-transit' OR r.received_on IS NULL THEN l.received_on "
        "ELSE r.received_on END",
        "lot": "l.lot",
        "serial": "l.serial",
        "is_hazardous": "i.is_hazardous",
        "is_inspected": "COALESCE(ag.is_inspected, false)",
        "goes_to": "tp.code",
        "because": "n.because",
    },
    TABLES + "JOIN item i ON i.id = p.item_id JOIN party w ON w.id = p.owner_id "
    "LEFT JOIN arrived_goods ag ON ag.organization_id = b.organization_id AND ag.number = "
    + LAST.format(table="arrived_goods", which="x.layer = b.layer")
    + " LEFT JOIN goods_receipt r ON r.organization_id = ag.organization_id "
    "AND r.number = ag.receipt "
    "LEFT JOIN shipped_goods sg ON sg.organization_id = b.organization_id AND sg.layer = b.layer "
    "LEFT JOIN ship_notice sn ON sn.id = sg.ship_notice "
    "LEFT JOIN loaded_goods q ON q.organization_id = b.organization_id AND q.layer = b.layer "
    "LEFT JOIN place tp ON tp.organization_id = q.organization_id AND tp.number = q.place "
    "LEFT JOIN inspection n ON n.organization_id = b.organization_id AND n.number = "
    + LAST.format(
        table="inspection",
        which="x.receipt = ag.receipt AND x.line = ag.line AND ("
        "p.condition = 'blocked' AND x.outcome = 'reject' OR p.condition = 'on-hold' "
        "AND x.outcome IN ('hold', 'reinspect', 'hold-receipt'))",
    ),
)


def read_waiting(
    party: int, *, item: str | None = None, organization: str | None = None
) -> list[Waiting]:
    """What a party may see of the goods that are not put away, or not to be used, oldest first."""
    where = seen(Sight(party, item=item, organization=organization))
    where.also(
        "pl.zone IN ('in-transit', 'dock', 'inspection', 'quarantine') "
        "OR p.condition <> 'unrestricted'"
    )
    return WAITING.read(where, order=("since", "organization", "layer", "place"), pieces=standing())


class Announced(NamedTuple):
    """What a ship notice says of an order line, as far as it has not come; on nobody's books."""

    organization: str
    item: str
    item_name: str
    unit: str
    shipped: int
    came: int
    consignor_name: str
    ownership: str
    ship_notice: str
    order: str
    order_line: int
    shipped_on: date
    expected_on: date | None
    is_hazardous: bool


CAME = (
    "(SELECT COALESCE(SUM(ag.quantity), 0) FROM layer l CROSS JOIN arrived_goods ag "
    "CROSS JOIN goods_receipt r WHERE ag.organization_id = l.organization_id "
    "AND ag.layer = l.number AND r.organization_id = ag.organization_id AND r.number = ag.receipt "
    "AND l.organization_id = co.organization_id AND l.order_line = ol.id AND r.ship_notice = sn.id)"
)
ANNOUNCED = Listing(
    Announced,
    {
        "organization": "o.code",
        "item": "i.code",
        "item_name": "i.name",
        "unit": "i.unit",
        "shipped": "SUM(nl.quantity)",
        "came": CAME,
        "consignor_name": "w.name",
        "ownership": "ol.ownership",
        "ship_notice": "sn.number",
        "order": "co.number",
        "order_line": "ol.line",
        "shipped_on": "sn.shipped_on",
        "expected_on": "sn.expected_on",
        "is_hazardous": "i.is_hazardous",
    },
    "ship_notice sn JOIN ship_notice_line nl ON nl.notice_id = sn.id "
    "JOIN order_line ol ON ol.id = nl.order_line_id "
    "JOIN consigned_order co ON co.id = ol.order_id "
    "JOIN organization o ON o.id = co.organization_id "
    "JOIN party w ON w.id = co.consignor_id JOIN item i ON i.id = ol.item_id",
    group="o.code, i.code, i.name, i.unit, w.name, ol.ownership, sn.id, sn.number, "
    "co.number, co.organization_id, ol.id, ol.line, ol.complete_at, sn.shipped_on, "
    "sn.expected_on, i.is_hazardous",
)


def read_announced(
    party: int, *, item: str | None = None, organization: str | None = None
) -> list[Announced]:
    """What is announced to a party, or by it, and still to come; what is on the books in transit
    is told there."""
    where = Where().also("o.party_id = %s OR co.consignor_id = %s", party, party)
    where.equals(i__code=item, o__code=organization).also(IS_OPEN)
    where.also(
        "NOT EXISTS (SELECT 1 FROM shipped_goods sg WHERE sg.ship_notice = sn.id "
        "AND sg.organization_id = co.organization_id AND sg.line = nl.line)"
    )
    found = ANNOUNCED.read(where, order=("shipped_on", "ship_notice", "order", "order_line"))
    return [row for row in found if row.shipped > row.came]
