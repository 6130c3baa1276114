"""Agreements that are amended from a day on, and that are ended early."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consigned.master_data.amendments import AMENDABLE
from consigned.settlement.agreement_terms import TERM
from consigned_service.operations.audit.audit import audit
from consigned_service.operations.master_data import amendments, users
from consigned_service.queries.core.viewers import viewer_of_party
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.master_data.amendments import ANSWERS, DAYS, TEXTS
from tests.service.console import Console, Said
from tests.service.test_changing_terms import Fault, a_shop, unseen
from tests.support.databases import Database

COMMANDS = "consigned_service.interfaces.console.commands"
RECEIVED = (
    "organization,receipt,line,received_on,agreement,item,quantity\n"
    "S1,R-1,1,2026-03-02,A-1,BOLT,100\n"
)
USED = "reference,organization,item,quantity,occurred_at\n{reference},S1,BOLT,{quantity},{day}\n"


@contextmanager
def on(day: str) -> Iterator[None]:
    """The command line on another day."""
    moment = datetime.fromisoformat(day).replace(hour=9, tzinfo=UTC)
    with ExitStack() as stack:
        for command in ("import_files", "run"):
            stack.enter_context(patch(f"{COMMANDS}.{command}.now", lambda: moment))
        for command in ("agreement", "aging", "run"):
            stack.enter_context(
                patch(f"{COMMANDS}.{command}.today", lambda viewer=None: moment.date(), create=True)
            )
        yield


def amend(console: Console, starts_on: str, reference: str = "AM-1", **terms: str) -> Said:
    head = f"agreement,reference,starts_on,consent,{','.join(terms)}"
    line = f"A-1,{reference},{starts_on},Ms Lane by mail,{','.join(terms.values())}"
    return console.imports("amendments", f"{head}\n{line}\n")


def end(console: Console, ends_on: str, reference: str = "END-1") -> Said:
    return console.imports(
        "agreement-ends",
        f"agreement,reference,ends_on,consent\nA-1,{reference},{ends_on},Ms Lane by mail\n",
    )


def use(console: Console, reference: str, quantity: int, day: str) -> None:
    with on(day):
        told = USED.format(reference=reference, quantity=quantity, day=day)
        said = console.imports("consumption", told)
        assert said.code == 0, said.err


def stocked(folder: Path) -> Console:
    console = a_shop(folder)
    with on("2026-03-02"):
        assert console.imports("receipts", RECEIVED).code == 0
    return console


def test_each_amendable_term_is_a_column_of_the_line_and_a_term_with_words() -> None:
    heads = {"agreement", "reference", "starts_on", "consent", "because"}
    assert set(amendments.AmendmentLine._fields) - heads == set(AMENDABLE)
    assert set(AMENDABLE) <= set(TERM)
    numbers = {term for term in AMENDABLE if term.endswith(("_days", "_percent"))}
    assert set(AMENDABLE) - {"closing_days"} == (
        (TEXTS | DAYS | ANSWERS | numbers) & set(AMENDABLE) - {"closing_days"}
    )


SETTLED = [
    ("settlement_method", "self-bill-automatic", "self-bill-automatic"),
    ("summary_level", "organization", "organization"),
    ("bill_to", "S1", "S1"),
]


@pytest.mark.parametrize(("term", "said", "stands"), SETTLED)
def test_an_advice_is_made_by_what_held_on_its_closing_day(
    database: Database, tmp_path: Path, term: str, said: str, stands: str
) -> None:
    console = stocked(tmp_path)
    use(console, "U-1", 2, "2026-03-09")
    with on("2026-03-10"):
        assert amend(console, "2026-03-12", **{term: said}).code == 0
    use(console, "U-2", 3, "2026-03-11")
    use(console, "U-3", 4, "2026-03-12")
    with on("2026-03-13"):
        assert console("run", "advices").code == 0
    told = [
        console("advice", f"SHOP-00000{n}", "--json").answer["head"].get(term) for n in (1, 2, 3)
    ]
    assert told[2] == stands
    assert stands not in told[:2]
    assert audit().breaches == []


def test_a_use_that_is_paid_at_once_forgets_no_cycle_that_is_not_told_yet(
    database: Database, tmp_path: Path
) -> None:
    console = stocked(tmp_path)
    use(console, "U-1", 2, "2026-03-11")
    with on("2026-03-11"):
        assert amend(console, "2026-03-12", settlement_method="pay-on-use").code == 0
    use(console, "U-2", 3, "2026-03-12")  # nobody has told the eleventh yet
    assert audit().breaches == []
    with on("2026-03-13"):
        assert "1 advice of 1 line" in console("run", "advices").out
    told = console("advices", "--json").answer
    assert {(one["closes_on"], one["amount"]["amount"]) for one in told} == {
        ("2026-03-11", "2.50"), ("2026-03-12", "3.75"),
    }  # fmt: skip
    assert audit().breaches == []


def test_an_invoice_is_due_and_matched_as_agreed_when_its_cycle_closed(
    database: Database, tmp_path: Path
) -> None:
    console = stocked(tmp_path)
    use(console, "U-1", 2, "2026-03-09")
    with on("2026-03-10"):
        assert (
            amend(console, "2026-03-12", payment_days="5", invoice_tolerance="price=10%").code == 0
        )
    use(console, "U-2", 2, "2026-03-12")
    with on("2026-03-13"):
        assert console("run", "advices").code == 0
        head = "consignor,invoice,advice,invoiced_on,currency,line,item,quantity,price,amount\n"
        lines = [f"ACME,I-{n},SHOP-00000{n},2026-03-12,USD,1,BOLT,2,1.30,2.60\n" for n in (1, 2)]
        console.imports("invoices", head + "".join(lines))
    found = {n: console("invoice", f"I-{n}", "--consignor", "ACME", "--json").answer
             for n in (1, 2)}  # fmt: skip
    heads = {n: one.get("line") or one.get("head") or one for n, one in found.items()}
    assert [heads[n]["standing"] for n in (1, 2)] == ["held", "accepted"]
    assert [heads[n]["due_on"] for n in (1, 2)] == ["2026-04-11", "2026-03-17"]


def test_a_use_is_priced_and_taxed_by_what_held_on_its_day(
    database: Database, tmp_path: Path
) -> None:
    console = stocked(tmp_path)
    tax = "code,name,rate,valid_from\nV19,Full rate,19,2026-01-01\n"
    assert console.imports("tax-codes", tax).code == 0
    with on("2026-03-10"):
        assert amend(console, "2026-03-12", taxed="yes").code == 0
    none = console.imports("taxes", "agreement,tax_code,starts_on\nA-1,V19,2026-03-11\n")
    assert "not taxed" in none.err
    assert console.imports("taxes", "agreement,tax_code,starts_on\nA-1,V19,2026-03-12\n").code == 0
    use(console, "U-1", 2, "2026-03-11")
    use(console, "U-2", 2, "2026-03-12")
    with on("2026-03-13"):
        late = USED.format(reference="U-3", quantity=1, day="2026-03-11")
        assert console.imports("consumption", late).code == 0
    with on("2026-03-14"):
        assert console("run", "advices").code == 0
    taxes = [
        console("advice", f"SHOP-00000{n}", "--json").answer["head"]["tax_amount"]["amount"]
        for n in (1, 2, 3)
    ]
    assert sorted(taxes) == ["0.00", "0.00", "0.48"]
    assert audit().breaches == []
    with on("2026-03-12"):
        refused = amend(console, "2026-03-12", "AM-2", taxed="no")
    assert "goods were used under it on 2026-03-12" in refused.err


def test_a_price_is_corrected_with_the_tax_of_the_day_of_use(
    database: Database, tmp_path: Path
) -> None:
    """Taxed from the twelfth until the fifteenth; what was used before, and then, is corrected
    after it."""
    console = stocked(tmp_path)
    tax = "code,name,rate,valid_from\nV19,Full rate,19,2026-01-01\n"
    assert console.imports("tax-codes", tax).code == 0
    with on("2026-03-10"):
        assert amend(console, "2026-03-12", taxed="yes").code == 0
    assert console.imports("taxes", "agreement,tax_code,starts_on\nA-1,V19,2026-03-12\n").code == 0
    use(console, "U-1", 2, "2026-03-11")
    use(console, "U-2", 4, "2026-03-12")
    with on("2026-03-14"):
        assert console("run", "advices").code == 0
    changed = "agreement,reference,item,starts_on,price,ends_on\n"
    first = f"{changed}A-1,P-1,BOLT,2026-03-11,2.00,2026-03-12\n"
    second = f"{changed}A-1,P-2,BOLT,2026-03-12,2.25,2026-03-13\n"
    with on("2026-03-14"):
        assert console.imports("price-changes", first).code == 0
        assert amend(console, "2026-03-15", "AM-2", taxed="no").code == 0
    with on("2026-03-16"):
        assert console.imports("price-changes", second).code == 0
    assert audit().breaches == []
    law = "taxes were in force"
    faults = [
        Fault(law, "was not in force", "UPDATE running_total SET tax = 'V19 19%' "
              "WHERE price_source = 'price-correction P-1'"),
        Fault(law, "no tax is recorded", "UPDATE running_total SET tax = '' "
              "WHERE price_source = 'price-correction P-2'"),
    ]  # fmt: skip
    assert unseen(faults) == []


def test_a_loss_is_borne_as_agreed_on_its_day(database: Database, tmp_path: Path) -> None:
    console = stocked(tmp_path)
    with on("2026-03-10"):
        assert amend(console, "2026-03-12", loss_responsibility="stolen=consignor").code == 0
    for number, (day, counted) in enumerate((("2026-03-11", 98), ("2026-03-12", 95)), start=1):
        with on(day):
            said = console.imports(
                "counts",
                "organization,count_number,item,counted,counted_on,consignor,reason\n"
                f"S1,C-{number},BOLT,{counted},{day},ACME,stolen\n",
            )
            assert said.code == 0, said.err
    owed = console("owed", "--json").answer
    assert "2.50" in str(owed), "two of the consignee's, three of the consignor's"
    assert "6.25" not in str(owed)
    assert audit().breaches == []


def test_goods_age_by_what_is_agreed_on_the_day_one_looks(
    database: Database, tmp_path: Path
) -> None:
    console = stocked(tmp_path)
    with on("2026-03-10"):
        assert console("aging", "--json").answer == []
        assert amend(console, "2026-03-12", aging_days="60").code == 0
        assert console("aging", "--json").answer == []
    with on("2026-03-12"):
        (line,) = console("aging", "--json").answer
        assert line["aged_on"] == "2026-05-01"
        assert amend(console, "2026-04-01", "AM-2", aging_days="none").code == 0
    with on("2026-04-01"):
        assert console("aging", "--json").answer == []


def test_more_may_come_than_ordered_as_agreed_on_the_day_of_the_order(
    database: Database, tmp_path: Path
) -> None:
    console = a_shop(tmp_path)
    with on("2026-03-10"):
        assert amend(console, "2026-03-12", over_receipt_percent="10").code == 0
    for number, day in ((1, "2026-03-11"), (2, "2026-03-12")):
        with on(day):
            said = console.imports(
                "orders",
                "organization,order,line,ordered_on,consignor,item,quantity\n"
                f"S1,PO-{number},1,{day},ACME,BOLT,100\n",
            )
            assert said.code == 0, said.err
    with on("2026-03-20"):
        said = console.imports(
            "receipts",
            "organization,receipt,line,received_on,order,order_line,quantity\n"
            "S1,R-1,1,2026-03-20,PO-1,1,105\nS1,R-2,1,2026-03-20,PO-2,1,105\n",
        )
    assert "1 new, 0 repeated, 1 refused" in said.out


def test_an_amendment_told_again_changes_nothing_and_another_is_refused(
    database: Database, tmp_path: Path
) -> None:
    console = stocked(tmp_path)
    with on("2026-03-10"):
        assert "1 new" in amend(console, "2026-03-12", payment_days="10").out
        assert "1 repeated" in amend(console, "2026-03-12", payment_days="10").out
        assert "payment days 10, not 20" in amend(console, "2026-03-12", payment_days="20").err
        assert (
            "day 2026-03-12, not 2026-03-13" in amend(console, "2026-03-13", payment_days="10").err
        )
        assert "says nothing of A-1" in amend(console, "2026-03-14", "AM-2", payment_days="10").err
        assert (
            "amended from 2026-03-12 on already"
            in amend(console, "2026-03-11", "AM-2", payment_days="20").err
        )
        # typed wrong for a day to come: another one from the same day takes its place
        assert amend(console, "2026-03-12", "AM-2", payment_days="15").code == 0
    with on("2026-03-12"):
        terms = console("agreement", "A-1", "--json").answer["terms"]
    assert [one["value"] for one in terms if one["name"] == "payment_days"] == ["15 days"]
    assert audit().breaches == []


WRONG = [
    ({"count_method": "cycle"}, "count_every_days is empty"),
    ({"end_of_term": "roll-over"}, "no display_days are said"),
    ({"loss_responsibility": "eaten=50"}, "is no reason of a loss"),
    ({"payment_days": "soon"}, "is not a whole number"),
    ({"bill_to": "S9"}, "no organization"),
    ({"invoice_tolerance": "everything"}, ""),
    ({"frequency": "hourly"}, "is none of daily"),
]


@pytest.mark.parametrize(("terms", "says"), WRONG)
def test_an_amendment_says_nothing_that_an_agreement_may_not(
    database: Database, tmp_path: Path, terms: dict[str, str], says: str
) -> None:
    console = a_shop(tmp_path)
    with on("2026-03-10"):
        said = amend(console, "2026-03-12", **terms)
    assert said.code == 3
    assert says in said.err


def test_an_agreement_told_again_with_other_terms_is_led_to_the_amendment(
    database: Database, tmp_path: Path
) -> None:
    console = a_shop(tmp_path)
    head = "number,consignor,consignee,currency,starts_on,frequency,first_closing_on,payment_days\n"
    weekly = console.imports(
        "agreements", f"{head}A-1,ACME,SHOP,USD,2026-01-01,weekly,2026-01-04,\n"
    )
    assert "(amendments), by the other party's consent" in weekly.err
    euros = console.imports("agreements", f"{head}A-1,ACME,SHOP,EUR,2026-01-01,daily,,\n")
    assert "agree anew under another number" in euros.err


def test_an_agreement_ends_early_and_a_file_from_before_does_not_prolong_it(
    database: Database, tmp_path: Path
) -> None:
    console = stocked(tmp_path)
    use(console, "U-1", 2, "2026-03-09")
    with on("2026-03-10"):
        assert "goods were used under it on 2026-03-09" in end(console, "2026-03-09").err
        said = end(console, "2026-03-15")
        assert said.code == 0, said.err
        assert "goods of 1 item lie under A-1 still" in said.out
        assert "1 repeated" in end(console, "2026-03-15").out
        again = console.imports(
            "agreements",
            "number,consignor,consignee,currency,starts_on,frequency\n"
            "A-1,ACME,SHOP,USD,2026-01-01,daily\n",
        )
        assert "0 new, 1 repeated" in again.out
    (row,) = agreement_records.agreements(["A-1"]).values()
    assert str(row.ends_on) == "2026-03-15"
    with on("2026-03-16"):
        late = console.imports(
            "consumption", USED.format(reference="U-2", quantity=1, day="2026-03-15")
        )
    assert "waiting: 1 exception" in late.out
    assert audit().breaches == []


def test_an_end_may_move_back_and_forth_and_the_audit_follows_it(
    database: Database, tmp_path: Path
) -> None:
    """Ended early, extended, and ended early again."""
    console = stocked(tmp_path)
    header = "number,consignor,consignee,currency,starts_on,frequency,ends_on\n"
    with on("2026-03-10"):
        assert end(console, "2026-03-15").code == 0
    with on("2026-03-11"):
        longer = f"{header}A-1,ACME,SHOP,USD,2026-01-01,daily,2026-06-01\n"
        assert "1 changed" in console.imports("agreements", longer).out
    with on("2026-03-12"):
        assert end(console, "2026-04-01", "END-2").code == 0
    assert audit().breaches == []
    law = "terms are as agreed on their day"
    faults = [
        Fault(law, "another end", f"UPDATE agreement SET ends_on = '{day}' WHERE number = 'A-1'")
        for day in ("2026-03-15", "2026-06-01", "2026-04-02")
    ]
    faults += [
        Fault(law, "another end", "UPDATE master_change SET was = '2026-03-16'"),
        Fault(law, "another end", "DELETE FROM agreement_amendment WHERE reference = 'END-2'"),
    ]
    assert unseen(faults) == []


def test_both_parties_see_what_was_amended(database: Database, tmp_path: Path) -> None:
    console = stocked(tmp_path)
    with on("2026-03-10"):
        amend(console, "2026-03-12", loss_responsibility="stolen=50", payment_days="10")
    for party in ("SHOP", "ACME"):
        found = console("agreement", "A-1", "--as", party, "--json").answer["amendments"]
        assert {(one["name"], one["was"], one["becomes"]) for one in found} >= {
            ("payment_days", "30 days", "10 days")
        }
        users.add_user(name=party.lower(), party=party, password="open sesame 9")
        client = Client()
        assert client.login(username=party.lower(), password="open sesame 9")
        shown = client.get("/agreements/A-1/").content.decode()
        assert "Amendments" in shown
        assert "Ms Lane by mail" in shown
    assert viewer_of_party("BOLTS") is not None
    assert console("agreement", "A-1", "--as", "BOLTS").code == 1


def test_the_audit_finds_what_is_wrong_with_an_amendment(
    database: Database, tmp_path: Path
) -> None:
    console = stocked(tmp_path)
    use(console, "U-1", 2, "2026-03-09")
    with on("2026-03-10"):
        amend(console, "2026-03-12", settlement_method="self-bill-automatic", payment_days="10")
        amend(console, "2026-03-12", "AM-2", frequency="weekly", first_closing_on="2026-03-18")
    use(console, "U-2", 2, "2026-03-12")
    with on("2026-03-19"):
        assert console("run", "advices").code == 0
        assert end(console, "2026-04-01").code == 0
    law = "terms are as agreed on their day"
    faults = [
        Fault(law, "does not begin",
              "INSERT INTO agreement_amendment (agreement_id, reference, starts_on, term, was, "
              "became, consent, because, recorded_by, recorded_on, recorded_at) "
              "SELECT agreement_id, 'X', "
              "'2026-03-20', term, '99', '98', '', '', '', recorded_on, recorded_at "
              "FROM agreement_amendment "
              "WHERE term = 'payment_days'"),
        Fault(law, "the day had gone by",
              "UPDATE agreement_amendment SET starts_on = '2026-03-01' "
              "WHERE term = 'payment_days'"),
        Fault(law, "another end", "UPDATE agreement SET ends_on = NULL WHERE number = 'A-1'"),
        Fault(law, "settlement method", "UPDATE agreement_amendment SET starts_on = '2026-03-20' "
              "WHERE term = 'settlement_method'"),
        Fault(law, "settlement method",
              "DELETE FROM agreement_amendment WHERE term = 'settlement_method'"),
        Fault("totals close with their cycles", "a cycle of A-1",
              "UPDATE agreement_amendment SET became = '2026-03-17' "
              "WHERE term = 'first_closing_on'"),
    ]  # fmt: skip
    assert unseen(faults) == []


def test_uses_under_agreements_that_nobody_amended_ask_no_more(
    database: Database, tmp_path: Path
) -> None:
    """One statement more is asked only where something was amended."""
    console = stocked(tmp_path)
    ids = agreement_records.agreement_ids(["A-1"]).values()
    with CaptureQueriesContext(connection) as asked:
        agreement_records.read_agreements(ids)
    assert len(asked) == 1
    with on("2026-03-10"):
        amend(console, "2026-03-12", payment_days="10")
    with CaptureQueriesContext(connection) as asked:
        agreement_records.read_agreements(ids)
    assert len(asked) == 2
