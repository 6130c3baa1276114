"""Goods that were bought are accrued at receipt, and the accrual ends as they are invoiced."""

from pathlib import Path

import pytest

from consigned_service.operations.audit.audit import audit
from tests.service.console import Console
from tests.service.shop import open_shop
from tests.service.tampering import take_the_guards_away
from tests.service.test_money_faults import planted
from tests.support.databases import Database

HEADER = "organization,supplier,invoice,invoiced_on,receipt,line,amount,currency,quantity\n"


@pytest.fixture
def console(database: Database, tmp_path: Path) -> Console:
    """20 reams of paper were bought of Acme's at 3.00."""
    open_shop("S1")
    console = Console(tmp_path)
    console.imports("items", "code,name,unit,ownership\nPAPER,Paper,EA,owned\n")
    console.imports(
        "orders",
        "organization,order,line,ordered_on,consignor,item,quantity,ownership,price,currency\n"
        "S1,PO-9,1,2026-03-01,acme,PAPER,20,owned,3.00,USD\n",
    )
    console.imports(
        "receipts",
        "organization,receipt,line,received_on,order,order_line,quantity\n"
        "S1,R-B,1,2026-03-02,PO-9,1,20\n",
    )
    return console


def accrued(console: Console) -> dict[str, str]:
    told = console("report", "trial-balance", "--as", "northwind", "--json").answer
    return {
        one["account"]: (one["credit"] or one["debit"] or {"amount": "0.00"})["amount"]
        for one in told["accounts"]
    }


@pytest.mark.rows("L18")
def test_invoices_clear_what_was_accrued_at_receipt(console: Console) -> None:
    assert accrued(console)["goods-received-accrual"] == "60.00"
    (line,) = console("report", "received-not-invoiced", "--as", "northwind", "--json").answer
    assert (line["receipt"], line["accrued"]["amount"]) == ("R-B", "60.00")
    told = f"{HEADER}S1,acme,4711,2026-03-05,R-B,1,37.20,USD,12\n"
    assert console.imports("purchase-invoices", told, "--json").answer["new"] == 1
    assert console.imports("purchase-invoices", told, "--json").answer["repeated"] == 1
    books = accrued(console)
    assert books["goods-received-accrual"] == "24.00"
    assert (books["purchases-payable"], books["price-differences"]) == ("37.20", "1.20")
    last = f"{HEADER}S1,acme,4712,2026-03-06,R-B,1,24.00,USD,\n"
    assert console.imports("purchase-invoices", last, "--json").answer["new"] == 1
    assert accrued(console).get("goods-received-accrual", "0.00") == "0.00"
    assert console("report", "received-not-invoiced", "--as", "northwind", "--json").answer == []
    assert "0 lines not invoiced" in console("report", "received-not-invoiced").out
    assert audit().breaches == []


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            "S1,acme,1,2026-03-05,R-B,1,70,USD,21",
            "brought 20 EA, of which 0 EA are invoiced; 21 EA",
        ),
        ("S1,bolts,1,2026-03-05,R-B,1,3,USD,1", "line 1 of receipt R-B brought nothing bought of"),
        ("S1,acme,1,2026-03-05,R-B,2,3,USD,1", "line 2 of receipt R-B brought nothing bought of"),
        ("S1,acme,1,2026-03-05,R0,1,3,USD,1", "line 1 of receipt R0 brought nothing bought of"),
        ("S1,acme,1,2026-03-05,R-B,1,3,EUR,1", "received at a price in USD, not in EUR"),
        ("S1,acme,1,2026-03-05,R-B,1,3,USD,-1", "-1 EA billed"),
        ("S1,nemo,1,2026-03-05,R-B,1,3,USD,1", "no party has the code 'nemo'"),
        ("S1,acme,,2026-03-05,R-B,1,3,USD,1", "invoice is empty"),
        ("S1,acme,1,2026-03-05,R-B,1,much,USD,1", "'much'"),
    ],
)
def test_what_was_not_bought_is_not_invoiced(console: Console, line: str, sentence: str) -> None:
    said = console.imports("purchase-invoices", f"{HEADER}{line}\n")
    assert said.code == 3
    assert sentence in console.read("purchase-invoices.refused.csv")
    assert accrued(console)["goods-received-accrual"] == "60.00"


def test_the_numbers_of_two_suppliers_and_two_years_are_their_own(console: Console) -> None:
    told = f"{HEADER}S1,acme,1,2026-03-05,R-B,1,3.00,USD,1\nS1,acme,1,2026-03-05,R-B,1,3.00,USD,1\n"
    said = console.imports("purchase-invoices", told, "--json").answer
    assert (said["new"], said["refused"]) == (1, 1), "the same line twice"


def test_the_audit_names_what_is_invoiced_twice(console: Console) -> None:
    told = f"{HEADER}S1,acme,4711,2026-03-05,R-B,1,37.20,USD,12\n"
    console.imports("purchase-invoices", told)
    take_the_guards_away()
    for statement, what in (
        ("UPDATE purchase_invoice SET quantity = 21000000", "21 are invoiced"),
        ("UPDATE purchase_invoice SET accrued = accrued + 1", "the books say"),
        ("DELETE FROM journal WHERE credit = 'purchases-payable'", "the invoices clear"),
    ):
        with planted(statement):
            found = audit().breaches
        assert any(
            b.law == "bought goods are invoiced once" and what in b.sentence for b in found
        ), statement
    assert audit().holds
