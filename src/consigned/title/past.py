"""What lay where on days gone by, as far as an act that is told late needs it.

Nothing lies anywhere below nothing, on any day. So goods can leave a place on a day only if they
stay free there from that day on: what came later cannot have left before, and what left later is
still to be found there until then.

    came on the 2nd, 100 EA        told on the 15th: 30 EA left on the 10th
    20 EA left on the 12th         80 EA stay free from the 2nd on, so they leave on the 10th

    40 EA came here on the 12th    told on the 15th: 30 EA left on the 10th
                                   nothing stays free before the 12th, so they leave on the 12th
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice

from consigned.measure.identity import LayerNumber, PositionNumber
from consigned.title.entry import Entry

Slot = tuple[PositionNumber, LayerNumber]
"""Where a balance is kept: one layer at one position."""

Moved = Mapping[Slot, Mapping[date, int]]
"""What came to each slot, less what left it, day by day."""

NOTHING: Mapping[date, int] = {}


class Past:
    """What moved after a day: what the ledger tells of some layers, and what a posting adds."""

    def __init__(self, since: date, layers: Collection[LayerNumber], moved: Moved) -> None:
        self.since = since
        self.layers = layers
        self._moved = moved
        self._added: dict[Slot, Counter[date]] = defaultdict(Counter)
        self._seen = 0

    def covers(self, slot: Slot, on: date) -> bool:
        return on >= self.since and slot[1] in self.layers

    def learn(self, posted: Sequence[Entry], drafts: Sequence[Entry]) -> None:
        """Take in what the posting has added since it was asked last: what is posted, and what
        is drafted to be posted next."""
        added, seen = self._added, self._seen
        new = chain(islice(posted, seen, None), islice(drafts, max(0, seen - len(posted)), None))
        for _, _, layer, quantity, source, target, on, *_ in new:
            added[source, layer][on] -= quantity
            added[target, layer][on] += quantity
        self._seen = len(posted) + len(drafts)

    def leaving(
        self, slot: Slot, standing: int, quantity: int, on: date
    ) -> Iterator[tuple[date, int]]:
        """The days on which so much can leave, none before `on`: as much as stays free from each.

        `standing` is what the slot held before the posting; what it does not hold at all is left
        to the last day.
        """
        days = self._stays(slot, standing, on)
        taken = 0
        for day, free in days:
            part = min(quantity, free) - taken
            if part > 0:
                taken += part
                yield day, part
        if taken < quantity:
            yield days[-1][0], quantity - taken

    def first_day(self, slot: Slot, standing: int, quantity: int, on: date) -> date:
        """The first day from which so much stays free, none before `on`."""
        days = self._stays(slot, standing, on)
        return next((day for day, free in days if free >= quantity), days[-1][0])

    def stays(self, slot: Slot, standing: int, on: date) -> int:
        """How much stays free from a day on."""
        return self._stays(slot, standing, on)[0][1]

    def _stays(self, slot: Slot, standing: int, on: date) -> list[tuple[date, int]]:
        """What stays free from a day on, and from each later day on which something moved."""
        moved, added = self._moved.get(slot, NOTHING), self._added.get(slot, NOTHING)
        lies = standing + sum(quantity for day, quantity in added.items() if day <= on)
        lies -= sum(quantity for day, quantity in moved.items() if day > on)
        days = [(on, lies)]
        for day in sorted({day for day in (*moved, *added) if day > on}):
            lies += moved.get(day, 0) + added.get(day, 0)
            days.append((day, lies))
        least = lies
        for nth in range(len(days) - 1, -1, -1):
            least = min(least, days[nth][1])
            days[nth] = (days[nth][0], least)
        return days


def nothing_moved(layers: Collection[LayerNumber], since: date) -> Moved:
    """The past of a ledger in which nothing happened after the day that is told of."""
    return {}
