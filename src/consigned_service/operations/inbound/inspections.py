"""Inspecting what was received, and holding a receipt as a whole until it is released.

Accepted goods are put away where the inspection says (checklist P26), rejected ones are blocked,
and what is held waits on. The mark on a receipt keeps all that is staged of it from being put away
until it is cleared (P32).

Refuses line by line: NoSourceDocument, InvalidChoice, and what `trade.inspections` and
`trade.status`
refuse.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, NamedTuple

from consigned.inbound import inspections as trade
from consigned.inbound.inspections import (
    INSPECTED_AS,
    Decision,
    Inspected,
    Lying,
    NothingOnHold,
    NothingStagedOf,
    Room,
)
from consigned.inbound.receipts import NothingReceived, Taken, take_title
from consigned.inventory.stock import Holding
from consigned.inventory.title_transfers import TitleTransfer
from consigned.inventory.transfers import Move, has_come_to_pass, title_rule, waits_for_quality
from consigned.master_data.items import Item
from consigned.master_data.ownership import check_putaway
from consigned.master_data.parties import default_place
from consigned.measure.identity import ItemId, LayerNumber, OrganizationId
from consigned.measure.period import Moment
from consigned.measure.quantity import Micros
from consigned.title.entry import Cause
from consigned.title.layer import Ownership
from consigned.title.position import Place, Zone
from consigned_service.operations.accounting import accruals as charges
from consigned_service.operations.core import fields
from consigned_service.operations.core.idempotency import tell_once
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.inbound import putaway
from consigned_service.operations.inbound.receipt_lines import NoSourceDocument
from consigned_service.operations.ledger import posting as postings
from consigned_service.records.inbound import receipts as receipt_records
from consigned_service.records.inbound.receipts import Staged
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records


class InspectionLine(NamedTuple):
    """A decision on received goods."""

    reference: Annotated[str, fields.REFERENCE]
    receipt: Annotated[str, fields.RECEIPT]
    line: Annotated[int, fields.LINE, "the receipt's line"]
    quantity: Annotated[Micros, fields.QUANTITY]
    outcome: Annotated[
        Decision,
        fields.Choice(
            INSPECTED_AS, "accept, reject, hold: it waits on, or reinspect: it waits again"
        ),
    ]
    inspected_on: Annotated[Moment, fields.HAPPENED_ON]
    unit: Annotated[str, fields.UNIT] = ""
    place: Annotated[
        str, fields.PLACE, "code of the place accepted goods are put away to; empty: the usual one"
    ] = ""
    because: Annotated[str, fields.BECAUSE] = ""


class ReceiptHoldLine(NamedTuple):
    """A receipt, or one line of it, that is put on hold or released."""

    reference: Annotated[str, fields.REFERENCE]
    receipt: Annotated[str, fields.RECEIPT]
    happened_on: Annotated[Moment, fields.HAPPENED_ON]
    line: Annotated[int | None, fields.LINE, "the receipt's line; empty: all of them"] = None
    because: Annotated[str, fields.BECAUSE] = ""


class Read(NamedTuple):
    """An inspection line as it was understood."""

    reference: str
    inspected: Inspected
    place: Place | None
    """Where accepted goods go, if it is said."""
    goods: str
    because: str


def record_inspections(
    *, organization: OrganizationId, lines: Sequence[InspectionLine], by: str, at: datetime
) -> Result:
    """Accept, reject or hold received goods, many lines at once, all or none.

    What is accepted is put away in the same posting, unless the line says DOCK or the
    organization stages its receipts. Refuses more than waits, in the asker's numbers.
    """
    outcome = Result()
    with postings.posting(
        organization, cause="inspection", recorded_at=at, recorded_by=by
    ) as posting:
        staged = receipt_records.staged(organization, {line.receipt for line in lines})
        items = agreement_records.items_by_id({goods.item for goods in staged.values()})

        def read(_: int, line: InspectionLine) -> Read:
            return _read(posting, staged, items, line)

        new = tell_once(posting, enumerate(lines), read, outcome, day="inspected_on")
        if new:
            _inspect(posting, new)
        outcome.new = len(new)
    return outcome


def _read(
    posting: OpenPosting,
    staged: dict[tuple[str, int], Staged],
    items: dict[ItemId, Item],
    line: InspectionLine,
) -> Read:
    key = (line.receipt, line.line)
    if key not in staged:
        raise NoSourceDocument(f"line {line.line} of receipt {line.receipt}")
    goods = staged[key]
    item = items[goods.item]
    quantity = item.quantity(line.quantity, line.unit)
    if quantity <= 0:
        raise NothingReceived(item.code)
    place = None
    if line.place:
        place = putaway.place_named(posting.places, line.place, posting.organization.code)
        check_putaway(place, goods.ownership, goods=item.show(quantity), places=posting.places)
    return Read(
        line.reference,
        Inspected(
            key[0], goods.receipt, key[1], item.code, item.unit, goods.layers, line.outcome,
            quantity, posting.organization.day_here(line.inspected_on),
        ),
        place,
        item.show(quantity),
        line.because,
    )  # fmt: skip


def _inspect(posting: OpenPosting, read: Sequence[Read]) -> None:
    """Carry out what was decided, and put away what was accepted."""
    layers = {layer for line in read for layer in line.inspected.layers}
    lying, on_hand = receipt_records.read_lying(
        posting.book, layers, ours=posting.organization.party
    )
    ledger.read_positions(posting.book, {one.goods.item for one in lying})
    inspected = [line.inspected for line in read]
    accepted = trade.decide(posting.book, lying, inspected, Room.of(posting.places))
    _keep(posting, [(line.reference, line.inspected, line.because) for line in read])
    passed = _take_title(posting, inspected, accepted)
    places = {place.number: place for place in posting.places}
    moves = [
        Move(
            line.inspected.document, line.inspected.line, goods.item, goods.left,
            places[goods.place], target, line.inspected.happened_on, goods.owner,
            layer=goods.layer, goods=line.goods,
        )
        for line, released in zip(read, accepted, strict=True)
        for goods, _ in released
        if (target := line.place or _usual_place(posting, goods)).zone not in putaway.STAGING
    ]  # fmt: skip
    free = [goods for released in accepted for goods, _ in released]
    putaway.put(posting, free, moves, on_hand, passed)


def _usual_place(posting: OpenPosting, goods: Holding) -> Place:
    """Where accepted goods go if nothing is said: they stay staged, or go where such goods go."""
    if posting.organization.two_step_receiving:
        return default_place(posting.places, Zone.DOCK)
    is_ours = goods.owner == posting.organization.party
    return default_place(posting.places, Zone.STOCKROOM if is_ours else Zone.CONSIGNED_STORE)


def _take_title(
    posting: OpenPosting, inspected: Sequence[Inspected], released: Sequence[Sequence[Lying]]
) -> list[TitleTransfer]:
    """Make ours what its agreement held back until it had passed quality (checklist E10)."""
    ours = posting.organization.party
    places = {place.number: place for place in posting.places}
    agreements = agreement_records.read_agreements(
        {one.goods.agreement for goods in released for one in goods if one.goods.agreement}
    )
    taken = [
        Taken(goods, line.document, line.line, line.happened_on)
        for line, freed in zip(inspected, released, strict=True)
        for goods, _ in freed
        if goods.owner != ours
        and goods.ownership == Ownership.CONSIGNED
        and waits_for_quality(agreements, goods)
        and has_come_to_pass(title_rule(agreements, goods), places[goods.place])
    ]
    return take_title(posting.book, taken, ours=ours, cause=Cause.INSPECTION)


def _keep(posting: OpenPosting, decided: Sequence[tuple[str, Inspected, str]]) -> None:
    first = posting.take_numbers("inspection", len(decided))
    posting.add(
        "inspection",
        [
            (posting.organization.id, number, posting.number, reference, inspected.document,
             inspected.line, inspected.decision.value, inspected.quantity, because,
             inspected.happened_on.isoformat())
            for number, (reference, inspected, because) in enumerate(decided, first)
        ],
    )  # fmt: skip


# --- the mark on a receipt -----------------------------------------------------------------


def hold_receipts(
    *, organization: OrganizationId, lines: Sequence[ReceiptHoldLine], by: str, at: datetime
) -> Result:
    """Put all that is staged of some receipts on hold, many lines at once, all or none."""
    return _mark(organization, lines, Decision.HOLD_RECEIPT, by, at)


def release_receipts(
    *, organization: OrganizationId, lines: Sequence[ReceiptHoldLine], by: str, at: datetime
) -> Result:
    """Clear the mark on some receipts, many lines at once, all or none; what waits for its
    inspection waits on."""
    return _mark(organization, lines, Decision.RELEASE_RECEIPT, by, at)


class Marked(NamedTuple):
    """A receipt, or a line of it, to be held or released."""

    reference: str
    receipt: str
    lines: list[tuple[int, Staged]]
    happened_on: date
    because: str


def _mark(
    organization: OrganizationId,
    lines: Sequence[ReceiptHoldLine],
    decision: Decision,
    by: str,
    at: datetime,
) -> Result:
    outcome = Result()
    with postings.posting(
        organization, cause=str(decision), recorded_at=at, recorded_by=by
    ) as posting:
        staged = receipt_records.staged(organization, {line.receipt for line in lines})

        def read(_: int, line: ReceiptHoldLine) -> Marked:
            return _read_mark(posting, staged, line)

        new = tell_once(posting, enumerate(lines), read, outcome, day="happened_on")
        if new:
            _carry_out(posting, new, decision)
        outcome.new = len(new)
    return outcome


def _read_mark(
    posting: OpenPosting, staged: dict[tuple[str, int], Staged], line: ReceiptHoldLine
) -> Marked:
    receipt, which = line.receipt, line.line
    goods = [
        (number, found)
        for (reference, number), found in sorted(staged.items())
        if reference == receipt and which in (None, number)
    ]
    if not goods:
        raise NoSourceDocument(
            f"line {which} of receipt {receipt}" if which else f"receipt {receipt}"
        )
    return Marked(
        line.reference, receipt, goods,
        posting.organization.day_here(line.happened_on),
        line.because,
    )  # fmt: skip


def _carry_out(posting: OpenPosting, marks: Sequence[Marked], decision: Decision) -> None:
    layers = {layer for mark in marks for _, goods in mark.lines for layer in goods.layers}
    lying, on_hand = receipt_records.read_lying(
        posting.book, layers, ours=posting.organization.party
    )
    ledger.read_positions(posting.book, {one.goods.item for one in lying})
    room = Room.of(posting.places)
    items = agreement_records.items_by_id({one.goods.item for one in lying})
    decided: list[tuple[str, Inspected, str]] = []
    for mark in marks:
        of_mark = [
            (mark.reference, inspected, mark.because)
            for number, goods in mark.lines
            if (inspected := _all_of(mark, number, goods, lying, items, room, decision))
        ]
        if not of_mark:
            is_hold = decision is Decision.HOLD_RECEIPT
            raise NothingStagedOf(mark.receipt) if is_hold else NothingOnHold(mark.receipt)
        decided += of_mark
    all_of_it = [one for _, one, _ in decided]
    released = trade.decide(posting.book, lying, all_of_it, room)
    _keep(posting, decided)
    passed = _take_title(posting, all_of_it, released)
    charges.queue(posting, charges.settle(posting, passed, on_hand))


def _all_of(
    mark: Marked,
    number: int,
    goods: Staged,
    lying: Sequence[Lying],
    items: dict[ItemId, Item],
    room: Room,
    decision: Decision,
) -> Inspected | None:
    """The decision on all that is staged of a receipt line and may be decided on so."""
    layers = _layers(goods, decision)
    quantity = sum(
        one.goods.left
        for one in lying
        if one.goods.layer in layers
        and one.condition in trade.TAKES[decision]
        and one.goods.place in room.staging
    )
    if not quantity:
        return None
    item = items[goods.item]
    return Inspected(
        mark.receipt, goods.receipt, number, item.code, item.unit, layers, decision, quantity,
        mark.happened_on,
    )  # fmt: skip


def _layers(goods: Staged, decision: Decision) -> list[LayerNumber]:
    """What a mark may be put on, or cleared from: only an inspection ends the waiting for it."""
    if decision is Decision.HOLD_RECEIPT:
        return list(goods.layers)
    return [layer for layer, is_inspected in goods.layers.items() if not is_inspected]
