"""The run of debit memos: what went back of invoiced goods is asked back, once (checklist O53).

Each request whose advice is settled by an accepted invoice goes on a memo against that invoice; the
others wait for it. Where we write the consignor's invoices, we write its credit notes with the
memo. An agreement that is settled elsewhere (`report-only`) has its memos at once, and no credit
note is expected: the memo is the report, as the advice was, and so much less is settled elsewhere.
The run can be repeated, and one that was stopped is started again: what was made stands, and the
rest is made.

What an accepted invoice billed too much is asked back by hand: a request of its own, against the
invoice's line, for a quantity or an amount and for a reason.

Refuses: PeriodClosed, NotYet (from parties), ReferenceReused (from idempotency).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, NamedTuple

from consigned.accounting import journals
from consigned.accounting.journals import JournalEntry, Parties
from consigned.master_data.agreements import SettlementMethod
from consigned.master_data.parties import NumberOfSeveral, check_has_come
from consigned.measure.identity import OrganizationId, PartyId
from consigned.measure.money import in_minor, show_amount
from consigned.measure.period import Moment
from consigned.measure.quantity import Micros
from consigned.settlement.debit_memos import (
    InvoiceNotAccepted,
    MoreThanBilled,
    NotBilled,
    QuantityOrAmount,
    draw_up_memos,
)
from consigned_service.operations.accounting.document_journals import book_settlement, check_open
from consigned_service.operations.core import fields
from consigned_service.operations.core.idempotency import tell_once
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.settlement import credit_notes as credits
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.days import day_of_party
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.settlement import debit_memos as records
from consigned_service.records.settlement.debit_memos import SavedMemo, SettledLine
from consigned_service.records.sql.transaction import done_or_planned

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


class DebitRequestLine(NamedTuple):
    """What a line of an accepted invoice billed too much: a quantity, or an amount."""

    reference: Annotated[str, fields.REFERENCE]
    consignor: Annotated[str, fields.CONSIGNOR, "code of the party that billed too much"]
    invoice: Annotated[
        str,
        fields.Code("invoice", "the consignor's number of the accepted invoice, paid or not", 60),
    ]
    line: Annotated[int, fields.LINE, "the invoice's line"]
    happened_on: Annotated[Moment, fields.HAPPENED_ON]
    because: Annotated[str, fields.BECAUSE]
    quantity: Annotated[
        Micros | None, fields.SHARE, "how much was billed too much, in the unit of the advice; or"
    ] = None
    amount: Annotated[
        Decimal | None, fields.AMOUNT, "by how much the line is too much, without tax, as 12.50"
    ] = None
    year: Annotated[
        int | None,
        fields.Whole("the invoice's year, where the consignor gave its number in several", 1, 9999),
    ] = None


ByYear = Mapping[int, Mapping[tuple[int, OrganizationId], SettledLine]]
"""The lines of the accepted invoices of one number, by their year."""


class TooMuch(NamedTuple):
    """So much of a settled line, without tax, is asked back."""

    line: SettledLine
    quantity: int
    amount: int
    happened_on: date
    because: str


def request_debits(
    *, organization: OrganizationId, lines: Sequence[DebitRequestLine], by: str, at: datetime
) -> Result:
    """Ask back what accepted invoices billed an organization too much, paid or not: a debit request
    for each line, which the run puts on a memo. Told again, a line changes nothing."""
    outcome = Result()
    with ledger.posting(
        organization, cause="debit-request", recorded_at=at, recorded_by=by
    ) as posting:
        settled = records.settled_lines(
            posting.organization.party,
            {(line.consignor, line.invoice) for line in lines},
        )
        asked: dict[int, int] = defaultdict(int)

        def read(_: int, line: DebitRequestLine) -> TooMuch:
            return _read(posting, line, settled, asked)

        requests = tell_once(posting, enumerate(lines), read, outcome, day="happened_on")
        _keep(posting, requests)
        outcome.new = len(requests)
    return outcome


def _read(
    posting: OpenPosting,
    line: DebitRequestLine,
    settled: Mapping[tuple[str, str], ByYear],
    asked: dict[int, int],
) -> TooMuch:
    if (line.quantity is None) is (line.amount is None):
        raise QuantityOrAmount(line.reference)
    number, place, consignor = line.invoice, line.line, line.consignor
    lines = _of_year(line, settled.get((consignor, number), {}))
    found = lines.get((place, posting.organization.id))
    if found is None:
        raise NotBilled(number, place, posting.organization.code)
    currency = found.price.currency
    quantity = line.quantity or 0
    amount = (
        found.price.extend(quantity) if line.amount is None else in_minor(line.amount, currency)
    )
    if amount <= 0:
        raise QuantityOrAmount(line.reference)
    already = found.asked + asked[found.advice_line]
    if already + amount > found.billed:
        shown = (show_amount(one, currency) for one in (found.billed, already, amount))
        raise MoreThanBilled(number, place, *shown)
    asked[found.advice_line] += amount
    happened_on = posting.organization.day_here(line.happened_on)
    return TooMuch(found, quantity, amount, happened_on, line.because)


def _of_year(
    line: DebitRequestLine, by_year: ByYear
) -> Mapping[tuple[int, OrganizationId], SettledLine]:
    """The lines of the invoice that is meant."""
    if line.year:
        by_year = {one: lines for one, lines in by_year.items() if one == line.year}
    if not by_year:
        raise InvoiceNotAccepted(line.invoice)
    if len(by_year) > 1:
        years = tuple(f"{line.consignor} in {year}" for year in sorted(by_year))
        raise NumberOfSeveral("invoice", line.invoice, years)
    return next(iter(by_year.values()))


def _keep(posting: OpenPosting, requests: Sequence[TooMuch]) -> None:
    organization = posting.organization
    first = posting.take_numbers("debit_request", len(requests))
    posting.add(
        "debit_request",
        [
            (organization.id, nth, posting.number, None, r.line.agreement, r.line.advice_line, None,
             r.line.item, r.quantity, r.line.price.micros, r.line.price.per,
             r.line.price.currency, r.amount, r.happened_on.isoformat(), r.because, None)
            for nth, r in enumerate(requests, start=first)
        ],
    )  # fmt: skip
    for r in requests:
        parties = Parties(organization.party, r.line.consignor, r.line.agreement)
        posting.add_journals(
            journals.billed_too_much(parties, r.amount, r.line.price.currency, r.happened_on)
        )


def run_debit_memos(
    *,
    consignee: PartyId,
    on: date,
    by: str,
    at: datetime,
    consignor: PartyId | None = None,
    is_plan: bool = False,
) -> MemoRun:
    """Ask back what went back of invoiced goods: one debit memo for each invoice, and each request
    on one memo; where a consignor is named, of that alone. Refuses a day still to come; a plan
    shows what would be asked back then."""
    if not is_plan:
        check_has_come(on, today=day_of_party(consignee, at))
    with done_or_planned(is_plan=is_plan):
        return _run_debit_memos(consignee, on, by, at, consignor)


def _run_debit_memos(
    consignee: PartyId, on: date, by: str, at: datetime, consignor: PartyId | None
) -> MemoRun:
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
            entries = _settled_elsewhere(saved, on)
            book_settlement(ledgers, entries, cause="debit-memo", recorded_at=at, recorded_by=by)
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


def _settled_elsewhere(
    memos: Iterable[SavedMemo], on: date
) -> Mapping[OrganizationId, Sequence[JournalEntry]]:
    """What memos tell that nobody here credits: it is less to settle where the advice is."""
    entries: dict[OrganizationId, list[JournalEntry]] = defaultdict(list)
    for memo in memos:
        if memo.settlement_method == SettlementMethod.REPORT_ONLY:
            parties = Parties(memo.consignee, memo.consignor, memo.agreement)
            for organization, amount in memo.asked.items():
                entries[organization].extend(
                    journals.credit_reported(parties, amount, memo.currency, on)
                )
    return entries
