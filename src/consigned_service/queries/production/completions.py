"""Production as its holder sees it: what was completed and of what, and what is in process.

Whose components were is told to the holder alone; their owners see the title that passed, in the
history of their own goods.
"""

from datetime import date
from typing import NamedTuple

from consigned.measure.quantity import Micros, Quantity
from consigned_service.queries.core.figures import Amount
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.production import production_pages
from consigned_service.records.production.production_pages import Completion as Row


class CompletionLine(NamedTuple):
    """A product that was completed."""

    organization: str
    reference: str
    work_order: str
    product: str
    product_name: str
    quantity: Quantity
    completed_on: date
    layer: int
    cost: Amount
    """What its components cost when it was completed."""


class Component(NamedTuple):
    """What a completed product holds of one layer."""

    item: str
    item_name: str
    owner: str
    owner_name: str
    """Whose it was until it was used."""
    layer: int
    lot: str | None
    serial: str | None
    quantity: Quantity
    cost: Amount
    returned: Quantity
    """What of it came back when the product was taken apart."""
    stayed_ours: Quantity
    """What of that had been a consignor's and stayed ours, because an advice had told its title."""


class Completion(NamedTuple):
    """A product that was completed, with its components."""

    organization: str
    reference: str
    work_order: str
    product: str
    quantity: Quantity
    completed_on: date
    layer: int
    cost: Amount
    components: list[Component]


class InProcess(NamedTuple):
    """What is in process for an order, of one layer."""

    organization: str
    work_order: str
    item: str
    item_name: str
    owner: str
    owner_name: str
    layer: int
    quantity: Quantity
    cost: Amount


def completions(
    viewer: Viewer,
    item: str | None = None,
    organization: str | None = None,
    *,
    limit: int | None = None,
) -> list[CompletionLine]:
    """The products that the viewer completed, the newest first."""
    return [
        CompletionLine(
            row.organization, row.reference, row.work_order, row.product, row.product_name,
            Quantity(Micros(row.quantity), row.unit), row.completed_on, row.layer,
            Amount(row.cost, row.currency),
        )
        for row in production_pages.read_completions(
            viewer.party_id, organization=organization, product=item, limit=limit
        )
    ]  # fmt: skip


def completion(viewer: Viewer, organization: str, number: str) -> Completion | None:
    """One completion of the viewer's by its reference, with what it is made of."""
    rows = production_pages.read_completions(
        viewer.party_id, organization=organization, reference=number
    )
    return _whole(rows[0]) if rows else None


def in_process(
    viewer: Viewer, organization: str | None = None, work_order: str | None = None
) -> list[InProcess]:
    """The components that the viewer issued to production and that are in no product yet."""
    return [
        InProcess(
            row.organization, row.work_order, row.item, row.item_name, row.owner, row.owner_name,
            row.layer, Quantity(Micros(row.quantity), row.unit), Amount(row.cost, row.currency),
        )
        for row in production_pages.read_in_process(
            viewer.party_id, organization=organization, work_order=work_order
        )
    ]  # fmt: skip


def _whole(row: Row) -> Completion:
    components = [
        Component(
            part.item, part.item_name, part.owner, part.owner_name, part.layer, part.lot,
            part.serial, Quantity(Micros(part.quantity), part.unit),
            Amount(part.cost, part.currency), Quantity(Micros(part.returned), part.unit),
            Quantity(Micros(part.stayed), part.unit),
        )
        for part in production_pages.read_components(row.organization_id, row.number)
    ]  # fmt: skip
    return Completion(
        row.organization, row.reference, row.work_order, row.product,
        Quantity(Micros(row.quantity), row.unit), row.completed_on, row.layer,
        Amount(row.cost, row.currency), components,
    )  # fmt: skip
