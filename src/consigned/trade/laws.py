"""The laws of the acts of trade, beside those of title and of settlement."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from consigned.measure.identity import label
from consigned.measure.quantity import show_micros
from consigned.title.laws import Breach


class KeptCount(NamedTuple):
    """A line of a count, and what its differences come to."""

    number: int
    counted: int
    found: int


class KeptSettlement(NamedTuple):
    """What a difference, or a part of it, was settled as, and what its entries come to."""

    number: int
    difference: int
    reason: str
    quantity: int
    posted: int


RECOUNTED = "recounted"
"""Closes a difference because another count took its place; it has no entry."""


def counts_are_told_whole(counts: Iterable[KeptCount]) -> Iterator[Breach]:
    """What a count found of each owner's goods comes to what was counted."""
    for number, counted, found in counts:
        if counted != found:
            yield Breach(
                "a difference is settled once",
                label("cnt", number),
                f"{show_micros(counted)} counted, {show_micros(found)} told to owners",
            )


def differences_are_settled_once(
    differences: Mapping[int, int], settlements: Iterable[KeptSettlement]
) -> Iterator[Breach]:
    """Each counted difference is settled once at most, and its entries come to it."""
    sums: dict[int, int] = defaultdict(int)
    for number, difference, reason, quantity, posted in settlements:
        sums[difference] += quantity
        expected = 0 if reason == RECOUNTED else quantity
        whole = differences.get(difference, 0)
        if posted != expected or quantity * whole <= 0:
            yield Breach(
                "a difference is settled once",
                label("stl", number),
                f"it settles {show_micros(quantity)} of {show_micros(whole)}; its entries come to "
                f"{show_micros(posted)}",
            )
    for difference, settled in sums.items():
        if abs(settled) > abs(differences.get(difference, 0)):
            yield Breach(
                "a difference is settled once",
                label("dif", difference),
                f"it is {show_micros(differences.get(difference, 0))}, and "
                f"{show_micros(settled)} are settled",
            )
