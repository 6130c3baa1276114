"""What is in process, at what it cost: components that went into production and did not go on.

A part is what one use took of one layer. Taking some of it takes its share of the cost, the last
of it what is left; so what a product costs is exactly what its components cost, and what is in
process is exactly what they cost that are not in a product yet. Value is neither made nor lost.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from consigned.measure.identity import (
    ConsumptionNumber,
    EntryNumber,
    ItemId,
    LayerNumber,
    PartyId,
)
from consigned.measure.quantity import MICROS, divide_half_even


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
    """The transfer of title by which they became ours, where they did when they were used."""
    lot: str | None = None
    serial: str | None = None

    @property
    def is_late_cost(self) -> bool:
        """Whether it is no goods, but what goods in process came to once they had a price."""
        return self.cost_left != 0 and not self.quantity_left

    def take(self, quantity: int) -> "Taken":
        """Take so much of it at most, and its share of the cost."""
        quantity, cost = min(quantity, self.quantity_left), self.cost_left
        if self.quantity_left:
            cost = divide_half_even(self.cost_left * quantity, self.quantity_left)
        self.quantity_left -= quantity
        self.cost_left -= cost
        return Taken(self, quantity, cost)


class Taken(NamedTuple):
    """So much of a part, with its cost."""

    part: Part
    quantity: int
    cost: int


def take_from(parts: Iterable[Part], quantity: int) -> list[Taken]:
    """Take a quantity out of parts in their order, as far as they go.

    What parts came to that had no price at first goes with the next that is taken.
    """
    parts = list(parts)
    taken = [part.take(0) for part in parts if quantity and part.is_late_cost]
    for part in parts:
        if not quantity:
            break
        if part.quantity_left:
            taken.append(part.take(quantity))
            quantity -= taken[-1].quantity
    return taken


def share_of(whole: int, before: int, after: int, of: int) -> int:
    """What of a whole belongs to the span from `before` to `after` out of `of`; the shares of
    spans that follow one another come to the whole."""
    return divide_half_even(whole * after, of) - divide_half_even(whole * before, of)


def spread(amount: int, weights: Sequence[int]) -> list[int]:
    """An amount in parts as heavy as the weights, that come to it to the cent."""
    whole, before, shares = sum(weights), 0, []
    for weight in weights:
        shares.append(share_of(amount, before, before + weight, whole) if whole else 0)
        before += weight
    return shares


def bear(amount: int, parts: Sequence[tuple[int, bool]]) -> list[int]:
    """What a product cost, over its parts: what each cost, and whether it had been charged.

    What was charged bears just that, because it may go back at that; the cents of rounding stay
    with the others.
    """
    weights = [weight for weight, _ in parts]
    charged = sum(weight for weight, is_charged in parts if is_charged)
    if amount < charged or charged == sum(weights):
        return spread(amount, weights)
    others = iter(spread(amount - charged, [w for w, is_charged in parts if not is_charged]))
    return [weight if is_charged else next(others) for weight, is_charged in parts]


Span = tuple[int, int, int]
"""From where to where out of how much of a product's layer is taken apart."""


def given_back(
    inside: Sequence[tuple[ItemId, LayerNumber, int, int]],
    span: Span,
    pieces: Collection[ItemId] = (),
) -> list[tuple[int, int]]:
    """What of each component belongs to a span of a product: quantity, and what it cost.

    A component is an item, a layer, a quantity and its cost. Of each item the product gives back
    as much as belongs to the span, out of its layers one after the other, so that whole pieces
    stay whole; of `pieces`, a whole number. Spans that follow one another give everything back.
    What came to a layer's goods later, with no quantity of its own, goes with the first of them.
    """
    wholes: dict[ItemId, int] = {}
    late: dict[LayerNumber, int] = {}
    for item, layer, quantity, cost in inside:
        wholes[item] = wholes.get(item, 0) + quantity
        if not quantity:
            late[layer] = late.get(layer, 0) + cost
    passed: dict[ItemId, int] = {}
    back = []
    for item, layer, quantity, cost in inside:
        before = passed.get(item, 0)
        passed[item] = before + quantity
        first, last = (
            min(max(_up_to(wholes[item], end, span[2], item in pieces) - before, 0), quantity)
            for end in span[:2]
        )
        whole_cost = cost + late.pop(layer, 0) if quantity else 0
        back.append((last - first, share_of(whole_cost, first, last, quantity) if quantity else 0))
    return back


def _up_to(whole: int, end: int, of: int, is_pieces: bool) -> int:
    """How much of a component belongs to the first so much of its product."""
    step = MICROS if is_pieces else 1
    return divide_half_even(whole * end, of * step) * step
