"""Designations, approvals and assignments: through files and the command line, in batches, by two
at once, and under audit."""

from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from consigned_service.operations.audit.audit import audit
from consigned_service.operations.consumption.issues import Reported, record_consumption
from consigned_service.operations.core.lines import written
from consigned_service.operations.inbound.orders import OrderLine, place_orders
from consigned_service.operations.inbound.receipts import ReceiptLine, record_receipts
from consigned_service.operations.master_data.designations import (
    ApprovalLine,
    AssignmentLine,
    DesignationLine,
    approve_items,
    assign_consignor,
    change_designation,
)
from consigned_service.operations.master_data.items import ItemLine, register_items
from consigned_service.operations.master_data.parties import (
    OrganizationLine,
    register_organizations,
)
from consigned_service.records import models
from tests.service.console import Console
from tests.service.shop import BY, NOW, open_shop, organization_id
from tests.service.test_audit import take_the_guards_away
from tests.support.lines import rewritten

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ON_POSTGRES = pytest.mark.parametrize("database", ["postgres"], indirect=True)


def change(*lines: DesignationLine):
    return change_designation(lines=lines, by=BY, at=NOW)


def codes(outcome) -> list[str]:
    return [line.refusal.code for line in outcome.refused]


# --- files and commands --------------------------------------------------------------------


@ON_SQLITE
@pytest.mark.rows("P02", "P09", "P10", "P12", "P14")
def test_files_designate_approve_and_assign_and_a_command_tells_why(database, tmp_path) -> None:
    open_shop("s1")
    open_shop("s2", shelf=4)
    console = Console(tmp_path)
    console.imports("items", "code,name,unit,ownership,approved\nCASE,Case,EA,owned,no\n")
    said = console.imports(
        "designations",
        "item,ownership,because,organization\n"
        "CASE,consigned,Acme agreed,s1\n"
        "CASE,non-owned,lent from now on,\n"
        "BOLT,owned,bought from now on,s1\n"
        "WING,owned,why,s1\n"
        "CASE,ours,why,s1\n"
        "CASE,owned,,s1\n"
        "CASE,owned,why,s9\n",
    )
    assert said.out.startswith("designations.csv: 7 lines read, 2 new, 0 repeated, 5 refused.")
    for part in (
        "BOLT stays consigned at s1", "no item has the code 'WING'", "'ours' is none of",
        "because is empty", "no organization has the code 's9'",
    ):  # fmt: skip
        assert part in said.err
    console.imports("approvals", "item,organization,because\nCASE,s1,sampled\n")
    console.imports(
        "assignments", "organization,item,consignor,because\ns1,CASE,acme,the only maker\n"
    )
    found = console("designation", "CASE", "--json").answer
    assert found["designation"] == "non-owned"
    assert [
        (at["organization"], at["designation"], at["is_approved"], at["consignor"])
        for at in found["organizations"]
    ] == [("s1", "consigned", True, "acme"), ("s2", "non-owned", False, None)]
    assert [(c["organization"], c["what"], c["after"], c["because"]) for c in found["changes"]] == [
        ("s1", "designation", "consigned", "Acme agreed"),
        (None, "designation", "non-owned", "lent from now on"),
        ("s1", "approval", "yes", "sampled"),
        ("s1", "consignor", "acme", "the only maker"),
    ]
    assert all(change["recorded_by"] for change in found["changes"])
    shown = console("designation", "CASE")
    assert "CASE is non-owned where an organization says nothing else." in shown.out
    assert "the only maker" in shown.out
    assert "no item" in console("designation", "WING").err


# --- what stands in the way ----------------------------------------------------------------


@pytest.mark.rows("P09", "P12")
def test_a_new_default_leaves_everybody_who_keeps_the_item(database) -> None:
    """With goods, with an order line, or with a setting of it."""
    open_shop("goods", shelf=4)
    names = ("orders", "setting", "new")
    register_organizations(
        lines=[written(OrganizationLine, code, "", "northwind", "USD") for code in names],
        by=BY,
        at=NOW,
    ).or_raise()
    order = written(OrderLine, "PO-1", "1", "2026-03-05", "acme", "BOLT", "5")
    place_orders(organization=organization_id("orders"), lines=[order], at=NOW).or_raise()
    assign_consignor(
        organization=organization_id("setting"), lines=[written(
            AssignmentLine, "BOLT", "acme")], by=BY,
        at=NOW,
    ).or_raise()  # fmt: skip
    change(written(DesignationLine, "BOLT", "owned", "bought from now on")).or_raise()
    kept = dict(models.ItemSetting.objects.values_list("organization__code", "ownership"))
    assert kept == {"goods": "consigned", "orders": "consigned", "setting": "consigned"}
    line = written(
        ReceiptLine, "R1", "1", "2026-03-06", item="BOLT", quantity="3", consignor="acme"
    )
    for code, ownership in (("goods", "consigned"), ("new", "owned")):
        new = rewritten(line, receipt=f"R-{code}", agreement="", price="")
        record_receipts(organization=organization_id(code), lines=[new], by=BY, at=NOW).or_raise()
        last = models.Layer.objects.filter(organization__code=code).order_by("number").last()
        assert last.ownership == ownership


@pytest.mark.rows("P09")
def test_a_use_that_waits_stands_in_the_way(database) -> None:
    open_shop("s1", shelf=4)
    shop = organization_id("s1")
    record_consumption(
        organization=shop, lines=[written(Reported, "1", "BOLT", "6", "2026-03-06")], source="till",
        by=BY, at=NOW, queue_shortages=True,
    ).or_raise()  # fmt: skip
    told = change(written(DesignationLine, "BOLT", "owned", "bought from now on", "s1"))
    assert codes(told) == ["designation-locked"]
    said = str(told.refused[0].refusal)
    assert "2 EA used wait to be corrected" in said
    assert "4 EA used are on no advice yet" in said
    assert "lie at" not in said


@ON_SQLITE
def test_much_in_the_way_is_told_in_short(database) -> None:
    open_shop("s1")
    lines = [
        written(OrderLine, f"PO-{n}", "1", "2026-03-05", "acme", "BOLT", "5") for n in range(40)
    ]
    place_orders(organization=organization_id("s1"), lines=lines, at=NOW).or_raise()
    said = str(change(written(DesignationLine, "BOLT", "owned", "why", "s1")).refused[0].refusal)
    assert "1000 EA lie at STORE" in said
    assert "order PO-0 line 1 awaits 5 EA" in said
    assert said.endswith("37 more open order lines")
    assert len(said) < 300


# --- batches -------------------------------------------------------------------------------


@pytest.mark.rows("P09", "P12")
def test_a_batch_costs_a_handful_of_statements(database) -> None:
    open_shop("s1")
    many = [f"I{n}" for n in range(60)]
    register_items(lines=[written(ItemLine, code, "", "EA") for code in many]).or_raise()
    shop = organization_id("s1")

    def statements(codes: list[str]) -> int:
        with CaptureQueriesContext(connection) as asked:
            change(*(written(DesignationLine, c, "owned", "why", "s1") for c in codes)).or_raise()
            change(*(written(DesignationLine, c, "consigned", "why") for c in codes)).or_raise()
            change(
                *(written(DesignationLine, c, "consigned", "why", "s1") for c in codes)
            ).or_raise()
            approve_items(lines=[written(ApprovalLine, c) for c in codes], by=BY, at=NOW).or_raise()
            assign_consignor(
                organization=shop,
                lines=[written(AssignmentLine, c, "acme") for c in codes],
                by=BY,
                at=NOW,
            ).or_raise()
        return len(asked)

    assert statements(many[:1]) == statements(many[1:])


@ON_POSTGRES
@pytest.mark.rows("P09")
def test_goods_do_not_come_in_while_the_designation_changes(database) -> None:
    """Whichever is first decides: goods that came keep the designation, or are refused by it."""
    open_shop("s1", shelf=4)
    models.Item.objects.create(code="CASE", name="Case", unit="EA")
    shop, start = organization_id("s1"), Barrier(2)
    outcomes = {}

    def alone(name, act) -> None:
        try:
            start.wait()
            outcomes[name] = codes(act())
        finally:
            connections.close_all()

    line = written(
        ReceiptLine, "R9", "1", "2026-03-06", item="CASE", quantity="5", agreement="A-acme"
    )
    acts = {
        "receipt": lambda: record_receipts(organization=shop, lines=[line], by=BY, at=NOW),
        "change": lambda: change(written(DesignationLine, "CASE", "owned", "why", "s1")),
    }
    threads = [Thread(target=alone, args=each) for each in acts.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    came_first = {"receipt": [], "change": ["designation-locked"]}
    changed_first = {"receipt": ["not-designated-so"], "change": []}
    assert outcomes in (came_first, changed_first)
    assert audit().holds


# --- audit ---------------------------------------------------------------------------------


@pytest.mark.rows("P09")
def test_a_designation_that_nobody_decided_is_found(database) -> None:
    open_shop("s1", shelf=4)
    register_items(lines=[written(ItemLine, "CASE", "", "EA", approved="no")]).or_raise()
    change(
        written(DesignationLine, "CASE", "owned", "why"),
        written(DesignationLine, "CASE", "consigned", "why", "s1"),
    ).or_raise()
    approve_items(lines=[written(ApprovalLine, "CASE")], by=BY, at=NOW).or_raise()
    assert audit().holds
    for table, column, value, back in (
        ("item", "ownership", "'non-owned'", "'owned'"),
        ("item", "is_approved", "FALSE", "TRUE"),
        ("item_setting", "ownership", "'owned'", "'consigned'"),
    ):
        where = "code = 'CASE'" if table == "item" else "ownership <> ''"
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {column} = {value} WHERE {where}")
        assert {breach.law for breach in audit().breaches} == {"designations are as decided"}
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {column} = {back} WHERE {where}")
        assert audit().holds


@pytest.mark.rows("P42")
def test_a_consignors_goods_in_an_owned_place_are_found(database) -> None:
    open_shop("s1", shelf=4)
    take_the_guards_away()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE place SET is_owned = TRUE WHERE code = 'STORE'")
    found = [b for b in audit().breaches if b.law == "owned places hold our goods"]
    assert len(found) == 4
    assert found[0].where.startswith("s1 STORE lay_")


def test_a_change_once_written_stands(database) -> None:
    open_shop("s1", shelf=4)
    change(written(DesignationLine, "BOLT", "consigned", "for good", "s1")).or_raise()
    for act in ("UPDATE designation_change SET because = ''", "DELETE FROM designation_change"):
        with (
            pytest.raises(DatabaseError, match="never changed or deleted"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(act)
