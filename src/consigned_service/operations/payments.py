"""Paying accepted invoices that are due: one payment for each consignor and currency.

Refuses: PeriodClosed (from parties).
"""

from collections import defaultdict
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from consigned.measure.identity import OrganizationId, PartyId
from consigned.settlement import journals
from consigned.settlement.journals import JournalEntry, Parties
from consigned_service.operations.books import book_settlement, check_open
from consigned_service.records import agreements as agreement_records
from consigned_service.records import ledger
from consigned_service.records import settlement as settlement_records


class PaymentRun(NamedTuple):
    payments: int
    invoices: int


def run_payments(*, consignee: PartyId, on: date, by: str, at: datetime) -> PaymentRun:
    """Pay every accepted invoice of a consignee that is due by a day; each is paid once."""
    organizations = agreement_records.organizations_of(consignee)
    with ledger.writing(organizations) as ledgers:
        payable = settlement_records.payable(consignee, on)
        check_open((one for _, advice in payable for one in advice.owed), on)
        entries: dict[OrganizationId, list[JournalEntry]] = defaultdict(list)
        differences = settlement_records.differences_of(advice.id for _, advice in payable)
        taxes = settlement_records.taxes_of(advice.id for _, advice in payable)
        for _, advice in payable:
            parties = Parties(consignee, advice.consignor, advice.agreement)
            differs, taxed = differences[advice.id], taxes[advice.id]
            for organization, amount in advice.owed.items():
                billed = amount + differs.get(organization, 0)
                billed += taxed[organization].tax if organization in taxed else 0
                entries[organization].extend(
                    journals.invoice_paid(parties, billed, advice.currency, on)
                )
        invoices = sorted(
            (invoice for invoice, _ in payable), key=lambda i: (i.consignor, i.currency, i.id)
        )
        groups = [
            list(group) for _, group in groupby(invoices, key=lambda i: (i.consignor, i.currency))
        ]
        settlement_records.save_payments(consignee, groups, on=on, by=by)
        book_settlement(ledgers, entries, cause="payment", recorded_at=at, recorded_by=by)
    return PaymentRun(len(groups), len(invoices))
