"""Posting is the only way into the ledger: a set of entries goes in whole or not at all.

Rules refuse in the asker's numbers before they come here. The book checks the same laws again
behind them; what it finds is a defect of a rule (`LawBroken`), never an answer to a user.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from consigned.measure.identity import (
    EntryNumber,
    LayerNumber,
    OrganizationId,
    PlaceNumber,
    PositionNumber,
)
from consigned.title.entry import TITLE_KINDS, Entry
from consigned.title.layer import Layer
from consigned.title.position import Position

Slot = tuple[PositionNumber, LayerNumber]
"""Where a balance is kept: one layer at one position."""


class LawBroken(AssertionError):
    """A rule tried to post what the ledger never holds. This is a defect, not a refusal."""


@dataclass
class Book:
    """One organization's ledger as far as one posting needs it, and what the posting adds.

    `balances` holds the goods inside the walls of every item that the posting touches;
    `positions` every position of those items that was ever used.
    """

    organization: OrganizationId
    outer_places: frozenset[PlaceNumber]
    positions: dict[Position, PositionNumber] = field(default_factory=dict)
    balances: dict[Slot, int] = field(default_factory=dict)
    next_entry: int = 1
    next_layer: int = 1
    next_position: int = 1

    new_positions: dict[PositionNumber, Position] = field(default_factory=dict)
    new_layers: list[Layer] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    changes: dict[Slot, int] = field(default_factory=dict)
    _positions_by_number: dict[PositionNumber, Position] = field(default_factory=dict)
    _outer_positions: set[PositionNumber] = field(default_factory=set)

    def __post_init__(self) -> None:
        standing, self.positions = self.positions, {}
        for where, number in standing.items():
            self.know(number, where)

    def position(self, where: Position) -> PositionNumber:
        """The number of a position, opened if nobody ever stood there."""
        number = self.positions.get(where)
        if number is None:
            number = PositionNumber(self.next_position)
            self.next_position += 1
            self.new_positions[number] = where
            self.know(number, where)
        return number

    def know(self, number: PositionNumber, where: Position) -> None:
        """Bring in a position that stands in the ledger already."""
        self.positions[where] = number
        self._positions_by_number[number] = where
        if where.place in self.outer_places:
            self._outer_positions.add(number)

    def describe(self, number: PositionNumber) -> Position:
        return self._positions_by_number[number]

    def is_outer(self, number: PositionNumber) -> bool:
        return number in self._outer_positions

    def open_layer(self, layer: Layer) -> LayerNumber:
        """Take a new layer in; its number is the next of this organization."""
        number = LayerNumber(self.next_layer)
        self.next_layer += 1
        self.new_layers.append(layer._replace(number=number))
        return number

    def is_title_road(self, source: PositionNumber, target: PositionNumber) -> bool:
        """Whether the way from one position to another changes the owner (else the place)."""
        here, there = self._positions_by_number[source], self._positions_by_number[target]
        item, owner, place, condition = here
        other_item, other_owner, other_place, other_condition = there
        if item != other_item:
            raise LawBroken(f"an entry keeps its item: {here} to {there}")
        owner_changes = owner != other_owner
        custody_changes = place != other_place or condition != other_condition
        if owner_changes == custody_changes:
            raise LawBroken(f"an entry changes either owner or place: {here} to {there}")
        return owner_changes


def post(book: Book, entries: Iterable[Entry]) -> None:
    """Put a set of entries into the book, all or none, and carry the balances along.

    Raises `LawBroken` where an entry is not numbered next, takes nothing, mixes title with
    custody, or would leave a place inside the walls below nothing.
    """
    accepted = list(entries)
    changes: dict[Slot, int] = {}
    expected = book.next_entry
    is_title_road = book.is_title_road
    change = changes.get
    for entry in accepted:
        number, kind, layer, quantity, source, target, _, _, _, _ = entry
        if number != expected or quantity <= 0:
            raise LawBroken(f"entries are numbered without gaps and take something: {entry}")
        if is_title_road(source, target) is not (kind in TITLE_KINDS):
            raise LawBroken(f"a {kind} entry tells the other story: {entry}")
        expected += 1
        slot = (source, layer)
        changes[slot] = change(slot, 0) - quantity
        slot = (target, layer)
        changes[slot] = change(slot, 0) + quantity
    _apply(book, changes)
    book.entries.extend(accepted)
    book.next_entry = EntryNumber(expected)


def _apply(book: Book, changes: dict[Slot, int]) -> None:
    after: dict[Slot, int] = {}
    changed: dict[Slot, int] = {}
    outer, standing, before = book._outer_positions, book.balances, book.changes
    for slot, delta in changes.items():
        if not delta:
            continue
        changed[slot] = before.get(slot, 0) + delta
        if slot[0] not in outer:
            after[slot] = left = standing.get(slot, 0) + delta
            if left < 0:
                raise LawBroken(f"{book.describe(slot[0])} would hold {left} of layer {slot[1]}")
    book.balances.update(after)
    book.changes.update(changed)
