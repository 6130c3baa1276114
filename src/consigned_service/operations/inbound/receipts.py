"""Goods receipts: custody passes at the dock, a layer opens, nothing is owed; then putaway.

A receipt line answers a line of a ship notice or of an order, or neither. Goods that nobody
inspects are put away at once: the receipt's `place` says where, a place that is owned makes
consigned goods ours on the spot (checklist P45), and DOCK leaves them staged. Goods that are
inspected wait, and the inspection says where they go (P26).

Refuses line by line: ReferenceReused (from idempotency), and what `receipt_lines` refuses.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from consigned.accounting import journals
from consigned.accounting.journals import Parties
from consigned.inbound import receipts as trade
from consigned.inbound.inspections import Change, Room, change_condition
from consigned.inbound.receipts import Arrival, Taken, is_ours_at_the_dock
from consigned.inventory.stock import Holding
from consigned.inventory.title_transfers import TitleTransfer
from consigned.inventory.transfers import Move, waits_for_quality
from consigned.master_data.parties import NumberOfSeveral, default_place
from consigned.measure.identity import (
    AgreementId,
    LayerNumber,
    OrganizationId,
    PartyId,
    PositionNumber,
)
from consigned.measure.period import Moment
from consigned.measure.quantity import Micros
from consigned.measure.refusal import Refusal
from consigned.title.entry import Cause, EntryKind
from consigned.title.layer import Ownership
from consigned.title.position import Condition, Place, Zone
from consigned_service.operations.accounting import accruals as charges
from consigned_service.operations.accounting import costs as own_costs
from consigned_service.operations.accounting.costs import Kept
from consigned_service.operations.core.idempotency import fingerprint
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.inbound.receipt_lines import (
    NoSourceDocument,
    Read,
    Reader,
    ReceiptLine,
)
from consigned_service.operations.inventory.movements import move_goods
from consigned_service.operations.ledger import posting as postings
from consigned_service.records.inbound import receipts as receipt_records
from consigned_service.records.inventory.stock import OnHand
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.idempotency import RECEIPTS, Claim, claim
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records

__all__ = ["NoSourceDocument", "ReceiptLine", "lines_from_ship_notice", "record_receipts"]


def record_receipts(
    *, organization: OrganizationId, lines: Sequence[ReceiptLine], by: str, at: datetime
) -> Result:
    """Receive goods into one organization, many lines at once, all in one posting.

    The quantity received counts on the order line and on hand in the same posting (checklist
    C08). Refuses a line that nothing announces, that receives nothing, or that would take more
    than the order lets in.
    """
    outcome = Result()
    with postings.posting(organization, cause="receipt", recorded_at=at, recorded_by=by) as posting:
        places = posting.places
        reader = Reader(posting, places, lines)
        read = []
        for index, line in enumerate(lines):
            try:
                says = fingerprint(line, ("receipt", "line"))
                if reader.is_told(line, says):
                    outcome.repeat(index)
                else:
                    read.append(reader.read(index, line, says))
            except Refusal as refusal:
                outcome.refuse(index, refusal)
        take_in(posting, places, reader, read, outcome)
    return outcome


def take_in(
    posting: OpenPosting,
    places: Sequence[Place],
    reader: Reader,
    told: Sequence[Read],
    outcome: Result,
) -> None:
    """Take in what was not told before: receive it, pass title where it passes, put it away."""
    outcome.new = len(told)
    if not told:
        return
    _claim(posting, told)
    goods = _receive(posting, places, told)
    on_hand = _on_hand(reader.on_hand, goods)
    _book_receipts(posting, goods)
    transfers = _take_title(posting, goods, reader)
    transfers += _put_away(posting, places, goods)
    _hold_for_inspection(posting, goods)
    waiting = charges.settle(posting, transfers, on_hand)
    charges.queue(posting, waiting)
    outcome.waiting = len(waiting)


def lines_from_ship_notice(
    *,
    organization: OrganizationId,
    ship_notice: str,
    receipt: str,
    received_on: date,
    consignor: str = "",
) -> list[ReceiptLine]:
    """A receipt as the ship notice announces it, for the dock to correct and record (C07). Refuses
    a number that several consignors gave, where it is not said whose is meant."""
    announced = receipt_records.announced(organization, [ship_notice]).get(ship_notice, [])
    codes = agreement_records.party_codes({said.consignor for said in announced})
    announced = [said for said in announced if consignor in ("", codes[said.consignor])]
    if len({said.notice for said in announced}) > 1:
        givers = tuple(sorted({codes[said.consignor] for said in announced}))
        raise NumberOfSeveral("ship notice", ship_notice, givers)
    by_id, _ = receipt_records.expected(organization, [], {line.order_line for line in announced})
    return [
        ReceiptLine(
            receipt, said.line, Moment(received_on), ship_notice, said.line,
            item=by_id[said.order_line].item.code, quantity=Micros(said.quantity),
            unit=by_id[said.order_line].item.unit, lot=said.lot, serial=said.serial,
            expires_on=said.expires_on, consignor=codes[said.consignor],
        )
        for said in announced
    ]  # fmt: skip


def _claim(posting: OpenPosting, new: Iterable[Read]) -> None:
    """Claim new lines. The document of a line is the first of its arrivals."""
    claims = []
    for line in new:
        first = posting.take_numbers("arrival", len(line.arrivals))
        claims.append(Claim(line.reference, line.says, first))
    before = claim(posting, RECEIPTS, claims)
    assert not before, "the organization's lock lets nobody claim meanwhile"


_About = tuple[str, date, PartyId, int]


def _receipt(line: Read) -> _About:
    """What one goods receipt holds: one day's lines from one supplier under one reference."""
    return line.receipt, line.happened_on, line.supplier, line.notice or 0


@dataclass
class _Goods:
    """What came of one layer with one receipt line, and where it lies now."""

    line: Read
    arrival: Arrival
    receipt: int
    holding: Holding


def _receive(posting: OpenPosting, places: Sequence[Place], told: Sequence[Read]) -> list[_Goods]:
    """Take the goods in at the dock, in the order in which they are told: of two layers of one day
    the one that was told first goes first, wherever a file is cut."""
    book = posting.book
    ledger.read_positions(book, {line.item for line in told})
    supplier_place = default_place(list(places), Zone.SUPPLIER)
    dock = default_place(list(places), Zone.DOCK)
    arrived = posting.ledger.next_arrival - sum(len(line.arrivals) for line in told)
    numbers = _open_receipts(posting, told)
    goods: list[_Goods] = []
    for about, group in groupby(told, _receipt):
        came = [(line, arrival) for line in group for arrival in line.arrivals]
        number, begun = numbers[about], len(book.entries)
        layers = trade.receive(
            book,
            [arrival for _, arrival in came],
            consignee=posting.organization.party,
            supplier_place=supplier_place,
            dock=dock,
            happened_on=came[0][0].happened_on,
            receipt=number,
        )
        posting.add(
            "goods_receipt_line",
            [
                (posting.organization.id, place_in_all, posting.number, number, line.line, layer,
                 arrival.quantity, line.said[:80], line.is_inspected)
                for place_in_all, ((line, arrival), layer)
                in enumerate(zip(came, layers, strict=True), arrived + len(goods))
            ],
        )  # fmt: skip
        lying = {entry.layer: entry.target for entry in book.entries[begun:]}
        goods += _lying(posting, dock, number, came, layers, lying)
    return goods


def _open_receipts(posting: OpenPosting, told: Sequence[Read]) -> dict[_About, int]:
    """Number the receipts that lines make up, the one that is told of first being first."""
    about = list(dict.fromkeys(map(_receipt, told)))
    first = posting.take_numbers("receipt", len(about))
    numbers = {one: number for number, one in enumerate(about, first)}
    posting.add(
        "goods_receipt",
        [
            (posting.organization.id, number, posting.number, reference, supplier, notice or None,
             happened_on.isoformat())
            for (reference, happened_on, supplier, notice), number in numbers.items()
        ],
    )  # fmt: skip
    return numbers


def _lying(
    posting: OpenPosting,
    dock: Place,
    receipt: int,
    came: Sequence[tuple[Read, Arrival]],
    layers: Sequence[LayerNumber],
    lying: Mapping[LayerNumber, PositionNumber],
) -> Iterator[_Goods]:
    """What was received, as it lies at the dock."""
    for (line, arrival), layer in zip(came, layers, strict=True):
        about, position = arrival.layer, lying[layer]
        holding = Holding(
            about.item, posting.book.describe(position).owner, dock.number, position, layer,
            about.received_on, arrival.quantity, about.ownership, about.agreement,
            about.price if about.order_line else None, about.lot, about.serial,
            about.expires_on,
        )  # fmt: skip
        yield _Goods(line, arrival, receipt, holding)


def _on_hand(standing: OnHand, goods: Iterable[_Goods]) -> OnHand:
    """What is still its consignor's, with what opened now added to what stood."""
    for one in goods:
        if one.arrival.in_transit is None:
            layer = one.holding.layer
            standing.consigned[layer] = one.arrival.quantity
            if price := one.arrival.layer.price:
                standing.values[layer] = price
    return standing


def _book_receipts(posting: OpenPosting, goods: Iterable[_Goods]) -> None:
    """Nothing is owed for consigned goods; their value is told in memo accounts (O42, P53).

    What was in transit on the books was booked when it was shipped."""
    party = posting.organization.party
    values: dict[tuple[PartyId, AgreementId | None, date, str], int] = defaultdict(int)
    bought: dict[tuple[date, str], int] = defaultdict(int)
    kept = []
    for one in goods:
        layer, quantity, on = one.arrival.layer, one.arrival.quantity, one.line.happened_on
        price = layer.price
        if one.arrival.in_transit is not None:
            continue
        if layer.ownership is Ownership.OWNED:
            cost = price.extend(quantity) if price else 0
            currency = price.currency if price else posting.organization.currency
            averaged = quantity if price else 0
            kept.append(
                Kept(one.holding.layer, one.holding.item, quantity, cost, currency, on, averaged)
            )
            bought[on, currency] += cost
        elif layer.ownership is Ownership.CONSIGNED and price:
            values[layer.supplier, layer.agreement, on, price.currency] += price.extend(quantity)
    for (supplier, agreement, on, currency), value in values.items():
        parties = Parties(party, supplier, agreement)
        posting.add_journals(journals.consigned_received(parties, value, currency, on))
    for (on, currency), cost in bought.items():
        posting.add_journals(journals.goods_bought(party, cost, currency, on))
    own_costs.cost_own_goods(posting, (), kept)


def _take_title(
    posting: OpenPosting, goods: Iterable[_Goods], reader: Reader
) -> list[TitleTransfer]:
    """Make ours what becomes ours at the dock, as the agreement says (checklist E04, E05); what
    is to pass quality first becomes ours when it is accepted (E10)."""
    ours = posting.organization.party
    agreements = reader.terms.agreements
    return trade.take_title(
        posting.book,
        [
            Taken(one.holding, one.receipt, one.line.line, one.line.happened_on)
            for one in goods
            if one.holding.owner != ours
            and one.holding.agreement
            and is_ours_at_the_dock(agreements.get(one.holding.agreement))
            and not (one.line.is_inspected and waits_for_quality(agreements, one.holding))
        ],
        ours=ours,
        cause=Cause.RECEIPT,
    )


def _hold_for_inspection(posting: OpenPosting, goods: Sequence[_Goods]) -> None:
    """Put on hold what waits for its inspection, where the organization inspects (P26)."""
    room = Room.of(posting.places)
    change_condition(
        posting.book,
        [
            Change(
                one.holding, one.holding.left, EntryKind.HELD, Condition.ON_HOLD,
                room.inspects_at, one.receipt, one.line.line, one.line.happened_on, Cause.RECEIPT,
            )
            for one in goods
            if one.line.is_inspected
        ],
    )  # fmt: skip


def _put_away(
    posting: OpenPosting, places: Sequence[Place], goods: Sequence[_Goods]
) -> list[TitleTransfer]:
    """Put away what neither waits for its inspection nor is to be staged."""
    dock = default_place(list(places), Zone.DOCK)
    moves = [
        Move(
            one.receipt, one.line.line, one.holding.item, one.holding.left, dock, one.line.place,
            one.line.happened_on, layer=one.holding.layer, goods=one.line.goods,
        )
        for one in goods
        if one.line.place.number != dock.number
    ]  # fmt: skip
    moved = move_goods(
        posting, [one.holding for one in goods], moves, kind=EntryKind.PUT_AWAY,
        cause=Cause.PUTAWAY,
    )  # fmt: skip
    return moved.transfers
