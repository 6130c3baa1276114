"""Goods on their way in: ordered, announced, received, inspected, put away."""

from consigned_service.operations.inbound import initial_stock as programmes
from consigned_service.operations.inbound import inspections, orders, putaway, receipts, shipments
from consigned_service.operations.registry.kind import (
    CUSTOMS,
    DAY,
    ITEM,
    LOT,
    OF,
    QUANTITY,
    RECEIPT_MARK,
    SERIAL,
    TOLD_ONCE,
    UNIT,
    Kind,
    on_organization,
)

KINDS = (
    Kind(
        "orders",
        orders.OrderLine,
        ("organization", "order", "line", "ordered_on", "consignor", "item", "quantity"),
        OF
        | {
            "order": "number of the order within the organization",
            "line": "number of the line within the order",
            "ordered_on": DAY,
            "consignor": "code of the party the goods are ordered from",
            "item": ITEM,
            "quantity": QUANTITY,
            "agreement": "number of the agreement; empty: the one in force between the two",
            "unit": UNIT,
            "ownership": "owned where an item that is consigned here is to be bought; empty: "
            "consigned from its consignor, owned from others, or as the item is designated",
            "price": "price of one unit; empty: the agreement's on the day of the order",
            "currency": "currency of the price; empty: the agreement's",
            "needed_on": DAY,
            "blanket": "yes where goods are received against it again and again until it is "
            "closed",
            "at_most": "how much may come in all; empty: as the agreement tolerates, on a "
            "blanket line any quantity",
        },
        lambda lines, told: orders.place_orders(
            organization=told.organization, lines=lines, at=told.at
        ),
        day="ordered_on",
    ),
    Kind(
        "order-closings",
        orders.ClosingLine,
        ("organization", "order", "line", "closed_on"),
        OF
        | {
            "order": "number of the order",
            "line": "the order's line that is to be expected no longer",
            "closed_on": DAY,
            "because": "why, in words",
        },
        on_organization(orders.close_order_lines),
        day="closed_on",
    ),
    Kind(
        "ship-notices",
        shipments.ShipNoticeLine,
        ("organization", "ship_notice", "line", "shipped_on", "order", "order_line",
         "quantity"),
        OF
        | {
            "ship_notice": "the consignor's number of the ship notice",
            "line": "number of the line within the notice",
            "shipped_on": DAY,
            "order": "number of the order that is answered",
            "order_line": "the order's line",
            "quantity": QUANTITY,
            "consignor": "code of the party that ships; empty: the order's",
            "item": ITEM + "; empty: the order line's",
            "expected_on": "day of arrival, " + DAY,
            "unit": UNIT,
            "lot": LOT,
            "serial": SERIAL,
            "expires_on": "last day on which the goods may be used, " + DAY,
        }
        | CUSTOMS,
        on_organization(shipments.record_ship_notices),
        day="shipped_on",
    ),
    Kind(
        "receipts",
        receipts.ReceiptLine,
        ("organization", "receipt", "line", "received_on"),
        OF
        | {
            "receipt": "number of the goods receipt within the organization",
            "line": "number of the line within the receipt",
            "received_on": DAY,
            "ship_notice": "number of the ship notice it answers, if any",
            "ship_notice_line": "the notice's line; empty: the same as the receipt's",
            "order": "number of the order it answers, where there is no ship notice",
            "order_line": "the order's line; empty: the same as the receipt's",
            "agreement": "number of the agreement, where there is neither; empty: the one in "
            "force with the consignor",
            "item": ITEM + "; empty: as announced",
            "quantity": "how much came; empty: as announced",
            "unit": UNIT,
            "lot": LOT,
            "serial": SERIAL + "; of an item tracked by serial one for each piece, with ; "
            "between",
            "expires_on": "last day on which the goods may be used, " + DAY,
            "place": "code of the place the goods are put away to; empty: the usual one",
            "consignor": "code of the party they come from, where no paper says it",
            "ownership": "consigned, owned or non-owned, where there is no order; empty: as "
            "the item is designated",
            "price": "what one unit came in at, where there is no order; empty: the "
            "agreement's price of the day",
            "currency": "currency of that price; empty: the agreement's",
            "weight": "what the quantity actually weighs, in the item's own unit; empty: as "
            "the units say",
            "inspected": "yes where the goods are inspected first, no where not; empty: as "
            "the organization keeps the item",
        }
        | CUSTOMS,
        on_organization(receipts.record_receipts),
        day="received_on",
    ),
    Kind(
        "inspections",
        inspections.InspectionLine,
        ("organization", "reference", "receipt", "line", "quantity", "outcome",
         "inspected_on"),
        OF
        | {
            "reference": TOLD_ONCE,
            "receipt": "number of the goods receipt",
            "line": "the receipt's line",
            "quantity": QUANTITY,
            "outcome": "accept, reject, hold (it waits on), or reinspect (it waits again)",
            "inspected_on": DAY,
            "unit": UNIT,
            "place": "code of the place accepted goods are put away to; empty: the usual one",
            "because": "why, in words",
        },
        on_organization(inspections.record_inspections),
        day="inspected_on",
    ),
    Kind(
        "receipt-holds",
        inspections.ReceiptHoldLine,
        ("organization", "reference", "receipt", "happened_on"),
        RECEIPT_MARK,
        on_organization(inspections.hold_receipts),
        day="happened_on",
    ),
    Kind(
        "receipt-releases",
        inspections.ReceiptHoldLine,
        ("organization", "reference", "receipt", "happened_on"),
        RECEIPT_MARK,
        on_organization(inspections.release_receipts),
        day="happened_on",
    ),
    Kind(
        "initial-stock",
        programmes.ProgrammeLine,
        ("organization", "programme", "line", "stocked_on", "agreement", "item", "quantity"),
        OF
        | {
            "programme": "a number of its own for the start of a programme",
            "line": "number of the line within it",
            "stocked_on": "day on which the store is taken over, " + DAY,
            "agreement": "number of the agreement the goods lie there under",
            "item": ITEM,
            "quantity": QUANTITY,
            "received_on": "day the goods came, from which they age, " + DAY + "; empty: the "
            "day of stocking",
            "unit": UNIT,
            "place": "code of the place they lie at; empty: the consigned store",
            "lot": LOT,
            "serial": SERIAL + "; of an item tracked by serial one for each piece, with ; "
            "between",
            "expires_on": "last day on which the goods may be used, " + DAY,
            "price": "value of one unit; empty: the agreement's price of the day they came",
            "currency": "currency of that price; empty: the agreement's",
            "weight": "what the quantity actually weighs, in the item's own unit; empty: as "
            "the units say",
        }
        | CUSTOMS,
        on_organization(programmes.stock_programme),
        day="stocked_on",
    ),
    Kind(
        "putaways",
        putaway.PutawayLine,
        ("organization", "reference", "receipt", "line", "quantity", "to_place",
         "happened_on"),
        OF
        | {
            "reference": TOLD_ONCE,
            "receipt": "number of the goods receipt",
            "line": "the receipt's line",
            "quantity": QUANTITY,
            "to_place": "code of the place the goods are put away to",
            "happened_on": DAY,
            "unit": UNIT,
        },
        on_organization(putaway.put_away),
        day="happened_on",
    ),
)  # fmt: skip
