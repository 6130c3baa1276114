"""Custody inside the walls: putting goods away and transferring them between places.

Whose they are does not change, unless the place or the agreement says so: a transfer into an
owned place makes consigned goods ours (checklist P45), and so does leaving the consignor's store
for the stockroom where the agreement passes title on withdrawal (E06). Then the transfer is two
entries, the title first.

    move 10 EA of 100C from FGI to Stores     transferred-to-owned   Allied Supplier > M1, at FGI
    (title passes on withdrawal)              moved                  FGI > Stores

Refuses: NotEnoughOnHand (from consumption), SamePlace, StaysTheirs; TransferToOwnedOff (from
status).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

from consigned.measure.identity import (
    AgreementId,
    ConsumptionNumber,
    EntryNumber,
    ItemId,
    PartyId,
    PlaceNumber,
    PositionNumber,
)
from consigned.measure.refusal import Refusal
from consigned.title.entry import Cause, Entry, EntryKind
from consigned.title.layer import Ownership
from consigned.title.position import Place, Position, Zone
from consigned.title.post import Book, post
from consigned.trade.agreements import Agreement, TitleRule
from consigned.trade.consumption import Shortage, TitleTransfer, Use, UseKind
from consigned.trade.shelf import Holding, Shelves
from consigned.trade.status import TransferToOwnedOff


@dataclass(eq=False)
class SamePlace(Refusal):
    item: str
    place: str
    code: ClassVar[str] = "same-place"
    remedy: ClassVar[str] = "Name the place the goods go to."

    def __str__(self) -> str:
        return f"{self.item} is to move from {self.place} to {self.place}"


@dataclass(eq=False)
class StaysTheirs(Refusal):
    place: str
    code: ClassVar[str] = "stays-theirs"
    remedy: ClassVar[str] = "Move them to a place that is not owned."

    def __str__(self) -> str:
        return f"{self.place} keeps only goods that are ours; these never become ours"


class Move(NamedTuple):
    """One line of a putaway or transfer, in the item's own unit."""

    document: int
    line: int
    item: ItemId
    quantity: int
    source: Place
    target: Place
    happened_on: date
    consignor: PartyId | None = None
    lot: str | None = None
    serial: str | None = None
    layer: int | None = None
    goods: str = ""
    """What is to move, in words: 10 EA of BOLT."""


@dataclass
class Moved:
    transfers: list[TitleTransfer]
    shortages: list[Shortage]


def passes_title(title_rule: TitleRule, source: Place, target: Place) -> bool:
    """Whether moving consigned goods between two places makes them ours (E02, E06, P45)."""
    if target.is_owned:
        return True
    return (
        title_rule is TitleRule.ON_WITHDRAWAL
        and source.zone is Zone.CONSIGNED_STORE
        and target.zone in (Zone.STOCKROOM, Zone.SHOP_FLOOR)
    )


def title_rule(agreements: Mapping[AgreementId, Agreement], holding: Holding) -> TitleRule:
    """When the title of some goods passes: as their agreement says, without one on use."""
    agreement = agreements.get(holding.agreement) if holding.agreement else None
    return agreement.title_rule if agreement else TitleRule.ON_USE


def move(
    book: Book,
    shelves: Shelves,
    moves: Iterable[Move],
    *,
    ours: PartyId,
    title_rule_of: Callable[[Holding], TitleRule],
    kind: EntryKind = EntryKind.MOVED,
    cause: Cause = Cause.TRANSFER,
    allows_transfer_to_owned: bool = True,
) -> Moved:
    """Move goods between places, passing title where place or agreement says so.

    Where transfers to owned places are not allowed, consigned goods go to none (checklist P16).
    """
    moved = Moved([], [])
    entries: list[Entry] = []
    number = book.next_entry
    for line in moves:
        wanted = line.quantity
        for holding in _lying_at(shelves, line):
            part = min(holding.left, wanted)
            steps = _steps(book, holding, line, ours, title_rule_of, kind)
            if len(steps) > 1:
                if line.target.is_owned and not allows_transfer_to_owned:
                    raise TransferToOwnedOff(line.goods, line.target.code)
                moved.transfers.append(
                    TitleTransfer(EntryNumber(number), _use(line, part), holding, part)
                )
            for step, source, target in steps:
                entries.append(
                    Entry(
                        EntryNumber(number), step.value, holding.layer, part, source, target,
                        line.happened_on, cause.value, line.document, line.line,
                    )
                )  # fmt: skip
                number += 1
            owner = book.describe(steps[-1][2]).owner
            shelves.put(_laid(holding, owner, line.target.number, steps[-1][2], part))
            holding.left -= part
            wanted -= part
            if not wanted:
                break
        if wanted:
            asked = line.quantity
            came_later = sum(
                h.left for h in _named(shelves, line) if h.received_on > line.happened_on
            )
            moved.shortages.append(
                Shortage(_use(line, asked), wanted, asked - wanted, came_later=came_later)
            )
    post(book, entries)
    return moved


def _steps(
    book: Book,
    holding: Holding,
    line: Move,
    ours: PartyId,
    title_rule_of: Callable[[Holding], TitleRule],
    kind: EntryKind,
) -> list[tuple[EntryKind, PositionNumber, PositionNumber]]:
    """The way of one layer's goods: perhaps first to us, where they stand, then to the place."""
    if line.target.is_owned and holding.ownership == Ownership.NON_OWNED:
        raise StaysTheirs(line.target.code)
    item, owner, place, condition = book.describe(holding.position)
    steps = []
    source = holding.position
    if (
        owner != ours
        and holding.ownership == Ownership.CONSIGNED
        and passes_title(title_rule_of(holding), line.source, line.target)
    ):
        owner = ours
        owned = book.position(Position(item, owner, place, condition))
        steps.append((EntryKind.TRANSFERRED_TO_OWNED, source, owned))
        source = owned
    there = book.position(Position(item, owner, line.target.number, condition))
    return [*steps, (kind, source, there)]


def _named(shelves: Shelves, line: Move) -> list[Holding]:
    """The goods at the place they leave that fit what the line names."""
    fitting = shelves.of(
        line.item, owner=line.consignor, place=line.source.number, lot=line.lot,
        serial=line.serial,
    )  # fmt: skip
    return [holding for holding in fitting if line.layer in (None, holding.layer)]


def _lying_at(shelves: Shelves, line: Move) -> Iterable[Holding]:
    return (h for h in _named(shelves, line) if h.received_on <= line.happened_on)


def _use(line: Move, quantity: int) -> Use:
    """The consumption a title-passing move amounts to, for pricing and settlement."""
    return Use(
        ConsumptionNumber(0), UseKind.TRANSFER_TO_OWNED, line.item, quantity, line.happened_on,
        line.source.number, line.consignor, line.lot, line.serial,
    )  # fmt: skip


def _laid(
    holding: Holding, owner: PartyId, place: PlaceNumber, position: PositionNumber, quantity: int
) -> Holding:
    return Holding(
        holding.item, owner, place, position, holding.layer, holding.received_on, quantity,
        holding.ownership, holding.agreement, holding.order_price, holding.lot, holding.serial,
    )  # fmt: skip
