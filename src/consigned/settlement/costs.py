"""What our own goods cost us, layer by layer.

Goods we bought, or that became ours and stayed on the shelf, are kept at what was paid for them.
Using a part of a layer takes its share of the layer's cost; the last part takes what is left, so
that no cent remains behind. Consigned goods used at once never come here: their cost is the price
they are settled at, not an average (checklist P52).

Beside it two averages are told, which post nothing. The perpetual average takes in what became
ours, at what it cost, and nothing else changes it (P36). The informational average takes in
whatever was put away, whosever it is, at the price it came with (P37).

    bought 10 at 3.00                       perpetual 3.00   informational 3.00
    10 of Acme's put away, worth 2.00       perpetual 3.00   informational 2.50
    5 of Acme's used, 5 of ours used        perpetual 3.00   informational 2.50
    5 of Acme's become ours at 2.00         perpetual 2.50   informational 2.50
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from consigned.measure.identity import LayerNumber
from consigned.measure.money import Price, price_of
from consigned.measure.quantity import divide_half_even


@dataclass
class OwnedCost:
    """The quantity of a layer that is ours and inside the walls, and what it cost."""

    layer: LayerNumber
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


@dataclass
class CostChanges:
    """What our own goods cost, layer by layer, and how one posting changes it."""

    costs: dict[LayerNumber, OwnedCost]
    _made: dict[tuple[LayerNumber, date, bool], list[int]] = field(default_factory=dict)

    def add(
        self,
        layer: LayerNumber,
        quantity: int,
        cost: int,
        currency: str,
        on: date,
        averaged: int = 0,
    ) -> None:
        """Goods become ours, or come back, at a cost."""
        self.costs.setdefault(layer, OwnedCost(layer, 0, 0, currency)).add(quantity, cost)
        self._count(layer, on, quantity, cost, averaged)

    def take(self, layer: LayerNumber, quantity: int, on: date) -> int:
        """What a part costs that leaves; goods that nothing was ever kept of cost nothing."""
        owned = self.costs.get(layer)
        if owned is None:
            return 0
        cost = owned.take(quantity)
        self._count(layer, on, -quantity, -cost, 0)
        return cost

    def take_back(
        self, layer: LayerNumber, quantity: int, charged: int, currency: str, on: date
    ) -> int:
        """What of the layer's cost goes with a part whose title goes back, at what was charged."""
        owned = self.costs.setdefault(layer, OwnedCost(layer, quantity, 0, currency))
        cost = owned.take_back(quantity, charged)
        self._count(layer, on, -quantity, -cost, 0)
        return cost

    def currency(self, layer: LayerNumber, default: str) -> str:
        owned = self.costs.get(layer)
        return owned.currency if owned else default

    def made(self) -> Iterator[CostChange]:
        for (layer, on, _), (quantity, cost, averaged) in self._made.items():
            yield CostChange(layer, on, quantity, cost, averaged)

    def _count(self, layer: LayerNumber, on: date, quantity: int, cost: int, averaged: int) -> None:
        is_late = averaged > 0 and not quantity
        made = self._made.setdefault((layer, on, is_late), [0, 0, 0])
        made[0] += quantity
        made[1] += cost
        made[2] += averaged


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
