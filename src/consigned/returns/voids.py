"""A use told by mistake is voided: as if it had not happened.

    sold 4 EA               transferred-to-owned   Acme > us, at STORE
                            issued                 STORE > CUSTOMER
    voided                  voided                 CUSTOMER > STORE
                            transferred-to-consigned   us > Acme, at STORE

A void names the use, by source and reference, and says how much of it never happened. A rest of
the use that waits ends first; then goods come back from where they went to where they lay, what
was taken last first, each to whom it belonged. Title goes back with them: in its running total
while no advice told it, on the next advice once one did, and as what the consignor is to credit
(`sold-back`) once that advice is invoiced. Our own goods come back at what they went out at. Goods
that were transferred to owned are turned back where they lie.

No use is voided beyond itself: what was voided before, what a customer brought back, and goods
taken over and used since stay as they are. A void is not voided, and a return neither: what did
happen is told as a use. What production took comes back through production.

Refuses: UnknownUse, MoreThanUsed, NotAUse, VoidsOtherGoods, VoidsAboveZero,
VoidedThroughProduction, VoidedWhereItWasTold.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, NamedTuple

from consigned.inventory.stock import Holding
from consigned.inventory.title_transfers import Use, UseKind
from consigned.measure.identity import EntryNumber, LayerNumber, PositionNumber
from consigned.measure.quantity import show_micros
from consigned.measure.refusal import Refusal
from consigned.returns.allocation import Desk
from consigned.returns.lines import IN_PROCESS, GoingBack, Goods, Passed, TurnedBack
from consigned.title.entry import Cause, EntryKind
from consigned.title.post import Book


@dataclass(eq=False)
class UnknownUse(Refusal):
    source: str
    reference: str
    code: ClassVar[str] = "unknown-use"
    remedy: ClassVar[str] = "Report the use, or correct the reference or source that is voided."

    def __str__(self) -> str:
        return f"no use {self.reference} of {self.source} was reported"


@dataclass(eq=False)
class MoreThanUsed(Refusal):
    reference: str
    item: str
    unit: str
    used: int
    voided: int
    could: int
    asked: int
    code: ClassVar[str] = "more-than-used"
    remedy: ClassVar[str] = "Void no more than that; what is wrong in the void itself is closed."

    def __str__(self) -> str:
        unit = self.unit
        before = f", {show_micros(self.voided)} {unit} of it voided before" if self.voided else ""
        return (
            f"{self.reference} used {show_micros(self.used)} {unit} of {self.item}{before}; "
            f"{show_micros(self.could)} {unit} can be taken back, {show_micros(self.asked)} {unit} "
            "asked"
        )


@dataclass(eq=False)
class NotAUse(Refusal):
    reference: str
    code: ClassVar[str] = "not-a-use"
    remedy: ClassVar[str] = "Report what did happen as a use, under a reference of its own."

    def __str__(self) -> str:
        return f"{self.reference} is a return or a void, and only uses are voided"


@dataclass(eq=False)
class VoidsOtherGoods(Refusal):
    reference: str
    used: str
    said: str
    code: ClassVar[str] = "voids-other-goods"
    remedy: ClassVar[str] = "Correct the item, or the use that is voided."

    def __str__(self) -> str:
        return f"{self.reference} used {self.used}, not {self.said}"


@dataclass(eq=False)
class VoidsAboveZero(Refusal):
    reference: str
    code: ClassVar[str] = "voids-above-zero"
    remedy: ClassVar[str] = "Say how much never happened as a quantity below zero."

    def __str__(self) -> str:
        return f"a line that voids {self.reference} takes nothing back"


@dataclass(eq=False)
class VoidedThroughProduction(Refusal):
    reference: str
    kind: str
    code: ClassVar[str] = "voided-through-production"
    remedy: ClassVar[str] = "Take the goods out of production again (import component-returns)."

    def __str__(self) -> str:
        return f"{self.reference} used goods for {self.kind}, and production knows what is left"


@dataclass(eq=False)
class VoidedWhereItWasTold(Refusal):
    reference: str
    source: str
    code: ClassVar[str] = "voided-where-it-was-told"
    remedy: ClassVar[str] = "Void the use where it was reported; what it caused here follows."

    def __str__(self) -> str:
        return f"{self.reference} was not reported here: it is {self.source}"


PASSED_ON = "passed on"
"""The source of uses that a customer of ours reported, of goods that we only hold ourselves."""


def check(void: Use, used: Use, *, source: str, used_item: str, said_item: str) -> None:
    """A line may void a use: it is of the same goods, and the use is one that is voided here."""
    reference = void.voids or ""
    if used.quantity <= 0:
        raise NotAUse(reference)
    if used.item != void.item:
        raise VoidsOtherGoods(reference, used_item, said_item)
    if used.kind in IN_PROCESS:
        raise VoidedThroughProduction(reference, used.kind)
    if void.voids_source == PASSED_ON != source:
        raise VoidedWhereItWasTold(reference, PASSED_ON)


class UsedPart(NamedTuple):
    """Goods of one layer that a use took, as far as they were not voided yet: from which shelf,
    where to, and by which transfer of title. Goods that were taken over went nowhere."""

    layer: LayerNumber
    left: int
    shelf: PositionNumber
    outside: PositionNumber | None
    transfer: EntryNumber | None
    happened_on: date


class Voiding(NamedTuple):
    """A void, the use it names, what of that waits, and what it took, in the order it took it."""

    void: Use
    used: Use
    waits: int
    parts: Sequence[UsedPart]


class OwnBack(NamedTuple):
    """Goods that were ours when they were used, and are ours again."""

    voiding: Voiding
    holding: Holding
    quantity: int
    happened_on: date


@dataclass
class Voided:
    """What came of a batch of voids."""

    turned: list[TurnedBack] = field(default_factory=list)
    """Title that went back and that no invoice bills."""
    credited: list[TurnedBack] = field(default_factory=list)
    """Title that went back and that an invoice bills: it is to be credited."""
    own: list[OwnBack] = field(default_factory=list)
    rests: dict[int, int] = field(default_factory=dict)
    """How much of a use's rest does not wait any more, by void."""
    done: dict[int, int] = field(default_factory=dict)
    """How much of each void was done."""


def void(
    book: Book,
    goods: Goods,
    voids: Iterable[Voiding],
    *,
    outside: Mapping[tuple[PositionNumber, LayerNumber], Holding],
    invoiced: frozenset[EntryNumber],
    today: date,
) -> Voided:
    """Take uses back as far as they can be.

    `outside` is what is still out, `invoiced` which transfers of title an invoice bills. Goods that
    were taken over are turned back `today`, because they may have moved since.
    """
    desk = _VoidDesk(book, goods, outside, invoiced, today)
    for voiding in voids:
        desk.take_back(voiding)
    desk.close()
    return desk.came


class _VoidDesk(Desk):
    """The desk of returns, where each use goes back as it went."""

    def __init__(
        self,
        book: Book,
        goods: Goods,
        outside: Mapping[tuple[PositionNumber, LayerNumber], Holding],
        invoiced: frozenset[EntryNumber],
        today: date,
    ) -> None:
        super().__init__(book, goods, 0, Cause.CONSUMPTION)
        self.out = outside
        self.invoiced = invoiced
        self.today = today
        self.came = Voided()
        self.passed = {p.entry: p for stands in goods.passed.values() for p in stands}
        self.taken: dict[tuple[int, UsedPart], int] = defaultdict(int)
        """How much of a use's part this batch has voided."""
        self.rests: dict[int, int] = defaultdict(int)

    def take_back(self, voiding: Voiding) -> None:
        void, used, waits, parts = voiding
        asked = wanted = -void.quantity
        rest = min(wanted, waits - self.rests[used.number])
        if rest:
            self.rests[used.number] += rest
            self.came.rests[void.number] = rest
            wanted -= rest
        for part in reversed(parts):
            if wanted and self.fits(void, part):
                back = self.kept(voiding, part, wanted) if part.outside is None else (
                    self.gone(voiding, part, wanted)
                )  # fmt: skip
                self.taken[used.number, part] += back
                wanted -= back
        self.came.done[void.number] = asked - wanted

    def fits(self, void: Use, part: UsedPart) -> bool:
        """Whether a part is of the goods that the void names."""
        where = self.book.describe(part.shelf)
        return void.place in (None, where.place) and void.consignor in (
            None,
            self.goods.suppliers.get(part.layer),
        )

    def left(self, used: Use, part: UsedPart) -> int:
        left = part.left - self.taken[used.number, part]
        if part.transfer is not None:
            passed = self.passed.get(part.transfer)
            left = min(left, passed.left if passed else 0)
        return left

    def gone(self, voiding: Voiding, part: UsedPart, wanted: int) -> int:
        """Take goods back from where they went; answers how much."""
        assert part.outside is not None
        holding = self.out.get((part.outside, part.layer))
        if holding is None or not self.is_named(voiding.void, holding):
            return 0
        quantity = min(wanted, self.left(voiding.used, part), holding.left)
        if not quantity:
            return 0
        number, on = voiding.void.number, max(voiding.void.happened_on, part.happened_on)
        on = self.enter(EntryKind.VOIDED, holding, quantity, part.shelf, number, on).happened_on
        holding.left -= quantity
        shelf = self.book.describe(part.shelf)
        back = holding.lying(part.shelf, shelf.place, shelf.owner, quantity)
        if part.transfer is not None:
            self.pass_back(back, self.passed[part.transfer], quantity, number, on)
        elif shelf.owner == self.goods.ours:
            self.came.own.append(OwnBack(voiding, back, quantity, on))
        return quantity

    def kept(self, voiding: Voiding, part: UsedPart, wanted: int) -> int:
        """Turn goods back that were taken over, as far as they still lie here as ours."""
        assert part.transfer is not None
        number, left = voiding.void.number, min(wanted, self.left(voiding.used, part))
        line = GoingBack(number, voiding.used.item, left, self.today)
        lying = [
            holding
            for holding in self.by_item.get(voiding.used.item, ())
            if holding.layer == part.layer and holding.owner == self.goods.ours
            and self.is_named(voiding.void, holding)
        ]  # fmt: skip
        turned = 0
        for holding in sorted(lying, key=lambda one: one.position != part.shelf):
            quantity = min(left - turned, holding.left)
            if not quantity:
                continue
            here, on = self.settled_place(line, holding, quantity, number)
            self.pass_back(here, self.passed[part.transfer], quantity, number, on)
            if here is holding:
                holding.left -= quantity
            turned += quantity
        return turned

    def is_named(self, void: Use, holding: Holding) -> bool:
        return void.lot in (None, holding.lot) and void.serial in (None, holding.serial)

    def pass_back(
        self, holding: Holding, passed: Passed, quantity: int, void: int, on: date
    ) -> None:
        """Title goes back to the consignor, where the goods lie."""
        is_billed = passed.entry in self.invoiced
        kind = EntryKind.SOLD_BACK if is_billed else EntryKind.TRANSFERRED_TO_CONSIGNED
        back = self.as_theirs(holding, quantity)
        entry = self.enter(kind, holding, quantity, back.position, void, on)
        passed.left -= quantity
        (self.came.credited if is_billed else self.came.turned).append(
            TurnedBack(entry.number, passed, back, quantity, void, entry.happened_on)
        )


def voided_of(
    used: Use,
    entries: Iterable["Taken"],
    voided: Mapping[tuple[LayerNumber, PositionNumber, PositionNumber], int],
) -> list[UsedPart]:
    """What a use took, part by part, less what was voided before: the last parts first.

    `entries` are the use's own, in order; `voided` how much of each layer went back on the way from
    outside to the shelf.
    """
    parts: list[UsedPart] = []
    before: Taken | None = None
    for entry in entries:
        if entry.kind == EntryKind.TRANSFERRED_TO_OWNED and used.kind == _STAYS:
            parts.append(
                UsedPart(entry.layer, entry.quantity, entry.target, None, entry.number,
                         entry.happened_on)
            )  # fmt: skip
        elif entry.kind == EntryKind.ISSUED:
            passed = before is not None and (
                before.kind == EntryKind.TRANSFERRED_TO_OWNED
                and (before.layer, before.target) == (entry.layer, entry.source)
            )
            transfer = before.number if before and passed else None
            parts.append(
                UsedPart(entry.layer, entry.quantity, entry.source, entry.target, transfer,
                         entry.happened_on)
            )  # fmt: skip
        before = entry
    back = dict(voided)
    for nth in range(len(parts) - 1, -1, -1):
        part = parts[nth]
        if part.outside is None:
            continue
        way = (part.layer, part.outside, part.shelf)
        gone = min(part.left, back.get(way, 0))
        back[way] = back.get(way, 0) - gone
        parts[nth] = part._replace(left=part.left - gone)
    return parts


class Taken(NamedTuple):
    """An entry of a use, or of a void."""

    number: EntryNumber
    kind: str
    layer: LayerNumber
    quantity: int
    source: PositionNumber
    target: PositionNumber
    happened_on: date


_STAYS = UseKind.TRANSFER_TO_OWNED.value
