"""Inspection: received goods wait until somebody accepts them, rejects them, or lets them wait on.

What waits is on hold: it may neither be used nor put away (checklist P26, P32). Accepted goods are
put away; rejected ones are blocked, in quarantine where there is such a place.

    receive 10 EA, inspected     received   supplier > dock
                                 held       dock > inspection, on hold
    accept 8 EA                  released   on hold > unrestricted
    reject 2 EA, bent            rejected   inspection > quarantine, blocked

A receipt can be put on hold as a whole, and be released again; what waits for its inspection is
released by nothing else.

Refuses: NotWaiting, NothingStagedOf, NothingOnHold.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, NamedTuple

from consigned.inventory.stock import Holding
from consigned.measure.identity import EntryNumber, LayerNumber, PlaceNumber
from consigned.measure.quantity import show_micros
from consigned.measure.refusal import Refusal
from consigned.title.entry import Cause, Entry, EntryKind
from consigned.title.position import Condition, Place, Zone
from consigned.title.post import Book, post


class Decision(StrEnum):
    """What becomes of received goods."""

    ACCEPT = "accept"
    REJECT = "reject"
    HOLD = "hold"
    """What waits goes on waiting, and it is said why."""
    REINSPECT = "reinspect"
    """What was rejected, or accepted and not put away, waits again."""
    HOLD_RECEIPT = "hold-receipt"
    RELEASE_RECEIPT = "release-receipt"
    """The mark on a receipt is cleared."""


INSPECTED_AS = (Decision.ACCEPT, Decision.REJECT, Decision.HOLD, Decision.REINSPECT)
"""What an inspection may come to."""


@dataclass(eq=False)
class NotWaiting(Refusal):
    receipt: str
    line: int
    item: str
    unit: str
    decision: str
    asked: int
    waiting: int
    code: ClassVar[str] = "not-waiting"
    remedy: ClassVar[str] = "Decide on what is there; what is put away is held where it lies."

    def __str__(self) -> str:
        return (
            f"of line {self.line} of receipt {self.receipt} {show_micros(self.waiting)} "
            f"{self.unit} of {self.item} are there to {self.decision}; "
            f"{show_micros(self.asked)} {self.unit} asked"
        )


@dataclass(eq=False)
class NothingStagedOf(Refusal):
    receipt: str
    code: ClassVar[str] = "nothing-staged-of"
    remedy: ClassVar[str] = "Hold the goods where they lie, or correct the number of the receipt."

    def __str__(self) -> str:
        return f"nothing of receipt {self.receipt} waits to be put away"


@dataclass(eq=False)
class NothingOnHold(Refusal):
    receipt: str
    code: ClassVar[str] = "nothing-on-hold"
    remedy: ClassVar[str] = "Accept what waits for its inspection, or correct the number."

    def __str__(self) -> str:
        return f"nothing of receipt {self.receipt} is on hold that may be released"


class Lying(NamedTuple):
    """Goods of a layer inside the walls, and the condition they are in."""

    goods: Holding
    condition: str


class Inspected(NamedTuple):
    """A decision on so much of what came with a receipt line, in the item's own unit."""

    receipt: str
    document: int
    line: int
    item: str
    unit: str
    layers: Collection[LayerNumber]
    decision: Decision
    quantity: int
    happened_on: date


class Room(NamedTuple):
    """The places that received goods wait at, and where they go while they do."""

    staging: Mapping[PlaceNumber, Place]
    """Dock and inspection."""
    quarantine: Mapping[PlaceNumber, Place]
    inspects_at: PlaceNumber | None
    """None where the organization has no place for it: then goods wait where they are."""
    waits_at: PlaceNumber | None
    """Where goods wait that come out of quarantine: for their inspection, else at the dock."""
    rejects_to: PlaceNumber | None

    @classmethod
    def of(cls, places: Iterable[Place]) -> "Room":
        of_zone: dict[Zone, dict[PlaceNumber, Place]] = defaultdict(dict)
        for place in places:
            of_zone[place.zone][place.number] = place
        dock, inspection = of_zone[Zone.DOCK], of_zone[Zone.INSPECTION]
        quarantine = of_zone[Zone.QUARANTINE]
        inspects_at = next(iter(inspection), None)
        waits_at = inspects_at or next(iter(dock), None)
        return cls(
            dock | inspection, quarantine, inspects_at, waits_at, next(iter(quarantine), None)
        )


class Change(NamedTuple):
    """So much of some goods comes into another condition, at the same place or another."""

    goods: Holding
    quantity: int
    kind: EntryKind
    condition: Condition
    place: PlaceNumber | None
    document: int
    line: int
    happened_on: date
    cause: Cause = Cause.INSPECTION


def change_condition(book: Book, changes: Iterable[Change]) -> list[Lying]:
    """Bring goods into another condition; whose they are stays. Answers them as they now lie."""
    entries: list[Entry] = []
    lying = []
    for number, change in enumerate(changes, book.next_entry):
        goods, quantity, kind, condition, place, document, line, on, cause = change
        here = book.describe(goods.position)
        there = here._replace(place=place or here.place, condition=condition.value)
        target = book.position(there)
        entries.append(
            Entry(
                EntryNumber(number), kind.value, goods.layer, quantity, goods.position, target,
                on, cause.value, document, line,
            )
        )  # fmt: skip
        changed = goods.lying(target, there.place, goods.owner, quantity)
        lying.append(Lying(changed, condition.value))
    post(book, entries)
    return lying


def decide(
    book: Book, lying: Sequence[Lying], inspected: Sequence[Inspected], room: Room
) -> list[list[Lying]]:
    """Carry out decisions; answers for each the goods that it accepted, as they now lie."""
    changes: list[Change] = []
    of_line: list[int] = []
    for nth, line in enumerate(inspected):
        taken = list(_taken(lying, line, room))
        changes += taken
        of_line += [nth] * len(taken)
    accepted: list[list[Lying]] = [[] for _ in inspected]
    for nth, changed in zip(of_line, change_condition(book, changes), strict=True):
        if changed.condition == Condition.UNRESTRICTED:
            accepted[nth].append(changed)
    return accepted


TAKES: Mapping[Decision, tuple[Condition, ...]] = {
    Decision.ACCEPT: (Condition.ON_HOLD,),
    Decision.REJECT: (Condition.ON_HOLD,),
    Decision.HOLD: (Condition.ON_HOLD,),
    Decision.REINSPECT: (Condition.BLOCKED, Condition.UNRESTRICTED),
    Decision.HOLD_RECEIPT: (Condition.UNRESTRICTED,),
    Decision.RELEASE_RECEIPT: (Condition.ON_HOLD,),
}
"""In which condition the goods are that a decision is about, which of them first."""

BECOMES: Mapping[Decision, tuple[EntryKind, Condition]] = {
    Decision.ACCEPT: (EntryKind.RELEASED, Condition.UNRESTRICTED),
    Decision.REJECT: (EntryKind.REJECTED, Condition.BLOCKED),
    Decision.REINSPECT: (EntryKind.HELD, Condition.ON_HOLD),
    Decision.HOLD_RECEIPT: (EntryKind.HELD, Condition.ON_HOLD),
    Decision.RELEASE_RECEIPT: (EntryKind.RELEASED, Condition.UNRESTRICTED),
}
"""What they become; what is held goes on lying as it lies."""


def _taken(lying: Sequence[Lying], line: Inspected, room: Room) -> Iterable[Change]:
    decision = line.decision
    meant = [
        one.goods
        for condition in TAKES[decision]
        for one in lying
        if one.condition == condition
        and one.goods.layer in line.layers
        and (one.goods.place in room.staging or one.goods.place in room.quarantine)
    ]
    there = sum(goods.left for goods in meant)
    if there < line.quantity:
        raise NotWaiting(
            line.receipt, line.line, line.item, line.unit, decision, line.quantity, there
        )
    if decision not in BECOMES:
        return
    kind, condition = BECOMES[decision]
    place = room.rejects_to if decision is Decision.REJECT else None
    wanted = line.quantity
    for goods in meant:
        part = min(wanted, goods.left)
        if part:
            goods.left -= part
            wanted -= part
            if decision is Decision.REINSPECT and goods.place in room.quarantine:
                place = room.waits_at
            yield Change(
                goods, part, kind, condition, place, line.document, line.line, line.happened_on
            )
