"""Where a batch of what goes back, or comes in again, is worked through line by line.

Goods count once: for a transfer of title that lets them go back, only what of them lies here.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from consigned.inventory.stock import Holding
from consigned.inventory.title_transfers import GOES_TO, Issued
from consigned.measure.identity import (
    EntryNumber,
    ItemId,
    LayerNumber,
    PartyId,
    PlaceNumber,
    PositionNumber,
)
from consigned.returns.lines import (
    IN_PROCESS,
    CameBack,
    ComingBack,
    GoingBack,
    Goods,
    Part,
    Passed,
    ReturnedQuantity,
    Short,
    TurnedBack,
)
from consigned.title.entry import Cause, Entry, EntryKind
from consigned.title.layer import Ownership
from consigned.title.position import Position, Zone
from consigned.title.post import Book, post

CAME_FROM = {Zone.PRODUCTION: EntryKind.RETURNED_FROM_PRODUCTION}
"""What coming back is called, where it is not from a customer."""


class Desk:
    """Where a batch is worked through: what is left, and the entries so far."""

    def __init__(
        self, book: Book, goods: Goods, first_document: int, cause: Cause = Cause.RETURN
    ) -> None:
        self.book = book
        self.goods = goods
        self.cause = cause
        """What stands behind the entries: documents of their own, or lines of consumption."""
        self.went = ReturnedQuantity()
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

    def close(self) -> ReturnedQuantity:
        post(self.book, self.book.drafts)
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
                here, on = holding, line.happened_on
                if not sends:
                    here, on = self.settled_place(line, holding, part, document)
                back, on = self.turn(here, passed, part, document, on)
                self.goes_back(passed, part)
                if here is holding:
                    holding.left -= part
                if sends:
                    self.leave(back, part, document, on)
                wanted -= part
            if not wanted:
                break
        return wanted

    def settled_place(
        self, line: GoingBack, holding: Holding, quantity: int, document: int
    ) -> tuple[Holding, date]:
        """The goods where they are to lie as their consignor's, never in an owned place, and since
        when."""
        target = line.target
        if target is None and holding.place in self.goods.owned_places:
            target = self.goods.consigned_store
        if target in (None, holding.place):
            return holding, line.happened_on
        holding.left -= quantity
        here = self.book.describe(holding.position)
        there = self.book.position(here._replace(place=target))
        moved = self.enter(EntryKind.MOVED, holding, quantity, there, document, line.happened_on)
        lying = _lie(holding, holding.owner, there, quantity, target)
        return lying, moved.happened_on

    def turn(
        self, holding: Holding, passed: Passed, quantity: int, document: int, on: date
    ) -> tuple[Holding, date]:
        """Our goods become their consignor's, where they lie; answers them, and since when."""
        back = self.as_theirs(holding, quantity)
        entry = self.enter(
            EntryKind.TRANSFERRED_TO_CONSIGNED, holding, quantity, back.position, document, on
        )
        on = entry.happened_on
        self.went.turned.append(TurnedBack(entry.number, passed, back, quantity, document, on))
        return back, on

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
        ours, told_on = self.became_ours(line), line.happened_on
        for passed in self.stands(ours, told_on, is_told=True):
            for holding in ours[passed.layer]:
                part = min(self.lies_here(passed), holding.left, wanted)
                if not part:
                    continue
                document = self.document(line.line, holding, part, told_on, is_owned=True)
                outside, on = self.leave(holding, part, document, told_on)
                back = self.as_theirs(outside, part)
                entry = self.enter(EntryKind.SOLD_BACK, outside, part, back.position, document, on)
                self.goes_back(passed, part)
                self.went.sold.append(TurnedBack(entry.number, passed, back, part, document, on))
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
            outside, on = self.leave(holding, part, document, line.happened_on)
            back = self.as_theirs(outside, part)
            self.enter(EntryKind.SOLD_BACK, outside, part, back.position, document, on)
            self.went.bought.append((holding, part, on))
            wanted -= part
        return wanted

    def leave(
        self, holding: Holding, quantity: int, document: int, on: date
    ) -> tuple[Holding, date]:
        """Goods leave for the supplier, whosever they are; answers them there, and since when."""
        outside = self.book.position(
            Position(holding.item, holding.owner, self.goods.supplier_place)
        )
        left = self.enter(EntryKind.RETURNED_TO_SUPPLIER, holding, quantity, outside, document, on)
        holding.left -= quantity
        if holding.owner != self.goods.ours and holding.ownership == Ownership.CONSIGNED:
            self.went.theirs.append((holding, quantity, left.happened_on))
        return _lie(holding, holding.owner, outside, quantity), left.happened_on

    # --- goods come in again -----------------------------------------------------------------

    def take_in(
        self, line: ComingBack, issued: Iterable[Issued], outside: PlaceNumber | None
    ) -> None:
        wanted, later, theirs = line.quantity, 0, 0
        told: list[EntryNumber] = []
        for holding, went_on in issued:
            if (
                not holding.left
                or self.book.describe(holding.position).place != outside
                or not fits(line, holding, self.goods.suppliers)
            ):
                continue
            if went_on > line.happened_on:
                later += holding.left
                continue
            if holding.owner != self.goods.ours and line.place in self.goods.owned_places:
                theirs += holding.left
                continue
            part = min(holding.left, wanted)
            if self.turns_title(line, holding):
                back, as_ours, advised = self.to_original_owner(line, holding, part)
                if (
                    line.to_original_owner is None
                ):  # what an advice has told is ours, and nobody minds
                    as_ours, advised = part - back, []
                self.come_in(line, holding, back, turns_title=True)
                self.come_in(line, holding, as_ours)
                told += advised
                wanted -= back + as_ours
            else:
                self.come_in(line, holding, part)
                wanted -= part
            if not wanted:
                return
        could = line.quantity - wanted
        self.went.shortages.append(Short(line.line, could, 0, tuple(told), later, theirs))

    def turns_title(self, line: ComingBack, holding: Holding) -> bool:
        """Whether goods become their first owner's again as they come in: where the line says so,
        or, if it says nothing, the agreement; never in a place that keeps only ours."""
        if holding.owner != self.goods.ours:
            return False
        if line.to_original_owner is not None:
            return line.to_original_owner
        return (
            holding.ownership == Ownership.CONSIGNED
            and holding.agreement not in self.goods.stay_ours
            and line.place not in self.goods.owned_places
        )

    def to_original_owner(
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
        """The number of the document of a line's goods of one layer; it counts what goes back.
        Behind a line of consumption there is no other."""
        if self.cause is Cause.CONSUMPTION:
            return line
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
    ) -> Entry:
        return self.book.draft(
            kind.value, holding.layer, quantity, holding.position, target, on,
            self.cause.value, document, 1,
        )  # fmt: skip


def fits(line: ComingBack, holding: Holding, suppliers: Mapping[LayerNumber, PartyId]) -> bool:
    """Whether goods that went out are such as a line names."""
    return (
        line.lot in (None, holding.lot)
        and line.serial in (None, holding.serial)
        and (line.layers is None or holding.layer in line.layers)
        and line.consignor in (None, suppliers.get(holding.layer))
    )


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
