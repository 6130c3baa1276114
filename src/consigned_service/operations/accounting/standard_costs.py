"""Telling standard costs: what an organization's own goods of an item are kept at.

A standard holds from the moment in which it is told; what is ours on the shelf is kept at it from
then on, and what that changes is a revaluation of its own. Nothing that was used before changes.

Refuses: NotByStandard; UnknownItem (from items), InvalidAmount, UnitUnknown; ReferenceReused.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, NamedTuple

from consigned.accounting import journals
from consigned.accounting.costs import CostChanges
from consigned.master_data.items import Item, UnknownItem
from consigned.master_data.parties import CostMethod
from consigned.measure.identity import ItemId, OrganizationId
from consigned.measure.money import Price
from consigned.measure.refusal import Refusal
from consigned_service.operations.accounting import costs as own_costs
from consigned_service.operations.core import fields
from consigned_service.operations.core.idempotency import tell_once
from consigned_service.operations.core.outcome import Result
from consigned_service.records.accounting.costs import read_owned_costs_of_items
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records


@dataclass(eq=False)
class NotByStandard(Refusal):
    organization: str
    method: str
    code: ClassVar[str] = "not-by-standard"
    remedy: ClassVar[str] = "Import the organization with cost_method standard first."

    def __str__(self) -> str:
        return f"{self.organization} keeps its own goods by {self.method}, not at standard costs"


class StandardCostLine(NamedTuple):
    """What an item is to cost."""

    reference: Annotated[str, fields.REFERENCE]
    item: Annotated[str, fields.ITEM]
    cost: Annotated[
        int,
        fields.PRICE,
        "what its own goods of the item are kept at from now on, in its own currency",
    ]
    because: Annotated[str, fields.BECAUSE]
    unit: Annotated[str, fields.UNIT, "unit that the cost is of; empty: the item's own"] = ""


class Standard(NamedTuple):
    """What an item costs from now on, in the organization's currency."""

    item: ItemId
    cost: Price
    because: str


def set_standard_costs(
    *, organization: OrganizationId, lines: Sequence[StandardCostLine], by: str, at: datetime
) -> Result:
    """Say what an organization's own goods of items are kept at from now on, many at once.

    What lies on the shelf is revalued, the same day. Refuses an organization that does not keep
    its goods at standard costs.
    """
    outcome = Result()
    with ledger.posting(
        organization, cause="standard-cost", recorded_at=at, recorded_by=by
    ) as posting:
        items = agreement_records.items_by_code({line.item for line in lines})

        def read(_: int, line: StandardCostLine) -> Standard:
            return _read(posting, items, line)

        new = tell_once(posting, enumerate(lines), read, outcome)
        _keep(posting, new)
        _revalue(posting, {standard.item: standard.cost for standard in new})
        outcome.new = len(new)
    return outcome


def _read(posting: OpenPosting, items: Mapping[str, Item], line: StandardCostLine) -> Standard:
    organization = posting.organization
    if organization.cost_method != CostMethod.STANDARD:
        raise NotByStandard(organization.code, organization.cost_method)
    item = items.get(line.item)
    if item is None:
        raise UnknownItem(line.item)
    price = Price(line.cost, organization.currency, item.one(line.unit))
    return Standard(item.id, price, line.because)


def _keep(posting: OpenPosting, standards: Iterable[Standard]) -> None:
    told = list(standards)
    first = posting.take_numbers("standard_cost", len(told))
    posting.add(
        "standard_cost",
        [
            (posting.organization.id, number, posting.number, item, cost.micros, cost.per,
             posting.recorded_on.isoformat(), because)
            for number, (item, cost, because) in enumerate(told, start=first)
        ],
    )  # fmt: skip


def _revalue(posting: OpenPosting, standards: Mapping[ItemId, Price]) -> None:
    """Keep what is ours of some items at what they cost from now on."""
    organization, on = posting.organization, posting.recorded_on
    changes = CostChanges(read_owned_costs_of_items(organization.id, standards, ()))
    grown: dict[ItemId, int] = defaultdict(int)
    for layer, owned in changes.costs.items():
        standard = standards[owned.item]
        if owned.currency == standard.currency:
            grown[owned.item] += changes.revalue(layer, standard.extend(owned.quantity), on)
    for amount in grown.values():
        posting.add_journals(
            journals.inventory_revalued(organization.party, amount, organization.currency, on)
        )
    own_costs.keep_costs(posting, changes)
