"""Reading receipt lines against the ship notices, orders and agreements that they answer.

A line answers a line of a ship notice or of an order, or neither: then it names its agreement, or
its consignor alone and the one agreement in force between the two is taken
(checklist P25). Goods that are not consigned need none. With an order the goods are what its line
says; without one the line may say it, by the rules for order lines (P28, P29).

Refuses: NoSourceDocument, PlacedBeforeInspection; line by line, what `trade.receipts`,
`trade.orders`,
`trade.items`, `trade.status` and `trade.customs` refuse.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, NamedTuple

from consigned.accounting.prices import CurrencyDiffers
from consigned.inbound.customs import Customs, CustomsStatus, check_country
from consigned.inbound.orders import Agreed, NotBetween, OrderLineClosed
from consigned.inbound.receipts import (
    Arrival,
    FixedByOrder,
    NotBought,
    NothingReceived,
    NotShippedYet,
    check_expiry,
    check_had_begun,
    check_tolerance,
    is_ours_at_the_dock,
)
from consigned.inventory.stock import Holding
from consigned.master_data.agreements import Agreement, UnknownAgreement
from consigned.master_data.items import Item, SameSerial, Tracking, UnknownItem
from consigned.master_data.ownership import check_putaway, check_site, comes_in_as, decide_ownership
from consigned.master_data.parties import NumberOfSeveral, UnknownParty, UnknownPlace, default_place
from consigned.measure.identity import ItemId, LayerNumber, PartyId
from consigned.measure.money import Price, show_price
from consigned.measure.period import Moment
from consigned.measure.quantity import MICROS, Micros, show_micros
from consigned.measure.refusal import Refusal
from consigned.title.layer import Layer, Ownership
from consigned.title.position import Place, Zone
from consigned_service.operations.core import fields
from consigned_service.operations.core.idempotency import is_told
from consigned_service.operations.core.outcome import Differs, Required, text
from consigned_service.operations.master_data.item_policies import NOTHING_SAID, item_here
from consigned_service.records.inbound import receipts as receipt_records
from consigned_service.records.inbound.receipts import Announced, Expected, OnTheWay
from consigned_service.records.inventory.stock import OnHand
from consigned_service.records.ledger.idempotency import RECEIPTS, standing
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.master_data import item_settings as setting_records


@dataclass(eq=False)
class NoSourceDocument(Refusal):
    """Goods that no order, ship notice or agreement announces."""

    said: str
    code: ClassVar[str] = "no-source-document"
    remedy: ClassVar[str] = (
        "Name the order line, the ship notice line, the agreement or the consignor."
    )

    def __str__(self) -> str:
        return f"{self.said} is not known here"


@dataclass(eq=False)
class PlacedBeforeInspection(Refusal):
    receipt: str
    item: str
    place: str
    code: ClassVar[str] = "location-before-inspection"
    remedy: ClassVar[str] = "Leave the place away, and say it with the inspection."

    def __str__(self) -> str:
        return f"{self.item} of receipt {self.receipt} is inspected before it goes to {self.place}"


class ReceiptLine(NamedTuple):
    """A line of a goods receipt."""

    receipt: Annotated[str, fields.RECEIPT, "number of the goods receipt within the organization"]
    line: Annotated[int, fields.LINE, "number of the line within the receipt"]
    received_on: Annotated[Moment, fields.HAPPENED_ON]
    ship_notice: Annotated[
        str, fields.Code("ship-notice", "number of the ship notice it answers, if any", 60)
    ] = ""
    ship_notice_line: Annotated[
        int | None, fields.LINE, "the notice's line; empty: the same as the receipt's"
    ] = None
    order: Annotated[
        str,
        fields.Code("order", "number of the order it answers, where there is no ship notice", 60),
    ] = ""
    order_line: Annotated[
        int | None, fields.LINE, "the order's line; empty: the same as the receipt's"
    ] = None
    agreement: Annotated[
        str,
        fields.AGREEMENT,
        "number of the agreement, where there is neither; empty: the one in force with "
        "the consignor",
    ] = ""
    item: Annotated[str, fields.ITEM, "code of the item, or its GTIN; empty: as announced"] = ""
    quantity: Annotated[Micros | None, fields.QUANTITY, "how much came; empty: as announced"] = None
    unit: Annotated[str, fields.UNIT] = ""
    lot: Annotated[str, fields.LOT] = ""
    serial: Annotated[
        str,
        fields.SERIALS,
        "the maker's mark of one piece; of an item tracked by serial one for each "
        "piece, with ; between",
    ] = ""
    expires_on: Annotated[date | None, fields.EXPIRY] = None
    place: Annotated[
        str, fields.PLACE, "code of the place the goods are put away to; empty: the usual one"
    ] = ""
    ownership: Annotated[
        Ownership | None,
        fields.Choice(
            Ownership,
            "consigned, owned or non-owned, where there is no order; empty: as the item is "
            "designated",
        ),
    ] = None
    consignor: Annotated[
        str, fields.CONSIGNOR, "code of the party they come from, where no paper says it"
    ] = ""
    price: Annotated[
        int | None,
        fields.PRICE,
        "what one unit came in at, where there is no order; empty: the agreement's "
        "price of the day",
    ] = None
    currency: Annotated[str, fields.CURRENCY, "currency of that price; empty: the agreement's"] = ""
    weight: Annotated[
        Micros | None,
        fields.SHARE,
        "what the quantity actually weighs, in the item's own unit; empty: as the units say",
    ] = None
    customs_status: Annotated[
        CustomsStatus | None,
        fields.Choice(CustomsStatus, "free, bonded or free-zone; empty: not told"),
    ] = None
    customs_document: Annotated[str, fields.CUSTOMS_DOCUMENT] = ""
    origin: Annotated[str, fields.COUNTRY] = ""
    inspected: Annotated[
        bool | None,
        fields.YES_OR_NO,
        "yes where the goods are inspected first, no where not; empty: as the "
        "organization keeps the item",
    ] = None


class Read(NamedTuple):
    """A receipt line as it was understood."""

    nth: int
    receipt: str
    line: int
    notice: int | None
    supplier: PartyId
    happened_on: date
    item: ItemId
    quantity: int
    said: str
    arrivals: list[Arrival]
    """What comes, layer by layer."""
    place: Place
    is_inspected: bool
    goods: str
    """The quantity in words: 10 EA of BOLT."""
    says: int
    """A number for what the line said."""

    @property
    def reference(self) -> str:
        return f"{self.receipt}/{self.line}"


class Origin(NamedTuple):
    """Where goods come from: under which agreement, from whom, how, and at which price."""

    agreement: Agreement | None
    supplier: PartyId
    ownership: Ownership
    price: Price | None


class Reader:
    """Reads the receipt lines of one batch; the sort of receipt is told by its posting's cause.

    A price of consigned goods is their value at the start of a programme; on a receipt it is
    what goods are bought at."""

    def __init__(
        self,
        posting: OpenPosting,
        places: Sequence[Place],
        lines: Sequence[ReceiptLine],
        *,
        values_consigned: bool = False,
    ) -> None:
        self.posting = posting
        self.values_consigned = values_consigned
        self.organization = organization = posting.organization
        self.today = posting.recorded_on
        self.places = {place.code: place for place in places if not place.is_outer}
        self.dock = default_place(list(places), Zone.DOCK)
        self.transit = default_place(list(places), Zone.IN_TRANSIT)
        self.consigned_place = default_place(list(places), Zone.CONSIGNED_STORE)
        self.owned_place = default_place(list(places), Zone.STOCKROOM)
        self._read_papers(lines)
        self._read_masters(lines)
        self.told = standing(
            organization.id,
            RECEIPTS,
            {_reference(line) for line in lines},
        )
        """What lines said, by receipt and line: those told before, and those of this batch."""
        self._read_goods()

    def _read_papers(self, lines: Sequence[ReceiptLine]) -> None:
        organization = self.organization.id
        self.announced = receipt_records.announced(
            organization, {line.ship_notice for line in lines if line.ship_notice}
        )
        self.expected, self.by_number = receipt_records.expected(
            organization,
            {line.order for line in lines if line.order},
            {said.order_line for lines in self.announced.values() for said in lines},
        )
        self.received = receipt_records.received(organization, self.expected)

    def _read_masters(self, lines: Sequence[ReceiptLine]) -> None:
        organization = self.organization
        self.items = agreement_records.items_by_code({line.item for line in lines})
        self.known = {item.id: item for item in self.items.values()}
        self.known |= {expected.item.id: expected.item for expected in self.expected.values()}
        self.settings = setting_records.read_item_settings(organization.id, self.known)
        self.here = {
            item.id: item_here(organization, item, self.settings.get(item.id, NOTHING_SAID))
            for item in self.known.values()
        }
        self.parties = agreement_records.party_ids(
            {line.consignor for line in lines if line.consignor}
        )
        between = (
            agreement_records.read_agreements_with(organization.party, self.parties.values())
            if self.parties
            else []
        )
        named = agreement_records.agreement_ids(
            {line.agreement for line in lines if line.agreement}
        )
        wanted = {agreement.id for agreement in between} | {*named.values()}
        wanted |= {e.agreement for e in self.expected.values() if e.agreement}
        self.terms = agreement_records.read_terms(wanted, self.known)
        self.agreed = Agreed(
            self.terms.agreements.values(),
            agreement_records.read_covered(wanted, self.known) if between else (),
        )
        self.codes = agreement_records.party_codes(
            {e.supplier for e in self.expected.values()}
            | {agreement.consignor for agreement in self.terms.agreements.values()}
            | {organization.party, *self.parties.values()}
        )  # fmt: skip

    def _read_goods(self) -> None:
        """What is in transit on the books already, and which serials lie here."""
        by_serial = {id for id, item in self.known.items() if item.tracking is Tracking.SERIAL}
        self.serials = (
            receipt_records.serials_on_hand(self.organization.id, by_serial) if by_serial else {}
        )
        self.on_hand = OnHand()
        self.on_the_way: list[OnTheWay] = []
        self.in_transit: dict[LayerNumber, Holding] = {}
        if not self.expected:
            return
        self.on_the_way = receipt_records.on_the_way(self.organization.id, self.expected)
        if not self.on_the_way:
            return
        lying, self.on_hand = receipt_records.read_lying(
            self.posting.book,
            {shipped.layer for shipped in self.on_the_way},
            ours=self.organization.party,
        )
        self.in_transit = {
            goods.layer: goods for goods, _ in lying if goods.place == self.transit.number
        }

    # --- one line ------------------------------------------------------------------------

    def is_told(self, line: ReceiptLine, says: int) -> bool:
        """Whether a line was told before; what it was then is not judged anew."""
        return is_told(_reference(line), says, self.told)

    def read(
        self, index: int, line: ReceiptLine, says: int, happened_on: date | None = None
    ) -> Read:
        """Understand a new line; its goods came on the day it says, or were taken in on another."""
        received_on = self.organization.day_here(line.received_on)
        happened_on = happened_on or received_on
        said = self._announced(line)
        source = self._expected(line, said)
        item = self._item(line, source)
        quantity, counted = self._quantity(line, said, item)
        if quantity <= 0:
            raise NothingReceived(item.code)
        self.organization.check_day(happened_on, today=self.today)
        self._check_order(source, item, quantity)
        origin = self._origin(line, source, item, received_on, happened_on)
        if origin.agreement:
            check_had_begun(origin.agreement, item.code, happened_on)
        is_inspected = self._is_inspected(line, item)
        place = self._place(line, item, origin, is_inspected)
        check_putaway(
            place, origin.ownership, goods=item.show(quantity), places=self.places.values()
        )
        layer = self._layer(line, said, source, item, origin, received_on)
        apart = self._told_apart(line, said, item, quantity, origin.supplier)
        arrivals = self._arrivals(line, said, source, item, layer, apart, happened_on)
        self._count(arrivals, source, quantity)
        self.told[_reference(line)] = says
        return Read(
            index, line.receipt, line.line, said.notice if said else None, origin.supplier,
            happened_on, item.id, quantity, counted, arrivals, place, is_inspected,
            item.show(quantity), says,
        )  # fmt: skip

    def _quantity(self, line: ReceiptLine, said: Announced | None, item: Item) -> tuple[int, str]:
        """How much came, in the item's own unit, and how it was counted (checklist E34)."""
        asked = line.quantity
        if asked is None and said:
            return said.quantity, f"{show_micros(said.quantity)} {item.unit}"
        serials = self._serials(line, said, item)
        if asked is None and serials and item.tracking is Tracking.SERIAL:
            asked = Micros(len(serials) * MICROS)
        if asked is None:
            raise Required("quantity")
        quantity = item.quantity(asked, line.unit, weight=line.weight)
        weight = "" if line.weight is None else f" weighing {show_micros(quantity)} {item.unit}"
        return quantity, f"{show_micros(asked)} {line.unit or item.unit}{weight}"

    def _announced(self, line: ReceiptLine) -> Announced | None:
        if not line.ship_notice:
            return None
        number = line.ship_notice
        nth = line.ship_notice_line or line.line
        given = [one for one in self.announced.get(number, ()) if self._is_meant(line, one)]
        if len({one.notice for one in given}) > 1:
            givers = tuple(sorted({self.codes[one.consignor] for one in given}))
            raise NumberOfSeveral("ship notice", number, givers)
        for one in given:
            if one.line == nth:
                return one
        of = f" of {line.consignor}" if line.consignor else ""
        raise NoSourceDocument(f"line {nth} of ship notice {number}{of}")

    def _is_meant(self, line: ReceiptLine, one: Announced) -> bool:
        """Whether a notice of the number that a line names is the consignor's, or answers the
        order, that the line names too."""
        consignor, order = line.consignor, line.order
        return (not consignor or self.codes[one.consignor] == consignor) and (
            not order or self.expected[one.order_line].order == order
        )

    def _expected(self, line: ReceiptLine, said: Announced | None) -> Expected | None:
        if said:
            return self.expected[said.order_line]
        if not line.order:
            return None
        key = (line.order, line.order_line or line.line)
        if key not in self.by_number:
            raise NoSourceDocument(f"line {key[1]} of order {key[0]}")
        return self.expected[self.by_number[key]]

    def _item(self, line: ReceiptLine, source: Expected | None) -> Item:
        code = line.item
        named = self.items.get(code)
        if source and (not code or (named and named.id == source.item.id)):
            return source.item
        if source:
            raise NoSourceDocument(f"item {code} on order {source.order}, which asks for "
                              f"{source.item.code}")  # fmt: skip
        if named is None:
            raise UnknownItem(line.item)
        return named

    def _check_order(self, source: Expected | None, item: Item, quantity: int) -> None:
        if source is None:
            return
        if source.closed_on:
            raise OrderLineClosed(source.order, source.line, source.closed_on)
        before = self.received.get(source.order_line, 0)
        check_tolerance(
            item=item.code, unit=item.unit, order=source.order, ordered=source.quantity,
            maximum_quantity=source.maximum_quantity, received=before, asked=quantity,
        )  # fmt: skip

    # --- where it comes from ---------------------------------------------------------------

    def _origin(
        self,
        line: ReceiptLine,
        source: Expected | None,
        item: Item,
        received_on: date,
        happened_on: date,
    ) -> Origin:
        origin = (
            self._ordered(line, source, item)
            if source
            else self._unordered(line, item, happened_on)
        )
        origin = origin._replace(ownership=comes_in_as(origin.ownership, origin.agreement))
        if origin.price is None and origin.agreement:
            prices = self.terms.prices.get((origin.agreement.id, item.id))
            if prices:
                price = prices.price_on(received_on) or prices.price_on(happened_on)
                return origin._replace(price=price)
        return origin

    def _ordered(self, line: ReceiptLine, source: Expected, item: Item) -> Origin:
        """With an order the goods are what its line says (checklist P28, P33, P34)."""
        self._check_follows(line, source)
        ownership = decide_ownership(
            self.here[item.id], supplier=source.supplier,
            supplier_code=self.codes[source.supplier], ordered=source.ownership,
        )  # fmt: skip
        agreement = self.terms.agreements[source.agreement] if source.agreement else None
        return Origin(agreement, source.supplier, ownership, source.price)

    def _check_follows(self, line: ReceiptLine, source: Expected) -> None:
        """What the order says is read only on its receipts (checklist P28)."""
        agreement = source.agreement and self.terms.agreements[source.agreement].number
        price = show_price(source.price.micros) if source.price else "nothing"
        asked = "" if line.price is None else show_price(line.price)
        for name, ordered, said in (
            ("ownership", str(source.ownership), line.ownership),
            ("consignor", self.codes[source.supplier], line.consignor),
            ("agreement", agreement or "nothing", line.agreement),
            ("price", price, asked),
        ):
            if said and said != ordered:
                raise FixedByOrder(source.order, name, ordered, said)

    def _unordered(self, line: ReceiptLine, item: Item, received_on: date) -> Origin:
        """Without an order the line says itself whose goods they are (checklist P25, P29)."""
        named = self._agreement(line)
        supplier = named.consignor if named else self._supplier(line)
        code = self.codes[supplier]
        consignee = self.organization.party
        here = self.here[item.id]
        ownership = decide_ownership(
            here,
            supplier=supplier,
            supplier_code=code,
            is_agreed=named is not None or self.agreed.is_agreed(supplier, consignee),
            said=Ownership.CONSIGNED if named and line.ownership is None else line.ownership,
        )
        price = self._price(line, item, named)
        if price and ownership is not Ownership.OWNED and not self.values_consigned:
            raise NotBought(item.code, ownership)
        if ownership is not Ownership.CONSIGNED:
            return Origin(None, supplier, ownership, price)
        agreement = named or self.agreed.the_one(
            supplier, consignee, item.id, received_on, paid_by=self.organization.pays,
            consignor_code=code, item_code=item.code,
        )  # fmt: skip
        check_site(here, site=agreement.consignor_site, agreement=agreement.number)
        return Origin(agreement, supplier, ownership, price)

    def _agreement(self, line: ReceiptLine) -> Agreement | None:
        number = line.agreement
        if not number:
            return None
        agreement = self.agreed.named(number)
        if agreement is None:
            raise UnknownAgreement(number)
        said = line.consignor
        consignor = self.codes[agreement.consignor]
        if agreement.consignee != self.organization.party or said not in ("", consignor):
            ours = self.codes[self.organization.party]
            raise NotBetween(agreement.number, said or consignor, ours)
        return agreement

    def _supplier(self, line: ReceiptLine) -> PartyId:
        code = line.consignor
        if not code:
            raise NoSourceDocument(f"line {line.line} of receipt {line.receipt}")
        if code not in self.parties:
            raise UnknownParty(code)
        return self.parties[code]

    def _price(self, line: ReceiptLine, item: Item, agreement: Agreement | None) -> Price | None:
        """What one unit came in at, where there is no order to say it."""
        if line.price is None:
            return None
        currency = agreement.currency if agreement else self.organization.currency
        said = line.currency or currency
        if agreement and self.values_consigned and said != currency:
            raise CurrencyDiffers(agreement.number, currency, said)
        return Price(line.price, said, item.one(line.unit))

    # --- the goods -----------------------------------------------------------------------

    def _layer(
        self,
        line: ReceiptLine,
        said: Announced | None,
        source: Expected | None,
        item: Item,
        origin: Origin,
        received_on: date,
    ) -> Layer:
        check_expiry(item.code, came_on=received_on, expires_on=line.expires_on)
        customs = self._customs(line, said)
        return Layer(
            number=LayerNumber(0),
            item=item.id,
            supplier=origin.supplier,
            received_on=received_on,
            ownership=origin.ownership,
            agreement=origin.agreement.id if origin.agreement else None,
            order_line=source.order_line if source else None,
            shipped_on=said.shipped_on if said else None,
            expires_on=line.expires_on or (said.expires_on if said else None),
            lot=self._lot(line, said),
            receipt_line=line.line,
            price=origin.price,
            customs_status=customs.status,
            customs_document=customs.document,
            origin=customs.origin,
        )

    def _customs(self, line: ReceiptLine, said: Announced | None) -> Customs:
        return read_customs(
            line.customs_status or (said.customs_status if said else ""),
            line.customs_document or (said.customs_document if said else ""),
            line.origin or (said.origin if said else ""),
        )

    def _lot(self, line: ReceiptLine, said: Announced | None) -> str | None:
        return line.lot or (said.lot if said else "") or None

    def _serials(self, line: ReceiptLine, said: Announced | None, item: Item) -> list[str]:
        return read_serials(line.serial or (said.serial if said else ""), item)

    def _told_apart(
        self,
        line: ReceiptLine,
        said: Announced | None,
        item: Item,
        quantity: int,
        supplier: PartyId,
    ) -> list[tuple[str | None, int]]:
        """The goods by their serials, which are one supplier's own: another's may be the same."""
        serials = self._serials(line, said, item)
        apart = item.told_apart(quantity, self._lot(line, said), serials)
        if item.tracking is Tracking.SERIAL:
            for serial in serials:
                there = self.serials.get((item.id, supplier, serial))
                if there not in (None, self.transit.code):
                    raise SameSerial(item.code, serial, there or "")
        return apart

    def _arrivals(
        self,
        line: ReceiptLine,
        said: Announced | None,
        source: Expected | None,
        item: Item,
        layer: Layer,
        apart: Iterable[tuple[str | None, int]],
        happened_on: date,
    ) -> list[Arrival]:
        """What comes, layer by layer: first what was in transit, then layers of their own."""
        arrivals = []
        on_the_way = self._on_the_way(line, said, source)
        left = {shipped.layer: self._left(shipped) for shipped in on_the_way}
        for serial, wanted in apart:
            quantity = wanted
            for shipped in on_the_way:
                goods = self.in_transit.get(shipped.layer)
                if not (goods and left[goods.layer] and quantity):
                    continue
                if serial not in (None, goods.serial):
                    continue
                if happened_on < shipped.shipped_on:
                    raise NotShippedYet(item.code, happened_on, shipped.shipped_on)
                if layer.lot not in (None, goods.lot):
                    raise Differs("ship notice of", item.code, "lot", goods.lot or "nothing",
                                  layer.lot or "nothing")  # fmt: skip
                part = min(left[goods.layer], quantity)
                left[goods.layer] -= part
                quantity -= part
                opened = layer._replace(
                    number=goods.layer, received_on=goods.received_on, lot=goods.lot,
                    serial=goods.serial,
                )  # fmt: skip
                arrivals.append(Arrival(opened, part, goods.position))
            if quantity:
                arrivals.append(Arrival(layer._replace(serial=serial), quantity))
        return arrivals

    def _left(self, shipped: OnTheWay) -> int:
        goods = self.in_transit.get(shipped.layer)
        return goods.left if goods else 0

    def _count(self, arrivals: Sequence[Arrival], source: Expected | None, quantity: int) -> None:
        """Let the lines that follow know what this one takes. A line is judged whole before, so
        that one that is refused takes nothing."""
        for layer, part, in_transit in arrivals:
            if in_transit is not None:
                self.in_transit[layer.number].left -= part
            if layer.serial and self.known[layer.item].tracking is Tracking.SERIAL:
                self.serials[layer.item, layer.supplier, layer.serial] = self.dock.code
        if source:
            self.received[source.order_line] = self.received.get(source.order_line, 0) + quantity

    def _on_the_way(
        self, line: ReceiptLine, said: Announced | None, source: Expected | None
    ) -> list[OnTheWay]:
        """The layers in transit that a line may bring: its notice line's, else its order's."""
        if source is None or not self.on_the_way:
            return []
        which = line.ship_notice_line or line.line
        return [
            shipped
            for shipped in self.on_the_way
            if shipped.order_line == source.order_line
            and (said is None or (shipped.notice, shipped.line) == (said.notice, which))
        ]

    def _is_inspected(self, line: ReceiptLine, item: Item) -> bool:
        if line.inspected is not None:
            return line.inspected
        setting = self.settings.get(item.id)
        return bool(setting and setting.is_inspected)

    def _place(self, line: ReceiptLine, item: Item, origin: Origin, is_inspected: bool) -> Place:
        """Where the goods go: as the line says, else they wait, or go to the usual place."""
        code = line.place
        if code and code not in self.places:
            raise UnknownPlace(code, self.organization.code)
        if is_inspected and code and self.places[code] != self.dock:
            raise PlacedBeforeInspection(line.receipt, item.code, code)
        if code:
            return self.places[code]
        stages = self.organization.two_step_receiving and not self.values_consigned
        if is_inspected or stages:
            return self.dock
        is_ours = origin.ownership is Ownership.OWNED or is_ours_at_the_dock(origin.agreement)
        return self.owned_place if is_ours else self.consigned_place


def read_customs(status: str | None, document: str, origin: str) -> Customs:
    """What a line says of customs."""
    return Customs(status or None, document or None, check_country(origin))


def read_serials(said: str, item: Item) -> list[str]:
    """The serials a line names; of an item tracked by them there may be several, with ; between."""
    if item.tracking is not Tracking.SERIAL:
        serial = text(said, "serial", 60)
        return [serial] if serial else []
    return [text(one, "serial", 60) for one in said.split(";") if one.strip()]


def _reference(line: ReceiptLine) -> str:
    return f"{line.receipt}/{line.line}"
