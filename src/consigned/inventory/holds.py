"""Holds: why goods may not be used. Each reason is a fact with a reference, a day and an end of its
own; goods are free when none stands (decision 0028).

A hold is of so much of a layer. A recall is of a lot of one item and maker: while it stands,
everything of it that lies here, or comes, is on hold, whatever other holds stand or end.

    hold H-1 of 2 EA of lot L7         on hold: 2, by H-1
    recall L7, 10 EA lie here          on hold: 10, all by the recall and 2 by H-1 as well
    end the recall                     on hold: 2, by H-1

Refuses: UnknownHold, UnknownLot, LotOfSeveral, NotRecalled, RecalledForSeveral.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from consigned.measure.identity import ItemId, LayerNumber, PartyId, PlaceNumber
from consigned.measure.refusal import Refusal


@dataclass(eq=False)
class UnknownHold(Refusal):
    reference: str
    organization: str
    code: ClassVar[str] = "unknown-hold"
    remedy: ClassVar[str] = "Look the holds that stand up: consigned holds."

    def __str__(self) -> str:
        return f"no hold {self.reference!r} stands at {self.organization}"


@dataclass(eq=False)
class UnknownLot(Refusal):
    lot: str
    code: ClassVar[str] = "unknown-lot"
    remedy: ClassVar[str] = "Name its item and its maker, and it is held when it comes."

    def __str__(self) -> str:
        return f"nothing of lot {self.lot!r} has come here yet"


@dataclass(eq=False)
class LotOfSeveral(Refusal):
    lot: str
    kinds: tuple[str, ...]
    code: ClassVar[str] = "lot-of-several"
    remedy: ClassVar[str] = "Name the item (--item) and the maker (--consignor)."

    def __str__(self) -> str:
        return f"lot {self.lot} may be {', or '.join(self.kinds)}"


@dataclass(eq=False)
class NotRecalled(Refusal):
    lot: str
    because: str
    code: ClassVar[str] = "not-recalled"
    remedy: ClassVar[str] = "Look the recalls that stand up: consigned holds."

    def __str__(self) -> str:
        named = f" for {self.because!r}" if self.because else ""
        return f"no recall of lot {self.lot} stands{named}"


@dataclass(eq=False)
class RecalledForSeveral(Refusal):
    lot: str
    reasons: tuple[str, ...]
    code: ClassVar[str] = "recalled-for-several"
    remedy: ClassVar[str] = "Name the one that ends (--recall)."

    def __str__(self) -> str:
        return f"lot {self.lot} is recalled for {' and for '.join(self.reasons)}"


class Hold(NamedTuple):
    """A hold that stands, and how much of it."""

    number: int
    layer: LayerNumber
    place: PlaceNumber
    quantity: int
    reference: str


class Lot(NamedTuple):
    """A lot as its maker means it: the same mark on another item, or of another maker, is
    another lot."""

    item: ItemId
    supplier: PartyId
    lot: str


class Ended(NamedTuple):
    hold: int
    quantity: int


def end(
    standing: Sequence[Hold],
    quantity: int,
    *,
    places: Mapping[PlaceNumber, int],
    references: Iterable[str] = (),
) -> list[Ended]:
    """Which holds of one layer end where so much of it is not on hold any more: those that are
    named, then those of the places that the goods left, then the oldest."""
    left = {hold.number: hold.quantity for hold in standing}
    named = frozenset(references)
    at_place = dict(places)
    ended: list[Ended] = []

    def take(hold: Hold, most: int) -> None:
        nonlocal quantity
        part = min(left[hold.number], quantity, most)
        if part > 0:
            left[hold.number] -= part
            quantity -= part
            at_place[hold.place] = at_place.get(hold.place, 0) - part
            ended.append(Ended(hold.number, part))

    for hold in standing:
        if hold.reference in named:
            take(hold, quantity)
    for hold in standing:
        take(hold, at_place.get(hold.place, 0))
    for hold in standing:
        take(hold, quantity)
    return ended
