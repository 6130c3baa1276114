"""Vouchers: what another system made of an advice that is settled there (`report-only`).

Nothing here bills such an advice. What it comes to is no accrual any more, and open elsewhere until
a voucher that was made there is recorded against it:

    advice 7 comes to 10.00      V-1 of 6.00 is recorded     4.00 is left
                                 V-2 of 4.00                 nothing is left
                                 V-3 of 1.00                 refused: nothing is left
                                 V-4 of -4.00                V-2 is taken back, 4.00 is left

An advice may come to less than nothing; so then do its vouchers. What a debit memo told of goods
that went back is settled no more. A voucher is of the whole advice: each line bears its part of it,
the last voucher what is left of each.

Refuses: NotSettledElsewhere, VoucherInOtherCurrency, MoreThanAdviceLeaves, VoucherNumberUsed,
VoucherBeforeUse, VoucheredElsewhere.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, NamedTuple

from consigned.measure.identity import OrganizationId
from consigned.measure.money import show_amount
from consigned.measure.quantity import divide_half_even
from consigned.measure.refusal import Refusal


@dataclass(eq=False)
class NotSettledElsewhere(Refusal):
    advice: str
    method: str
    code: ClassVar[str] = "not-settled-elsewhere"
    remedy: ClassVar[str] = "Correct the number of the advice; this one is billed and paid here."

    def __str__(self) -> str:
        return f"advice {self.advice} is settled by {self.method}, not by a voucher made elsewhere"


@dataclass(eq=False)
class VoucherInOtherCurrency(Refusal):
    advice: str
    currency: str
    said: str
    code: ClassVar[str] = "voucher-in-other-currency"
    remedy: ClassVar[str] = "Record what the voucher settles in the currency of the advice."

    def __str__(self) -> str:
        return f"advice {self.advice} is in {self.currency}, not in {self.said}"


@dataclass(eq=False)
class MoreThanAdviceLeaves(Refusal):
    advice: str
    advised: str
    recorded: str
    left: str
    asked: str
    code: ClassVar[str] = "more-than-advice-leaves"
    remedy: ClassVar[str] = (
        "Record what the voucher settles of this advice. A higher price is told as a price change, "
        "and the next advice tells the difference."
    )

    def __str__(self) -> str:
        return (
            f"advice {self.advice} comes to {self.advised}, vouchers of {self.recorded} are "
            f"recorded and {self.left} is left; {self.asked} asked"
        )


@dataclass(eq=False)
class VoucherNumberUsed(Refusal):
    advice: str
    number: str
    code: ClassVar[str] = "voucher-number-used"
    remedy: ClassVar[str] = (
        "A correction is another voucher under a number of its own: below zero, it takes back."
    )

    def __str__(self) -> str:
        return (
            f"voucher {self.number} was recorded against {self.advice} before, with other content"
        )


@dataclass(eq=False)
class VoucherBeforeUse(Refusal):
    voucher: str
    vouchered_on: date
    advice: str
    starts_on: date
    code: ClassVar[str] = "voucher-before-use"
    remedy: ClassVar[str] = "Correct the date of the voucher, or the advice that it names."

    def __str__(self) -> str:
        return (
            f"voucher {self.voucher} is dated {self.vouchered_on}, and advice {self.advice} tells "
            f"what was used from {self.starts_on} on"
        )


@dataclass(eq=False)
class VoucheredElsewhere(Refusal):
    advice: str
    recorded: str
    code: ClassVar[str] = "vouchered-elsewhere"
    remedy: ClassVar[str] = "Record first that the voucher was taken back, as one below zero."

    def __str__(self) -> str:
        return f"vouchers of {self.recorded} are recorded against advice {self.advice}"


class Vouchered(StrEnum):
    """Whether a row of use is vouchered here (checklist P58)."""

    TO_BE = "T"
    """An invoice of ours or of the supplier's is to settle it."""
    DONE = "V"
    """An accepted invoice settles it."""
    ERROR = "E"
    """It waits for what is missing, and every run tries it again."""
    NEVER = "N"
    """It is settled elsewhere, or there is nothing to settle."""


class OpenLine(NamedTuple):
    """A line of an advice: what it comes to less what a memo told went back, and what of that
    vouchers are recorded for."""

    line: int
    organization: OrganizationId
    advised: int
    recorded: int

    def less(self, share: int) -> "OpenLine":
        return self._replace(recorded=self.recorded + share)


def settle(advice: str, currency: str, lines: Sequence[OpenLine], amount: int) -> tuple[int, ...]:
    """What a voucher settles of each line, in their order: a part of what is left of the advice,
    or, of the other sign, a part of what was recorded. Refuses more than either."""
    left = [line.advised - line.recorded for line in lines]
    taken_back = [-line.recorded for line in lines]
    for parts in (left, taken_back):
        whole = sum(parts)
        if 0 < amount <= whole or whole <= amount < 0:
            return tuple(_shares(amount, parts))
    advised, recorded = sum(line.advised for line in lines), -sum(taken_back)
    figures = (advised, recorded, advised - recorded, amount)
    raise MoreThanAdviceLeaves(
        advice, *(f"{show_amount(one, currency)} {currency}" for one in figures)
    )


def _shares(amount: int, parts: Sequence[int]) -> Iterator[int]:
    """An amount in the proportion of some parts; all of them together, each exactly itself."""
    sign = 1 if amount > 0 else -1
    whole, so_far, given = sign * sum(parts), 0, 0
    for part in parts:
        so_far += part
        upto = divide_half_even(sign * amount * so_far, whole)
        yield upto - given
        given = upto
