"""Replay: every balance again from entry one. Balances are handy; entries are the record."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from consigned.measure.identity import LayerNumber, PositionNumber
from consigned.title.entry import Entry
from consigned.title.past import Slot


class MovedOn(NamedTuple):
    """What of a layer came to a position on one day, less what left it."""

    position: PositionNumber
    layer: LayerNumber
    happened_on: date
    quantity: int


def replay(entries: Iterable[Entry]) -> dict[Slot, int]:
    """The balance of every layer at every position, as the entries alone tell it."""
    balances: Counter[Slot] = Counter()
    for entry in entries:
        balances[entry.source, entry.layer] -= entry.quantity
        balances[entry.target, entry.layer] += entry.quantity
    return {slot: quantity for slot, quantity in balances.items() if quantity}


def moved_on_each_day(entries: Iterable[Entry]) -> Iterator[MovedOn]:
    """What moved, position by position, layer by layer and day by day."""
    moved: Counter[tuple[PositionNumber, LayerNumber, date]] = Counter()
    for entry in entries:
        moved[entry.source, entry.layer, entry.happened_on] -= entry.quantity
        moved[entry.target, entry.layer, entry.happened_on] += entry.quantity
    return (MovedOn(*key, moved[key]) for key in sorted(moved))


def last_came(postings: Iterable[Iterable[Entry]]) -> dict[Slot, date]:
    """On which day goods last came to where some stand, since nothing stood there; what a posting
    brings and takes away again, wholly, never stood."""
    balances: Counter[Slot] = Counter()
    came_on: dict[Slot, date] = {}
    for entries in postings:
        changes: Counter[Slot] = Counter()
        days: dict[Slot, date] = {}
        for entry in entries:
            target, on = (entry.target, entry.layer), entry.happened_on
            changes[entry.source, entry.layer] -= entry.quantity
            changes[target] += entry.quantity
            days[target] = max(on, days.get(target, on))
        for slot, change in changes.items():
            balances[slot] += change
            if not balances[slot]:
                came_on.pop(slot, None)
            elif change and slot in days:
                came_on[slot] = max(days[slot], came_on.get(slot, days[slot]))
    return came_on
