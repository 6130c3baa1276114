"""Consumption: using goods. Where they are the consignor's, the title passes first.

    use 120 EA of bolts, sale       transferred-to-owned  layer 1  100 EA   Acme > us, on the shelf
    (layer 1 holds 100,             issued                layer 1  100 EA   shelf > customer
    layer 2 holds 50)               transferred-to-owned  layer 2   20 EA   Acme > us, on the shelf
                                    issued                layer 2   20 EA   shelf > customer

Explicit consumption names the owner whose goods are taken (checklist O35); implicit consumption
takes what the pick rule finds, from as many owners as it needs (O36, O37). Our own goods and
non-owned goods are issued without a transfer of title. A negative quantity is a return, which
`returns` takes in, or a void, which takes a use back (`voids`). A line of nothing moves nothing.

Goods that have expired by the day of use are not sold, issued or built in, named or not; they may
be scrapped, counted out or taken over.

Refuses: NotEnoughOnHand, NotEnoughIssued.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from types import MappingProxyType
from typing import NamedTuple

from consigned.inventory.renewed_layers import NONE_RENEWED, Renewals
from consigned.inventory.reservations import Free, Promise
from consigned.inventory.stock import Holding, Shelves
from consigned.inventory.title_transfers import (
    GOES_TO,
    TAKES_EXPIRED,
    Issued,
    OwnedIssue,
    Shortage,
    TitleTransfer,
    Use,
    Used,
    UseKind,
)
from consigned.measure.identity import (
    AgreementId,
    ConsumptionNumber,
    ItemId,
    LayerNumber,
    PartyId,
    PlaceNumber,
    PositionNumber,
)
from consigned.title.entry import Cause, Entry, EntryKind
from consigned.title.layer import Ownership
from consigned.title.position import Position, Zone
from consigned.title.post import Book, post

Reserved = Mapping[ItemId, Mapping[str, Promise]]
"""What is promised, by item and reservation."""


class CountedGoods(NamedTuple):
    """What a use of a day that was counted takes before all else, apart from what lies there for
    others; and what it may not take, because a count charges what was used by then."""

    first: Sequence[Holding]
    barred: frozenset[tuple[PositionNumber, LayerNumber]]


class Floor(NamedTuple):
    """Where things are in one organization, as far as using goods needs it."""

    ours: PartyId
    outer: Mapping[Zone, PlaceNumber]
    awaits: Mapping[str, frozenset[AgreementId]] = MappingProxyType({})
    """By kind of use: under which agreements goods that are a consignor's may not go so, because
    their title passes later than that."""
    tested: frozenset[ConsumptionNumber] = frozenset()
    """The uses for products that have passed their test, for which nothing waits any more."""


def consume(
    book: Book,
    shelves: Shelves,
    uses: Iterable[Use],
    *,
    floor: Floor,
    reserved: Reserved | None = None,
    counted: Mapping[ConsumptionNumber, CountedGoods] = MappingProxyType({}),
    renewed: Renewals = NONE_RENEWED,
) -> Used:
    """Use goods: pass title where they are a consignor's, issue them, keep both facts.

    What is told late takes what the pick rule finds, as it stands; what of it did not stay free
    from the day of use on is issued on the first day from which it did. `reserved` holds what is
    promised per item and reservation; `counted` what uses of counted days take; goods that were
    `renewed` after the day of use are used as what they were then. What is not on hand is not
    posted: it is answered as a shortage, for the caller to refuse or to queue (decision 0062).
    """
    used = Used()
    entries = book.drafts
    first = book.next_entry
    # plain words, because an enumeration's member is slow to hash a million times
    transferred, issue = EntryKind.TRANSFERRED_TO_OWNED.value, EntryKind.ISSUED.value
    cause, consigned = Cause.CONSUMPTION.value, Ownership.CONSIGNED.value
    ours = floor.ours
    roads: dict[tuple[PositionNumber, str, str], Road] = {}
    for use in uses:
        wanted = use.quantity
        if not wanted:
            continue
        kind, happened_on, document = use.kind, use.happened_on, use.number
        holdings, free = _candidates(shelves, use, reserved)
        if use.number in counted:
            holdings, free = _as_counted(counted[use.number], holdings, free)
        if floor.awaits and (waits := _awaiting(floor, use)):
            holdings = [h for h in holdings if not _waits(h, waits, floor, renewed, happened_on)]
        is_late = happened_on < book.last_came
        lying = _as_it_lay(book, shelves, holdings, happened_on) if is_late else holdings
        for holding in lying:
            part = holding.left
            if not part or holding.received_on > happened_on:
                continue
            if part > wanted:
                part = wanted
            if free is not None:
                part = free.take(holding, part)
                if not part:
                    continue
            if is_late:
                leaving = _leaving(book, holding, part, happened_on, renewed)
            else:
                leaving = ((holding, happened_on, part),)
            for taken, on, some in leaving:
                source, layer, ownership = taken.position, taken.layer, taken.ownership
                road = roads.get((source, ownership, kind))
                if road is None:
                    road = roads[source, ownership, kind] = _road(book, taken, kind, floor)
                owned_shelf, outside = road
                number = first + len(entries)
                if taken.owner != ours and ownership == consigned:
                    entries.append(
                        Entry(number, transferred, layer, some, source, owned_shelf,  # type: ignore[arg-type]
                              on, cause, document, 1)
                    )  # fmt: skip
                    used.transfers.append(TitleTransfer(number, use, taken, some))  # type: ignore[arg-type]
                    number += 1
                    source = owned_shelf
                elif taken.owner == ours:
                    used.own_issues.append(OwnedIssue(use, taken, some, number))  # type: ignore[arg-type]
                else:
                    used.lent.append(OwnedIssue(use, taken, some))
                if outside:
                    entries.append(
                        Entry(number, issue, layer, some, source, outside,  # type: ignore[arg-type]
                              on, cause, document, 1)
                    )  # fmt: skip
                else:
                    book.came((owned_shelf, layer), on)
                    shelves.put(_lie(taken, owned_shelf, some, ours))
            holding.left -= part
            wanted -= part
            if not wanted:
                break
        if use.reservation and reserved:
            _draw_down(reserved, use, use.quantity - wanted)
        if wanted:
            goods = counted.get(use.number)
            used.shortages.append(_short(shelves, use, wanted, holdings, floor, goods, renewed))
    post(book, entries)
    return used


def _candidates(
    shelves: Shelves, use: Use, reserved: Reserved | None
) -> tuple[Sequence[Holding], Free | None]:
    """The goods a use may take, in picking order, and what of them is free where some are
    promised."""
    free = None
    promised = reserved and reserved.get(use.item)
    if promised:
        use = _as_promised(use, promised)
        if held_back := _held_back(use, promised):
            free = Free([h for h in shelves.queue(use.item) if not _is_lost(h, use)], held_back)
    stays = use.kind == _STAYS
    if use.item in shelves.expiring and use.kind not in TAKES_EXPIRED:
        return [h for h in _meant(shelves, use) if not _is_expired(h, use)], free
    if not stays and use[5:9] == _NOTHING_NAMED:
        return shelves.queue(use.item), free
    named = _meant(shelves, use)
    return [h for h in named if not stays or shelves.is_consigned(h)], free


def _as_counted(
    goods: CountedGoods, holdings: Iterable[Holding], free: Free | None
) -> tuple[Sequence[Holding], Free | None]:
    """What counts missed goes first: nobody can have been promised it."""
    rest = [h for h in holdings if (h.position, h.layer) not in goods.barred]
    return [*goods.first, *rest], free and free.beside(goods.first)


def _as_it_lay(
    book: Book, shelves: Shelves, holdings: Iterable[Holding], on: date
) -> Iterator[Holding]:
    """The same goods for a use told late. The pick rule still decides; of what it does not tell
    apart, the same layer's goods at several places, those go first that lay there on the day."""
    there = (holding for holding in holdings if holding.left)
    for _, alike in groupby(there, lambda holding: shelves.rank(holding)[:-1]):
        several = list(alike)
        if len(several) > 1:
            several.sort(key=lambda holding: (-_lay(book, holding, on), holding.position))
        yield from several


def _leaving(
    book: Book, holding: Holding, quantity: int, on: date, renewed: Renewals
) -> Iterable[tuple[Holding, date, int]]:
    """So much of some goods as they were on the day of a late use, and the days it goes on."""
    if renewed.is_later(holding, on):
        return renewed.as_before(book, holding, quantity, on)
    slot = (holding.position, holding.layer)
    return ((holding, day, some) for day, some in book.leaving(slot, quantity, on))


def _lay(book: Book, holding: Holding, on: date) -> int:
    """How much of some goods stays free from a day on."""
    slot = (holding.position, holding.layer)
    return min(holding.left, book.stays(slot, on)) if book.is_late(slot, on) else holding.left


def _as_promised(use: Use, promised: Mapping[str, Promise]) -> Use:
    """Picking for an order takes the goods that were promised to it, where that is said."""
    promise = promised.get(use.reservation or "")
    if promise is None or use[6:9] != (None, None, None):
        return use
    owner, lot, serial = promise.scope
    return use._replace(consignor=owner, lot=lot, serial=serial)


def _meant(shelves: Shelves, use: Use) -> Iterator[Holding]:
    """The goods that fit what a use names, in picking order."""
    return shelves.of(
        use.item, owner=use.consignor, place=use.place, lot=use.lot, serial=use.serial
    )


def _is_expired(holding: Holding, use: Use) -> bool:
    return holding.expires_on is not None and holding.expires_on < use.happened_on


def _is_lost(holding: Holding, use: Use) -> bool:
    """Whether goods have expired for a use that is not good for such."""
    return use.kind not in TAKES_EXPIRED and _is_expired(holding, use)


def _waits(
    holding: Holding, waits: frozenset[AgreementId], floor: Floor, renewed: Renewals, on: date
) -> bool:
    """Whether goods are a consignor's whose title passes later than with a use of a day."""
    return holding.owner != floor.ours and renewed.agreement_on(holding, on) in waits


def _awaiting(floor: Floor, use: Use) -> frozenset[AgreementId]:
    """Under which agreements goods may not go into this use yet."""
    return frozenset() if use.number in floor.tested else floor.awaits.get(use.kind, frozenset())


def _short(
    shelves: Shelves,
    use: Use,
    missing: int,
    holdings: Iterable[Holding],
    floor: Floor,
    goods: CountedGoods | None,
    renewed: Renewals,
) -> Shortage:
    """What a use lacks. What it could have taken and did not is promised to others."""
    promised = came_later = 0
    for holding in holdings:
        if holding.received_on > use.happened_on:
            came_later += holding.left
        else:
            promised += holding.left
    expired = 0
    if use.item in shelves.expiring and use.kind not in TAKES_EXPIRED:
        expired = sum(h.left for h in _meant(shelves, use) if _is_expired(h, use))
    counted = awaits = 0
    if goods and goods.barred:
        meant = (h for h in _meant(shelves, use) if (h.position, h.layer) in goods.barred)
        counted = sum(h.left for h in meant)
    if waits := _awaiting(floor, use):
        meant = (h for h in _meant(shelves, use) if h.received_on <= use.happened_on)
        on = use.happened_on
        awaits = sum(h.left for h in meant if _waits(h, waits, floor, renewed, on))
    held = use.quantity - missing + promised + expired + counted + awaits
    return Shortage(use, missing, held, promised, came_later, expired, counted, awaits)


_STAYS = UseKind.TRANSFER_TO_OWNED.value
_NOTHING_NAMED = (None, None, None, None)
"""Place, consignor, lot and serial of a use that leaves the choice to the pick rule."""


def _held_back(use: Use, promised: Mapping[str, Promise]) -> list[Promise]:
    """What is promised to others than this use (checklist P08)."""
    if use.kind == UseKind.TRANSFER_TO_OWNED:
        return []
    return [promise for name, promise in promised.items() if name != use.reservation]


def _draw_down(reserved: Reserved, use: Use, taken: int) -> None:
    """What was picked for an order is promised to it no longer, for the lines that follow too."""
    promise = reserved.get(use.item, {}).get(use.reservation or "")
    if promise:
        promise.quantity = max(0, promise.quantity - taken)


Road = tuple[PositionNumber, PositionNumber | None]


def _road(book: Book, holding: Holding, kind: str, floor: Floor) -> Road:
    """The positions goods pass through when used: ours on the shelf, then outside the walls."""
    here = book.describe(holding.position)
    item, owner, place, condition = here
    if holding.ownership != Ownership.NON_OWNED:
        owner = floor.ours
    zone = GOES_TO[kind]
    owned_shelf = book.position(Position(item, owner, place, condition))
    outside = book.position(Position(item, owner, floor.outer[zone])) if zone else None
    return owned_shelf, outside


def _lie(holding: Holding, position: PositionNumber, quantity: int, owner: PartyId) -> Holding:
    """The same layer's goods, lying at another position."""
    return holding.lying(position, holding.place, owner, quantity)


def days_out(holding: Holding, moved: Iterable[tuple[date, int]]) -> Iterator[Issued]:
    """Goods still out, apart by the day they went, newest first; what came back meanwhile was
    what had gone last.

    `moved` is what of them went out (or, below zero, came back) on which day, in order; what it
    does not explain went out before.
    """
    moved = list(moved)
    out = [(date.min, holding.left - sum(quantity for _, quantity in moved))]
    for on, quantity in moved:
        out.append((on, quantity))
        while len(out) > 1 and out[-1][1] <= 0:
            (_, back), (earlier, went) = out.pop(), out.pop()
            out.append((earlier, went + back))
    left = holding.left
    for on, quantity in reversed(out):
        if (part := min(quantity, left)) > 0:
            left -= part
            yield Issued(_lie(holding, holding.position, part, holding.owner), on)
