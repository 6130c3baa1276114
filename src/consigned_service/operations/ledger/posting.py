"""One posting, as every act that moves goods or passes title makes it: what it tells of days that
were counted is held against those counts before anybody else may write."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from consigned.measure.identity import OrganizationId
from consigned_service.operations.ledger import late_records as told_after
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.posting import LedgerRow, OpenPosting


@contextmanager
def posting(
    organization: OrganizationId,
    *,
    cause: str,
    reference: str = "",
    recorded_at: datetime,
    recorded_by: str,
) -> Iterator[OpenPosting]:
    """One posting to one organization's ledger, in one transaction, all or none."""
    with ledger.writing([organization]) as ledgers:
        row = ledgers[organization]
        opened = ledger.open_posting(
            row,
            cause=cause,
            reference=reference,
            recorded_at=recorded_at,
            recorded_by=recorded_by,
        )
        yield opened
        close(row, opened)


def close(row: LedgerRow, opened: OpenPosting) -> None:
    """Write a posting, and what follows from it for counts of earlier evenings."""
    if ledger.close_posting(opened):
        told_after.follow(row, opened)
