"""Goods that the viewer keeps for others: what lies where and whose it is, and no values.

A warehouse is party to nothing that is owed; it sees what it has to find (checklist E13).
"""

from datetime import date
from typing import NamedTuple

from consigned.measure.quantity import Micros, Quantity
from consigned_service.queries.viewers import Viewer
from consigned_service.records import holdings
from consigned_service.records.holdings import Sight


class KeptLine(NamedTuple):
    item: str
    item_name: str
    owner_name: str
    holder_name: str
    organization: str
    place: str
    condition: str
    layer: int
    lot: str | None
    serial: str | None
    received_on: date
    expires_on: date | None
    quantity: Quantity


def kept(viewer: Viewer, *, organization: str | None = None) -> list[KeptLine]:
    """What lies in the organizations whose goods the viewer keeps."""
    rows = holdings.read(Sight(viewer.party_id, organization=organization, own_side="kept"))
    return [
        KeptLine(
            row.item, row.item_name, row.owner_name, row.holder_name, row.organization, row.place,
            row.condition, row.layer, row.lot, row.serial, row.received_on, row.expires_on,
            Quantity(Micros(row.quantity), row.unit),
        )
        for row in rows
    ]  # fmt: skip
