"""Reports and exports at the command line: what each says, to whom, as a table, JSON and CSV."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest

from consigned.accounting.accounts import CLASS_OF
from consigned.accounting.journals import MEMO_ACCOUNTS, Account
from consigned_service.interfaces.console.reports import REPORTS
from consigned_service.operations.audit.audit import audit
from consigned_service.operations.consumption.issues import Reported
from consigned_service.operations.core.lines import written
from consigned_service.operations.counting import differences
from consigned_service.operations.master_data.parties import close_period
from consigned_service.queries.accounting import books, reports
from consigned_service.queries.settlement.payables import owed
from consigned_service.records import models
from tests.service import world as worlds
from tests.service.console import Console
from tests.service.shop import open_shop, sell
from tests.service.world import TODAY, World
from tests.support import ledgers
from tests.support.databases import Database

ASKED = {
    "statement": ("--partner", "acme"),
    "closing": ("--organization", "L1", "--to", "2026-03-31"),
}
"""What a report must be told beside its name."""


@pytest.fixture
def console(tmp_path) -> Console:
    return Console(tmp_path)


@pytest.fixture
def world(database: Database) -> World:
    return worlds.build()


def report(console: Console, name: str, *words: str, party: str = "northwind") -> Any:
    return console("report", name, *ASKED.get(name, ()), *words, "--as", party, "--json").answer


def table(console: Console, *words: str) -> list[dict[str, str]]:
    said = console(*words)
    assert said.code == 0, said.err
    return list(csv.DictReader(io.StringIO(said.out)))


def in_minor(amount: dict[str, str]) -> int:
    return int(amount["amount"].replace(".", ""))


# --- every report ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_says_the_same_as_a_table_json_and_csv(
    world: World, console: Console, name: str
) -> None:
    words = ("report", name, *ASKED.get(name, ()), "--as", "northwind")
    shown = console(*words)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.strip()
    found = report(console, name)
    lines = found if isinstance(found, list) else next(
        value for value in found.values() if isinstance(value, list) and value
    )  # fmt: skip
    rows = table(console, *words, "--csv")
    expected = sum(len(one["lines"]) + 2 for one in lines) if name == "statement" else len(lines)
    assert len(rows) == expected > 0


@pytest.mark.parametrize("name", REPORTS)
def test_a_stranger_is_told_nothing_of_it(world: World, console: Console, name: str) -> None:
    said = console("report", name, *ASKED.get(name, ()), "--as", "nobody", "--csv")
    assert (said.code, len(said.out.splitlines())) in ((0, 1), (1, 0))
    assert "Acme" not in said.out


@pytest.mark.parametrize(
    ("words", "because"),
    [
        (("trial-balance", "--item", "BOLT"), "it takes no --item"),
        (("owed", "--from", "2026-03-01", "--to", "2026-03-02"), "it takes no --from, --to"),
        (("statement",), "say --partner"),
        (("closing", "--to", "2026-03-31"), "say --organization"),
        (("journals", "--summary"), "it has no --summary"),
    ],
)
def test_a_report_says_what_it_is_asked_with(
    world: World, console: Console, words: tuple[str, ...], because: str
) -> None:
    said = console("report", *words, "--as", "northwind")
    assert (said.code, said.out) == (2, "")
    assert because in said.err


def test_a_slip_of_the_pen_does_not_look_like_nothing(world: World, console: Console) -> None:
    for words in (("--item", "BOTL"), ("--supplier", "acne")):
        said = console("report", "consigned-inventory", *words, "--as", "northwind")
        assert (said.code, said.out) == (1, "")
    assert console("report", "statement", "--partner", "contoso", "--as", "northwind").code == 1
    assert report(console, "closing", party="northwind")
    stranger = console("report", "closing", *ASKED["closing"], "--as", "contoso")
    assert (stranger.code, stranger.out) == (1, "")


# --- the books -------------------------------------------------------------------------------


@pytest.mark.rows("O42", "P53")
def test_the_trial_balance_of_each_party_is_even_on_every_day(world: World) -> None:
    for viewer in (world.northwind, world.contoso, world.acme, world.bolts):
        for day in range(1, 32):
            found = books.trial_balance(viewer, date(2026, 3, day))
            assert all(both.debit == both.credit for both in found.sums)
            memos = [one for one in found.accounts if one.account in MEMO_ACCOUNTS]
            assert sum(one.debited.minor - one.credited.minor for one in memos) == 0
    assert books.trial_balance(world.nobody).accounts == []


def test_the_trial_balance_of_the_organizations_makes_the_party_s(world: World) -> None:
    def turnover(organization: str | None) -> dict[str, int]:
        found = books.trial_balance(world.northwind, organization=organization)
        return {one.account: one.debited.minor - one.credited.minor for one in found.accounts}

    whole, first, second = turnover(None), turnover("L1"), turnover("L2")
    assert whole == {
        account: first.get(account, 0) + second.get(account, 0) for account in first | second
    }
    assert turnover("C1") == {}


def test_a_party_reads_its_own_numbers_and_names(world: World, console: Console) -> None:
    said = console.imports(
        "accounts",
        "party,account,number,name\n"
        "northwind,cost-of-goods-sold,5000,Cost of sales\n"
        "northwind,consigned-payables-accrual,2105,\n"
        "northwind,petty-cash,1000,Till\n"
        "nowhere,cash,1000,Till\n",
    )
    assert said.code == 3
    assert "petty-cash" in console.read("accounts.refused.csv")
    assert "nowhere" in console.read("accounts.refused.csv")
    ours = {one["account"]: one for one in report(console, "trial-balance")["accounts"]}
    assert (ours["cost-of-goods-sold"]["number"], ours["cost-of-goods-sold"]["name"]) == (
        "5000", "Cost of sales",
    )  # fmt: skip
    assert (
        ours["consigned-payables-accrual"]["number"],
        ours["consigned-payables-accrual"]["name"],
    ) == ("2105", "consigned-payables-accrual")
    theirs = report(console, "trial-balance", party="contoso")["accounts"]
    assert {one["number"] for one in theirs} == {""}
    console.imports("accounts", "party,account,number\nnorthwind,cost-of-goods-sold,5010\n")
    now = {one["account"]: one for one in report(console, "trial-balance")["accounts"]}
    assert (now["cost-of-goods-sold"]["number"], now["cost-of-goods-sold"]["name"]) == (
        "5010", "Cost of sales",
    )  # fmt: skip


def test_every_account_has_a_class() -> None:
    assert set(CLASS_OF) == set(Account)


# --- what is owed ------------------------------------------------------------------------------


@pytest.mark.rows("L31")
def test_the_statement_ends_at_what_is_owed_and_both_sides_read_the_same(world: World) -> None:
    for partner, other in ((world.acme, "acme"), (world.bolts, "bolts")):
        for day in (date(2026, 3, 9), date(2026, 3, 15), date(2026, 3, 20), TODAY):
            ours = books.statements(world.northwind, other, day)
            assert ours == books.statements(partner, "northwind", day)
            assert len(ours) <= 1
            closing = ours[0].closing.minor if ours else 0
            debts = [row for row in owed(world.northwind, day) if row.consignor == other]
            assert closing == sum(row.advised.minor + row.invoiced.minor for row in debts)


@pytest.mark.rows("L31")
def test_a_statement_begins_where_the_one_before_it_ended(world: World) -> None:
    [march] = books.statements(world.northwind, "acme", TODAY)
    [first] = books.statements(world.northwind, "acme", date(2026, 3, 15))
    [then] = books.statements(world.northwind, "acme", TODAY, date(2026, 3, 16))
    assert (first.opening.minor, first.closing, then.closing) == (0, then.opening, march.closing)
    assert [*first.lines, *then.lines] == march.lines
    assert {line.what for line in march.lines} == {"advice", "invoice", "payment"}


@pytest.mark.rows("L31")
def test_what_is_not_settled_is_what_is_owed_less_what_is_billed(world: World) -> None:
    found = reports.settled_and_unsettled(world.northwind)
    debts = owed(world.northwind)
    assert found.unsettled[0].minor == sum(row.running.minor + row.advised.minor for row in debts)
    paid = sum(payment.amount for payment in models.Payment.objects.all())
    assert found.settled[0].minor == paid + sum(row.invoiced.minor for row in debts)
    assert {line.state for line in found.lines} >= {"not-advised", "paid", "invoiced-held"}


# --- the consigned inventory report ------------------------------------------------------------


@pytest.mark.rows("P64")
def test_the_consigned_inventory_is_by_item_supplier_and_dates(
    world: World, console: Console
) -> None:
    def lines(*words: str, party: str = "northwind") -> set[tuple[str, str, str]]:
        found = report(console, "consigned-inventory", *words, party=party)
        return {(one["item"], one["supplier"], one["happened_on"]) for one in found["lines"]}

    every = lines()
    assert {line[0] for line in every} == {"BOLT", "NUT", "OIL"}
    assert lines("--item", "NUT") == {line for line in every if line[0] == "NUT"} != set()
    assert lines("--supplier", "bolts") == {line for line in every if line[1] == "bolts"} != set()
    first = lines("--to", "2026-03-09")
    assert lines("--from", "2026-03-10") == every - first
    assert 0 < len(first) < len(every)
    assert lines("--organization", "L2") < every
    assert {line[1] for line in lines(party="acme")} == {"acme"}


@pytest.mark.rows("P65")
def test_what_waits_for_its_price_is_in_the_report_once_it_is_costed(
    world: World, console: Console
) -> None:
    def days() -> list[str]:
        found = report(console, "consigned-inventory", "--item", "OIL")
        return [line["happened_on"] for line in found["lines"] if line["price"]]

    assert models.WaitingException.objects.filter(reason="price-missing").exists()
    assert days() == ["2026-03-30"]
    worlds.done(
        worlds.agreements.register_prices(
            lines=[
                written(
                    worlds.agreements.PriceLine, "A-BOLT", "OIL", "2026-01-01", "7.50", "2026-03-20"
                )
            ]
        )
    )
    console("exceptions", "--resubmit", "--as", "northwind")
    assert days() == ["2026-03-04", "2026-03-30"]


@pytest.mark.rows("P66")
def test_received_and_consumed_are_enough_for_an_invoice_by_hand(
    world: World, console: Console
) -> None:
    found = report(console, "consigned-inventory", "--supplier", "acme", "--item", "BOLT")
    [bolts] = found["items"]
    assert bolts["received"] == {"number": "140", "unit": "EA"}
    entries = models.Entry.objects.filter(kind="transferred-to-owned").values_list(
        "quantity", "organization__code", "layer"
    )
    acmes = {
        (layer.organization.code, layer.number)
        for layer in models.Layer.objects.select_related("organization").filter(
            supplier__code="acme", item__code="BOLT", organization__party__code="northwind"
        )
    }
    passed = sum(quantity for quantity, *layer in entries if tuple(layer) in acmes)
    assert bolts["consumed"]["number"] == str(passed // 1_000_000)
    assert in_minor(bolts["amount"][0]) == sum(in_minor(one["amount"]) for one in found["lines"])
    later = report(
        console, "consigned-inventory", "--supplier", "acme", "--item", "BOLT",
        "--from", "2026-03-10",
    )["items"][0]  # fmt: skip
    assert later["received"]["number"] == "0"
    assert later["received_in_all"]["number"] == "140"
    [summed] = table(
        console, "report", "consigned-inventory", "--summary", "--supplier", "acme", "--item",
        "BOLT", "--csv", "--as", "northwind",
    )  # fmt: skip
    assert (summed["received"], summed["received_unit"]) == ("140", "EA")


@pytest.mark.rows("P66")
def test_what_never_came_is_not_among_what_was_received(world: World) -> None:
    def received() -> int:
        found = reports.consigned_inventory(world.contoso, item="BOLT", supplier="acme")
        return found.items[0].received.micros // 1_000_000

    assert received() == 30
    [difference] = models.CountDifference.objects.filter(organization__code="C1")
    worlds.done(
        differences.settle_differences(
            organization=world.organization("C1"),
            lines=[written(differences.SettlingLine, str(difference.number), "mis-shipped")],
            by="cass",
            at=worlds.at("2026-03-31"),
        )
    )
    assert received() == 29
    assert audit().breaches == []


# --- what goods are worth ----------------------------------------------------------------------


@pytest.mark.rows("L29", "X03")
def test_goods_of_others_are_in_no_inventory_investment(world: World, console: Console) -> None:
    """The seed's example: 20,000 USD of consigned goods leave what may be bought as it was."""
    before = report(console, "stock-value")
    worth = before["value"]
    world.receive(
        "L1", ("R-9", "1", "2026-03-31", "", "", "", "", "A-ACME", "BOLT", "16000"), by="dora"
    )
    after = report(console, "stock-value")
    assert after["value"] == worth
    held = [in_minor(one["of_others_value"][0]) for one in (before, after)]
    assert held[1] - held[0] == 20_000_00
    [bolts] = [
        one for one in after["lines"] if (one["item"], one["organization"]) == ("BOLT", "L1")
    ]
    assert bolts["owned"]["number"] == "0"
    assert bolts["value"] is None
    assert report(console, "stock-value", party="acme")["lines"] == []


@pytest.mark.rows("X03")
def test_q6_q7_the_inventory_of_a_day_gone_by_is_what_was_told_on_it(
    world: World, console: Console
) -> None:
    told = report(console, "stock-value", "--as-of", "2026-03-05")
    world.use("L1", "2026-03-31", written(Reported, "T9", "PAPER", "5", "2026-03-31"))
    world.move("L1", "M-9", "BOLT", "2", "STORE", "STOCK", "2026-03-31")
    assert report(console, "stock-value", "--as-of", "2026-03-05") == told
    assert report(console, "stock-value") != told


# --- closing -----------------------------------------------------------------------------------


def test_the_closing_report_names_what_is_open_and_closing_changes_no_day_of_the_past(
    world: World, console: Console
) -> None:
    kinds = [one["what"] for one in report(console, "closing")]
    assert set(kinds) == {"exception", "staged", "held", "count"}
    shown = console("close", "L1", "--through", "2026-03-31")
    assert f"{len(kinds)} matters are open" in shown.out
    close_period(
        organization=world.organization("L2"), through=TODAY, by="ines", at=datetime.now(UTC)
    )
    days = [date(2026, 3, day) for day in range(1, 32)]
    viewers = (world.northwind, world.acme, world.bolts)
    closed = [books.trial_balance(viewer, day) for viewer in viewers for day in days]
    values = [reports.inventory_investment(world.northwind, day, today=TODAY) for day in days]
    for day in ("2026-03-30", "2026-03-31"):
        said = console("run", "payments", "--on", day, "--as", "northwind")
        assert said.code in (0, 1)
        assert console("run", "advices", "--on", day, "--as", "northwind").code in (0, 1)
    worlds.done(
        worlds.agreements.register_prices(
            lines=[
                written(
                    worlds.agreements.PriceLine, "A-BOLT", "OIL", "2026-01-01", "7.50", "2026-03-20"
                )
            ]
        )
    )
    console("exceptions", "--resubmit", "--as", "northwind")
    world.advise("northwind", "2026-04-15")
    world.pay("northwind", "2026-04-30")
    assert [books.trial_balance(viewer, day) for viewer in viewers for day in days] == closed
    assert [
        reports.inventory_investment(world.northwind, day, today=TODAY) for day in days
    ] == values
    assert books.trial_balance(world.northwind).accounts != closed[30].accounts
    assert audit().breaches == []


# --- exports -----------------------------------------------------------------------------------


def exported(console: Console, program: str, *words: str, party: str = "northwind") -> str:
    said = console("export", "journals", "--format", program, "--as", party, *words)
    assert (said.code, said.err) == (0, "")
    return said.out


def balances(viewer: Any, **asked: Any) -> dict[tuple[str, str], int]:
    """The balances of a party's books, by account as a ledger program spells it."""
    found: dict[tuple[str, str], int] = {}
    for one in books.trial_balance(viewer, **asked).accounts:
        amount = one.debited.minor - one.credited.minor
        if amount:
            found[one.account, one.debited.currency] = amount
    return found


@pytest.mark.parametrize("program", ledgers.PROGRAMS)
@pytest.mark.parametrize("party", ["northwind", "acme"])
def test_a_ledger_program_reads_the_journals_and_comes_to_the_trial_balance(
    world: World, console: Console, program: str, party: str
) -> None:
    found = ledgers.read(program, exported(console, program, party=party))
    expected = balances(world.viewer(party))
    assert found.transactions == models.Journal.objects.filter(book=world.party(party)).count()
    assert sorted(found.balances.values()) == sorted(expected.values())
    spelt = {name.rpartition(":")[2].lower() for name, _ in found.balances}
    assert spelt == {account.removeprefix("memo-") for account, _ in expected}
    assert all(
        name.startswith("Equity:Memo:") is (name.rpartition(":")[2] in ("Consigned-goods",
                                                                        "Consignors"))
        for name, _ in found.balances
    )  # fmt: skip


@pytest.mark.parametrize("program", ledgers.PROGRAMS)
def test_an_export_of_some_days_is_of_those_days_and_says_the_party_s_own_accounts(
    world: World, console: Console, program: str
) -> None:
    console.imports(
        "accounts",
        "party,account,number,name\n"
        'northwind,cost-of-goods-sold,5000,"Coût ""des"" ventes; brut"\n'
        "northwind,scrap,5000,Coût (des) ventes: brut\n",
    )
    whole = ledgers.read(program, exported(console, program))
    first = ledgers.read(program, exported(console, program, "--to", "2026-03-10"))
    then = ledgers.read(program, exported(console, program, "--from", "2026-03-11"))
    assert first.transactions + then.transactions == whole.transactions
    assert 0 < first.transactions < whole.transactions
    assert any(name == "Expenses:5000-Coût-des-ventes-brut" for name, _ in whole.balances)
    one = ledgers.read(program, exported(console, program, "--organization", "L2"))
    assert 0 < one.transactions < whole.transactions
    nothing = ledgers.read(program, exported(console, program, party="nobody"))
    assert (nothing.transactions, nothing.balances) == (0, {})


def test_the_csv_has_a_line_for_each_journal_entry(world: World, console: Console) -> None:
    rows = list(csv.DictReader(io.StringIO(exported(console, "csv"))))
    kept = models.Journal.objects.filter(book=world.party("northwind"))
    assert len(rows) == kept.count() > 0
    assert sum(int(row["amount"].replace(".", "")) for row in rows) == sum(
        kept.values_list("amount", flat=True)
    )
    assert {row["amount_currency"] for row in rows} == {"USD"}
    assert {row["partner"] for row in rows} >= {"Acme Fasteners", "Bolt Brothers"}
    words = ("export", "journals", "--as", "northwind", "--json")
    assert len(console(*words).answer) == len(rows)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_name_becomes_a_formula(database: Database, console: Console) -> None:
    """Names come from other parties; whoever opens the file works out nothing of theirs."""
    open_shop("S1", shelf=10)
    console.imports("items", "code,name,unit\nBOLT,=1+1,EA\n")
    console.imports("parties", "code,name\nacme,@SUM(A1)\n")
    sell("S1", "till", range(2))
    rows = list(csv.DictReader(io.StringIO(console("report", "consigned-inventory", "--csv").out)))
    assert {(row["item_name"], row["supplier_name"]) for row in rows} >= {("'=1+1", "'@SUM(A1)")}
    assert {row["quantity"] for row in rows} <= {"1", "2", "3"}
