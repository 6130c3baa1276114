"""Keeping what our own goods cost, whatever act made them ours, used them or brought them back.

Every act that changes how much of an item is ours ends here.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from consigned.measure.identity import LayerNumber
from consigned.measure.money import Price
from consigned.settlement import journals
from consigned.settlement.costs import CostChanges
from consigned.settlement.journals import IN_PROCESS
from consigned.trade.consumption import OwnIssue
from consigned_service.records import ledger
from consigned_service.records.ledger import OpenPosting


class Kept(NamedTuple):
    """Goods that became ours and stayed on the shelf, and what they cost."""

    layer: LayerNumber
    quantity: int
    cost: int
    currency: str
    on: date | None = None
    """The day on which they became ours; if none is said, the day of recording."""
    averaged: int | None = None
    """How much of them the average cost takes in; if nothing is said, all (checklist P36)."""


class OwnCost(NamedTuple):
    """What goods of our own cost that went into production."""

    issue: OwnIssue
    amount: int
    currency: str


def cost_own_goods(
    posting: OpenPosting,
    own_issues: Sequence[OwnIssue],
    kept: Sequence[Kept] = (),
    charged: Mapping[LayerNumber, Price] = MappingProxyType({}),
) -> list[OwnCost]:
    """Keep what our own goods cost: those that became ours and stayed, were used, or came back.

    `charged` is what the title of layers was charged at in this very posting. Answers what those
    cost that went into production.
    """
    if not own_issues and not kept:
        return []
    organization = posting.organization
    layers = {issue.holding.layer for issue in own_issues} | {goods.layer for goods in kept}
    changes = open_costs(posting, layers)
    for layer, quantity, cost, currency, on, averaged in kept:
        changes.add(
            layer, quantity, cost, currency, on or posting.recorded_on,
            quantity if averaged is None else averaged,
        )  # fmt: skip
    came_back = [issue.holding.layer for issue in own_issues if issue.quantity < 0]
    returned_at = ledger.charged_unit_costs(organization.id, came_back) if came_back else {}
    returned_at |= charged
    booked: dict[tuple[str, str | None, str, date], int] = defaultdict(int)
    used_in_process = []
    for issue in own_issues:
        use, holding, quantity = issue
        if quantity < 0:
            price = returned_at.get(holding.layer) or holding.order_price
            currency = price.currency if price else organization.currency
            amount = -(price.extend(-quantity) if price else 0)
            changes.add(holding.layer, -quantity, -amount, currency, use.happened_on)
        else:
            amount = changes.take(holding.layer, quantity, use.happened_on)
        currency = changes.currency(holding.layer, organization.currency)
        booked[use.kind, use.account, currency, use.happened_on] += amount
        if use.kind in IN_PROCESS and quantity > 0:
            used_in_process.append(OwnCost(issue, amount, currency))
    for (kind, account, currency, on), amount in booked.items():
        posting.add_journals(
            journals.own_goods_used(organization.party, kind, amount, currency, on, account)
        )
    keep_costs(posting, changes)
    return used_in_process


def open_costs(posting: OpenPosting, layers: Collection[LayerNumber]) -> CostChanges:
    """What our own goods of some layers cost as the posting finds them."""
    return CostChanges(ledger.read_owned_costs(posting.organization.id, layers))


def keep_costs(posting: OpenPosting, changes: CostChanges) -> None:
    """Write what our own goods cost now, and by how much it changed, on days that are open."""
    organization, number = posting.organization.id, posting.number
    open_day = posting.organization.open_day
    grown = [change for change in changes.made() if any(change[2:5])]
    first = posting.take_numbers("cost", len(grown))
    posting.add(
        "cost_entry",
        (
            (organization, entry, number, layer, open_day(on).isoformat(), quantity, cost,
             changes.currency(layer, ""), averaged)
            for entry, (layer, on, quantity, cost, averaged) in enumerate(grown, start=first)
        ),
    )  # fmt: skip
    ledger.write_owned_costs(organization, changes.costs.values())
