"""Tax through the doors: codes from files, what waits without one, the advice, and the invoice."""

import pytest
from django.test import Client
from django.utils.timezone import now

from consigned_service.operations.audit.audit import audit
from consigned_service.operations.master_data import users
from consigned_service.records import models
from tests.service.clock import Set
from tests.service.console import Console
from tests.service.shop import open_shop
from tests.support.databases import Database

pytestmark = pytest.mark.rows("X13", "O58")

AS = ("--as", "northwind")
CODES = "code,name,rate,valid_from,recoverable\nV7,Reduced rate,7,2025-01-01,50\n"
ADVICE = "northwind-000001"
BILL = (
    "consignor,invoice,advice,invoiced_on,currency,line,item,quantity,price,amount,tax_amount\n"
    f"bolts,{{number}},{ADVICE},2026-03-09,USD,1,PAPER,3,4.99,14.97,{{tax}}\n"
)


@pytest.fixture
def taxed(database: Database, tmp_path, clock: Set) -> Console:
    """A shop with paper of the Bolt Brothers, three of it used, under an agreement that is taxed
    and has no tax code."""
    console = Console(tmp_path)
    clock("2026-03-06T12:00Z")
    open_shop("s1")
    for kind, text in (
        ("items", "code,name,unit\nPAPER,Paper,EA\n"),
        ("agreements", "number,consignor,consignee,currency,starts_on,frequency,first_closing_on,"
         "taxed\nA-tax,bolts,northwind,USD,2026-01-01,weekly,2026-03-08,yes\n"),
        ("prices", "agreement,item,starts_on,price\nA-tax,PAPER,2026-01-01,4.99\n"),
    ):  # fmt: skip
        assert console.imports(kind, text).code == 0
    of_shop = ("--organization", "s1")
    for kind, text in (
        ("receipts", "receipt,line,received_on,agreement,item,quantity\n"
         "R-T,1,2026-03-05,A-tax,PAPER,9\n"),
        ("consumption", "reference,item,quantity,occurred_at\nU-1,PAPER,3,2026-03-06\n"),
    ):  # fmt: skip
        told = console.imports(kind, text, *of_shop)
        assert told.code in (0, 3), told
    clock("2026-03-09T01:00Z")
    return console


def test_what_has_no_tax_code_waits_and_is_told_with_its_tax_once_it_has_one(
    taxed: Console,
) -> None:
    (waiting,) = models.WaitingException.objects.values_list("reason", flat=True)
    assert waiting == "tax-code-missing"
    postings = models.Posting.objects.count()
    taxed("run", "advices", "--on", "2026-03-08", *AS)
    assert models.Posting.objects.count() == postings, "nothing can be told, and nothing is posted"

    assert taxed.imports("tax-codes", CODES).code == 0
    assert taxed.imports("taxes", "agreement,tax_code\nA-tax,V7\n").code == 0
    again = taxed.imports("taxes", "agreement,tax_code\nA-tax,V7\n", "--json").answer
    assert (again["new"], again["repeated"]) == (0, 1)
    taxed("run", "advices", "--on", "2026-03-08", *AS)
    (line,) = taxed("advice", ADVICE, *AS, "--json").answer["lines"]["rows"]
    assert line["tax"] == "V7 7% recoverable=50%"
    assert line["price_with_tax"] == {"price": "5.3393", "currency": "USD"}
    assert line["tax_amount"] == {"amount": "1.05", "currency": "USD"}
    assert line["amount_with_tax"] == {"amount": "16.02", "currency": "USD"}
    for shown in (
        taxed("advice", ADVICE, "--print", *AS).out,
        taxed("advice", ADVICE, "--transactions", "--as", "bolts").out,
    ):
        assert "V7 7% recoverable=50%" in shown
        assert "16.02" in shown
    assert audit().breaches == []


def test_an_invoice_with_another_tax_is_held_and_one_with_it_is_booked_and_paid(
    taxed: Console, clock: Set
) -> None:
    taxed.imports("tax-codes", CODES)
    taxed.imports("taxes", "agreement,tax_code\nA-tax,V7\n")
    taxed("run", "advices", "--on", "2026-03-08", *AS)
    assert taxed.imports("invoices", BILL.format(number="I-1", tax="")).code == 0
    (held,) = taxed("invoices", "--state", "held", *AS, "--json").answer
    assert held["differences"] == ["line 1: tax is 1.05 by our record, 0.00 billed"]
    taxed("reject", "I-1", "--consignor", "bolts", *AS, "--because", "no tax")
    assert taxed.imports("invoices", BILL.format(number="I-2", tax="1.05")).code == 0
    said = taxed("invoice", "I-2", "--consignor", "bolts", *AS, "--json").answer
    assert said["head"]["standing"] == "accepted"
    assert said["head"]["amount"] == {"amount": "16.02", "currency": "USD"}
    assert said["lines"][0]["advised_tax"] == "V7 7% recoverable=50%"
    assert "1.05" in taxed("invoice", "I-2", "--consignor", "bolts", *AS).out
    booked = models.Journal.objects.filter(posting=models.Posting.objects.latest("number").number)
    assert sorted(booked.values_list("debit", "credit", "amount")) == [
        ("accounts-receivable", "consigned-receivables-accrual", 1497),
        ("accounts-receivable", "tax-payable", 105),
        ("consigned-payables-accrual", "accounts-payable", 1497),
        ("recoverable-tax", "accounts-payable", 52),
        ("tax-cost", "accounts-payable", 53),
    ]
    clock("2026-12-31T12:00Z")
    paid = taxed("run", "payments", "--on", "2026-12-31", *AS, "--json").answer
    assert paid["invoices"] == 1
    assert models.Payment.objects.get().amount == 1602
    assert audit().breaches == []


def test_programs_read_prices_without_and_with_tax(taxed: Console) -> None:
    taxed.imports("tax-codes", CODES)
    taxed.imports("taxes", "agreement,tax_code\nA-tax,V7\n")
    taxed("run", "advices", "--on", "2026-03-08", *AS)
    users.add_user(name="bolts", party="bolts")
    key = users.issue_key(name="bolts", key_name="k", at=now())
    headers = {"authorization": f"Bearer {key}"}
    told = Client().get(f"/api/advices/{ADVICE}/transactions", headers=headers).json()
    (one,) = told["transactions"]
    assert (one["price"]["price"], one["price_with_tax"]["price"]) == ("4.99", "5.3393")
    assert (one["tax"], one["tax_amount"]["amount"]) == ("V7 7% recoverable=50%", "1.05")
    head = Client().get(f"/api/advices/{ADVICE}", headers=headers).json()
    assert (head["amount"]["amount"], head["amount_with_tax"]["amount"]) == ("14.97", "16.02")


def test_a_code_is_for_a_taxed_agreement_and_a_known_item(taxed: Console) -> None:
    taxed.imports("tax-codes", CODES)
    for line, why in (
        ("A-acme,V7,", "agreement A-acme is not taxed"),
        ("A-none,V7,", "no agreement has the number 'A-none'"),
        ("A-tax,V8,", "no tax code is 'V8'"),
        ("A-tax,V7,NONE", "no item has the code 'NONE'"),
    ):
        told = taxed.imports("taxes", f"agreement,tax_code,item\n{line}\n")
        assert told.code == 3
        assert why in told.err
    assert not models.AgreementTax.objects.exists()
