"""Ship notices: what consignors say is on its way, line by line of the orders it answers.

A line is known by the consignor, the notice and its line number. The day on which a shipment is
expected may be told anew; everything else stands.

Refuses: UnknownItem, UnknownParty, UnitDoesNotConvert, NotYet, Differs, and what
`trade.shipments` and `trade.status` refuse.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from consigned.measure.identity import OrganizationId
from consigned.measure.period import DAY, parse_day
from consigned.measure.quantity import parse_micros, show_micros
from consigned.measure.refusal import Refusal
from consigned.title.layer import Ownership
from consigned.trade.items import UnknownItem
from consigned.trade.parties import NotYet, Organization, UnknownParty
from consigned.trade.shipments import (
    NotOnOrder,
    OtherConsignorOrdered,
    OtherItemOrdered,
    ShipsNothing,
)
from consigned.trade.status import check_consignor
from consigned_service.operations.keeping import items_here
from consigned_service.operations.lines import Outcome, optional_day, required, text
from consigned_service.operations.register import line_number, settle_fields
from consigned_service.records import agreements as agreement_records
from consigned_service.records import ledger
from consigned_service.records import shipments as shipment_records
from consigned_service.records.shipments import NoticeHead, NoticeKey, NoticeRow


class ShipNoticeLine(NamedTuple):
    """A line of a ship notice as written; an empty consignor or item is the order's."""

    ship_notice: str
    line: str
    shipped_on: str
    order: str
    order_line: str
    quantity: str
    consignor: str = ""
    item: str = ""
    expected_on: str = ""
    unit: str = ""
    lot: str = ""
    serial: str = ""
    expires_on: str = ""


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
    *, organization: OrganizationId, lines: Sequence[ShipNoticeLine], at: datetime
) -> Outcome:
    """Record ship notices to one organization, many lines at once."""
    outcome = Outcome()
    with ledger.writing([organization]):
        reader = _Reader(ledger.read_organization(organization), lines, today=at.date())
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
                reader.settle_head(announced, said)
                if said.row.key in announced.lines:
                    reader.compare(announced.lines[said.row.key], said.row)
                    outcome.repeated += 1
                else:
                    reader.check_consignor(said.row)
                    announced.lines[said.row.key] = said.row
                    announced.rows.append(said.row)
                    outcome.new += 1
            except Refusal as refusal:
                outcome.refuse(index, refusal)
        shipment_records.add(announced.added, announced.expected, announced.rows)
    return outcome


class _Reader:
    """Reads ship notice lines against the orders that the batch names."""

    def __init__(
        self, organization: Organization, lines: Sequence[ShipNoticeLine], *, today: date
    ) -> None:
        self.organization = organization
        self.today = today
        numbers = {
            (line.order.strip(), int(line.order_line))
            for line in lines
            if line.order_line.strip().isdecimal() and len(line.order_line) < 10
        }
        self.ordered = shipment_records.ordered(organization.id, numbers)
        self.items = agreement_records.items_by_id({line.item for line in self.ordered.values()})
        self.here = items_here(organization, self.items.values())
        self.consigned = {
            line.id: line for line in self.ordered.values() if line.ownership == Ownership.CONSIGNED
        }
        self.parties = agreement_records.party_ids({line.consignor.strip() for line in lines})
        self.codes = agreement_records.party_codes(
            {line.consignor for line in self.ordered.values()}
        )
        self.other_items = agreement_records.items_by_code({line.item.strip() for line in lines})

    def read(self, line: ShipNoticeLine) -> Said:
        number = required(line.ship_notice, "ship_notice", 60)
        order = required(line.order, "order", 60)
        order_line = line_number(line.order_line, "order_line")
        ordered = self.ordered.get((order, order_line))
        if ordered is None:
            raise NotOnOrder(order, order_line, self.organization.code)
        consignor = line.consignor.strip()
        if consignor and consignor not in self.parties:
            raise UnknownParty(consignor)
        if consignor and self.parties[consignor] != ordered.consignor:
            raise OtherConsignorOrdered(order, self.codes[ordered.consignor], consignor)
        item = self.items[ordered.item]
        code = line.item.strip()
        if code and code not in self.other_items:
            raise UnknownItem(code)
        if code and code != item.code:
            raise OtherItemOrdered(order, order_line, item.code, code)
        asked = parse_micros(required(line.quantity, "quantity"))
        quantity = item.in_own_unit(asked, line.unit.strip())
        if quantity <= 0:
            raise ShipsNothing(item.code)
        key = NoticeKey(ordered.consignor, number)
        shipped_on = self._day(line.shipped_on)
        return Said(
            NoticeHead(self.organization.id, shipped_on, optional_day(line.expected_on)),
            NoticeRow(
                key,
                line_number(line.line),
                ordered.id,
                quantity,
                text(line.lot, "lot", 60),
                text(line.serial, "serial", 60),
                optional_day(line.expires_on),
            ),
        )

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

    def _day(self, written: str) -> date:
        day = parse_day(required(written, "shipped_on"))
        if day > self.today + DAY:
            raise NotYet(day, self.today)
        return day
