"""Goods arrive: with or without an order, more or less of them, inspected, staged, at the start."""

from collections.abc import Callable
from datetime import date

from consigned_service.operations.core.lines import written
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.inbound import initial_stock as programmes
from consigned_service.operations.inbound import inspections, orders, putaway, shipments
from consigned_service.operations.inbound.orders import ClosingLine, OrderLine
from consigned_service.operations.inbound.receipts import ReceiptLine
from consigned_service.operations.inbound.shipments import ShipNoticeLine
from consigned_service.operations.master_data import item_settings, items, parties
from consigned_service.queries.inbound import arriving as arriving_queries
from consigned_service.queries.inbound import orders as order_queries
from consigned_service.queries.inbound.arriving import ArrivingLine
from consigned_service.queries.inventory import stock as stock_queries
from tests.daybooks import words
from tests.daybooks.acts import BY, at
from tests.support.lines import rewritten

SENTENCES = {
    "item_kept": ['item {code}[ "{name}"] in {unit} kept {marks*}'],
    "blanket_order": [
        "blanket order {order}[ line {line}]: {quantity} {unit} of {item} from {consignor}"
        "[ under {agreement}][, {maximum_quantity} at the most]"
    ],
    "close_line": ["close order {order}[ line {line}][ because {because*}]"],
    "receive_from": [
        "receive {receipt}[ line {line}]: {quantity} {unit} of {item} from {consignor}"
        "[ as {ownership}][ at {price}][ into {place}]"
    ],
    "receive_with": [
        "receive {receipt}[ line {line}]: {quantity} {unit} of {item} under {agreement} with "
        "{marks*}",
        "receive {receipt}[ line {line}]: {quantity} {unit} on {order} with {marks*}",
    ],
    "ship_with": ["ship {notice}[ line {line}]: {quantity} {unit} on {order} with {marks*}"],
    "inspect": [
        "inspect {receipt}[ line {line}]: {outcome} {quantity} {unit}[ into {place}]"
        "[ because {because*}]"
    ],
    "hold_receipt": ["hold receipt {receipt}[ line {line}][ because {because*}]"],
    "release_receipt": ["release receipt {receipt}[ line {line}]"],
    "inspects": ["{organization} inspects {item}"],
    "stages": ["{organization} stages its receipts"],
    "load_staged": ["load what is staged"],
    "complete_putaway": ["complete putaway[ of {receipt}]"],
    "stock_programme": [
        "stock {programme}[ line {line}]: {quantity} {unit} of {item} under {agreement}"
        "[ since {received_on}][ at {price}][ into {place}][ with {marks*}]"
    ],
    "arriving": ["arriving[ seen by {viewer}]"],
    "putaway_plan": ["putaway plan[ seen by {viewer}]"],
    "state": ["state of {order}[ seen by {viewer}]"],
    "marks": ["marks of {item}[ seen by {viewer}]"],
}


def marked(said: str) -> dict[str, str]:
    """What goods are told apart by, as in 'lot L-1, serials P-1;P-2, bonded under D-7'."""
    read: dict[str, str] = {}
    for mark in said.split(", "):
        match mark.split():
            case ["lot", lot]:
                read["lot"] = lot
            case ["serials" | "serial", serials]:
                read["serial"] = serials
            case ["weight", weight]:
                read["weight"] = weight
            case [("free" | "bonded" | "free-zone") as status, "under", document]:
                read |= {"customs_status": status, "customs_document": document}
            case ["made", "in", country]:
                read["origin"] = country
            case ["best", "before", day]:
                read["expires_on"] = day
            case ["shipped", "on", day]:
                read["shipped_on"] = day
            case ["inspection"]:
                read["inspected"] = "yes"
            case ["put", "into", place]:
                read["place"] = place
            case _:
                raise ValueError(f"no mark of goods: {mark!r}")
    return read


def _waiting(line: ArrivingLine) -> str:
    paper = f"{line.receipt}/{line.receipt_line}" if line.receipt else line.ship_notice
    return (
        f"{line.stage}: {line.quantity} of {line.item} ({paper}), {line.ownership}, "
        f"of {line.owner_name}"
        + (f", at {line.place}" if line.place else "")
        + f", since {line.since}"
        + (", hazardous" if line.is_hazardous else "")
        + (f", {line.because}" if line.because else "")
    )


class Acts:
    def item_kept(self, day: date, code: str, name: str, unit: str, marks: str) -> list[str]:
        read: dict[str, str] = {}
        for mark in marks.split(", "):
            match mark.split():
                case ["by", ("lot" | "serial") as tracking]:
                    read["tracking"] = tracking
                case ["by", counted_by]:
                    read["counted_by"] = counted_by
                case ["hazardous"]:
                    read["hazardous"] = "yes"
                case ["units", *units]:
                    read["units"] = " ".join(units)
                case [ownership]:
                    read["ownership"] = ownership
        line = written(items.ItemLine, code, name, unit, **read)
        return self._register(items.register_items(lines=[line]))

    def blanket_order(
        self, day: date, order: str, line: str, quantity: str, unit: str, item: str,
        consignor: str, agreement: str, maximum_quantity: str,
    ) -> list[str]:  # fmt: skip
        said = written(OrderLine,
            order, line or "1", day.isoformat(), consignor, item, quantity, agreement, unit,
            blanket="yes", maximum_quantity=maximum_quantity,
        )  # fmt: skip
        orders.place_orders(organization=self._in(""), lines=[said], at=at(day)).or_raise()
        self.ordered_in[order] = self._first()
        return []

    def close_line(self, day: date, order: str, line: str, because: str) -> list[str]:
        said = written(ClosingLine, order, line or "1", day.isoformat(), because)
        outcome = orders.close_order_lines(
            organization=self._in(self.ordered_in.get(order, "")), lines=[said], by=BY, at=at(day)
        ).or_raise()
        return words.NOTHING_CHANGES if outcome.repeated else []

    def receive_from(
        self, day: date, receipt: str, line: str, quantity: str, unit: str, item: str,
        consignor: str, ownership: str, price: str, place: str,
    ) -> list[str]:  # fmt: skip
        return self._receive(
            day, "",
            written(ReceiptLine,
                receipt, line or "1", day.isoformat(), item=item, quantity=quantity, unit=unit,
                consignor=consignor, ownership=ownership, price=price, place=place,
            ),
        )  # fmt: skip

    def receive_with(
        self, day: date, receipt: str, line: str, quantity: str, unit: str, marks: str,
        item: str = "", agreement: str = "", order: str = "",
    ) -> list[str]:  # fmt: skip
        said = written(ReceiptLine,
            receipt, line or "1", day.isoformat(), item=item, quantity=quantity, unit=unit,
            agreement=agreement, order=order, order_line="1" if order else "",
        )  # fmt: skip
        return self._receive(day, "", rewritten(said, **marked(marks)))

    def ship_with(
        self, day: date, notice: str, line: str, quantity: str, unit: str, order: str, marks: str
    ) -> list[str]:
        read = {"shipped_on": day.isoformat()} | marked(marks)
        said = written(
            ShipNoticeLine,
            notice,
            line or "1",
            order=order,
            order_line="1",
            quantity=quantity,
            unit=unit,
            **read,
        )
        done = shipments.record_ship_notices(
            organization=self._in(""), lines=[said], by=BY, at=at(day)
        )
        return self._news(done.or_raise())

    # --- inspection and putaway ----------------------------------------------------------

    def inspects(self, day: date, organization: str, item: str) -> list[str]:
        line = written(item_settings.ItemSettingLine, item, inspected="yes")
        return self._register(
            item_settings.register_item_settings(
                organization=self._in(organization), lines=[line], by=BY, at=at(day)
            )
        )

    def stages(self, day: date, organization: str) -> list[str]:
        line = written(
            parties.OrganizationLine,
            organization,
            "",
            self.holders[organization],
            "USD",
            two_step_receiving="yes",
        )
        return self._register(parties.register_organizations(lines=[line], by=BY, at=at(day)))

    def inspect(
        self, day: date, receipt: str, line: str, outcome: str, quantity: str, unit: str,
        place: str, because: str,
    ) -> list[str]:  # fmt: skip
        said = written(inspections.InspectionLine,
            self._reference(""), receipt, line or "1", quantity, outcome, day.isoformat(), unit,
            place, because,
        )  # fmt: skip
        done = inspections.record_inspections(
            organization=self._in(""), lines=[said], by=BY, at=at(day)
        )
        return self._news(done.or_raise())

    def hold_receipt(self, day: date, receipt: str, line: str, because: str) -> list[str]:
        return self._mark(inspections.hold_receipts, day, receipt, line, because)

    def release_receipt(self, day: date, receipt: str, line: str) -> list[str]:
        return self._mark(inspections.release_receipts, day, receipt, line, "")

    def _mark(
        self, act: Callable[..., Result], day: date, receipt: str, line: str, because: str
    ) -> list[str]:
        said = written(
            inspections.ReceiptHoldLine,
            self._reference(""),
            receipt,
            day.isoformat(),
            line,
            because,
        )
        done = act(organization=self._in(""), lines=[said], by=BY, at=at(day))
        return self._news(done.or_raise())

    def load_staged(self, day: date) -> list[str]:
        done = putaway.load_staged(organization=self._in(""), on=day, at=at(day))
        return [f"{done.new} loaded, {done.repeated} before, {done.waiting} on hold"]

    def complete_putaway(self, day: date, receipt: str) -> list[str]:
        done = putaway.complete_putaway(
            organization=self._in(""), receipts=[receipt] if receipt else (), happened_on=day,
            by=BY, at=at(day),
        )  # fmt: skip
        return self._news(done)

    def stock_programme(
        self, day: date, programme: str, line: str, quantity: str, unit: str, item: str,
        agreement: str, received_on: str, price: str, place: str, marks: str,
    ) -> list[str]:  # fmt: skip
        said = written(programmes.ProgrammeLine,
            programme, line or "1", day.isoformat(), agreement, item, quantity, received_on, unit,
            place, price=price, **(marked(marks) if marks else {}),
        )  # fmt: skip
        done = programmes.stock_programme(
            organization=self._in(""), lines=[said], by=BY, at=at(day)
        )
        return self._news(done.or_raise())

    # --- questions ---------------------------------------------------------------------

    def arriving(self, day: date, viewer: str) -> list[str]:
        return [
            _waiting(line) for line in arriving_queries.arriving(self._viewer(viewer)).rows
        ] or (words.NOTHING)

    def putaway_plan(self, day: date, viewer: str) -> list[str]:
        return [
            f"{_waiting(line)}, to {line.goes_to}"
            for line in arriving_queries.putaway_plan(self._viewer(viewer)).rows
        ] or words.NOTHING

    def state(self, day: date, order: str, viewer: str) -> list[str]:
        organization = self.ordered_in.get(order) or self._first()
        found = order_queries.order(self._viewer(viewer), organization, order)
        if found is None:
            return words.NOTHING
        return [
            f"line {line.line}: {line.ordered} of {line.item} ordered, {_most(line)}, "
            f"{line.received} received, {line.in_transit} in transit, {line.on_order} on order, "
            + ("blanket, " if line.is_blanket else "")
            + (
                f"closed on {line.closed_on}"
                if line.closed_on
                else "open" if line.is_open else "complete"
            )
            for line in found.lines
        ]  # fmt: skip

    def marks(self, day: date, item: str, viewer: str) -> list[str]:
        page = stock_queries.on_hand(self._viewer(viewer), item, today=day)
        return [
            f"{words.amount(row.quantity.micros, row.quantity.unit, row.item)} "
            f"({self._layer(row.organization, row.layer)}) at {row.place}"
            + "".join(
                f", {name} {value}" if value is not True else f", {name}"
                for name, value in (
                    ("hazardous", row.is_hazardous), ("lot", row.lot), ("serial", row.serial),
                    ("best before", row.expires_on), ("customs", row.customs_status),
                    ("under", row.customs_document), ("made in", row.origin),
                )
                if value
            )
            for row in page.rows
        ] or words.NOTHING  # fmt: skip


def _most(line: order_queries.OrderLine) -> str:
    most = line.maximum_quantity
    return "any quantity" if most is None else f"{most} at the most"
