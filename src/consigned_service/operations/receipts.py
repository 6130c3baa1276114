"""Goods receipts: custody passes at the dock, a layer opens, nothing is owed; then putaway.

A receipt line answers a line of a ship notice or of an order, or names the agreement it comes
under, or only who it comes from. With an order its ownership is the order line's; without one it
may be said, by the rules for order lines. Where the goods are put away at once, the receipt's
`place` says where; a place that is owned makes consigned goods ours on the spot (checklist P45).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import ClassVar, NamedTuple

from consigned.measure.identity import AgreementId, LayerNumber, OrganizationId, PartyId
from consigned.measure.money import Price, check_currency, parse_price, show_price
from consigned.measure.period import parse_day
from consigned.measure.quantity import parse_micros, show_micros
from consigned.measure.refusal import Refusal
from consigned.settlement import journals
from consigned.settlement.journals import Parties
from consigned.title.entry import Cause, EntryKind
from consigned.title.layer import Layer, Ownership
from consigned.title.position import Place, Zone
from consigned.trade import custody
from consigned.trade import receipts as trade
from consigned.trade.agreements import Agreement, UnknownAgreement
from consigned.trade.custody import Move, title_rule
from consigned.trade.items import Item, UnknownItem
from consigned.trade.orders import Agreed, NotBetween
from consigned.trade.parties import UnknownParty, UnknownPlace, default_place
from consigned.trade.receipts import (
    Arrival,
    FollowsOrder,
    NotBought,
    NothingReceived,
    OverReceipt,
)
from consigned.trade.shelf import Holding, Shelves
from consigned.trade.status import (
    check_consignor,
    check_putaway,
    check_site,
    line_ownership,
    staged_ownership,
)
from consigned_service.operations import charges
from consigned_service.operations.charges import Kept
from consigned_service.operations.keeping import items_here
from consigned_service.operations.lines import (
    Differs,
    Outcome,
    one_of,
    optional_day,
    required,
    text,
)
from consigned_service.records import agreements as agreement_records
from consigned_service.records import ledger
from consigned_service.records import receipts as receipt_records
from consigned_service.records.ledger import OnHand, OpenPosting
from consigned_service.records.receipts import Announced, Expected


@dataclass(eq=False)
class NotExpected(Refusal):
    """Goods that no order, ship notice or agreement announces."""

    said: str
    code: ClassVar[str] = "not-expected"
    remedy: ClassVar[str] = "Name the order line, the ship notice line or the agreement."

    def __str__(self) -> str:
        return f"{self.said} is not known here"


class ReceiptLine(NamedTuple):
    """A line of a goods receipt as written."""

    receipt: str
    line: str
    received_on: str
    ship_notice: str = ""
    ship_notice_line: str = ""
    order: str = ""
    order_line: str = ""
    agreement: str = ""
    item: str = ""
    quantity: str = ""
    unit: str = ""
    lot: str = ""
    serial: str = ""
    expires_on: str = ""
    place: str = ""
    ownership: str = ""
    consignor: str = ""
    price: str = ""
    currency: str = ""


class Origin(NamedTuple):
    """Whose goods a line brings, under which agreement, as what, and at which price."""

    agreement: AgreementId | None
    supplier: PartyId
    ownership: Ownership
    price: Price | None


class Read(NamedTuple):
    """A receipt line as it was understood."""

    nth: int
    receipt: str
    line: int
    notice: int | None
    arrival: Arrival
    place: Place
    goods: str

    @property
    def reference(self) -> str:
        return f"{self.receipt}/{self.line}"


def record_receipts(
    *, organization: OrganizationId, lines: Sequence[ReceiptLine], by: str, at: datetime
) -> Outcome:
    """Receive goods into one organization, many lines at once, all in one posting.

    The quantity received counts on the order line and on hand in the same posting (checklist
    C08). Refuses a line that nothing announces, that receives nothing, or that would take more
    than the order asked for.
    """
    outcome = Outcome()
    with ledger.posting(organization, cause="receipt", recorded_at=at, recorded_by=by) as posting:
        places = posting.places
        told = _tell(posting, list(_read_lines(posting, places, lines, outcome)), outcome)
        if told:
            on_hand, holdings = _receive(posting, places, told)
            waiting = _put_away(posting, places, told, holdings, on_hand)
            charges.queue(posting, waiting)
            outcome.waiting = len(waiting)
        outcome.new = len(told)
    return outcome


def lines_from_ship_notice(
    *, organization: OrganizationId, ship_notice: str, receipt: str, received_on: date
) -> list[ReceiptLine]:
    """A receipt as the ship notice announces it, for the dock to correct and record (C07)."""
    announced = receipt_records.announced(organization, [ship_notice])
    by_id, _ = receipt_records.expected(
        organization, [], {line.order_line for line in announced.values()}
    )
    return [
        ReceiptLine(
            receipt, str(line), received_on.isoformat(), ship_notice, str(line),
            item=by_id[said.order_line].item.code, quantity=show_micros(said.quantity),
            unit=by_id[said.order_line].item.unit, lot=said.lot, serial=said.serial,
            expires_on=said.expires_on.isoformat() if said.expires_on else "",
        )
        for (_, line), said in announced.items()
    ]  # fmt: skip


def _read_lines(
    posting: OpenPosting,
    places: Sequence[Place],
    lines: Sequence[ReceiptLine],
    outcome: Outcome,
) -> Iterator[Read]:
    reader = _Reader(posting, places, lines)
    for index, line in enumerate(lines):
        try:
            yield reader.read(index, line)
        except Refusal as refusal:
            outcome.refuse(index, refusal)


class _Reader:
    """Reads receipt lines against the orders, ship notices and agreements that they name."""

    def __init__(
        self, posting: OpenPosting, places: Sequence[Place], lines: Sequence[ReceiptLine]
    ) -> None:
        self.organization = organization = posting.organization
        self.today = posting.recorded_on
        self.places = {place.code: place for place in places if not place.is_outer}
        self.consigned_place = default_place(list(places), Zone.CONSIGNED_STORE)
        self.owned_place = default_place(list(places), Zone.STOCKROOM)
        self.announced = receipt_records.announced(
            organization.id, {line.ship_notice.strip() for line in lines if line.ship_notice}
        )
        self.expected, self.by_number = receipt_records.expected(
            organization.id,
            {line.order.strip() for line in lines if line.order},
            {said.order_line for said in self.announced.values()},
        )
        self.told = receipt_records.told(
            organization.id, {f"{line.receipt.strip()}/{_plain(line.line)}" for line in lines}
        )
        self.received = receipt_records.received(organization.id, self.expected)
        self.items = agreement_records.items_by_code({line.item.strip() for line in lines})
        numbers = {line.agreement.strip() for line in lines if line.agreement}
        self.agreements = agreement_records.agreement_ids(numbers)
        self.suppliers = agreement_records.party_ids(
            {line.consignor.strip() for line in lines if line.consignor}
        )
        between = (
            agreement_records.read_agreements_with(organization.party, self.suppliers.values())
            if self.suppliers
            else []
        )
        known = {item.id: item for item in self.items.values()}
        known |= {e.item.id: e.item for e in self.expected.values()}
        self.terms = agreement_records.read_terms(
            {*self.agreements.values()}
            | {agreement.id for agreement in between}
            | {e.agreement for e in self.expected.values() if e.agreement},
            known,
        )  # fmt: skip
        self.here = items_here(organization, known.values())
        self.agreed = (
            Agreed(between, agreement_records.read_covered({a.id for a in between}, known))
            if between
            else Agreed((), ())
        )
        self.codes = agreement_records.party_codes(
            {e.supplier for e in self.expected.values()}
            | {agreement.consignor for agreement in self.terms.agreements.values()}
            | {*self.suppliers.values()}
        )  # fmt: skip

    def read(self, index: int, line: ReceiptLine) -> Read:
        receipt = required(line.receipt, "receipt", 60)
        number = _line_number(line.line, "line")
        received_on = parse_day(line.received_on)
        said = self._announced(line)
        source = self._expected(line, said)
        item = self._item(line, source)
        quantity = self._quantity(line, said, item)
        if quantity <= 0:
            raise NothingReceived(item.code)
        is_new = f"{receipt}/{number}" not in self.told
        if is_new:
            self.organization.check_day(received_on, today=self.today)
            self._check_order(source, item, quantity)
            origin = self._origin(line, source, item, received_on)
        else:
            origin = self._told_origin(line, source)
        layer = self._layer(line, said, source, origin, item, received_on, number)
        place = self._place(line, layer)
        if is_new:
            check_putaway(
                place, layer.ownership, goods=item.show(quantity), places=self.places.values()
            )
        return Read(
            index, receipt, number, said.notice if said else None, Arrival(layer, quantity), place,
            item.show(quantity),
        )  # fmt: skip

    def _quantity(self, line: ReceiptLine, said: Announced | None, item: Item) -> int:
        if said and not line.quantity.strip():
            return said.quantity
        return item.in_own_unit(parse_micros(line.quantity), line.unit.strip())

    def _announced(self, line: ReceiptLine) -> Announced | None:
        if not line.ship_notice.strip():
            return None
        key = (
            line.ship_notice.strip(),
            _line_number(line.ship_notice_line or line.line, "ship_notice_line"),
        )
        if key not in self.announced:
            raise NotExpected(f"line {key[1]} of ship notice {key[0]}")
        return self.announced[key]

    def _expected(self, line: ReceiptLine, said: Announced | None) -> Expected | None:
        if said:
            return self.expected[said.order_line]
        if not line.order.strip():
            return None
        key = (line.order.strip(), _line_number(line.order_line or line.line, "order_line"))
        if key not in self.by_number:
            raise NotExpected(f"line {key[1]} of order {key[0]}")
        return self.expected[self.by_number[key]]

    def _item(self, line: ReceiptLine, source: Expected | None) -> Item:
        code = line.item.strip()
        if source and code in ("", source.item.code):
            return source.item
        if source:
            raise NotExpected(f"item {code} on order {source.order}, which asks for "
                              f"{source.item.code}")  # fmt: skip
        item = self.items.get(code)
        if item is None:
            raise UnknownItem(line.item)
        return item

    def _check_order(self, source: Expected | None, item: Item, quantity: int) -> None:
        if source is None:
            return
        before = self.received.get(source.order_line, 0)
        if before + quantity > source.quantity:
            raise OverReceipt(item.code, source.order, source.quantity, before, quantity, item.unit)
        self.received[source.order_line] = before + quantity

    def _layer(
        self,
        line: ReceiptLine,
        said: Announced | None,
        source: Expected | None,
        origin: Origin,
        item: Item,
        received_on: date,
        number: int,
    ) -> Layer:
        agreement, supplier, ownership, price = origin
        if price is None and agreement:
            prices = self.terms.prices.get((agreement, item.id))
            price = prices.in_force(received_on) if prices else None
        return Layer(
            number=LayerNumber(0),
            item=item.id,
            supplier=supplier,
            received_on=received_on,
            ownership=ownership,
            agreement=agreement,
            order_line=source.order_line if source else None,
            shipped_on=said.shipped_on if said else None,
            expires_on=optional_day(line.expires_on) or (said.expires_on if said else None),
            lot=text(line.lot, "lot", 60) or (said.lot if said else "") or None,
            serial=text(line.serial, "serial", 60) or (said.serial if said else "") or None,
            receipt_line=number,
            price=price,
        )

    def _origin(
        self, line: ReceiptLine, source: Expected | None, item: Item, received_on: date
    ) -> Origin:
        if source is None:
            return self._unordered(line, item, received_on)
        self._check_follows(line, source)
        here = self.here[item.id]
        ownership = staged_ownership(here, source.ownership)
        if ownership is Ownership.CONSIGNED:
            check_consignor(
                here, supplier=source.supplier, supplier_code=self.codes[source.supplier]
            )
        return Origin(source.agreement, source.supplier, ownership, source.price)

    def _check_follows(self, line: ReceiptLine, source: Expected) -> None:
        """What the order says is read only on its receipts (checklist P28)."""
        agreement = source.agreement and self.terms.agreements[source.agreement].number
        price = show_price(source.price.micros) if source.price else "nothing"
        for name, ordered, said in (
            ("ownership", str(source.ownership), line.ownership.strip()),
            ("consignor", self.codes[source.supplier], line.consignor.strip()),
            ("agreement", agreement or "nothing", line.agreement.strip()),
            ("price", price, line.price.strip() and show_price(parse_price(line.price))),
        ):
            if said and said != ordered:
                raise FollowsOrder(source.order, name, ordered, said)

    def _unordered(self, line: ReceiptLine, item: Item, received_on: date) -> Origin:
        """Without an order the line says itself whose goods they are (checklist P25, P29)."""
        named = self._agreement(line)
        supplier = named.consignor if named else self._supplier(line)
        code = self.codes[supplier]
        said = one_of(line.ownership, Ownership, "ownership") if line.ownership.strip() else None
        consignee = self.organization.party
        here = self.here[item.id]
        ownership = line_ownership(
            here,
            supplier=supplier,
            supplier_code=code,
            is_agreed=named is not None or self.agreed.is_agreed(supplier, consignee, item.id),
            said=Ownership.CONSIGNED if named and said is None else said,
        )
        price = self._price(line, item)
        if price and ownership is not Ownership.OWNED:
            raise NotBought(item.code, ownership)
        if ownership is not Ownership.CONSIGNED:
            return Origin(named and named.id, supplier, ownership, price)
        agreement = named or self.agreed.the_one(
            supplier, consignee, item.id, received_on, consignor_code=code, item_code=item.code
        )
        check_site(here, site=agreement.consignor_site, agreement=agreement.number)
        return Origin(agreement.id, supplier, ownership, None)

    def _told_origin(self, line: ReceiptLine, source: Expected | None) -> Origin:
        """A line told again is only compared; what it was then is not judged anew."""
        if source:
            return Origin(source.agreement, source.supplier, source.ownership, source.price)
        named = self._agreement(line)
        supplier = named.consignor if named else self._supplier(line)
        return Origin(named and named.id, supplier, Ownership.CONSIGNED, None)

    def _agreement(self, line: ReceiptLine) -> Agreement | None:
        number = line.agreement.strip()
        if number and number not in self.agreements:
            raise UnknownAgreement(number)
        if not number:
            return None
        agreement = self.terms.agreements[self.agreements[number]]
        said = line.consignor.strip()
        if said and said != self.codes[agreement.consignor]:
            raise NotBetween(number, said, self.organization.code)
        return agreement

    def _supplier(self, line: ReceiptLine) -> PartyId:
        code = line.consignor.strip()
        if not code:
            raise NotExpected(f"line {line.line} of receipt {line.receipt}")
        if code not in self.suppliers:
            raise UnknownParty(code)
        return self.suppliers[code]

    def _price(self, line: ReceiptLine, item: Item) -> Price | None:
        """What goods that are bought without an order cost."""
        if not line.price.strip():
            return None
        currency = line.currency.strip() or self.organization.currency
        return Price(parse_price(line.price), check_currency(currency), item.one(line.unit.strip()))

    def _place(self, line: ReceiptLine, layer: Layer) -> Place:
        code = line.place.strip()
        if not code:
            owned = layer.ownership is Ownership.OWNED
            return self.owned_place if owned else self.consigned_place
        if code not in self.places:
            raise UnknownPlace(code, self.organization.code)
        return self.places[code]


def _line_number(said: str, name: str) -> int:
    said = said.strip()
    if not (said.isascii() and said.isdigit() and 0 < len(said) < 10):
        raise NotExpected(f"{name} {said!r}")
    return int(said)


def _plain(number: str) -> str:
    """A line's number without what does not count in it."""
    return number.strip().lstrip("0")


def _tell(posting: OpenPosting, read: Sequence[Read], outcome: Outcome) -> list[Read]:
    """Claim the lines; answers the new ones. The key of a line is the layer that it opens."""
    once: dict[str, Read] = {}
    again: list[Read] = []
    for line in read:
        if once.setdefault(line.reference, line) is not line:
            again.append(line)
    before = receipt_records.told(posting.organization.id, once)
    fresh = [line for line in once.values() if line.reference not in before]
    fresh.sort(key=_receipt)
    claimed = ledger.claim(
        posting,
        ledger.own_source("receipt"),
        [(line.reference, layer) for layer, line in enumerate(fresh, posting.book.next_layer)],
    )
    assert len(claimed) == len(fresh), "the organization's lock lets nobody claim meanwhile"
    again += [line for line in once.values() if line.reference in before]
    before |= {line.reference: _content(line) for line in fresh}
    for line in again:
        if before[line.reference] == _content(line):
            outcome.repeated += 1
        else:
            outcome.refuse(
                line.nth,
                Differs("receipt line", line.reference, "item, quantity and day",
                        _said(before[line.reference]), _said(_content(line))),
            )  # fmt: skip
    return fresh


def _content(line: Read) -> tuple[int, int, date]:
    return line.arrival.layer.item, line.arrival.quantity, line.arrival.layer.received_on


def _said(content: tuple[int, int, date]) -> str:
    return f"{show_micros(content[1])} on {content[2]}"


def _receipt(line: Read) -> tuple[str, date, int, int]:
    """What one goods receipt holds: one day's lines from one supplier under one reference."""
    layer = line.arrival.layer
    return line.receipt, layer.received_on, layer.supplier, line.notice or 0


def _receive(
    posting: OpenPosting, places: Sequence[Place], told: Sequence[Read]
) -> tuple[OnHand, list[Holding]]:
    book, organization = posting.book, posting.organization
    ledger.read_positions(book, {line.arrival.layer.item for line in told})
    supplier_place = default_place(list(places), Zone.SUPPLIER)
    dock = default_place(list(places), Zone.DOCK)
    on_hand, holdings = OnHand(), []
    for (reference, received_on, supplier, notice), group in groupby(told, _receipt):
        lines = list(group)
        number = posting.take_numbers("receipt", 1)
        posting.add(
            "goods_receipt",
            [(organization.id, number, posting.number, reference, supplier, notice or None,
              received_on.isoformat())],
        )  # fmt: skip
        trade.receive(
            book,
            [line.arrival for line in lines],
            consignee=organization.party,
            supplier_place=supplier_place,
            dock=dock,
            happened_on=received_on,
            receipt=number,
        )
    lying = {entry.layer: entry.target for entry in book.entries}
    for line, layer in zip(told, book.new_layers, strict=True):
        position = lying[layer.number]
        owner = book.describe(position).owner
        holdings.append(
            Holding(
                layer.item, owner, dock.number, position, layer.number, layer.received_on,
                line.arrival.quantity, layer.ownership, layer.agreement,
                layer.price if layer.order_line else None, layer.lot, layer.serial,
            )
        )  # fmt: skip
        on_hand.consigned[layer.number] = line.arrival.quantity
        if layer.price:
            on_hand.values[layer.number] = layer.price
    _book_receipts(posting, told, book.new_layers)
    return on_hand, holdings


def _book_receipts(posting: OpenPosting, told: Iterable[Read], layers: Iterable[Layer]) -> None:
    """Nothing is owed for consigned goods; their value is told in memo accounts (O42, P53)."""
    party = posting.organization.party
    values: dict[tuple[PartyId, AgreementId | None, date, str], int] = defaultdict(int)
    bought: dict[tuple[date, str], int] = defaultdict(int)
    kept = []
    for line, layer in zip(told, layers, strict=True):
        price, quantity = layer.price, line.arrival.quantity
        if layer.ownership is Ownership.OWNED:
            cost = price.extend(quantity) if price else 0
            currency = price.currency if price else posting.organization.currency
            averaged = quantity if price else 0
            kept.append(Kept(layer.number, quantity, cost, currency, layer.received_on, averaged))
            bought[layer.received_on, currency] += cost
        elif layer.ownership is Ownership.CONSIGNED and price:
            key = (layer.supplier, layer.agreement, layer.received_on, price.currency)
            values[key] += price.extend(quantity)
    for (supplier, agreement, on, currency), value in values.items():
        parties = Parties(party, supplier, agreement)
        posting.add_journals(journals.consigned_received(parties, value, currency, on))
    for (on, currency), cost in bought.items():
        posting.add_journals(journals.goods_bought(party, cost, currency, on))
    charges.cost_own_goods(posting, (), kept)


def _put_away(
    posting: OpenPosting,
    places: Sequence[Place],
    told: Sequence[Read],
    holdings: Sequence[Holding],
    on_hand: OnHand,
) -> list[charges.Waiting]:
    dock = default_place(list(places), Zone.DOCK)
    moves = [
        Move(
            layer.receipt or 0, layer.receipt_line or 0, layer.item, line.arrival.quantity, dock,
            line.place, layer.received_on, layer=layer.number, goods=line.goods,
        )
        for line, layer in zip(told, posting.book.new_layers, strict=True)
        if line.place.number != dock.number
    ]  # fmt: skip
    agreements = agreement_records.read_agreements(
        {holding.agreement for holding in holdings if holding.agreement}
    )
    moved = custody.move(
        posting.book,
        Shelves(holdings, ours=posting.organization.party),
        moves,
        ours=posting.organization.party,
        title_rule_of=lambda holding: title_rule(agreements, holding),
        kind=EntryKind.PUT_AWAY,
        cause=Cause.PUTAWAY,
        allows_transfer_to_owned=posting.organization.allows_transfer_to_owned,
    )
    return charges.settle(posting, moved.transfers, on_hand)
