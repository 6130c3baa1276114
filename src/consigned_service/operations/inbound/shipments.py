"""Ship notices: what consignors say is on its way, line by line of the orders it answers.

A line is known by the consignor, the notice and its line number. The day on which a shipment is
expected may be told anew; everything else stands. Where the agreement passes title before the
dock, or covers goods in transit, the goods come onto the books here (checklist E04, E15).

Refuses: UnknownItem, UnknownParty, UnknownUnit, NotYet, Differs, and what
`trade.shipments` and `trade.status` refuse.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, NamedTuple

from consigned.accounting import journals
from consigned.accounting.journals import Parties
from consigned.inbound import shipments as trade
from consigned.inbound.customs import CustomsStatus
from consigned.inbound.orders import OrderLineClosed
from consigned.inbound.receipts import Taken, check_expiry, take_title
from consigned.inbound.shipments import (
    NotOnOrder,
    OtherConsignorOrdered,
    OtherItemOrdered,
    Shipped,
    ShipsNothing,
)
from consigned.inventory.stock import Holding
from consigned.master_data.agreements import Terms
from consigned.master_data.items import UnknownItem
from consigned.master_data.ownership import check_consignor, comes_in_as
from consigned.master_data.parties import Organization, UnknownParty, default_place
from consigned.measure.identity import AgreementId, LayerNumber, OrganizationId, PartyId
from consigned.measure.money import Price
from consigned.measure.period import Moment
from consigned.measure.quantity import Micros, show_micros
from consigned.measure.refusal import Refusal
from consigned.title.entry import Cause
from consigned.title.layer import Layer, Ownership
from consigned.title.position import Zone
from consigned_service.operations.accounting import accruals as charges
from consigned_service.operations.core import fields
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.core.upsert import settle_fields
from consigned_service.operations.inbound.receipt_lines import (
    read_customs,
    read_serials,
)
from consigned_service.operations.ledger import posting as postings
from consigned_service.operations.master_data.item_policies import items_here
from consigned_service.records.inbound import shipments as shipment_records
from consigned_service.records.inbound.shipments import NoticeHead, NoticeKey, NoticeRow, Ordered
from consigned_service.records.inventory.stock import OnHand
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records


class ShipNoticeLine(NamedTuple):
    """A line of a ship notice; an empty consignor or item is the order's."""

    ship_notice: Annotated[
        str, fields.Code("ship-notice", "the consignor's number of the ship notice", 60)
    ]
    line: Annotated[int, fields.LINE, "number of the line within the notice"]
    shipped_on: Annotated[Moment, fields.HAPPENED_ON]
    order: Annotated[str, fields.Code("order", "number of the order that is answered", 60)]
    order_line: Annotated[int, fields.LINE, "the order's line"]
    quantity: Annotated[Micros, fields.QUANTITY]
    consignor: Annotated[
        str, fields.CONSIGNOR, "code of the party that ships; empty: the order's"
    ] = ""
    item: Annotated[str, fields.ITEM, "code of the item, or its GTIN; empty: the order line's"] = ""
    expected_on: Annotated[date | None, fields.DAY, "day of arrival, as 2026-03-31"] = None
    unit: Annotated[str, fields.UNIT] = ""
    lot: Annotated[str, fields.LOT] = ""
    serial: Annotated[str, fields.SERIALS] = ""
    expires_on: Annotated[date | None, fields.EXPIRY] = None
    customs_status: Annotated[
        CustomsStatus | None,
        fields.Choice(CustomsStatus, "free, bonded or free-zone; empty: not told"),
    ] = None
    customs_document: Annotated[str, fields.CUSTOMS_DOCUMENT] = ""
    origin: Annotated[str, fields.COUNTRY] = ""


class Said(NamedTuple):
    """What a line says, as it was understood."""

    head: NoticeHead
    row: NoticeRow


@dataclass
class Announced:
    """The notices and lines that stand, those of this batch among them."""

    heads: dict[NoticeKey, NoticeHead]
    lines: dict[tuple[NoticeKey, int], NoticeRow]
    added: dict[NoticeKey, NoticeHead] = field(default_factory=dict)
    expected: dict[NoticeKey, date] = field(default_factory=dict)
    rows: list[NoticeRow] = field(default_factory=list)


def record_ship_notices(
    *, organization: OrganizationId, lines: Sequence[ShipNoticeLine], by: str, at: datetime
) -> Result:
    """Record ship notices to one organization, many lines at once, all in one posting."""
    outcome = Result()
    with postings.posting(
        organization, cause="ship-notice", recorded_at=at, recorded_by=by
    ) as posting:
        reader = _Reader(posting.organization, lines, today=posting.recorded_on)
        read = []
        for index, line in enumerate(lines):
            try:
                read.append((index, reader.read(line)))
            except Refusal as refusal:
                outcome.refuse(index, refusal)
        announced = Announced(
            shipment_records.heads({said.row.notice for _, said in read}),
            shipment_records.lines({said.row.key for _, said in read}),
        )
        for index, said in read:
            try:
                if said.row.key not in announced.lines:
                    reader.check_new(said)
                reader.settle_head(announced, said)
                if said.row.key in announced.lines:
                    reader.compare(announced.lines[said.row.key], said.row)
                    outcome.repeat(index)
                else:
                    reader.check_consignor(said.row)
                    announced.lines[said.row.key] = said.row
                    announced.rows.append(said.row)
                    outcome.new += 1
            except Refusal as refusal:
                outcome.refuse(index, refusal)
        notices = shipment_records.add(announced.added, announced.expected, announced.rows)
        outcome.waiting = _ship(posting, reader, announced, notices)
    return outcome


def _ship(
    posting: OpenPosting,
    reader: "_Reader",
    announced: Announced,
    notices: Mapping[NoticeKey, int],
) -> int:
    """Bring onto the books what is in transit under agreements that look so far; answers how
    much of it waits for a price."""
    shipped = [
        goods
        for row in announced.rows
        for goods in reader.shipped(row, announced.heads[row.notice].shipped_on, notices)
    ]
    if not shipped:
        return 0
    places = posting.places
    ledger.read_positions(posting.book, {goods.layer.item for goods in shipped})
    holdings = trade.ship(
        posting.book,
        shipped,
        supplier_place=default_place(places, Zone.SUPPLIER),
        transit=default_place(places, Zone.IN_TRANSIT),
    )
    posting.add(
        "in_transit_layer",
        [
            (posting.organization.id, holding.layer, posting.number, goods.notice, goods.line)
            for goods, holding in zip(shipped, holdings, strict=True)
        ],
    )
    on_hand = _book(posting, shipped, holdings)
    taken = []
    for goods, holding in zip(shipped, holdings, strict=True):
        agreement = reader.agreements[holding.agreement] if holding.agreement else None
        on = agreement and trade.title_passes_on(
            agreement, goods.layer.received_on, posting.recorded_on
        )
        if on:
            taken.append(Taken(holding, goods.notice, goods.line, on))
    transfers = take_title(
        posting.book, taken, ours=posting.organization.party, cause=Cause.SHIP_NOTICE
    )
    waiting = charges.settle(posting, transfers, on_hand)
    charges.queue(posting, waiting)
    return len(waiting)


def _book(posting: OpenPosting, shipped: Sequence[Shipped], holdings: Sequence[Holding]) -> OnHand:
    """Goods on the way are the consignor's on consignment, as if they had arrived."""
    on_hand = OnHand()
    values: dict[tuple[PartyId, AgreementId | None, date, str], int] = defaultdict(int)
    for goods, holding in zip(shipped, holdings, strict=True):
        on_hand.consigned[holding.layer] = goods.quantity
        layer = goods.layer
        if layer.price and layer.ownership is Ownership.CONSIGNED:
            on_hand.values[holding.layer] = layer.price
            key = (layer.supplier, layer.agreement, layer.received_on, layer.price.currency)
            values[key] += layer.price.extend(goods.quantity)
    for (supplier, agreement, on, currency), value in values.items():
        parties = Parties(posting.organization.party, supplier, agreement)
        posting.add_journals(journals.consigned_received(parties, value, currency, on))
    return on_hand


class _Reader:
    """Reads ship notice lines against the orders that the batch names."""

    def __init__(
        self, organization: Organization, lines: Sequence[ShipNoticeLine], *, today: date
    ) -> None:
        self.organization = organization
        self.today = today
        self._terms: Terms | None = None
        numbers = {(line.order, line.order_line) for line in lines}
        self.ordered = shipment_records.ordered(organization.id, numbers)
        self.by_id = {ordered.id: ordered for ordered in self.ordered.values()}
        self.agreements = agreement_records.read_agreements(
            {ordered.agreement for ordered in self.ordered.values() if ordered.agreement}
        )
        self.items = agreement_records.items_by_id({line.item for line in self.ordered.values()})
        self.here = items_here(organization, self.items.values())
        self.consigned = {
            line.id: line for line in self.ordered.values() if line.ownership == Ownership.CONSIGNED
        }
        self.parties = agreement_records.party_ids({line.consignor for line in lines})
        self.codes = agreement_records.party_codes(
            {line.consignor for line in self.ordered.values()}
        )
        self.other_items = agreement_records.items_by_code({line.item for line in lines})

    def read(self, line: ShipNoticeLine) -> Said:
        order, order_line = line.order, line.order_line
        ordered = self.ordered.get((order, order_line))
        if ordered is None:
            raise NotOnOrder(order, order_line, self.organization.code)
        consignor = line.consignor
        if consignor and consignor not in self.parties:
            raise UnknownParty(consignor)
        if consignor and self.parties[consignor] != ordered.consignor:
            raise OtherConsignorOrdered(order, self.codes[ordered.consignor], consignor)
        item = self.items[ordered.item]
        code = line.item
        if code and code not in self.other_items:
            raise UnknownItem(code)
        if code and self.other_items[code].id != item.id:
            raise OtherItemOrdered(order, order_line, item.code, code)
        quantity = item.quantity(line.quantity, line.unit)
        if quantity <= 0:
            raise ShipsNothing(item.code)
        key = NoticeKey(ordered.consignor, line.ship_notice)
        shipped_on = self._day(line.shipped_on)
        check_expiry(item.code, came_on=shipped_on, expires_on=line.expires_on)
        return Said(
            NoticeHead(self.organization.id, shipped_on, line.expected_on),
            NoticeRow(
                key,
                line.line,
                ordered.id,
                quantity,
                line.lot,
                line.serial,
                line.expires_on,
                *(said or "" for said in read_customs(
                    line.customs_status, line.customs_document, line.origin)),
            ),
        )  # fmt: skip

    def check_new(self, said: Said) -> None:
        """Refuse a new line of an order line that is closed, and what cannot be on the books."""
        ordered = self.by_id[said.row.order_line]
        if ordered.closed_on:
            raise OrderLineClosed(ordered.order, ordered.line, ordered.closed_on)
        if self._is_on_the_books(ordered):
            self.organization.check_day(said.head.shipped_on, today=self.today)
            item = self.items[ordered.item]
            item.told_apart(said.row.quantity, said.row.lot, read_serials(said.row.serial, item))

    def shipped(
        self, row: NoticeRow, shipped_on: date, notices: Mapping[NoticeKey, int]
    ) -> Iterator[Shipped]:
        """The layers that a new line opens in transit, where its goods are on the books there."""
        ordered = self.by_id[row.order_line]
        if not self._is_on_the_books(ordered):
            return
        item = self.items[ordered.item]
        apart = item.told_apart(row.quantity, row.lot, read_serials(row.serial, item))
        for serial, quantity in apart:
            layer = Layer(
                number=LayerNumber(0),
                item=ordered.item,
                supplier=ordered.consignor,
                received_on=shipped_on,
                ownership=comes_in_as(
                    Ownership.CONSIGNED,
                    self.agreements[ordered.agreement] if ordered.agreement else None,
                ),
                agreement=ordered.agreement,
                order_line=ordered.id,
                shipped_on=shipped_on,
                expires_on=row.expires_on,
                lot=row.lot or None,
                serial=serial,
                price=ordered.price or self._price(ordered, shipped_on),
                customs_status=row.customs_status or None,
                customs_document=row.customs_document or None,
                origin=row.origin or None,
            )
            yield Shipped(layer, quantity, notices[row.notice], row.line)

    def _is_on_the_books(self, ordered: Ordered) -> bool:
        return (
            ordered.ownership == Ownership.CONSIGNED
            and ordered.agreement is not None
            and trade.is_on_the_books_in_transit(self.agreements[ordered.agreement])
        )

    def _price(self, ordered: Ordered, day: date) -> Price | None:
        if self._terms is None:
            items = {one.item for one in self.by_id.values()}
            self._terms = agreement_records.read_terms(self.agreements, items)
        prices = ordered.agreement and self._terms.prices.get((ordered.agreement, ordered.item))
        return prices.price_on(day) if prices else None

    def settle_head(self, announced: Announced, said: Said) -> None:
        key = said.row.notice
        stands = announced.heads.get(key)
        if stands is None:
            announced.heads[key] = announced.added[key] = said.head
            return
        settled = settle_fields(
            "ship notice", key.number, stands, said.head, may_change={"expected_on"},
            show={"organization": lambda number: "this organization"
                  if number == self.organization.id else "another organization"},
        )  # fmt: skip
        if settled == stands:
            return
        announced.heads[key] = settled
        if key in announced.added:
            announced.added[key] = settled
        elif settled.expected_on:
            announced.expected[key] = settled.expected_on

    def check_consignor(self, said: NoticeRow) -> None:
        """The organization may have assigned another consignor since it ordered (P14)."""
        if line := self.consigned.get(said.order_line):
            here, code = self.here[line.item], self.codes[line.consignor]
            check_consignor(here, supplier=line.consignor, supplier_code=code)

    def compare(self, stands: NoticeRow, said: NoticeRow) -> None:
        settle_fields(
            "ship notice line", f"{said.notice.number}/{said.line}", stands, said,
            show={"quantity": show_micros, "order_line": lambda _: "another order line"},
        )  # fmt: skip

    def _day(self, shipped_on: Moment) -> date:
        day = self.organization.day_here(shipped_on)
        self.organization.check_not_to_come(day, today=self.today)
        return day
