"""Debit memos and credit notes from the doors: asked back, credited, netted, seen."""

import pytest
from django.test import Client

from consigned_service.operations.audit.audit import audit
from consigned_service.operations.core.lines import written
from consigned_service.operations.returns import returns
from consigned_service.operations.settlement import debit_memos as debits
from consigned_service.records import models
from consigned_service.records.settlement import debit_memos as debit_records
from tests.service import world as worlds
from tests.service.console import Console
from tests.service.lawful import broken_laws
from tests.service.world import World, at
from tests.support.databases import Database

HEAD = (
    "consignor,credit_note,debit_memo,invoice,credited_on,currency,"
    "line,item,quantity,price,amount\n"
)
AS = ("--as", "northwind")
ACME = ("--consignor", "acme", *AS)
MEMO = "northwind-D000001"


def note(number: str, *, memo: str = MEMO, invoice: str = "", quantity: str = "2",
         amount: str = "2.50") -> str:  # fmt: skip
    return f"acme,{number},{memo},{invoice},2026-03-16,USD,1,BOLT,{quantity},1.25,{amount}\n"


@pytest.fixture
def returned(database: Database) -> World:
    """Acme has invoiced 90 bolts in I-1; its nuts, on another advice, wait for their invoice. Two
    bolts and a nut have gone back."""
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
    world.invoice("acme", "northwind-000001", "I-1", "2026-03-09")
    send_back(world, "g1", "BOLT", "2")
    send_back(world, "g2", "NUT", "1")
    return world


def send_back(world: World, reference: str, item: str, quantity: str) -> None:
    day = "2026-03-10"
    world.use("L1", day, written(worlds.Reported, f"back {reference}", item, f"-{quantity}", day))
    line = written(returns.ReturnLine, reference, item, quantity, day, owned="yes", because="bent")
    returns.return_to_supplier(
        organization=world.organization("L1"), lines=[line], by="dora", at=at(day)
    ).or_raise()


@pytest.mark.rows("O53", "O54")
def test_what_went_back_is_credited_from_the_command_line(returned: World, tmp_path) -> None:
    console = Console(tmp_path)
    run = ("run", "debit-memos", "--on", "2026-03-15", *AS)
    assert console(*run).out == (
        "Made on 2026-03-15: 1 debit memo of 1 line, 0 credited by ourselves. "
        "Waiting for an invoice: 1 debit request.\n"
    )
    assert console(*run, "--json").answer["memos"] == 0
    states = {
        one["item"]: (one["state"], one["debit_memo"])
        for one in console("debits", *AS, "--json").answer
    }
    assert states == {"BOLT": ("asked", MEMO), "NUT": ("awaiting-invoice", None)}
    one = console("debit-memos", MEMO, "--as", "acme", "--json").answer
    (line,) = one["lines"]
    assert (line["invoice_line"], line["goods_return"], line["order"]) == (1, "g1", "PO-1")
    assert "bent" in console("debit-memos", MEMO, *AS).out

    wrong = console.imports("credit-notes", HEAD + note("CN-1", quantity="1", amount="1.25"))
    assert wrong.out.endswith("waiting: 1 held credit note.\n")
    words = ("dispute", "CN-1", "--credit-note", *ACME, "--because", "two went back")
    assert console(*words, "--json").answer == {"credit_note": "CN-1", "standing": "disputed"}
    for party in ("acme", "bolts"):
        assert console(
            "reject", "CN-1", "--credit-note", "--consignor", "acme", "--as", party,
            "--because", "x",
        ).code == 1  # fmt: skip
    (held,) = console("credit-notes", "--state", "disputed", *AS, "--json").answer
    assert held["differences"][0] == "line 1: quantity is 2 by our record, 1 credited"
    words = ("reject", "CN-1", "--credit-note", *ACME, "--because", "two went back")
    assert console(*words).out == "Credit note CN-1 of acme is rejected.\n"

    right = HEAD + note("CN-2", memo="", invoice="I-1")
    assert console.imports("credit-notes", right, "--json").answer["new"] == 1
    assert console.imports("credit-notes", right, "--json").answer["repeated"] == 1
    shown = console("credit-notes", "CN-2", *ACME)
    assert "accepted" in shown.out
    assert console("credit-notes", "CN-2", *AS).code == 2
    (owed,) = [
        one for one in console("owed", *AS, "--json").answer if one["credited"]["amount"] != "0.00"
    ]
    assert owed["credited"] == {"amount": "2.50", "currency": "USD"}
    paid = console("run", "payments", "--on", "2026-03-19", *AS, "--json").answer
    assert (paid["invoices"], paid["credit_notes"]) == (1, 1)
    (remitted,) = console("payments", "--as", "acme", "--json").answer
    assert remitted["amount"] == {"amount": "110.00", "currency": "USD"}
    assert remitted["credit_notes"][0]["credit_note"] == "CN-2"
    assert "CN-2" in console("payments", *AS).out
    assert audit().breaches == []
    assert list(broken_laws()) == []


@pytest.mark.rows("O54")
def test_a_credit_note_is_taken_whole_or_not_at_all(returned: World, tmp_path) -> None:
    console = Console(tmp_path)
    console("run", "debit-memos", "--on", "2026-03-15", *AS)
    broken = note("CN-1") + note("CN-1", quantity="two") + note("CN-2", memo="", amount="2.50")
    told = console.imports("credit-notes", HEAD + broken, "--json").answer
    assert (told["new"], told["refused"]) == (0, 3)
    assert not models.CreditNote.objects.exists()


@pytest.mark.rows("O53")
def test_a_run_that_is_stopped_is_started_again(
    returned: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    returned.invoice("acme", "northwind-000002", "I-2", "2026-03-11")
    monkeypatch.setattr(debits, "AT_ONCE", 1)
    saved = debit_records.save_memos
    made = []

    def stop_at_the_second(*args, **named):
        if made:
            raise RuntimeError("the power is gone")
        made.append(1)
        return saved(*args, **named)

    ask = {"consignee": returned.party("northwind"), "by": "paul", "at": at("2026-03-15")}
    on = at("2026-03-15").date()
    monkeypatch.setattr(debit_records, "save_memos", stop_at_the_second)
    with pytest.raises(RuntimeError):
        debits.run_debit_memos(on=on, **ask)
    monkeypatch.setattr(debit_records, "save_memos", saved)
    assert debits.run_debit_memos(on=on, **ask)[:3] == (1, 1, 0)
    assert debits.run_debit_memos(on=on, **ask).memos == 0
    numbers = models.DebitMemo.objects.order_by("pk").values_list("number", flat=True)
    assert list(numbers) == [MEMO, "northwind-D000002"]
    assert models.DebitMemoLine.objects.count() == models.DebitRequest.objects.count() == 2
    assert audit().breaches == []


@pytest.mark.rows("O53", "O54")
def test_both_parties_read_the_memo_on_its_page_and_nobody_else(returned: World, tmp_path) -> None:
    console = Console(tmp_path)
    console("run", "debit-memos", "--on", "2026-03-15", *AS)
    console.imports("credit-notes", HEAD + note("CN-1"))
    returned.give_accounts("a good password")
    for party in ("northwind", "acme", "bolts"):
        client = Client()
        client.force_login(returned.user(party))
        memo = client.get(f"/debit-memos/{MEMO}/")
        if party == "bolts":
            assert memo.status_code == 404
            continue
        assert memo.status_code == 200
        assert "CN-1" in memo.content.decode()
        assert MEMO in client.get("/advices/northwind-000001/").content.decode()
        rows = client.get(f"/debit-memos/{MEMO}/?_export=csv").getvalue().decode()
        assert "BOLT" in rows
