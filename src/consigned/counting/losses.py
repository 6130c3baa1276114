"""Losses: goods that are gone, why, and who bears it (checklist E18, L20, L22, decision 0053).

The agreement says for each reason who bears a loss: the consignee, the consignor, or the
consignee's share in percent.

    broken=consignee stolen=50 miscount=consignor

The consignee's share is used: the title passes, the goods go, and they are owed for. The
consignor's share is lost under its own name: no title passes and nothing is owed. A share is
exact, so it may split a piece, because there is no piece any more.

    stolen 5 EA of bolts,        transferred-to-owned   2.5 EA   Acme > us, on the shelf
    borne half and half          issued                 2.5 EA   shelf > loss, ours
                                 lost                   2.5 EA   shelf > loss, Acme's

What was sold the consignee owes for, and what never came is its consignor's own error: of these
two nothing else can be agreed. A reason that is not named is borne like `unknown`, and `unknown`
by the consignee, who had the goods in its care.

What a count finds again is whose it was as it was lost: the layer that was lost last first, in
the shares in which its losses were borne. What the consignee bore became its own and is owed for
once, so it is not the consignor's again, and using it owes nothing more.

Refuses: NotALossReason, NotAShare, NamedTwice, BearerIsFixed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import ClassVar, NamedTuple

from consigned.inventory.stock import Holding
from consigned.inventory.title_transfers import GOES_TO, OwnedIssue, TitleTransfer, Use, UseKind
from consigned.master_data.agreements import Agreement, TitleRule
from consigned.measure.identity import (
    EntryNumber,
    LayerNumber,
    PartyId,
    PlaceNumber,
    PositionNumber,
)
from consigned.measure.quantity import divide_half_even
from consigned.measure.refusal import Refusal
from consigned.title.entry import Cause, EntryKind
from consigned.title.layer import Ownership
from consigned.title.position import Position, Zone
from consigned.title.post import Book, post


class Reason(StrEnum):
    """Why the goods that lie there are not those that should (checklist L20, L23)."""

    SOLD = "sold"
    BROKEN = "broken"
    STOLEN = "stolen"
    CUSTOMER_RETURN = "customer-return"
    SAMPLE = "sample"
    MISCOUNT = "miscount"
    MIS_SHIPPED = "mis-shipped"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class Bearer(StrEnum):
    CONSIGNEE = "consignee"
    CONSIGNOR = "consignor"


ALL = 100
FIXED: Mapping[Reason, Bearer] = {
    Reason.SOLD: Bearer.CONSIGNEE,
    Reason.MIS_SHIPPED: Bearer.CONSIGNOR,
}
"""Who bears what cannot be agreed otherwise (checklist L23)."""


@dataclass(eq=False)
class NotALossReason(Refusal):
    said: str
    known: tuple[str, ...] = tuple(map(str, Reason))
    code: ClassVar[str] = "not-a-loss-reason"
    remedy: ClassVar[str] = "Write it as broken=consignee stolen=50."

    def __str__(self) -> str:
        return f"{self.said!r} is no reason of a loss; they are {', '.join(self.known)}"


@dataclass(eq=False)
class NotAShare(Refusal):
    reason: str
    said: str
    code: ClassVar[str] = "not-a-share"
    remedy: ClassVar[str] = "Say consignee, consignor, or the consignee's share from 0 to 100."

    def __str__(self) -> str:
        return f"{self.said!r} does not say who bears what is {self.reason}"


@dataclass(eq=False)
class NamedTwice(Refusal):
    reason: str
    code: ClassVar[str] = "named-twice"

    def __str__(self) -> str:
        return f"who bears what is {self.reason} is said twice"


@dataclass(eq=False)
class BearerIsFixed(Refusal):
    reason: str
    said: str
    bearer: str
    code: ClassVar[str] = "bearer-is-fixed"
    remedy: ClassVar[str] = "Leave it out."

    def __str__(self) -> str:
        return f"what is {self.reason} is borne by the {self.bearer}; {self.said} cannot be agreed"


def bearers(said: str) -> str:
    """Who bears which loss, as an agreement says it, brought into one form."""
    shares: dict[Reason, int] = {}
    for pair in said.replace(",", " ").replace(";", " ").split():
        name, _, share = pair.partition("=")
        if name not in set(Reason):
            raise NotALossReason(name[:40])
        reason = Reason(name)
        if reason in shares:
            raise NamedTwice(reason)
        shares[reason] = _share(reason, share)
    return " ".join(f"{reason}={_written(shares[reason])}" for reason in Reason if reason in shares)


def _share(reason: Reason, said: str) -> int:
    if said in (Bearer.CONSIGNEE, Bearer.CONSIGNOR):
        share = ALL if said == Bearer.CONSIGNEE else 0
    elif said.isascii() and said.isdigit() and len(said) <= 3 and int(said) <= ALL:
        share = int(said)
    else:
        raise NotAShare(reason, said[:40])
    if reason in FIXED and share != _fixed(reason):
        raise BearerIsFixed(reason, said, FIXED[reason])
    return share


def _fixed(reason: Reason) -> int:
    return ALL if FIXED[reason] is Bearer.CONSIGNEE else 0


def _written(share: int) -> str:
    return {ALL: str(Bearer.CONSIGNEE), 0: str(Bearer.CONSIGNOR)}.get(share, str(share))


@lru_cache
def consignee_share(agreed: str, reason: Reason) -> int:
    """The consignee's share of a loss in percent, as the agreement says (checklist L22)."""
    if reason in FIXED:
        return _fixed(reason)
    named = dict(pair.split("=") for pair in agreed.split())
    said = named.get(reason, named.get(Reason.UNKNOWN, str(Bearer.CONSIGNEE)))
    return _share(reason, said)


def share_of(agreement: Agreement | None, reason: Reason, on: date) -> int:
    """The consignee's share of goods under an agreement as it stands on a day: none of what never
    becomes its own, all of what nothing was agreed on."""
    if agreement is None:
        return ALL
    if agreement.title_rule is TitleRule.NEVER:
        return 0
    return consignee_share(agreement.on(on).loss_responsibility, reason)


# --- what becomes of the goods -----------------------------------------------------------


class Part(NamedTuple):
    """So much of one layer at one position."""

    holding: Holding
    quantity: int


class Loss(NamedTuple):
    """Goods that are gone: the fact that says so, the consignee's share, and which goods.

    `use` is the consumption that the consignee's share amounts to; its quantity is that share.
    """

    cause: Cause
    document: int
    use: Use
    share: int
    parts: Sequence[Part]
    leaves_as: EntryKind = EntryKind.LOST
    """How the consignor's share leaves: lost, never come, or gone back."""


class Find(NamedTuple):
    """Goods that are there and should not be: back from loss into a layer, onto the shelf."""

    document: int
    use: Use
    holding: Holding
    quantity: int


class StillGone(NamedTuple):
    """What counts missed of one layer, as it was borne, and nobody found yet."""

    layer: LayerNumber
    last_lost: EntryNumber
    ours: int
    theirs: int


class Found(NamedTuple):
    """So much of one layer's goods that were missed."""

    layer: LayerNumber
    is_ours: bool
    quantity: int


def find_again(gone: Iterable[StillGone], quantity: int) -> tuple[list[Found], int]:
    """Whose the found goods are: what was lost last is found first, shared as its loss was borne.
    Answers, too, how much nobody had missed."""
    found = []
    for layer, _, ours, theirs in sorted(gone, key=lambda one: -one.last_lost):
        part = min(quantity, ours + theirs)
        mine = divide_half_even(part * ours, ours + theirs) if part else 0
        found += [Found(layer, True, mine), Found(layer, False, part - mine)]
        quantity -= part
    return [one for one in found if one.quantity], quantity


@dataclass
class Gone:
    """What came of losses and finds, for the books."""

    transfers: list[TitleTransfer] = field(default_factory=list)
    own_issues: list[OwnedIssue] = field(default_factory=list)
    lost: list[tuple[Holding, int, date]] = field(default_factory=list)
    """At their consignor's risk; below zero, found again."""
    gone_back: list[tuple[Holding, int, date]] = field(default_factory=list)
    """With their consignor again, or still, because they never came."""


def can_become_ours(holding: Holding, ours: PartyId) -> bool:
    """Whether a loss can be ours: goods that are ours, or consigned to us."""
    return holding.owner == ours or holding.ownership == Ownership.CONSIGNED


def borne(parts: Iterable[Part], share: int, ours: PartyId) -> int:
    """How much of some goods the consignee bears: its own wholly, of others its share."""
    return sum(_borne_of_each(parts, share, ours))


def _borne_of_each(parts: Iterable[Part], share: int, ours: PartyId) -> Iterator[int]:
    """Of each part, so that together they come to the share of the whole, rounded once."""
    before = after = 0
    for holding, quantity in parts:
        if holding.owner == ours:
            yield quantity
        elif not can_become_ours(holding, ours):
            yield 0
        else:
            before, after = after, after + quantity
            yield divide_half_even(after * share, ALL) - divide_half_even(before * share, ALL)


def lose(
    book: Book,
    losses: Iterable[Loss],
    finds: Iterable[Find] = (),
    *,
    ours: PartyId,
    outer: Mapping[Zone, PlaceNumber],
) -> Gone:
    """Let goods go that are gone, each share as it is borne, and take in what was found."""
    gone = Gone()
    for loss in losses:
        for part, mine in zip(
            loss.parts, _borne_of_each(loss.parts, loss.share, ours), strict=True
        ):
            if mine:
                _bear(book, loss.use, part, mine, ours, outer, gone)
            if theirs := part.quantity - mine:
                _let_go(book, loss, part, theirs, outer, gone)
    for find in finds:
        book.draft(*_found(book, find, ours, outer, gone))
    post(book, book.drafts)
    return gone


def _bear(
    book: Book,
    use: Use,
    part: Part,
    mine: int,
    ours: PartyId,
    outer: Mapping[Zone, PlaceNumber],
    gone: Gone,
) -> None:
    """The share of one layer's goods that is borne by us is used: theirs become ours first."""
    holding = part.holding
    item, owner, place, condition = book.describe(holding.position)
    on, why = use.happened_on, (Cause.CONSUMPTION.value, use.number, 1)
    source = book.position(Position(item, ours, place, condition))
    if owner != ours:
        transferred = book.draft(
            EntryKind.TRANSFERRED_TO_OWNED.value, holding.layer, mine, holding.position, source,
            on, *why,
        )  # fmt: skip
        on = transferred.happened_on
        gone.transfers.append(TitleTransfer(transferred.number, use, holding, mine))
    issued = EntryNumber(0)
    if zone := GOES_TO[use.kind]:
        outside = book.position(Position(item, ours, outer[zone]))
        issued = book.draft(
            EntryKind.ISSUED.value, holding.layer, mine, source, outside, on, *why
        ).number
    if owner == ours:
        gone.own_issues.append(OwnedIssue(use, holding, mine, issued))


def _let_go(
    book: Book,
    loss: Loss,
    part: Part,
    theirs: int,
    outer: Mapping[Zone, PlaceNumber],
    gone: Gone,
) -> None:
    """The share that its owner bears leaves as its owner's."""
    holding = part.holding
    item, owner, _, _ = book.describe(holding.position)
    is_lost = loss.leaves_as is EntryKind.LOST
    zone = Zone.LOSS if is_lost else Zone.SUPPLIER
    left = book.draft(
        loss.leaves_as.value, holding.layer, theirs, holding.position,
        book.position(Position(item, owner, outer[zone])), loss.use.happened_on,
        loss.cause.value, loss.document, 1,
    )  # fmt: skip
    if holding.ownership == Ownership.CONSIGNED:
        away = gone.lost if is_lost else gone.gone_back
        away.append((holding, theirs, left.happened_on))


Step = tuple[str, LayerNumber, int, PositionNumber, PositionNumber, date, str, int, int]
"""An entry without its number."""


def _found(
    book: Book, find: Find, ours: PartyId, outer: Mapping[Zone, PlaceNumber], gone: Gone
) -> Step:
    holding, on = find.holding, find.use.happened_on
    item, owner, _, _ = book.describe(holding.position)
    if owner == ours:
        gone.own_issues.append(OwnedIssue(find.use, holding, -find.quantity))
    elif holding.ownership == Ownership.CONSIGNED:
        gone.lost.append((holding, -find.quantity, on))
    outside = book.position(Position(item, owner, outer[Zone.LOSS]))
    return (EntryKind.FOUND.value, holding.layer, find.quantity, outside, holding.position, on,
            Cause.COUNT.value, find.document, 1)  # fmt: skip


CONSUMED_AS: Mapping[Reason, UseKind] = {Reason.SOLD: UseKind.SALE}
"""What the consignee's share of a counted difference is consumed as; anything else as a count."""

LEAVES_AS: Mapping[Reason, EntryKind] = {Reason.MIS_SHIPPED: EntryKind.NEVER_CAME}
"""How the consignor's share of a counted difference leaves; anything else is lost."""
