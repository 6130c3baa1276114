"""Booking what a settlement document did, in the ledger of each organization it touches."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from consigned.measure.identity import OrganizationId
from consigned.settlement.journals import JournalEntry
from consigned_service.records import ledger


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
