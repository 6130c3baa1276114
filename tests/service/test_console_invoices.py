"""Suppliers' invoices from the command line: brought in, looked at, decided about and paid."""

import pytest

from consigned_service.operations.audit.audit import audit
from consigned_service.operations.core.batch import Written, record
from consigned_service.operations.core.lines import written
from consigned_service.operations.core.operation import Request
from consigned_service.operations.registry import OPERATIONS
from consigned_service.records import models
from tests.service import world as worlds
from tests.service.console import Console
from tests.support.databases import Database

HEAD = "consignor,invoice,advice,invoiced_on,currency,line,item,quantity,price,amount\n"
AS = ("--as", "northwind")
ACME = ("--consignor", "acme", *AS)
BOLTS = ("--consignor", "bolts", *AS)


@pytest.fixture
def console(tmp_path) -> Console:
    return Console(tmp_path)


@pytest.fixture
def advised(database: Database, console: Console) -> Console:
    """Acme is advised of 90 bolts and 3 nuts in two advices, and asked for invoices."""
    world = worlds.World()
    worlds.register(world)
    worlds.order_and_ship(world)
    worlds.receive(world)
    world.use(
        "L1", "2026-03-04",
        written(worlds.Reported, "T1", "BOLT", "90", "2026-03-04"),
        written(worlds.Reported, "T2", "NUT", "3", "2026-03-04"),
    )  # fmt: skip
    world.advise("northwind", "2026-03-08")
    return console


def bill(advice: str, item: str, *, number="I-1", quantity="90", price="1.25", amount="112.50"):
    return f"acme,{number},{advice},2026-03-09,USD,1,{item},{quantity},{price},{amount}\n"


BOLT_ADVICE, NUT_ADVICE = "northwind-000001", "northwind-000002"


@pytest.mark.rows("O43", "O44", "O02")
def test_a_supplier_invoice_agreement_is_finished_from_the_command_line(advised: Console) -> None:
    heads = {one.number: one.item.code for one in models.Advice.objects.select_related("item")}
    assert heads == {BOLT_ADVICE: "BOLT", NUT_ADVICE: "NUT"}
    wrong = bill(BOLT_ADVICE, "BOLT", price="1.30", amount="117.00")
    told = advised.imports("invoices", HEAD + wrong)
    assert told.out == (
        "invoices.csv: 1 line read, 1 new, 0 repeated, 0 refused; waiting: 1 held invoice.\n"
    )
    (listed,) = advised("invoices", "--state", "held", *AS, "--json").answer
    assert listed["due_on"] == "2026-03-19"
    assert listed["differences"] == [
        "line 1: price is 1.25 by our record, 1.30 billed",
        "line 1: amount is 112.50 by our record, 117.00 billed",
    ]
    assert "line 1: price is 1.25 by our record, 1.30 billed" in advised("invoices", *AS).out

    sent_back = advised("reject", "I-1", *ACME, "--because", "price is not as agreed")
    assert (sent_back.code, sent_back.out) == (0, "Invoice I-1 of acme is rejected.\n")
    right = bill(BOLT_ADVICE, "BOLT", number="I-2")
    nuts = bill(NUT_ADVICE, "NUT", number="I-3", quantity="3", price="0.0333", amount="0.10")
    assert advised.imports("invoices", HEAD + right + nuts, "--json").answer["new"] == 2
    one = advised("invoice", "I-1", *ACME, "--json").answer
    assert [(d["standing"], d["because"]) for d in one["decisions"]][1] == (
        "rejected", "price is not as agreed",
    )  # fmt: skip
    assert one["lines"][0]["advised_price"] == {"price": "1.25", "currency": "USD"}
    shown = advised("invoice", "I-2", *ACME).out
    assert "Acme Fasteners" in shown
    assert "accepted" in shown

    early = advised("run", "payments", "--on", "2026-03-18", *AS, "--json").answer
    assert (early["payments"], early["invoices"]) == (0, 0)
    paid = advised("run", "payments", "--on", "2026-03-19", *AS, "--json").answer
    assert (paid["payments"], paid["invoices"]) == (1, 2)
    assert advised("invoice", "I-2", *ACME, "--json").answer["head"]["standing"] == "paid"
    assert audit().breaches == []


def test_an_invoice_of_another_year_than_what_it_bills_is_refused(advised: Console) -> None:
    """It would be due at once, and overdue for years."""
    line = bill(BOLT_ADVICE, "BOLT").replace("2026-03-09", "2025-03-09")
    assert advised.imports("invoices", HEAD + line, "--json").answer["new"] == 0
    assert (
        "invoice I-1 is dated 2025-03-09, and advice northwind-000001 tells what was used from "
        "2026-03-02 on" in advised.read("invoices.refused.csv")
    )
    first_day = line.replace("2025-03-09", "2026-03-02")
    assert advised.imports("invoices", HEAD + first_day, "--json").answer["new"] == 1


@pytest.mark.rows("O43")
@pytest.mark.rows("L33")
def test_a_held_invoice_is_disputed_with_evidence_and_accepted_as_it_was_billed(
    advised: Console,
) -> None:
    advised.imports("invoices", HEAD + bill(BOLT_ADVICE, "BOLT", price="1.30", amount="117.00"))
    words = ("dispute", "I-1", *ACME, "--because", "the price is 1.25", "--evidence", "page 7")
    assert advised(*words, "--json").answer == {"invoice": "I-1", "standing": "disputed"}
    assert advised(*words).code == 1
    (listed,) = advised("invoices", "--state", "disputed", *AS, "--json").answer
    assert listed["differences"]
    seen = advised("invoice", "I-1", "--consignor", "acme", "--as", "acme", "--json").answer
    assert seen["decisions"][-1]["because"] == "the price is 1.25"
    assert seen["decisions"][-1]["evidence"] == "page 7"
    assert "page 7" in advised("invoice", "I-1", *ACME).out
    for party in ("acme", "bolts"):
        assert advised(
            "dispute", "I-1", "--consignor", "acme", "--as", party, "--because", "x"
        ).code

    assert advised("release", "I-1", *ACME).code == 1
    assert advised("release", "I-1", *ACME, "--because", "it was agreed by phone").code == 0
    (paid,) = [advised("run", "payments", "--on", "2026-03-19", *AS, "--json").answer]
    assert paid["invoices"] == 1
    assert models.Payment.objects.get().amount == 11_700
    for words in (("payments", *AS), ("payments", "--as", "acme")):
        (one,) = advised(*words, "--json").answer
        assert one["amount"]["amount"] == "117.00"
        assert [paid["invoice"] for paid in one["invoices"]] == ["I-1"]
        assert "1 payment, 117.00 USD." in advised(*words).out
    assert advised("payments", "--as", "bolts", "--json").answer == []
    assert advised("payments", *AS, "--consignor", "nobody-known").code == 1
    assert audit().breaches == []


def test_an_invoice_told_again_changes_nothing_and_another_under_its_number_is_refused(
    advised: Console,
) -> None:
    line = bill(BOLT_ADVICE, "BOLT")
    assert advised.imports("invoices", HEAD + line, "--json").answer["new"] == 1
    advised.file("copy.csv", HEAD + line + line.replace(",1,BOLT", ",1,BOLT"))
    again = advised("import", "invoices", "invoices.csv", "--json").answer
    assert (again["new"], again["repeated"], again["refused"]) == (0, 1, 0)
    other = advised.imports("invoices", HEAD + bill(BOLT_ADVICE, "BOLT", amount="112.51"))
    assert other.code == 3
    assert "invoice I-1 (2026) of acme was told before with other content" in other.err
    assert models.Invoice.objects.filter(number="I-1").count() == 1


def test_an_invoice_is_taken_whole_or_not_at_all(advised: Console) -> None:
    lines = bill(BOLT_ADVICE, "BOLT") + bill(BOLT_ADVICE, "BOLT", quantity="many").replace(
        ",1,BOLT", ",2,BOLT"
    )
    said = advised.imports("invoices", HEAD + lines, "--json")
    assert (said.code, said.answer["new"], said.answer["refused"]) == (3, 0, 2)
    assert not models.Invoice.objects.exists()
    refused = advised.read("invoices.refused.csv")
    assert "another line of invoice I-1 was refused" in refused
    assert "'many'" in refused


WRONG = [  # column        value            what is said
    ("consignor",          "nobody9",       "unknown-party"),
    ("advice",             "A-9",           "unknown-advice"),
    ("invoiced_on",        "2199-01-01",    "not-yet"),
    ("invoiced_on",        "soon",          "invalid-date"),
    ("currency",           "dollars",       "unknfunctional-currency"),
    ("line",               "0",             "invalid-number"),
    ("amount",             "12.505",        "invalid-amount"),
    ("item",               "",              "required"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "value", "code"), WRONG)
def test_what_is_wrong_with_a_line_is_one_sentence(
    advised: Console, column: str, value: str, code: str
) -> None:
    names = HEAD.strip().split(",")
    said = dict(zip(names, bill(BOLT_ADVICE, "BOLT").strip().split(","), strict=True))
    invoices = OPERATIONS["invoices"]
    line = [(said | {column: value}).get(field.name, "") for field in invoices.fields]
    asked = Request(worlds.World().organization("L1"), "edi", worlds.at("2026-03-09"), "edi")
    (refused,) = record(invoices, [Written("", line)], asked).refused
    assert refused.refusal.code == code


def test_lines_of_one_invoice_are_never_cut_apart(advised: Console) -> None:
    lines = "".join(bill(BOLT_ADVICE, "BOLT").replace(",1,BOLT", f",{n},BOLT") for n in range(1, 8))
    nuts = bill(NUT_ADVICE, "NUT", number="I-3", quantity="3", price="0.0333", amount="0.10")
    said = advised.imports("invoices", HEAD + lines + nuts, "--chunk", "2", "--json").answer
    assert (said["new"], said["waiting"]) == (8, 1)
    assert models.InvoiceLine.objects.filter(invoice__number="I-1").count() == 7


@pytest.mark.rows("O02")
def test_a_staged_invoice_is_released_by_whoever_owes_it(
    database: Database, console: Console
) -> None:
    worlds.build()
    staged = models.Invoice.objects.get(is_self_billed=True, consignor__code="bolts").number
    theirs = console("release", staged, "--consignor", "bolts", "--as", "bolts")
    assert (theirs.code, theirs.err) == (
        1,
        f"invoice {staged} is decided by northwind. "
        "Only the party that is billed releases or rejects an invoice.\n",
    )
    assert console("release", staged, *BOLTS).out == f"Invoice {staged} of bolts is released.\n"
    again = console("release", staged, *BOLTS, "--json")
    assert (again.code, again.answer["refused"]) == (1, "invoice-decided")
    seen = console("invoice", staged, "--consignor", "bolts", "--as", "bolts", "--json").answer
    assert {one["decided_by"] for one in seen["decisions"]} == {"Northwind Stores"}


def test_nobody_sees_a_strangers_invoice(database: Database, console: Console) -> None:
    worlds.build()
    assert console("invoices", *AS, "--json").answer != []
    for stranger in ("contoso", "nobody"):
        assert console("invoices", "--as", stranger, "--json").answer == []
        said = console("invoice", "INV-1", "--consignor", "acme", "--as", stranger)
        assert (said.code, said.out) == (1, "")
        refused = console(
            "reject", "INV-2", "--consignor", "acme", "--as", stranger, "--because", "mine"
        )
        assert refused.code == 1
    unknown = console("release", "I-99", *ACME)
    assert unknown.err.startswith("no invoice has the number 'I-99'")
    nameless = console("reject", "INV-2", *ACME, "--because", " ")
    assert (nameless.code, nameless.err) == (1, "because is empty.\n")


@pytest.mark.rows("P07", "P08")
def test_goods_are_promised_from_a_file(database: Database, console: Console) -> None:
    world = worlds.World()
    worlds.register(world)
    worlds.order_and_ship(world)
    worlds.receive(world)
    lines = (
        "organization,reference,item,quantity\n"
        "L1,SO-7,BOLT,15\nL1,SO-8,BOLT,100\nL1,SO-9,BOLT,60\nL1,SO-8,NUT,1\nL1,SO-8,BOLT,99\n"
    )
    said = console.imports("reservations", lines, "--json")
    assert (said.code, said.answer["new"], said.answer["repeated"]) == (3, 2, 1)
    refused = console.read("reservations.refused.csv")
    assert "L1 holds 160 EA of BOLT, 115 of it reserved; 60 asked" in refused
    assert "reservation SO-8 stands with quantity 100, not 99" in refused
    again = console("import", "reservations", "reservations.csv", "--json").answer
    assert (again["new"], again["repeated"], again["refused"]) == (0, 3, 2)
