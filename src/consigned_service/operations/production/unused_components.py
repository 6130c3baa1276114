"""Returns from production: components that were issued to an order, or in a kit, and not needed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, NamedTuple

from consigned.accounting.work_in_progress import take_from
from consigned.master_data.items import Item
from consigned.measure.identity import OrganizationId
from consigned.measure.period import Moment
from consigned.measure.quantity import Micros
from consigned.production.completions import NotInProcess
from consigned.title.position import Place
from consigned_service.operations.accounting.work_in_progress import (
    by_order,
    item_named,
    place_named,
    quantity_made,
    store_of,
)
from consigned_service.operations.core import fields
from consigned_service.operations.core.idempotency import tell_once
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.ledger import posting as postings
from consigned_service.operations.production.component_returns import (
    Coming,
    let_components_in,
    load_components,
)
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.production import production as production_records


class ComponentReturnLine(NamedTuple):
    """Components that were issued to an order and not needed."""

    reference: Annotated[str, fields.SHORT_REFERENCE]
    work_order: Annotated[
        str,
        fields.Code(
            "work-order", "number of the production order or kit that they were issued to", 60
        ),
    ]
    item: Annotated[
        str, fields.ITEM, "code of the item, or its GTIN, the component that was not needed"
    ]
    quantity: Annotated[Micros, fields.QUANTITY]
    returned_on: Annotated[Moment, fields.HAPPENED_ON]
    unit: Annotated[str, fields.UNIT] = ""
    place: Annotated[
        str, fields.PLACE, "code of the place it goes to; empty: the consigned store"
    ] = ""
    lot: Annotated[str, fields.LOT] = ""
    serial: Annotated[str, fields.SERIAL] = ""


class ToReturn(NamedTuple):
    """A return of components as it was understood."""

    reference: str
    work_order: str
    item: Item
    quantity: int
    happened_on: date
    place: Place
    lot: str | None
    serial: str | None


def return_from_production(
    *,
    organization: OrganizationId,
    lines: Sequence[ComponentReturnLine],
    by: str,
    at: datetime,
) -> Result:
    """Take components back that were issued to an order, or in a kit, and not needed; many lines
    at once, all or none.

    They come back into the layers that they left, the last that was issued first, and become
    their first owner's again; what an advice has told stays ours, and a note says so. Refuses more
    than the order has in process.
    """
    outcome = Result()
    with postings.posting(
        organization, cause="production-return", recorded_at=at, recorded_by=by
    ) as posting:
        items = agreement_records.items_by_code({line.item for line in lines})

        def read(_: int, line: ComponentReturnLine) -> ToReturn:
            item = item_named(items, line.item)
            return ToReturn(
                line.reference, line.work_order, item,
                quantity_made(item, line.quantity, line.unit, line.serial),
                posting.organization.day_here(line.returned_on),
                place_named(posting, line.place) if line.place else store_of(posting),
                line.lot or None, line.serial or None,
            )  # fmt: skip

        new = tell_once(posting, enumerate(lines), read, outcome, day="returned_on")
        if new:
            outcome.notes = _take_back(posting, new)
        outcome.new = len(new)
    return outcome


def _take_back(posting: OpenPosting, returns: Sequence[ToReturn]) -> list[str]:
    organization = posting.organization
    in_process = by_order(
        production_records.read_in_process(organization.id, {back.work_order for back in returns})
    )
    coming: list[Coming] = []
    for nth, back in enumerate(returns, start=1):
        fitting = [
            part
            for part in reversed(in_process[back.work_order, back.item.id])
            if part.quantity_left
            and back.lot in (None, part.lot)
            and back.serial in (None, part.serial)
        ]
        there = sum(part.quantity_left for part in fitting)
        if there < back.quantity:
            raise NotInProcess(
                back.item.code, back.item.unit, back.work_order, back.quantity, there
            )
        for taken in take_from(fitting, back.quantity):
            part = taken.part
            coming.append(
                Coming(part.number, None, back.reference, part.item, part.layer, part.owner,
                       part.transfer, taken.quantity, taken.cost, part.currency, back.place,
                       back.happened_on, nth)
            )  # fmt: skip
    production_records.write_left(
        posting, [part for parts in in_process.values() for part in parts]
    )
    return let_components_in(
        posting, coming, load_components(posting, {back.item for back in coming})
    )
