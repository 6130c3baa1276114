"""Going back: what was used becomes its consignor's again, and goods leave for the supplier.

    transfer 3 EA to consigned   transferred-to-consigned   us > Acme, where they lie
    send 10 EA back, Acme's      returned-to-supplier       STORE > SUPPLIER  (Acme's throughout)
    send 2 EA back, ours         returned-to-supplier       STORE > SUPPLIER  (ours)
                                 sold-back                  us > Acme, at the supplier

Title goes back for a transfer of title that made goods ours and that no advice has told yet: the
oldest first, unless lot, serial, consignor or receipt line is named (checklist O34, O52). What an
advice has told goes back to the supplier as ours, and is sold back there (O53). Goods that are
still their consignor's leave as its own, from the dock or from their place, and nothing is owed
for them (O49, O50, L13). What a customer brings back is ours, or its owner's where it was never
consigned (P41); returned as issued, title goes back in the same act (X20).

Refuses: AlreadyAdvised, TransferFirst, NothingGoesBack, OnlyOurs; NotEnoughOnHand,
NotEnoughIssued (from consumption).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar, NamedTuple

from consigned.measure.identity import (
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
from consigned.title.position import Condition, Position, Zone
from consigned.title.post import Book, post
from consigned.trade.consumption import GOES_TO, Issued, UseKind
from consigned.trade.shelf import Holding


@dataclass(eq=False)
class AlreadyAdvised(Refusal):
    item: str
    unit: str
    asked: int
    could: int
    advices: tuple[str, ...]
    code: ClassVar[str] = "already-advised"
    remedy: ClassVar[str] = (
        "Ask for no more than that; what an advice told stays ours, and goes back as ours."
    )

    def __str__(self) -> str:
        told = " and ".join(self.advices) or "an advice run"
        return (
            f"{show_micros(self.could)} {self.unit} of {self.item} can become consigned again, the "
            f"rest was told by {told}; {show_micros(self.asked)} {self.unit} asked"
        )


@dataclass(eq=False)
class TransferFirst(Refusal):
    item: str
    unit: str
    asked: int
    could: int
    ours: int
    code: ClassVar[str] = "transfer-first"
    remedy: ClassVar[str] = "Transfer them to consigned first, or ask for both in one act."

    def __str__(self) -> str:
        return (
            f"{show_micros(self.could)} {self.unit} of {self.item} can go back as they are, "
            f"{show_micros(self.ours)} {self.unit} became ours and are on no advice yet; "
            f"{show_micros(self.asked)} {self.unit} asked"
        )


@dataclass(eq=False)
class NothingGoesBack(Refusal):
    item: str
    code: ClassVar[str] = "nothing-goes-back"
    remedy: ClassVar[str] = "Give a quantity above zero, or leave the line out."

    def __str__(self) -> str:
        return f"a return of {self.item} returns nothing"


@dataclass(eq=False)
class OnlyOurs(Refusal):
    place: str
    code: ClassVar[str] = "only-ours"
    remedy: ClassVar[str] = "Name a place that is not owned."

    def __str__(self) -> str:
        return f"{self.place} keeps only goods that are ours"


class Direction(StrEnum):
    """Which way goods, or their title, go back."""

    TO_CONSIGNED = "to-consigned"
    TO_SUPPLIER = "to-supplier"
    RECEIPT_REVERSED = "receipt-reversed"
    FROM_CUSTOMER = "from-customer"
    AS_ISSUED = "as-issued"


@dataclass(slots=True, eq=False)
class Passed:
    """A transfer of title that made a consignor's goods ours, and what of it still stands."""

    entry: EntryNumber
    layer: LayerNumber
    kind: str
    happened_on: date
    left: int
    is_told: bool
    """Whether an advice has told it, so that it cannot be taken back any more."""


class GoingBack(NamedTuple):
    """One line of what goes back, in the item's own unit, and what it names of the goods."""

    line: int
    item: ItemId
    quantity: int
    happened_on: date
    place: PlaceNumber | None = None
    consignor: PartyId | None = None
    lot: str | None = None
    serial: str | None = None
    layers: frozenset[LayerNumber] | None = None
    """The goods of the receipt line that is named."""
    condition: str | None = None
    is_owned: bool | None = None
    """Only goods that are ours, or only goods that are not; nothing said takes theirs first."""
    turns_title: bool = False
    """Whether only title goes back, and the goods stay."""
    transfers_first: bool = False
    """Whether goods that are ours and not told yet become consigned again on their way."""
    target: PlaceNumber | None = None
    """Where goods lie afterwards that become their consignor's again."""


class ComingBack(NamedTuple):
    """One line of what a customer, or production, brings back."""

    line: int
    item: ItemId
    quantity: int
    happened_on: date
    kind: str
    place: PlaceNumber
    condition: str = Condition.UNRESTRICTED.value
    consignor: PartyId | None = None
    lot: str | None = None
    serial: str | None = None
    layers: frozenset[LayerNumber] | None = None
    as_issued: bool = False


class Part(NamedTuple):
    """Goods of one layer that one line sends back: a document of its own, behind its entries."""

    document: int
    line: int
    layer: LayerNumber
    quantity: int
    is_owned: bool
    """Whether they are ours once they went back, or came back."""
    turns_title: bool
    """Whether their title went back with them."""
    happened_on: date


class TurnedBack(NamedTuple):
    """Title of our goods that went back to the consignor: for which transfer, and by which part."""

    entry: EntryNumber
    passed: Passed
    holding: Holding
    """The goods as their consignor's again."""
    quantity: int
    document: int
    happened_on: date


class CameBack(NamedTuple):
    """Our own goods that came in again from where they had gone."""

    holding: Holding
    quantity: int
    line: ComingBack


class Short(NamedTuple):
    """A line that cannot go back in full: how much could, and what stands against the rest."""

    line: int
    could: int
    untold: int = 0
    """Ours, and to be transferred to consigned first."""
    told: tuple[EntryNumber, ...] = ()
    """The transfers of title that an advice has told."""
    later: int = 0
    """What came, or went, only after the day."""


@dataclass
class Goods:
    """What lies inside the walls of the items that go back, whosever it is."""

    ours: PartyId
    holdings: Sequence[Holding]
    passed: Mapping[LayerNumber, Sequence[Passed]]
    suppliers: Mapping[LayerNumber, PartyId]
    outside: Mapping[tuple[LayerNumber, Zone], int]
    """Of our goods: what went out of each layer and did not come back, by the zone it is in."""
    owned_places: frozenset[PlaceNumber]
    consigned_store: PlaceNumber
    supplier_place: PlaceNumber


@dataclass
class WentBack:
    """What came of a batch."""

    parts: list[Part] = field(default_factory=list)
    turned: list[TurnedBack] = field(default_factory=list)
    """Title that went back and was on no advice."""
    sold: list[TurnedBack] = field(default_factory=list)
    """Title that went back after an advice had told it: it is to be credited."""
    theirs: list[tuple[Holding, int, date]] = field(default_factory=list)
    """Consigned goods that left for the supplier."""
    bought: list[tuple[Holding, int, date]] = field(default_factory=list)
    """Goods that were bought and left for the supplier."""
    came: list[CameBack] = field(default_factory=list)
    shortages: list[Short] = field(default_factory=list)


def transfer_to_consigned(
    book: Book, goods: Goods, lines: Iterable[GoingBack], *, first_document: int
) -> WentBack:
    """Make goods of ours their consignor's again, where they lie (checklist O34, O52).

    Goods in an owned place, which keeps only ours, go to the consignor's store first.
    """
    desk = _Desk(book, goods, first_document)
    for line in lines:
        wanted = desk.turn_back(line, line.quantity)
        if wanted:
            desk.went.shortages.append(desk.short(line, wanted))
    return desk.close()


def return_to_supplier(
    book: Book, goods: Goods, lines: Iterable[GoingBack], *, first_document: int
) -> WentBack:
    """Send goods back to the supplier: what is still its own first, then what became ours.

    What became ours and is on no advice yet goes back as consigned, where the line asks for that
    transfer; what an advice has told is sold back (checklist O49-O53).
    """
    desk = _Desk(book, goods, first_document)
    for line in lines:
        wanted = line.quantity
        if line.is_owned is not True:
            wanted = desk.send_theirs(line, desk.theirs(line), wanted)
        if wanted and line.is_owned is not False:
            wanted = desk.send_ours(line, wanted)
        if wanted:
            desk.went.shortages.append(desk.short(line, wanted))
    return desk.close()


def come_back(
    book: Book,
    goods: Goods,
    lines: Iterable[ComingBack],
    *,
    issued: Mapping[ItemId, Sequence[Issued]],
    outer: Mapping[Zone, PlaceNumber],
    first_document: int,
) -> WentBack:
    """Take back what went out, into the layers it left, newest first: as ours, or as its owner's
    (checklist P41); returned as issued, title goes back in the same act (X20)."""
    desk = _Desk(book, goods, first_document)
    for line in lines:
        zone = GOES_TO[line.kind]
        outside = outer[zone] if zone else None
        desk.take_in(line, issued.get(line.item, ()), outside)
    return desk.close()


IN_PROCESS = frozenset(kind.value for kind in (UseKind.PRODUCTION, UseKind.BACKFLUSH, UseKind.KIT))
"""What production keeps books of its own about, which part is where."""

BROUGHT_BACK = tuple(
    kind
    for kind in UseKind
    if kind not in IN_PROCESS and GOES_TO[kind] in (Zone.CUSTOMER, Zone.PRODUCTION)
)
"""The uses that goods come back from by themselves; components come back through production."""

CAME_FROM = {Zone.PRODUCTION: EntryKind.RETURNED_FROM_PRODUCTION}
"""What coming back is called, where it is not from a customer."""


class _Desk:
    """Where a batch is worked through: what is left, and the entries so far."""

    def __init__(self, book: Book, goods: Goods, first_document: int) -> None:
        self.book = book
        self.goods = goods
        self.went = WentBack()
        self.entries: list[Entry] = []
        self.next_document = first_document
        self.documents: dict[tuple[int, LayerNumber, bool, bool], Part] = {}
        self.by_item: dict[ItemId, list[Holding]] = defaultdict(list)
        for holding in goods.holdings:
            self.by_item[holding.item].append(holding)
        for queue in self.by_item.values():
            queue.sort(key=lambda h: (h.received_on, h.layer, h.position))
        self.came_back = self._what_came_back()
        """Of what became ours as it went out: how much is not out any more, by layer and zone.
        A transfer of title whose goods are out is not what lies here."""

    def close(self) -> WentBack:
        post(self.book, self.entries)
        self.went.parts = list(self.documents.values())
        return self.went

    def _what_came_back(self) -> dict[tuple[LayerNumber, Zone], int]:
        went: dict[tuple[LayerNumber, Zone], int] = defaultdict(int)
        for layer, stands in self.goods.passed.items():
            for passed in stands:
                if zone := GOES_TO[passed.kind]:
                    went[layer, zone] += passed.left
        outside = self.goods.outside
        return {slot: max(0, quantity - outside.get(slot, 0)) for slot, quantity in went.items()}

    def lies_here(self, passed: Passed) -> int:
        """How much of a transfer's goods can be among what lies here."""
        zone = GOES_TO[passed.kind]
        return min(passed.left, self.came_back[passed.layer, zone]) if zone else passed.left

    def goes_back(self, passed: Passed, quantity: int) -> None:
        """Goods that lay here count for this transfer and no other."""
        passed.left -= quantity
        if zone := GOES_TO[passed.kind]:
            self.came_back[passed.layer, zone] -= quantity

    # --- what lies there -------------------------------------------------------------------

    def theirs(self, line: GoingBack) -> list[Holding]:
        return [h for h in self.fitting(line) if h.owner != self.goods.ours]

    def became_ours(self, line: GoingBack) -> dict[LayerNumber, list[Holding]]:
        """Goods of ours that came on consignment, by layer."""
        found: dict[LayerNumber, list[Holding]] = defaultdict(list)
        for holding in self.fitting(line):
            if holding.owner == self.goods.ours and holding.ownership == Ownership.CONSIGNED:
                found[holding.layer].append(holding)
        return found

    def fitting(self, line: GoingBack) -> Iterator[Holding]:
        return (h for h in self.named(line) if h.received_on <= line.happened_on)

    def named(self, line: GoingBack) -> Iterator[Holding]:
        suppliers, describe = self.goods.suppliers, self.book.describe
        for holding in self.by_item.get(line.item, ()):
            if (
                holding.left
                and line.place in (None, holding.place)
                and line.lot in (None, holding.lot)
                and line.serial in (None, holding.serial)
                and (line.layers is None or holding.layer in line.layers)
                and line.consignor in (None, suppliers.get(holding.layer))
                and line.condition in (None, describe(holding.position).condition)
            ):
                yield holding

    def stands(self, layers: Iterable[LayerNumber], on: date, *, is_told: bool) -> list[Passed]:
        """The transfers of title in some layers that still stand, the oldest first."""
        found = [
            passed
            for layer in layers
            for passed in self.goods.passed.get(layer, ())
            if passed.left and passed.is_told is is_told and passed.happened_on <= on
        ]
        return sorted(found, key=lambda passed: (passed.happened_on, passed.entry))

    def short(self, line: GoingBack, wanted: int) -> Short:
        ours = self.became_ours(line)
        untold = min(wanted, self.left_of(ours, line, is_told=False))
        told = [p for p in self.stands(ours, line.happened_on, is_told=True) if self.lies_here(p)]
        later = sum(h.left for h in self.named(line) if h.received_on > line.happened_on)
        if line.turns_title:
            later = self.left_of(ours, line._replace(happened_on=date.max), is_told=False) - untold
        return Short(line.line, line.quantity - wanted, untold, tuple(p.entry for p in told), later)

    def left_of(
        self, ours: Mapping[LayerNumber, Sequence[Holding]], line: GoingBack, *, is_told: bool
    ) -> int:
        """How much of our goods some transfers of title stand behind."""
        left = 0
        for layer, holdings in ours.items():
            by_zone: dict[Zone | None, int] = defaultdict(int)
            for passed in self.stands([layer], line.happened_on, is_told=is_told):
                by_zone[GOES_TO[passed.kind]] += passed.left
            stands = sum(
                min(quantity, self.came_back[layer, zone]) if zone else quantity
                for zone, quantity in by_zone.items()
            )
            left += min(stands, sum(holding.left for holding in holdings))
        return left

    # --- title goes back ---------------------------------------------------------------------

    def turn_back(self, line: GoingBack, wanted: int, *, sends: bool = False) -> int:
        """Turn the oldest transfers that no advice has told back; answers what is left over."""
        ours = self.became_ours(line)
        for passed in self.stands(ours, line.happened_on, is_told=False):
            for holding in ours[passed.layer]:
                part = min(self.lies_here(passed), holding.left, wanted)
                if not part:
                    continue
                document = self.document(
                    line.line, holding, part, line.happened_on, turns_title=True
                )
                here = holding if sends else self.settled_place(line, holding, part, document)
                back = self.turn(here, passed, part, document, line.happened_on)
                self.goes_back(passed, part)
                if here is holding:
                    holding.left -= part
                if sends:
                    self.leave(back, part, document, line.happened_on)
                wanted -= part
            if not wanted:
                break
        return wanted

    def settled_place(
        self, line: GoingBack, holding: Holding, quantity: int, document: int
    ) -> Holding:
        """The goods where they are to lie as their consignor's: never in an owned place."""
        target = line.target
        if target is None and holding.place in self.goods.owned_places:
            target = self.goods.consigned_store
        if target in (None, holding.place):
            return holding
        holding.left -= quantity
        here = self.book.describe(holding.position)
        there = self.book.position(here._replace(place=target))
        self.enter(EntryKind.MOVED, holding, quantity, there, document, line.happened_on)
        return _lie(holding, holding.owner, there, quantity, target)

    def turn(
        self, holding: Holding, passed: Passed, quantity: int, document: int, on: date
    ) -> Holding:
        """Our goods become their consignor's, where they lie."""
        back = self.as_theirs(holding, quantity)
        entry = self.enter(
            EntryKind.TRANSFERRED_TO_CONSIGNED, holding, quantity, back.position, document, on
        )
        self.went.turned.append(TurnedBack(entry, passed, back, quantity, document, on))
        return back

    def as_theirs(self, holding: Holding, quantity: int) -> Holding:
        consignor = self.goods.suppliers[holding.layer]
        here = self.book.describe(holding.position)
        position = self.book.position(here._replace(owner=consignor))
        return _lie(holding, consignor, position, quantity)

    # --- goods go back -----------------------------------------------------------------------

    def send_theirs(self, line: GoingBack, holdings: Iterable[Holding], wanted: int) -> int:
        for holding in holdings:
            part = min(holding.left, wanted)
            if not part:
                continue
            document = self.document(line.line, holding, part, line.happened_on)
            self.leave(holding, part, document, line.happened_on)
            wanted -= part
        return wanted

    def send_ours(self, line: GoingBack, wanted: int) -> int:
        """What is on no advice first, because no money has to move for it; never before it was
        transferred to consigned (O51)."""
        untold = self.left_of(self.became_ours(line), line, is_told=False)
        if line.transfers_first:
            wanted = self.turn_back(line, wanted, sends=True)
        elif untold:
            return wanted
        if wanted:
            wanted = self.sell_back(line, wanted)
        if wanted and line.layers:
            wanted = self.send_bought(line, wanted)
        return wanted

    def sell_back(self, line: GoingBack, wanted: int) -> int:
        """What an advice has told leaves as ours and is sold back, oldest transfers first."""
        ours, on = self.became_ours(line), line.happened_on
        for passed in self.stands(ours, on, is_told=True):
            for holding in ours[passed.layer]:
                part = min(self.lies_here(passed), holding.left, wanted)
                if not part:
                    continue
                document = self.document(line.line, holding, part, on, is_owned=True)
                outside = self.leave(holding, part, document, on)
                back = self.as_theirs(outside, part)
                entry = self.enter(EntryKind.SOLD_BACK, outside, part, back.position, document, on)
                self.goes_back(passed, part)
                self.went.sold.append(TurnedBack(entry, passed, back, part, document, on))
                wanted -= part
            if not wanted:
                break
        return wanted

    def send_bought(self, line: GoingBack, wanted: int) -> int:
        """Goods that were bought, of the receipt that is named."""
        for holding in list(self.fitting(line)):
            part = min(holding.left, wanted)
            if not part or holding.ownership != Ownership.OWNED:
                continue
            document = self.document(line.line, holding, part, line.happened_on, is_owned=True)
            outside = self.leave(holding, part, document, line.happened_on)
            back = self.as_theirs(outside, part)
            self.enter(
                EntryKind.SOLD_BACK, outside, part, back.position, document, line.happened_on
            )
            self.went.bought.append((holding, part, line.happened_on))
            wanted -= part
        return wanted

    def leave(self, holding: Holding, quantity: int, document: int, on: date) -> Holding:
        """Goods leave for the supplier, whosever they are."""
        outside = self.book.position(
            Position(holding.item, holding.owner, self.goods.supplier_place)
        )
        self.enter(EntryKind.RETURNED_TO_SUPPLIER, holding, quantity, outside, document, on)
        holding.left -= quantity
        if holding.owner != self.goods.ours and holding.ownership == Ownership.CONSIGNED:
            self.went.theirs.append((holding, quantity, on))
        return _lie(holding, holding.owner, outside, quantity)

    # --- goods come in again -----------------------------------------------------------------

    def take_in(
        self, line: ComingBack, issued: Iterable[Issued], outside: PlaceNumber | None
    ) -> None:
        wanted, later = line.quantity, 0
        told: list[EntryNumber] = []
        for holding, went_on in issued:
            if self.book.describe(holding.position).place != outside or not self.fits(
                line, holding
            ):
                continue
            if went_on > line.happened_on:
                later += holding.left
                continue
            part = min(holding.left, wanted)
            if line.as_issued and holding.owner == self.goods.ours:
                back, as_ours, advised = self.as_issued(line, holding, part)
                self.come_in(line, holding, back, turns_title=True)
                self.come_in(line, holding, as_ours)
                told += advised
                wanted -= back + as_ours
            else:
                self.come_in(line, holding, part)
                wanted -= part
            if not wanted:
                return
        self.went.shortages.append(Short(line.line, line.quantity - wanted, 0, tuple(told), later))

    def fits(self, line: ComingBack, holding: Holding) -> bool:
        return (
            holding.left > 0
            and line.lot in (None, holding.lot)
            and line.serial in (None, holding.serial)
            and (line.layers is None or holding.layer in line.layers)
            and line.consignor in (None, self.goods.suppliers.get(holding.layer))
        )

    def as_issued(
        self, line: ComingBack, holding: Holding, quantity: int
    ) -> tuple[int, int, list[EntryNumber]]:
        """How much of a layer's goods became ours as they were issued and can be its consignor's
        again, how much was ours already when it was issued, and what told transfers stand
        between."""
        told = self.of_such_use(line, holding.layer, is_told=True)
        untold = sum(p.left for p in self.of_such_use(line, holding.layer, is_told=False))
        were_ours = max(0, holding.left - untold - sum(p.left for p in told))
        back = min(quantity, untold)
        return back, min(quantity - back, were_ours), [passed.entry for passed in told]

    def of_such_use(self, line: ComingBack, layer: LayerNumber, *, is_told: bool) -> list[Passed]:
        """The transfers of title of goods that went where these come from: those of the same use
        first, the newest first, because what comes back was as a rule used last."""
        zone = GOES_TO[line.kind]
        stands = self.stands([layer], line.happened_on, is_told=is_told)
        return sorted(
            (
                passed
                for passed in reversed(stands)
                if GOES_TO[passed.kind] is zone and passed.kind not in IN_PROCESS
            ),
            key=lambda passed: passed.kind != line.kind,
        )

    def come_in(
        self, line: ComingBack, holding: Holding, quantity: int, *, turns_title: bool = False
    ) -> None:
        if not quantity:
            return
        on, is_ours = line.happened_on, holding.owner == self.goods.ours
        document = self.document(
            line.line, holding, quantity, on, is_owned=is_ours and not turns_title,
            turns_title=turns_title,
        )  # fmt: skip
        where = Position(line.item, holding.owner, line.place, line.condition)
        inside = self.book.position(where)
        zone = GOES_TO[line.kind]
        kind = CAME_FROM.get(zone) if zone else None
        self.enter(kind or EntryKind.RETURNED_BY_CUSTOMER, holding, quantity, inside, document, on)
        holding.left -= quantity
        if turns_title:
            lying = _lie(holding, holding.owner, inside, quantity, line.place)
            for passed in self.of_such_use(line, holding.layer, is_told=False):
                part = min(passed.left, quantity)
                if part:
                    self.turn(lying, passed, part, document, on)
                    passed.left -= part
                    quantity -= part
        elif is_ours:
            self.went.came.append(CameBack(holding, quantity, line))

    # --- writing -----------------------------------------------------------------------------

    def document(
        self,
        line: int,
        holding: Holding,
        quantity: int,
        on: date,
        *,
        is_owned: bool = False,
        turns_title: bool = False,
    ) -> int:
        """The number of the document of a line's goods of one layer; it counts what goes back."""
        key = (line, holding.layer, is_owned, turns_title)
        part = self.documents.get(key)
        if part is None:
            part = Part(self.next_document, line, holding.layer, 0, is_owned, turns_title, on)
            self.next_document += 1
        self.documents[key] = part._replace(quantity=part.quantity + quantity)
        return part.document

    def enter(
        self,
        kind: EntryKind,
        holding: Holding,
        quantity: int,
        target: PositionNumber,
        document: int,
        on: date,
    ) -> EntryNumber:
        number = EntryNumber(self.book.next_entry + len(self.entries))
        self.entries.append(
            Entry(
                number, kind.value, holding.layer, quantity, holding.position, target, on,
                Cause.RETURN.value, document, 1,
            )
        )  # fmt: skip
        return number


def _lie(
    holding: Holding,
    owner: PartyId,
    position: PositionNumber,
    quantity: int,
    place: PlaceNumber | None = None,
) -> Holding:
    """The same layer's goods, as somebody's, lying at another position."""
    return Holding(
        holding.item, owner, place or holding.place, position, holding.layer, holding.received_on,
        quantity, holding.ownership, holding.agreement, holding.order_price, holding.lot,
        holding.serial,
    )  # fmt: skip
