"""Goods on their way to the shelf: announced, in transit, staged, on hold, rejected.

The holder sees what comes to it, the owner what it sent; neither sees anybody else's.
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from consigned.measure.quantity import Micros, Quantity
from consigned.title.layer import Ownership
from consigned.title.position import Condition, Zone
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.inbound.order_columns import IS_OPEN
from consigned_service.records.inventory.holdings import TABLES, Sight, seen, standing
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


def _read_waiting(
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


def _read_announced(
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


class Stage(StrEnum):
    """How far goods have come on their way to the shelf."""

    ANNOUNCED = "announced"
    """A ship notice says that they are on their way; they are on nobody's books here."""
    IN_TRANSIT = "in-transit"
    """They are on their way and on the books already."""
    TO_INSPECT = "to-inspect"
    ON_HOLD = "on-hold"
    REJECTED = "rejected"
    STAGED = "staged"
    """They may be put away."""
    LOADED = "loaded"
    """They are in the putaway queue."""


class ArrivingLine(NamedTuple):
    """Some goods that are not on the shelf yet, or may not be used there."""

    stage: Stage
    organization: str
    item: str
    item_name: str
    quantity: Quantity
    owner_name: str
    ownership: Ownership
    place: str | None
    receipt: str | None
    receipt_line: int | None
    ship_notice: str | None
    since: date
    """The day of the receipt; of what has not come, the day of shipment."""
    lot: str | None
    serial: str | None
    is_hazardous: bool
    goes_to: str | None
    """The place they are to be put away at, once they are in the queue."""
    because: str | None
    """What was said when they were inspected or put on hold."""


def arriving(
    viewer: Viewer, *, item: str | None = None, organization: str | None = None
) -> list[ArrivingLine]:
    """Everything that is on its way to the shelf, oldest first."""
    party = viewer.party_id
    announced = _read_announced(party, item=item, organization=organization)
    waiting = _read_waiting(party, item=item, organization=organization)
    lines = [*map(_announced, announced), *map(_waiting, waiting)]
    return sorted(lines, key=lambda line: line.since)


def putaway_plan(viewer: Viewer, *, organization: str | None = None) -> list[ArrivingLine]:
    """What is in the putaway queue of the viewer's organizations, oldest first, each with its
    status and the place it is to go to (checklist P33-P35)."""
    waiting = _read_waiting(viewer.party_id, organization=organization)
    own = (_waiting(row) for row in waiting if row.holder_id == viewer.party_id)
    return [line for line in own if line.stage is Stage.LOADED]


def _waiting(row: Waiting) -> ArrivingLine:
    return ArrivingLine(
        stage=_stage(row),
        organization=row.organization,
        item=row.item,
        item_name=row.item_name,
        quantity=Quantity(Micros(row.quantity), row.unit),
        owner_name=row.owner_name,
        ownership=Ownership.OWNED if row.is_holders else Ownership(row.ownership),
        place=row.place,
        receipt=None if row.zone == Zone.IN_TRANSIT else row.receipt,
        receipt_line=None if row.zone == Zone.IN_TRANSIT else row.receipt_line,
        ship_notice=row.ship_notice,
        since=row.since,
        lot=row.lot,
        serial=row.serial,
        is_hazardous=bool(row.is_hazardous),
        goes_to=row.goes_to,
        because=row.because or None,
    )


def _stage(row: Waiting) -> Stage:
    if row.zone == Zone.IN_TRANSIT:
        return Stage.IN_TRANSIT
    if row.condition == Condition.BLOCKED:
        return Stage.REJECTED
    if row.condition == Condition.ON_HOLD:
        return Stage.TO_INSPECT if row.is_inspected else Stage.ON_HOLD
    return Stage.LOADED if row.goes_to else Stage.STAGED


def _announced(row: Announced) -> ArrivingLine:
    return ArrivingLine(
        stage=Stage.ANNOUNCED,
        organization=row.organization,
        item=row.item,
        item_name=row.item_name,
        quantity=Quantity(Micros(int(row.shipped - row.came)), row.unit),
        owner_name=row.consignor_name,
        ownership=Ownership(row.ownership),
        place=None,
        receipt=None,
        receipt_line=None,
        ship_notice=row.ship_notice,
        since=row.shipped_on,
        lot=None,
        serial=None,
        is_hazardous=bool(row.is_hazardous),
        goes_to=None,
        because=None,
    )
