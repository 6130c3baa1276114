"""Paying accepted invoices that are due: one payment for each consignor and currency.

A payment nets what the consignor has credited: accepted credit notes, and invoices that come to
less than nothing, the oldest first, each whole or not at all. A payment never falls below zero;
what does not fit waits for the next one.

Refuses: PeriodClosed, NotYet (from parties).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from consigned.accounting import journals
from consigned.accounting.journals import JournalEntry, Parties
from consigned.master_data.parties import check_has_come
from consigned.measure.identity import OrganizationId, PartyId
from consigned.settlement.debit_memos import fitting
from consigned_service.operations.accounting.document_journals import book_settlement, check_open
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.days import day_of_party
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.settlement import advices as settlement_records
from consigned_service.records.settlement import debit_memos as debit_records
from consigned_service.records.settlement.advices import SavedAdvice, StandingInvoice
from consigned_service.records.settlement.debit_memos import SavedMemo, StandingCreditNote
from consigned_service.records.sql.transaction import done_or_planned


class PlannedPayment(NamedTuple):
    """A payment that a run would make."""

    consignor: str
    invoices: int
    amount: int
    currency: str


class PaymentRun(NamedTuple):
    payments: int
    invoices: int
    credit_notes: int = 0
    planned: tuple[PlannedPayment, ...] = ()
    """The payments, where the run only planned them."""


class Group(NamedTuple):
    """What one payment pays, and what it nets."""

    invoices: list[StandingInvoice]
    credit_notes: list[StandingCreditNote]


def run_payments(
    *, consignee: PartyId, on: date, by: str, at: datetime, is_plan: bool = False
) -> PaymentRun:
    """Pay every accepted invoice of a consignee that is due by a day, less what was credited; each
    is paid, or netted, once. Refuses a day still to come; a plan shows what would be paid then."""
    if not is_plan:
        check_has_come(on, today=day_of_party(consignee, at))
    organizations = agreement_records.organizations_of(consignee)
    with done_or_planned(is_plan=is_plan), ledger.writing(organizations) as ledgers:
        payable = settlement_records.payable(consignee, on)
        credited = debit_records.to_be_netted(consignee, on) if payable else []
        groups = list(_groups([invoice for invoice, _ in payable], [note for note, _ in credited]))
        invoices = [invoice for group in groups for invoice in group.invoices]
        notes = [note for group in groups for note in group.credit_notes]
        advices = {invoice.id: advice for invoice, advice in payable}
        memos = {note.id: memo for note, memo in credited}
        paid = [advices[invoice.id] for invoice in invoices]
        netted = [memos[note.id] for note in notes]
        check_open((one for advice in paid for one in advice.owed), on)
        check_open((one for memo in netted for one in memo.asked), on)
        entries: dict[OrganizationId, list[JournalEntry]] = defaultdict(list)
        _book_paid(entries, paid, on)
        _book_netted(entries, netted, on)
        ids = settlement_records.save_payments(
            consignee,
            [group.invoices for group in groups],
            [sum(note.amount for note in group.credit_notes) for group in groups],
            on=on,
            by=by,
        )
        debit_records.keep_netted(
            [(id, note) for id, group in zip(ids, groups, strict=True)
             for note in group.credit_notes],
            on=on, by=by,
        )  # fmt: skip
        book_settlement(ledgers, entries, cause="payment", recorded_at=at, recorded_by=by)
    planned = _planned(groups) if is_plan else ()
    return PaymentRun(len(groups), len(invoices), len(notes), planned)


def _planned(groups: Sequence[Group]) -> tuple[PlannedPayment, ...]:
    codes = agreement_records.party_codes({group.invoices[0].consignor for group in groups})
    return tuple(
        PlannedPayment(
            codes[group.invoices[0].consignor],
            len(group.invoices),
            sum(invoice.amount for invoice in group.invoices)
            - sum(note.amount for note in group.credit_notes),
            group.invoices[0].currency,
        )
        for group in groups
    )


def _groups(
    invoices: Iterable[StandingInvoice], notes: Iterable[StandingCreditNote]
) -> Iterator[Group]:
    """What each payment pays: the invoices of one consignor in one currency, and of what is
    credited in it as much as fits."""
    credited: dict[tuple[PartyId, str], list[StandingCreditNote]] = defaultdict(list)
    for note in notes:
        credited[note.consignor, note.currency].append(note)
    ordered = sorted(invoices, key=lambda i: (i.consignor, i.currency, i.id))
    for key, alike in groupby(ordered, key=lambda i: (i.consignor, i.currency)):
        all_due = list(alike)
        due = [invoice for invoice in all_due if invoice.amount >= 0]
        if not due:
            continue
        below = sorted((i for i in all_due if i.amount < 0), key=lambda i: (i.due_on, i.id))
        credits: list[tuple[StandingInvoice | StandingCreditNote, int]] = [
            *((invoice, -invoice.amount) for invoice in below),
            *((note, note.amount) for note in credited[key]),
        ]
        taken = fitting(sum(invoice.amount for invoice in due), credits)
        yield Group(
            sorted([*due, *(one for one in taken if isinstance(one, StandingInvoice))],
                   key=lambda i: i.id),
            [one for one in taken if isinstance(one, StandingCreditNote)],
        )  # fmt: skip


def _book_paid(
    entries: Mapping[OrganizationId, list[JournalEntry]], advices: Sequence[SavedAdvice], on: date
) -> None:
    differences = settlement_records.differences_of(advice.id for advice in advices)
    taxes = settlement_records.taxes_of(advice.id for advice in advices)
    for advice in advices:
        parties = Parties(advice.consignee, advice.consignor, advice.agreement)
        differs, taxed = differences[advice.id], taxes[advice.id]
        for organization, amount in advice.owed.items():
            billed = amount + differs.get(organization, 0)
            billed += taxed[organization].tax if organization in taxed else 0
            entries[organization].extend(
                journals.invoice_paid(parties, billed, advice.currency, on)
            )


def _book_netted(
    entries: Mapping[OrganizationId, list[JournalEntry]], memos: Sequence[SavedMemo], on: date
) -> None:
    differences = debit_records.differences_of(memo.id for memo in memos)
    taxes = debit_records.taxes_of(memo.id for memo in memos)
    for memo in memos:
        parties = Parties(memo.consignee, memo.consignor, memo.agreement)
        differs, taxed = differences[memo.id], taxes[memo.id]
        for organization, amount in memo.asked.items():
            credited = amount + differs.get(organization, 0)
            credited += taxed[organization].tax if organization in taxed else 0
            entries[organization].extend(
                journals.credit_netted(parties, credited, memo.currency, on)
            )
