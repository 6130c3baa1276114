"""Goods arrive by files and commands, and what is lost on the way is nowhere lost sight of."""

from datetime import date

import pytest

from consigned_service.operations.audit.audit import audit
from consigned_service.operations.consumption import issues as consumption
from consigned_service.operations.core.lines import written
from consigned_service.operations.inbound import orders, shipments
from consigned_service.operations.inbound.putaway import complete_putaway, load_staged
from consigned_service.operations.inbound.receipts import ReceiptLine, record_receipts
from consigned_service.operations.master_data import agreements, items
from consigned_service.queries.core.viewers import viewer_of_party
from consigned_service.queries.inbound.arriving import Stage, arriving
from consigned_service.records import models
from tests.service.console import Console
from tests.service.lawful import broken_laws
from tests.service.shop import (
    BY,
    DAY,
    NOW,
    open_shop,
    organization_id,
    sell,
    take_in_a_shipment,
)

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

FILES = {
    "order-closings": """\
organization,order,line,closed_on,because
s1,PO-W,1,2026-03-06,nothing more comes
""",
    "inspections": """\
organization,reference,receipt,line,quantity,outcome,inspected_on,place,because
s1,I9,R-W,1,1,accept,2026-03-06,STORE,good enough
""",
    "receipt-holds": """\
organization,reference,receipt,happened_on,because
s1,H1,R-W,2026-03-06,papers
""",
    "receipt-releases": """\
organization,reference,receipt,happened_on
s1,H2,R-D,2026-03-06
""",
    "initial-stock": """\
organization,programme,line,stocked_on,agreement,item,quantity,received_on,price
s1,START,1,2026-03-06,A-acme,BOLT,250,2026-01-10,0.50
""",
}


@pytest.fixture
def console(database, tmp_path) -> Console:
    open_shop("s1")
    take_in_a_shipment("s1")
    console = Console(tmp_path)
    for kind, text in FILES.items():
        (tmp_path / f"{kind}.csv").write_text(text)
    return console


def receive(*lines: ReceiptLine):
    return record_receipts(organization=organization_id("s1"), lines=lines, by=BY, at=NOW)


@ON_SQLITE
@pytest.mark.rows("E24", "P26", "P32", "P63")
def test_every_kind_of_line_comes_in_from_a_file_and_a_second_time_changes_nothing(console):
    receive(written(ReceiptLine, "R-D", "1", DAY, item="BOLT", agreement="A-acme", quantity="5",
                        place="DOCK")).or_raise()  # fmt: skip
    held = "organization,reference,receipt,happened_on\ns1,H0,R-D,2026-03-06\n"
    (console.folder / "held.csv").write_text(held)
    assert console("import", "receipt-holds", "held.csv").code == 0
    for again in (False, True):
        for kind in FILES:
            said = console("import", kind, f"{kind}.csv", "--json")
            assert said.code == 0, (kind, again, said)
    started = models.Layer.objects.get(received_on=date(2026, 1, 10))
    assert (started.quantity, started.price) == (250_000_000, 500_000)
    assert audit().breaches == []
    assert list(broken_laws()) == []


@ON_SQLITE
@pytest.mark.rows("P31", "P33", "P35")
def test_the_queue_is_loaded_shown_and_completed_at_the_command_line(console):
    plan = console("putaway", "s1", "--json").answer
    assert [(line["receipt"], line["quantity"]["number"], line["goes_to"]) for line in plan] == [
        ("R-W", "4", "STORE")
    ]
    assert "R-W" in console("putaway", "s1").out
    assert console("putaway", "s1", "--load", "--json").answer == {
        "loaded": 0, "loaded_before": 1, "on_hold": 2,
    }  # fmt: skip
    nothing = console("putaway", "s1", "--complete", "--receipt", "R-9", "--on", DAY)
    assert nothing.out == "Put away: 0 layers.\n"
    assert console("putaway", "s1", "--complete", "--on", DAY).out == "Put away: 1 layer.\n"
    assert console("putaway", "s1", "--json").answer == []


@ON_SQLITE
@pytest.mark.rows("E15", "P32")
def test_what_is_on_its_way_is_listed_by_how_far_it_has_come(console):
    lines = console("arriving", "--json").answer
    assert sorted((line["stage"], line["quantity"]["number"]) for line in lines) == [
        ("in-transit", "4"), ("loaded", "4"), ("rejected", "1"), ("to-inspect", "1"),
    ]  # fmt: skip
    assert "On the way: 4 lines." in console("arriving", "--item", "PIPE").out
    assert "no item" in console("arriving", "--item", "WING").err


@pytest.mark.rows("E04", "E05", "O41")
@pytest.mark.parametrize("title_rule", ["on-shipment", "on-ship-notice", "on-receipt"])
def test_a_line_of_many_is_booked_once_however_its_title_passes(database, title_rule):
    """Two shipments, received together and in parts; the books agree after each."""
    open_shop("s1")
    shop = organization_id("s1")
    items.register_items(lines=[written(items.ItemLine, "PIPE", "", "EA")]).or_raise()
    agreements.register_agreements(
        lines=[
            written(agreements.AgreementLine,
                "A-way", "acme", "northwind", "USD", "2026-01-01", title_rule=title_rule,
                frequency="weekly", first_closing_on="2026-03-08", over_receipt_percent="50",
            )
        ]
    ).or_raise()  # fmt: skip
    agreements.register_prices(
        lines=[written(agreements.PriceLine, "A-way", "PIPE", "2026-01-01", "0.333333")]
    ).or_raise()
    orders.place_orders(
        organization=shop, at=NOW,
        lines=[written(orders.OrderLine, "PO-W", "1", "2026-03-01", "acme", "PIPE", "20")],
    ).or_raise()  # fmt: skip
    notices = [
        written(shipments.ShipNoticeLine, f"SN-{n}", "1", "2026-03-02", "PO-W", "1", "10")
        for n in (1, 2)
    ]
    shipments.record_ship_notices(organization=shop, lines=notices, by=BY, at=NOW).or_raise()
    assert audit().breaches == []
    outcome = receive(
        written(ReceiptLine, "R-1", "1", DAY, "SN-1", "1", quantity="7"),
        written(ReceiptLine, "R-1", "2", DAY, "SN-1", "1", quantity="3"),
        written(ReceiptLine, "R-2", "1", DAY, order="PO-W", order_line="1", quantity="11"),
        written(ReceiptLine, "R-1", "2", DAY, "SN-1", "1", quantity="3"),
    )
    assert (outcome.new, outcome.repeated, outcome.refused) == (3, 1, [])
    assert audit().breaches == []
    assert list(broken_laws()) == []
    lying = models.Balance.objects.filter(is_outer=False, layer__gt=4)
    assert sum(row.quantity for row in lying) == 21_000_000
    charged = models.Charge.objects.all()
    assert sum(row.quantity for row in charged) == 21_000_000


@pytest.mark.rows("O38")
def test_a_serial_sold_at_the_till_carries_its_owner_and_is_sold_once(database):
    """A trap of another system (Q2): the owner left off, and a balance below nothing."""
    open_shop("s1")
    items.register_items(
        lines=[written(items.ItemLine, "PUMP", "", "EA", tracking="serial")]
    ).or_raise()
    for code in ("acme", "bolts"):
        agreements.register_prices(
            lines=[written(agreements.PriceLine, f"A-{code}", "PUMP", "2026-01-01", "250")]
        ).or_raise()
    receive(
        written(ReceiptLine, "R-1", "1", DAY, agreement="A-acme", item="PUMP", serial="P-1;P-2"),
        written(ReceiptLine, "R-2", "1", DAY, agreement="A-bolts", item="PUMP", serial="P-3"),
    ).or_raise()
    twice = receive(
        written(ReceiptLine, "R-3", "1", DAY, agreement="A-bolts", item="PUMP", serial="P-3")
    )
    assert [line.refusal.code for line in twice.refused] == ["same-serial"]
    sold = consumption.record_consumption(
        organization=organization_id("s1"), source="till", by=BY, at=NOW, queue_shortages=True,
        lines=[written(
            consumption.Reported, str(n), "PUMP", "1", DAY, serial="P-3") for n in (1, 2)],
    )  # fmt: skip
    assert (sold.new, sold.waiting) == (2, 1)
    (entry,) = models.Entry.objects.filter(kind="transferred-to-owned")
    position = models.Position.objects.get(number=entry.source)
    assert position.owner.code == "bolts"
    assert not models.Balance.objects.filter(is_outer=False, quantity__lt=0).exists()
    back = receive(
        written(ReceiptLine, "R-4", "1", DAY, agreement="A-bolts", item="PUMP", serial="P-3")
    )
    assert back.new == 1, "what was sold may come again"


@pytest.mark.rows("P07", "P32")
def test_one_delivery_of_two_owners_counts_each_part_once(database):
    """A trap of another system (Q6): what is staged of two owners, put away in one act."""
    open_shop("s1", layers=4)
    receive(
        *(
            written(
                ReceiptLine, "R-9", str(n), DAY, agreement=f"A-{code}", item="BOLT", quantity="10",
                        place="DOCK")
            for n, code in enumerate(("acme", "bolts"), 1)
        )
    ).or_raise()  # fmt: skip
    shop = organization_id("s1")
    assert load_staged(organization=shop, on=NOW.date(), at=NOW).new == 2
    done = complete_putaway(organization=shop, happened_on=NOW.date(), by=BY, at=NOW)
    assert done.new == 2
    viewer = viewer_of_party("acme")
    assert viewer
    assert arriving(viewer).rows == []
    sell("s1", "till", range(3))
    assert audit().breaches == []


@ON_SQLITE
def test_a_receipt_that_says_other_than_what_came_is_found(database):
    open_shop("s1")
    take_in_a_shipment("s1")
    assert audit().breaches == []
    with pytest.raises(Exception, match="never changed"):
        models.GoodsReceiptLine.objects.update(quantity=1)


@ON_SQLITE
@pytest.mark.rows("P32")
def test_neither_owner_nor_holder_sees_the_others_staged_goods(database):
    open_shop("s1")
    take_in_a_shipment("s1")
    acme, bolts = viewer_of_party("acme"), viewer_of_party("bolts")
    assert acme
    assert bolts
    assert {line.stage for line in arriving(acme).rows} == {
        Stage.IN_TRANSIT, Stage.TO_INSPECT, Stage.REJECTED, Stage.LOADED,
    }  # fmt: skip
    assert arriving(bolts).rows == []
