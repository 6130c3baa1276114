"""The laws of the title ledger, each said once and used three times: by the property tests, by
the simulation, and by `consigned audit` on a live database.

A law takes plain facts and yields a breach for each one that breaks it; a book that keeps the
law yields nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

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


def goods_are_conserved(
    balances: Mapping[Slot, int], positions: Mapping[PositionNumber, Position]
) -> Iterator[Breach]:
    """All positions of a layer, the outer ones included, sum to nothing."""
    sums: dict[LayerNumber, int] = defaultdict(int)
    items: dict[LayerNumber, set[ItemId]] = defaultdict(set)
    for (position, layer), quantity in balances.items():
        sums[layer] += quantity
        items[layer].add(positions[position].item)
    for layer, left_over in sums.items():
        if left_over:
            yield Breach(
                "goods are conserved",
                label("lay", layer),
                f"{show_micros(left_over)} more came in than can be found",
            )
        if len(items[layer]) > 1:
            yield Breach(
                "goods are conserved", label("lay", layer), "the layer lies under several items"
            )


def nothing_below_nothing(
    moved: Iterable[MovedOn],
    positions: Mapping[PositionNumber, Position],
    outer_places: frozenset[PlaceNumber],
) -> Iterator[Breach]:
    """No place inside the walls holds less than nothing, on any day. What moved comes position by
    position, layer by layer and day by day."""
    slot, lies = None, 0
    for position, layer, on, quantity in moved:
        if slot != (position, layer):
            slot, lies = (position, layer), 0
        before, lies = lies, lies + quantity
        if lies < 0 <= before and positions[position].place not in outer_places:
            yield Breach(
                "no ghost goods",
                f"{label('pos', position)} {label('lay', layer)}",
                f"it holds {show_micros(lies)} on {on}",
            )


def replay_gives_the_balances(
    entries: Iterable[Entry], balances: Mapping[Slot, int]
) -> Iterator[Breach]:
    """The kept balances equal the fold of all entries."""
    told = replay(entries)
    for slot in sorted(told.keys() | balances.keys()):
        if told.get(slot, 0) != balances.get(slot, 0):
            yield Breach(
                "replay gives the balances",
                f"{label('pos', slot[0])} {label('lay', slot[1])}",
                f"the entries give {show_micros(told.get(slot, 0))}, "
                f"the balance says {show_micros(balances.get(slot, 0))}",
            )


def replay_gives_the_days(
    postings: Iterable[Iterable[Entry]], came_on: Mapping[Slot, date]
) -> Iterator[Breach]:
    """What is kept of the day on which goods last came to where they stand is what the entries
    say."""
    told = last_came(postings)
    for slot, day in came_on.items():
        if told.get(slot) != day:
            yield Breach(
                "replay gives the balances",
                f"{label('pos', slot[0])} {label('lay', slot[1])}",
                f"by the entries goods last came on {told.get(slot)}, the balance says {day}",
            )


def each_entry_tells_one_story(
    entries: Iterable[Entry], positions: Mapping[PositionNumber, Position]
) -> Iterator[Breach]:
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
            yield Breach(
                "title and custody are two stories",
                label("ent", entry.number),
                f"a {entry.kind} entry goes from {here} to {there}",
            )


def entries_are_numbered_without_gaps(
    entries: Iterable[Entry], expected: int = 1
) -> Iterator[Breach]:
    """Entry numbers run from 1; a missing entry shows."""
    for entry in entries:
        if entry.number != expected:
            yield Breach(
                "no entry is missing",
                label("ent", expected),
                f"the next entry found is {label('ent', entry.number)}",
            )
        expected = entry.number + 1


OfOrganization = tuple[OrganizationId, LayerNumber]


def what_left_arrived(
    sent: Mapping[OfOrganization, int], arrived: Mapping[OfOrganization, int]
) -> Iterator[Breach]:
    """What of a layer left for other organizations arrived there, in layers that name it."""
    for key in sorted(sent.keys() | arrived.keys()):
        if sent.get(key, 0) != arrived.get(key, 0):
            organization, layer = key
            yield Breach(
                "what left arrived",
                f"{label('org', organization)} {label('lay', layer)}",
                f"{show_micros(sent.get(key, 0))} left, {show_micros(arrived.get(key, 0))} arrived",
            )
