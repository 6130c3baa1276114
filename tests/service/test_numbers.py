"""Numbers that a counterparty gives: each is unique under the one who gave it, and is asked for with
whose it is where several gave it."""

import pytest

from consigned_service.operations.audit import audit
from consigned_service.records import models
from tests.service.console import Console

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

MASTERS = {
    "parties": "code,name\nshop,Shop\nacme,Acme\nbolts,Bolt Brothers\n",
    "organizations": "code,name,party,currency\nS1,Main,shop,USD\n",
    "items": "code,name,unit\nBOLT,Bolt,EA\n",
    "agreements": "number,consignor,consignee,currency,starts_on,frequency,first_closing_on\n"
                  "A-1,acme,shop,USD,2026-01-01,daily,\nA-2,bolts,shop,USD,2026-01-01,daily,\n",
    "prices": "agreement,item,starts_on,price\nA-1,BOLT,2026-01-01,1.25\n"
              "A-2,BOLT,2026-01-01,1.10\n",
}  # fmt: skip


@pytest.fixture
def console(database, tmp_path) -> Console:
    console = Console(tmp_path)
    for kind, content in MASTERS.items():
        said = console.imports(kind, content)
        assert said.code == 0, said.err
    return console


def received() -> dict[str, tuple[str, int]]:
    """By receipt, from whom how much came."""
    receipts = dict(models.GoodsReceipt.objects.values_list("number", "reference"))
    return {
        receipts[layer.receipt]: (layer.supplier.code, layer.quantity // 1_000_000)
        for layer in models.Layer.objects.select_related("supplier")
    }


# --- ship notices ----------------------------------------------------------------------------

ANSWERS = "organization,receipt,line,received_on,ship_notice,ship_notice_line,quantity,consignor"


@pytest.fixture
def announced(console: Console) -> Console:
    """Acme and Bolt Brothers each announce 100 bolts, under a number 1001 of their own."""
    console.imports(
        "orders",
        "organization,order,line,ordered_on,consignor,item,quantity\n"
        "S1,PO-1,1,2026-10-20,acme,BOLT,100\nS1,PO-2,1,2026-10-20,bolts,BOLT,100\n",
    )
    told = console.imports(
        "ship-notices",
        "organization,ship_notice,line,shipped_on,order,order_line,quantity\n"
        "S1,1001,1,2026-10-25,PO-1,1,100\nS1,1001,1,2026-10-26,PO-2,1,100\n",
    )
    assert "2 new" in told.out
    return console


@pytest.mark.rows("C06", "C07")
def test_a_ship_notice_number_of_two_suppliers_is_asked_for_with_whose_it_is(
    announced: Console,
) -> None:
    refused = announced.imports("receipts", f"{ANSWERS}\nS1,R-1,1,2026-11-01,1001,1,100,\n")
    assert "ship notice 1001 was given by acme and by bolts. Say whose it is" in refused.err
    assert received() == {}
    announced.imports("receipts", f"{ANSWERS}\nS1,R-1,1,2026-11-01,1001,1,100,acme\n")
    announced.imports("receipts", f"{ANSWERS}\nS1,R-2,1,2026-11-02,1001,1,60,bolts\n")
    assert received() == {"R-1": ("acme", 100), "R-2": ("bolts", 60)}
    other = announced.imports("receipts", f"{ANSWERS}\nS1,R-3,1,2026-11-02,1001,1,1,shop\n")
    assert "line 1 of ship notice 1001 of shop is not known here" in other.err
    assert audit().holds


@ON_SQLITE
def test_the_order_says_whose_ship_notice_is_meant_too(announced: Console) -> None:
    head = "organization,receipt,line,received_on,ship_notice,ship_notice_line,order,quantity"
    announced.imports("receipts", f"{head}\nS1,R-1,1,2026-11-01,1001,1,PO-2,5\n")
    assert received() == {"R-1": ("bolts", 5)}
    other = announced.imports("receipts", f"{head}\nS1,R-2,1,2026-11-01,1001,1,PO-9,5\n")
    assert "line 1 of ship notice 1001 is not known here" in other.err


@ON_SQLITE
def test_a_receipt_told_again_answers_what_it_answered(console: Console) -> None:
    console.imports(
        "orders",
        "organization,order,line,ordered_on,consignor,item,quantity\n"
        "S1,PO-1,1,2026-10-20,acme,BOLT,100\nS1,PO-2,1,2026-10-20,bolts,BOLT,100\n",
    )
    head = "organization,ship_notice,line,shipped_on,order,order_line,quantity"
    console.imports("ship-notices", f"{head}\nS1,1001,1,2026-10-25,PO-1,1,100\n")
    console.imports("receipts", f"{ANSWERS}\nS1,R-1,1,2026-11-01,1001,1,,\n")
    console.imports("ship-notices", f"{head}\nS1,1001,1,2026-10-26,PO-2,1,70\n")
    again = console.imports(
        "receipts",
        f"{ANSWERS}\nS1,R-1,1,2026-11-01,1001,1,,\nS1,R-2,1,2026-11-01,1001,1,5,\n",
    )
    assert "1 repeated, 1 refused" in again.out
    assert received() == {"R-1": ("acme", 100)}
