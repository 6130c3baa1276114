"""Quality: goods are put on hold and released; nothing that is on hold may be used.

    hold 40 EA of 100C, lot L-7      held       unrestricted > on hold, where they are
    release 30 EA of them            released   on hold > unrestricted

Where they lie and whose they are does not change. But where the agreement holds title back until
the goods have passed quality (checklist E10), their release passes it, if they have come as far as
the title rule names: then the release is two entries, and the goods are charged on that day.

    release 30 EA in finished goods  released               on hold > unrestricted
    (title on completion, held)      transferred-to-owned   Allied Supplier > M1

What waits for its inspection is on hold, too, but only the inspection ends that (see inspections):
a release passes it by.

Refuses: NotEnoughOnHand (from issues), NotEnoughOnHold, NothingMatches.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, NamedTuple

from consigned.inventory.stock import Holding, Shelves
from consigned.inventory.title_transfers import Shortage, TitleTransfer, Use, UseKind
from consigned.inventory.transfers import Moved, has_come_to_pass
from consigned.master_data.agreements import TitleRule
from consigned.measure.identity import (
    ConsumptionNumber,
    EntryNumber,
    ItemId,
    LayerNumber,
    PartyId,
    PlaceNumber,
    PositionNumber,
)
from consigned.measure.quantity import show_micros
from consigned.measure.refusal import Refusal
from consigned.title.entry import Cause, Entry, EntryKind
from consigned.title.layer import Ownership
from consigned.title.position import Condition, Place
from consigned.title.post import Book, post


@dataclass(eq=False)
class NotEnoughOnHold(Refusal):
    item: str
    unit: str
    where: str
    asked: int
    held: int
    waiting: int = 0
    """Beside it: waiting for its inspection."""
    code: ClassVar[str] = "not-enough-on-hold"
    remedy: ClassVar[str] = "Release what is on hold; accept what waits by its inspection."

    def __str__(self) -> str:
        said = f"{self.where} has {show_micros(self.held)} {self.unit} of {self.item} on hold"
        if self.waiting:
            said += f", and {show_micros(self.waiting)} {self.unit} waiting for inspection"
        asked = f"{show_micros(self.asked)} {self.unit}" if self.asked else "all of it"
        return f"{said}; {asked} asked"


@dataclass(eq=False)
class NothingMatches(Refusal):
    item: str
    where: str
    condition: str
    code: ClassVar[str] = "nothing-matches"
    remedy: ClassVar[str] = "Look where the goods are, and name them as they are kept there."

    def __str__(self) -> str:
        return f"nothing of {self.item} at {self.where} that is {self.condition} fits what is named"


class Change(NamedTuple):
    """One line of goods to be held or released, in the item's own unit."""

    document: int
    line: int
    item: ItemId
    quantity: int | None
    """None for everything that fits."""
    happened_on: date
    place: PlaceNumber | None = None
    consignor: PartyId | None = None
    lot: str | None = None
    serial: str | None = None
    of: Mapping[LayerNumber, int] | None = None
    """So much of each layer at the most, and of no other; None where any will do."""


Lying = tuple[PositionNumber, LayerNumber]
"""So much of one layer as lies at one position."""


class Stayed(NamedTuple):
    """Goods whose hold ended and that stay on hold, because they are recalled."""

    layer: LayerNumber
    place: PlaceNumber
    quantity: int
    line: int


@dataclass
class Changed(Moved):
    stayed: list[Stayed] = field(default_factory=list)


FROM = {EntryKind.HELD: Condition.UNRESTRICTED, EntryKind.RELEASED: Condition.ON_HOLD}
TO = {EntryKind.HELD: Condition.ON_HOLD, EntryKind.RELEASED: Condition.UNRESTRICTED}


def change_condition(
    book: Book,
    shelves: Shelves,
    changes: Iterable[Change],
    *,
    kind: EntryKind,
    ours: PartyId,
    places: Mapping[PlaceNumber, Place],
    title_rule_of: Callable[[Holding], TitleRule],
    waits_of: Callable[[Holding], bool],
    to_inspect: Collection[Lying] = frozenset(),
    stays: Collection[LayerNumber] = frozenset(),
) -> Changed:
    """Hold or release goods where they are; a release may pass the title that waited for it, and
    passes by what waits for its inspection. What is recalled stays on hold: only the hold ends.

    What is not there is answered as a shortage; so is a line that nothing fits.
    """
    done = Changed()
    entries: list[Entry] = []
    number = book.next_entry
    for line in changes:
        wanted, most = line.quantity, dict(line.of) if line.of is not None else None
        taken = 0
        for holding in _fitting(book, shelves, line, FROM[kind]):
            if (holding.position, holding.layer) in to_inspect:
                continue
            part = holding.left if wanted is None else min(holding.left, wanted - taken)
            if not part:
                break
            if most is not None:
                part = min(part, most.get(holding.layer, 0))
                most[holding.layer] = most.get(holding.layer, 0) - part
            if not part:
                continue
            if holding.layer in stays:
                done.stayed.append(Stayed(holding.layer, holding.place, part, line.line))
                taken += part
                continue
            for step, source, target in _steps(
                book, holding, kind, ours, places, title_rule_of, waits_of
            ):
                if step is EntryKind.TRANSFERRED_TO_OWNED:
                    done.transfers.append(
                        TitleTransfer(EntryNumber(number), _use(line, part), holding, part)
                    )
                entries.append(
                    Entry(
                        EntryNumber(number), step.value, holding.layer, part, source, target,
                        line.happened_on, Cause.QUALITY.value, line.document, line.line,
                    )
                )  # fmt: skip
                number += 1
            there = entries[-1].target
            owner = book.describe(there).owner
            shelves.put(holding.lying(there, holding.place, owner, part))
            holding.left -= part
            taken += part
        if taken < (wanted or 1):
            done.shortages.append(Shortage(_use(line, wanted or 0), (wanted or 0) - taken, taken))
    post(book, entries)
    return done


def _fitting(book: Book, shelves: Shelves, line: Change, condition: Condition) -> Iterable[Holding]:
    for holding in shelves.of(
        line.item, owner=line.consignor, place=line.place, lot=line.lot, serial=line.serial
    ):
        is_there = holding.received_on <= line.happened_on
        if is_there and book.describe(holding.position).condition == condition:
            yield holding


def _steps(
    book: Book,
    holding: Holding,
    kind: EntryKind,
    ours: PartyId,
    places: Mapping[PlaceNumber, Place],
    title_rule_of: Callable[[Holding], TitleRule],
    waits_of: Callable[[Holding], bool],
) -> list[tuple[EntryKind, PositionNumber, PositionNumber]]:
    there = book.describe(holding.position)._replace(condition=TO[kind].value)
    changed = book.position(there)
    steps = [(kind, holding.position, changed)]
    if (
        kind is EntryKind.RELEASED
        and there.owner != ours
        and holding.ownership == Ownership.CONSIGNED
        and waits_of(holding)
        and has_come_to_pass(title_rule_of(holding), places[there.place])
    ):
        owned = book.position(there._replace(owner=ours))
        steps.append((EntryKind.TRANSFERRED_TO_OWNED, changed, owned))
    return steps


def _use(line: Change, quantity: int) -> Use:
    """The consumption that a release amounts to which passes title."""
    return Use(
        ConsumptionNumber(0), UseKind.TRANSFER_TO_OWNED, line.item, quantity, line.happened_on,
        line.place, line.consignor, line.lot, line.serial,
    )  # fmt: skip
