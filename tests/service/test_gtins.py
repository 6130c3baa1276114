"""A GTIN is one item in 12, 13 or 14 digits, and names it wherever an item is asked."""

import pytest

from consigned_service.operations.audit.audit import audit
from consigned_service.operations.core import fields
from consigned_service.operations.registry import OPERATIONS
from consigned_service.records import models
from tests.service.console import Console
from tests.service.shop import open_shop
from tests.support.databases import Database

UPC, EAN, SHORT = "012345678905", "4006381333931", "96385074"
ITEMS = f"code,name,unit,gtin\nBOLT,Bolt,EA,{UPC}\nNUT,Nut,EA,{EAN}\nPIN,Pin,EA,{SHORT}\n"


@pytest.fixture
def console(database: Database, tmp_path) -> Console:
    open_shop("S1")
    at_the_console = Console(tmp_path)
    assert at_the_console.imports("items", ITEMS).code == 0
    return at_the_console


def gtins() -> dict[str, str]:
    return dict(models.Item.objects.exclude(gtin="").values_list("code", "gtin"))


def test_one_gtin_is_one_item_however_it_is_written(console: Console) -> None:
    again = (
        f"code,name,unit,gtin\nBOLT,Bolt,EA,00{UPC}\nX4,,EA,0{UPC}\nX5,,EA,00{UPC}\n"
        "X6,,EA,10012345678902\nX7,,EA,10012345678902\n"
    )
    said = console.imports("items", again, "--json")
    assert (said.answer["new"], said.answer["repeated"], said.answer["refused"]) == (1, 1, 3)
    assert gtins() == {"BOLT": UPC, "NUT": EAN, "PIN": SHORT, "X6": "10012345678902"}
    why = console.read("items.refused.csv")
    assert f"item X4 has GTIN {UPC}, and that is the one of item BOLT" in why
    assert "item X7 has GTIN 10012345678902, and that is the one of item X6" in why


def test_what_a_spreadsheet_made_of_a_gtin_is_told(console: Console) -> None:
    lines = "code,name,unit,gtin\nA,,EA,5.4E+12\nB,,EA,5400000002649.0\nC,,EA,'5400000002649\n"
    said = console.imports("items", lines + "D,,EA,12345678905\n", "--json")
    assert (said.answer["new"], said.answer["refused"]) == (0, 4)
    why = console.read("items.refused.csv")
    for one in ("its last digits are lost", "made a number of it", "leave it away",
                "a leading zero may have been lost: 012345678905"):  # fmt: skip
        assert one in why


def test_files_name_items_by_gtin_and_a_code_wins(console: Console) -> None:
    used = "reference,organization,item,quantity,occurred_at\n"
    used += f"U1,S1,0{UPC},1,2026-03-06\nU2,S1,BOLT,2,2026-03-06\nU3,S1,{UPC},3,2026-03-06\n"
    assert console.imports("consumption", used).code == 0
    assert console.imports("items", f"code,name,unit\n{UPC},Written alike,EA\n").code == 0
    alike = used.replace("U1", "U4").replace("U2", "U5").replace("U3", "U6")
    assert console.imports("consumption", alike, "--json").answer["waiting"] == 1
    rows = models.Consumption.objects.order_by("number").values_list("reference", "item__code")
    assert list(rows) == [
        ("U1", "BOLT"), ("U2", "BOLT"), ("U3", "BOLT"), ("U4", "BOLT"), ("U5", "BOLT"), ("U6", UPC),
    ]  # fmt: skip
    wrong = f"U9,S1,{UPC[:-1]}6,1,2026-03-06\n"
    said = console.imports("consumption", used.splitlines()[0] + "\n" + wrong)
    assert "no item has the code" in said.err
    assert audit().breaches == []


def test_every_column_that_asks_for_an_item_says_that_it_takes_a_gtin() -> None:
    for kind in OPERATIONS.values():
        for name in {"item", "product", "component"} & kind.columns.keys():
            assert kind.columns[name].says.startswith(fields.ITEM.says), (kind.name, name)


AS_WRITTEN = {"receipts"}
"""Kinds that are told once as they are written: a sender names an item in one way."""


def test_masters_keep_the_item_and_not_its_gtin(console: Console) -> None:
    """What stands by the item's code stands so, whichever of the two a line names."""
    lines = {
        "prices": f"agreement,item,starts_on,price\nA-acme,{EAN},2026-01-01,2\n",
        "item-settings": f"organization,item,pick_order\nS1,{EAN},own-first\n",
        "bills": f"organization,product,component,quantity_per\nS1,{SHORT},{EAN},2\n",
        "consumption-rules": f"rule,party,verdict,item\nR,northwind,keep,{EAN}\n",
        "designations": f"item,ownership,because,organization\n{SHORT},owned,made here,S1\n",
        "reservations": f"organization,reference,item,quantity\nS1,SO-1,{UPC},2\n",
        "reservation-cancellations": f"organization,reference,item\nS1,SO-1,{UPC}\n",
        "orders": "organization,order,line,ordered_on,consignor,item,quantity\n"
        f"S1,PO,1,2026-03-01,acme,{UPC},5\n",
        "ship-notices": "organization,ship_notice,line,shipped_on,order,order_line,quantity,item\n"
        f"S1,SN,1,2026-03-02,PO,1,5,0{UPC}\n",
        "receipts": "organization,receipt,line,received_on,ship_notice,item\n"
        f"S1,R,1,2026-03-03,SN,00{UPC}\n",
    }
    for kind, content in lines.items():
        said = console.imports(kind, content, "--json")
        assert said.code == 0, (kind, said)
        assert said.answer["new"] == 1, (kind, said)
        by_code = content.replace(f"00{UPC}", "BOLT").replace(f"0{UPC}", "BOLT")
        by_code = by_code.replace(UPC, "BOLT").replace(EAN, "NUT").replace(SHORT, "PIN")
        again = console.imports(kind, by_code, "--json")
        if kind in AS_WRITTEN:
            assert "told before with other content" in again.err
        else:
            assert (again.code, again.answer["repeated"]) == (0, 1), (kind, again)
    assert audit().breaches == []


def test_the_audit_finds_a_gtin_of_two_items(console: Console) -> None:
    models.Item.objects.filter(code="NUT").update(gtin=f"00{UPC}")
    assert [(b.law, b.where, b.sentence) for b in audit().breaches] == [
        ("a GTIN is one item", UPC, "it is that of BOLT and of NUT")
    ]
