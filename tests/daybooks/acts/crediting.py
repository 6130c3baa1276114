"""What is asked back on debit memos, and what the consignors credit."""

from datetime import date
from typing import Any

from consigned.measure.money import parse_amount, parse_price
from consigned.measure.quantity import parse_micros
from consigned.settlement.invoices import Billed
from consigned_service.operations.core.lines import written
from consigned_service.operations.master_data.parties import party_named
from consigned_service.operations.settlement import credit_notes as credits
from consigned_service.operations.settlement import debit_memos as debits
from consigned_service.queries.settlement import debit_memos as queries
from consigned_service.records import models
from tests.daybooks import words
from tests.daybooks.acts import BY, at

SENTENCES = {
    "request_debit": [
        "invoice {invoice} of {consignor} line {line} is {quantity} too much because {because*}",
        "invoice {invoice} of {consignor} line {line} is {amount} {currency} too much "
        "because {because*}",
    ],
    "ask_back": ["make debit memos[ to {consignor}]"],
    "debit_memo_seen": ["debit memo {number}[ seen by {viewer}]"],
    "debit_memos": ["debit memos[ seen by {viewer}]"],
    "credit": ["credit note {number} of {consignor} on {memo}[ in {currency}]: {lines*}"],
    "credit_invoice": ["credit note {number} of {consignor} against {invoice}: {lines*}"],
    "accept_credit": ["accept credit note {number} of {consignor}[ because {because*}]"],
    "dispute_credit": [
        "dispute credit note {number} of {consignor} because {because*}; evidence {evidence*}"
    ],
    "reject_credit": ["send back credit note {number} of {consignor} because {because*}"],
    "credit_notes": ["credit notes[ seen by {viewer}]"],
    "credit_note_seen": ["credit note of {consignor} numbered {number}[ seen by {viewer}]"],
}


class Acts:
    def request_debit(
        self: Any, day: date, invoice: str, consignor: str, line: str, because: str,
        quantity: str = "", amount: str = "", currency: str = "",
    ) -> list[str]:  # fmt: skip
        said = written(debits.DebitRequestLine,
            f"{invoice} {line} {quantity}{amount}", consignor, invoice, line, day.isoformat(),
            because, quantity, amount,
        )  # fmt: skip
        outcome = debits.request_debits(
            organization=self._in(""), lines=[said], by=BY, at=at(day)
        ).or_raise()
        return words.NOTHING_CHANGES if outcome.repeated else []

    def ask_back(self: Any, day: date, consignor: str) -> list[str]:
        runs = [
            debits.run_debit_memos(
                consignee=party_named(holder), on=day, by=BY, at=at(day),
                consignor=party_named(consignor) if consignor else None,
            )
            for holder in dict.fromkeys(self.holders.values())
        ]  # fmt: skip
        said = []
        for row in self._unseen(models.DebitMemo):
            said += _memo(queries.debit_memo(self._viewer(row.consignee.code), row.number))
        said += self._credit_notes()
        waiting = sum(run.waiting for run in runs)
        return [*said, *[f"{waiting} waiting for an invoice"] * bool(waiting)] or [
            "nothing is to be asked back"
        ]

    def debit_memo_seen(self: Any, day: date, number: str, viewer: str) -> list[str]:
        found = queries.debit_memo(self._viewer(viewer), number)
        return _memo(found) if found else words.NOTHING

    def debit_memos(self: Any, day: date, viewer: str) -> list[str]:
        return [
            f"{row.number} of {row.amount} to {row.consignor_name} against "
            f"{row.invoice or 'none'}: {row.state}"
            + (f" by {row.credit_note}, {row.credited}" if row.credit_note else "")
            for row in queries.debit_memos(self._viewer(viewer), order=["number"]).rows
        ] or words.NOTHING

    def credit(
        self: Any, day: date, number: str, consignor: str, memo: str, currency: str, lines: str
    ) -> list[str]:
        return self._credit(day, number, consignor, lines, currency, memo=memo)

    def credit_invoice(
        self: Any, day: date, number: str, consignor: str, invoice: str, lines: str
    ) -> list[str]:
        return self._credit(day, number, consignor, lines, "", invoice=invoice)

    def _credit(
        self: Any, day: date, number: str, consignor: str, lines: str, currency: str, *,
        memo: str = "", invoice: str = "",
    ) -> list[str]:  # fmt: skip
        asked = models.DebitMemo.objects.filter(number=memo).first() or (
            models.DebitMemo.objects.filter(invoice__number=invoice).order_by("pk").last()
        )
        note = credits.CreditNote(
            party_named(consignor), number, day, currency or (asked.currency if asked else "USD"),
            _credited(asked, lines), memo, invoice,
        )  # fmt: skip
        credits.record_credit_notes(notes=[note], by=BY, at=at(day)).or_raise()
        return self._credit_notes() or words.NOTHING_CHANGES

    def accept_credit(self: Any, day: date, number: str, consignor: str, because: str) -> list[str]:
        credits.accept_credit_note(
            consignor=party_named(consignor), number=number, by=BY, at=at(day), because=because
        )
        return []

    def dispute_credit(
        self: Any, day: date, number: str, consignor: str, because: str, evidence: str
    ) -> list[str]:
        credits.dispute_credit_note(
            consignor=party_named(consignor), number=number, by=BY, at=at(day), because=because,
            evidence=evidence,
        )  # fmt: skip
        return []

    def reject_credit(self: Any, day: date, number: str, consignor: str, because: str) -> list[str]:
        credits.reject_credit_note(
            consignor=party_named(consignor), number=number, by=BY, at=at(day), because=because
        )
        return []

    def credit_notes(self: Any, day: date, viewer: str) -> list[str]:
        return [
            f"{row.number} of {row.consignor_name} for {row.debit_memo} against {row.invoice}, "
            f"{row.amount}: {row.standing}" + (f" with {row.payment}" if row.payment else "")
            for row in queries.credit_notes(self._viewer(viewer), order=["number"]).rows
        ] or words.NOTHING

    def credit_note_seen(
        self: Any, day: date, consignor: str, number: str, viewer: str
    ) -> list[str]:
        found = queries.credit_note(self._viewer(viewer), number, consignor=consignor)
        if found is None:
            return words.NOTHING
        said = []
        for line in found.lines:
            order = f", order {line.order} line {line.order_line}" if line.order else ""
            said.append(
                f"{line.line}: {line.quantity} of {line.item} at {line.price}: {line.amount}{order}"
            )
            said.append(f"  asked {line.asked_quantity} at {line.asked_price}: {line.asked_amount}")
        for one in found.decisions:
            said.append(f"{one.decided_on} {one.standing}" + ":" * bool(one.because))
            said += [f"  {sentence}" for sentence in one.because.splitlines()]
            said += [f"  evidence: {one.evidence}"] * bool(one.evidence)
        return said

    def _credit_notes(self: Any) -> list[str]:
        said = []
        for row in self._unseen(models.CreditNote):
            decision = row.decisions.order_by("pk").last()
            amount = words.money(row.amount, row.currency)
            said.append(f"{row.number} for {row.debit_memo.number}, {amount}: {decision.standing}")
            said += [f"  {difference}" for difference in decision.because.splitlines()]
        return said


def _memo(found: queries.DebitMemo) -> list[str]:
    head = found.head
    against = f"invoice {head.invoice}" if head.invoice else f"advice {head.advice}"
    return [
        f"{head.number} to {head.consignor_name} under {head.agreement} against {against}: "
        f"{head.amount}" + (f" and {head.tax_amount} tax" if head.tax_amount.minor else ""),
        *(
            f"  {line.line}: {line.quantity} of {line.item} at {line.price}: {line.amount}, "
            f"line {line.invoice_line}"
            + (f" of order {line.order} line {line.order_line}" if line.order else "")
            + (f", returned on {line.happened_on}" if line.goods_return else ", by hand")
            + (f" because {line.because}" if line.because else "")
            for line in found.lines
        ),
    ]


def _credited(memo: models.DebitMemo | None, said: str) -> list[Billed]:
    """'as asked', or '1 BOLT 2 at 1.25 = 2.50; 2 …'."""
    if said == "as asked":
        assert memo
        return [
            Billed(
                line.line,
                line.item.code,
                line.quantity,
                line.price,
                line.amount,
                0,
                line.tax_amount,
            )
            for line in memo.lines.select_related("item").order_by("line")
        ]
    lines = []
    for line in said.split("; "):
        number, item, quantity, _, price, _, amount = line.split()
        currency = memo.currency if memo else "USD"
        lines.append(
            Billed(int(number), item, parse_micros(quantity), parse_price(price),
                   parse_amount(amount, currency))
        )  # fmt: skip
    return lines
