"""Going back: title to the consignor, goods to the supplier, and goods that customers bring back.

Each act is one posting: what goes back is decided by the rule, then turned back in the running
totals, in both parties' books and in what our own goods cost. What an advice has told stays told;
goods that go back after it leave a debit request for the settlement.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Annotated, Any, NamedTuple, TypeVar

from consigned.inventory.title_transfers import (
    NotEnoughIssued,
    NotEnoughOnHand,
    OwnedIssue,
    Use,
    UseKind,
)
from consigned.master_data.items import Item, UnknownItem
from consigned.master_data.parties import UnknownParty, UnknownPlace, default_place
from consigned.measure.identity import (
    ConsumptionNumber,
    LayerNumber,
    OrganizationId,
    PartyId,
)
from consigned.measure.period import Moment
from consigned.measure.quantity import Micros
from consigned.returns import entries as trade
from consigned.returns.lines import (
    BROUGHT_BACK,
    AlreadyAdvised,
    CameBack,
    ComingBack,
    Direction,
    GoingBack,
    NothingGoesBack,
    OwnedLocation,
    Part,
    ReturnedQuantity,
    Short,
    TransferFirst,
)
from consigned.title.position import Condition, Place, Zone
from consigned_service.operations.accounting import accruals as charges
from consigned_service.operations.accounting import costs as own_costs
from consigned_service.operations.accounting import reversals
from consigned_service.operations.core import fields
from consigned_service.operations.core.idempotency import tell_once
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.inbound.receipt_lines import NoSourceDocument
from consigned_service.operations.inventory import makers
from consigned_service.operations.ledger import posting as postings
from consigned_service.operations.ledger.recoveries import Leaving
from consigned_service.operations.returns import customer_returns as brought_back
from consigned_service.operations.returns.customer_returns import read_lying
from consigned_service.records.inbound import receipts as receipt_records
from consigned_service.records.inventory import renewals as renewal_records
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.returns import returns as return_records

Line = TypeVar("Line", bound=tuple)


class ToConsignedLine(NamedTuple):
    """A line of a transfer to consigned."""

    reference: Annotated[str, fields.REFERENCE]
    item: Annotated[str, fields.ITEM]
    quantity: Annotated[
        Micros, fields.QUANTITY, "how much becomes its consignor's again, as 3 or 0.125"
    ]
    happened_on: Annotated[Moment, fields.HAPPENED_ON]
    unit: Annotated[str, fields.UNIT] = ""
    place: Annotated[
        str, fields.PLACE, "code of the place where it lies; empty: wherever it lies"
    ] = ""
    consignor: Annotated[
        str, fields.CONSIGNOR, "code of the party whose it becomes; empty: of the oldest transfers"
    ] = ""
    lot: Annotated[str, fields.LOT] = ""
    serial: Annotated[str, fields.SERIAL] = ""
    receipt: Annotated[str, fields.RECEIPT, "number of the goods receipt it came with"] = ""
    line: Annotated[int | None, fields.LINE, "that receipt's line; empty: 1"] = None
    to_place: Annotated[
        str,
        fields.PLACE,
        "code of the place it goes to; empty: it stays, or leaves an owned place for "
        "the consignor's store",
    ] = ""
    because: Annotated[str, fields.BECAUSE] = ""


class ReturnLine(NamedTuple):
    """A line of a return to the supplier."""

    reference: Annotated[str, fields.REFERENCE]
    item: Annotated[str, fields.ITEM]
    quantity: Annotated[
        Micros, fields.QUANTITY, "how much goes back to the supplier, as 3 or 0.125"
    ]
    happened_on: Annotated[Moment, fields.HAPPENED_ON]
    unit: Annotated[str, fields.UNIT] = ""
    place: Annotated[
        str, fields.PLACE, "code of the place it leaves, as the dock; empty: wherever it lies"
    ] = ""
    consignor: Annotated[
        str, fields.CONSIGNOR, "code of the party it goes back to; empty: of the oldest receipts"
    ] = ""
    lot: Annotated[str, fields.LOT] = ""
    serial: Annotated[str, fields.SERIAL] = ""
    receipt: Annotated[str, fields.RECEIPT, "number of the goods receipt it came with"] = ""
    line: Annotated[int | None, fields.LINE, "that receipt's line; empty: 1"] = None
    condition: Annotated[
        Condition | None, fields.Choice(Condition, "unrestricted, on-hold or blocked; empty: any")
    ] = None
    owned: Annotated[
        bool | None,
        fields.YES_OR_NO,
        "yes for goods that became ours alone, no for those that did not; empty: the "
        "supplier's first",
    ] = None
    with_title_transfer: Annotated[
        bool | None,
        fields.YES_OR_NO,
        "yes where goods that are ours and on no advice are to become consigned again on their way",
    ] = None
    replacement: Annotated[
        bool | None, fields.YES_OR_NO, "yes where as much is to come again on the same order line"
    ] = None
    because: Annotated[str, fields.BECAUSE] = ""


class CustomerReturnLine(NamedTuple):
    """A line of what a customer, or production, brings back."""

    reference: Annotated[str, fields.REFERENCE]
    item: Annotated[str, fields.ITEM]
    quantity: Annotated[Micros, fields.QUANTITY, "how much comes back, as 3 or 0.125"]
    happened_on: Annotated[Moment, fields.HAPPENED_ON]
    unit: Annotated[str, fields.UNIT] = ""
    kind: Annotated[
        UseKind,
        fields.Choice(
            BROUGHT_BACK,
            "what it was used for: sale (if empty), issue, express-issue, sample, work-order",
            empty=UseKind.SALE,
        ),
    ] = UseKind.SALE
    place: Annotated[
        str, fields.PLACE, "code of the place it goes to; empty: the consignor's store"
    ] = ""
    condition: Annotated[
        Condition,
        fields.Choice(
            Condition,
            "how it is kept: on-hold where it is to be inspected, blocked, or unrestricted "
            "(if empty)",
            empty=Condition.UNRESTRICTED,
        ),
    ] = Condition.UNRESTRICTED
    consignor: Annotated[
        str, fields.CONSIGNOR, "code of the party whose goods they were; empty: what went out last"
    ] = ""
    lot: Annotated[str, fields.LOT] = ""
    serial: Annotated[str, fields.SERIAL] = ""
    receipt: Annotated[str, fields.RECEIPT, "number of the goods receipt it came with"] = ""
    line: Annotated[int | None, fields.LINE, "that receipt's line; empty: 1"] = None
    customer: Annotated[str, fields.Text("who brought it back")] = ""
    to_original_owner: Annotated[
        bool | None,
        fields.YES_OR_NO,
        "yes where goods become their first owner's again, no where they are ours; "
        "empty: as the agreement says (customer_returns)",
    ] = None
    because: Annotated[str, fields.BECAUSE] = ""


class ReceiptReversalLine(NamedTuple):
    """A line of a goods receipt that is to be taken back; all that lies there unless
    a quantity is given."""

    reference: Annotated[str, fields.REFERENCE]
    receipt: Annotated[
        str, fields.RECEIPT, "number of the goods receipt that was recorded by mistake"
    ]
    line: Annotated[int, fields.LINE, "the receipt's line"]
    happened_on: Annotated[Moment, fields.HAPPENED_ON]
    because: Annotated[str, fields.BECAUSE]
    quantity: Annotated[Micros | None, fields.QUANTITY, "how much of it; empty: all of it"] = None
    unit: Annotated[str, fields.UNIT] = ""


class Said(NamedTuple):
    """What a document of a return keeps of the line behind it, beside the goods."""

    reference: str
    because: str
    reopens_order: bool = False
    customer: str | None = None


class ReadLine(NamedTuple):
    """A line as it was understood."""

    goes: GoingBack | ComingBack
    said: Said
    item: Item
    where: str
    """What it names of where the goods are: a place, a receipt line."""


def transfer_to_consigned(
    *, organization: OrganizationId, lines: Sequence[ToConsignedLine], by: str, at: datetime
) -> Result:
    """Make goods of ours that came on consignment their consignor's again, many lines at once.

    The oldest transfers of title go back first, in the very totals they count in (checklist O34,
    O52). Refuses what an advice has told, naming the advice and how much could still go back.
    """
    outcome = Result()
    with _posting(organization, "to-consigned", by, at) as posting:
        reader = _Reader(posting, lines)

        def read(number: int, line: ToConsignedLine) -> ReadLine:
            target = reader.place(line.to_place)
            if target and target.is_owned:
                raise OwnedLocation(target.code)
            goes = reader.going_back(number, line)._replace(
                turns_title=True, target=target.number if target else None
            )
            return reader.understood(line, goes)

        told = reader.tell(lines, read, outcome)
        _turn_title_back(posting, reader, told)
        outcome.new = len(told)
    return outcome


def return_to_supplier(
    *, organization: OrganizationId, lines: Sequence[ReturnLine], by: str, at: datetime
) -> Result:
    """Send goods back to their supplier, many lines at once, from the dock or from their place.

    What is still the supplier's goes first, and nothing is owed for it. What became ours and is on
    no advice goes back only as consigned: `with_title_transfer` asks for that transfer in the
    same act.
    What an advice has told goes back as ours and leaves a debit request (checklist O49-O53).
    """
    outcome = Result()
    with _posting(organization, "return", by, at) as posting:
        reader = _Reader(posting, lines)

        def read(number: int, line: ReturnLine) -> ReadLine:
            goes = reader.going_back(number, line)._replace(
                condition=line.condition.value if line.condition else None,
                is_owned=line.owned,
                transfers_first=bool(line.with_title_transfer),
            )
            return reader.understood(line, goes, reopens_order=bool(line.replacement))

        told = reader.tell(lines, read, outcome)
        _send_back(posting, reader, told, Direction.TO_SUPPLIER)
        outcome.new = len(told)
    return outcome


def reverse_receipts(
    *, organization: OrganizationId, lines: Sequence[ReceiptReversalLine], by: str, at: datetime
) -> Result:
    """Take back receipt lines that were recorded by mistake, goods received twice for one.

    Everything stands as before the receipt, and the order may be received again. Refuses what was
    used meanwhile.
    """
    outcome = Result()
    with _posting(organization, "receipt-reversal", by, at) as posting:
        reader = _Reader(posting, lines)

        def read(number: int, line: ReceiptReversalLine) -> ReadLine:
            item, layers = reader.received(line)
            is_all = line.quantity is None
            quantity = reader.came_with(line) if is_all else reader.quantity(item, line)
            goes = GoingBack(
                number, item.id, quantity, posting.organization.day_here(line.happened_on),
                layers=layers, transfers_first=True,
            )  # fmt: skip
            return reader.understood(line, goes, item=item, reopens_order=True)

        told = reader.tell(lines, read, outcome)
        _send_back(posting, reader, told, Direction.RECEIPT_REVERSED)
        outcome.new = len(told)
    return outcome


def take_back(
    *, organization: OrganizationId, lines: Sequence[CustomerReturnLine], by: str, at: datetime
) -> Result:
    """Take back what customers, or work orders, bring: whose it is then, the line says or the
    agreement (checklist P41, X20); on hold where it is to be inspected first.

    Refuses more than went out; and where a line asks for it as issued, what an advice has told.
    """
    outcome = Result()
    with _posting(organization, "customer-return", by, at) as posting:
        reader = _Reader(posting, lines)

        def read(number: int, line: CustomerReturnLine) -> ReadLine:
            place = reader.place(line.place) or reader.consigned_store
            if line.to_original_owner and place.is_owned:
                raise OwnedLocation(place.code)
            goes = reader.going_back(number, line._replace(place=""))
            return reader.understood(
                line,
                ComingBack(
                    number, goes.item, goes.quantity, goes.happened_on,
                    line.kind.value, place.number, line.condition.value, goes.consignor, goes.lot,
                    goes.serial, goes.layers, line.to_original_owner,
                ),
                customer=line.customer or None,
            )  # fmt: skip

        told = reader.tell(lines, read, outcome)
        _take_in(posting, reader, told)
        outcome.new = len(told)
    return outcome


def _posting(
    organization: OrganizationId, cause: str, by: str, at: datetime
) -> AbstractContextManager[OpenPosting]:
    return postings.posting(organization, cause=cause, recorded_at=at, recorded_by=by)


# --- reading the lines ---------------------------------------------------------------------


class _Reader:
    """Reads the lines of a return against the master data and receipts that they name."""

    def __init__(self, posting: OpenPosting, lines: Sequence[Any]) -> None:
        self.posting = posting
        self.organization = organization = posting.organization
        self.places = ledger.read_places(organization.id)
        self.by_code = {place.code: place for place in self.places if not place.is_outer}
        self.codes = {place.number: place.code for place in self.places}
        self.consigned_store = default_place(self.places, Zone.CONSIGNED_STORE)
        self.staged = receipt_records.staged(
            organization.id, {receipt for line in lines if (receipt := _said(line, "receipt"))}
        )
        self.items = agreement_records.items_by_code({_said(line, "item") for line in lines})
        self.became = renewal_records.became(
            organization.id, {layer for came in self.staged.values() for layer in came.layers}
        )
        self.by_id = agreement_records.items_by_id({came.item for came in self.staged.values()})
        self.quantities = return_records.quantities_received(
            organization.id, {came.receipt for came in self.staged.values()}
        )
        named = {consignor for line in lines if (consignor := _said(line, "consignor"))}
        self.parties = agreement_records.party_ids(named) if named else {}

    def going_back(self, number: int, line: Any) -> GoingBack:
        """What every line of a return says of the goods."""
        item = self.items.get(_said(line, "item"))
        if item is None:
            raise UnknownItem(line.item)
        place = self.place(line.place)
        consignor = _said(line, "consignor")
        if consignor and consignor not in self.parties:
            raise UnknownParty(consignor)
        layers = None
        if _said(line, "receipt"):
            _, came = self.received(line)
            layers = came.union(*(self.became.get(layer, ()) for layer in came))
        return GoingBack(
            number, item.id, self.quantity(item, line),
            self.organization.day_here(line.happened_on), place.number if place else None,
            self.parties.get(consignor), line.lot or None, line.serial or None, layers,
        )  # fmt: skip

    def understood(
        self, line: Any, goes: GoingBack | ComingBack, *, item: Item | None = None,
        reopens_order: bool = False, customer: str | None = None,
    ) -> ReadLine:  # fmt: skip
        said = Said(
            line.reference, line.because,
            reopens_order, customer,
        )  # fmt: skip
        receipt = _said(line, "receipt")
        named = (_said(line, "place"), receipt and f"receipt {receipt}")
        where = " ".join(filter(None, (self.organization.code, *named)))
        return ReadLine(goes, said, item or self.items[_said(line, "item")], where)

    def received(self, line: Any) -> tuple[Item, frozenset[LayerNumber]]:
        """The item and the layers of the receipt line that is named."""
        key = _receipt_line(line)
        if key not in self.staged:
            raise NoSourceDocument(f"line {key[1]} of receipt {key[0]}")
        came = self.staged[key]
        return self.by_id[came.item], frozenset(came.layers)

    def quantity(self, item: Item, line: Any) -> int:
        micros = item.quantity(line.quantity, line.unit, serial=_said(line, "serial"))
        if micros <= 0:
            raise NothingGoesBack(item.code)
        return micros

    def place(self, code: str) -> Place | None:
        if not code:
            return None
        place = self.by_code.get(code)
        if place is None:
            raise UnknownPlace(code, self.organization.code)
        return place

    def came_with(self, line: Any) -> int:
        """All that came with the receipt line that is named."""
        receipt, number = _receipt_line(line)
        return self.quantities[self.staged[receipt, number].receipt, number]

    def tell(
        self, lines: Sequence[Line], read: Callable[[int, Line], ReadLine], outcome: Result
    ) -> list[ReadLine]:
        """Read and claim the lines; answers those that were not told before."""
        return tell_once(self.posting, enumerate(lines), read, outcome, day="happened_on")

    def code_of(self, party: PartyId | None) -> str | None:
        return agreement_records.party_codes([party])[party] if party else None

    def telling(self, short: Short) -> tuple[str, ...]:
        """The advices that tell what stands against a line."""
        return return_records.advices_telling(self.organization.id, short.told)


def _receipt_line(line: Any) -> tuple[str, int]:
    return line.receipt, line.line or 1


def _said(line: Any, name: str) -> str:
    return str(getattr(line, name, ""))


# --- the acts --------------------------------------------------------------------------------


def _turn_title_back(posting: OpenPosting, reader: _Reader, told: Sequence[ReadLine]) -> None:
    if not told:
        return
    _check_makers(posting, told)
    ledger.read_positions(posting.book, {line.item.id for line in told})
    on_hand, goods, stands = read_lying(posting, {line.item.id for line in told})
    went = trade.transfer_to_consigned(
        posting.book, goods, _going(told), first_document=posting.ledger.next_return
    )
    _refuse_short(reader, told, went)
    reversals.turn_back(posting, went.turned, stands, on_hand)
    _keep(posting, told, went.parts, lambda line, part: Direction.TO_CONSIGNED)


def _send_back(
    posting: OpenPosting, reader: _Reader, told: Sequence[ReadLine], direction: Direction
) -> None:
    if not told:
        return
    _check_makers(posting, told)
    ledger.read_positions(posting.book, {line.item.id for line in told})
    on_hand, goods, stands = read_lying(
        posting, {line.item.id for line in told}, leaving=map(_leaving, _going(told))
    )
    went = trade.return_to_supplier(
        posting.book, goods, _going(told), first_document=posting.ledger.next_return
    )
    _refuse_short(reader, told, went)
    reversals.turn_back(posting, went.turned, stands, on_hand)
    charges.take_back_receipt(posting, went.theirs, on_hand)
    reversals.return_bought(posting, went.bought)
    said = {line.goes.line: line.said for line in told}
    because = {part.document: said[part.line].because for part in went.parts}
    reversals.ask_back(posting, went.sold, stands, on_hand, because)
    _keep(posting, told, went.parts, lambda line, part: direction)


def _take_in(posting: OpenPosting, reader: _Reader, told: Sequence[ReadLine]) -> None:
    if not told:
        return
    lines = [line.goes for line in told if isinstance(line.goes, ComingBack)]
    gone = brought_back.read_gone(posting, lines)
    on_hand, goods, stands = brought_back.read_coming_back(posting, gone, lines)
    went = trade.come_back(
        posting.book, goods, lines, issued=gone.issued, outer=gone.outer,
        first_document=posting.ledger.next_return,
    )  # fmt: skip
    _refuse_short(reader, told, went)
    own_costs.cost_own_goods(posting, [_came_in(came) for came in went.came])
    reversals.turn_back(posting, went.turned, stands, on_hand, were_kept=False)
    _keep(posting, told, went.parts, _way_in)


def _check_makers(posting: OpenPosting, told: Iterable[ReadLine]) -> None:
    """A lot or a serial of several suppliers goes back only with whose it is, or its receipt."""
    makers.check(
        posting.organization.id,
        (
            (goes.item, goes.lot, goes.serial)
            for goes in (line.goes for line in told)
            if goes.consignor is None and goes.layers is None
        ),
    )


def _keep(
    posting: OpenPosting,
    told: Iterable[ReadLine],
    parts: Sequence[Part],
    direction: Callable[[ReadLine, Part], Direction],
) -> None:
    """Keep a document for each layer's goods that went back."""
    organization, number = posting.organization.id, posting.number
    posting.take_numbers("return", len(parts))
    by_line = {line.goes.line: line for line in told}
    rows = []
    for part in parts:
        document, nth, layer, quantity, is_owned, _, on = part
        line = by_line[nth]
        reference, because, reopens_order, customer = line.said
        way = direction(line, part).value
        rows.append(
            (organization, document, number, reference, way, layer, quantity, is_owned,
             on.isoformat(), because, reopens_order, customer)
        )  # fmt: skip
    posting.add("goods_return", rows)


def _way_in(line: ReadLine, part: Part) -> Direction:
    return Direction.AS_ISSUED if part.turns_title else Direction.FROM_CUSTOMER


def _leaving(goes: GoingBack) -> Leaving:
    return Leaving(
        goes.item, goes.quantity, goes.happened_on, goes.place, goes.consignor, goes.lot,
        goes.serial, layers=goes.layers,
    )  # fmt: skip


def _going(told: Iterable[ReadLine]) -> list[GoingBack]:
    return [line.goes for line in told if isinstance(line.goes, GoingBack)]


def _came_in(came: CameBack) -> OwnedIssue:
    holding, quantity, line = came
    use = Use(ConsumptionNumber(0), line.kind, line.item, -quantity, line.happened_on)
    return OwnedIssue(use, holding, -quantity)


def _refuse_short(reader: _Reader, told: Sequence[ReadLine], went: ReturnedQuantity) -> None:
    """Refuse the first line that cannot go back in full, in the asker's numbers."""
    for short in went.shortages:
        line = next(line for line in told if line.goes.line == short.line)
        goes, item = line.goes, line.item
        asked = (item.code, item.unit, goes.quantity)
        whose = reader.code_of(
            reader.organization.party
            if isinstance(goes, GoingBack) and (goes.turns_title or goes.is_owned)
            else goes.consignor
        )
        if isinstance(goes, ComingBack):
            if goes.to_original_owner and short.told:
                raise AlreadyAdvised(*asked, short.could, reader.telling(short))
            if short.theirs:
                raise OwnedLocation(reader.codes[goes.place])
            raise NotEnoughIssued(
                item.code, item.unit, line.where, goes.quantity, short.could, whose, short.later,
                goes.happened_on,
            )  # fmt: skip
        if goes.turns_title and short.told:
            raise AlreadyAdvised(*asked, short.could, reader.telling(short))
        if short.untold and goes.is_owned is not False:
            raise TransferFirst(*asked, short.could, short.untold)
        raise NotEnoughOnHand(
            item.code, item.unit, line.where, goes.quantity, short.could, whose,
            came_later=short.later, on=goes.happened_on,
        )  # fmt: skip
