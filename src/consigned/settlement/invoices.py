"""Invoices: matched to the advice line by line before anything is paid (checklist O43).

One invoice answers one advice (O44). What the supplier bills is compared with what was advised:
quantity, price and amount of each line, lines billed that were never advised, and lines advised
that were not billed. An invoice that differs anywhere is held, and each difference says both
figures. Told again as it stands, it changes nothing. Whoever owes decides about it.

Refuses: InvoiceNumberUsed, AdviceAlreadySettled, NotAwaitingInvoice, UnknownAdvice,
UnknownInvoice, InvoiceDecided, NotTheirsToDecide, InvoiceIncomplete.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, NamedTuple

from consigned.measure.money import show_amount, show_price
from consigned.measure.quantity import show_micros
from consigned.measure.refusal import Refusal


@dataclass(eq=False)
class InvoiceNumberUsed(Refusal):
    consignor: str
    number: str
    code: ClassVar[str] = "invoice-number-used"
    remedy: ClassVar[str] = "A corrected invoice is a new one, under a number of its own."

    def __str__(self) -> str:
        return f"invoice {self.number} of {self.consignor} was told before with other content"


@dataclass(eq=False)
class AdviceAlreadySettled(Refusal):
    advice: str
    invoice: str
    code: ClassVar[str] = "advice-already-settled"
    remedy: ClassVar[str] = "One invoice answers one advice; correct the advice it names."

    def __str__(self) -> str:
        return f"advice {self.advice} is settled by invoice {self.invoice} already"


@dataclass(eq=False)
class NotAwaitingInvoice(Refusal):
    advice: str
    method: str
    code: ClassVar[str] = "not-awaiting-invoice"
    remedy: ClassVar[str] = "The agreement settles in another way; no invoice is expected."

    def __str__(self) -> str:
        return f"advice {self.advice} is settled by {self.method}, not by a supplier's invoice"


@dataclass(eq=False)
class UnknownAdvice(Refusal):
    said: str
    code: ClassVar[str] = "unknown-advice"
    remedy: ClassVar[str] = "Correct the number of the advice."

    def __str__(self) -> str:
        return f"no advice has the number {self.said!r}"


@dataclass(eq=False)
class UnknownInvoice(Refusal):
    said: str
    code: ClassVar[str] = "unknown-invoice"
    remedy: ClassVar[str] = "Correct the number of the invoice."

    def __str__(self) -> str:
        return f"no invoice has the number {self.said!r}"


@dataclass(eq=False)
class InvoiceDecided(Refusal):
    invoice: str
    standing: str
    asked: str
    code: ClassVar[str] = "invoice-decided"

    def __str__(self) -> str:
        return f"invoice {self.invoice} is {self.standing}; it cannot be {self.asked}"


@dataclass(eq=False)
class NotTheirsToDecide(Refusal):
    invoice: str
    consignee: str
    code: ClassVar[str] = "not-theirs-to-decide"
    remedy: ClassVar[str] = "Only the party that is billed releases or rejects an invoice."

    def __str__(self) -> str:
        return f"invoice {self.invoice} is decided by {self.consignee}"


@dataclass(eq=False)
class InvoiceIncomplete(Refusal):
    number: str
    code: ClassVar[str] = "invoice-incomplete"
    remedy: ClassVar[str] = "Correct that line and import all lines of the invoice together."

    def __str__(self) -> str:
        return f"another line of invoice {self.number} was refused, and it is taken whole or not"


class Standing(StrEnum):
    """Where an invoice stands. Each change of it is a decision that is kept."""

    STAGED = "staged"
    HELD = "held"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    PAID = "paid"


NEXT: dict[Standing, frozenset[Standing]] = {
    Standing.STAGED: frozenset({Standing.ACCEPTED, Standing.REJECTED}),
    Standing.HELD: frozenset({Standing.REJECTED}),
    Standing.ACCEPTED: frozenset({Standing.PAID}),
    Standing.REJECTED: frozenset(),
    Standing.PAID: frozenset(),
}
"""What may be decided next: a held invoice is sent back, and its correction is a new invoice."""


class Billed(NamedTuple):
    """A line of an invoice, or the line of the advice that it answers."""

    line: int
    item: str
    quantity: int
    price: int
    amount: int


class Difference(NamedTuple):
    """Where an invoice and its advice differ, in both parties' figures."""

    line: int
    what: str
    ours: str
    theirs: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.what} is {self.ours} by our record, {self.theirs} billed"


def match_invoice(
    advised: Iterable[Billed], billed: Iterable[Billed], *, advised_in: str, billed_in: str
) -> list[Difference]:
    """Compare an invoice with its advice, line by line; no difference means it agrees."""
    ours = {line.line: line for line in advised}
    differences = []
    if advised_in != billed_in:
        differences.append(Difference(0, "currency", advised_in, billed_in))
    seen: set[int] = set()
    for theirs in billed:
        line = ours.get(theirs.line)
        if line is None or theirs.line in seen:
            differences.append(Difference(theirs.line, "line", "not advised", theirs.item))
            continue
        seen.add(theirs.line)
        differences.extend(_compare(line, theirs, advised_in))
    for number in sorted(ours.keys() - seen):
        differences.append(Difference(number, "line", ours[number].item, "nothing"))
    return differences


def _compare(ours: Billed, theirs: Billed, currency: str) -> Iterator[Difference]:
    if ours.item != theirs.item:
        yield Difference(ours.line, "item", ours.item, theirs.item)
    if ours.quantity != theirs.quantity:
        yield Difference(
            ours.line, "quantity", show_micros(ours.quantity), show_micros(theirs.quantity)
        )
    if ours.price != theirs.price:
        yield Difference(ours.line, "price", show_price(ours.price), show_price(theirs.price))
    if ours.amount != theirs.amount:
        yield Difference(
            ours.line,
            "amount",
            show_amount(ours.amount, currency),
            show_amount(theirs.amount, currency),
        )
