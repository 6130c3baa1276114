"""Figures as they are answered: amounts with their currency, ends of an age, pages of a list."""

from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

from consigned.measure.money import show_amount

Row = TypeVar("Row")

ALL: None = None
"""The limit of a list that is wanted whole."""


class Amount(NamedTuple):
    """An amount of money in minor units of its currency."""

    minor: int
    currency: str

    def __str__(self) -> str:
        return f"{show_amount(self.minor, self.currency)} {self.currency}"


class Page(NamedTuple, Generic[Row]):
    """A part of a list, and how many rows the whole of it has."""

    rows: list[Row]
    total: int


def sum_amounts(amounts: Iterable[Amount | None]) -> list[Amount]:
    """One sum for each currency; what has no amount is left out."""
    sums: dict[str, int] = {}
    for amount in amounts:
        if amount is not None:
            sums[amount.currency] = sums.get(amount.currency, 0) + amount.minor
    return [Amount(minor, currency) for currency, minor in sorted(sums.items())]
