"""Posting is the only way into the ledger: a set of entries goes in whole or not at all.

Rules refuse in the asker's numbers before they come here. The book checks the same laws again
behind them; what it finds is a defect of a rule (`LawBroken`), never an answer to a user.

An act may be told late, and no place holds less than nothing on any day. So an entry whose goods do
not stay free from its day on is dated on the first day from which they do; never on an earlier one.
What comes of an entry (whose they are from when, at which value) follows the entry's day, `day_of`.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from consigned.measure.identity import (
    EntryNumber,
    LayerNumber,
    OrganizationId,
    PlaceNumber,
    PositionNumber,
)
from consigned.title.entry import TITLE_KINDS, Entry
from consigned.title.layer import Layer
from consigned.title.past import Moved, Past, Slot, nothing_moved
from consigned.title.position import Position


class LawBroken(AssertionError):
    """A rule tried to post what the ledger never holds. This is a defect, not a refusal."""


@dataclass
class Book:
    """One organization's ledger as far as one posting needs it, and what the posting adds.

    `balances` holds the goods inside the walls of every item that the posting touches;
    `positions` every position of those items that was ever used. `came_on` says of what stands
    when goods last came to it: from that day on all of it stays free. `moved_after` tells what
    moved after a day, and is asked only where goods leave on a day before that.
    """

    organization: OrganizationId
    outer_places: frozenset[PlaceNumber]
    positions: dict[Position, PositionNumber] = field(default_factory=dict)
    balances: dict[Slot, int] = field(default_factory=dict)
    next_entry: int = 1
    next_layer: int = 1
    next_position: int = 1
    came_on: dict[Slot, date] = field(default_factory=dict)
    moved_after: Callable[[Collection[LayerNumber], date], Moved] = nothing_moved

    last_came: date = date.min
    """The last day on which goods came anywhere: from it on nothing that is told is late."""
    drafts: list[Entry] = field(default_factory=list)
    """Entries that are dated and not yet posted."""
    new_positions: dict[PositionNumber, Position] = field(default_factory=dict)
    new_layers: list[Layer] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    changes: dict[Slot, int] = field(default_factory=dict)
    _positions_by_number: dict[PositionNumber, Position] = field(default_factory=dict)
    _outer_positions: set[PositionNumber] = field(default_factory=set)
    _past: Past | None = None

    def __post_init__(self) -> None:
        self.first_entry, self.first_layer = self.next_entry, self.next_layer
        self.last_came = max(self.came_on.values(), default=date.min)
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

    def lies(self, slot: Slot, quantity: int, came_on: date) -> None:
        """Bring in what stands in the ledger already, and when goods last came to it."""
        self.balances[slot] = quantity
        self.came(slot, came_on)

    def came(self, slot: Slot, on: date) -> None:
        """Goods come to a slot on a day."""
        if on > self.came_on.get(slot, date.min):
            self.came_on[slot] = on
            if on > self.last_came:
                self.last_came = on

    def day_of(self, entry: int, told: date) -> date:
        """The day of an entry of this posting; what is none of it happened when it was told."""
        if self.first_entry <= entry < self.next_entry:
            return self.entries[entry - self.first_entry].happened_on
        return told

    # --- what is told late -----------------------------------------------------------------

    def is_late(self, slot: Slot, on: date) -> bool:
        """Whether goods came to a slot after a day, so that not all may have been free on it."""
        return on < self.last_came and on < self.came_on.get(slot, date.min)

    def leaving(self, slot: Slot, quantity: int, on: date) -> Iterable[tuple[date, int]]:
        """The days on which so much can leave a slot: as much as stays free from `on` on, on that
        day, and the rest on the first days from which it does."""
        if not self.is_late(slot, on):
            return ((on, quantity),)
        return self._look_back(slot, on).leaving(slot, self._stood(slot), quantity, on)

    def stays(self, slot: Slot, on: date) -> int:
        """How much stays free at a slot from a day on."""
        return self._look_back(slot, on).stays(slot, self._stood(slot), on)

    def draft(
        self,
        kind: str,
        layer: LayerNumber,
        quantity: int,
        source: PositionNumber,
        target: PositionNumber,
        on: date,
        cause: str,
        document: int,
        line: int,
    ) -> Entry:
        """An entry to be posted next, dated; for acts that go by the day on which it happened."""
        slot = (source, layer)
        if source not in self._outer_positions and self.is_late(slot, on):
            on = self._first_day(slot, quantity, on)
        if target not in self._outer_positions:
            self.came((target, layer), on)
        number = EntryNumber(self.next_entry + len(self.drafts))
        entry = Entry(number, kind, layer, quantity, source, target, on, cause, document, line)
        self.drafts.append(entry)
        return entry

    def _first_day(self, slot: Slot, quantity: int, on: date) -> date:
        return self._look_back(slot, on).first_day(slot, self._stood(slot), quantity, on)

    def _stood(self, slot: Slot) -> int:
        """What a slot held before this posting."""
        return self.balances.get(slot, 0) - self.changes.get(slot, 0)

    def _look_back(self, slot: Slot, on: date) -> Past:
        """What moved after a day, of all layers of which goods came anywhere after it."""
        past = self._past
        if past is None or not past.covers(slot, on):
            since = min(on, past.since) if past else on
            layers = {layer for (_, layer), came in self.came_on.items() if came > since}
            layers |= {slot[1], *(past.layers if past else ())}
            standing = {layer for layer in layers if layer < self.first_layer}
            moved = self.moved_after(standing, since) if standing else {}
            past = self._past = Past(since, layers, moved)
        past.learn(self.entries, self.drafts)
        return past

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

    Each is dated on the first day from which its goods stay free where they leave, unless it was
    drafted in the book already. Raises `LawBroken` where an entry is not numbered next, takes
    nothing, mixes title with custody, or would leave a place inside the walls below nothing.
    """
    told, is_drafted = list(entries), entries is book.drafts
    if book.drafts and not is_drafted:
        raise LawBroken(f"what is drafted is posted first: {book.drafts[0]}")
    accepted = book.drafts = []
    try:
        changes = _accept(book, told, accepted, is_dated=is_drafted)
        _apply(book, changes)
    finally:
        book.drafts = []
    book.entries.extend(accepted)
    book.next_entry = EntryNumber(book.next_entry + len(accepted))


def _accept(
    book: Book, told: Iterable[Entry], accepted: list[Entry], *, is_dated: bool
) -> dict[Slot, int]:
    """Check each entry by itself and date it; answers by how much they change the balances."""
    changes: dict[Slot, int] = {}
    expected = book.next_entry
    is_title_road, outer = book.is_title_road, book._outer_positions
    change, came_on, long_ago = changes.get, book.came_on, date.min
    for entry in told:
        number, kind, layer, quantity, source, target, on, _, _, _ = entry
        if number != expected or quantity <= 0:
            raise LawBroken(f"entries are numbered without gaps and take something: {entry}")
        if is_title_road(source, target) is not (kind in TITLE_KINDS):
            raise LawBroken(f"a {kind} entry tells the other story: {entry}")
        expected += 1
        slot = (source, layer)
        changes[slot] = change(slot, 0) - quantity
        if not is_dated and source not in outer and book.is_late(slot, on):
            on = book._first_day(slot, quantity, on)
        slot = (target, layer)
        changes[slot] = change(slot, 0) + quantity
        if target not in outer and on > came_on.get(slot, long_ago):
            book.came(slot, on)
        accepted.append(entry if on == entry.happened_on else entry._replace(happened_on=on))
    return changes


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
