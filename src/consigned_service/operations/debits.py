"""The run of debit memos: what went back of invoiced goods is asked back, once (checklist O53).

Each request whose advice is settled by an accepted invoice goes on a memo against that invoice;
the others wait for it. Where we write the consignor's invoices, we write its credit notes with the
memo. An agreement that is settled elsewhere (`report-only`) has its memos at once, and no credit
note is expected: the memo is the report, as the advice was. The run can be repeated, and one that
was stopped is started again: what was made stands, and the rest is made.

Refuses: PeriodClosed (from parties).
"""

from datetime import date, datetime
from typing import NamedTuple

from consigned.measure.identity import PartyId
from consigned.settlement.debits import draw_up_memos
from consigned_service.operations import credits
from consigned_service.operations.books import check_open
from consigned_service.records import agreements as agreement_records
from consigned_service.records import debits as records
from consigned_service.records import ledger
from consigned_service.records.debits import SavedMemo

AT_ONCE = 500
"""How many memos are made in one transaction."""


class MemoRun(NamedTuple):
    """What a run made, from which number to which, and how many requests wait for an invoice."""

    memos: int
    lines: int
    self_billed: int
    waiting: int
    first: str | None = None
    last: str | None = None


def run_debit_memos(
    *, consignee: PartyId, on: date, by: str, at: datetime, consignor: PartyId | None = None
) -> MemoRun:
    """Ask back what went back of invoiced goods: one debit memo for each invoice, and each request
    on one memo; where a consignor is named, of that alone."""
    organizations = agreement_records.organizations_of(consignee)
    made: list[SavedMemo] = []
    billed = 0
    while True:
        with ledger.writing(organizations) as ledgers:
            requests = records.ready(organizations, on, consignor=consignor, most=AT_ONCE)
            if not requests:
                break
            check_open((request.organization for request in requests), on)
            saved = records.save_memos(consignee, list(draw_up_memos(requests)), made_on=on)
            billed += credits.self_credit(ledgers, saved, on=on, by=by, at=at)
        made += saved
    return MemoRun(
        memos=len(made),
        lines=sum(len(memo.lines) for memo in made),
        self_billed=billed,
        waiting=records.count_waiting(organizations, consignor),
        first=made[0].number if made else None,
        last=made[-1].number if made else None,
    )
