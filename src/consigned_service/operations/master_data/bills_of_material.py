"""Bills of materials: what one unit of a product is made of, in an organization (checklist P51).

A line told anew with another quantity corrects the bill for what is completed from then on; what
was completed keeps what went into it. A quantity of nothing takes a component off the bill.

Refuses: UnknownItem, UnknownUnit, ComponentOfItself, NotAPercentage; what a field may not
say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, ClassVar, NamedTuple

from consigned.master_data.items import Item, UnknownItem
from consigned.measure.identity import OrganizationId
from consigned.measure.quantity import MICROS, InvalidQuantity, Micros, show_micros
from consigned.measure.refusal import Refusal
from consigned.production.completions import ComponentOfItself
from consigned_service.operations.core import fields
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.core.upsert import RecordedBy, read_lines, settle_fields, tell
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.master_data.changes import Master
from consigned_service.records.production import production as production_records
from consigned_service.records.production.production import BillRow


@dataclass(eq=False)
class NotAPercentage(Refusal):
    said: str
    code: ClassVar[str] = "not-a-percentage"

    def __str__(self) -> str:
        return f"{self.said[:40]!r} is not a percentage from 0 to 100"


class BillLine(NamedTuple):
    """How much of a component one unit of a product takes."""

    product: Annotated[str, fields.ITEM, "code of the item, or its GTIN, that is made"]
    component: Annotated[str, fields.ITEM, "code of the item, or its GTIN, that it is made of"]
    quantity_per: Annotated[
        Micros,
        fields.SHARE,
        "how much of it one unit of the product takes; 0 takes it off the bill",
    ]
    unit: Annotated[str, fields.UNIT] = ""
    scrap_percent: Annotated[
        Micros | None, fields.SHARE, "how much more is spoilt as a rule, as 2.5; empty: nothing"
    ] = None


def register_bills(
    *, organization: OrganizationId, lines: Sequence[BillLine], told_by: RecordedBy | None = None
) -> Result:
    """Say what products are made of in one organization, many lines at once."""
    outcome = Result()
    code = ledger.read_organization(organization).code
    items = agreement_records.items_by_code(
        {code for line in lines for code in (line.product, line.component)}
    )
    tell(
        read_lines(lines, partial(_read, items), outcome),
        outcome,
        key=lambda row: row.key,
        add=partial(production_records.add_bill_lines, organization),
        standing=partial(production_records.bill_lines, organization),
        settle=lambda stands, said: settle_fields(
            "bill of", f"{said.product} {said.component}", stands, said,
            may_change={"quantity_per", "scrap_percent"},
        ),
        correct=partial(production_records.correct_bill_lines, organization),
        master=lambda row: Master(
            "bill", f"{code} {row.product} {row.component}", organization=organization,
            item=row.product,
        ),
        show={"quantity_per": show_micros, "scrap_percent": show_micros},
        told_by=told_by,
    )  # fmt: skip
    return outcome


def _read(items: Mapping[str, Item], line: BillLine) -> BillRow:
    for code in (line.product, line.component):
        if code not in items:
            raise UnknownItem(code)
    made, taken = items[line.product], items[line.component]
    if made.id == taken.id:
        raise ComponentOfItself(made.code)
    quantity = taken.in_own_unit(line.quantity_per, line.unit)
    if quantity < 0:
        raise InvalidQuantity(
            show_micros(line.quantity_per), "a product takes something of a component, or nothing"
        )
    scrap = line.scrap_percent or 0
    if not 0 <= scrap <= 100 * MICROS:
        raise NotAPercentage(show_micros(scrap))
    return BillRow(made.code, taken.code, quantity, scrap)
