"""What was completed, what is in it, and what is in process, as people read it."""

from datetime import date
from typing import NamedTuple

from consigned_service.records.sql.select import Listing, Where


class Completion(NamedTuple):
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


class Component(NamedTuple):
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


class InProcess(NamedTuple):
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
    Completion,
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
    Component,
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
    InProcess,
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


def read_completions(
    party: int,
    *,
    organization: str | None = None,
    product: str | None = None,
    reference: str | None = None,
    limit: int | None = None,
) -> list[Completion]:
    """What a party completed, the newest first."""
    where = Where().also("o.party_id = %s", party)
    where.equals(o__code=organization, i__code=product, p__reference=reference)
    return COMPLETIONS.read(where, order=("-completed_on", "organization", "-number"), limit=limit)


def read_components(organization_id: int, production: int) -> list[Component]:
    """What one completed product is made of, in the order in which it was taken."""
    where = Where().also(
        "u.organization_id = %s AND u.production = %s", organization_id, production
    )
    return COMPONENTS.read(where, order=("layer",))


def read_in_process(
    party: int, *, organization: str | None = None, work_order: str | None = None
) -> list[InProcess]:
    """What a party has in process, by order, in the order in which it was issued."""
    where = Where().also("o.party_id = %s", party)
    where.also("c.quantity_left > 0 OR c.cost_left <> 0")
    where.equals(o__code=organization, c__work_order=work_order)
    return IN_PROCESS.read(where, order=("organization", "work_order", "layer"))
