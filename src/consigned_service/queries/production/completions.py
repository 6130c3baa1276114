"""Production as its holder sees it: what was completed and of what, and what is in process.

Whose components were is told to the holder alone; their owners see the title that passed, in the
history of their own goods.
"""

from datetime import date
from typing import NamedTuple

from consigned.measure.quantity import Micros, Quantity
from consigned_service.queries.core.figures import Amount
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.sql.select import Listing, Where


class CompletionRow(NamedTuple):
    """A product that was completed, and what its components cost."""

    organization_id: int
    organization: str
    number: int
    reference: str
    work_order: str
    product: str
    product_name: str
    unit: str
    quantity: int
    completed_on: date
    layer: int
    cost: int
    currency: str


class ComponentRow(NamedTuple):
    """What of one layer is in a completed product, whose it was, and what came back of it."""

    item: str
    item_name: str
    unit: str
    owner: str
    owner_name: str
    layer: int
    lot: str | None
    serial: str | None
    quantity: int
    cost: int
    currency: str
    returned: int
    stayed: int


class InProcessRow(NamedTuple):
    """What of one layer is in process for an order, and whose it was."""

    organization: str
    work_order: str
    item: str
    item_name: str
    unit: str
    owner: str
    owner_name: str
    layer: int
    quantity: int
    cost: int
    currency: str


COMPLETIONS = Listing(
    CompletionRow,
    {
        "organization_id": "o.id",
        "organization": "o.code",
        "number": "p.number",
        "reference": "p.reference",
        "work_order": "p.work_order",
        "product": "i.code",
        "product_name": "i.name",
        "unit": "i.unit",
        "quantity": "p.quantity",
        "completed_on": "p.happened_on",
        "layer": "p.layer",
        "cost": "p.cost",
        "currency": "p.currency",
    },
    "organization o {then} production p ON p.organization_id = o.id "
    "JOIN item i ON i.id = p.item_id",
)
COMPONENTS = Listing(
    ComponentRow,
    {
        "item": "i.code",
        "item_name": "i.name",
        "unit": "i.unit",
        "owner": "w.code",
        "owner_name": "w.name",
        "layer": "l.number",
        "lot": "l.lot",
        "serial": "l.serial",
        "quantity": "SUM(u.quantity)",
        "cost": "SUM(u.cost)",
        "currency": "c.currency",
        "returned": "SUM((SELECT COALESCE(SUM(r.quantity), 0) FROM component_returned r "
        "WHERE r.organization_id = u.organization_id AND r.used = u.number))",
        "stayed": "SUM((SELECT COALESCE(SUM(r.quantity), 0) FROM component_returned r "
        "WHERE r.organization_id = u.organization_id AND r.used = u.number AND r.because <> ''))",
    },
    "component_used u "
    "{then} component_issued c ON c.organization_id = u.organization_id AND c.number = u.component "
    "{then} layer l ON l.organization_id = c.organization_id AND l.number = c.layer "
    "JOIN item i ON i.id = c.item_id JOIN party w ON w.id = c.owner_id",
    order={"layer": "MIN(u.number)"},
    group="i.code, i.name, i.unit, w.code, w.name, l.number, l.lot, l.serial, c.currency",
)
IN_PROCESS = Listing(
    InProcessRow,
    {
        "organization": "o.code",
        "work_order": "c.work_order",
        "item": "i.code",
        "item_name": "i.name",
        "unit": "i.unit",
        "owner": "w.code",
        "owner_name": "w.name",
        "layer": "c.layer",
        "quantity": "SUM(c.quantity_left)",
        "cost": "SUM(c.cost_left)",
        "currency": "c.currency",
    },
    "organization o {then} component_issued c ON c.organization_id = o.id "
    "JOIN item i ON i.id = c.item_id JOIN party w ON w.id = c.owner_id",
    order={"layer": "MIN(c.number)"},
    group="o.code, c.work_order, i.code, i.name, i.unit, w.code, w.name, c.layer, c.currency",
)


def _read_completions(
    party: int,
    *,
    organization: str | None = None,
    product: str | None = None,
    reference: str | None = None,
    limit: int | None = None,
) -> list[CompletionRow]:
    """What a party completed, the newest first."""
    where = Where().also("o.party_id = %s", party)
    where.equals(o__code=organization, i__code=product, p__reference=reference)
    return COMPLETIONS.read(where, order=("-completed_on", "organization", "-number"), limit=limit)


def _read_components(organization_id: int, production: int) -> list[ComponentRow]:
    """What one completed product is made of, in the order in which it was taken."""
    where = Where().also(
        "u.organization_id = %s AND u.production = %s", organization_id, production
    )
    return COMPONENTS.read(where, order=("layer",))


def _read_in_process(
    party: int, *, organization: str | None = None, work_order: str | None = None
) -> list[InProcessRow]:
    """What a party has in process, by order, in the order in which it was issued."""
    where = Where().also("o.party_id = %s", party)
    where.also("c.quantity_left > 0 OR c.cost_left <> 0")
    where.equals(o__code=organization, c__work_order=work_order)
    return IN_PROCESS.read(where, order=("organization", "work_order", "layer"))


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
        for row in _read_completions(
            viewer.party_id, organization=organization, product=item, limit=limit
        )
    ]  # fmt: skip


def completion(viewer: Viewer, organization: str, number: str) -> Completion | None:
    """One completion of the viewer's by its reference, with what it is made of."""
    rows = _read_completions(viewer.party_id, organization=organization, reference=number)
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
        for row in _read_in_process(
            viewer.party_id, organization=organization, work_order=work_order
        )
    ]  # fmt: skip


def _whole(row: CompletionRow) -> Completion:
    components = [
        Component(
            part.item, part.item_name, part.owner, part.owner_name, part.layer, part.lot,
            part.serial, Quantity(Micros(part.quantity), part.unit),
            Amount(part.cost, part.currency), Quantity(Micros(part.returned), part.unit),
            Quantity(Micros(part.stayed), part.unit),
        )
        for part in _read_components(row.organization_id, row.number)
    ]  # fmt: skip
    return Completion(
        row.organization, row.reference, row.work_order, row.product,
        Quantity(Micros(row.quantity), row.unit), row.completed_on, row.layer,
        Amount(row.cost, row.currency), components,
    )  # fmt: skip
