"""Booking what a settlement document did, in the ledger of each organization it touches.

Refuses: PeriodClosed (from parties).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from consigned.accounting.journals import JournalEntry
from consigned.measure.identity import OrganizationId
from consigned_service.records.ledger import posting as ledger


def check_open(organizations: Iterable[OrganizationId], on: date) -> None:
    """Refuse a document dated in a period that one of its organizations has closed."""
    for organization in sorted(set(organizations)):
        ledger.read_organization(organization).check_day(on, today=on)


def book_settlement(
    ledgers: Mapping[OrganizationId, ledger.LedgerRow],
    entries: Mapping[OrganizationId, Sequence[JournalEntry]],
    *,
    cause: str,
    recorded_at: datetime,
    recorded_by: str,
) -> None:
    """Book journal entries, each organization's in one posting, under locks that are held."""
    for organization in sorted(entries):
        if entries[organization]:
            posting = ledger.open_posting(
                ledgers[organization], cause=cause, reference="", recorded_at=recorded_at,
                recorded_by=recorded_by,
            )  # fmt: skip
            posting.add_journals(entries[organization])
            ledger.close_posting(posting)
