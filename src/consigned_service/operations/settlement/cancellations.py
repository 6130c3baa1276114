"""Cancelling advices that nobody has invoiced; what they told is told by the next run.

Refuses: PeriodClosed (from parties), UnknownAdvice, AdviceInvoiced, AdviceCancelled,
AskedBackAlready, VoucheredElsewhere.
"""

from collections import defaultdict
from datetime import datetime

from consigned.accounting import journals
from consigned.accounting.journals import JournalEntry, Parties
from consigned.master_data.agreements import SettlementMethod
from consigned.measure.identity import OrganizationId, PartyId
from consigned.measure.money import show_amount
from consigned.settlement.cancellations import AdviceCancelled, AdviceInvoiced, AskedBackAlready
from consigned.settlement.invoices import UnknownAdvice
from consigned.settlement.vouchers import VoucheredElsewhere
from consigned_service.operations.accounting.document_journals import book_settlement, check_open
from consigned_service.operations.core.outcome import required
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.days import day_of_party
from consigned_service.records.settlement import advices as settlement_records
from consigned_service.records.settlement import cancellations as records
from consigned_service.records.settlement import vouchers as voucher_records
from consigned_service.records.settlement.advices import SavedAdvice


def cancel_advice(
    *, consignee: PartyId, number: str, because: str, by: str, at: datetime
) -> SavedAdvice:
    """Cancel an advice of the consignee's that nobody has invoiced: it stays, and says so, and the
    next run tells once what it had told.

    Refuses one that an invoice stands for, that vouchers made elsewhere settle, that was cancelled
    before, or of which goods went back that are asked back.
    """
    because = required(because, "because", 1000)
    advice = settlement_records.read_advices([number.strip()]).get(number.strip())
    if advice is None or advice.consignee != consignee:
        raise UnknownAdvice(number)
    with ledger.writing(advice.owed) as ledgers:
        on = day_of_party(consignee, at)
        told = records.read_told(advice.id)
        _check(advice, {one.line for one in told})
        check_open(advice.owed, on)
        parties = Parties(advice.consignee, advice.consignor, advice.agreement)
        entries: dict[OrganizationId, list[JournalEntry]] = defaultdict(list)
        for organization, amount in records.rounded(told).items():
            entries[organization] += journals.advice_rounded(parties, -amount, advice.currency, on)
        if advice.settlement_method == SettlementMethod.REPORT_ONLY:
            for organization, amount in advice.owed.items():
                entries[organization] += journals.reported(parties, -amount, advice.currency, on)
        records.save_cancellation(advice.id, told, on=on, by=by, because=because)
        book_settlement(ledgers, entries, cause="cancellation", recorded_at=at, recorded_by=by)
    return advice


def _check(advice: SavedAdvice, lines: set[int]) -> None:
    if found := records.cancelled([advice.id]).get(advice.id):
        raise AdviceCancelled(advice.number, found.on, found.because)
    if invoice := settlement_records.settled_by([advice.id]).get(advice.id):
        raise AdviceInvoiced(advice.number, invoice)
    lines_open = voucher_records.open_lines([advice.id])[advice.id]
    if recorded := sum(line.recorded for line in lines_open):
        shown = f"{show_amount(recorded, advice.currency)} {advice.currency}"
        raise VoucheredElsewhere(advice.number, shown)
    if requests := records.count_debit_requests(lines):
        raise AskedBackAlready(advice.number, requests)
