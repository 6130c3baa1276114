"""Laws of single acts, and laws that need the whole history; those of a ledger's state stand in
`consigned.title.laws` and `consigned.settlement.laws`.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from consigned.measure.identity import label
from consigned.measure.quantity import show_micros
from consigned.title.entry import TITLE_KINDS, Entry, EntryKind
from consigned.title.laws import Breach
from consigned.title.past import Slot
from consigned.title.position import Position


def title_passes_once(
    entries: Iterable[Entry], where: Mapping[int, Position], ours: int
) -> Iterator[Breach]:
    """Title passes from a consignor to us, and of no more than was received."""
    received: Counter[int] = Counter()
    passed: Counter[int] = Counter()
    for entry in entries:
        here, there = where[entry.source], where[entry.target]
        if entry.kind == EntryKind.RECEIVED:
            received[entry.layer] += entry.quantity
        if entry.kind in TITLE_KINDS:
            passed[entry.layer] += entry.quantity
        if here.owner != there.owner and (here.owner == ours or there.owner != ours):
            yield Breach("title passes once", label("ent", entry.number), "it passes it back")
    for layer in passed:
        if passed[layer] > received[layer]:
            yield Breach(
                "title passes once",
                label("lay", layer),
                f"{show_micros(passed[layer])} passed of {show_micros(received[layer])} received",
            )


def oldest_first(
    fitting: Sequence[Slot],
    before: Mapping[Slot, int],
    after: Mapping[Slot, int],
    rank: Callable[[Slot], object],
) -> Iterator[Breach]:
    """Nothing later in the pick order is touched while something earlier that fits is left; what
    the pick rule ranks alike may be taken in any order."""
    for place, slot in enumerate(fitting):
        taken = before[slot] - after[slot]
        passed_over = [
            earlier
            for earlier in fitting[:place]
            if after[earlier] > 0 and rank(earlier) != rank(slot)
        ]
        if taken > 0 and passed_over:
            yield Breach(
                "oldest first",
                label("lay", slot[1]),
                f"it gave {show_micros(taken)} while {label('lay', passed_over[0][1])} was left",
            )


def nothing_else_is_taken(
    fitting: Collection[Slot], before: Mapping[Slot, int], after: Mapping[Slot, int]
) -> Iterator[Breach]:
    """Goods that the user did not mean stay where they are."""
    for slot in before:
        if after[slot] < before[slot] and slot not in fitting:
            yield Breach(
                "nothing else is taken",
                f"{label('pos', slot[0])} {label('lay', slot[1])}",
                f"it gave {show_micros(before[slot] - after[slot])}",
            )


def asked_is_posted_or_missing(
    asked: Mapping[int, int], posted: Mapping[int, int], missing: Mapping[int, int]
) -> Iterator[Breach]:
    """What was asked of each item is posted or answered as missing; never more, never less."""
    for item in asked.keys() | posted.keys() | missing.keys():
        said = (asked.get(item, 0), posted.get(item, 0), missing.get(item, 0))
        if said[0] != said[1] + said[2]:
            yield Breach(
                "asked is posted or missing",
                label("item", item),
                "{} asked, {} posted, {} missing".format(*map(show_micros, said)),
            )


def what_is_promised_stays(left: int, taken: int, promised: int) -> Iterator[Breach]:
    """A use takes nothing that is promised to others."""
    if taken > 0 and left < promised:
        yield Breach(
            "what is promised stays",
            "the act",
            f"{show_micros(left)} left of {show_micros(promised)} promised",
        )
