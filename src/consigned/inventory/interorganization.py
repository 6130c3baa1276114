"""Goods between organizations: they leave one ledger and arrive in another, in one act.

Consigned goods are consumed when they are sent: they become ours where they stand, are charged,
and arrive as ours (checklist P40, decision 0052). A consumption rule may keep them consigned (O31);
then owner, agreement, order line, price, lot, expiry and age travel with them (X19). Goods that
are lent to us travel as their owner's.

    send 10 EA of 100C from P1 to P2    transferred-to-owned   Acme > M1, at P1 STORE
                                        sent                   P1 STORE > elsewhere
                                        arrived                elsewhere > P2 STORE, a new layer
    (a rule keeps them)                 sent                   P1 STORE > elsewhere, Acme's
                                        arrived                elsewhere > P2 STORE, Acme's

Goods for an organization of another party are sold to it at what they cost us: they arrive as ours
and are purchased on the spot. What is not ours is not ours to sell, so what a rule keeps, and what
is lent, goes to no other party.

Refuses: NotEnoughOnHand (from issues), SameOrganization, NotOursToGive;
ConsignedInOwnedLocation (from
custody), TransferToOwnedOff (from ownership).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, NamedTuple

from consigned.inventory.stock import Holding, Shelves
from consigned.inventory.title_transfers import Shortage, TitleTransfer, Use, UseKind
from consigned.inventory.transfers import ConsignedInOwnedLocation, RuleApplied
from consigned.master_data.agreements import TitleRule
from consigned.master_data.consumption_rules import Movement, Rules, Transaction, Verdict
from consigned.master_data.ownership import TransferToOwnedOff
from consigned.measure.identity import (
    ConsumptionNumber,
    EntryNumber,
    ItemId,
    LayerNumber,
    OrganizationId,
    PartyId,
    PlaceNumber,
    PositionNumber,
)
from consigned.measure.money import Price
from consigned.measure.refusal import Refusal
from consigned.title.entry import Cause, Entry, EntryKind
from consigned.title.layer import Layer, Ownership
from consigned.title.position import Condition, Place, Position
from consigned.title.post import Book, post


@dataclass(eq=False)
class SameOrganization(Refusal):
    organization: str
    code: ClassVar[str] = "same-organization"
    remedy: ClassVar[str] = "Import it as a transfer within the organization."

    def __str__(self) -> str:
        return f"the goods are to go from {self.organization} to {self.organization}"


@dataclass(eq=False)
class NotOursToGive(Refusal):
    goods: str
    organization: str
    party: str
    rule: str | None = None
    code: ClassVar[str] = "transfer-not-allowed"
    remedy: ClassVar[str] = "Their owner agrees with the other party and ships to it."

    def __str__(self) -> str:
        why = f"by rule {self.rule} they stay their owner's" if self.rule else "they are lent to us"
        return f"{self.goods} cannot go to {self.organization} of {self.party}: {why}"


class Sending(NamedTuple):
    """One line of goods for another organization, in the item's own unit."""

    document: int
    line: int
    item: ItemId
    quantity: int
    source: Place
    target: Place
    """Where they go there."""
    happened_on: date
    consignor: PartyId | None = None
    lot: str | None = None
    serial: str | None = None
    goods: str = ""
    """What is to go, in words: 10 EA of BOLT."""


class Receiver(NamedTuple):
    """Who the goods go to."""

    organization: OrganizationId
    code: str
    party: PartyId
    party_code: str


class Part(NamedTuple):
    """What left of one layer, and as whose; its sending says on which day it left, and arrives."""

    sending: Sending
    holding: Holding
    quantity: int
    owner: PartyId
    transfer: EntryNumber | None = None
    """The entry that made them ours as they left, if one did."""


@dataclass
class Departed:
    parts: list[Part] = field(default_factory=list)
    transfers: list[TitleTransfer] = field(default_factory=list)
    applied: list[RuleApplied] = field(default_factory=list)
    shortages: list[Shortage] = field(default_factory=list)


def send(
    book: Book,
    shelves: Shelves,
    lines: Iterable[Sending],
    *,
    ours: PartyId,
    receiver: Receiver,
    elsewhere: PlaceNumber,
    title_rule_of: Callable[[Holding], TitleRule],
    rules: Rules,
    reserved: Mapping[ItemId, int],
    allows_transfer_to_owned: bool = True,
) -> Departed:
    """Let goods leave for another organization, passing title unless a rule keeps it.

    What is promised to customers stays. What is not there is answered as a shortage.
    """
    gone = Departed()
    for line in lines:
        wanted = line.quantity
        free = _free(shelves, line, reserved)
        for holding in _lying_at(shelves, line):
            part = min(holding.left, wanted, free)
            if part <= 0:
                break
            passes, rule = _decide(
                book, holding, line, ours, receiver, title_rule_of(holding), rules
            )
            if passes and line.target.is_owned and not allows_transfer_to_owned:
                raise TransferToOwnedOff(line.goods, line.target.code)
            number = EntryNumber(book.next_entry + len(book.drafts))
            if rule is not None:
                gone.applied.append(RuleApplied(number, rule))
            steps = _steps(book, holding, ours, elsewhere, passes=passes)
            transfer = number if passes else None
            if transfer is not None:
                gone.transfers.append(TitleTransfer(transfer, _use(line, part), holding, part))
            on = line.happened_on
            for kind, source, target in steps:
                on = book.draft(
                    kind.value, holding.layer, part, source, target, on, Cause.TRANSFER.value,
                    line.document, line.line,
                ).happened_on  # fmt: skip
            sent, owner = line._replace(happened_on=on), book.describe(steps[-1][2]).owner
            gone.parts.append(Part(sent, holding, part, owner, transfer))
            holding.left -= part
            wanted -= part
            free -= part
            if not wanted:
                break
        if wanted:
            gone.shortages.append(_short(shelves, line, wanted))
    post(book, book.drafts)
    return gone


def _free(shelves: Shelves, line: Sending, reserved: Mapping[ItemId, int]) -> int:
    """What of an item is not promised; nothing is promised of what cannot be picked."""
    if not line.source.is_nettable or not reserved.get(line.item):
        return line.quantity
    return sum(h.left for h in shelves.queue(line.item)) - reserved[line.item]


def _decide(
    book: Book,
    holding: Holding,
    line: Sending,
    ours: PartyId,
    receiver: Receiver,
    title_rule: TitleRule,
    rules: Rules,
) -> tuple[bool, int | None]:
    """Whether goods become ours by being sent, and by which rule, if by one."""
    if holding.owner == ours:
        return False, None
    kept_by, fired = None, None
    if holding.ownership == Ownership.CONSIGNED and title_rule is not TitleRule.NEVER:
        fired = rules.fired(
            Movement(
                Transaction.TRANSFER_BETWEEN_ORGANIZATIONS, book.organization, holding.owner,
                line.item, line.source, line.target,
            )
        )  # fmt: skip
        if fired is None or fired.verdict is Verdict.CONSUME:
            return True, fired and fired.id
        kept_by = fired.code
    if receiver.party != ours:
        raise NotOursToGive(line.goods, receiver.code, receiver.party_code, kept_by)
    if line.target.is_owned:
        raise ConsignedInOwnedLocation(line.target.code, kept_by)
    return False, fired and fired.id


Step = tuple[EntryKind, PositionNumber, PositionNumber]


def _steps(
    book: Book, holding: Holding, ours: PartyId, elsewhere: PlaceNumber, *, passes: bool
) -> list[Step]:
    here, source = book.describe(holding.position), holding.position
    steps: list[Step] = []
    if passes:
        here = here._replace(owner=ours)
        owned = book.position(here)
        steps.append((EntryKind.TRANSFERRED_TO_OWNED, source, owned))
        source = owned
    outside = book.position(here._replace(place=elsewhere, condition=Condition.UNRESTRICTED.value))
    return [*steps, (EntryKind.SENT, source, outside)]


def arrive(
    book: Book,
    coming: Iterable[tuple[Part, Layer]],
    *,
    sender: PartyId,
    ours: PartyId,
    elsewhere: PlaceNumber,
    document: int,
) -> list[LayerNumber]:
    """Let what was sent arrive, each part as a layer of its own; what another party sent is
    purchased on the spot."""
    entries: list[Entry] = []
    layers = []
    number = book.next_entry
    for part, layer in coming:
        opened = book.open_layer(layer)
        layers.append(opened)
        item, target = part.sending.item, part.sending.target.number
        outside = book.position(Position(item, part.owner, elsewhere))
        there = book.position(Position(item, part.owner, target))
        steps = [(EntryKind.ARRIVED, outside, there)]
        if ours != sender:
            owned = book.position(Position(item, ours, target))
            steps.append((EntryKind.PURCHASED, there, owned))
        for kind, source, goes_to in steps:
            entries.append(
                Entry(
                    EntryNumber(number), kind.value, opened, part.quantity, source, goes_to,
                    part.sending.happened_on, Cause.TRANSFER.value, document, part.sending.line,
                )
            )  # fmt: skip
            number += 1
    post(book, entries)
    return layers


def as_it_arrives(
    layer: Layer, part: Part, *, sender: Receiver, receiver: Receiver, cost: Price | None
) -> Layer:
    """The layer that a part opens where it arrives.

    Kept consigned, it is what it was. Ours, it is worth what it cost and keeps its age and its
    marks; sold to another party, it is new there.
    """
    came_from = layer._replace(
        number=LayerNumber(0), receipt=None, receipt_line=None,
        from_organization=sender.organization, from_layer=layer.number,
    )  # fmt: skip
    if part.owner != sender.party:
        return came_from
    bought = came_from._replace(
        ownership=Ownership.OWNED, agreement=None, order_line=None, price=cost or layer.price
    )
    if receiver.party == sender.party:
        return bought
    return bought._replace(supplier=sender.party, received_on=part.sending.happened_on,
                           shipped_on=part.sending.happened_on)  # fmt: skip


def _lying_at(shelves: Shelves, line: Sending) -> Iterator[Holding]:
    fitting = shelves.of(
        line.item, owner=line.consignor, place=line.source.number, lot=line.lot, serial=line.serial
    )
    return (h for h in fitting if h.received_on <= line.happened_on)


def _short(shelves: Shelves, line: Sending, missing: int) -> Shortage:
    """What a line lacks; what it could have taken and did not is promised."""
    lying = sum(h.left for h in _lying_at(shelves, line))
    return Shortage(
        _use(line, line.quantity), missing, line.quantity - missing + lying, promised=lying
    )


def _use(line: Sending, quantity: int) -> Use:
    """The consumption that sending amounts to, for pricing and settlement."""
    return Use(
        ConsumptionNumber(0), UseKind.TRANSFER_TO_OWNED, line.item, quantity, line.happened_on,
        line.source.number, line.consignor, line.lot, line.serial,
    )  # fmt: skip
