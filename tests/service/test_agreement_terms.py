"""Every term of an agreement can be read, on its page and by its command, by both its parties."""

from pathlib import Path

import pytest
from django.test import Client

from consigned.master_data.agreements import (
    AgedOutcome,
    AgingOnset,
    CountMethod,
    CustomerReturns,
    CycleBy,
    EndOfTerm,
    PriceSource,
    SettlementMethod,
    SummaryLevel,
    TitleRule,
    UsageBasis,
)
from consigned.measure.period import Frequency
from consigned.settlement.agreement_terms import SOURCES, TERMS, WORDS
from consigned.settlement.delivery import AdviceBy
from consigned_service.operations.master_data import users
from consigned_service.records import models
from tests.service.console import Console
from tests.service.test_changing_terms import a_shop
from tests.support.databases import Database

AGREED = {
    "number": "A-9", "consignor": "BOLTS", "consignee": "SHOP", "currency": "USD",
    "starts_on": "2026-01-01", "frequency": "weekly", "first_closing_on": "2026-01-04",
    "loss_responsibility": "broken=consignee stolen=50 miscount=consignor expired=consignor",
    "liability": "Damage by fire and water", "count_method": "blind-cycle",
    "count_every_days": "30", "rotation_percent": "20", "rotation_every_days": "90",
    "aging_days": "120", "over_receipt_percent": "7", "shrinkage_warning_percent": "1.5",
    "invoice_tolerance": "quantity=2%", "title_after_inspection": "yes",
}  # fmt: skip
SAID = (
    "Damage by fire and water", "30 days", "20 percent", "90 days", "120 days", "7 percent",
    "1.5 percent", "quantity=2%", "Weekly",
    "stolen the consignee's by 50 percent; miscount, mis-shipped, expired the consignor's; "
    "all others the consignee's",
    "A share of the items, by counters who are not told the book",
)  # fmt: skip


def agreed(folder: Path) -> Console:
    console = a_shop(folder)
    said = console.imports("agreements", f"{','.join(AGREED)}\n{','.join(AGREED.values())}\n")
    assert said.code == 0, said.err
    return console


def test_every_field_of_an_agreement_is_a_term() -> None:
    """One that is added to the table is shown, or this says that it is not."""
    fields = {field.name for field in models.Agreement._meta.fields} - {"id"}
    assert {term.name for term in TERMS} == fields
    assert len({term.title for term in TERMS}) == len(TERMS)


def test_there_are_words_for_every_code_of_a_term() -> None:
    kinds = (AgedOutcome, AgingOnset, CountMethod, EndOfTerm, SettlementMethod, SummaryLevel,
             TitleRule, UsageBasis, CustomerReturns, CycleBy, Frequency, AdviceBy)  # fmt: skip
    assert {code for kind in kinds for code in kind} - set(WORDS) == set()
    assert set(PriceSource) == set(SOURCES)


@pytest.mark.rows("E18")
@pytest.mark.parametrize("party", ["SHOP", "BOLTS"])
def test_both_parties_read_every_term_by_the_command(
    database: Database, tmp_path: Path, party: str
) -> None:
    console = agreed(tmp_path)
    said = console("agreement", "A-9", "--as", party)
    assert said.code == 0, said.err
    assert [words for words in SAID if words not in said.out] == []
    answer = console("agreement", "A-9", "--as", party, "--json").answer
    assert [term["name"] for term in answer["terms"]] == [term.name for term in TERMS]
    listed = console("agreement", "--as", party, "--json").answer
    assert "A-9" in {line["number"] for line in listed}


def test_a_stranger_learns_nothing_of_it(database: Database, tmp_path: Path) -> None:
    console = agreed(tmp_path)
    said = console("agreement", "A-9", "--as", "ACME")
    assert (said.code, said.out) == (1, "")
    assert "no agreement has the number 'A-9'" in said.err


@pytest.mark.parametrize("party", ["SHOP", "BOLTS"])
def test_its_page_shows_every_term(database: Database, tmp_path: Path, party: str) -> None:
    agreed(tmp_path)
    users.add_user(name="ann", party=party, password="open sesame 9")
    client = Client()
    assert client.login(username="ann", password="open sesame 9")
    shown = client.get("/agreements/A-9/").content.decode().replace("&#x27;", "'")
    assert [words for words in SAID if words not in shown] == []
    assert [term.title for term in TERMS if term.title not in shown] == []
