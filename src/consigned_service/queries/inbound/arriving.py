"""Goods on their way to the shelf: announced, in transit, staged, on hold, rejected.

The holder sees what comes to it, the owner what it sent; neither sees anybody else's.
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from consigned.measure.quantity import Quantity
from consigned.title.layer import Ownership
from consigned.title.position import Condition, Zone
from consigned_service.queries.core.figures import Page, page
from consigned_service.queries.core.question import OfItem, OfOrganization, Question
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.inbound.order_columns import IS_OPEN
from consigned_service.records.inventory.holdings import TABLES, Visibility, on_hand_within, seen
from consigned_service.records.sql.select import Listing, Where


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


STAGE = (
    f"CASE WHEN pl.zone = '{Zone.IN_TRANSIT}' THEN '{Stage.IN_TRANSIT}' "
    f"WHEN p.condition = '{Condition.BLOCKED}' THEN '{Stage.REJECTED}' "
    f"WHEN p.condition = '{Condition.ON_HOLD}' AND COALESCE(ag.is_inspected, false) "
    f"THEN '{Stage.TO_INSPECT}' WHEN p.condition = '{Condition.ON_HOLD}' THEN '{Stage.ON_HOLD}' "
    f"WHEN tp.code IS NULL THEN '{Stage.STAGED}' ELSE '{Stage.LOADED}' END"
)
LAST = (
    "(SELECT MAX(x.number) FROM {table} x WHERE x.organization_id = b.organization_id AND {which})"
)
WAITING = Listing(
    ArrivingLine,
    {
        "stage": STAGE,
        "organization": "o.code",
        "item": "i.code",
        "item_name": "i.name",
        "quantity": ("b.quantity", "i.unit"),
        "owner_name": "w.name",
        "ownership": f"CASE WHEN p.owner_id = o.party_id THEN '{Ownership.OWNED}' "
        "ELSE l.ownership END",
        "place": "pl.code",
        "receipt": "CASE WHEN pl.zone <> 'in-transit' THEN r.reference END",
        "receipt_line": "CASE WHEN pl.zone <> 'in-transit' THEN ag.line END",
        "ship_notice": "sn.number",
        "since": "CASE WHEN pl.zone = 'in-transit' OR r.received_on IS NULL THEN l.received_on "
        "ELSE r.received_on END",
        "lot": "l.lot",
        "serial": "l.serial",
        "is_hazardous": "i.is_hazardous",
        "goes_to": "tp.code",
        "because": "NULLIF(n.because, '')",
    },
    TABLES + "JOIN item i ON i.id = p.item_id JOIN party w ON w.id = p.owner_id "
    "LEFT JOIN goods_receipt_line ag ON ag.organization_id = b.organization_id AND ag.number = "
    + LAST.format(table="goods_receipt_line", which="x.layer = b.layer")
    + " LEFT JOIN goods_receipt r ON r.organization_id = ag.organization_id "
    "AND r.number = ag.receipt "
    "LEFT JOIN in_transit_layer sg ON sg.organization_id = b.organization_id AND sg.layer = "
    "b.layer "
    "LEFT JOIN ship_notice sn ON sn.id = sg.ship_notice "
    "LEFT JOIN putaway_task q ON q.organization_id = b.organization_id AND q.layer = b.layer "
    "LEFT JOIN place tp ON tp.organization_id = q.organization_id AND tp.number = q.place "
    "LEFT JOIN inspection n ON n.organization_id = b.organization_id AND n.number = "
    + LAST.format(
        table="inspection",
        which="x.receipt = ag.receipt AND x.line = ag.line AND ("
        "p.condition = 'blocked' AND x.outcome = 'reject' OR p.condition = 'on-hold' "
        "AND x.outcome IN ('hold', 'reinspect', 'hold-receipt'))",
    ),
    order={"layer": "l.number", "position": "p.number"},
)


CAME = (
    "(SELECT COALESCE(SUM(ag.quantity), 0) FROM layer l CROSS JOIN goods_receipt_line ag "
    "CROSS JOIN goods_receipt r WHERE ag.organization_id = l.organization_id "
    "AND ag.layer = l.number AND r.organization_id = ag.organization_id AND r.number = ag.receipt "
    "AND l.organization_id = co.organization_id AND l.order_line = ol.id AND r.ship_notice = sn.id)"
)
ANNOUNCED = Listing(
    ArrivingLine,
    {
        "stage": f"'{Stage.ANNOUNCED}'",
        "organization": "o.code",
        "item": "i.code",
        "item_name": "i.name",
        "quantity": (f"SUM(nl.quantity) - {CAME}", "i.unit"),
        "owner_name": "w.name",
        "ownership": "ol.ownership",
        "place": "NULL",
        "receipt": "NULL",
        "receipt_line": "NULL",
        "ship_notice": "sn.number",
        "since": "sn.shipped_on",
        "lot": "NULL",
        "serial": "NULL",
        "is_hazardous": "i.is_hazardous",
        "goes_to": "NULL",
        "because": "NULL",
    },
    "ship_notice sn JOIN ship_notice_line nl ON nl.notice_id = sn.id "
    "JOIN order_line ol ON ol.id = nl.order_line_id "
    "JOIN purchase_order co ON co.id = ol.order_id "
    "JOIN organization o ON o.id = co.organization_id "
    "JOIN party w ON w.id = co.consignor_id JOIN item i ON i.id = ol.item_id",
    group="o.code, i.code, i.name, i.unit, w.name, ol.ownership, sn.id, sn.number, "
    "co.number, co.organization_id, ol.id, ol.line, ol.complete_at, sn.shipped_on, "
    "sn.expected_on, i.is_hazardous",
    order={"order": "co.number", "order_line": "ol.line"},
)


def arriving(
    viewer: Viewer,
    *,
    item: OfItem = None,
    organization: OfOrganization = None,
    limit: int | None = None,
    offset: int = 0,
) -> Page[ArrivingLine]:
    """Everything that is on its way to the shelf, oldest first."""
    announced = _announced(viewer, item, organization)
    sight, where = _waiting(viewer, item=item, organization=organization)
    most = None if limit is None else offset + limit
    waiting = page(WAITING, where, order=OLDEST, limit=most, pieces=on_hand_within(sight))
    lines = sorted([*announced, *waiting.rows], key=lambda line: line.since)
    return Page(lines[offset:most], len(announced) + waiting.total)


ARRIVING_LIST = Question(
    "arriving",
    "Show what is on its way to the shelf: announced, in transit, staged, on hold, rejected.",
    arriving, "line",
    (
        "stage", "item", "quantity", ("Status", "ownership"), "owner_name", "organization", "place",
        "receipt", ("Line", "receipt_line"), "ship_notice", "since", "is_hazardous", "because",
    ),
    lead="On the way",
)  # fmt: skip


def putaway_plan(
    viewer: Viewer,
    *,
    organization: str | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> Page[ArrivingLine]:
    """What is in the putaway queue of the viewer's organizations, oldest first, each with its
    status and the place it is to go to (checklist P33-P35)."""
    sight, where = _waiting(viewer, organization=organization)
    where.also("o.party_id = %s", viewer.party_id).also(f"{STAGE} = %s", Stage.LOADED)
    pieces = on_hand_within(sight)
    return page(WAITING, where, order=OLDEST, limit=limit, offset=offset, pieces=pieces)


OLDEST = ("since", "organization", "layer", "place", "position")


def _waiting(
    viewer: Viewer, *, item: str | None = None, organization: str | None = None
) -> tuple[Visibility, Where]:
    """What the viewer may see of the goods that are not put away, or not to be used."""
    sight = Visibility(viewer.party_id, item=item, organization=organization)
    return sight, seen(sight).also(
        "pl.zone IN ('in-transit', 'dock', 'inspection', 'quarantine') "
        "OR p.condition <> 'unrestricted'"
    )


def _announced(viewer: Viewer, item: str | None, organization: str | None) -> list[ArrivingLine]:
    """What is announced to the viewer, or by it, and still to come; what is on the books in transit
    is told there."""
    party = viewer.party_id
    where = Where().also("o.party_id = %s OR co.consignor_id = %s", party, party)
    where.equals(i__code=item, o__code=organization).also(IS_OPEN)
    where.also(
        "NOT EXISTS (SELECT 1 FROM in_transit_layer sg WHERE sg.ship_notice = sn.id "
        "AND sg.organization_id = co.organization_id AND sg.line = nl.line)"
    )
    found = ANNOUNCED.read(where, order=("since", "ship_notice", "order", "order_line"))
    return [row for row in found if row.quantity.micros > 0]
