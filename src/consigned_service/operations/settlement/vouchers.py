"""Recording the vouchers that another system made of advices which are settled there.

A voucher is known by its advice and its number there: whoever pays made it, and may settle several
advices by one. Told again as it stands it changes nothing. It is booked on the day on which it is
recorded, as an invoice is on the day on which it is accepted.

Refuses: NotSettledElsewhere, VoucherInOtherCurrency, MoreThanAdviceLeaves, VoucherNumberUsed,
VoucherBeforeUse (from vouchers); UnknownAdvice; AdviceCancelled; NotYet; what a field may not say.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, NamedTuple

from consigned.accounting import journals
from consigned.accounting.journals import JournalEntry, Parties
from consigned.master_data.agreements import SettlementMethod
from consigned.master_data.parties import NotYet
from consigned.measure.identity import OrganizationId, PartyId
from consigned.measure.money import in_minor
from consigned.measure.period import DAY
from consigned.measure.refusal import Refusal
from consigned.settlement.cancellations import AdviceCancelled
from consigned.settlement.invoices import UnknownAdvice
from consigned.settlement.vouchers import (
    NotSettledElsewhere,
    OpenLine,
    VoucherBeforeUse,
    VoucherInOtherCurrency,
    VoucherNumberUsed,
    settle,
)
from consigned_service.operations.accounting.document_journals import book_settlement
from consigned_service.operations.core import fields
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.settlement.invoices import by_day, days_of_consignees
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.settlement import advices as settlement_records
from consigned_service.records.settlement import cancellations as cancellation_records
from consigned_service.records.settlement import vouchers as records
from consigned_service.records.settlement.advices import SavedAdvice
from consigned_service.records.settlement.cancellations import Cancellation
from consigned_service.records.settlement.vouchers import NewVoucher, ToldVoucher


class VoucherLine(NamedTuple):
    """A voucher: what it settles of one advice, without tax."""

    advice: Annotated[
        str,
        fields.Code(
            "advice", "number of the advice, of an agreement that is settled by report-only", 60
        ),
    ]
    voucher: Annotated[
        str,
        fields.Text(
            "number of the voucher in the system where it was made; one of its own under "
            "the advice",
            60,
        ),
    ]
    vouchered_on: Annotated[date, fields.DAY]
    amount: Annotated[
        Decimal,
        fields.AMOUNT,
        "what it settles of the advice without tax, as 12.50; below zero it takes back,"
        " or settles an advice that comes to less than nothing",
    ]
    currency: Annotated[str, fields.CURRENCY, "as on the advice"]


class _Desk(NamedTuple):
    """What is known of the advices that some vouchers name, and what comes of them."""

    advices: Mapping[str, SavedAdvice]
    days: Mapping[PartyId | None, date]
    cancelled: Mapping[int, Cancellation]
    told: dict[tuple[int, str], ToldVoucher]
    lines: dict[int, list[OpenLine]]

    def take(self, line: VoucherLine) -> NewVoucher | None:
        """A voucher with what each line of its advice bears; None where it was told before."""
        number, on = line.voucher, line.vouchered_on
        advice = self._advice(line)
        amount = in_minor(line.amount, advice.currency)
        said = ToldVoucher(on, amount)
        stands = self.told.get((advice.id, number))
        if stands == said:
            return None
        if stands is not None:
            raise VoucherNumberUsed(advice.number, number)
        self._check(advice, number, on)
        lines = self.lines[advice.id]
        shares = settle(advice.number, advice.currency, lines, amount)
        settles = list(zip(lines, shares, strict=True))
        self.told[advice.id, number] = said
        self.lines[advice.id] = [one.less(share) for one, share in settles]
        return NewVoucher(advice, number, on, amount, settles)

    def _advice(self, line: VoucherLine) -> SavedAdvice:
        advice = self.advices.get(line.advice)
        if advice is None:
            raise UnknownAdvice(line.advice)
        if advice.settlement_method != SettlementMethod.REPORT_ONLY:
            raise NotSettledElsewhere(advice.number, advice.settlement_method)
        if line.currency != advice.currency:
            raise VoucherInOtherCurrency(advice.number, advice.currency, line.currency)
        return advice

    def _check(self, advice: SavedAdvice, number: str, on: date) -> None:
        if found := self.cancelled.get(advice.id):
            raise AdviceCancelled(advice.number, found.on, found.because)
        if on > (today := self.days[advice.consignee]) + DAY:
            raise NotYet(on, today)
        if on < advice.starts_on:
            raise VoucherBeforeUse(number, on, advice.number, advice.starts_on)


def record_vouchers(*, lines: Sequence[VoucherLine], by: str, at: datetime) -> Result:
    """Record what other systems made of advices that are settled there, many at once: so much of
    each is open elsewhere no longer. A voucher below zero takes back what was recorded, or settles
    an advice that comes to less than nothing.

    Refuses more than an advice leaves, with the figures.
    """
    outcome = Result()
    advices = settlement_records.read_advices({line.advice for line in lines})
    ids = [advice.id for advice in advices.values()]
    with ledger.writing({one for advice in advices.values() for one in advice.owed}) as ledgers:
        desk = _Desk(
            advices, days_of_consignees(advices.values(), at), cancellation_records.cancelled(ids),
            records.told_vouchers(ids), records.open_lines(ids),
        )  # fmt: skip
        new = []
        for index, line in enumerate(lines):
            try:
                if voucher := desk.take(line):
                    new.append(voucher)
                else:
                    outcome.repeat(index)
            except Refusal as refusal:
                outcome.refuse(index, refusal)
        for on, some in by_day(new, lambda one: desk.days[one.advice.consignee]):
            records.save_vouchers(some, on=on, by=by)
            entries = _entries(some, on)
            book_settlement(ledgers, entries, cause="voucher", recorded_at=at, recorded_by=by)
        outcome.new = len(new)
    return outcome


def _entries(
    vouchers: Sequence[NewVoucher], on: date
) -> Mapping[OrganizationId, Sequence[JournalEntry]]:
    entries: dict[OrganizationId, list[JournalEntry]] = defaultdict(list)
    for voucher in vouchers:
        advice = voucher.advice
        parties = Parties(advice.consignee, advice.consignor, advice.agreement)
        settled: dict[OrganizationId, int] = defaultdict(int)
        for line, share in voucher.settles:
            settled[line.organization] += share
        for organization, amount in settled.items():
            entries[organization].extend(journals.vouchered(parties, amount, advice.currency, on))
    return entries
