"""What our own goods cost us, layer by layer.

Goods we bought, or that became ours and stayed on the shelf, are kept at what was paid for them,
at what the item costs on average, or at what the organization says that it costs, as its cost
method has it. Using a part of a layer takes its share of the layer's cost; the last part takes
what is left, so that no cent remains behind. Consigned goods used at once never come here: their
cost is the price they are settled at, whatever the method (checklist P52).

    bought 10 at 3.00, then 10 at 6.00; 5 used     fifo 15.00   average 22.50   standard 20.00
    of 90.00 paid, with a standard of 4.00          variance 10.00 by the standard method alone

Beside it two averages are told, which post nothing. The perpetual average takes in what became
ours, at what it cost, and nothing else changes it (P36). The informational average takes in
whatever was put away, whosever it is, at the price it came with (P37).

    bought 10 at 3.00                       perpetual 3.00   informational 3.00
    10 of Acme's put away, worth 2.00       perpetual 3.00   informational 2.50
    5 of Acme's used, 5 of ours used        perpetual 3.00   informational 2.50
    5 of Acme's become ours at 2.00         perpetual 2.50   informational 2.50
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import NamedTuple

from consigned.measure.identity import ItemId, LayerNumber
from consigned.measure.money import Price, price_of
from consigned.measure.quantity import divide_half_even
from consigned.settlement.process import spread


@dataclass
class OwnedCost:
    """The quantity of a layer that is ours and inside the walls, and what it cost."""

    layer: LayerNumber
    item: ItemId
    quantity: int
    cost: int
    currency: str

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


class CostChange(NamedTuple):
    """By how much the goods of a layer that are ours, and their cost, grew or shrank on a day."""

    layer: LayerNumber
    on: date
    quantity: int
    cost: int
    averaged: int
    """How much of it the perpetual average takes in."""


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
        self._made: dict[tuple[LayerNumber, date, _How], list[int]] = {}

    def add(
        self,
        layer: LayerNumber,
        item: ItemId,
        quantity: int,
        cost: int,
        currency: str,
        on: date,
        averaged: int = 0,
    ) -> None:
        """Goods become ours at a cost."""
        owned = self.costs.setdefault(layer, OwnedCost(layer, item, 0, 0, currency))
        owned.add(quantity, cost)
        self._count(layer, on, quantity, cost, averaged)

    def add_late(
        self, layer: LayerNumber, item: ItemId, quantity: int, cost: int, currency: str, on: date
    ) -> int:
        """Goods that are ours already have a price only now; answers what falls to those of them
        that are gone."""
        self.add(layer, item, 0, cost, currency, on, averaged=quantity)
        gone = quantity - min(quantity, self._left(layer))
        part = divide_half_even(cost * gone, quantity)
        self.revalue(layer, self.costs[layer].cost - part, on)
        return part

    def _left(self, layer: LayerNumber) -> int:
        return self.costs[layer].quantity

    def come_back(
        self, layer: LayerNumber, item: ItemId, quantity: int, cost: int, currency: str, on: date
    ) -> int:
        """Goods that were ours come back, that cost so much when they left; answers at what."""
        self.add(layer, item, quantity, cost, currency, on)
        return cost

    def take(self, layer: LayerNumber, quantity: int, on: date) -> int:
        """What a part costs that leaves; goods that nothing was ever kept of cost nothing."""
        owned = self.costs.get(layer)
        if owned is None:
            return 0
        cost = owned.take(quantity)
        self._count(layer, on, -quantity, -cost, 0)
        return cost

    def take_back(
        self,
        layer: LayerNumber,
        item: ItemId,
        quantity: int,
        charged: int,
        currency: str,
        on: date,
    ) -> int:
        """What of the layer's cost goes with a part whose title goes back, at what was charged."""
        owned = self.costs.setdefault(layer, OwnedCost(layer, item, quantity, 0, currency))
        cost = owned.take_back(quantity, charged)
        self._count(layer, on, -quantity, -cost, 0)
        return cost

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
        for (layer, on, _), (quantity, cost, averaged) in self._made.items():
            if quantity or cost or averaged:
                yield CostChange(layer, on, quantity, cost, averaged)

    def _count(
        self,
        layer: LayerNumber,
        on: date,
        quantity: int,
        cost: int,
        averaged: int,
        how: _How = _How.LEFT,
    ) -> None:
        if averaged:
            how = _How.CAME if quantity else _How.LATE
        made = self._made.setdefault((layer, on, how), [0, 0, 0])
        made[0] += quantity
        made[1] += cost
        made[2] += averaged


class AverageCosts(CostChanges):
    """What our own goods cost where all of an item cost the same: what becomes ours moves the
    average, and what leaves or comes back leaves it as it is (checklist P36).

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
    ) -> None:
        super().add(layer, item, quantity, cost, currency, on, averaged)
        self._uneven[item, self.costs[layer].currency] = on

    def _left(self, layer: LayerNumber) -> int:
        owned = self.costs[layer]
        return sum(one.quantity for one in self._lying(owned.item, owned.currency))

    def come_back(
        self, layer: LayerNumber, item: ItemId, quantity: int, cost: int, currency: str, on: date
    ) -> int:
        self._even_out(item)
        lying = self._lying(item, self.currency(layer, currency))
        held = sum(owned.quantity for owned in lying)
        if held:
            cost = divide_half_even(sum(owned.cost for owned in lying) * quantity, held)
        return super().come_back(layer, item, quantity, cost, currency, on)

    def take(self, layer: LayerNumber, quantity: int, on: date) -> int:
        if layer in self.costs:
            self._even_out(self.costs[layer].item)
        return super().take(layer, quantity, on)

    def take_back(
        self,
        layer: LayerNumber,
        item: ItemId,
        quantity: int,
        charged: int,
        currency: str,
        on: date,
    ) -> int:
        return self.take(layer, quantity, on)

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
    ) -> None:
        super().add(layer, item, quantity, cost, currency, on, averaged)
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

    def come_back(
        self, layer: LayerNumber, item: ItemId, quantity: int, cost: int, currency: str, on: date
    ) -> int:
        cost = self._standard(layer, item, quantity, cost, currency)
        return super().come_back(layer, item, quantity, cost, currency, on)

    def take_back(
        self,
        layer: LayerNumber,
        item: ItemId,
        quantity: int,
        charged: int,
        currency: str,
        on: date,
    ) -> int:
        if not self._is_standard(layer, item, currency):
            return super().take_back(layer, item, quantity, charged, currency, on)
        self.variances[on, currency] -= charged - self.take(layer, quantity, on)
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
