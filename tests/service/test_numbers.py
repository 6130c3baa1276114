"""Numbers that a counterparty gives: each is unique under the one who gave it, and is asked for
with whose it is where several gave it."""

from datetime import UTC, datetime

import pytest

from consigned_service.operations.audit.audit import audit
from consigned_service.operations.consumption.issues import Reported, record_consumption
from consigned_service.operations.core.lines import written
from consigned_service.operations.master_data.parties import party_named
from consigned_service.operations.settlement.advices import run_advices
from consigned_service.records import models
from tests.service.console import Console
from tests.service.shop import organization_id
from tests.service.tampering import take_the_guards_away

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

MASTERS = {
    "parties": "code,name\nshop,Shop\nacme,Acme\nbolts,Bolt Brothers\n",
    "organizations": "code,name,party,currency\nS1,Main,shop,USD\n",
    "items": "code,name,unit\nBOLT,Bolt,EA\n",
    "agreements": "number,consignor,consignee,currency,starts_on,frequency,first_closing_on\n"
                  "A-1,acme,shop,USD,2025-12-01,daily,\nA-2,bolts,shop,USD,2026-01-01,daily,\n",
    "prices": "agreement,item,starts_on,price\nA-1,BOLT,2025-12-01,1.25\n"
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
        "S1,PO-1,1,2026-02-20,acme,BOLT,100\nS1,PO-2,1,2026-02-20,bolts,BOLT,100\n",
    )
    told = console.imports(
        "ship-notices",
        "organization,ship_notice,line,shipped_on,order,order_line,quantity\n"
        "S1,1001,1,2026-02-25,PO-1,1,100\nS1,1001,1,2026-02-26,PO-2,1,100\n",
    )
    assert "2 new" in told.out
    return console


@pytest.mark.rows("C06", "C07")
def test_a_ship_notice_number_of_two_suppliers_is_asked_for_with_whose_it_is(
    announced: Console,
) -> None:
    refused = announced.imports("receipts", f"{ANSWERS}\nS1,R-1,1,2026-03-01,1001,1,100,\n")
    assert "ship notice 1001 was given by acme and by bolts. Say whose it is" in refused.err
    assert received() == {}
    announced.imports("receipts", f"{ANSWERS}\nS1,R-1,1,2026-03-01,1001,1,100,acme\n")
    announced.imports("receipts", f"{ANSWERS}\nS1,R-2,1,2026-03-02,1001,1,60,bolts\n")
    assert received() == {"R-1": ("acme", 100), "R-2": ("bolts", 60)}
    other = announced.imports("receipts", f"{ANSWERS}\nS1,R-3,1,2026-03-02,1001,1,1,shop\n")
    assert "line 1 of ship notice 1001 of shop is not known here" in other.err
    assert audit().holds


@ON_SQLITE
def test_the_order_says_whose_ship_notice_is_meant_too(announced: Console) -> None:
    head = "organization,receipt,line,received_on,ship_notice,ship_notice_line,order,quantity"
    announced.imports("receipts", f"{head}\nS1,R-1,1,2026-03-01,1001,1,PO-2,5\n")
    assert received() == {"R-1": ("bolts", 5)}
    other = announced.imports("receipts", f"{head}\nS1,R-2,1,2026-03-01,1001,1,PO-9,5\n")
    assert "line 1 of ship notice 1001 is not known here" in other.err


@ON_SQLITE
def test_a_receipt_told_again_answers_what_it_answered(console: Console) -> None:
    console.imports(
        "orders",
        "organization,order,line,ordered_on,consignor,item,quantity\n"
        "S1,PO-1,1,2026-02-20,acme,BOLT,100\nS1,PO-2,1,2026-02-20,bolts,BOLT,100\n",
    )
    head = "organization,ship_notice,line,shipped_on,order,order_line,quantity"
    console.imports("ship-notices", f"{head}\nS1,1001,1,2026-02-25,PO-1,1,100\n")
    console.imports("receipts", f"{ANSWERS}\nS1,R-1,1,2026-03-01,1001,1,,\n")
    console.imports("ship-notices", f"{head}\nS1,1001,1,2026-02-26,PO-2,1,70\n")
    again = console.imports(
        "receipts",
        f"{ANSWERS}\nS1,R-1,1,2026-03-01,1001,1,,\nS1,R-2,1,2026-03-01,1001,1,5,\n",
    )
    assert "1 repeated, 1 refused" in again.out
    assert received() == {"R-1": ("acme", 100)}


# --- invoices and credit notes ---------------------------------------------------------------

BILLS = "consignor,invoice,advice,invoiced_on,currency,line,item,quantity,price,amount"
DAYS = ("2025-12-20", "2025-12-21", "2026-01-05", "2026-01-06")


@pytest.fixture
def advised(console: Console) -> Console:
    """One of Acme's bolts was used on each of four days: shop-000001 to shop-000004."""
    console.imports("receipts", "organization,receipt,line,received_on,agreement,item,quantity\n"
                                "S1,R-1,1,2025-12-01,A-1,BOLT,10\n")  # fmt: skip
    for n, day in enumerate(DAYS):
        at = datetime.fromisoformat(f"{day}T09:00:00+00:00")
        used = written(Reported, f"U-{n}", "BOLT", "1", day)
        record_consumption(
            organization=organization_id("S1"), lines=[used], source="till", by="ann", at=at
        ).or_raise()
    at = datetime(2026, 2, 1, 9, tzinfo=UTC)
    run_advices(consignee=party_named("shop"), on=at.date(), by="ann", at=at)
    assert models.Advice.objects.count() == 4
    return console


def bill(number: str, advice: int, on: str, price: str = "1.25") -> str:
    return f"acme,{number},shop-{advice:06d},{on},USD,1,BOLT,1,{price},{price}\n"


def standings() -> dict[tuple[str, int, str], str]:
    return {
        (one.number, one.year, one.advice.number): one.decisions.order_by("pk").last().standing
        for one in models.Invoice.objects.select_related("advice")
    }


@pytest.mark.rows("O43", "O44")
def test_a_supplier_numbers_its_invoices_anew_each_year(advised: Console) -> None:
    first = advised.imports("invoices", f"{BILLS}\n{bill('1', 1, '2025-12-31', '1.50')}")
    assert "1 new" in first.out
    both = bill("1", 3, "2026-01-31", "1.60") + bill("2", 4, "2026-01-31")
    assert "2 new" in advised.imports("invoices", f"{BILLS}\n{both}").out
    again = advised.imports("invoices", f"{BILLS}\n{both}\n")
    assert "0 new, 2 repeated, 0 refused" in again.out
    used = advised.imports("invoices", f"{BILLS}\n{bill('1', 2, '2025-12-31')}")
    assert "invoice 1 (2025) of acme was told before with other content" in used.err
    named = ("1", "--consignor", "acme")
    for words in (("invoice", *named), ("release", *named, "--because", "by phone"),
                  ("dispute", *named, "--because", "too much"),
                  ("reject", *named, "--because", "too much")):  # fmt: skip
        said = advised(*words)
        assert said.code != 0
        assert "invoice 1 was given by acme in 2025 and by acme in 2026. Say whose" in said.err
    assert "shop-000003" in advised("invoice", *named, "--year", "2026").out
    assert "no invoice has the number" in advised("invoice", *named, "--year", "2024").err
    advised("release", *named, "--year", "2025", "--because", "by phone")
    advised("reject", *named, "--year", "2026", "--because", "too much")
    assert standings() == {
        ("1", 2025, "shop-000001"): "accepted",
        ("1", 2026, "shop-000003"): "rejected",
        ("2", 2026, "shop-000004"): "accepted",
    }
    assert audit().holds


def test_papers_of_two_years_in_one_file_are_told_apart(advised: Console) -> None:
    both = bill("7", 1, "2025-12-31") + bill("7", 3, "2026-01-31")
    assert "2 new" in advised.imports("invoices", f"{BILLS}\n{both}").out
    assert set(standings()) == {("7", 2025, "shop-000001"), ("7", 2026, "shop-000003")}
    wrong = bill("8", 2, "2025-12-31") + bill("8", 2, "2026-12-31").replace("USD,1", "USD,2")
    said = advised.imports("invoices", f"{BILLS}\n{wrong}")
    assert "invoiced on" in said.err
    assert len(standings()) == 2


@ON_SQLITE
@pytest.mark.rows("O44")
def test_an_invoice_of_two_advices_is_told_how_to_be_entered(advised: Console) -> None:
    said = advised.imports(
        "invoices", f"{BILLS}\n{bill('9', 1, '2025-12-31')}{bill('9', 2, '2025-12-31')}"
    )
    assert (
        "invoice 9 names the advices shop-000001 and shop-000002. One invoice answers" in said.err
    )
    assert standings() == {}
    apart = bill("9/1", 1, "2025-12-31") + bill("9/2", 2, "2025-12-31")
    assert "2 new" in advised.imports("invoices", f"{BILLS}\n{apart}").out


def test_what_goes_back_of_an_invoice_names_its_year_where_it_must(advised: Console) -> None:
    advised.imports(
        "invoices", f"{BILLS}\n{bill('1', 1, '2025-12-31')}{bill('1', 3, '2026-01-31')}"
    )
    head = "organization,reference,consignor,invoice,line,happened_on,because,amount,year"
    said = advised.imports("debit-requests", f"{head}\nS1,D-1,acme,1,1,2026-02-01,freight,0.25,\n")
    assert "invoice 1 was given by acme in 2025 and by acme in 2026" in said.err
    asked = "S1,D-1,acme,1,1,2026-02-01,freight,0.25,2025\n" \
            "S1,D-2,acme,1,1,2026-02-01,freight,0.50,2026\n"  # fmt: skip
    assert "2 new" in advised.imports("debit-requests", f"{head}\n{asked}").out
    advised("run", "debit-memos", "--on", "2026-02-28")
    memos = dict(models.DebitMemo.objects.values_list("amount", "number"))
    notes = "consignor,credit_note,credited_on,currency,line,item,quantity,price,amount,"
    head = f"{notes}debit_memo,invoice"
    lines = [
        f"acme,C-1,2025-12-31,USD,1,BOLT,0,1.25,0.25,{memos[25]},\n",
        f"acme,C-1,2026-02-28,USD,1,BOLT,0,1.25,0.50,{memos[50]},\n",
    ]
    by_invoice = "acme,C-1,2026-02-28,USD,1,BOLT,0,1.25,0.25,,1\n"
    said = advised.imports("credit-notes", f"{head}\n{by_invoice}")
    assert "invoice 1 has several debit memos" in said.err
    assert "2 new" in advised.imports("credit-notes", f"{head}\n{''.join(lines)}").out
    one = advised("credit-notes", "C-1", "--consignor", "acme")
    assert "credit note C-1 was given by acme in 2025 and by acme in 2026" in one.err
    shown = advised("credit-notes", "C-1", "--consignor", "acme", "--year", "2026", "--json")
    assert shown.answer["head"]["debit_memo"] == memos[50]
    assert audit().holds


@ON_SQLITE
def test_a_paper_of_another_year_than_its_day_is_found(advised: Console) -> None:
    advised.imports("invoices", f"{BILLS}\n{bill('1', 1, '2025-12-31')}")
    take_the_guards_away()
    models.Invoice.objects.update(year=2024)
    (found,) = (b for b in audit().breaches if "its number is one of its year" in b.sentence)
    assert found.law == "settled once"


@ON_SQLITE
def test_a_receipt_that_answers_another_ones_notice_is_found(announced: Console) -> None:
    announced.imports("receipts", f"{ANSWERS}\nS1,R-1,1,2026-03-01,1001,1,100,acme\n")
    assert audit().holds
    take_the_guards_away()
    other = models.ShipNotice.objects.get(consignor__code="bolts")
    models.GoodsReceipt.objects.update(ship_notice=other.pk)
    found = [
        b.sentence for b in audit().breaches if b.law == "receipts answer notices of their supplier"
    ]
    assert any("it answers ship notice 1001 of bolts, who did not supply it" in s for s in found)


# --- lots and serials ------------------------------------------------------------------------


@pytest.fixture
def marked(console: Console) -> Console:
    """Acme and Bolt Brothers each supply a valve with the serial 001, and glue of a lot L1."""
    console.imports("items", "code,name,unit,tracking\nVAL,Valve,EA,serial\nGLUE,Glue,KG,lot\n")
    said = console.imports(
        "receipts",
        "organization,receipt,line,received_on,agreement,item,quantity,serial,lot\n"
        "S1,R-1,1,2026-03-01,A-1,VAL,,001,\nS1,R-2,1,2026-03-01,A-2,VAL,,001;002,\n"
        "S1,R-3,1,2026-03-01,A-1,GLUE,5,,L1\nS1,R-4,1,2026-03-01,A-2,GLUE,7,,L1\n",
    )
    assert "4 new" in said.out, said.err
    again = console.imports(
        "receipts",
        "organization,receipt,line,received_on,agreement,item,serial\n"
        "S1,R-5,1,2026-03-01,A-2,VAL,001\n",
    )
    assert "VAL 001 lies at STORE already" in again.err
    return console


USES = "organization,reference,item,quantity,occurred_at,serial,lot,consignor"


def left(item: str) -> dict[str, int]:
    """What of an item lies inside the walls, by its supplier."""
    suppliers = dict(models.Layer.objects.values_list("number", "supplier__code"))
    lying: dict[str, int] = {}
    for one in models.Balance.objects.filter(is_outer=False):
        layer = models.Layer.objects.get(number=one.layer)
        if layer.item.code == item and one.quantity:
            whose = suppliers[one.layer]
            lying[whose] = lying.get(whose, 0) + one.quantity // 1_000_000
    return lying


def test_a_serial_of_two_makers_is_used_of_the_one_that_is_named(marked: Console) -> None:
    refused = marked.imports(
        "consumption",
        f"{USES}\nS1,U-1,VAL,1,2026-03-02,001,,\nS1,U-2,GLUE,1,2026-03-02,,L1,\n",
        "--source", "till",
    )  # fmt: skip
    assert "serial of VAL 001 was given by acme and by bolts. Say whose it is" in refused.err
    assert "lot of GLUE L1 was given by acme and by bolts" in refused.err
    used = marked.imports(
        "consumption",
        f"{USES}\nS1,U-1,VAL,1,2026-03-02,001,,bolts\nS1,U-2,GLUE,1,2026-03-02,,L1,acme\n"
        "S1,U-3,VAL,1,2026-03-02,002,,\n",
        "--source", "till",
    )  # fmt: skip
    assert "3 new" in used.out
    assert left("VAL") == {"acme": 1}
    assert left("GLUE") == {"acme": 4, "bolts": 7}
    last = marked.imports(
        "consumption", f"{USES}\nS1,U-4,VAL,1,2026-03-03,001,,\n", "--source", "till"
    )
    assert "1 new" in last.out
    assert audit().holds


@ON_SQLITE
def test_a_use_told_again_is_repeated_whoever_gave_its_serial_since(marked: Console) -> None:
    use = f"{USES}\nS1,U-1,VAL,1,2026-03-02,002,,\n"
    marked.imports("consumption", use, "--source", "till")
    marked.imports(
        "receipts",
        "organization,receipt,line,received_on,agreement,item,serial\n"
        "S1,R-6,1,2026-03-01,A-1,VAL,002\nS1,R-7,1,2026-03-03,A-2,VAL,002\n",
    )
    marked.file("again.csv", use + "\n")
    again = marked("import", "consumption", "again.csv", "--source", "till")
    assert "1 repeated" in again.out, again.err


DOORS = {
    "transfers": "organization,reference,item,quantity,from_place,to_place,happened_on,serial\n"
                 "S1,T-1,VAL,1,STORE,DOCK,2026-03-02,001\n",
    "reservations": "organization,reference,item,quantity,serial\nS1,SO-1,VAL,1,001\n",
    "returns": "organization,reference,item,quantity,happened_on,serial\n"
               "S1,B-1,VAL,1,2026-03-02,001\n",
}  # fmt: skip


@ON_SQLITE
@pytest.mark.parametrize("kind", DOORS)
def test_every_door_asks_whose_serial_is_meant(marked: Console, kind: str) -> None:
    head, line = DOORS[kind].splitlines()
    refused = marked.imports(kind, f"{head},consignor\n{line},\n")
    assert "serial of VAL 001 was given by acme and by bolts" in refused.err
    done = marked.imports(kind, f"{head},consignor\n{line},bolts\n")
    assert "1 new" in done.out, done.err
