"""GS1 numbers, worldwide names of trade items and of places: digits that end in a check digit.

    GTIN     8, 12, 13 or 14 digits     an item
    GLN      13 digits                  a site

Refuses: NotAGS1Number.
"""

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


def check_gs1(said: str, name: str, lengths: tuple[int, ...]) -> str:
    """A written GTIN or GLN as we keep it; nothing said is nothing kept."""
    number = said.strip()
    if not number:
        return ""
    if not (number.isascii() and number.isdigit() and len(number) in lengths):
        raise NotAGS1Number(name, said, f"it has {_listed(lengths)} digits and nothing else")
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


def _listed(lengths: tuple[int, ...]) -> str:
    return " or ".join(map(str, lengths))
