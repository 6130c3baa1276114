"""What our own goods cost us, layer by layer.

Goods we bought, or that became ours and stayed on the shelf, are kept at what was paid for them,
at what the item costs on average, or at what the organization says that it costs, as its cost
method has it. Using a part of a layer takes its share of the layer's cost; the last part takes
what is left, so that no cent remains behind. Consigned goods used at once never come here: their
cost is the price they are settled at, whatever the method (checklist P52).

    bought 10 at 3.00, then 10 at 6.00; 5 used     fifo 15.00   average 22.50   standard 20.00
    of 90.00 paid, with a standard of 4.00          variance 10.00 by the standard method alone

What customers bring back comes at what it went out at, whatever goods of its kind cost by then, so
that what was sold and all came back cost nothing in the end. By the standard method it is kept at
the standard, and the rest is a variance.

Beside it two averages are told, which post nothing. The perpetual average takes in what became
ours, at what it cost, and nothing else changes it (P36). The informational average takes in
whatever was put away, whosever it is, at the price it came with (P37).

    bought 10 at 3.00                       perpetual 3.00   informational 3.00
    10 of Acme's put away, worth 2.00       perpetual 3.00   informational 2.50
    5 of Acme's used, 5 of ours used        perpetual 3.00   informational 2.50
    5 of Acme's become ours at 2.00         perpetual 2.50   informational 2.50
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import NamedTuple

from consigned.accounting.work_in_progress import spread
from consigned.measure.identity import ItemId, LayerNumber
from consigned.measure.money import Price, price_of
from consigned.measure.quantity import divide_half_even


@dataclass
class OwnedCost:
    """The quantity of a layer that is ours and inside the walls, and what it cost."""

    layer: LayerNumber
    item: ItemId
    quantity: int
    cost: int
    currency: str
    changed_on: date = date.min
    """The last day on which either changed."""

    def add(self, quantity: int, cost: int) -> None:
        self.quantity += quantity
        self.cost += cost

    def take(self, quantity: int) -> int:
        """The cost of a part that leaves; nothing is left behind by the last part."""
        part = divide_half_even(self.cost * quantity, self.quantity) if self.quantity else 0
        self.quantity -= quantity
        self.cost -= part
        return part

    def take_back(self, quantity: int, cost: int) -> int:
        """Take a part out at what was charged for it, as far as the layer's cost goes; the last
        part takes what is left. Answers what it took."""
        self.quantity -= quantity
        part = min(cost, self.cost) if self.quantity else self.cost
        self.cost -= part
        return part


@dataclass
class WentOut:
    """What of a layer's goods went out in one kind of use and did not come back, and what it cost
    as it went."""

    kind: str
    quantity: int
    cost: int
    currency: str

    def take(self, quantity: int) -> int:
        """The cost of a part that comes back; the last part brings what is left."""
        part = divide_half_even(self.cost * quantity, self.quantity)
        self.quantity -= quantity
        self.cost -= part
        return part


class CameBackAt(NamedTuple):
    """So much of what went out in one kind of use came back, at what it had cost."""

    kind: str
    quantity: int
    cost: int
    currency: str


def less_what_came_back(out: list[WentOut], quantity: int, cost: int) -> None:
    """Take off what came back before, the first of the list first; what is left of all of it cost
    what all of it did, less what that came back at. Those of which nothing came back cost what they
    did, as far as that goes."""
    whole = sum(one.cost for one in out) - cost
    for one in out:
        part = min(one.quantity, quantity)
        if part:
            one.take(part)
            quantity -= part
    left = [one for one in out if one.quantity]
    for one in reversed(left[1:]):
        one.cost = max(0, min(one.cost, whole))
        whole -= one.cost
    if left:
        left[0].cost = max(0, whole)


def come_back_at(out: Iterable[WentOut], kind: str, quantity: int) -> list[CameBackAt]:
    """At what goods come back that went out in a kind of use, or else in others like it: the
    first of the list first. What nobody knows to have gone out is left over."""
    came = []
    for one in sorted(out, key=lambda one: one.kind != kind):
        part = min(one.quantity, quantity)
        if part > 0:
            came.append(CameBackAt(one.kind, part, one.take(part), one.currency))
            quantity -= part
    return came


def cost_of_a_part(out: list[WentOut], quantity: int, charged: int) -> int:
    """What a part cost that is gone no longer, and was charged at so much: never more than all that
    is gone did, and what is left of it where nothing else is gone. Takes it off. That amounts are
    rounded makes no difference of its own."""
    whole = sum(one.cost for one in out)
    cost = min(charged, whole) if sum(one.quantity for one in out) > quantity else whole
    cost = charged if abs(charged - cost) <= 1 else cost
    less_what_came_back(out, quantity, cost)
    return cost


def cost_of_what_is_gone(out: list[WentOut], less: int) -> int:
    """By how much less all that is gone costs, where goods whose title goes back cost so much less
    than is credited for them: never more than all of it cost, and by nothing where nothing is gone.
    Takes it off."""
    whole = sum(one.cost for one in out)
    borne = min(less, whole) if any(one.quantity for one in out) else 0
    less_what_came_back(out, 0, borne)
    return borne


class CostChange(NamedTuple):
    """By how much the goods of a layer that are ours, and their cost, grew or shrank on a day."""

    layer: LayerNumber
    on: date
    quantity: int
    cost: int
    averaged: int
    """How much of it the perpetual average takes in."""
    kind: str
    """The kind of use by which they went out, or from which they came back; else empty."""


def carried(
    changes: Iterable[CostChange],
    costs: Mapping[LayerNumber, OwnedCost],
    moved: Mapping[LayerNumber, Mapping[date, int]],
) -> Iterator[CostChange]:
    """What keeps the cost of each layer from going below nothing on a day, where goods leave on a
    day gone by at what they were found to cost since: it is borne on the day, and given back on
    the day on which the layer has it. `moved` says by how much costs changed after those days.
    """
    by_layer: dict[LayerNumber, Counter[date]] = defaultdict(Counter)
    for change in changes:
        by_layer[change.layer][change.on] += change.cost
    for layer, made in by_layer.items():
        days = Counter(made)
        days.update(moved.get(layer, {}))
        lies = costs[layer].cost - sum(days.values())
        carries = 0
        for on in sorted(days):
            lies += days[on]
            needs = max(0, -lies)
            if needs != carries:
                yield CostChange(layer, on, 0, needs - carries, 0, "")
            carries = needs


class _How(Enum):
    """Why the cost of a layer changed. What came, and what had a price only later, moves the
    perpetual average; what left or came back, and what is kept at another cost, does not."""

    CAME = auto()
    LATE = auto()
    LEFT = auto()
    REVALUED = auto()


class CostChanges:
    """What our own goods cost, layer by layer, and how one posting changes it: each delivery at
    what it cost itself."""

    def __init__(self, costs: dict[LayerNumber, OwnedCost]) -> None:
        self.costs = costs
        self.variances: dict[tuple[date, str], int] = defaultdict(int)
        """What goods cost more than they are kept at, by day and currency."""
        self._made: dict[tuple[LayerNumber, date, _How, str], list[int]] = {}

    def add(
        self,
        layer: LayerNumber,
        item: ItemId,
        quantity: int,
        cost: int,
        currency: str,
        on: date,
        averaged: int = 0,
        kind: str = "",
    ) -> None:
        """Goods become ours at a cost."""
        owned = self.costs.setdefault(layer, OwnedCost(layer, item, 0, 0, currency))
        owned.add(quantity, cost)
        self._count(layer, on, quantity, cost, averaged, kind=kind)

    def add_late(
        self, layer: LayerNumber, item: ItemId, quantity: int, cost: int, currency: str, on: date
    ) -> int:
        """Goods that are ours already have a price only now; answers what falls to those of them
        that are gone. Nothing of a layer was kept that left as it became ours."""
        left = self._left(layer) if layer in self.costs else 0
        self.add(layer, item, 0, cost, currency, on, averaged=quantity)
        gone = quantity - min(quantity, left)
        part = divide_half_even(cost * gone, quantity)
        self.revalue(layer, self.costs[layer].cost - part, on)
        return part

    def _left(self, layer: LayerNumber) -> int:
        return self.costs[layer].quantity

    def come_back(
        self, layer: LayerNumber, item: ItemId, quantity: int, cost: int, currency: str, on: date,
        kind: str = "",
    ) -> None:  # fmt: skip
        """Goods that were ours come back from a kind of use, at what they cost when they left."""
        self.add(layer, item, quantity, cost, currency, on, kind=kind)

    def take(self, layer: LayerNumber, quantity: int, on: date, kind: str = "") -> int:
        """What a part costs that leaves by a kind of use; goods that nothing was ever kept of cost
        nothing."""
        owned = self.costs.get(layer)
        if owned is None:
            return 0
        cost = owned.take(quantity)
        self._count(layer, on, -quantity, -cost, 0, kind=kind)
        return cost

    def take_back(
        self,
        layer: LayerNumber,
        item: ItemId,
        quantity: int,
        charged: int,
        currency: str,
        on: date,
        kind: str = "",
    ) -> int:
        """What of the layer's cost goes with a part whose title goes back, at what was charged;
        the kind is that of a use it had come back from."""
        owned = self.costs.setdefault(layer, OwnedCost(layer, item, quantity, 0, currency))
        cost = owned.take_back(quantity, charged)
        self._count(layer, on, -quantity, -cost, 0, kind=kind)
        return cost

    def went_out_otherwise(
        self, layer: LayerNumber, item: ItemId, cost: int, currency: str, on: date, kind: str
    ) -> None:
        """What of a layer is gone by a kind of use cost so much more than its charges say; what is
        kept here stays as it is."""
        self.costs.setdefault(layer, OwnedCost(layer, item, 0, 0, currency))
        self._count(layer, on, 0, -cost, 0, kind=kind)
        self._count(layer, on, 0, cost, 0, _How.REVALUED)

    def revalue(self, layer: LayerNumber, cost: int, on: date) -> int:
        """Keep a layer at another cost; answers by how much it grew."""
        grown = cost - self.costs[layer].cost
        self.costs[layer].cost = cost
        self._count(layer, on, 0, grown, 0, _How.REVALUED)
        return grown

    def currency(self, layer: LayerNumber, default: str) -> str:
        owned = self.costs.get(layer)
        return owned.currency if owned else default

    def made(self) -> Iterator[CostChange]:
        for (layer, on, _, kind), (quantity, cost, averaged) in self._made.items():
            if quantity or cost or averaged:
                yield CostChange(layer, on, quantity, cost, averaged, kind)

    def _count(
        self,
        layer: LayerNumber,
        on: date,
        quantity: int,
        cost: int,
        averaged: int,
        how: _How = _How.LEFT,
        kind: str = "",
    ) -> None:
        if averaged:
            how = _How.CAME if quantity else _How.LATE
        made = self._made.setdefault((layer, on, how, kind), [0, 0, 0])
        made[0] += quantity
        made[1] += cost
        made[2] += averaged


class AverageCosts(CostChanges):
    """What our own goods cost where all of an item cost the same: what becomes ours, or comes back
    at what it went out at, moves the average, and what leaves does not (checklist P36).

    `costs` holds every layer of the items that are changed.
    """

    def __init__(self, costs: dict[LayerNumber, OwnedCost]) -> None:
        super().__init__(costs)
        self._uneven: dict[tuple[ItemId, str], date] = {}

    def add(
        self,
        layer: LayerNumber,
        item: ItemId,
        quantity: int,
        cost: int,
        currency: str,
        on: date,
        averaged: int = 0,
        kind: str = "",
    ) -> None:
        super().add(layer, item, quantity, cost, currency, on, averaged, kind)
        self._uneven[item, self.costs[layer].currency] = on

    def _left(self, layer: LayerNumber) -> int:
        owned = self.costs[layer]
        return sum(one.quantity for one in self._lying(owned.item, owned.currency))

    def take(self, layer: LayerNumber, quantity: int, on: date, kind: str = "") -> int:
        if layer in self.costs:
            self._even_out(self.costs[layer].item)
        return super().take(layer, quantity, on, kind)

    def take_back(
        self,
        layer: LayerNumber,
        item: ItemId,
        quantity: int,
        charged: int,
        currency: str,
        on: date,
        kind: str = "",
    ) -> int:
        if not kind:
            return self.take(layer, quantity, on)
        owned = self.costs.setdefault(layer, OwnedCost(layer, item, quantity, 0, currency))
        self._even_out(item)
        lying = self._lying(item, owned.currency)
        whole = sum(one.cost for one in lying)
        left = sum(one.quantity for one in lying) - quantity
        cost = min(charged, whole) if left else whole
        owned.add(-quantity, -cost)
        self._count(layer, on, -quantity, -cost, 0, kind=kind)
        self._uneven[item, owned.currency] = on
        return cost

    def made(self) -> Iterator[CostChange]:
        for item in {item for item, _ in self._uneven}:
            self._even_out(item)
        return super().made()

    def _even_out(self, item: ItemId) -> None:
        """Let every layer of an item cost the same; together they cost what they did."""
        for key in [key for key in self._uneven if key[0] == item]:
            on = self._uneven.pop(key)
            lying = self._lying(*key)
            empty = [
                o for o in self.costs.values() if (o.item, o.currency) == key and not o.quantity
            ]
            whole = sum(owned.cost for owned in (*lying, *empty))
            for owned in empty if lying else ():
                self.revalue(owned.layer, 0, on)
            shares = spread(whole, [owned.quantity for owned in lying])
            for owned, share in zip(lying, shares, strict=True):
                self.revalue(owned.layer, share, on)

    def _lying(self, item: ItemId, currency: str) -> list[OwnedCost]:
        return [
            owned
            for owned in self.costs.values()
            if owned.item == item and owned.currency == currency and owned.quantity > 0
        ]


class StandardCosts(CostChanges):
    """What our own goods cost where the organization says what an item costs. What they cost more
    or less as they become ours, or go back, is a variance; an item of which nothing was said, or
    that costs in another currency, is kept at what it cost."""

    def __init__(
        self, costs: dict[LayerNumber, OwnedCost], standards: Mapping[ItemId, Price]
    ) -> None:
        super().__init__(costs)
        self.standards = standards

    def add(
        self,
        layer: LayerNumber,
        item: ItemId,
        quantity: int,
        cost: int,
        currency: str,
        on: date,
        averaged: int = 0,
        kind: str = "",
    ) -> None:
        super().add(layer, item, quantity, cost, currency, on, averaged, kind)
        variance = cost - self._standard(layer, item, quantity, cost, currency)
        self.variances[on, currency] += variance
        self.revalue(layer, self.costs[layer].cost - variance, on)

    def add_late(
        self, layer: LayerNumber, item: ItemId, quantity: int, cost: int, currency: str, on: date
    ) -> int:
        if not self._is_standard(layer, item, currency):
            return super().add_late(layer, item, quantity, cost, currency, on)
        self.add(layer, item, 0, cost, currency, on, averaged=quantity)
        return 0

    def take_back(
        self,
        layer: LayerNumber,
        item: ItemId,
        quantity: int,
        charged: int,
        currency: str,
        on: date,
        kind: str = "",
    ) -> int:
        if not self._is_standard(layer, item, currency):
            return super().take_back(layer, item, quantity, charged, currency, on, kind)
        cost = self.take(layer, quantity, on, kind)
        if kind:
            self.went_out_otherwise(layer, item, charged - cost, currency, on, kind)
        self.variances[on, currency] -= charged - cost
        return charged

    def _standard(
        self, layer: LayerNumber, item: ItemId, quantity: int, cost: int, currency: str
    ) -> int:
        if not self._is_standard(layer, item, currency):
            return cost
        return self.standards[item].extend(quantity)

    def _is_standard(self, layer: LayerNumber, item: ItemId, currency: str) -> bool:
        standard = self.standards.get(item)
        return (
            standard is not None
            and standard.currency == currency
            and self.currency(layer, currency) == currency
        )


def perpetual_average(changes: Iterable[tuple[int, int, int]], currency: str) -> Price | None:
    """The moving average cost of what became ours, change after change (checklist P36).

    A change is how much more there is of ours, how much of it the average takes in, and the cost.
    What is used, and what comes back, leaves the average as it is. What had no price when it
    became ours is taken in when it has one; it is no more goods then.
    """
    held, average = 0, None
    for quantity, averaged, cost in changes:
        if averaged > 0:
            before = max(0, held if quantity else held - averaged) if average else 0
            worth = average.extend(before) if average else 0
            average = price_of(worth + cost, currency, before + averaged)
        held += quantity
    return average


def average_of(came: Iterable[tuple[int, Price]], currency: str) -> Price | None:
    """The average price of quantities that came at prices of one currency."""
    quantity = worth = 0
    for part, price in came:
        quantity += part
        worth += price.extend(part)
    return price_of(worth, currency, quantity) if quantity else None
