"""What is told after a count and happened by its evening: it lessens or ends the difference.

A count is held against the book of its evening as that is known, and what is known grows. A use, a
return, a transfer or a receipt of such a day that is told later changes what the book said then:

    10 booked, 8 counted: 2 are missing         2 open
    told later: 2 were sold that afternoon      8 booked, 8 counted: nothing is open
    ... after the 2 were settled as stolen      the settlement is taken back, and the sale charged

So of every count that stands: the book on its evening, as it is known now, and what was settled,
come to what was counted, but for what is open still. What was told takes first what is open, then
what counts wrote off, the oldest count first. What a consignee bore and no advice has told becomes
its consignor's again; what an advice told stays charged, and comes back as the consignee's own,
for the late use to take.

Each evening is held to what was counted on it. What a count leaves open is carried on by a count
of a later evening of all that it counts. A count gives way to another of the same evening that is
told after it and counts all that it does, and, where both parties counted for one count, to the one
that was decided for once both were told; what it settled stands, and can be taken back.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from consigned.counting.counts import Scope
from consigned.inventory.stock import Holding
from consigned.inventory.title_transfers import UseKind
from consigned.measure.identity import (
    AgreementId,
    EntryNumber,
    ItemId,
    PartyId,
    PlaceNumber,
)
from consigned.measure.money import Price
from consigned.measure.quantity import divide_half_even
from consigned.title.past import Slot


class Fact(NamedTuple):
    """By how much something that was told changes what lies of one owner's goods at one place, on
    its own day."""

    item: ItemId
    owner: PartyId | None
    agreement: AgreementId | None
    place: PlaceNumber | None
    lot: str | None
    serial: str | None
    on: date
    quantity: int
    posting: int
    line: int = 0
    """The line of a count that it settles, or whose settlement it takes back."""
    is_on_the_way: bool = False
    is_title: bool = False
    """Whether the goods stayed where they lay, and only became another's."""
    evening: date | None = None
    """Of which evening that line of a count is."""
    is_to_come: bool = False
    """Whether it is yet to be posted; then what is not said of it is left open."""
    alone: int = 0
    """The only line that it changes, where it does not change all that count the goods."""


def is_counted(fact: Fact, scope: Scope) -> bool:
    """Whether a line counts the goods of a fact; those on their way only where it names their
    place."""
    open_too = {None} if fact.is_to_come else set()
    if scope.item != fact.item or (fact.is_on_the_way and not scope.place):
        return False
    return all(
        mine is None or theirs in open_too | {mine}
        for mine, theirs in (
            (scope.owner, fact.owner), (scope.place, fact.place), (scope.lot, fact.lot),
            (scope.serial, fact.serial),
        )
    )  # fmt: skip


@dataclass(eq=False)
class Difference:
    """What a line of a count says of one owner's goods; above zero more lies there than booked."""

    number: int
    owner: PartyId
    agreement: AgreementId | None
    still_open: int
    closed: int = 0
    """What of it was closed, because another count took its place."""


@dataclass(eq=False)
class Gone:
    """What one settlement wrote off of one layer at one position, as it was borne; of what a count
    found again, what was found."""

    holding: Holding
    """The goods as their owner's, none of them there."""
    ours: int = 0
    """The consignee's share."""
    theirs: int = 0
    value: Price | None = None
    """The price that its layer was received at."""
    transfer: EntryNumber | None = None
    """By which title to the consignee's share passed."""
    stays_ours: bool = False
    """Whether an advice has told that, so that the share comes back as the consignee's own."""

    @property
    def left(self) -> int:
        return self.ours + self.theirs

    def take(self, quantity: int) -> tuple[int, int]:
        """Take so much back, in the shares in which it was borne: the consignee's, the other's."""
        mine = divide_half_even(quantity * self.ours, self.left)
        self.ours -= mine
        self.theirs -= quantity - mine
        return mine, quantity - mine


@dataclass(eq=False)
class WrittenOff:
    """A settlement of goods that a line of a count missed, or found, and what of it stands."""

    number: int
    line: "Line"
    difference: Difference
    reason: str
    kind: UseKind
    share: int
    happened_on: date
    changes_on: date
    """When what is taken back of it, or lost again, happens: the first day still open."""
    is_find: bool = False
    parts: list[Gone] = field(default_factory=list)


@dataclass(eq=False)
class Line:
    """A line of a count, what it left open, and what it settled."""

    number: int
    posting: int
    reference: str
    side: str
    scope: Scope
    counted_on: date
    reason: str | None
    differences: list[Difference] = field(default_factory=list)
    settled: list[WrittenOff] = field(default_factory=list)
    was_decided: bool = False
    decided_in: int = 0
    """The posting that settled something of it last, later than it was told."""
    is_on_the_way: bool = False
    """Whether it counts goods on their way, that a line which names no place does not."""
    gave_way: bool = False
    is_carried_on: bool = False
    """Whether a count of a later evening counts all that it does."""
    taken_back: int = 0
    """What was taken back of what it wrote off, by this posting."""

    def meets(self, fact: Fact) -> bool:
        """Whether a fact changes what the book said of what the line counts, when it was told."""
        return (
            fact.on <= self.counted_on
            and fact.line != self.number
            and (fact.posting > self.posting or fact.line > self.number)
            and fact.alone in (0, self.number)
            and is_counted(fact, self.scope)
            and not (self.is_on_the_way and fact.place is None)
        )

    def counts_all_of(self, other: "Line") -> bool:
        return self.scope.covers(other.scope) and self.is_on_the_way == other.is_on_the_way


class CameBack(NamedTuple):
    """Goods that a line missed which names their consignor, as the consignee's own again."""

    line: int
    evening: date
    slot: Slot
    quantity: int


class Move(NamedTuple):
    """What one line of an act takes from where it lies, and where it lies then."""

    act: tuple[str, int, int]
    """Its cause, its document and the line of that."""
    on: date
    source: Slot
    target: Slot
    quantity: int


def left_as_own(came: Iterable[CameBack], moves: Iterable[Move]) -> Iterator[tuple[CameBack, int]]:
    """How much of what came back left with the posting that it came back for, by the evening of
    its line. It left as the consignee's own, which the line does not count; but it is of what the
    line missed, and explains as much of that."""
    net: Counter[tuple[Slot, date, tuple[str, int, int]]] = Counter()
    for act, on, source, target, quantity in moves:
        net[source, on, act] += quantity
        net[target, on, act] -= quantity
    spoken_for: Counter[Slot] = Counter()
    for one in sorted(came, key=lambda one: (one.evening, one.line)):
        left = sum(
            quantity
            for (slot, on, _), quantity in net.items()
            if slot == one.slot and on <= one.evening and quantity > 0
        )
        part = min(one.quantity, left - spoken_for[one.slot])
        if part > 0:
            spoken_for[one.slot] += part
            yield one, part


def order(lines: Iterable[Line]) -> list[Line]:
    """The lines by their evening; marks those that gave way to others, and those that others carry
    on."""
    evenings: dict[tuple[ItemId, date], list[Line]] = defaultdict(list)
    references: dict[tuple[str, Scope], list[Line]] = defaultdict(list)
    for line in lines:
        evenings[line.scope.item, line.counted_on].append(line)
        references[line.reference, line.scope].append(line)
    counted_later: dict[ItemId, set[tuple[Scope, bool]]] = defaultdict(set)
    for item, day in sorted(evenings, reverse=True):
        told = evenings[item, day]
        for line in told:
            line.gave_way = any(_gives_way(line, other) for other in told) or any(
                line.side != other.side and other.decided_in > line.posting and not line.was_decided
                for other in references[line.reference, line.scope]
            )
            line.is_carried_on = any(
                scope.covers(line.scope) and on_the_way == line.is_on_the_way
                for scope, on_the_way in counted_later[item]
            )
        counted_later[item] |= {(line.scope, line.is_on_the_way) for line in told}
    return sorted(
        (line for told in evenings.values() for line in told),
        key=lambda line: (line.counted_on, line.number),
    )


def _gives_way(line: Line, other: Line) -> bool:
    is_other_side = line.reference == other.reference and line.side != other.side
    return other.number > line.number and not is_other_side and other.counts_all_of(line)


def is_disputed(line: Line, lines: Iterable[Line]) -> bool:
    """Whether the other party counted for the same count, and nobody decided."""
    return any(
        (one.reference, one.scope) == (line.reference, line.scope) and one.side != line.side
        for one in lines
        if not one.gave_way
    )


class TakeBack(NamedTuple):
    """So much of a settlement, of one layer at one position, that is to be taken back."""

    settled: WrittenOff
    gone: Gone
    ours: int
    theirs: int


@dataclass
class Evenings:
    """The counts of some items from a day on, and what was told after them."""

    lines: Sequence[Line]
    """By their evening, as `order` answers them."""
    on_the_way: frozenset[PlaceNumber]
    ours: PartyId
    posting: int
    """The one that takes back, or sells."""
    facts: list[Fact] = field(default_factory=list)

    def told(self, line: Line) -> int:
        """By how much what was told changes the book on the evening of a line."""
        return sum(one.quantity for one in self.facts if line.meets(one))

    def too_many(self, line: Line) -> int:
        """How much more was counted than the book says now; below zero so much is missing.

        What only became another's, and what another count of the same evening says, explains a
        difference and makes none; and what another count took the place of makes none either.
        """
        told = [one for one in self.facts if line.meets(one)]
        explains = [one for one in told if one.is_title or one.evening == line.counted_on]
        over = sum(one.still_open for one in line.differences)
        over -= sum(one.quantity for one in told) - sum(one.quantity for one in explains)
        after = over - sum(one.quantity for one in explains)
        over = min(max(after, 0), over) if over > 0 else max(min(after, 0), over)
        closed = sum(one.closed for one in line.differences)
        if over * closed < 0:
            return (1 if over > 0 else -1) * max(0, abs(over) - abs(closed))
        return over

    def take_back(
        self,
        fits: Callable[[Gone], bool] = lambda gone: True,
        settles_by_counts: Callable[[Difference], bool] = lambda difference: False,
    ) -> list[TakeBack]:
        """What counts wrote off and was not missing, as is known now.

        Where an agreement settles by counts, what lay there on one evening was not used before it:
        a use takes nothing of it from what a later count wrote off.
        """
        taken: list[TakeBack] = []
        lay_there: list[tuple[Line, int]] = []
        for line in self.lines:
            over = 0 if line.gave_way else self.too_many(line)
            over -= max((n for one, n in lay_there if one.counts_all_of(line)), default=0)
            if over <= 0:
                continue
            for settled in self._written_off(line):
                for gone in filter(fits, () if settled.is_find else settled.parts):
                    part = min(over, gone.left, self._explained(settled.line, line))
                    if part > 0:
                        taken.append(self._take(settled, gone, part))
                        over -= part
            if over > 0 and any(map(settles_by_counts, line.differences)):
                lay_there.append((line, self.too_many(line)))
        return taken

    def _written_off(self, line: Line) -> Iterator[WrittenOff]:
        """What a line settled, and what lines of its evening did that gave way to it."""
        for one in self.lines:
            gave_way = one.gave_way and one.counted_on == line.counted_on
            if one is line or (gave_way and line.counts_all_of(one)):
                yield from one.settled

    def _explained(self, of: Line, line: Line) -> int:
        """How much of what a line wrote off can be what was told: no more than was so by then."""
        return self.too_many(line) if of is line else -self.told(of) - of.taken_back

    def _take(self, settled: WrittenOff, gone: Gone, quantity: int) -> TakeBack:
        ours, theirs = gone.take(quantity)
        if not settled.line.gave_way:
            settled.difference.still_open -= quantity
        settled.line.taken_back += quantity
        mine = self.ours if gone.stays_ours else gone.holding.owner
        self.add(settled, gone.holding, mine, ours, settled.changes_on)
        self.add(settled, gone.holding, gone.holding.owner, theirs, settled.changes_on)
        return TakeBack(settled, gone, ours, theirs)

    def add(
        self, settled: WrittenOff, goods: Holding, owner: PartyId, quantity: int, on: date
    ) -> None:
        """Let other counts know what a settlement, or what is taken back of one, changes."""
        if quantity:
            self.facts.append(
                Fact(goods.item, owner, goods.agreement, goods.place, goods.lot, goods.serial, on,
                     quantity,
                     self.posting, settled.line.number, goods.place in self.on_the_way,
                     evening=settled.line.counted_on)
            )  # fmt: skip

    def leave_as_own(self, settled: WrittenOff, goods: Holding, quantity: int) -> None:
        """Let a line that names a consignor know that of its goods, which came back as the
        consignee's own, so many leave at once."""
        line = settled.line
        if line.scope.owner not in (None, goods.owner):
            self.facts.append(
                Fact(goods.item, line.scope.owner, goods.agreement, goods.place, goods.lot,
                     goods.serial, line.counted_on, -quantity, self.posting, alone=line.number)
            )  # fmt: skip

    def changes(self, line: Line) -> list[tuple[Difference, int]]:
        """By how much what was told changes the book of each difference of a line: first of those
        that it lessens. Differences that nobody told of yet have no number."""
        by_owner: dict[tuple[PartyId, AgreementId | None], int] = {}
        for fact in self.facts:
            if line.meets(fact) and fact.owner is not None:
                key = (fact.owner, fact.agreement)
                by_owner[key] = by_owner.get(key, 0) + fact.quantity
        left = sum(by_owner.values())
        way = 1 if left > 0 else -1
        moved = {key for key, quantity in by_owner.items() if quantity * way > 0}
        changed = []
        for one in sorted(line.differences, key=lambda d: (d.owner, d.agreement) not in moved):
            part = min(abs(left), max(0, one.still_open * way)) * way
            if part:
                changed.append((one, part))
                left -= part
        for key in sorted(moved, key=lambda key: -by_owner[key] * way):
            part = min(abs(left), by_owner[key] * way) * way
            if part:
                changed.append((_difference(line, *key), part))
                left -= part
        return changed


def _difference(line: Line, owner: PartyId, agreement: AgreementId | None) -> Difference:
    for one in line.differences:
        if (one.owner, one.agreement) == (owner, agreement):
            return one
    new = Difference(0, owner, agreement, 0)
    line.differences.append(new)
    return new
