"""Aging from the command line, and across what the day books do not tell."""

from datetime import UTC, date, datetime

import pytest

from consigned_service.operations.audit.audit import audit
from consigned_service.operations.core.lines import written
from consigned_service.operations.inbound import initial_stock as programmes
from consigned_service.operations.inbound import orders, shipments
from consigned_service.operations.inbound.receipts import ReceiptLine, record_receipts
from consigned_service.operations.inventory import aging
from consigned_service.operations.master_data import agreements, items
from consigned_service.queries.core.viewers import viewer_of_party
from consigned_service.queries.inventory import aging as queries
from consigned_service.records import models
from consigned_service.records.master_data.agreements import party_ids
from tests.service.console import Console
from tests.service.lawful import broken_laws
from tests.service.month import a_month_in_the_shop
from tests.service.shop import BY, NOW, open_shop, organization_id
from tests.service.tampering import take_the_guards_away
from tests.support.databases import Database

AT = datetime(2026, 5, 20, 12, tzinfo=UTC)


@pytest.fixture
def console(tmp_path) -> Console:
    return Console(tmp_path)


@pytest.mark.rows("O28", "O27", "X11")
def test_goods_are_bought_and_given_time_from_files(
    database: Database, console: Console, tmp_path
) -> None:
    open_shop("s1", shelf=100)
    listed = console("aging", "--on", "2026-05-20", "--json").answer
    assert [line["days_left"] for line in listed] == sorted(line["days_left"] for line in listed)
    assert listed[0]["days_left"] < 0
    first = listed[0]["layer"]
    said = console("aging", "--on", "2026-05-20").out
    assert f"lay_{first}" in said
    assert "of them aged" in said
    (tmp_path / "buy.csv").write_text(
        "organization,reference,happened_on,layer,quantity\n"
        f"s1,b1,2026-05-20,lay_{first},3\ns1,b2,2026-05-20,lay_999,1\n"
    )
    bought = console("import", "aging-transfers", "buy.csv", "--json")
    assert (bought.answer["new"], bought.answer["refused"]) == (1, 1)
    (tmp_path / "more.csv").write_text(
        "organization,reference,agreed_on,consent,layer,days\n"
        f"s1,m1,2026-05-20,by mail,{first},100\n"
    )
    assert console("import", "extensions", "more.csv").code == 0
    again = console("import", "extensions", "more.csv", "--json").answer
    assert (again["new"], again["repeated"]) == (0, 1) or again["is_finished"]
    after = {
        line["layer"]: line for line in console("aging", "--on", "2026-05-20", "--json").answer
    }
    assert after[first]["days_left"] == listed[0]["days_left"] + 100
    assert after[first]["has_more_time"]
    assert broken_laws() == []
    assert audit().breaches == []


def goods_on_their_way_and_two_receipts() -> None:
    """Layers 5 and 6 are on their way, so that arrival 5 is layer 7, and arrival 6 layer 8."""
    open_shop("s1", shelf=100)
    shop = organization_id("s1")
    items.register_items(
        lines=[written(items.ItemLine, code, "", "EA") for code in ("NUT", "PIPE")]
    )
    agreements.register_agreements(
        lines=[
            written(agreements.AgreementLine, "A-way", "acme", "northwind", "USD", "2026-01-01",
                                     frequency="weekly", first_closing_on="2026-03-08",
                                     includes_in_transit="yes", aging_days="60"),
        ]
    ).or_raise()  # fmt: skip
    agreements.register_prices(
        lines=[
            written(agreements.PriceLine, "A-way", "PIPE", "2026-01-01", "9.00"),
            written(agreements.PriceLine, "A-acme", "NUT", "2026-01-01", "3.00"),
        ]
    ).or_raise()
    orders.place_orders(
        organization=shop, at=NOW,
        lines=[
            written(orders.OrderLine,
                "PO-W", line, "2026-03-01", "acme", "PIPE", "40", agreement="A-way")
            for line in "12"
        ],
    ).or_raise()  # fmt: skip
    shipments.record_ship_notices(
        organization=shop, by=BY, at=NOW,
        lines=[
            written(shipments.ShipNoticeLine, "SN-W", line, "2026-03-02", "PO-W", line, "40")
            for line in "12"
        ],
    ).or_raise()  # fmt: skip
    record_receipts(
        organization=shop, by=BY, at=NOW,
        lines=[
            written(ReceiptLine,
                "R-5", "1", "2026-03-05", agreement="A-acme", item="NUT", quantity="30"),
            written(ReceiptLine, "R-6", "1", "2026-03-05", "SN-W", "1", quantity="25"),
        ],
    ).or_raise()  # fmt: skip


@pytest.mark.rows("O27", "X11")
def test_goods_named_by_their_receipt_are_those_that_came_with_it(
    database: Database, console: Console, tmp_path
) -> None:
    goods_on_their_way_and_two_receipts()
    (tmp_path / "buy.csv").write_text(
        "organization,reference,happened_on,receipt,line,layer,quantity\n"
        "s1,b1,2026-05-20,R-5,1,,5\n"
        "s1,b2,2026-05-20,R-6,,,7\n"
        "s1,b3,2026-05-20,R-5,01,,20\n"
        "s1,b4,2026-05-20,R-5,,,6\n"
        "s1,b5,2026-05-20,,,lay_7,\n"
        "s1,b6,2026-05-20,R-7,,,1\n"
    )
    bought = console("import", "aging-transfers", "buy.csv", "--json")
    assert (bought.answer["new"], bought.answer["refused"]) == (4, 2)
    refused = (tmp_path / "buy.refused.csv").read_text()
    assert "of R-5/1 5 EA of NUT are still on consignment" in refused
    assert "s1 has no goods on consignment from R-7/1" in refused
    ours = models.Entry.objects.filter(cause="aging", kind="transferred-to-owned")
    assert {
        (models.Layer.objects.get(number=entry.layer).item.code, entry.quantity // 1_000_000)
        for entry in ours
    } == {("NUT", 5), ("PIPE", 7), ("NUT", 20)}
    again = console("import", "aging-transfers", "buy.csv", "--json")
    assert (again.answer["new"], again.answer["repeated"]) == (0, 4)
    assert audit().breaches == []
    assert broken_laws() == []


@pytest.mark.rows("X11")
def test_more_time_is_given_to_what_came_with_a_receipt(
    database: Database, console: Console, tmp_path
) -> None:
    goods_on_their_way_and_two_receipts()
    (tmp_path / "more.csv").write_text(
        "organization,reference,agreed_on,consent,receipt,days,until\n"
        "s1,m1,2026-05-20,by mail,R-5,10,\n"
        "s1,m2,2026-05-20,by mail,R-5,10,\n"
        "s1,m3,2026-05-20,by mail,R-6,,2026-12-24\n"
    )
    assert console("import", "extensions", "more.csv").code == 0
    more = models.Extension.objects.order_by("number").values_list("layer", "until")
    assert [(layer, str(until)) for layer, until in more] == [
        (7, "2026-05-14"), (7, "2026-05-24"), (5, "2026-12-24"),
    ]  # fmt: skip
    again = console("import", "extensions", "more.csv", "--json")
    assert (again.answer["new"], again.answer["repeated"]) == (0, 3)
    assert audit().breaches == []


def test_a_receipt_and_the_start_of_a_programme_never_stand_under_one_number(
    database: Database,
) -> None:
    open_shop("s1", shelf=100)
    line = written(programmes.ProgrammeLine, "R1", "1", "2026-03-02", "A-bolts", "BOLT", "25")
    told = programmes.stock_programme(
        organization=organization_id("s1"), lines=[line], by=BY, at=NOW
    )
    assert [str(refused.refusal) for refused in told.refused] == [
        "reference R1/1 was told before with other content"
    ]
    assert audit().breaches == []


def test_an_entry_that_names_another_paper_is_found(database: Database) -> None:
    """As a program with a mistake would have written it: the seal is broken here besides."""
    a_month_in_the_shop()
    take_the_guards_away()
    causes = set(models.Entry.objects.values_list("cause", flat=True))
    assert {"receipt", "inspection", "quality", "putaway", "consumption", "transfer"} <= causes
    for cause in causes:
        for column in ("document", "line"):
            entry = models.Entry.objects.filter(cause=cause).order_by("number")[0]
            stood = getattr(entry, column)
            which = models.Entry.objects.filter(number=entry.number)
            which.update(**{column: stood + 1000})
            laws = {breach.law for breach in audit().breaches}
            if column == "document" or cause in ("receipt", "putaway", "inspection"):
                assert "an entry names its document" in laws, (cause, column)
            which.update(**{column: stood})
    models.Key.objects.filter(source=" receipt", document=1).update(document=2)
    assert "a reference names its receipt line" in {breach.law for breach in audit().breaches}


@pytest.mark.rows("O27")
def test_a_run_leaves_to_people_what_is_theirs(database: Database) -> None:
    open_shop("s1", shelf=100)
    northwind = party_ids(["northwind"])["northwind"]
    run = aging.run_aging(consignee=northwind, on=date(2026, 5, 20), by="ann", at=AT)
    assert run == (0, 0, 0)


def test_nobody_sees_a_strangers_goods(database: Database) -> None:
    open_shop("s1", shelf=100)
    assert organization_id("s1")
    for code, owners in (
        ("northwind", {"acme", "bolts"}),
        ("acme", {"acme"}),
        ("bolts", {"bolts"}),
    ):
        viewer = viewer_of_party(code)
        assert viewer
        today = date(2026, 5, 20)
        assert {line.owner for line in queries.aging(viewer, today=today)} == owners
        items = queries.action_items(viewer, today=today)
        assert {item.line.owner for item in items} == owners
        assert queries.extensions(viewer) == []
