"""The laws of the title ledger, each stated once and used three times: by the property tests, by
the simulation, and by `consigned audit` on a live database.

A law takes plain facts and yields a breach for each one that breaks it; a book that keeps the
law yields nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, NamedTuple, ParamSpec

from consigned.measure.identity import (
    ItemId,
    LayerNumber,
    OrganizationId,
    PlaceNumber,
    PositionNumber,
    label,
)
from consigned.measure.quantity import show_micros
from consigned.title.entry import TITLE_KINDS, Entry
from consigned.title.past import Slot
from consigned.title.position import Position
from consigned.title.replay import MovedOn, last_came, replay


class Breach(NamedTuple):
    """A law that does not hold, and where."""

    law: str
    where: str
    sentence: str


Broken = tuple[str, str]
"""Where a law does not hold, and what is found there."""

Facts = ParamSpec("Facts")
Others = ParamSpec("Others")


@dataclass(frozen=True)
class Law(Generic[Facts]):
    """A sentence that holds at every moment, its name, and the check that yields what breaks it."""

    name: str
    sentence: str
    check: Callable[Facts, Iterator[Broken]]

    def __call__(self, *facts: Facts.args, **named: Facts.kwargs) -> Iterator[Breach]:
        return (Breach(self.name, *broken) for broken in self.check(*facts, **named))

    def checked_by(self, check: Callable[Others, Iterator[Broken]]) -> "Law[Others]":
        """The same law, checked on other facts."""
        return Law(self.name, self.sentence, check)


def law(name: str, sentence: str) -> Callable[[Callable[Others, Iterator[Broken]]], Law[Others]]:
    """Declares the law that the function below it checks."""
    return lambda check: Law(name, sentence, check)


@law(
    "goods are conserved",
    "What came into a layer is found somewhere, inside the walls or outside.",
)
def goods_are_conserved(
    balances: Mapping[Slot, int], positions: Mapping[PositionNumber, Position]
) -> Iterator[Broken]:
    """All positions of a layer, the outer ones included, sum to nothing."""
    sums: dict[LayerNumber, int] = defaultdict(int)
    items: dict[LayerNumber, set[ItemId]] = defaultdict(set)
    for (position, layer), quantity in balances.items():
        sums[layer] += quantity
        items[layer].add(positions[position].item)
    for layer, left_over in sums.items():
        if left_over:
            yield (
                label("lay", layer),
                f"{show_micros(left_over)} more came in than can be found",
            )
        if len(items[layer]) > 1:
            yield (label("lay", layer), "the layer lies under several items")


@law("no stock is negative", "No place inside the walls holds less than nothing, on any day.")
def nothing_below_nothing(
    moved: Iterable[MovedOn],
    positions: Mapping[PositionNumber, Position],
    outer_places: frozenset[PlaceNumber],
) -> Iterator[Broken]:
    """No place inside the walls holds less than nothing, on any day. What moved comes position by
    position, layer by layer and day by day."""
    slot, lies = None, 0
    for position, layer, on, quantity in moved:
        if slot != (position, layer):
            slot, lies = (position, layer), 0
        before, lies = lies, lies + quantity
        if lies < 0 <= before and positions[position].place not in outer_places:
            yield (
                f"{label('pos', position)} {label('lay', layer)}",
                f"it holds {show_micros(lies)} on {on}",
            )


@law(
    "replay gives the balances",
    "The balances equal the sum of all entries, and the days on which goods last came are "
    "what the entries say.",
)
def replay_gives_the_balances(
    entries: Iterable[Entry], balances: Mapping[Slot, int]
) -> Iterator[Broken]:
    """The kept balances equal the fold of all entries."""
    told = replay(entries)
    for slot in sorted(told.keys() | balances.keys()):
        if told.get(slot, 0) != balances.get(slot, 0):
            yield (
                f"{label('pos', slot[0])} {label('lay', slot[1])}",
                f"the entries give {show_micros(told.get(slot, 0))}, "
                f"the balance says {show_micros(balances.get(slot, 0))}",
            )


@replay_gives_the_balances.checked_by
def replay_gives_the_days(
    postings: Iterable[Iterable[Entry]], came_on: Mapping[Slot, date]
) -> Iterator[Broken]:
    """What is kept of the day on which goods last came to where they stand is what the entries
    say."""
    told = last_came(postings)
    for slot, day in came_on.items():
        if told.get(slot) != day:
            yield (
                f"{label('pos', slot[0])} {label('lay', slot[1])}",
                f"by the entries goods last came on {told.get(slot)}, the balance says {day}",
            )


@law(
    "title and custody move apart",
    "An entry changes the owner or the place, never both, and moves something.",
)
def each_entry_tells_one_story(
    entries: Iterable[Entry], positions: Mapping[PositionNumber, Position]
) -> Iterator[Broken]:
    """Title entries change only the owner, custody entries only the place; both take something."""
    for entry in entries:
        here, there = positions[entry.source], positions[entry.target]
        owner_changes = here.owner != there.owner
        custody_changes = here[2:] != there[2:]
        if (
            owner_changes is not (entry.kind in TITLE_KINDS)
            or owner_changes == custody_changes
            or here.item != there.item
            or entry.quantity <= 0
        ):
            yield (
                label("ent", entry.number),
                f"a {entry.kind} entry goes from {here} to {there}",
            )


@law("no entry is missing", "Entries are numbered without gaps, from 1.")
def entries_are_numbered_without_gaps(
    entries: Iterable[Entry], expected: int = 1
) -> Iterator[Broken]:
    """Entry numbers run from 1; a missing entry shows."""
    for entry in entries:
        if entry.number != expected:
            yield (
                label("ent", expected),
                f"the next entry found is {label('ent', entry.number)}",
            )
        expected = entry.number + 1


OfOrganization = tuple[OrganizationId, LayerNumber]


@law("what left arrived", "What left for another organization arrived there, all of it.")
def what_left_arrived(
    sent: Mapping[OfOrganization, int], arrived: Mapping[OfOrganization, int]
) -> Iterator[Broken]:
    """What of a layer left for other organizations arrived there, in layers that name it."""
    for key in sorted(sent.keys() | arrived.keys()):
        if sent.get(key, 0) != arrived.get(key, 0):
            organization, layer = key
            yield (
                f"{label('org', organization)} {label('lay', layer)}",
                f"{show_micros(sent.get(key, 0))} left, {show_micros(arrived.get(key, 0))} arrived",
            )
