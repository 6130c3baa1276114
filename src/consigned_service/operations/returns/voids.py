"""Voiding: a use told by mistake is taken back, wherever it had come to.

What waits of the use ends. What no advice has told is turned back in its own running total; what
one has told comes off in the cycle that is open, so that the next advice nets it; what is invoiced
leaves a debit request, and the goods are the consignor's again all the same. Goods that were ours
come back at what they went out at. So a use and its void come to nothing in both parties' books.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from consigned.consumption.exceptions import Ending
from consigned.inventory.stock import Holding
from consigned.inventory.title_transfers import OwnedIssue, Use, UseKind
from consigned.master_data.items import Item
from consigned.measure.identity import ItemId, LayerNumber, OrganizationId, PositionNumber
from consigned.measure.refusal import Refusal
from consigned.returns import voids as trade
from consigned.returns.voids import (
    MoreThanUsed,
    OwnBack,
    Taken,
    UnknownUse,
    Voided,
    Voiding,
    VoidsAboveZero,
)
from consigned.title.entry import TITLE_KINDS, EntryKind
from consigned_service.operations.accounting import accruals as charges
from consigned_service.operations.accounting import costs as own_costs
from consigned_service.operations.accounting import reversals
from consigned_service.operations.inventory import reservations
from consigned_service.operations.returns import customer_returns as brought_back
from consigned_service.operations.returns.customer_returns import Gone, Lying
from consigned_service.records.consumption import voids as records
from consigned_service.records.consumption.voids import Named, Rest
from consigned_service.records.inventory.stock import suppliers_of
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records

Undone = tuple[Use, int, Refusal]
"""A void, how much of it could not be done, and why."""


def name_of(void: Use) -> Named:
    """The use that a line voids."""
    return void.voids_source or "", void.voids or ""


class Found(NamedTuple):
    """The uses that some voids name, and what is known of them."""

    uses: Mapping[Named, Use]
    items: Mapping[ItemId, Item]

    def check(self, void: Use, source: str) -> None:
        """Refuses a void that could never be done; one of a use that nobody told yet may be."""
        if void.quantity >= 0:
            raise VoidsAboveZero(void.voids or "")
        used = self.uses.get(name_of(void))
        if used is not None:
            codes = self.items[used.item].code, self.items[void.item].code
            trade.check(void, used, source=source, used_item=codes[0], said_item=codes[1])


def find(posting: OpenPosting, named: Iterable[Named], items: Iterable[ItemId]) -> Found:
    """Look up the uses that are to be voided."""
    uses = records.uses_named(posting.organization.id, named)
    return Found(
        uses, agreement_records.items_by_id({*items, *(use.item for use in uses.values())})
    )


def take_back(posting: OpenPosting, voids: Sequence[Use]) -> list[Undone]:
    """Take back the uses that lines name, as far as they can be; answers what could not."""
    found = find(posting, map(name_of, voids), {void.item for void in voids})
    undone: list[Undone] = []
    known = []
    for void in voids:
        try:
            if name_of(void) not in found.uses:
                raise UnknownUse(*name_of(void))
            found.check(void, void.voids_source or "")
            known.append(void)
        except Refusal as refusal:
            undone.append((void, void.quantity, refusal))
    if known:
        undone += _void(posting, known, found)
    return undone


def _void(posting: OpenPosting, voids: Sequence[Use], found: Found) -> list[Undone]:
    organization = posting.organization.id
    used = {found.uses[name_of(void)].number: found.uses[name_of(void)] for void in voids}
    before = records.voids_of(organization, {name_of(void) for void in voids})
    taken = records.entries_of(
        organization, {*used, *(number for lines in before.values() for number in lines)}
    )
    rests = records.open_rests(organization, used)
    voidings = [_voiding(void, found.uses[name_of(void)], before, taken, rests) for void in voids]
    gone, lying = _load(posting, voidings)
    bills = records.invoiced_lines(
        standing.advice_line for standing in lying.stands.values() if standing.advice_line
    )
    came = trade.void(
        posting.book, lying.goods, voidings, outside=_outside(gone),
        invoiced=frozenset(e for e, one in lying.stands.items() if one.advice_line in bills),
        today=posting.organization.open_day(posting.recorded_on),
    )  # fmt: skip
    _settle(posting, came, lying, {void.number: void for void in voids})
    _end_rests(posting, came.rests, {v.void.number: rests.get(v.used.number) for v in voidings})
    _promise_again(posting, came, voidings)
    short = [v for v in voidings if came.done[v.void.number] < -v.void.quantity]
    if not short:
        return []
    return [
        (v.void, came.done[v.void.number] + v.void.quantity,
         _why(v, came.done[v.void.number], found,
              voided_by(organization, before.get(name_of(v.void), ()))))
        for v in short
    ]  # fmt: skip


def voided_by(organization: OrganizationId, lines: Iterable[int]) -> int:
    """How much some voids of one use have taken back: of what waited, and of what it took."""
    lines = set(lines)
    if not lines:
        return 0
    taken = records.entries_of(organization, lines)
    return sum(records.rests_ended(organization, lines).values()) + sum(
        map(_went_back, taken.values())
    )


def _voiding(
    void: Use,
    used: Use,
    before: Mapping[Named, Sequence[int]],
    taken: Mapping[int, Sequence[Taken]],
    rests: Mapping[int, Rest],
) -> Voiding:
    ways: dict[tuple[LayerNumber, PositionNumber, PositionNumber], int] = defaultdict(int)
    for line in before.get(name_of(void), ()):
        for entry in taken.get(line, ()):
            if entry.kind == EntryKind.VOIDED:
                ways[entry.layer, entry.source, entry.target] += entry.quantity
    rest = rests.get(used.number)
    return Voiding(
        void, used, rest.quantity if rest else 0,
        tuple(trade.voided_of(used, taken.get(used.number, ()), ways)),
    )  # fmt: skip


def _load(posting: OpenPosting, voidings: Sequence[Voiding]) -> tuple[Gone, Lying]:
    """Bring in what lies here and what is out of the goods that were used."""
    gone = brought_back.read_gone(posting, [voiding.void for voiding in voidings])
    parts = [part for voiding in voidings for part in voiding.parts]
    lying = brought_back.read_lying(
        posting, gone.issued, {part.layer for part in parts if part.transfer}
    )
    lying.goods.suppliers |= suppliers_of(posting.organization.id, {part.layer for part in parts})
    for out in gone.issued.values():
        for holding, _ in out:
            if holding.order_price:
                lying.on_hand.values[holding.layer] = holding.order_price
    return gone, lying


def _outside(gone: Gone) -> dict[tuple[PositionNumber, LayerNumber], Holding]:
    """What is out, whenever it went: a void does not ask for the day."""
    found: dict[tuple[PositionNumber, LayerNumber], Holding] = {}
    for out in gone.issued.values():
        for holding, _ in out:
            slot = (holding.position, holding.layer)
            if slot in found:
                found[slot].left += holding.left
            else:
                found[slot] = holding
    return found


def _settle(posting: OpenPosting, came: Voided, lying: Lying, voids: Mapping[int, Use]) -> None:
    because = {number: void.because or f"{void.voids} never happened" for number, void in
               voids.items()}  # fmt: skip
    for were_kept in (True, False):
        turned, credited = (
            [t for t in some if (t.passed.kind == UseKind.TRANSFER_TO_OWNED) is were_kept]
            for some in (came.turned, came.credited)
        )
        reversals.turn_back(posting, turned, lying.stands, lying.on_hand, were_kept=were_kept)
        reversals.ask_back_unused(
            posting, credited, lying.stands, lying.on_hand, because, were_kept=were_kept
        )
    _cost_own_goods(posting, came.own)


def _cost_own_goods(posting: OpenPosting, own: Sequence[OwnBack]) -> None:
    """Goods of our own are kept again at what they went out at."""
    own_costs.cost_own_goods(
        posting,
        [
            OwnedIssue(
                back.voiding.used._replace(happened_on=back.happened_on), back.holding,
                -back.quantity,
            )
            for back in own
        ],
    )  # fmt: skip


def _end_rests(
    posting: OpenPosting, ended: Mapping[int, int], rests: Mapping[int, Rest | None]
) -> None:
    """What waits of a voided use waits no longer; what is left of it waits as it did."""
    stands: dict[int, Rest] = {}
    endings: list[charges.Ended] = []
    for void, quantity in ended.items():
        first = rests[void]
        assert first is not None, "only what waits can end"
        rest = stands.get(first.number, first)
        endings.append(charges.Ended(rest.number, Ending.VOIDED, quantity, void))
        if left := rest.quantity - quantity:
            rest = rest._replace(number=_wait_on(posting, rest, left), quantity=left)
            stands[first.number] = rest
    charges.end(posting, endings)


def _wait_on(posting: OpenPosting, rest: Rest, left: int) -> int:
    """What is left of a rest waits as it did; answers under which number."""
    number = posting.take_numbers("exception", 1)
    posting.add(
        "open_exception",
        [
            (posting.organization.id, number, posting.number, rest.consumption, None, rest.item,
             left, rest.reason, rest.sentence, rest.opened_on)
        ],
    )  # fmt: skip
    return number


def _promise_again(posting: OpenPosting, came: Voided, voidings: Iterable[Voiding]) -> None:
    """What was picked for an order, and never was, is promised to it again."""
    reservations.unpick(
        posting,
        [
            (v.used, came.done[v.void.number] - came.rests.get(v.void.number, 0))
            for v in voidings
        ],
    )  # fmt: skip


def _went_back(entries: Sequence[Taken]) -> int:
    """What the entries of a void took back: goods, or the title of goods that lay here."""
    goods = sum(entry.quantity for entry in entries if entry.kind == EntryKind.VOIDED)
    title = sum(entry.quantity for entry in entries if entry.kind in TITLE_KINDS)
    return goods or title


def _why(voiding: Voiding, done: int, found: Found, voided: int) -> Refusal:
    void, used, *_ = voiding
    item = found.items[used.item]
    return MoreThanUsed(
        void.voids or "", item.code, item.unit, used.quantity, voided, done, -void.quantity
    )
