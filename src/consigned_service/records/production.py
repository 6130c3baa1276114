"""Production in the database: bills of materials, what is in process, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from consigned.measure.identity import (
    ConsumptionNumber,
    EntryNumber,
    ItemId,
    LayerNumber,
    PartyId,
)
from consigned_service.records import bulk
from consigned_service.records.bulk import Column
from consigned_service.records.ledger import OpenPosting


@dataclass
class Part:
    """Goods of one layer that went into production for one order, and what is left in process."""

    number: int
    consumption: ConsumptionNumber
    work_order: str
    item: ItemId
    layer: LayerNumber
    owner: PartyId
    """Whose they were until they were used."""
    quantity_left: int
    cost_left: int
    currency: str
    transfer: EntryNumber | None = None


PART = (
    Column("organization_id"), Column("number"), Column("posting"), Column("consumption"),
    Column("work_order", "text"), Column("item_id"), Column("layer"), Column("owner_id"),
    Column("quantity"), Column("cost"), Column("currency", "text"), Column("transfer"),
    Column("quantity_left"), Column("cost_left"),
)  # fmt: skip


def add_parts(posting: OpenPosting, parts: Sequence[Part]) -> None:
    """Keep what went into production; each part gets its number."""
    if not parts:
        return
    organization = posting.organization.id
    first = posting.take_numbers("component", len(parts))
    rows = []
    for number, part in enumerate(parts, start=first):
        part.number = number
        rows.append(
            (organization, number, posting.number, part.consumption, part.work_order, part.item,
             part.layer, part.owner, part.quantity_left, part.cost_left, part.currency,
             part.transfer)
        )  # fmt: skip
    posting.add("component_issued", rows)
    bulk.insert(
        "component_issued", [column.name for column in PART],
        [(*row, part.quantity_left, part.cost_left)
         for row, part in zip(rows, parts, strict=True)],
    )  # fmt: skip
