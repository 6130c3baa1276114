"""Invoices: the supplier's, matched to its advice before payment, and the ones we write for it.

The agreement says which it is (decision D6). An invoice that agrees is accepted and settles its
advice; one that differs is held with both parties' figures, and sent back; its correction comes
as a new invoice (checklist O43, O44).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from consigned.measure.identity import OrganizationId, PartyId
from consigned.settlement import journals
from consigned.settlement.invoices import (
    NEXT,
    AdviceAlreadySettled,
    Billed,
    InvoiceDecided,
    InvoiceNumberUsed,
    NotAwaitingInvoice,
    Standing,
    UnknownAdvice,
    UnknownInvoice,
    match_invoice,
)
from consigned.settlement.journals import JournalEntry, Parties
from consigned.trade.agreements import SettlementMethod
from consigned_service.operations.books import book_settlement
from consigned_service.operations.lines import Outcome, required
from consigned_service.records import ledger
from consigned_service.records import settlement as settlement_records
from consigned_service.records.ledger import LedgerRow
from consigned_service.records.settlement import NewInvoice, SavedAdvice


class SupplierInvoice(NamedTuple):
    """A supplier's invoice as received: it names one advice and, on each line, the advice's."""

    number: str
    advice: str
    invoiced_on: date
    currency: str
    lines: Sequence[Billed]


SELF_BILLED = {
    SettlementMethod.SELF_BILL_AUTOMATIC: Standing.ACCEPTED,
    SettlementMethod.SELF_BILL_STAGED: Standing.STAGED,
}
"""Where a self-billed invoice stands when it is written."""


def record_invoices(
    *, consignor: PartyId, invoices: Sequence[SupplierInvoice], by: str, at: datetime
) -> Outcome:
    """Record a consignor's invoices and match each to its advice, line by line.

    `waiting` in the outcome counts the ones that are held because they differ. Refuses a number
    used before, an advice that is not the consignor's, that is settled already, or that no
    supplier's invoice is expected for.
    """
    outcome = Outcome()
    advices = settlement_records.read_advices({invoice.advice.strip() for invoice in invoices})
    organizations = {o for advice in advices.values() for o in advice.owed}
    with ledger.writing(organizations) as ledgers:
        settled = settlement_records.settled_by(advice.id for advice in advices.values())
        used = settlement_records.used_numbers(consignor, {i.number.strip() for i in invoices})
        matched = []
        for index, invoice in enumerate(invoices):
            try:
                matched.append(_match(consignor, invoice, advices, settled, used))
            except (
                InvoiceNumberUsed, AdviceAlreadySettled, NotAwaitingInvoice, UnknownAdvice,
            ) as refusal:  # fmt: skip
                outcome.refuse(index, refusal)
        settlement_records.save_invoices(matched, on=at.date(), by=by)
        _book_accepted(ledgers, matched, on=at.date(), by=by, at=at)
    outcome.new = len(matched)
    outcome.waiting = sum(invoice.standing is Standing.HELD for invoice in matched)
    return outcome


def _match(
    consignor: PartyId,
    invoice: SupplierInvoice,
    advices: Mapping[str, SavedAdvice],
    settled: dict[int, str],
    used: set[str],
) -> NewInvoice:
    number = required(invoice.number, "number", 60)
    advice = advices.get(invoice.advice.strip())
    if advice is None or advice.consignor != consignor:
        raise UnknownAdvice(invoice.advice)
    if number in used:
        raise InvoiceNumberUsed(f"consignor of advice {advice.number}", number)
    if advice.settlement_method != SettlementMethod.SUPPLIER_INVOICE:
        raise NotAwaitingInvoice(advice.number, advice.settlement_method)
    if advice.id in settled:
        raise AdviceAlreadySettled(advice.number, settled[advice.id])
    used.add(number)
    settled[advice.id] = number
    differences = match_invoice(
        advice.lines, invoice.lines, advised_in=advice.currency, billed_in=invoice.currency
    )
    return NewInvoice(
        advice=advice,
        number=number,
        invoiced_on=invoice.invoiced_on,
        due_on=invoice.invoiced_on + timedelta(days=advice.payment_days),
        currency=invoice.currency,
        lines=invoice.lines,
        is_self_billed=False,
        standing=Standing.HELD if differences else Standing.ACCEPTED,
        because="\n".join(map(str, differences)),
    )


def self_bill(
    ledgers: Mapping[OrganizationId, LedgerRow],
    advices: Iterable[SavedAdvice],
    *,
    on: date,
    by: str,
    at: datetime,
) -> int:
    """Write the invoices of self-billed advices on the consignors' behalf; answers how many.

    Under the automatic method they are accepted at once; staged ones wait for a person.
    """
    written = [
        NewInvoice(
            advice=advice,
            number=f"SB-{advice.number}",
            invoiced_on=on,
            due_on=on + timedelta(days=advice.payment_days),
            currency=advice.currency,
            lines=advice.lines,
            is_self_billed=True,
            standing=SELF_BILLED[SettlementMethod(advice.settlement_method)],
        )
        for advice in advices
        if SettlementMethod(advice.settlement_method) in SELF_BILLED
    ]
    if written:
        settlement_records.save_invoices(written, on=on, by=by)
        _book_accepted(ledgers, written, on=on, by=by, at=at)
    return len(written)


def accept_invoice(
    *, consignor: PartyId, number: str, by: str, at: datetime, because: str = ""
) -> None:
    """Release a staged self-billed invoice; refuses one that is not staged."""
    _decide(consignor, number, Standing.ACCEPTED, by=by, at=at, because=because)


def reject_invoice(*, consignor: PartyId, number: str, by: str, at: datetime, because: str) -> None:
    """Send a held or staged invoice back; the advice then awaits another one."""
    _decide(consignor, number, Standing.REJECTED, by=by, at=at, because=because)


def _decide(
    consignor: PartyId, number: str, standing: Standing, *, by: str, at: datetime, because: str
) -> None:
    with ledger.writing(()):
        invoice = settlement_records.read_invoice(consignor, number.strip())
        if invoice is None:
            raise UnknownInvoice(number)
        if standing not in NEXT[invoice.standing]:
            raise InvoiceDecided(number, invoice.standing, standing)
        advice = settlement_records.read_advices([invoice.advice])[invoice.advice]
        with ledger.writing(advice.owed) as ledgers:
            settlement_records.decide(
                invoice, standing, advice=advice.id, on=at.date(), by=by, because=because
            )
            if standing is Standing.ACCEPTED:
                _book(ledgers, [advice], on=at.date(), by=by, at=at)


def _book_accepted(
    ledgers: Mapping[OrganizationId, LedgerRow],
    invoices: Iterable[NewInvoice],
    *,
    on: date,
    by: str,
    at: datetime,
) -> None:
    accepted = [i.advice for i in invoices if i.standing is Standing.ACCEPTED]
    _book(ledgers, accepted, on=on, by=by, at=at)


def _book(
    ledgers: Mapping[OrganizationId, LedgerRow],
    advices: Iterable[SavedAdvice],
    *,
    on: date,
    by: str,
    at: datetime,
) -> None:
    entries: dict[OrganizationId, list[JournalEntry]] = defaultdict(list)
    for advice in advices:
        parties = Parties(advice.consignee, advice.consignor, advice.agreement)
        for organization, amount in advice.owed.items():
            entries[organization].extend(
                journals.invoice_accepted(parties, amount, advice.currency, on)
            )
    book_settlement(ledgers, entries, cause="invoice", recorded_at=at, recorded_by=by)
