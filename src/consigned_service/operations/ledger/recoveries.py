"""Taking back what counts wrote off and was not missing, as is known now.

The goods are found where they were missed. What of them the consignee bore and no advice has told
is its consignor's again, and comes off the total that it was charged to; what an advice told stays
charged, and is the consignee's own. What the consignor bore is its own again.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from consigned.consumption.issues import CountedGoods
from consigned.counting.late_records import Difference, Evenings, Fact, Gone, TakeBack, WrittenOff
from consigned.counting.laws import RECOUNTED
from consigned.counting.losses import LEAVES_AS, Reason
from consigned.inventory.renewed_layers import Renewals
from consigned.inventory.stock import Holding, Shelves
from consigned.inventory.title_transfers import GOES_TO, TAKES_EXPIRED, OwnedIssue, Use, UseKind
from consigned.master_data.agreements import UsageBasis
from consigned.measure.identity import (
    ConsumptionNumber,
    EntryNumber,
    ItemId,
    LayerNumber,
    PartyId,
    PlaceNumber,
)
from consigned.production.completions import awaits
from consigned.returns.lines import TurnedBack
from consigned.title.entry import Cause, Entry, EntryKind
from consigned.title.layer import Ownership
from consigned.title.past import Slot
from consigned.title.position import Place, Position, Zone
from consigned.title.post import post
from consigned_service.operations.accounting import accruals as charges
from consigned_service.operations.accounting import costs as own_costs
from consigned_service.operations.accounting import reversals
from consigned_service.records.counting import late_records as told_records
from consigned_service.records.inventory.stock import OnHand
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.returns.returns import Standing

# --- before goods of a counted day are taken -------------------------------------------------


def before_use(
    posting: OpenPosting,
    on_hand: OnHand,
    shelves: Shelves,
    uses: Iterable[Use],
    renewed: Renewals,
    tested: Collection[ConsumptionNumber] = (),
) -> Mapping[ConsumptionNumber, CountedGoods]:
    """What uses of days that were counted take first: what counts missed. What a count wrote off
    is taken back for them; of what is settled by counts they may take no more than that. `tested`
    are the uses for products that have passed their test, for which no goods wait."""
    through = posting.ledger.counted_through
    late = [use for use in uses if through and use.quantity > 0 and use.happened_on <= through]
    if not late:
        return {}
    evenings = _evenings(posting, late)
    if not evenings.lines:
        return {}
    return _Before(posting, on_hand, shelves, evenings, renewed, tested).serve(late)


def _evenings(posting: OpenPosting, late: "Sequence[Use | Leaving]") -> Evenings:
    lines, on_the_way = told_records.lines_counted(
        posting, {use.item for use in late}, min(use.happened_on for use in late)
    )
    return Evenings(lines, on_the_way, posting.organization.party, posting.number)


class Leaving(NamedTuple):
    """Goods that some act takes from where they lie, and where they lie then, if anywhere."""

    item: ItemId
    quantity: int
    happened_on: date
    place: PlaceNumber | None = None
    consignor: PartyId | None = None
    lot: str | None = None
    serial: str | None = None
    to_place: PlaceNumber | None = None
    layers: frozenset[LayerNumber] | None = None
    """The goods of a receipt that is named; it is no others that leave."""


def before_leaving(posting: OpenPosting, on_hand: OnHand, leaving: Iterable[Leaving]) -> None:
    """Let goods lie there again that leave their place on a day that was counted, whatever act
    takes them, as far as counts wrote them off."""
    through = posting.ledger.counted_through
    late = [one for one in leaving if through and one.happened_on <= through]
    evenings = _evenings(posting, late) if late else None
    if not evenings or not evenings.lines:
        return
    taken = [back for one in late for back in _explained(posting, evenings, one)]
    take_back(posting, on_hand, taken)
    lying = {(h.position, h.layer): h for h in on_hand.pickable}
    for goods in (goods for one in taken for goods in _as_goods(posting, one)):
        there = lying.setdefault((goods.position, goods.layer), goods)
        if there is not goods:
            there.left += goods.left
    on_hand.pickable[:] = lying.values()


def written_off_later(
    posting: OpenPosting, leaving: Leaving
) -> list[tuple[TakeBack, list[Holding]]]:
    """What counts of later evenings wrote off of goods that were missing before, and the goods as
    they lie there once it is taken back."""
    evenings = _evenings(posting, [leaving])
    return [
        (one, list(_as_goods(posting, one)))
        for one in _explained(posting, evenings, leaving)
        if one.settled.happened_on > leaving.happened_on
    ]


def _explained(
    posting: OpenPosting,
    evenings: Evenings,
    goods: Leaving,
    may_be: Callable[[Gone], bool] = lambda gone: True,
    settles_by_counts: Callable[[Difference], bool] = lambda difference: False,
) -> list[TakeBack]:
    """What counts wrote off, and the leaving of some goods explains."""
    item, quantity, on, place, consignor, lot, serial, to_place, _ = goods
    for where, change in ((place, -quantity), (to_place, quantity if to_place else 0)):
        evenings.facts.append(
            Fact(item, consignor, None, where, lot, serial, on, change, posting.number,
                 is_on_the_way=where in evenings.on_the_way, is_to_come=True)
        )  # fmt: skip
    return evenings.take_back(lambda gone: _fits(gone, goods) and may_be(gone), settles_by_counts)


def _as_leaving(use: Use) -> Leaving:
    return Leaving(use.item, use.quantity, use.happened_on, *use[5:9])


class _Before:
    """One batch of late uses, served one after the other."""

    def __init__(
        self,
        posting: OpenPosting,
        on_hand: OnHand,
        shelves: Shelves,
        evenings: Evenings,
        renewed: Renewals,
        tested: Collection[ConsumptionNumber],
    ) -> None:
        self.posting, self.on_hand, self.shelves = posting, on_hand, shelves
        self.evenings, self.renewed, self.tested = evenings, renewed, tested
        under = {holding.agreement for holding in on_hand.pickable} | renewed.agreements()
        under |= {one.agreement for line in evenings.lines for one in line.differences}
        agreements = agreement_records.read_agreements(id for id in under if id)
        self.counted = {
            id
            for id, agreement in agreements.items()
            if agreement.usage_basis is UsageBasis.COUNTED
        }
        self.awaits = awaits(agreements.values())
        self.spoken_for: Counter[Slot] = Counter()
        """What uses before take of what lies there."""

    def serve(self, uses: Iterable[Use]) -> Mapping[ConsumptionNumber, CountedGoods]:
        taken: list[TakeBack] = []
        first: dict[ConsumptionNumber, CountedGoods] = {}
        for use in uses:
            goods = list(self._missing(use))
            before = len(self.evenings.facts)
            back = _explained(
                self.posting, self.evenings, _as_leaving(use), partial(self._may_be, use),
                self._settles_by_counts,
            )  # fmt: skip
            came = [(one.settled, h) for one in back for h in _as_goods(self.posting, one)]
            left = use.quantity - sum(holding.left for holding in goods)
            goods += [holding for _, holding in came]
            taken += back
            first[use.number] = CountedGoods(goods, self._barred(use))
            del self.evenings.facts[before]  # it left open what goods are used
            self.evenings.facts += self._taken(use, first[use.number])
            for settled, holding in came:
                part = min(left, holding.left)
                left -= part
                self.evenings.leave_as_own(settled, holding, part)
        take_back(self.posting, self.on_hand, taken)
        return first

    def _may_be(self, use: Use, gone: Gone) -> bool:
        """Whether a use may have taken what a count wrote off: ours became ours before, and what
        stays a consignor's never does."""
        is_consigned = not gone.stays_ours and self.shelves.is_consigned(gone.holding)
        if use.kind == UseKind.TRANSFER_TO_OWNED and not is_consigned:
            return False
        return gone.stays_ours or not self._waits(gone.holding, use)

    def _settles_by_counts(self, difference: Difference) -> bool:
        return difference.agreement in self.counted

    def _taken(self, use: Use, goods: CountedGoods) -> Iterator[Fact]:
        """What is used explains what counts missed, for the uses after it too; what is lacking
        explains nothing, and neither do goods that lie elsewhere."""
        wanted = use.quantity
        for holding in goods.first:
            part = min(wanted, holding.left)
            wanted -= part
            yield self._as_fact(use, holding, part)
        for holding in self._fitting(use):
            slot = (holding.position, holding.layer)
            part = min(wanted, holding.left - self.spoken_for[slot])
            if part > 0 and slot not in goods.barred:
                wanted -= part
                self.spoken_for[slot] += part
                yield self._as_fact(use, holding, part)

    def _as_fact(self, use: Use, goods: Holding, quantity: int) -> Fact:
        return Fact(
            use.item, goods.owner, goods.agreement, goods.place, goods.lot, goods.serial,
            use.happened_on, -quantity, self.posting.number,
            is_on_the_way=goods.place in self.evenings.on_the_way,
        )  # fmt: skip

    def _fitting(self, use: Use) -> list[Holding]:
        """What a use may take, in picking order."""
        named = self.shelves.of(
            use.item, owner=use.consignor, place=use.place, lot=use.lot, serial=use.serial
        )
        return [holding for holding in named if self._may_take(holding, use)]

    def _missing(self, use: Use) -> Iterator[Holding]:
        """Goods on the shelf that counts missed and nobody explained, set apart for a use."""
        apart: list[Holding] = []
        for line in self.evenings.lines:
            if line.gave_way or line.counted_on < use.happened_on:
                continue
            missing = -self.evenings.too_many(line)
            missing -= sum(one.left for one in apart if line.scope.holds(one))
            for holding in self._fitting(use):
                wanted = use.quantity - sum(one.left for one in apart)
                part = min(wanted, missing, holding.left)
                if part > 0 and line.scope.holds(holding):
                    holding.left -= part
                    apart.append(
                        holding.lying(holding.position, holding.place, holding.owner, part)
                    )
                    missing -= part
        yield from apart

    def _may_take(self, holding: Holding, use: Use) -> bool:
        expired = holding.expires_on is not None and holding.expires_on < use.happened_on
        return (
            holding.received_on <= use.happened_on
            and not (expired and use.kind not in TAKES_EXPIRED)
            and (use.kind != UseKind.TRANSFER_TO_OWNED or self.shelves.is_consigned(holding))
            and (holding.owner == self.posting.organization.party or not self._waits(holding, use))
        )

    def _waits(self, goods: Holding, use: Use) -> bool:
        """Whether goods that are a consignor's may not go into a use yet."""
        under = self.renewed.agreement_on(goods, use.happened_on)
        return use.number not in self.tested and under in self.awaits.get(use.kind, ())

    def _barred(self, use: Use) -> frozenset[Slot]:
        """What may not be used on a day, because a count of a later evening says that it lay there
        and charges what did not."""
        lines = [
            line
            for line in self.evenings.lines
            if not line.gave_way and line.counted_on >= use.happened_on
        ]
        return frozenset(
            (holding.position, holding.layer)
            for holding in self.shelves.queue(use.item)
            if self.renewed.agreement_on(holding, use.happened_on) in self.counted
            and holding.owner != self.posting.organization.party
            and any(line.scope.holds(holding) for line in lines)
        )


def _fits(gone: Gone, use: Leaving) -> bool:
    holding = gone.holding
    return (
        use.item == holding.item
        and (use.layers is None or holding.layer in use.layers)
        and holding.received_on <= use.happened_on
        and use.consignor in (None, holding.owner)
        and use.place in (None, holding.place)
        and use.lot in (None, holding.lot)
        and use.serial in (None, holding.serial)
    )


def _as_goods(posting: OpenPosting, back: TakeBack) -> Iterator[Holding]:
    """What is taken back, as it lies there then."""
    holding, ours = back.gone.holding, posting.organization.party
    mine, theirs = back.ours, back.theirs
    if back.gone.stays_ours:
        kept = _position(posting, holding)._replace(owner=ours)
        yield holding.lying(posting.book.position(kept), holding.place, ours, mine)
    else:
        theirs += mine
    if theirs:
        yield holding.lying(holding.position, holding.place, holding.owner, theirs)


def _position(posting: OpenPosting, holding: Holding) -> Position:
    return posting.book.describe(holding.position)


# --- taking back -------------------------------------------------------------------------------


def take_back(posting: OpenPosting, on_hand: OnHand, taken: Sequence[TakeBack]) -> None:
    """Post what is taken back of what counts wrote off, and undo it in both parties' books. What
    lies there of the items is in the posting's book."""
    if not taken:
        return
    stands = told_records.transfers_of(posting, [one.gone for one in taken])
    numbers = keep_taken(posting, [(one.settled, one.ours + one.theirs) for one in taken])
    work = _Back(posting, stands)
    for one in taken:
        work.take(one, numbers[one.settled.number])
        holding = one.gone.holding
        on_hand.consigned.setdefault(holding.layer, 0)
        if one.gone.value:
            on_hand.values.setdefault(holding.layer, one.gone.value)
    post(posting.book, work.entries)
    reversals.turn_back(posting, work.turned, stands, on_hand, were_kept=False)
    own_costs.cost_own_goods(posting, work.own_issues)
    charges.write_off(posting, work.lost, on_hand)
    charges.take_back_receipt(posting, work.never_came, on_hand)


class _Back:
    """The entries of what is taken back, and what follows for the books."""

    def __init__(self, posting: OpenPosting, stands: Mapping[EntryNumber, Standing]) -> None:
        self.posting, self.stands = posting, stands
        self.outer: Mapping[Zone, Place] = {p.zone: p for p in posting.places if p.is_outer}
        self.entries: list[Entry] = []
        self.turned: list[TurnedBack] = []
        self.own_issues: list[OwnedIssue] = []
        self.lost: list[tuple[Holding, int, date]] = []
        self.never_came: list[tuple[Holding, int, date]] = []

    def take(self, back: TakeBack, document: int) -> None:
        settled, gone, mine, theirs = back
        holding, on, ours = gone.holding, settled.changes_on, self.posting.organization.party
        shelf = _position(self.posting, holding)
        leaves_as = LEAVES_AS.get(Reason(settled.reason), EntryKind.LOST)
        if theirs:
            is_lost = leaves_as is EntryKind.LOST
            away = self._outside(shelf, shelf.owner, Zone.LOSS if is_lost else Zone.SUPPLIER)
            self._add(EntryKind.FOUND, holding.layer, theirs, away, shelf, on, document)
            if holding.ownership == Ownership.CONSIGNED:
                (self.lost if is_lost else self.never_came).append((holding, -theirs, on))
        if not mine:
            return
        kept, zone = shelf._replace(owner=ours), GOES_TO[settled.kind]
        assert zone is not None, "what a count misses is not there any more"
        away = self._outside(shelf, ours, zone)
        self._add(EntryKind.FOUND, holding.layer, mine, away, kept, on, document)
        if gone.stays_ours or shelf.owner == ours:
            lying = holding.lying(self.posting.book.position(kept), holding.place, ours, mine)
            use = Use(ConsumptionNumber(0), settled.kind.value, holding.item, -mine, on)
            self.own_issues.append(OwnedIssue(use, lying, -mine))
            return
        number = self._add(
            EntryKind.TRANSFERRED_TO_CONSIGNED, holding.layer, mine, kept, shelf, on, document
        )
        assert gone.transfer is not None, "what was a consignor's became ours by a transfer"
        passed = self.stands[gone.transfer].passed
        passed.left -= mine
        self.turned.append(TurnedBack(number, passed, holding, mine, document, on))

    def _outside(self, shelf: Position, owner: PartyId, zone: Zone) -> Position:
        return Position(shelf.item, owner, self.outer[zone].number)

    def _add(
        self, kind: EntryKind, layer: LayerNumber, quantity: int, source: Position,
        target: Position, on: date, document: int,
    ) -> EntryNumber:  # fmt: skip
        book = self.posting.book
        number = EntryNumber(book.next_entry + len(self.entries))
        self.entries.append(
            Entry(number, kind.value, layer, quantity, book.position(source),
                  book.position(target), on, Cause.COUNT.value, document, 1)
        )  # fmt: skip
        return number


def keep_taken(posting: OpenPosting, taken: Iterable[tuple[WrittenOff, int]]) -> dict[int, int]:
    """Keep how much of each settlement is taken back; answers the numbers under which. Where a
    later count took the place of the one that wrote it off, its difference stays closed."""
    sums: dict[int, int] = {}
    settled: dict[int, WrittenOff] = {}
    for one, quantity in taken:
        settled[one.number] = one
        sums[one.number] = sums.get(one.number, 0) + quantity
    gave_way = [one for one in settled.values() if one.line.gave_way]
    first = posting.take_numbers("count_settlement", len(sums) + len(gave_way))
    numbers = {number: first + nth for nth, number in enumerate(sums)}
    organization, today = posting.organization.id, posting.recorded_on.isoformat()
    posting.add(
        "count_settlement",
        [
            *(
                (organization, numbers[number], posting.number, one.difference.number, one.reason,
                 sums[number], one.share, None, one.changes_on.isoformat(), number)
                for number, one in settled.items()
            ),
            *(
                (organization, number, posting.number, one.difference.number, RECOUNTED,
                 -sums[one.number], 0, None, today, None)
                for number, one in enumerate(gave_way, start=first + len(sums))
            ),
        ],
    )  # fmt: skip
    return numbers
