"""Whose goods are: by item, agreement, place and order line, never by whether a price is known."""

from contextlib import nullcontext
from itertools import product
from unittest.mock import patch

import pytest
from django.db import connection, transaction

from consigned_service.operations.audit.audit import audit
from consigned_service.records import models
from consigned_service.records.audit import facts as audit_records
from tests.service.console import Console
from tests.service.tampering import take_the_guards_away

MASTERS = {
    "parties": "code,name\nshop,Shop\nacme,Acme\nsold,Sells only\n",
    "organizations": "code,name,party,currency\nS1,Main,shop,USD\n",
    "places": "organization,code,name,zone,owned\nS1,MINE,Mine,stockroom,yes\n",
    "items": "code,name,unit,ownership\nC,Consigned,EA,consigned\nO,Ours,EA,owned\n"
             "N,Lent,EA,non-owned\n",
}  # fmt: skip
DESIGNATIONS = {"C": "consigned", "O": "owned", "N": "non-owned"}
RULES = ("on-use", "on-receipt", "never")


def world(tmp_path, rule: str, *, priced: bool) -> Console:
    console = Console(tmp_path)
    for kind, content in MASTERS.items():
        console.imports(kind, content)
    console.imports(
        "agreements",
        "number,consignor,consignee,currency,starts_on,frequency,first_closing_on,title_rule\n"
        f"A-1,acme,shop,USD,2026-01-01,weekly,2026-03-08,{rule}\n",
    )
    if priced:
        lines = "".join(f"A-1,{item},2026-01-01,2\n" for item in DESIGNATIONS)
        console.imports("prices", f"agreement,item,starts_on,price\n{lines}")
    return console


def whose(item: str, supplier: str, rule: str, place: str, said: str) -> str:
    """How goods are to come in, worked out by itself; a refusal is nothing."""
    designation = DESIGNATIONS[item]
    comes = designation
    if designation == "consigned" and (supplier == "sold" or said == "owned"):
        comes = "owned"
    if said == "consigned" and (designation != "consigned" or supplier == "sold"):
        return ""
    if said == "owned" and designation == "non-owned":
        return ""
    if comes == "consigned" and rule == "never":
        comes = "non-owned"
    is_owned_place = place == "MINE"
    if (comes == "non-owned" and is_owned_place) or (comes == "owned" and place == "STORE"):
        return ""
    return comes


TABLE = list(
    product(DESIGNATIONS, ("acme", "sold"), ("", "MINE", "STORE"), ("", "owned", "consigned"))
)


@pytest.mark.rows("P20", "P21", "P22", "P23", "P28", "P29", "P34", "E28")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("is_ordered", [False, True], ids=["without-order", "on-order"])
@pytest.mark.parametrize("priced", [False, True], ids=["no-price-yet", "priced"])
@pytest.mark.parametrize("rule", RULES)
def test_whose_goods_are_never_depends_on_a_price(
    database, tmp_path, rule: str, priced: bool, is_ordered: bool
) -> None:
    console = world(tmp_path, rule, priced=priced)
    cells = list(enumerate(TABLE, start=1))
    if is_ordered:
        rows = "".join(
            f"S1,PO-{n},1,2026-03-01,{supplier},{item},5,{said}\n"
            for n, (item, supplier, _, said) in cells
        )
        console.imports(
            "orders",
            f"organization,order,line,ordered_on,consignor,item,quantity,ownership\n{rows}",
        )
        rows = "".join(
            f"S1,R-{n},1,2026-03-02,PO-{n},1,5,{place}\n" for n, (_, _, place, _) in cells
        )
        console.imports(
            "receipts",
            f"organization,receipt,line,received_on,order,order_line,quantity,place\n{rows}",
        )
    else:
        rows = "".join(
            f"S1,R-{n},1,2026-03-02,{supplier},{item},5,{place},{said}\n"
            for n, (item, supplier, place, said) in cells
        )
        console.imports(
            "receipts",
            "organization,receipt,line,received_on,consignor,item,quantity,place,ownership\n"
            + rows,
        )
    receipts = dict(models.GoodsReceipt.objects.values_list("number", "reference"))
    came = {
        receipts[receipt]: ownership
        for receipt, ownership in models.Layer.objects.values_list("receipt", "ownership")
    }
    for n, (item, supplier, place, said) in cells:
        expected = whose(item, supplier, rule, place, said)
        assert came.get(f"R-{n}", "") == expected, (item, supplier, rule, place, said)
    assert audit().breaches == []


PLANTED = {
    "it is under no agreement": "UPDATE layer SET agreement = NULL WHERE number = 1",
    "its agreement is not between its supplier and the holder":
        "UPDATE layer SET supplier_id = (SELECT id FROM party WHERE code = 'sold')",
    "its agreement passes title": "UPDATE layer SET ownership = 'owned' WHERE number = 1",
    "its agreement never passes title": "UPDATE agreement SET title_rule = 'never'",
    "its order line is consigned": "UPDATE layer SET ownership = 'owned' WHERE number = 1",
    "it was bought where it came in":
        "UPDATE title_entry SET kind = 'purchased' WHERE kind = 'transferred-to-owned'",
    "its title passed by use or by its place":
        "UPDATE layer SET ownership = 'non-owned' WHERE number = 1",
}  # fmt: skip


def test_goods_that_came_in_otherwise_than_agreed_are_found(database, tmp_path) -> None:
    console = world(tmp_path, "on-use", priced=False)
    console.imports("orders", "organization,order,line,ordered_on,consignor,item,quantity\n"
                              "S1,PO-1,1,2026-03-01,acme,C,5\n")  # fmt: skip
    console.imports("receipts", "organization,receipt,line,received_on,order,order_line,quantity\n"
                                "S1,R-1,1,2026-03-02,PO-1,1,5\n")  # fmt: skip
    console.imports("consumption", "organization,reference,item,quantity,occurred_at\n"
                                   "S1,U-1,C,2,2026-03-03\n", "--source", "till")  # fmt: skip
    assert audit().holds
    take_the_guards_away()
    for why, statement in PLANTED.items():
        with transaction.atomic(), patch.object(audit_records, "snapshot", nullcontext):
            with connection.cursor() as cursor:
                cursor.execute(statement)
                assert cursor.rowcount > 0, statement
            found = [b.sentence for b in audit().breaches if b.law == "goods come in as agreed"]
            transaction.set_rollback(True)
        assert any(why in sentence for sentence in found), (why, found)


# --- components ------------------------------------------------------------------------------

TOO_EARLY = {
    "an untested product": "UPDATE production SET has_passed = {no}",
    "issued ahead": "UPDATE consumption SET kind = 'production' WHERE kind = 'backflush'",
}


@pytest.mark.rows("E08", "E10")
def test_components_that_became_ours_before_their_event_are_found(database, tmp_path) -> None:
    console = world(tmp_path, "on-completion", priced=False)
    console.imports("items", "code,name,unit,ownership\nPUMP,Pump,EA,owned\nV,Valve,EA,consigned\n")
    console.imports(
        "agreements",
        "number,consignor,consignee,currency,starts_on,frequency,first_closing_on,title_rule,"
        "title_after_inspection\nA-2,acme,shop,USD,2026-01-01,weekly,2026-03-08,on-completion,yes\n",
    )
    console.imports("prices", "agreement,item,starts_on,price\nA-2,V,2026-01-01,5\n")
    console.imports("receipts", "organization,receipt,line,received_on,agreement,item,quantity\n"
                                "S1,R-1,1,2026-03-02,A-2,V,5\n")  # fmt: skip
    console.imports("bills", "organization,product,component,quantity_per\nS1,PUMP,V,1\n")
    head = "organization,reference,product,quantity,completed_on,passed\n"
    refused = console.imports("production", f"{head}S1,P-1,PUMP,2,2026-03-04,\n")
    assert "5 EA of it a consignor's until what is made of it is complete, or has passed" in (
        refused.err
    )
    done = console.imports("production", f"{head}S1,P-1,PUMP,2,2026-03-04,yes\n")
    assert "1 new" in done.out, done.err
    assert audit().breaches == []
    take_the_guards_away()
    for statement in TOO_EARLY.values():
        no = "0" if connection.vendor == "sqlite" else "false"
        with transaction.atomic(), patch.object(audit_records, "snapshot", nullcontext):
            with connection.cursor() as cursor:
                cursor.execute(statement.format(no=no))
                assert cursor.rowcount == 1
            found = {b.law for b in audit().breaches}
            transaction.set_rollback(True)
        assert "components keep to their event" in found
