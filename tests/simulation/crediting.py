"""What was told is taken back, and what was billed too much is asked back and credited."""

from consigned.measure.identity import PartyId
from consigned.measure.money import show_amount
from consigned_service.operations.core.lines import written
from consigned_service.operations.inbound import receipts
from consigned_service.operations.settlement import cancellations, vouchers
from consigned_service.operations.settlement import credit_notes as credits
from consigned_service.operations.settlement import debit_memos as debits
from consigned_service.operations.settlement.credit_notes import CreditNote
from consigned_service.operations.settlement.debit_memos import DebitRequestLine
from consigned_service.records import models
from consigned_service.records.settlement.debit_memos import read_memos
from tests.simulation.chance import BY, Chance


class Crediting(Chance):
    def cancel_advice(self) -> None:
        if advice := self._one(models.Advice.objects.order_by("-pk")[:8]):
            cancellations.cancel_advice(
                consignee=self.northwind, number=advice.number, because="by chance", by=BY,
                at=self.at,
            )  # fmt: skip

    def voucher(self) -> None:
        """What another system made of an advice: all that it comes to, some of it, or less."""
        elsewhere = models.Advice.objects.filter(settlement_method="report-only")
        advice = self._one(elsewhere.order_by("-pk")[:8])
        if advice is None:
            return
        part = advice.amount * self.chance.randint(-1, 4) // 4
        line = written(vouchers.VoucherLine,
            advice.number, self._name(), self._day(),
            show_amount(self.chance.choice((advice.amount, part)), advice.currency),
            self.chance.choice((advice.currency,) * 9 + ("GBP",)),
        )  # fmt: skip
        vouchers.record_vouchers(lines=[line], by=BY, at=self.at).or_raise()

    def ask_back(self) -> None:
        """Of a line of an invoice that was accepted, some quantity or some amount too much."""
        lines = models.InvoiceLine.objects.filter(invoice__decisions__standing="accepted")
        line = self._one(lines.select_related("invoice__consignor").order_by("pk"))
        if line is None:
            return
        owed = models.AdviceLine.objects.get(advice_id=line.invoice.advice_id, line=line.line)
        amount = show_amount(self.chance.randint(1, 40), line.invoice.currency)
        said = written(DebitRequestLine,
            self._name(), line.invoice.consignor.code, line.invoice.number, str(line.line),
            self._day(), "by chance",
            **self.chance.choice(({"quantity": self._quantity(1)}, {"amount": amount})),
        )  # fmt: skip
        debits.request_debits(
            organization=self._organization(owed), lines=[said], by=BY, at=self.at
        ).or_raise()

    def make_debit_memos(self) -> None:
        debits.run_debit_memos(consignee=self.northwind, on=self.today, by=BY, at=self.at)

    def credit(self) -> None:
        """As it was asked, or with an amount that differs."""
        memo = self._one(models.DebitMemo.objects.order_by("-pk")[:8])
        if memo is None:
            return
        (asked,) = read_memos([memo.number]).values()
        first, *rest = asked.lines
        more = self.chance.choice((0, 0, 0, 1, -1))
        note = CreditNote(
            asked.consignor, self._name(), self.today, asked.currency,
            [first._replace(amount=first.amount + more), *rest], asked.number,
        )  # fmt: skip
        credits.record_credit_notes(notes=[note], by=BY, at=self.at).or_raise()

    def decide_credit_note(self) -> None:
        note = self._one(models.CreditNote.objects.order_by("-pk")[:6])
        if note is None:
            return
        act = self.chance.choice(
            (credits.accept_credit_note, credits.dispute_credit_note, credits.reject_credit_note)
        )
        act(
            consignor=PartyId(note.consignor_id), number=note.number, by=BY, at=self.at,
            because="by chance",
        )  # fmt: skip

    def receive_shipped(self) -> None:
        """What a ship notice announced, or a part of it, wherever it counts as ours to keep."""
        line = self._one(
            models.ShipNoticeLine.objects.select_related("notice__consignor").order_by("-pk")[:8]
        )
        if line is None:
            return
        said = written(receipts.ReceiptLine,
            self._name(), "1", self.today.isoformat(), line.notice.number, str(line.line),
            quantity=self.chance.choice(("", self._quantity(20))),
            consignor=line.notice.consignor.code,
        )  # fmt: skip
        receipts.record_receipts(
            organization=self._organization(line.notice), lines=[said], by=BY, at=self.at
        ).or_raise()
