"""Keeping what our own goods cost, whatever act made them ours, used them or brought them back.

Every act that changes how much of an item is ours ends here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from consigned.accounting import journals
from consigned.accounting.costs import (
    AverageCosts,
    CameBackAt,
    CostChange,
    CostChanges,
    StandardCosts,
    WentOut,
    carried,
    come_back_at,
)
from consigned.accounting.journals import IN_PROCESS
from consigned.inventory.title_transfers import GOES_TO, OwnedIssue, UseKind
from consigned.master_data.parties import CostMethod
from consigned.measure.identity import ItemId, LayerNumber
from consigned.title.position import Zone
from consigned_service.records.accounting.costs import (
    costs_after,
    read_owned_costs,
    read_owned_costs_of_items,
    read_standard_costs,
    went_out_at,
    write_owned_costs,
)
from consigned_service.records.ledger.posting import OpenPosting


class Kept(NamedTuple):
    """Goods that became ours and stayed on the shelf, and what they cost."""

    layer: LayerNumber
    item: ItemId
    quantity: int
    cost: int
    currency: str
    on: date | None = None
    """The day on which they became ours; if none is said, the day of recording."""
    averaged: int | None = None
    """How much of them the average cost takes in; if nothing is said, all (checklist P36). Where
    it is all that is said, they were ours before and have a price only now."""


class OwnCost(NamedTuple):
    """What goods of our own cost that went into production."""

    issue: OwnedIssue
    amount: int
    currency: str


def cost_own_goods(
    posting: OpenPosting,
    own_issues: Sequence[OwnedIssue],
    kept: Sequence[Kept] = (),
) -> list[OwnCost]:
    """Keep what our own goods cost: those that became ours and stayed, were used, or came back.

    What comes back comes at what it went out at (decision 0037). Answers what those cost that went
    into production.
    """
    if not own_issues and not kept:
        return []
    organization = posting.organization
    changes = open_costs(
        posting,
        {issue.holding.layer: issue.holding.item for issue in own_issues}
        | {goods.layer: goods.item for goods in kept},
    )
    for goods in kept:
        _keep(posting, changes, goods)
    gone = _gone(posting, own_issues)
    booked: dict[tuple[str, str | None, str, date], int] = defaultdict(int)
    used_in_process = []
    for issue in own_issues:
        use, holding, quantity, _ = issue
        on = issue.on(posting.book)
        if quantity < 0:
            for part in _came_back(issue, gone[holding.layer], organization.currency):
                currency = changes.currency(holding.layer, part.currency)
                changes.come_back(
                    holding.layer, holding.item, part.quantity, part.cost, currency,
                    on, part.kind,
                )  # fmt: skip
                account = use.account if part.kind == use.kind else None
                booked[part.kind, account, currency, on] -= part.cost
            continue
        amount = changes.take(holding.layer, quantity, on, use.kind)
        currency = changes.currency(holding.layer, organization.currency)
        if holding.layer in gone:
            gone[holding.layer].insert(0, WentOut(use.kind, quantity, amount, currency))
        booked[use.kind, use.account, currency, on] += amount
        if use.kind in IN_PROCESS:
            used_in_process.append(OwnCost(issue, amount, currency))
    for (kind, account, currency, on), amount in booked.items():
        posting.add_journals(
            journals.own_goods_used(organization.party, kind, amount, currency, on, account)
        )
    keep_costs(posting, changes)
    return used_in_process


def _gone(
    posting: OpenPosting, own_issues: Iterable[OwnedIssue]
) -> dict[LayerNumber, list[WentOut]]:
    """What of the layers that come back went out and is gone still, at what it cost."""
    came_back = {issue.holding.layer for issue in own_issues if issue.quantity < 0}
    return went_out_at(posting, came_back) if came_back else {}


def in_uses_like(gone: Iterable[WentOut], kind: str) -> list[WentOut]:
    """What went where a kind of use takes goods."""
    return [one for one in gone if GOES_TO[one.kind] is GOES_TO[kind]]


def _came_back(issue: OwnedIssue, gone: Sequence[WentOut], currency: str) -> list[CameBackAt]:
    """What goods cost that come back, by the kinds of use they went out in. What is found again
    that was never lost is worth what its layer came in at."""
    use, holding, quantity, _ = issue
    came = come_back_at(in_uses_like(gone, use.kind), use.kind, -quantity)
    if rest := -quantity - sum(part.quantity for part in came):
        found = holding.order_price if GOES_TO[use.kind] is Zone.LOSS else None
        cost = found.extend(rest) if found else 0
        came.append(CameBackAt(use.kind, rest, cost, found.currency if found else currency))
    return came


def _keep(posting: OpenPosting, changes: CostChanges, goods: Kept) -> None:
    layer, item, quantity, cost, currency, on, averaged = goods
    on = on or posting.recorded_on
    if quantity or not averaged:
        taken_in = quantity if averaged is None else averaged
        changes.add(layer, item, quantity, cost, currency, on, taken_in)
        return
    gone = changes.add_late(layer, item, averaged, cost, currency, on)
    party = posting.organization.party
    posting.add_journals(journals.own_goods_used(party, UseKind.SALE, gone, currency, on))


def open_costs(posting: OpenPosting, layers: Mapping[LayerNumber, ItemId]) -> CostChanges:
    """What our own goods of some layers, and items, cost as the posting finds them."""
    organization, items = posting.organization, set(layers.values())
    if organization.cost_method == CostMethod.AVERAGE:
        return AverageCosts(read_owned_costs_of_items(organization.id, items, layers))
    owned = read_owned_costs(organization.id, layers)
    if organization.cost_method == CostMethod.STANDARD:
        return StandardCosts(owned, read_standard_costs(organization, items))
    return CostChanges(owned)


def keep_costs(posting: OpenPosting, changes: CostChanges) -> None:
    """Write what our own goods cost now, and by how much it changed, on days that are open."""
    organization, number = posting.organization.id, posting.number
    open_day = posting.organization.open_day
    grown = [change._replace(on=open_day(change.on)) for change in changes.made()]
    grown += _carry(posting, changes, grown)
    first = posting.take_numbers("cost", len(grown))
    posting.add(
        "cost_entry",
        (
            (organization, entry, number, layer, on.isoformat(), quantity, cost,
             changes.currency(layer, ""), averaged, kind)
            for entry, (layer, on, quantity, cost, averaged, kind) in enumerate(grown, start=first)
        ),
    )  # fmt: skip
    changed = {change.layer for change in grown}
    for layer, on, *_ in grown:
        owned = changes.costs[layer]
        owned.changed_on = max(owned.changed_on, on)
    write_owned_costs(organization, [changes.costs[layer] for layer in sorted(changed)])
    posting.add_journals(
        entry
        for (on, currency), variance in changes.variances.items()
        for entry in journals.cost_variance(posting.organization.party, variance, currency, on)
    )


def _carry(
    posting: OpenPosting, changes: CostChanges, grown: Sequence[CostChange]
) -> list[CostChange]:
    """Carry what a layer does not cost yet on a day gone by to the day on which it does, against
    the variance. Nothing is read where nothing changed after the days that are told."""
    days: dict[LayerNumber, set[date]] = defaultdict(set)
    for change in grown:
        days[change.layer].add(change.on)
    late = {
        layer
        for layer, on in days.items()
        if len(on) > 1 or min(on) < changes.costs[layer].changed_on
    }
    if not late:
        return []
    since = min(min(days[layer]) for layer in late)
    moved = costs_after(posting, late, since)
    made = [change for change in grown if change.layer in late]
    more = list(carried(made, changes.costs, moved))
    for layer, on, _, cost, *_ in more:
        changes.variances[on, changes.currency(layer, "")] -= cost
    return more
