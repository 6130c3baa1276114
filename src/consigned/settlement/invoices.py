"""Invoices: matched to the advice line by line before anything is paid (checklist O43).

One invoice answers one advice (O44). Its number is its consignor's, and begins anew with the year.
What the supplier bills is compared with what was advised: quantity, price, amount and tax of each
line, lines billed that were never advised, and lines advised that were not billed. An invoice that
differs by more than the agreement tolerates is held, and each difference says both figures. Told
again as it stands, it changes nothing. Whoever owes decides about it: sends it back, disputes it
with what its own record says, or accepts it as it was billed.

    tolerated: quantity=2% price=1% amount=5.00
    100 at 1.25, 125.00 advised     100 at 1.26, 126.00 billed     accepted, 1.00 more than advised
                                    100 at 1.27, 127.00 billed     held

A percentage is of what was advised; `amount` is the most that one line may differ by, in money. Tax
follows from the amount that is billed; `tax` is the most by which a line's may differ from that,
for suppliers that round otherwise. What was not said to be taxed is billed without tax.

Refuses: InvoiceNumberUsed, SeveralAdvicesNamed, AdviceAlreadySettled, NotAwaitingInvoice,
UnknownAdvice, UnknownInvoice, InvoiceDecided, NotTheirsToDecide,
LinesDoNotAnswer, NotATolerance, DatedBeforeUse.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar, NamedTuple

from consigned.master_data.taxes import Tax, read_tax
from consigned.measure.money import Price, parse_amount, show_amount, show_price
from consigned.measure.quantity import MICROS, parse_micros, show_micros
from consigned.measure.refusal import Refusal


@dataclass(eq=False)
class InvoiceNumberUsed(Refusal):
    consignor: str
    number: str
    year: int
    code: ClassVar[str] = "invoice-number-used"
    remedy: ClassVar[str] = "A corrected invoice is a new one, under a number of its own."

    def __str__(self) -> str:
        return (
            f"invoice {self.number} ({self.year}) of {self.consignor} was told before with other "
            "content"
        )


@dataclass(eq=False)
class SeveralAdvicesNamed(Refusal):
    invoice: str
    advices: tuple[str, ...]
    code: ClassVar[str] = "several-advices-named"
    remedy: ClassVar[str] = (
        "One invoice answers one advice: enter what it bills of each under a number of its own, "
        "as 7/1 and 7/2."
    )

    def __str__(self) -> str:
        return f"invoice {self.invoice} names the advices {' and '.join(self.advices)}"


@dataclass(eq=False)
class AdviceAlreadySettled(Refusal):
    advice: str
    invoice: str
    code: ClassVar[str] = "advice-already-settled"
    remedy: ClassVar[str] = "One invoice answers one advice; correct the advice it names."

    def __str__(self) -> str:
        return f"advice {self.advice} is settled by invoice {self.invoice} already"


@dataclass(eq=False)
class DatedBeforeUse(Refusal):
    invoice: str
    invoiced_on: date
    advice: str
    starts_on: date
    code: ClassVar[str] = "dated-before-use"
    remedy: ClassVar[str] = "Correct the date of the invoice, or the advice that it names."

    def __str__(self) -> str:
        return (
            f"invoice {self.invoice} is dated {self.invoiced_on}, and advice {self.advice} tells "
            f"what was used from {self.starts_on} on"
        )


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
class LinesDoNotAnswer(Refusal):
    invoice: str
    difference: str
    code: ClassVar[str] = "lines-do-not-answer"
    remedy: ClassVar[str] = (
        "Send it back; a corrected invoice answers each line of the advice once."
    )

    def __str__(self) -> str:
        return f"invoice {self.invoice} cannot be accepted as it was billed: {self.difference}"


@dataclass(eq=False)
class NotATolerance(Refusal):
    said: str
    code: ClassVar[str] = "not-a-tolerance"
    remedy: ClassVar[str] = "Write it as in quantity=2% price=1% amount=5.00 tax=0.02."

    def __str__(self) -> str:
        return f"{self.said!r} does not say by how much an invoice may differ"


class Standing(StrEnum):
    """Where an invoice stands. Each change of it is a decision that is kept."""

    STAGED = "staged"
    HELD = "held"
    DISPUTED = "disputed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    PAID = "paid"


NEXT: dict[Standing, frozenset[Standing]] = {
    Standing.STAGED: frozenset({Standing.ACCEPTED, Standing.REJECTED}),
    Standing.HELD: frozenset({Standing.ACCEPTED, Standing.DISPUTED, Standing.REJECTED}),
    Standing.DISPUTED: frozenset({Standing.ACCEPTED, Standing.REJECTED}),
    Standing.ACCEPTED: frozenset({Standing.PAID}),
    Standing.REJECTED: frozenset(),
    Standing.PAID: frozenset(),
}
"""What may be decided next. An invoice that was sent back is corrected by a new one."""

WAITS = frozenset({Standing.HELD, Standing.DISPUTED})
"""Where an invoice stands that differs from its advice, and that nobody has settled yet."""


class Billed(NamedTuple):
    """A line of an invoice, or the line of the advice that it answers.

    The price is for `per` millionths of the unit; an invoice that does not say it (0) has it for as
    many as the advice. The amount is without tax.
    """

    line: int
    item: str
    quantity: int
    price: int
    amount: int
    per: int = 0
    tax_amount: int = 0


class Difference(NamedTuple):
    """Where an invoice and its advice differ, in both parties' figures."""

    line: int
    what: str
    ours: str
    theirs: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.what} is {self.ours} by our record, {self.theirs} billed"

    @property
    def is_of_figures(self) -> bool:
        """Whether the invoice answers the line, and only says other figures."""
        return self.what in ("quantity", "price", "amount", "tax")


class Tolerance(NamedTuple):
    """By how much an invoice's line may differ from the advice's and still be accepted."""

    quantity: int = 0
    """In percent of what was advised, in millionths."""
    price: int = 0
    amount: int | None = None
    """In the currency's smallest unit; if none is said, as far as quantity and price allow."""
    tax: int = 0
    """In the currency's smallest unit, from the tax of the amount that is billed."""


NO_TOLERANCE = Tolerance()


def read_tolerance(said: str, currency: str) -> Tolerance:
    """Read a tolerance as an agreement says it: `quantity=2% price=1% amount=5.00 tax=0.02`."""
    found: dict[str, int] = {}
    for word in said.split():
        name, _, much = word.partition("=")
        if name in found or name not in Tolerance._fields:
            raise NotATolerance(said)
        try:
            if name in ("amount", "tax"):
                found[name] = parse_amount(much, currency)
            elif much.endswith("%"):
                found[name] = parse_micros(much.removesuffix("%"))
            else:
                raise NotATolerance(said)
        except Refusal:
            raise NotATolerance(said) from None
        if found[name] < 0:
            raise NotATolerance(said)
    return Tolerance(**found)


class Matched(NamedTuple):
    """What differs, and what differs by no more than was agreed on."""

    differences: list[Difference]
    tolerated: list[Difference]


def match_invoice(
    advised: Iterable[Billed],
    billed: Iterable[Billed],
    *,
    advised_in: str,
    billed_in: str,
    tolerance: Tolerance = NO_TOLERANCE,
    taxes: Mapping[int, str] = MappingProxyType({}),
) -> Matched:
    """Compare an invoice with its advice, line by line; no difference means it agrees. `taxes` says
    by which tax a line of the advice is taxed, where it is."""
    ours = {line.line: line for line in advised}
    differences: list[Difference] = []
    tolerated: list[Difference] = []
    if advised_in != billed_in:
        differences.append(Difference(0, "currency", advised_in, billed_in))
    seen: set[int] = set()
    for theirs in billed:
        line = ours.get(theirs.line)
        if line is None or theirs.line in seen:
            differences.append(Difference(theirs.line, "line", "not advised", theirs.item))
            continue
        seen.add(theirs.line)
        found = list(_compare(line, theirs, advised_in))
        is_tolerated = (
            advised_in == billed_in
            and _is_tolerated(line, theirs, tolerance, billed_in)
            and _is_tax_near(theirs, read_tax(taxes.get(line.line, "")), tolerance)
        )
        (tolerated if is_tolerated else differences).extend(found)
    for number in sorted(ours.keys() - seen):
        differences.append(Difference(number, "line", ours[number].item, "nothing"))
    return Matched(differences, tolerated)


def _is_tolerated(ours: Billed, theirs: Billed, tolerance: Tolerance, currency: str) -> bool:
    """Whether a line's figures are near enough: each by itself, and what they come to together."""
    per = ours.per or MICROS
    their_per = theirs.per or per
    if ours.item != theirs.item or not _is_near(ours.quantity, theirs.quantity, tolerance.quantity):
        return False
    if not _is_near(ours.price * their_per, theirs.price * per, tolerance.price):
        return False
    difference = abs(theirs.amount - ours.amount)
    if tolerance.amount is not None:
        return difference <= tolerance.amount
    return difference == 0 or theirs.amount == Price(theirs.price, currency, their_per).extend(
        theirs.quantity
    )


def _is_tax_near(theirs: Billed, tax: Tax, tolerance: Tolerance) -> bool:
    """Whether the tax of a line is what its code makes of the amount that is billed."""
    return abs(theirs.tax_amount - tax.of(theirs.amount)) <= tolerance.tax


def _is_near(ours: int, theirs: int, percent: int) -> bool:
    """Whether two figures differ by no more than so many millionths of a percent of ours."""
    return abs(theirs - ours) * 100 * MICROS <= abs(ours) * percent


def _compare(ours: Billed, theirs: Billed, currency: str) -> Iterator[Difference]:
    if ours.item != theirs.item:
        yield Difference(ours.line, "item", ours.item, theirs.item)
    if ours.quantity != theirs.quantity:
        yield Difference(
            ours.line, "quantity", show_micros(ours.quantity), show_micros(theirs.quantity)
        )
    per = ours.per or MICROS
    their_per = theirs.per or per
    if ours.price * their_per != theirs.price * per:
        yield Difference(
            ours.line, "price", _show_price(ours.price, per), _show_price(theirs.price, their_per)
        )
    if ours.amount != theirs.amount:
        yield Difference(
            ours.line,
            "amount",
            show_amount(ours.amount, currency),
            show_amount(theirs.amount, currency),
        )
    if ours.tax_amount != theirs.tax_amount:
        yield Difference(
            ours.line,
            "tax",
            show_amount(ours.tax_amount, currency),
            show_amount(theirs.tax_amount, currency),
        )


def _show_price(price: int, per: int) -> str:
    return show_price(price) if per == MICROS else f"{show_price(price)} per {show_micros(per)}"
