"""GS1 numbers, worldwide names of trade items and of places: digits that end in a check digit.

    GTIN     8, 12, 13 or 14 digits     an item
    GLN      13 digits                  a site

A GTIN is the same with and without leading zeros: 012345678905 on a label, 0012345678905 in a file
and 00012345678905 in a database are one trade item. It is kept as its shortest writing.

Refuses: NotAGS1Number.
"""

import re
from dataclasses import dataclass
from typing import ClassVar

from consigned.measure.refusal import Refusal

GTIN = (8, 12, 13, 14)
GLN = (13,)


@dataclass(eq=False)
class NotAGS1Number(Refusal):
    name: str
    said: str
    why: str
    code: ClassVar[str] = "not-a-gs1-number"
    remedy: ClassVar[str] = "Copy it from the label again, or leave it empty."

    def __str__(self) -> str:
        return f"{self.said[:40]!r} is not a {self.name}: {self.why}"


def check_gtin(said: str) -> str:
    """A written GTIN as we keep it, without zeros that do not tell it apart; nothing said is
    nothing kept."""
    return _shortest(check_gs1(said, "GTIN", GTIN))


def as_gtin(said: str) -> str | None:
    """A text as the GTIN that it writes, if it writes one."""
    number = said.strip()
    if not _is_number(number, GTIN) or number[-1] != check_digit(number[:-1]):
        return None
    return _shortest(number)


def _shortest(number: str) -> str:
    digits = number.lstrip("0")
    return next((digits.zfill(most) for most in GTIN if len(digits) <= most), "") if digits else ""


def check_gs1(said: str, name: str, lengths: tuple[int, ...]) -> str:
    """A written GTIN or GLN as we keep it; nothing said is nothing kept."""
    number = said.strip()
    if not number:
        return ""
    if not _is_number(number, lengths):
        raise NotAGS1Number(name, said, _why_not(number, lengths))
    expected = check_digit(number[:-1])
    if number[-1] != expected:
        raise NotAGS1Number(name, said, f"its last digit would be {expected}")
    return number


def check_digit(digits: str) -> str:
    """The digit that ends a GS1 number: weights 3 and 1 in turn, from the right."""
    weighted = sum(
        int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))
    )
    return str(-weighted % 10)


def _is_number(said: str, lengths: tuple[int, ...]) -> bool:
    return said.isascii() and said.isdigit() and len(said) in lengths


_ROUNDED = re.compile(r"\d([.,]\d+)?[eE]\+?\d+", re.ASCII)
_WITH_DECIMALS = re.compile(r"\d+[.,]0*", re.ASCII)


def _why_not(said: str, lengths: tuple[int, ...]) -> str:
    """What is wrong with it, and what a spreadsheet did where one did it."""
    if _ROUNDED.fullmatch(said):
        return "a spreadsheet rounded it, and its last digits are lost; keep the column as text"
    if _WITH_DECIMALS.fullmatch(said):
        return "a spreadsheet made a number of it; keep the column as text"
    if said.startswith("'"):
        return "it begins with the sign by which a spreadsheet keeps a text; leave it away"
    why = f"it has {_listed(lengths)} digits and nothing else"
    longer = (said.zfill(most) for most in lengths if said.isascii() and len(said) < most)
    for number in longer if said.isdigit() else ():
        if number[-1] == check_digit(number[:-1]):
            return f"{why}; a leading zero may have been lost: {number}"
    return why


def _listed(lengths: tuple[int, ...]) -> str:
    return " or ".join(map(str, lengths))
