"""Figures as they are answered: amounts with their currency, ends of an age, pages of a list."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar

from consigned.measure.money import show_amount
from consigned_service.records.sql import bulk
from consigned_service.records.sql.select import Listing, Where, rows

Row = TypeVar("Row", bound=tuple)

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


def page(
    listing: Listing[Row],
    where: Where,
    *,
    order: Sequence[str],
    limit: int | None,
    offset: int = 0,
    pieces: Mapping[str, str] = MappingProxyType({}),
) -> Page[Row]:
    """A part of a list. How many rows there are is asked only where the part does not tell it."""
    found = listing.read(where, order=order, limit=limit, offset=offset, pieces=pieces)
    return Page(found, total(listing, where, len(found), limit, offset, pieces))


def total(
    listing: Listing[Row],
    where: Where,
    found: int,
    limit: int | None,
    offset: int,
    pieces: Mapping[str, str] = MappingProxyType({}),
) -> int:
    """How many rows a list has of which so many were found in a part."""
    if _is_last(found, limit, offset):
        return offset + found
    return listing.count(where, pieces=pieces)


def _is_last(found: int, limit: int | None, offset: int) -> bool:
    """Whether a part of a list with so many rows tells how long the whole is."""
    return limit is None or 0 < found < limit or (found == 0 and offset == 0)


def page_of(
    shape: type[Row], sql: str, parameters: Sequence[Any], *, limit: int | None, offset: int = 0
) -> Page[Row]:
    """A part of what a statement answers, which says its order itself."""
    part = "" if limit is None else " LIMIT %s OFFSET %s"
    found = rows(shape, f"{sql}{part}", [*parameters, *(() if limit is None else (limit, offset))])
    if _is_last(len(found), limit, offset):
        return Page(found, offset + len(found))
    ((number,),) = bulk.fetch(f"SELECT COUNT(*) FROM ({sql}) counted", parameters)
    return Page(found, number)


def sum_amounts(amounts: Iterable[Amount | None]) -> list[Amount]:
    """One sum for each currency; what has no amount is left out."""
    sums: dict[str, int] = {}
    for amount in amounts:
        if amount is not None:
            sums[amount.currency] = sums.get(amount.currency, 0) + amount.minor
    return [Amount(minor, currency) for currency, minor in sorted(sums.items())]
