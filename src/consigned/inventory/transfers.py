"""Custody inside the walls: putting goods away and transferring them between places.

Whose they are does not change, unless the place, the agreement or a rule of the holder says so: a
transfer into an owned place makes consigned goods ours (checklist P45), and so does the move at
which the agreement passes title (E02-E09). Then the transfer is two entries, the title first.

    move 10 EA of 100C from FGI to Stores     transferred-to-owned   Allied Supplier > M1, at FGI
    (title passes on withdrawal)              moved                  FGI > Stores

Goods go through a plant by stages: on their way, dock, the consignor's store, stockroom, shop
floor, finished goods, gone. Title passes when they go on to the stage that the agreement names,
or past it where they skip one; going back passes nothing.

Where the agreement holds title back for quality (E10), goods on hold pass no title when they
move, and what comes into finished goods comes there on hold; the release passes it (`quality`).

Refuses: NotEnoughOnHand (from issues), SamePlace, ConsignedInOwnedLocation, AwaitsQuality;
TransferToOwnedOff (from ownership).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, NamedTuple

from consigned.inventory.stock import Holding, Shelves
from consigned.inventory.title_transfers import Shortage, TitleTransfer, Use, UseKind
from consigned.master_data.agreements import Agreement, TitleRule
from consigned.master_data.consumption_rules import NO_RULES, Movement, Rules, Transaction, Verdict
from consigned.master_data.ownership import TransferToOwnedOff
from consigned.measure.identity import (
    AgreementId,
    ConsumptionNumber,
    EntryNumber,
    ItemId,
    PartyId,
    PositionNumber,
)
from consigned.measure.refusal import Refusal
from consigned.title.entry import Cause, Entry, EntryKind
from consigned.title.layer import Ownership
from consigned.title.position import Condition, Place, Zone
from consigned.title.post import Book, post


@dataclass(eq=False)
class SamePlace(Refusal):
    item: str
    place: str
    code: ClassVar[str] = "same-place"
    remedy: ClassVar[str] = "Name the place the goods go to."

    def __str__(self) -> str:
        return f"{self.item} is to move from {self.place} to {self.place}"


@dataclass(eq=False)
class ConsignedInOwnedLocation(Refusal):
    place: str
    rule: str | None = None
    """The consumption rule by which they stay whose they are."""
    code: ClassVar[str] = "consigned-in-owned-location"
    remedy: ClassVar[str] = "Move them to a place that is not owned."

    def __str__(self) -> str:
        why = f"rule {self.rule} keeps these theirs" if self.rule else "these never become ours"
        return f"{self.place} keeps only goods that are ours; {why}"


@dataclass(eq=False)
class AwaitsQuality(Refusal):
    place: str
    code: ClassVar[str] = "awaits-quality"
    remedy: ClassVar[str] = "Release them first, or move them to a place that is not owned."

    def __str__(self) -> str:
        return (
            f"{self.place} keeps only goods that are ours; these become ours once they have "
            "passed quality"
        )


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
    condition: str = Condition.UNRESTRICTED.value
    """In which condition the goods are that move; it stays as it is."""


class RuleApplied(NamedTuple):
    """Which consumption rule decided on an entry: of the title, or of the goods that stayed."""

    entry: EntryNumber
    rule: int


@dataclass
class Moved:
    transfers: list[TitleTransfer] = field(default_factory=list)
    shortages: list[Shortage] = field(default_factory=list)
    applied: list[RuleApplied] = field(default_factory=list)


STAGES: Mapping[Zone, int] = {
    Zone.SUPPLIER: 0,
    Zone.IN_TRANSIT: 1,
    Zone.DOCK: 2,
    Zone.INSPECTION: 2,
    Zone.QUARANTINE: 2,
    Zone.CONSIGNED_STORE: 3,
    Zone.STOCKROOM: 4,
    Zone.SHOP_FLOOR: 5,
    Zone.FINISHED_GOODS: 6,
    Zone.CUSTOMER: 7,
    Zone.PRODUCTION: 7,
    Zone.LOSS: 7,
    Zone.ELSEWHERE: 7,
}
"""How far goods have come. What stands in quarantine has not got beyond the dock."""

PASSES_AT: Mapping[TitleRule, int] = {
    TitleRule.ON_SHIPMENT: 1,
    TitleRule.ON_SHIP_NOTICE: 1,
    TitleRule.ON_RECEIPT: 2,
    TitleRule.ON_PUTAWAY: 3,
    TitleRule.ON_WITHDRAWAL: 4,
    TitleRule.ON_FLOOR_ISSUE: 5,
    TitleRule.ON_COMPLETION: 6,
    TitleRule.ON_USE: 7,
    TitleRule.NEVER: 8,
}
"""The stage with which an agreement passes title; nothing ever comes as far as `never`."""


def passes_title(title_rule: TitleRule, source: Place, target: Place) -> bool:
    """Whether moving consigned goods between two places makes them ours (E02-E09, P45)."""
    if target.is_owned:
        return title_rule is not TitleRule.NEVER
    return (
        STAGES[target.zone] > STAGES[source.zone]
        and target.zone is not Zone.QUARANTINE
        and has_come_to_pass(title_rule, target)
    )


def has_come_to_pass(title_rule: TitleRule, place: Place) -> bool:
    """Whether goods that lie at a place have come as far as their title rule names."""
    return STAGES[place.zone] >= PASSES_AT[title_rule]


def title_rule(agreements: Mapping[AgreementId, Agreement], holding: Holding) -> TitleRule:
    """When the title of some goods passes: as their agreement says, without one on use."""
    agreement = agreements.get(holding.agreement) if holding.agreement else None
    return agreement.title_rule if agreement else TitleRule.ON_USE


def waits_for_quality(agreements: Mapping[AgreementId, Agreement], holding: Holding) -> bool:
    """Whether the agreement of some goods holds their title back until they pass quality."""
    agreement = agreements.get(holding.agreement) if holding.agreement else None
    return agreement is not None and agreement.title_after_inspection


class Say(NamedTuple):
    """Who has a say on whether goods that move become ours."""

    title_rule_of: Callable[[Holding], TitleRule]
    waits_of: Callable[[Holding], bool]
    rules: Rules
    transaction: Transaction


def move(
    book: Book,
    shelves: Shelves,
    moves: Iterable[Move],
    *,
    ours: PartyId,
    title_rule_of: Callable[[Holding], TitleRule],
    waits_of: Callable[[Holding], bool] = lambda _: False,
    rules: Rules = NO_RULES,
    kind: EntryKind = EntryKind.MOVED,
    cause: Cause = Cause.TRANSFER,
    allows_transfer_to_owned: bool = True,
) -> Moved:
    """Move goods between places, passing title where place, agreement or rule says so.

    Where transfers to owned places are not allowed, consigned goods go to none (checklist P16).
    """
    moved = Moved()
    entries: list[Entry] = []
    number = book.next_entry
    transaction = Transaction.PUTAWAY if kind is EntryKind.PUT_AWAY else Transaction.TRANSFER
    say = Say(title_rule_of, waits_of, rules, transaction)
    for line in moves:
        wanted = line.quantity
        for holding in _lying_at(book, shelves, line):
            part = min(holding.left, wanted)
            steps, rule = _steps(book, holding, line, ours, say, kind)
            if rule is not None:
                moved.applied.append(RuleApplied(EntryNumber(number), rule))
            for step, source, target in steps:
                if step is EntryKind.TRANSFERRED_TO_OWNED:
                    if line.target.is_owned and not allows_transfer_to_owned:
                        raise TransferToOwnedOff(line.goods, line.target.code)
                    moved.transfers.append(
                        TitleTransfer(EntryNumber(number), _use(line, part), holding, part)
                    )
                entries.append(
                    Entry(
                        EntryNumber(number), step.value, holding.layer, part, source, target,
                        line.happened_on, cause.value, line.document, line.line,
                    )
                )  # fmt: skip
                number += 1
            there = steps[-1][2]
            shelves.put(holding.lying(there, line.target.number, book.describe(there).owner, part))
            holding.left -= part
            wanted -= part
            if not wanted:
                break
        if wanted:
            moved.shortages.append(_short(book, shelves, line, wanted))
    post(book, entries)
    return moved


Step = tuple[EntryKind, PositionNumber, PositionNumber]


def _steps(
    book: Book, holding: Holding, line: Move, ours: PartyId, say: Say, kind: EntryKind
) -> tuple[list[Step], int | None]:
    """The way of one layer's goods: perhaps first to us, or on hold, where they stand; then to
    the place. Also the rule that decided, if one did."""
    here = book.describe(holding.position)
    passes, rule = _decide(book, holding, line, here.owner, ours, say)
    steps: list[Step] = []
    there = here._replace(place=line.target.number)
    if passes and say.waits_of(holding):
        if here.condition == Condition.UNRESTRICTED and _is_completion(line):
            on_hold = here._replace(condition=Condition.ON_HOLD.value)
            steps.append((EntryKind.HELD, holding.position, book.position(on_hold)))
            there = there._replace(condition=on_hold.condition)
        passes = here.condition == Condition.UNRESTRICTED and not steps
        if line.target.is_owned and not passes:
            raise AwaitsQuality(line.target.code)
    if passes:
        owned = book.position(here._replace(owner=ours))
        steps.append((EntryKind.TRANSFERRED_TO_OWNED, holding.position, owned))
        there = there._replace(owner=ours)
    source = steps[-1][2] if steps else holding.position
    return [*steps, (kind, source, book.position(there))], rule


def _decide(
    book: Book, holding: Holding, line: Move, owner: PartyId, ours: PartyId, say: Say
) -> tuple[bool, int | None]:
    """Whether the goods become ours, and by which rule of ours, if by one."""
    source, target = line.source, line.target
    if owner == ours:
        return False, None
    title_rule = say.title_rule_of(holding)
    if holding.ownership != Ownership.CONSIGNED or title_rule is TitleRule.NEVER:
        if target.is_owned:
            raise ConsignedInOwnedLocation(target.code)
        return False, None
    fired = say.rules.fired(
        Movement(say.transaction, book.organization, owner, line.item, source, target)
    )
    if fired is None:
        return passes_title(title_rule, source, target), None
    if fired.verdict is Verdict.KEEP and target.is_owned:
        raise ConsignedInOwnedLocation(target.code, fired.code)
    return fired.verdict is Verdict.CONSUME, fired.id


def _is_completion(line: Move) -> bool:
    """Whether the finished good comes about by the move, which is to be tested then."""
    return line.target.zone is Zone.FINISHED_GOODS and line.source.zone is not Zone.FINISHED_GOODS


def _short(book: Book, shelves: Shelves, line: Move, missing: int) -> Shortage:
    came_later = sum(
        h.left for h in _named(book, shelves, line) if h.received_on > line.happened_on
    )
    asked = line.quantity
    return Shortage(_use(line, asked), missing, asked - missing, came_later=came_later)


def _named(book: Book, shelves: Shelves, line: Move) -> list[Holding]:
    """The goods at the place they leave that fit what the line names."""
    fitting = shelves.of(
        line.item, owner=line.consignor, place=line.source.number, lot=line.lot,
        serial=line.serial,
    )  # fmt: skip
    return [
        holding
        for holding in fitting
        if line.layer in (None, holding.layer)
        and book.describe(holding.position).condition == line.condition
    ]


def _lying_at(book: Book, shelves: Shelves, line: Move) -> Iterable[Holding]:
    return (h for h in _named(book, shelves, line) if h.received_on <= line.happened_on)


def _use(line: Move, quantity: int) -> Use:
    """The consumption a title-passing move amounts to, for pricing and settlement."""
    return Use(
        ConsumptionNumber(0), UseKind.TRANSFER_TO_OWNED, line.item, quantity, line.happened_on,
        line.source.number, line.consignor, line.lot, line.serial,
    )  # fmt: skip
