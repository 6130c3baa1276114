"""Production as its holder sees it: what was completed and of what, and what is in process.

Whose components were is told to the holder alone; their owners see the title that passed, in the
history of their own goods.
"""

from datetime import date
from typing import Annotated, NamedTuple

from consigned.measure.quantity import Quantity
from consigned_service.queries.core.figures import Amount
from consigned_service.queries.core.question import Filter, OfItem, OfOrganization, Question
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.sql.select import Listing, Where


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


COMPLETIONS = Listing(
    CompletionLine,
    {
        "organization": "o.code",
        "reference": "p.reference",
        "work_order": "p.work_order",
        "product": "i.code",
        "product_name": "i.name",
        "quantity": ("p.quantity", "i.unit"),
        "completed_on": "p.happened_on",
        "layer": "p.layer",
        "cost": ("p.cost", "p.currency"),
    },
    "organization o {then} production p ON p.organization_id = o.id "
    "JOIN item i ON i.id = p.item_id",
    order={"number": "p.number"},
)
NEWEST = ("-completed_on", "organization", "-number")
COMPONENTS = Listing(
    Component,
    {
        "item": "i.code",
        "item_name": "i.name",
        "owner": "w.code",
        "owner_name": "w.name",
        "layer": "l.number",
        "lot": "l.lot",
        "serial": "l.serial",
        "quantity": ("SUM(u.quantity)", "i.unit"),
        "cost": ("SUM(u.cost)", "c.currency"),
        "returned": (
            "SUM((SELECT COALESCE(SUM(r.quantity), 0) FROM component_returned r "
            "WHERE r.organization_id = u.organization_id AND r.used = u.number))",
            "i.unit",
        ),
        "stayed_ours": (
            "SUM((SELECT COALESCE(SUM(r.quantity), 0) FROM component_returned r "
            "WHERE r.organization_id = u.organization_id AND r.used = u.number "
            "AND r.because <> ''))",
            "i.unit",
        ),
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
        "owner": "w.code",
        "owner_name": "w.name",
        "layer": "c.layer",
        "quantity": ("SUM(c.quantity_left)", "i.unit"),
        "cost": ("SUM(c.cost_left)", "c.currency"),
    },
    "organization o {then} component_issued c ON c.organization_id = o.id "
    "JOIN item i ON i.id = c.item_id JOIN party w ON w.id = c.owner_id",
    order={"layer": "MIN(c.number)"},
    group="o.code, c.work_order, i.code, i.name, i.unit, w.code, w.name, c.layer, c.currency",
)


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


def completions(
    viewer: Viewer,
    item: OfItem = None,
    organization: OfOrganization = None,
    *,
    limit: int | None = None,
) -> list[CompletionLine]:
    """The products that the viewer completed, the newest first."""
    where = Where().equals(o__party_id=viewer.party_id, o__code=organization, i__code=item)
    return COMPLETIONS.read(where, order=NEWEST, limit=limit)


COMPLETION_LIST = Question(
    "production",
    "List the products that were completed, the newest first.",
    completions, "completion",
    (

    ),
)  # fmt: skip


def completion(viewer: Viewer, organization: str, number: str) -> Completion | None:
    """One completion of the viewer's by its reference, with what it is made of."""
    where = Where().equals(o__party_id=viewer.party_id, o__code=organization, p__reference=number)
    found = COMPLETIONS.read_beside(("o.id", "p.number"), where, order=NEWEST)
    if not found:
        return None
    line, (organization_id, production) = found[0]
    made_of = Where().equals(u__organization_id=organization_id, u__production=production)
    return Completion(
        line.organization, line.reference, line.work_order, line.product, line.quantity,
        line.completed_on, line.layer, line.cost, COMPONENTS.read(made_of, order=("layer",)),
    )  # fmt: skip


def in_process(
    viewer: Viewer,
    organization: OfOrganization = None,
    work_order: Annotated[str | None, Filter("only of this work order", "NUMBER")] = None,
) -> list[InProcess]:
    """The components that the viewer issued to production and that are in no product yet."""
    where = Where().also("o.party_id = %s", viewer.party_id)
    where.also("c.quantity_left > 0 OR c.cost_left <> 0")
    where.equals(o__code=organization, c__work_order=work_order)
    return IN_PROCESS.read(where, order=("organization", "work_order", "layer"))


IN_PROCESS_LIST = Question(
    "in-process",
    "List components that were issued to production and that are in no product yet.",
    in_process, "component",
    (

    ),
)  # fmt: skip
