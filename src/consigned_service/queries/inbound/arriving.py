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
from consigned_service.records.inbound import arriving as arriving_records
from consigned_service.records.inbound.arriving import Announced, Waiting


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
    announced = arriving_records.read_announced(party, item=item, organization=organization)
    waiting = arriving_records.read_waiting(party, item=item, organization=organization)
    lines = [*map(_announced, announced), *map(_waiting, waiting)]
    return sorted(lines, key=lambda line: line.since)


def putaway_plan(viewer: Viewer, *, organization: str | None = None) -> list[ArrivingLine]:
    """What is in the putaway queue of the viewer's organizations, oldest first, each with its
    status and the place it is to go to (checklist P33-P35)."""
    waiting = arriving_records.read_waiting(viewer.party_id, organization=organization)
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
