"""Every currency of ISO 4217 can be agreed in, and is settled with its own decimals."""

import pytest

from consigned.measure.money import MINOR_DIGITS
from consigned_service.operations.audit.audit import audit
from consigned_service.records import models
from tests.service.console import Console
from tests.support.databases import Database

AGREED = "number,consignor,consignee,currency,starts_on,frequency,settlement_method\n"


@pytest.fixture
def console(database: Database, tmp_path) -> Console:
    at_the_console = Console(tmp_path)
    at_the_console.imports("parties", "code,name\nshop,Shop\nacme,Acme\n")
    at_the_console.imports(
        "organizations", "code,name,party,currency\nS1,Main,shop,USD\nS2,Branch,shop,eur\n"
    )
    at_the_console.imports("items", "code,name,unit\nBOLT,Bolt,EA\n")
    return at_the_console


def agreed(currency: str) -> str:
    return f"C-{currency},acme,shop,{currency},2026-01-01,daily,pay-on-use\n"


def test_agreements_are_made_in_all_currencies(console: Console) -> None:
    said = console.imports("agreements", AGREED + "".join(map(agreed, MINOR_DIGITS)), "--json")
    assert said.answer["new"] == len(MINOR_DIGITS) > 160
    assert set(models.Agreement.objects.values_list("currency", flat=True)) == set(MINOR_DIGITS)


def test_what_nobody_pays_in_is_refused_by_name(console: Console) -> None:
    refused = ["HRK", "ANG", "ZWL", "BGN", "XAU", "XXX", "XTS", "EURO", "E", "kr"]
    said = console.imports("agreements", AGREED + "".join(map(agreed, [*refused, "gbp"])), "--json")
    assert (said.answer["new"], said.answer["refused"]) == (1, len(refused))
    assert models.Agreement.objects.get().currency == "GBP"
    assert models.Organization.objects.get(code="S2").currency == "EUR"
    why = console.read("agreements.refused.csv")
    assert "HRK was withdrawn, and EUR took its place" in why
    assert "ANG was withdrawn, and XCG took its place" in why
    assert "'XAU' is not a currency we know" in why


@pytest.mark.parametrize(
    ("currency", "amount"), [("MRU", 370), ("KWD", 3704), ("CLF", 37035), ("JPY", 4)]
)
def test_a_use_is_paid_with_the_decimals_of_its_currency(
    console: Console, currency: str, amount: int
) -> None:
    """Three bolts at 1.2345."""
    console.imports("agreements", AGREED + agreed(currency))
    number = f"C-{currency}"
    console.imports("prices", f"agreement,item,starts_on,price\n{number},BOLT,2026-01-01,1.2345\n")
    console.imports(
        "receipts", "organization,receipt,line,received_on,agreement,item,quantity\n"
        f"S1,R,1,2026-02-01,{number},BOLT,9\n",
    )  # fmt: skip
    console.imports(
        "consumption", "reference,organization,item,quantity,occurred_at\nU,S1,BOLT,3,2026-02-02\n"
    )
    assert models.Advice.objects.get().amount == amount
    assert audit().breaches == []


def test_an_invoice_in_small_letters_is_in_the_same_currency(console: Console) -> None:
    """It may be refused for what it answers, never for the case of its letters."""
    line = (
        "consignor,invoice,advice,invoiced_on,currency,line,item,quantity,price,amount\n"
        "acme,I-1,A-1,2026-03-01,kwd,1,BOLT,1,1.234,1.234\n"
    )
    said = console.imports("invoices", line, "--json")
    assert said.answer["refused"] == 1
    assert "A-1" in console.read("invoices.refused.csv")
    assert "invalid-amount" not in said.err + said.out
