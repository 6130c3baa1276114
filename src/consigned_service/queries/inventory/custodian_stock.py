"""Goods that the viewer keeps for others: what lies where and whose it is, and no values.

A warehouse is party to nothing that is owed; it sees what it has to find (checklist E13).
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from consigned.measure.quantity import Micros, Quantity
from consigned_service.queries.core.figures import Page
from consigned_service.queries.core.question import OfItem, OfLot, OfOrganization, Question
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.inventory.stock import Holding
from consigned_service.records.inventory.holdings import Visibility


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


def kept(
    viewer: Viewer,
    *,
    item: OfItem = None,
    organization: OfOrganization = None,
    lot: OfLot = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[KeptLine]:
    """What lies in the organizations whose goods the viewer keeps."""
    sight = Visibility(
        viewer.party_id, item=item, organization=organization, lot=lot, own_side="kept"
    )
    found = Holding.page(sight, order=order, limit=limit, offset=offset)
    return Page([_line(row) for row in found.rows], found.total)


KEPT_LIST = Question(
    "kept",
    "Show the goods that a party keeps for others in their organizations, without any value.",
    kept, "line",
    (
        "item", ("Name", "item_name"), "owner_name", ("For", "holder_name"),
        "organization", "place", "condition", ("Layer", lambda row: f"lay_{row.layer}"), "lot",
        "serial", "received_on", "expires_on", "quantity",
    ),
    lead="Kept for others",
)  # fmt: skip


def _line(row: Holding) -> KeptLine:
    return KeptLine(
        row.item, row.item_name, row.owner_name, row.holder_name, row.organization, row.place,
        row.condition, row.layer, row.lot, row.serial, row.received_on, row.expires_on,
        Quantity(Micros(row.quantity), row.unit),
    )  # fmt: skip
