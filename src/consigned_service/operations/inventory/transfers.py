"""Custody inside the walls: transfers between places.

A transfer that passes title, because the place is owned or because the agreement or a consumption
rule says so, is settled like any other consumption; which rule decided is kept with the entry.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, NamedTuple

from consigned.inbound.receipts import NothingReceived
from consigned.inventory.transfers import Move, SamePlace
from consigned.master_data.items import Item, UnknownItem
from consigned.master_data.parties import UnknownParty, UnknownPlace
from consigned.measure.identity import OrganizationId
from consigned.measure.period import Moment
from consigned.measure.quantity import Micros
from consigned.title.entry import Cause, EntryKind
from consigned.title.position import Condition, Place
from consigned_service.operations.accounting import accruals as charges
from consigned_service.operations.core import fields
from consigned_service.operations.core.idempotency import tell_once
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.inventory import makers
from consigned_service.operations.inventory.movements import move_goods
from consigned_service.operations.inventory.shortages import missing
from consigned_service.operations.ledger import posting as postings
from consigned_service.operations.ledger.recoveries import Leaving, before_leaving
from consigned_service.records.inventory.stock import read_on_hand
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records


class TransferLine(NamedTuple):
    """A line of a transfer between two places."""

    reference: Annotated[str, fields.REFERENCE]
    item: Annotated[str, fields.ITEM]
    quantity: Annotated[Micros, fields.QUANTITY]
    from_place: Annotated[str, fields.PLACE, "code of the place the goods leave"]
    to_place: Annotated[
        str, fields.PLACE, "code of the place they go to; where it is owned they become ours"
    ]
    happened_on: Annotated[Moment, fields.HAPPENED_ON]
    unit: Annotated[str, fields.UNIT] = ""
    consignor: Annotated[str, fields.CONSIGNOR] = ""
    lot: Annotated[str, fields.LOT] = ""
    serial: Annotated[str, fields.SERIAL] = ""
    condition: Annotated[
        Condition,
        fields.Choice(Condition, "in which the goods are", empty=Condition.UNRESTRICTED),
    ] = Condition.UNRESTRICTED


def transfer_goods(
    *, organization: OrganizationId, lines: Sequence[TransferLine], by: str, at: datetime
) -> Result:
    """Move goods between places of one organization, many lines at once, all or none.

    Title passes where the target is an owned place, where the agreement passes it at this move, or
    where a consumption rule says so (checklist E06-E08, O30, P45); the money side follows in the
    same posting. Refuses more than the place holds, in the asker's numbers.
    """
    outcome = Result()
    with postings.posting(
        organization, cause="transfer", recorded_at=at, recorded_by=by
    ) as posting:
        places = posting.places
        items = agreement_records.items_by_code({line.item for line in lines})
        parties = agreement_records.party_ids({line.consignor for line in lines})

        def read(index: int, line: TransferLine) -> Move:
            item = _item(items, line.item)
            source, target = (_place(places, posting, c) for c in (line.from_place, line.to_place))
            if source == target:
                raise SamePlace(item.code, source.code)
            if line.consignor and line.consignor not in parties:
                raise UnknownParty(line.consignor)
            quantity = _quantity(item, line)
            return Move(
                posting.number, index + 1, item.id, quantity, source, target,
                posting.organization.day_here(line.happened_on), parties.get(line.consignor),
                line.lot or None, line.serial or None, goods=item.show(quantity),
                condition=line.condition.value,
            )  # fmt: skip

        moves = tell_once(
            posting, enumerate(lines), read, outcome, day="happened_on", is_paperless=True
        )
        _move(posting, places, moves, EntryKind.MOVED, Cause.TRANSFER)
        outcome.new = len(moves)
    return outcome


def _move(
    posting: OpenPosting,
    places: Sequence[Place],
    moves: Sequence[Move],
    kind: EntryKind,
    cause: Cause,
) -> None:
    if not moves:
        return
    organization = posting.organization
    makers.check(organization.id, ((m.item, m.lot, m.serial) for m in moves if m.consignor is None))
    items = {move.item for move in moves}
    ledger.read_positions(posting.book, items)
    on_hand = read_on_hand(
        posting.book, items, places=[place._replace(is_nettable=True) for place in places],
        ours=organization.party, conditions=frozenset(move.condition for move in moves),
    )  # fmt: skip
    before_leaving(
        posting, on_hand,
        [
            Leaving(move.item, move.quantity, move.happened_on, move.source.number,
                    move.consignor, move.lot, move.serial, move.target.number)
            for move in moves
        ],
    )  # fmt: skip
    moved = move_goods(posting, on_hand.pickable, moves, kind=kind, cause=cause)
    if moved.shortages:
        raise missing(posting, places, moved.shortages)[0]
    charges.queue(posting, charges.settle(posting, moved.transfers, on_hand))


def _item(items: dict[str, Item], code: str) -> Item:
    if code not in items:
        raise UnknownItem(code)
    return items[code]


def _place(places: Sequence[Place], posting: OpenPosting, code: str) -> Place:
    for place in places:
        if place.code == code and not place.is_outer:
            return place
    raise UnknownPlace(code, posting.organization.code)


def _quantity(item: Item, line: TransferLine) -> int:
    micros = item.quantity(line.quantity, line.unit, serial=line.serial)
    if micros <= 0:
        raise NothingReceived(item.code)
    return micros
