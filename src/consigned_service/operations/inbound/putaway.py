"""Putting away what was received: in parts as they are moved, or the whole queue in one batch.

Received goods are staged: they wait at the dock, or where they were inspected. Loading brings them
into the putaway queue, each with the place it is to go to by whose it is, and skips what is on hold
(checklist P31-P34); completing the queue moves it (P35). A part can be put away at any time.

Refuses: NoSourceDocument, NotPutAwayOnHold; NotEnoughOnHand (from issues); SamePlace (from
custody).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, ClassVar, NamedTuple

from consigned.inbound.inspections import Lying
from consigned.inbound.receipts import NothingReceived
from consigned.inventory.stock import Holding
from consigned.inventory.title_transfers import NotEnoughOnHand, TitleTransfer
from consigned.inventory.transfers import Move, SamePlace
from consigned.master_data.items import Item
from consigned.master_data.ownership import check_putaway
from consigned.master_data.parties import UnknownPlace, check_has_come, default_place
from consigned.measure.identity import LayerNumber, OrganizationId, PlaceNumber
from consigned.measure.period import Moment
from consigned.measure.quantity import Micros, show_micros
from consigned.measure.refusal import Refusal
from consigned.title.entry import Cause, EntryKind
from consigned.title.position import Condition, Place, Zone
from consigned_service.operations.accounting import accruals as charges
from consigned_service.operations.core import fields
from consigned_service.operations.core.idempotency import tell_once
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.inbound.receipt_lines import NoSourceDocument
from consigned_service.operations.inventory.movements import move_goods
from consigned_service.operations.ledger import posting as postings
from consigned_service.records.inbound import putaway as putaway_records
from consigned_service.records.inbound import receipts as receipt_records
from consigned_service.records.inventory.stock import OnHand
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records

STAGING = frozenset({Zone.DOCK, Zone.INSPECTION})
"""Zones where received goods wait to be put away."""


@dataclass(eq=False)
class NotPutAwayOnHold(Refusal):
    receipt: str
    line: int
    item: str
    unit: str
    asked: int
    on_hold: int
    free: int
    code: ClassVar[str] = "not-put-away-on-hold"
    remedy: ClassVar[str] = "Inspect or release the goods first."

    def __str__(self) -> str:
        return (
            f"of line {self.line} of receipt {self.receipt} {show_micros(self.on_hold)} "
            f"{self.unit} of {self.item} are on hold and {show_micros(self.free)} free; "
            f"{show_micros(self.asked)} {self.unit} asked"
        )


class PutawayLine(NamedTuple):
    """A line of a putaway of received goods that are staged."""

    reference: Annotated[str, fields.REFERENCE]
    receipt: Annotated[str, fields.RECEIPT]
    line: Annotated[int, fields.LINE, "the receipt's line"]
    quantity: Annotated[Micros, fields.QUANTITY]
    to_place: Annotated[str, fields.PLACE, "code of the place the goods are put away to"]
    happened_on: Annotated[Moment, fields.HAPPENED_ON]
    unit: Annotated[str, fields.UNIT] = ""


class Part(NamedTuple):
    """So much of what came with a receipt line, and where it goes."""

    reference: str
    receipt: int
    line: int
    item: Item
    layers: Collection[LayerNumber]
    quantity: int
    target: Place
    happened_on: date


def put_away(
    *, organization: OrganizationId, lines: Sequence[PutawayLine], by: str, at: datetime
) -> Result:
    """Put received goods away, many lines at once, all or none.

    Goods keep their owner unless the place is an owned one or the agreement passes title on
    putaway. Refuses a receipt line that is not known, more than is still staged of it, and what
    is on hold (checklist P32).
    """
    outcome = Result()
    with postings.posting(organization, cause="putaway", recorded_at=at, recorded_by=by) as posting:
        places = posting.places
        staged = receipt_records.staged(organization, {line.receipt for line in lines})
        items = agreement_records.items_by_id({goods.item for goods in staged.values()})

        def read(_: int, line: PutawayLine) -> Part:
            key = (line.receipt, line.line)
            if key not in staged:
                raise NoSourceDocument(f"line {line.line} of receipt {line.receipt}")
            goods = staged[key]
            item = items[goods.item]
            place = place_named(places, line.to_place, posting.organization.code)
            part = Part(
                key[0], goods.receipt, key[1], item, goods.layers, _quantity(item, line),
                place, posting.organization.day_here(line.happened_on),
            )  # fmt: skip
            check_putaway(place, goods.ownership, goods=item.show(part.quantity), places=places)
            return part

        parts = tell_once(posting, enumerate(lines), read, outcome, day="happened_on")
        if parts:
            move_parts(posting, places, parts)
        outcome.new = len(parts)
    return outcome


def load_staged(*, organization: OrganizationId, on: date, at: datetime) -> Result:
    """Bring what is staged into the putaway queue, each with the place it is to go to.

    What is on hold is skipped and counts as waiting, until it is released (checklist P31, P32).
    """
    outcome = Result()
    with ledger.writing([organization]):
        places = ledger.read_places(organization)
        here = ledger.read_organization(organization)
        check_has_come(on, today=here.day_of(at))
        store = default_place(places, Zone.CONSIGNED_STORE)
        stock = default_place(places, Zone.STOCKROOM)
        free: dict[LayerNumber, PlaceNumber] = {}
        for goods in putaway_records.staged_goods(organization):
            if goods.condition != Condition.UNRESTRICTED:
                outcome.waiting += 1
            else:
                target = stock if goods.owner == here.party else store
                free[goods.layer] = target.number
        outcome.new = putaway_records.load(organization, free, on)
        outcome.repeated = len(free) - outcome.new
    return outcome


def complete_putaway(
    *,
    organization: OrganizationId,
    receipts: Collection[str] = (),
    happened_on: date,
    by: str,
    at: datetime,
) -> Result:
    """Put away what is in the queue, all of it or only that of some receipts, in one posting."""
    outcome = Result()
    with postings.posting(organization, cause="putaway", recorded_at=at, recorded_by=by) as posting:
        check_has_come(happened_on, today=posting.recorded_on)
        posting.organization.check_day(happened_on, today=posting.recorded_on)
        places = posting.places
        by_number = {place.number: place for place in places}
        loaded = putaway_records.loaded(organization, receipts)
        items = agreement_records.items_by_id({goods.item for goods in loaded})
        parts = [
            Part(
                goods.reference, goods.receipt, goods.line, items[goods.item], (goods.layer,),
                goods.quantity, by_number[goods.place], happened_on,
            )
            for goods in loaded
        ]  # fmt: skip
        if parts:
            move_parts(posting, places, parts)
            putaway_records.unload(organization, {goods.layer for goods in loaded})
        outcome.new = len(parts)
    return outcome


def move_parts(posting: OpenPosting, places: Sequence[Place], parts: Sequence[Part]) -> None:
    """Move staged goods to their places, and settle what becomes ours by it."""
    ours = posting.organization.party
    lying, on_hand = receipt_records.read_lying(
        posting.book, {layer for part in parts for layer in part.layers}, ours=ours
    )
    ledger.read_positions(posting.book, {part.item.id for part in parts})
    staging = {place.number: place for place in places if place.zone in STAGING}
    staged = [one for one in lying if one.goods.place in staging]
    left = {id(one.goods): one.goods.left for one in staged}
    moves = [move for part in parts for move in _moves(posting, part, staged, left, staging)]
    put(posting, [one.goods for one in staged if _is_free(one)], moves, on_hand)


def put(
    posting: OpenPosting,
    goods: Iterable[Holding],
    moves: Sequence[Move],
    on_hand: OnHand,
    passed: Sequence[TitleTransfer] = (),
) -> None:
    """Post the moves of a putaway, and settle what becomes ours by them, or passed before."""
    moved = move_goods(posting, list(goods), moves, kind=EntryKind.PUT_AWAY, cause=Cause.PUTAWAY)
    transfers = [*passed, *moved.transfers]
    charges.queue(posting, charges.settle(posting, transfers, on_hand))


def _moves(
    posting: OpenPosting,
    part: Part,
    staged: Sequence[Lying],
    left: dict[int, int],
    staging: dict[PlaceNumber, Place],
) -> Iterable[Move]:
    """The moves that put a part away: of each layer what is free of it."""
    of_part = [one for one in staged if one.goods.layer in part.layers]
    free = [one.goods for one in of_part if _is_free(one)]
    there = sum(left[id(goods)] for goods in free if goods.received_on <= part.happened_on)
    if there < part.quantity:
        raise _too_much(posting, part, of_part, there, staging)
    wanted = part.quantity
    for goods in free:
        taken = min(wanted, left[id(goods)])
        if taken and goods.received_on <= part.happened_on:
            if goods.place == part.target.number:
                raise SamePlace(part.item.code, part.target.code)
            left[id(goods)] -= taken
            wanted -= taken
            yield Move(
                part.receipt, part.line, part.item.id, taken, staging[goods.place], part.target,
                part.happened_on, goods.owner, layer=goods.layer, goods=part.item.show(taken),
            )  # fmt: skip


def _too_much(
    posting: OpenPosting,
    part: Part,
    of_part: Sequence[Lying],
    there: int,
    staging: dict[PlaceNumber, Place],
) -> Refusal:
    item = part.item
    on_hold = sum(one.goods.left for one in of_part if not _is_free(one))
    if on_hold:
        return NotPutAwayOnHold(
            part.reference, part.line, item.code, item.unit, part.quantity, on_hold, there
        )
    came_later = sum(one.goods.left for one in of_part if one.goods.received_on > part.happened_on)
    place = next(iter(staging.values()))
    return NotEnoughOnHand(
        item.code, item.unit, f"{posting.organization.code} {place.code}", part.quantity, there,
        came_later=came_later, on=part.happened_on,
    )  # fmt: skip


def _is_free(one: Lying) -> bool:
    return one.condition == Condition.UNRESTRICTED


def place_named(places: Sequence[Place], said: str, organization: str) -> Place:
    """A place inside the walls by its code."""
    for place in places:
        if place.code == said and not place.is_outer:
            return place
    raise UnknownPlace(said, organization)


def _quantity(item: Item, line: PutawayLine) -> int:
    micros = item.quantity(line.quantity, line.unit)
    if micros <= 0:
        raise NothingReceived(item.code)
    return micros
