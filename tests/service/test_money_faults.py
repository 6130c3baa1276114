"""Would the audit notice? Each fault of the money is planted in the rows themselves, as a program
with a mistake would have written them, and the law is named that finds it.

What is sealed breaks its seal when it is altered here; a program would have sealed its mistake. So
that the seal is broken counts for nothing, and a law of the money must find each fault.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from unittest.mock import patch

from django.db import connection, transaction

from consigned_service.operations.audit.audit import audit
from consigned_service.operations.consumption import issues as consumption
from consigned_service.operations.core.lines import written
from consigned_service.operations.inbound import receipts
from consigned_service.operations.master_data import agreements, items
from consigned_service.operations.settlement import advices, invoices, payments
from consigned_service.operations.settlement.invoices import NamedInvoice, SupplierInvoice
from consigned_service.records import models
from consigned_service.records.audit import facts as audit_records
from consigned_service.records.master_data.agreements import party_ids
from consigned_service.records.settlement.advices import read_advices
from tests.service.month import LATER, a_month_in_the_shop
from tests.service.shop import BY, organization_id
from tests.service.tampering import take_the_guards_away
from tests.support.databases import Database

AT = datetime(2026, 3, 12, 20, tzinfo=UTC)
NEXT_WEEK = datetime(2026, 3, 15, 20, tzinfo=UTC)
ACCRUAL = "consigned-payables-accrual"
DUE = "consigned-receivables-accrual"


class Fault(NamedTuple):
    name: str
    law: str
    """The law that finds it."""
    statement: str
    what: str = ""
    """What the breach says, where the law alone does not tell it from others."""


def one(where: str) -> str:
    """The condition for one row of the journal, the first that is so."""
    return f"number = (SELECT MIN(number) FROM journal WHERE {where})"


def left_out(where: str) -> str:
    return f"DELETE FROM journal WHERE {one(where)}"


def booked_twice(where: str) -> str:
    return (
        "INSERT INTO journal (organization_id, number, posting, book, debit, credit, amount, "
        "currency, happened_on, agreement) SELECT organization_id, 1000000 + number, posting, "
        "book, debit, credit, amount, currency, happened_on, agreement FROM journal "
        f"WHERE {one(where)}"
    )


def otherwise(change: str, where: str) -> str:
    return f"UPDATE journal SET {change} WHERE {one(where)}"


PAID_ON_USE = "agreement = (SELECT id FROM agreement WHERE number = 'A-use')"
STRANGER = "(SELECT id FROM party WHERE code = 'bolts')"
OF_SEVERAL = (
    "payment_id = (SELECT MIN(payment_id) FROM (SELECT payment_id FROM payment_line "
    "GROUP BY payment_id HAVING COUNT(*) > 1) AS several)"
)
"""The lines of a payment that pays several invoices."""
OWED, EARNED = "accrual is advised less invoiced", "revenue is what was charged"
OPEN_ELSEWHERE = "what is open elsewhere is advised less vouchered"
CLOSED = "what is closed stays closed"
SETTLED, LEFT_OUT = "settled once", "no advice leaves a total out"
CYCLES = "advices are made when their cycle is over"

FAULTS = [
    Fault("a use is charged and not accrued", OWED,
          left_out(f"debit = 'cost-of-goods-sold' AND credit = '{ACCRUAL}'")),
    Fault("a use is accrued twice", OWED,
          booked_twice(f"debit = 'cost-of-goods-sold' AND credit = '{ACCRUAL}'")),
    Fault("the consignor does not book what it earned", EARNED,
          left_out(f"debit = '{DUE}' AND credit = 'revenue'")),
    Fault("the consignor books as its stock what it earned", EARNED,
          otherwise("credit = 'finished-goods'", f"debit = '{DUE}' AND credit = 'revenue'")),
    Fault("rounding is dropped", "rounding is what lines and their days differ by",
          "DELETE FROM journal WHERE agreement IS NOT NULL AND 'rounding' IN (debit, credit)"),
    Fault("rounding is earned", "both books agree on the rounding",
          otherwise("debit = CASE debit WHEN 'rounding' THEN 'revenue' ELSE debit END, "
                    "credit = CASE credit WHEN 'rounding' THEN 'revenue' ELSE credit END",
                    f"'rounding' IN (debit, credit) AND '{DUE}' IN (debit, credit)")),
    Fault("the accrual is cleared twice", OWED,
          booked_twice(f"debit = '{ACCRUAL}' AND credit = 'accounts-payable'")),
    Fault("an accepted invoice becomes no payable", "payables are invoiced less paid",
          left_out(f"debit = '{ACCRUAL}' AND credit = 'accounts-payable'")),
    Fault("the consignor's side of an invoice is missing", "both books agree on what is invoiced",
          left_out(f"debit = 'accounts-receivable' AND credit = '{DUE}'")),
    Fault("the difference of an invoice is not booked", "payables are invoiced less paid",
          "DELETE FROM journal WHERE debit = 'price-differences' AND credit = 'accounts-payable'"),
    Fault("a payment is booked twice", "what is paid is invoiced",
          booked_twice("credit = 'cash'")),
    Fault("a payment never reaches the consignor's books", "both books agree on what is paid",
          left_out("debit = 'cash'")),
    Fault("what is settled elsewhere stays an accrual", OWED,
          left_out(f"debit = '{ACCRUAL}' AND credit = 'settled-elsewhere'")),
    Fault("a voucher made elsewhere clears nothing", OPEN_ELSEWHERE,
          left_out("debit = 'settled-elsewhere' AND credit = 'vouchered-elsewhere'")),
    Fault("a voucher made elsewhere clears twice", OPEN_ELSEWHERE,
          booked_twice("debit = 'settled-elsewhere' AND credit = 'vouchered-elsewhere'")),
    Fault("a voucher is forgotten", OPEN_ELSEWHERE,
          "DELETE FROM voucher_line WHERE id = (SELECT MAX(id) FROM voucher_line)"),
    Fault("the consignor is not told of a voucher", "both books agree on what is open elsewhere",
          left_out("debit = 'billed-elsewhere'")),
    Fault("a voucher is booked as a payable of ours", "what is vouchered elsewhere was recorded",
          otherwise("credit = 'accounts-payable'", "credit = 'vouchered-elsewhere'")),
    Fault("a voucher is said to be of more than its lines", SETTLED,
          "UPDATE voucher SET amount = amount + 1 WHERE id = (SELECT MIN(id) FROM voucher)",
          "is the sum of its lines"),
    Fault("a voucher is of an advice that is billed here", SETTLED,
          "UPDATE voucher SET advice_id = (SELECT MIN(id) FROM advice)",
          "of an advice that is settled elsewhere"),
    Fault("more is vouchered than was advised", SETTLED,
          "UPDATE voucher SET amount = 151 WHERE id = (SELECT MIN(id) FROM voucher)",
          "no more of it is vouchered elsewhere"),
    Fault("a cancelled advice forgets what it had told",
          SETTLED, "DELETE FROM cancelled_running_total",
          "one that was cancelled keeps what each of its lines had told"),
    Fault("a cancelled advice goes on telling",
          SETTLED,
          "UPDATE running_total SET advice_line = (SELECT MIN(advice_line_id) FROM "
          "cancelled_running_total) WHERE number = (SELECT MIN(total) FROM "
          "cancelled_running_total)",
          "one that was cancelled has no invoice, and tells nothing any more"),
    Fault("an advice that stands is said to have told otherwise",
          SETTLED,
          "INSERT INTO cancelled_running_total (advice_line_id, organization_id, total, quantity) "
          "SELECT MIN(id), MIN(organization_id), 1, 1 FROM advice_line",
          "only what a cancelled one had told is kept so"),
    Fault("something is booked in a stranger's books", "books are of the agreement's parties",
          otherwise(f"book = {STRANGER}",
                    f"debit = '{DUE}' AND credit = 'revenue' AND book <> {STRANGER}")),
    Fault("goods sold back are not asked for", "what is asked back is booked",
          "DELETE FROM debit_request WHERE number = (SELECT MAX(number) FROM debit_request)"),
    Fault("a charge counts in two totals", "totals count their charges",
          "UPDATE running_total SET quantity = quantity + 1000000 WHERE number = "
          "(SELECT MAX(number) FROM running_total)"),
    Fault("a charge is left out of its total", "totals count their charges",
          "DELETE FROM charge WHERE entry = (SELECT MIN(entry) FROM charge)"),
    Fault("the advice forgets a total", LEFT_OUT,
          "UPDATE running_total SET told_on = NULL, advice_line = NULL WHERE number = "
          "(SELECT MIN(number) FROM running_total WHERE advice_line IS NOT NULL)",
          "no advice tells it"),
    Fault("a total is on the advice of another agreement", "advices hold totals of their own terms",
          "UPDATE running_total SET agreement = (SELECT MAX(id) FROM agreement) WHERE number = "
          "(SELECT MIN(number) FROM running_total WHERE advice_line IS NOT NULL)",
          "is of other terms"),
    Fault("an advice line is rounded twice", "lines are the sum of their totals",
          "UPDATE advice_line SET amount = amount + 1 "
          "WHERE id = (SELECT MIN(id) FROM advice_line)"),
    Fault("a use is charged at a price that was never agreed", "agreed prices were agreed",
          "UPDATE running_total SET price = price + 1 WHERE number = (SELECT MAX(number) "
          "FROM running_total WHERE price_source = 'agreement')"),
    Fault("a price of another source is said to be agreed", "agreed prices were agreed",
          "UPDATE running_total SET price_source = 'agreement' "
          "WHERE price_source LIKE 'transaction%'"),
    Fault("two invoices stand for one advice", SETTLED,
          "INSERT INTO invoice (consignor_id, consignee_id, number, advice_id, invoiced_on, year, "
          "due_on, currency, amount, is_self_billed, tax_amount) SELECT consignor_id, "
          "consignee_id, 'again', advice_id, invoiced_on, year, due_on, currency, amount, "
          "is_self_billed, tax_amount FROM invoice "
          "WHERE id = (SELECT MIN(id) FROM invoice)", "one invoice at a time"),
    Fault("an invoice settles for another amount than it bills", SETTLED,
          "UPDATE invoice SET amount = amount + 1 WHERE id = (SELECT MIN(id) FROM invoice)",
          "its lines come to its amount"),
    Fault("an invoice settles more than was advised, and nobody says why", SETTLED,
          "UPDATE invoice_decision SET because = '' WHERE because <> ''", "says why"),
    Fault("an invoice of another consignor settles the advice", SETTLED,
          f"UPDATE invoice SET consignor_id = {STRANGER} WHERE consignor_id <> {STRANGER}",
          "is of that advice"),
    Fault("an invoice is said to be paid by no payment", SETTLED,
          "DELETE FROM payment_line WHERE id = (SELECT MIN(id) FROM payment_line)",
          "exactly if a payment says so"),
    Fault("a payment goes to another consignor", SETTLED,
          f"UPDATE payment SET consignor_id = {STRANGER} WHERE consignor_id <> {STRANGER}",
          "between its own parties"),
    Fault("one invoice is paid for another", SETTLED,
          "UPDATE payment_line SET amount = amount + CASE WHEN id = (SELECT MIN(id) FROM "
          f"payment_line WHERE {OF_SEVERAL}) THEN 1 ELSE -1 END WHERE id IN ((SELECT MIN(id) "
          f"FROM payment_line WHERE {OF_SEVERAL}), (SELECT MAX(id) FROM payment_line "
          f"WHERE {OF_SEVERAL}))", "between its own parties"),
    Fault("an advice is told to another consignor", SETTLED,
          f"UPDATE advice SET consignor_id = {STRANGER} WHERE consignor_id <> {STRANGER}",
          "between the parties of its agreement"),
    Fault("an advice is made before its cycle is over", CYCLES,
          "UPDATE advice SET recorded_on = closes_on WHERE settlement_method <> 'pay-on-use'",
          "its cycle closed on"),
    Fault("an advice is made for a day to come", CYCLES,
          "UPDATE advice SET made_on = '2126-01-01' WHERE settlement_method <> 'pay-on-use'",
          "for 2126-01-01"),
    Fault("a cycle begins before the last one closed", CYCLES,
          "UPDATE advice SET starts_on = '2026-03-02' WHERE id = (SELECT MAX(a.id) FROM advice a "
          "JOIN advice b ON b.agreement_id = a.agreement_id AND b.closes_on < a.closes_on "
          "WHERE a.settlement_method <> 'pay-on-use')", "one before it closed on"),
    Fault("what is paid on use is billed to nobody", SETTLED,
          "DELETE FROM settlement WHERE advice_id = (SELECT MIN(id) FROM advice "
          "WHERE settlement_method = 'pay-on-use')", "billed at once"),
    Fault("what is paid on use is told with other uses", SETTLED,
          "UPDATE running_total SET alone = 0 "
        "WHERE alone = (SELECT MAX(alone) FROM running_total)", "told by itself"),
    Fault("what is paid on use is not told at all", LEFT_OUT,
          f"UPDATE running_total SET told_on = NULL, advice_line = NULL WHERE {PAID_ON_USE}",
          "no advice tells it"),
    Fault("two uses are paid as one", "what is paid on use is paid by itself",
          "UPDATE charge SET total = (SELECT MIN(number) FROM running_total WHERE alone <> 0) "
          "WHERE total = (SELECT MAX(number) FROM running_total WHERE alone <> 0)"),
    Fault("tax is recovered that is a cost", "recovered tax is its part of tax",
          otherwise("debit = 'recoverable-tax'", "debit = 'tax-cost'")),
    Fault("the tax of an invoice is not booked", "tax is what was invoiced of it",
          left_out("debit = 'recoverable-tax'")),
    Fault("the consignor earns the tax", "both books agree on tax",
          otherwise("credit = 'revenue'", "credit = 'tax-payable'")),
    Fault("a line bears another tax than its code", "lines bear their tax",
          "UPDATE advice_line SET tax_amount = tax_amount + 1 WHERE tax <> ''"),
    Fault("a line mixes two taxes", "lines are the sum of their totals",
          "UPDATE running_total SET tax = 'V7 7%' WHERE tax <> ''"),
    Fault("a use keeps a tax that was never told", "taxes were in force",
          "UPDATE running_total SET tax = 'V7 8%' WHERE tax <> ''"),
    Fault("closed books are opened again", CLOSED,
          "UPDATE organization SET closed_through = NULL", "the books are closed through None"),
    Fault("it is not written down that books were closed", CLOSED,
          "DELETE FROM period_close", "closed were None"),
    Fault("something is booked into a month that was closed", CLOSED,
          otherwise("happened_on = '2026-01-31'", "posting > (SELECT MIN(posting) FROM "
                    "period_close)"), "closed was 2026-01-31 before"),
    Fault("something is moved in a month that was closed", CLOSED,
          "UPDATE title_entry SET happened_on = '2026-01-31' WHERE number = "
          "(SELECT MAX(number) FROM title_entry)", "closed was 2026-01-31 before"),
    Fault("a taxed use keeps no tax", "taxes were in force",
          "UPDATE running_total SET tax = '' WHERE tax <> ''"),
]  # fmt: skip


def test_each_fault_of_the_money_is_found_by_a_law_of_the_money(database: Database) -> None:
    every_way_to_settle()
    assert audit().breaches == []
    take_the_guards_away()
    unseen = []
    for fault in FAULTS:
        with planted(fault.statement):
            found = audit().breaches
        if not any(b.law == fault.law and fault.what in f"{b.law}: {b.sentence}" for b in found):
            unseen.append((fault.name, sorted({b.law for b in found})))
    assert unseen == []
    assert audit().holds


@contextmanager
def planted(statement: str) -> Iterator[None]:
    """With a fault in the rows, which are as before afterwards."""
    with transaction.atomic(), patch.object(audit_records, "snapshot", nullcontext):
        with connection.cursor() as cursor:
            cursor.execute(statement)
            assert cursor.rowcount > 0, statement
        yield
        transaction.set_rollback(True)


# --- a month in which everything is settled that can be ---------------------------------------


def every_way_to_settle() -> None:
    a_month_in_the_shop()
    buyer = party_ids(["northwind"])["northwind"]
    use_what_is_paid_at_once()
    use_at_a_price_of_its_own()
    advices.run_advices(
        consignee=buyer, on=NEXT_WEEK.date(), by=BY, at=NEXT_WEEK + timedelta(hours=6)
    )
    for advice in models.Advice.objects.filter(
        settlement=None, cancellation=None, amount__gt=0, settlement_method="supplier-invoice"
    ).order_by("id"):
        bill(advice.number, more=1)
    payments.run_payments(consignee=buyer, on=date(2026, 4, 30), by=BY, at=LATER)


def use_what_is_paid_at_once() -> None:
    shop = organization_id("s1")
    items.register_items(lines=[written(items.ItemLine, "GLUE", "", "EA")]).or_raise()
    at_once = written(agreements.AgreementLine,
        "A-use", "acme", "northwind", "USD", "2026-01-01", frequency="weekly",
        first_closing_on="2026-03-08", settlement_method="pay-on-use",
    )  # fmt: skip
    agreements.register_agreements(lines=[at_once]).or_raise()
    price = written(agreements.PriceLine, "A-use", "GLUE", "2026-01-01", "1.10")
    agreements.register_prices(lines=[price]).or_raise()
    came = written(receipts.ReceiptLine, "R-G", "1", "2026-03-06", agreement="A-use", item="GLUE",
                                quantity="9")  # fmt: skip
    receipts.record_receipts(organization=shop, lines=[came], by=BY, at=AT).or_raise()
    for reference in ("glued", "glued again"):
        line = written(consumption.Reported, reference, "GLUE", "2", "2026-03-10")
        consumption.record_consumption(
            organization=shop, lines=[line], source="till", by=BY, at=AT
        ).or_raise()


def use_at_a_price_of_its_own() -> None:
    """On two days, each rounded down, and told together on one line, rounded up."""
    shop = organization_id("s1")
    items.register_items(lines=[written(items.ItemLine, "TAPE", "", "EA")]).or_raise()
    said = written(agreements.AgreementLine,
        "A-said", "acme", "northwind", "USD", "2026-01-01", frequency="weekly",
        first_closing_on="2026-03-08", price_sources="transaction agreement",
    )  # fmt: skip
    agreements.register_agreements(lines=[said]).or_raise()
    came = written(receipts.ReceiptLine, "R-T", "1", "2026-03-06", agreement="A-said", item="TAPE",
                                quantity="9")  # fmt: skip
    receipts.record_receipts(organization=shop, lines=[came], by=BY, at=AT).or_raise()
    lines = [
        written(consumption.Reported, f"taped {day}", "TAPE", "1", f"2026-03-{day}", price="0.3333",
                             currency="USD")
        for day in (10, 11)
    ]  # fmt: skip
    consumption.record_consumption(
        organization=shop, lines=lines, source="till", by=BY, at=AT
    ).or_raise()


def bill(number: str, *, more: int) -> None:
    """The consignor bills more than was advised, and that is accepted with a reason."""
    (advice,) = read_advices([number]).values()
    first, *rest = advice.lines
    lines = [first._replace(amount=first.amount + more), *rest]
    invoice = SupplierInvoice(f"I-{number}", number, date(2026, 3, 16), advice.currency, lines)
    invoices.record_invoices(
        consignor=advice.consignor, invoices=[invoice], by=BY, at=LATER
    ).or_raise()
    named = NamedInvoice(advice.consignor, f"I-{number}")
    invoices.accept_invoices(invoices=[named], by=BY, at=LATER, because="by mail").or_raise()
