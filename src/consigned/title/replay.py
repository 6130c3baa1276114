"""Replay: every balance again from entry one. Balances are handy; entries are the record."""

from collections import Counter
from collections.abc import Iterable

from consigned.title.entry import Entry
from consigned.title.post import Slot


def replay(entries: Iterable[Entry]) -> dict[Slot, int]:
    """The balance of every layer at every position, as the entries alone tell it."""
    balances: Counter[Slot] = Counter()
    for entry in entries:
        balances[entry.source, entry.layer] -= entry.quantity
        balances[entry.target, entry.layer] += entry.quantity
    return {slot: quantity for slot, quantity in balances.items() if quantity}
