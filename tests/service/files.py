"""What lines of each kind of file may say in the world of tests/service/world.py: most of it good,
some of it not. A column that is not here stays empty.

The columns that name a line are drawn from few names, so that lines are told twice, and the goods
from few places and lots, so that a line depends on those before it."""

from functools import partial

from consigned_service.operations.consumption.issues import Reported
from consigned_service.operations.core.lines import written
from consigned_service.operations.inbound import inspections, orders, receipts, shipments
from consigned_service.operations.inventory import transfers as custody
from consigned_service.operations.master_data import agreements, items
from consigned_service.operations.master_data import bills_of_material as bills
from consigned_service.operations.production import completions as production
from tests.service.world import World, at, done

REFERENCES = ["1", "2", "3", "4", "5", "6", "7", "8", "9", ""]
ORGANIZATIONS = ["L1", "L1", "L2", "L2", "X"]
GOODS = ["BOLT", "BOLT", "BOLT", "NUT", "NONE"]
QUANTITIES = ["1", "5", "5", "20", "60", "0", "x"]
DAYS = ["2026-04-01", "2026-04-01", "2026-04-02", "2026-03-05", "2099-01-01"]
PLACES = ["STORE", "STORE", "DOCK", "STOCK", "NOWHERE"]
ANYBODY = ["", "", "", "acme", "bolts"]
HOLD = {
    "organization": ORGANIZATIONS,
    "reference": REFERENCES,
    "item": GOODS,
    "happened_on": DAYS,
    "quantity": [*QUANTITIES, ""],
    "place": ["", "", "STORE", "DOCK"],
    "consignor": ANYBODY,
}
RECEIPT_LINES = {
    "organization": ["L1"],
    "reference": REFERENCES,
    "receipt": ["R-1", "R-1", "R-2", "R-4", "R-9"],
    "line": ["1", "1", "2", ""],
    "happened_on": DAYS,
}

POOLS: dict[str, dict[str, list[str]]] = {
    # --- masters ---------------------------------------------------------------------------
    "parties": {"code": ["p1", "p2", "p3", ""], "name": ["One", "Two", ""]},
    "sites": {"party": ["acme", "bolts", "none"], "code": ["s1", "s2"], "name": ["A", "B"]},
    "items": {
        "code": ["i1", "i2", "i3", ""], "name": ["One", "Two"], "unit": ["EA", "EA", "KG"],
        "units": ["", "BX=10", "BX=12", "CS=2"], "gtin": ["", "4006381333931", "1"],
    },
    "places": {
        "organization": ORGANIZATIONS, "code": ["B1", "B2", "B3"], "name": ["", "Bay"],
        "zone": ["shop-floor", "shop-floor", "customer", "x"], "owned": ["", "yes"],
    },
    "agreements": {
        "number": ["N1", "N2", "N3"], "consignor": ["acme", "bolts", "none"],
        "consignee": ["northwind", "acme"], "currency": ["USD", "EUR"],
        "starts_on": ["2026-01-01", "2026-02-01"], "frequency": ["daily"],
    },
    "prices": {
        "agreement": ["A-ACME", "A-BOLT", "A-NONE"], "item": GOODS,
        "starts_on": ["2026-04-01", "2026-05-01"], "price": ["1.10", "1.20", "x"],
        "from_quantity": ["", "10"],
    },
    "item-settings": {
        "organization": ORGANIZATIONS, "item": GOODS, "pick_order": ["", "own-first", "x"],
        "inspected": ["", "yes"],
    },
    "consumption-rules": {
        "rule": ["r1", "r2", "r3"], "party": ["northwind", "none"],
        "verdict": ["consume", "keep", "x"], "item": ["", "BOLT"],
    },
    "exchange-rates": {
        "kind": ["ecb"], "currency": ["EUR", "GBP"], "functional_currency": ["USD"],
        "valid_from": ["2026-03-01", "2026-03-02"], "rate": ["1.1", "1.2", "x"],
    },
    "designations": {
        "item": ["PAPER", "SECRET", "NONE"], "organization": ["", "L1", "L2"],
        "ownership": ["owned", "consigned", "x"], "because": ["agreed"],
    },
    # --- on their way in -------------------------------------------------------------------
    "orders": {
        "organization": ORGANIZATIONS, "order": ["O1", "O2"], "line": ["1", "2", "0"],
        "ordered_on": DAYS, "consignor": ["acme", "bolts", "none"], "item": GOODS,
        "quantity": QUANTITIES, "price": ["", "1.25"],
    },
    "order-closings": {
        "organization": ["L1"], "order": ["PO-1", "PO-2", "PO-9"], "line": ["1", "2"],
        "closed_on": DAYS, "because": ["", "enough"],
    },
    "ship-notices": {
        "organization": ["L1"], "ship_notice": ["SN-1", "SN-2", "SN-3"], "line": ["1", "2", "3"],
        "shipped_on": ["2026-04-01", "2026-02-25"], "order": ["PO-1", "PO-2", "PO-9"],
        "order_line": ["1", "2"], "quantity": ["5", "20", "0"], "expected_on": ["", "2026-04-09"],
    },
    "receipts": {
        "organization": ["L1"], "receipt": ["R-7", "R-8", "R-9", "R-1"], "line": ["1", "2", "3"],
        "received_on": ["2026-04-01", "2026-04-01", "2026-04-02", "2026-02-20"],
        "ship_notice": ["", "", "", "SN-1", "SN-T", "SN-L"],
        "ship_notice_line": ["1", "1", "2"], "order": ["", "PO-1", "PO-2", "PO-L"],
        "order_line": ["1"],
        "agreement": ["", "A-ACME", "A-BOLT"], "item": ["", "", "BOLT", "PIPE", "NONE"],
        "quantity": ["", "5", "15", "20", "x"], "lot": ["", "A", "B"], "price": ["", "", "2.00"],
        "place": ["", "", "", "DOCK", "STOCK"], "serial": ["", "", "S-1;S-2", "S-2;S-3"],
    },
    "initial-stock": {
        "organization": ["L1", "L2"], "programme": ["R-1", "START", "NEXT"],
        "line": ["1", "2", "3"],
        "stocked_on": ["2026-04-01", "2026-04-02"], "agreement": ["A-ACME", "A-BOLT", "A-NONE"],
        "item": GOODS, "quantity": QUANTITIES, "received_on": ["", "2026-01-10", "2026-05-01"],
        "place": ["", "STORE", "STOCK"],
    },
    "inspections": {
        "organization": ["L1"], "reference": REFERENCES, "receipt": ["R-I", "R-I", "R-1"],
        "line": ["1"], "quantity": ["1", "4", "10", "0"],
        "outcome": ["accept", "reject", "hold", "reinspect", "x"],
        "inspected_on": ["2026-04-01", "2026-04-02", "2026-03-01"], "place": ["", "", "DOCK"],
    },
    "receipt-holds": RECEIPT_LINES | {"receipt": ["R-I", "R-D", "R-D", "R-9"]},
    "receipt-releases": RECEIPT_LINES | {"receipt": ["R-I", "R-H", "R-H", "R-9"]},
    "putaways": {
        "organization": ["L1"], "reference": REFERENCES, "receipt": ["R-D", "R-D", "R-1"],
        "line": ["1"], "quantity": ["1", "4", "10", "0"], "to_place": PLACES,
        "happened_on": ["2026-04-01", "2026-04-02", "2026-03-01"],
    },
    # --- inside the walls ------------------------------------------------------------------
    "transfers": {
        "organization": ORGANIZATIONS, "reference": REFERENCES, "item": GOODS,
        "quantity": QUANTITIES, "from_place": PLACES, "to_place": PLACES, "happened_on": DAYS,
        "consignor": ANYBODY,
    },
    "interorganization-transfers": {
        "reference": REFERENCES, "from_organization": ["L1", "L1", "L2", "X"],
        "to_organization": ["L1", "L2", "L2", "C1"], "item": GOODS, "quantity": QUANTITIES,
        "from_place": ["STORE", "STORE", "STOCK"], "to_place": ["STORE", "STOCK", "NOWHERE"],
        "happened_on": DAYS, "consignor": ANYBODY,
    },
    "holds": HOLD,
    "releases": HOLD,
    "aging-transfers": {
        "organization": ["L1", "L1", "L2"], "reference": REFERENCES, "happened_on": DAYS,
        "receipt": ["R-1", "R-2", "R-2", "R-9"], "line": ["", "1", "2"],
        "quantity": ["", "5", "5", "30", "x"],
    },
    "renewals": {
        "organization": ["L1", "L1", "L2"], "reference": REFERENCES,
        "agreement": ["A-ACME", "A-ACME", "A-BOLT", "X"],
        "new_agreement": ["A-BOLT", "A-ACME", "A-ACME"], "happened_on": DAYS, "agreed_on": DAYS,
        "consent": ["Ann of Bolts", ""], "item": ["", *GOODS], "place": ["", *PLACES],
    },
    "extensions": {
        "organization": ["L1"], "reference": REFERENCES, "agreed_on": DAYS,
        "consent": ["Ann of Bolts", "Ann of Bolts", ""], "receipt": ["R-2", "R-2", "R-4", "R-9"],
        "line": ["", "1"], "days": ["10", "10", "20", ""], "until": ["", "", "2026-12-01"],
    },
    "reservations": {
        "organization": ORGANIZATIONS, "reference": ["SO-7", "1", "2", "3"], "item": GOODS,
        "quantity": QUANTITIES, "consignor": ANYBODY,
    },
    "reservation-cancellations": {
        "organization": ORGANIZATIONS, "reference": ["SO-7", "SO-7", "SO-8", "1"],
        "item": GOODS,
    },
    # --- used, and come back ---------------------------------------------------------------
    "consumption": {
        "reference": REFERENCES, "organization": ORGANIZATIONS,
        "item": ["BOLT", "BOLT", "BOLT", "BOLT", "NUT", "OIL", "NONE"],
        "quantity": ["1", "5", "5", "20", "50", "-1", "-5", "-5", "-20", "0", "x"],
        "occurred_at": ["2026-04-01", "2026-04-01T10:00", "2026-04-02", "2026-03-20", "2099-01-01"],
        "place": ["", "", "", "", "STORE", "DOCK", "STOCK"], "consignor": ["", *ANYBODY],
        "kind": ["", "", "", "", "issue", "scrap", "transfer-to-owned"],
        "reservation": ["", "", "", "SO-7"], "price": ["", "", "", "1.25"],
    },
    "transfers-to-consigned": {
        "organization": ["L1", "L1", "L2"], "reference": REFERENCES, "item": GOODS,
        "quantity": ["1", "5", "20", "0"], "happened_on": DAYS, "place": ["", "STOCK"],
        "consignor": ANYBODY, "because": ["", "unsold"],
    },
    "returns": {
        "organization": ["L1", "L1", "L2"], "reference": REFERENCES, "item": GOODS,
        "quantity": ["1", "5", "20", "60", "0"], "happened_on": DAYS, "place": ["", "STORE"],
        "consignor": ANYBODY, "with_title_transfer": ["", "yes"], "because": ["", "broken"],
    },
    "receipt-reversals": {
        "organization": ["L1"], "reference": REFERENCES, "receipt": ["R-1", "R-D", "R-D", "R-2"],
        "line": ["1"], "happened_on": DAYS, "quantity": ["", "1", "5", "20"],
        "because": ["twice", "twice", ""],
    },
    "customer-returns": {
        "organization": ["L1", "L1", "L2"], "reference": REFERENCES,
        "item": ["BOLT", "BOLT", "NUT", "NONE"], "quantity": ["1", "5", "5", "20", "90", "0"],
        "happened_on": DAYS, "place": ["", "", "STOCK"], "consignor": ANYBODY,
        "to_original_owner": ["", "", "yes"], "customer": ["", "Mrs Miller"],
    },
    # --- counted ---------------------------------------------------------------------------
    "counts": {
        "organization": ["L1", "L1", "L2"], "count_number": ["C-1", "C-2", "C-3"],
        "item": GOODS, "counted": ["5", "30", "55", "x"], "counted_on": DAYS,
        "consignor": ["", "acme", "bolts"], "place": ["", "STORE"], "recount": ["", "", "1"],
        "reason": ["", "", "stolen"],
    },
    "count-adjustments": {
        "organization": ["L1"], "difference": ["1", "1", "2"],
        "reason": ["stolen", "miscount", "x"],
        "quantity": ["", "5", "7"],
    },
    "dispositions": {
        "organization": ["L1", "L1", "L2"], "reference": REFERENCES, "item": GOODS,
        "quantity": ["1", "5", "20", "0"], "outcome": ["block", "block", "scrap", "keep", "x"],
        "happened_on": DAYS, "reason": ["", "broken"], "consignor": ANYBODY,
        "place": ["", "", "STORE"],
    },
    # --- made ------------------------------------------------------------------------------
    "bills": {
        "organization": ["L1"], "product": ["FRAME", "RACK", "NONE"],
        "component": ["BOLT", "NUT", "FRAME"], "quantity_per": ["1", "2", "x"],
    },
    "production": {
        "organization": ["L1"], "reference": REFERENCES,
        "product": ["FRAME", "FRAME", "RACK", "NONE"],
        "quantity": ["1", "2", "5", "0"], "completed_on": DAYS, "work_order": ["", "", "W-1"],
    },
    "component-returns": {
        "organization": ["L1"], "reference": REFERENCES, "work_order": ["W-1", "W-1", "W-2"],
        "item": ["BOLT", "BOLT", "NUT"], "quantity": ["1", "2", "4", "0"], "returned_on": DAYS,
    },
    "disassemblies": {
        "organization": ["L1"], "reference": REFERENCES, "product": ["FRAME", "FRAME", "NONE"],
        "quantity": ["1", "1", "2", "0"], "taken_apart_on": DAYS,
    },
}  # fmt: skip


def prepare(world: World) -> None:
    """What files can be about, beside what is in the world: goods in transit, staged, held and
    waiting for their inspection; products, and components in process."""
    done(
        items.register_items(
            lines=[
                written(items.ItemLine, "FRAME", "", "EA", "owned"),
                written(items.ItemLine, "RACK", "", "EA", "owned"),
                written(items.ItemLine, "PIPE", "", "EA", tracking="serial"),
                written(items.ItemLine, "ROD", "", "EA", tracking="lot"),
            ]
        )
    )
    l1 = world.organization("L1")
    on = at("2026-03-31")
    told = {"organization": l1, "by": "mia", "at": on}
    bill = partial(written, bills.BillLine)
    done(
        bills.register_bills(
            organization=l1,
            lines=[
                bill("FRAME", "BOLT", "4"),
                bill("FRAME", "NUT", "1"),
                bill("RACK", "FRAME", "2"),
            ],
        )
    )
    terms = written(agreements.AgreementLine,
        "A-WAY", "acme", "northwind", "USD", "2026-01-01", frequency="weekly",
        first_closing_on="2026-03-08", includes_in_transit="yes",
    )  # fmt: skip
    done(agreements.register_agreements(lines=[terms]))
    prices = [
        written(agreements.PriceLine, "A-WAY", one, "2026-01-01", "2.00") for one in ("PIPE", "ROD")
    ]
    done(agreements.register_prices(lines=prices))
    placed = [
        written(
            orders.OrderLine,
            "PO-T",
            "1",
            "2026-03-01",
            "acme",
            "PIPE",
            "6",
            "A-WAY",
            maximum_quantity="9",
        ),
        written(
            orders.OrderLine,
            "PO-L",
            "1",
            "2026-03-01",
            "acme",
            "ROD",
            "20",
            "A-WAY",
            maximum_quantity="40",
        ),
    ]
    done(orders.place_orders(organization=l1, lines=placed, at=on))
    notice = partial(written, shipments.ShipNoticeLine)
    done(
        shipments.record_ship_notices(
            lines=[
                notice("SN-T", "1", "2026-03-29", "PO-T", "1", "2", serial="S-1;S-2"),
                notice("SN-T", "2", "2026-03-29", "PO-T", "1", "1", serial="S-3"),
                notice("SN-L", "1", "2026-03-29", "PO-L", "1", "10", lot="A"),
                notice("SN-L", "2", "2026-03-29", "PO-L", "1", "10", lot="B"),
            ],
            **told,
        )
    )
    receipt = partial(written, receipts.ReceiptLine)
    in_hand = {"agreement": "A-ACME", "item": "BOLT", "quantity": "10"}
    more = {**in_hand, "quantity": "40"}
    world.receive("L1", receipt("R-M", "1", "2026-03-31", **more))
    world.receive("L1", receipt("R-I", "1", "2026-03-31", **in_hand, inspected="yes"))
    world.receive("L1", receipt("R-D", "1", "2026-03-31", **in_hand, place="DOCK"))
    world.receive("L1", receipt("R-H", "1", "2026-03-31", **in_hand, place="DOCK"))
    hold = written(inspections.ReceiptHoldLine, "HELD", "R-H", "2026-03-31")
    done(inspections.hold_receipts(lines=[hold], **told))
    world.use(
        "L1",
        "2026-03-31",
        written(Reported, "K1", "BOLT", "8", "2026-03-31", kind="production", work_order="W-1"),
    )
    made = written(production.CompletionLine, "P1", "FRAME", "2", "2026-03-31")
    done(production.record_production(lines=[made], **told))
    move = written(
        custody.TransferLine, "M-9", "BOLT", "4", "STORE", "STOCK", "2026-03-31", consignor="acme"
    )
    done(custody.transfer_goods(lines=[move], **told))
