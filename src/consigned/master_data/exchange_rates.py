"""What a currency is worth in an organization's own: the rate of the day (checklist X12).

A rate of some kind, as a bank publishes it, holds from its day until the next one of its kind. An
agreement settles in its own currency; where that is not the organization's, the rate in force on
the day of consumption is kept with the transfer of title, so that the organization can read its
books in its own currency. Rates are whole billionths.

    1.0834 USD for one EUR is a rate of 1,083,400,000

Refuses: NotAnExchangeRate, RateMissing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, NamedTuple

from consigned.measure.money import MINOR_DIGITS, Minor
from consigned.measure.quantity import divide_half_even, plain_number
from consigned.measure.refusal import Refusal

BILLION = 10**9
LARGEST_RATE = 10**6 * BILLION


@dataclass(eq=False)
class NotAnExchangeRate(Refusal):
    said: str
    code: ClassVar[str] = "not-an-exchange-rate"
    remedy: ClassVar[str] = (
        "Write it as 1.0834: above zero, nine decimals at the most, a million at the most."
    )

    def __str__(self) -> str:
        return f"{self.said[:40]!r} is not a rate of exchange"


@dataclass(eq=False)
class RateMissing(Refusal):
    kind: str
    currency: str
    functional_currency: str
    on: date
    code: ClassVar[str] = "rate-missing"
    remedy: ClassVar[str] = "Import a rate that holds on that day, then resubmit."

    def __str__(self) -> str:
        return (
            f"no rate of kind {self.kind} from {self.currency} to {self.functional_currency} is "
            f"known "
            f"on {self.on}"
        )


class Rate(NamedTuple):
    """What one unit of a currency is worth in an organization's own, from a day on."""

    kind: str
    currency: str
    functional_currency: str
    valid_from: date
    rate: int


class Rates(NamedTuple):
    """The rates that an organization keeps with what is used, by currency."""

    kind: str
    functional_currency: str
    told: Mapping[str, Sequence[Rate]]

    def in_force(self, currency: str, day: date) -> Rate:
        """The latest rate not after a day, or a refusal where none is known."""
        known = [one for one in self.told.get(currency, ()) if one.valid_from <= day]
        if not known:
            raise RateMissing(self.kind, currency, self.functional_currency, day)
        return max(known, key=lambda one: one.valid_from)

    def are_kept_of(self, currency: str) -> bool:
        return currency != self.functional_currency


def parse_rate(said: str) -> int:
    """Read a written rate ('1.0834') exactly, as billionths."""
    number = plain_number(said.strip())
    scaled = Decimal(0) if number is None else number * BILLION
    if scaled != int(scaled) or not 0 < scaled <= LARGEST_RATE:
        raise NotAnExchangeRate(said)
    return int(scaled)


def show_rate(rate: int) -> str:
    """A rate with at least two decimals and no superfluous zeros: '1.10', '0.006667'."""
    whole, part = divmod(rate, BILLION)
    return f"{whole}.{f'{part:09d}'.rstrip('0').ljust(2, '0')}"


def convert(amount: int, currency: str, rate: int, functional_currency: str) -> Minor:
    """An amount in the organization's currency, rounded once, half to even."""
    above = amount * rate * 10 ** MINOR_DIGITS[functional_currency]
    return Minor(divide_half_even(above, BILLION * 10 ** MINOR_DIGITS[currency]))
