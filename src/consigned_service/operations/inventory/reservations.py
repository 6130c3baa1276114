"""Reservations: goods promised to a customer's order, consigned ones as well as our own.

Promised goods count as on hand but not as available (checklist P07); picking for the order takes
them, any other use may not (P08). Consigned is whose goods are, promised is what they are for: a
promise may name the owner, and leaves title where it is (E16).

Refuses: NotEnoughAvailable, UnknownReservation, Differs, UnknownItem, UnknownParty.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, NamedTuple

from consigned.inventory.reservations import Promise, Scope, available
from consigned.inventory.title_transfers import Use, Used
from consigned.master_data.items import UnknownItem
from consigned.master_data.parties import UnknownParty
from consigned.measure.identity import ItemId, OrganizationId
from consigned.measure.quantity import Micros, show_micros
from consigned.measure.refusal import Refusal
from consigned_service.operations.core import fields
from consigned_service.operations.core.lines import written
from consigned_service.operations.core.outcome import Differs, Result
from consigned_service.operations.inventory import makers
from consigned_service.records.inventory import reservations as reservation_records
from consigned_service.records.inventory.reservations import Key
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records


@dataclass(eq=False)
class NotEnoughAvailable(Refusal):
    item: str
    unit: str
    organization: str
    asked: int
    on_hand: int
    reserved: int
    which: str = ""
    """Which of the item's goods, in words."""
    code: ClassVar[str] = "not-enough-available"
    remedy: ClassVar[str] = "Reserve what is available, or wait for the next receipt."

    def __str__(self) -> str:
        return (
            f"{self.organization} holds {show_micros(self.on_hand)} {self.unit} of "
            f"{self.item}{self.which}, {show_micros(self.reserved)} of it reserved; "
            f"{show_micros(self.asked)} asked"
        )


@dataclass(eq=False)
class UnknownReservation(Refusal):
    reference: str
    item: str
    organization: str
    code: ClassVar[str] = "unknown-reservation"
    remedy: ClassVar[str] = "Correct the reference or the item."

    def __str__(self) -> str:
        return f"{self.organization} promised no {self.item} to {self.reference}"


class ReservationLine(NamedTuple):
    """A promise of one item to a customer's order; what is not named is left open."""

    reference: Annotated[
        str, fields.REFERENCE, "number of the customer's order that the goods are promised to"
    ]
    item: Annotated[str, fields.ITEM]
    quantity: Annotated[Micros, fields.QUANTITY]
    unit: Annotated[str, fields.UNIT] = ""
    consignor: Annotated[
        str, fields.CONSIGNOR, "code of the party whose goods are promised; empty: whosever"
    ] = ""
    lot: Annotated[str, fields.LOT, "the maker's mark of a batch; empty: any"] = ""
    serial: Annotated[str, fields.SERIAL, "the maker's mark of one piece; empty: any"] = ""


class CancellationLine(NamedTuple):
    """A promise that is taken back."""

    reference: Annotated[str, fields.REFERENCE, "the reservation's reference"]
    item: Annotated[str, fields.ITEM]


def reserve(
    *,
    organization: OrganizationId,
    reference: str,
    item: str,
    quantity: str,
    by: str,
    at: datetime,
) -> None:
    """Promise goods on hand to a customer's order; telling the same again changes nothing."""
    line = written(ReservationLine, reference, item, quantity)
    reserve_many(organization=organization, lines=[line], by=by, at=at).or_raise()


def reserve_many(
    *, organization: OrganizationId, lines: Sequence[ReservationLine], by: str, at: datetime
) -> Result:
    """Promise goods on hand to customers' orders, many lines at once, in their order.

    Refuses what is not available any more, and anything else for the same item and order.
    """
    outcome = Result()
    with ledger.posting(
        organization, cause="reservation", recorded_at=at, recorded_by=by
    ) as posting:
        reader = _Reader(posting, lines)
        new: dict[Key, Promise] = {}
        for index, line in enumerate(lines):
            try:
                key, promise = reader.read(line)
                if reader.is_repeated(key, promise):
                    outcome.repeat(index)
                else:
                    reader.check_available(line, key[1], promise)
                    new[key] = reader.keep(key, promise)
            except Refusal as refusal:
                outcome.refuse(index, refusal)
        reservation_records.add(posting, new)
        outcome.new = len(new)
    return outcome


def cancel_reservations(
    *, organization: OrganizationId, lines: Sequence[CancellationLine], by: str, at: datetime
) -> Result:
    """Take promises back, many at once; what was not picked yet is available again."""
    outcome = Result()
    with ledger.posting(
        organization, cause="reservation", recorded_at=at, recorded_by=by
    ) as posting:
        items = agreement_records.items_by_code({line.item for line in lines})
        standing = reservation_records.standing(organization, {line.reference for line in lines})
        taken_back: set[Key] = set()
        for index, line in enumerate(lines):
            reference, item = line.reference, items.get(line.item)
            if item is None:
                outcome.refuse(index, UnknownItem(line.item))
            elif (key := (reference, item.id)) not in standing:
                code = posting.organization.code
                outcome.refuse(index, UnknownReservation(reference, item.code, code))
            elif standing[key][1] and key not in taken_back:
                taken_back.add(key)
            else:
                outcome.repeat(index)
        reservation_records.cancel(organization, taken_back)
        outcome.new = len(taken_back)
    return outcome


class _Reader:
    """Reads reservations against what is there and what is promised of it already."""

    def __init__(self, posting: OpenPosting, lines: Sequence[ReservationLine]) -> None:
        organization = posting.organization.id
        self.organization = posting.organization.code
        self.items = agreement_records.items_by_code({line.item for line in lines})
        self.parties = agreement_records.party_ids({line.consignor for line in lines})
        ids = {item.id for item in self.items.values()}
        self.standing = {
            key: promise
            for key, (promise, _) in reservation_records.standing(
                organization, {line.reference for line in lines}
            ).items()
        }
        self.on_hand = reservation_records.pickable(organization, ids, on=posting.recorded_on)
        self.several = makers.of_several(
            organization,
            [
                (item.id, line.lot or None, line.serial or None)
                for line in lines
                if not line.consignor and (item := self.items.get(line.item))
            ],
        )
        self.promised = {
            item: list(by_reference.values())
            for item, by_reference in read_open(organization, ids).items()
        }

    def read(self, line: ReservationLine) -> tuple[Key, Promise]:
        item = self.items.get(line.item)
        if item is None:
            raise UnknownItem(line.item)
        if line.consignor not in ("", *self.parties):
            raise UnknownParty(line.consignor)
        scope = Scope(
            self.parties.get(line.consignor),
            line.lot or None,
            line.serial or None,
        )
        asked = item.quantity(line.quantity, line.unit, serial=line.serial)
        return (line.reference, item.id), Promise(asked, scope)

    def is_repeated(self, key: Key, promise: Promise) -> bool:
        before = self.standing.get(key)
        if before is None:
            return False
        if before.quantity != promise.quantity:
            raise Differs(
                "reservation", key[0], "quantity", show_micros(before.quantity),
                show_micros(promise.quantity),
            )  # fmt: skip
        if before.scope != promise.scope:
            raise Differs("reservation", key[0], "goods", "as told before", "others")
        return True

    def check_available(self, line: ReservationLine, item: ItemId, promise: Promise) -> None:
        goods, scope = self.on_hand.get(item, []), promise.scope
        if scope.owner is None and (refusal := self.several.get((item, scope.lot, scope.serial))):
            raise refusal
        left = available(goods, self.promised.get(item, []), scope)
        if not 0 < promise.quantity <= left:
            there = sum(g.left for g in goods if scope.fits(g.owner, g.lot, g.serial))
            about = self.items[line.item]
            raise NotEnoughAvailable(
                about.code, about.unit, self.organization, promise.quantity, there, there - left,
                _which(line),
            )  # fmt: skip

    def keep(self, key: Key, promise: Promise) -> Promise:
        self.standing[key] = promise
        self.promised.setdefault(key[1], []).append(promise)
        return promise


def _which(line: ReservationLine) -> str:
    named = (
        (" owned by ", line.consignor), (", lot ", line.lot), (", serial ", line.serial)
    )  # fmt: skip
    return "".join(f"{what}{said}" for what, said in named if said)


def read_open(
    organization: OrganizationId, items: Iterable[ItemId]
) -> dict[ItemId, dict[str, Promise]]:
    """What is still promised of some items, by reservation."""
    return reservation_records.read_open(organization, items)


def promised(organization: OrganizationId, items: Iterable[ItemId]) -> dict[ItemId, int]:
    """How much of some items is promised to customers."""
    return {
        item: sum(promise.quantity for promise in by_reference.values())
        for item, by_reference in read_open(organization, items).items()
    }


def pick(posting: OpenPosting, used: Used) -> None:
    """Take what was picked for an order off its reservation."""
    picked: dict[tuple[str, ItemId], int] = {}
    for issue in (*used.own_issues, *used.lent):
        _count(picked, issue.use.reservation, issue.use.item, issue.quantity)
    for transfer in used.transfers:
        _count(picked, transfer.use.reservation, transfer.use.item, transfer.quantity)
    if picked:
        reservation_records.lower(posting.organization.id, picked)


def unpick(posting: OpenPosting, unused: Iterable[tuple[Use, int]]) -> None:
    """Promise again what was never picked."""
    back: dict[tuple[str, ItemId], int] = {}
    for use, quantity in unused:
        _count(back, use.reservation, use.item, quantity)
    if back:
        reservation_records.raise_again(posting.organization.id, back)


def _count(
    picked: dict[tuple[str, ItemId], int], reference: str | None, item: ItemId, quantity: int
) -> None:
    if reference and quantity > 0:
        picked[reference, item] = picked.get((reference, item), 0) + quantity
