"""Debit memos and credit notes: what a consignor gives back of what it has invoiced (O53, O54).

Goods that an advice told and that went back are asked back: a request for each. As the advice asks
for an invoice, a debit memo asks for a credit note: one memo for each invoice, and only once that
invoice is accepted; until then the request waits. Each line of a memo is one request.

    request of 2 at 1.25 told by advice 7     no invoice yet               waits for an invoice
                                              invoice I-1 is held          waits for I-1
                                              invoice I-1 is accepted      on a memo against I-1
                                              settled by report-only       on a memo, that is all

The supplier's credit note is matched to its memo line by line, as an invoice is to its advice, and
one credit note answers one memo; it bears the tax that the invoice bore. A payment nets credit
notes that are accepted against invoices that are due, the oldest first: each whole or not at all,
and never so that less than nothing is paid.

What an accepted invoice billed too much is asked back by hand, and goes the same way: nothing of
the invoice is edited, paid or not (checklist X06).

Refuses: QuantityOrAmount, InvoiceNotAccepted, NotBilled, MoreThanBilled, CreditNumberUsed,
NumberOfAnotherPaper, UnknownDebitMemo, NothingToCredit, SeveralDebitMemos, DebitMemoCredited,
NotAwaitingCredit, UnknownCreditNote, CreditNoteDecided, NotTheirsToCredit,
CreditLinesDoNotAnswer.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import ClassVar, NamedTuple, TypeVar

from consigned.master_data.taxes import read_tax
from consigned.measure.identity import AgreementId, ItemId, OrganizationId, PartyId
from consigned.measure.money import Minor
from consigned.measure.refusal import Refusal
from consigned.settlement.invoices import Difference


@dataclass(eq=False)
class CreditNumberUsed(Refusal):
    consignor: str
    number: str
    year: int
    code: ClassVar[str] = "credit-number-used"
    remedy: ClassVar[str] = "A corrected credit note is a new one, under a number of its own."

    def __str__(self) -> str:
        return (
            f"credit note {self.number} ({self.year}) of {self.consignor} was told before with "
            "other content"
        )


@dataclass(eq=False)
class NumberOfAnotherPaper(Refusal):
    consignor: str
    number: str
    paper: str
    code: ClassVar[str] = "number-in-use"
    remedy: ClassVar[str] = "Ask the consignor which it is; each paper has a number of its own."

    def __str__(self) -> str:
        return f"{self.number} of {self.consignor} is the number of {self.paper} already"


@dataclass(eq=False)
class UnknownDebitMemo(Refusal):
    said: str
    code: ClassVar[str] = "unknown-debit-memo"
    remedy: ClassVar[str] = "Correct the number of the debit memo."

    def __str__(self) -> str:
        return f"no debit memo has the number {self.said!r}"


@dataclass(eq=False)
class NothingToCredit(Refusal):
    invoice: str
    code: ClassVar[str] = "nothing-to-credit"
    remedy: ClassVar[str] = "Make its debit memos first (consigned run debit-memos)."

    def __str__(self) -> str:
        return f"no debit memo awaits a credit note for invoice {self.invoice}"


@dataclass(eq=False)
class SeveralDebitMemos(Refusal):
    invoice: str
    memos: tuple[str, ...]
    code: ClassVar[str] = "several-debit-memos"
    remedy: ClassVar[str] = "Name the debit memo that is credited."

    def __str__(self) -> str:
        return f"invoice {self.invoice} has several debit memos: {', '.join(self.memos)}"


@dataclass(eq=False)
class DebitMemoCredited(Refusal):
    memo: str
    credit_note: str
    code: ClassVar[str] = "debit-memo-credited"
    remedy: ClassVar[str] = "One credit note answers one debit memo; correct the memo it names."

    def __str__(self) -> str:
        return f"debit memo {self.memo} is answered by credit note {self.credit_note} already"


@dataclass(eq=False)
class NotAwaitingCredit(Refusal):
    memo: str
    method: str
    code: ClassVar[str] = "not-awaiting-credit"
    remedy: ClassVar[str] = "The agreement settles in another way; no credit note is expected."

    def __str__(self) -> str:
        return f"debit memo {self.memo} is settled by {self.method}, not by a credit note"


@dataclass(eq=False)
class InvoiceNotAccepted(Refusal):
    invoice: str
    code: ClassVar[str] = "invoice-not-accepted"
    remedy: ClassVar[str] = "Decide about the invoice first; what is wrong is sent back with it."

    def __str__(self) -> str:
        return f"invoice {self.invoice} settles no advice: nothing of it can be asked back"


@dataclass(eq=False)
class NotBilled(Refusal):
    invoice: str
    line: int
    organization: str
    code: ClassVar[str] = "not-billed"
    remedy: ClassVar[str] = "Correct the line of the invoice, or the organization."

    def __str__(self) -> str:
        return f"invoice {self.invoice} has no line {self.line} for {self.organization}"


@dataclass(eq=False)
class MoreThanBilled(Refusal):
    invoice: str
    line: int
    billed: str
    before: str
    asked: str
    code: ClassVar[str] = "more-than-billed"

    def __str__(self) -> str:
        return (
            f"line {self.line} of invoice {self.invoice} bills {self.billed}; {self.before} were "
            f"asked back before, {self.asked} more would be too much"
        )


@dataclass(eq=False)
class QuantityOrAmount(Refusal):
    reference: str
    code: ClassVar[str] = "quantity-or-amount"
    remedy: ClassVar[str] = "Say how much was billed too much: a quantity, or an amount of money."

    def __str__(self) -> str:
        return f"{self.reference} says both a quantity and an amount, or neither"


@dataclass(eq=False)
class UnknownCreditNote(Refusal):
    said: str
    code: ClassVar[str] = "unknown-credit-note"
    remedy: ClassVar[str] = "Correct the number of the credit note."

    def __str__(self) -> str:
        return f"no credit note has the number {self.said!r}"


@dataclass(eq=False)
class CreditNoteDecided(Refusal):
    credit_note: str
    standing: str
    asked: str
    code: ClassVar[str] = "credit-note-decided"

    def __str__(self) -> str:
        return f"credit note {self.credit_note} is {self.standing}; it cannot be {self.asked}"


@dataclass(eq=False)
class NotTheirsToCredit(Refusal):
    credit_note: str
    consignee: str
    code: ClassVar[str] = "not-theirs-to-credit"
    remedy: ClassVar[str] = "Only the party that is credited releases or rejects a credit note."

    def __str__(self) -> str:
        return f"credit note {self.credit_note} is decided by {self.consignee}"


@dataclass(eq=False)
class CreditLinesDoNotAnswer(Refusal):
    credit_note: str
    difference: str
    code: ClassVar[str] = "credit-lines-do-not-answer"
    remedy: ClassVar[str] = (
        "Send it back; a corrected credit note answers each line of the debit memo once."
    )

    def __str__(self) -> str:
        return (
            f"credit note {self.credit_note} cannot be accepted as it was credited: "
            f"{self.difference}"
        )


class DebitState(StrEnum):
    """How far a debit request has come."""

    AWAITING_INVOICE = "awaiting-invoice"
    """No invoice that was accepted settles the advice that told the goods."""
    TO_BE_ASKED = "to-be-asked"
    """The next run asks for it on a debit memo."""
    ASKED = "asked"
    CREDITED = "credited"
    REPORTED = "reported"
    """On a memo under an agreement that is settled elsewhere."""


class Request(NamedTuple):
    """A debit request that a memo may ask for: its advice is settled, or nothing settles it."""

    organization: OrganizationId
    number: int
    consignor: PartyId
    agreement: AgreementId
    advice: int | None
    advice_line: int | None
    invoice: int | None
    settlement_method: str
    currency: str
    item: ItemId
    quantity: int
    price: int
    per: int
    amount: int
    tax: str = ""
    """The tax that its advice line bears, in words; empty: none."""

    @property
    def tax_amount(self) -> Minor:
        """The tax on its amount, rounded once."""
        return read_tax(self.tax).of(self.amount)


class DebitMemo(NamedTuple):
    """A debit memo drawn up, not yet numbered; each line is one request."""

    consignor: PartyId
    agreement: AgreementId
    advice: int | None
    invoice: int | None
    settlement_method: str
    currency: str
    lines: tuple[Request, ...]

    @property
    def amount(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def tax_amount(self) -> int:
        return sum(line.tax_amount for line in self.lines)


def draw_up_memos(requests: Iterable[Request]) -> Iterator[DebitMemo]:
    """One debit memo for each invoice, with a line for each request in the order they arose."""

    def key(request: Request) -> tuple[int, int, str]:
        return (request.agreement, request.advice or 0, request.currency)

    ordered = sorted(requests, key=lambda one: (key(one), one.organization, one.number))
    for _, group in groupby(ordered, key):
        lines = tuple(group)
        first = lines[0]
        yield DebitMemo(
            first.consignor, first.agreement, first.advice, first.invoice,
            first.settlement_method, first.currency, lines,
        )  # fmt: skip


def say_credited(difference: Difference) -> str:
    """A difference between a debit memo and its credit note, in both parties' figures."""
    line, what, ours, theirs = difference
    ours = "not asked for" if ours == "not advised" else ours
    return f"line {line}: {what} is {ours} by our record, {theirs} credited"


Paper = TypeVar("Paper")


def fitting(due: int, credits: Sequence[tuple[Paper, int]]) -> list[Paper]:
    """Which credits a payment of so much nets: the first ones first, each whole, as long as
    no less than nothing is paid; what does not fit waits, and a smaller one after it may fit."""
    taken = []
    for paper, amount in credits:
        if amount <= due:
            taken.append(paper)
            due -= amount
    return taken
