"""Quantities are exact: whole millionths of a unit, never a binary fraction.

    3       EA   is stored as 3,000,000 millionths
    0.125   KG   is stored as   125,000 millionths

A quantity travels with its unit; two quantities compare or add only in one unit. Inside the
ledger every quantity is in the item's own unit, so there it is a plain integer (`Micros`).

Refuses: InvalidQuantity, UnknownUnit.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, NewType

from consigned.measure.refusal import Refusal

Micros = NewType("Micros", int)

MICROS = 1_000_000
LARGEST = Micros(10**12 * MICROS)
"""The most one line may carry: a million million units. It keeps every sum inside 64 bits."""

ONE = Micros(MICROS)

_PLAIN_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)


@dataclass(eq=False)
class InvalidQuantity(Refusal):
    said: str
    why: str
    code: ClassVar[str] = "invalid-quantity"

    def __str__(self) -> str:
        return f"{self.said!r} is not a quantity: {self.why}"


@dataclass(eq=False)
class UnknownUnit(Refusal):
    item: str
    unit: str
    known: tuple[str, ...]
    code: ClassVar[str] = "unknown-unit"

    def __str__(self) -> str:
        return f"item {self.item} is not counted in {self.unit}; it knows {', '.join(self.known)}"


def parse_micros(said: str) -> Micros:
    """Read a written quantity ('3', '0.125', '-2') exactly, as millionths of its unit.

    Refuses what is not a plain number, has more than six decimals, or is beyond a million
    million units.
    """
    text = said.strip()
    if text.isascii() and text.isdigit() and len(text) <= 12:
        return Micros(int(text) * MICROS)
    return _parse_decimal(said, text)


def _parse_decimal(said: str, text: str) -> Micros:
    if len(text) > 28:
        raise InvalidQuantity(said[:28] + "…", "it is too long")
    number = plain_number(text)
    if number is None:
        raise InvalidQuantity(said, "write it as 3 or 0.125")
    if abs(number) > LARGEST // MICROS:
        raise InvalidQuantity(said, "it is more than a million million")
    scaled = number * MICROS
    if scaled != int(scaled):
        raise InvalidQuantity(said, "six decimals are the most that is kept")
    return Micros(int(scaled))


def plain_number(text: str) -> Decimal | None:
    """A number in digits, with a point at the most; nothing else is one ('1e5', 'NaN', '1_0').

    Of more than 28 characters none is kept, because Python would round it unasked.
    """
    return Decimal(text) if len(text) <= 28 and _PLAIN_NUMBER.fullmatch(text) else None


def show_micros(micros: int) -> str:
    """Millionths as people write them, without superfluous zeros: 1500000 is '1.5'."""
    whole, part = divmod(abs(micros), MICROS)
    digits = f"{whole}.{part:06d}".rstrip("0").rstrip(".") if part else str(whole)
    return f"-{digits}" if micros < 0 else digits


def divide_half_even(dividend: int, divisor: int) -> int:
    """Divide and round once, half to even (decision 0065); the divisor is positive."""
    quotient, rest = divmod(dividend, divisor)
    twice = 2 * rest
    if twice > divisor or (twice == divisor and quotient & 1):
        return quotient + 1
    return quotient


def convert(micros: int, one_unit_is: int) -> Micros:
    """A quantity in another unit of the item, brought to the item's own unit.

    `one_unit_is` says how many millionths of the own unit one of the other unit holds: a box of
    12 is 12,000,000. Rounded once, half to even, to a millionth of the own unit.
    """
    return Micros(divide_half_even(micros * one_unit_is, MICROS))


@dataclass(frozen=True, slots=True)
class Quantity:
    """So much of something, in a unit that never gets lost on the way."""

    micros: Micros
    unit: str

    @classmethod
    def of(cls, said: str, unit: str) -> "Quantity":
        return cls(parse_micros(said), unit)

    def __add__(self, other: "Quantity") -> "Quantity":
        return Quantity(Micros(self.micros + self._same_unit(other)), self.unit)

    def __sub__(self, other: "Quantity") -> "Quantity":
        return Quantity(Micros(self.micros - self._same_unit(other)), self.unit)

    def __lt__(self, other: "Quantity") -> bool:
        return self.micros < self._same_unit(other)

    def __le__(self, other: "Quantity") -> bool:
        return self.micros <= self._same_unit(other)

    def __bool__(self) -> bool:
        raise TypeError("ask a quantity whether it is zero: quantity.micros == 0")

    def __str__(self) -> str:
        return f"{show_micros(self.micros)} {self.unit}"

    def _same_unit(self, other: "Quantity") -> Micros:
        if self.unit != other.unit:
            raise TypeError(f"{self} and {other} have different units")
        return other.micros
