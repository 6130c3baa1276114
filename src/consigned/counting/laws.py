"""The laws of the acts of trade, beside those of title and of settlement."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from consigned.measure.identity import label
from consigned.measure.quantity import show_micros
from consigned.title.laws import Broken, law


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
    takes_back: int | None = None


class KeptEvening(NamedTuple):
    """A line of a count that stands: what is kept of the book on its evening, and what it was as
    it is known now, without what the count itself was settled as."""

    number: int
    kept: int
    known: int


RECOUNTED = "recounted"
"""Closes a difference because another count took its place; it has no entry."""


@law(
    "a count is held against its evening",
    "The book of a counted evening, with all in it that happened by then, however late it was "
    "recorded, and what was settled come to what was counted, but for what is still open.",
)
def counts_are_held_against_their_evening(lines: Iterable[KeptEvening]) -> Iterator[Broken]:
    """A count is held against the book on its evening with everything in it that happened by then,
    however late it was told."""
    for number, kept, known in lines:
        if kept != known:
            yield (
                label("cnt", number),
                f"the book of that evening is {show_micros(known)}, and the count is held against "
                f"{show_micros(kept)}",
            )


@law(
    "a difference is settled once",
    "Each counted difference is settled once at most, and its entries come to it; what was "
    "recorded since and explains it takes its settlement back, but for what was found and had "
    "left by then, and for what was written off and had come back.",
)
def differences_are_settled_once(
    differences: Mapping[int, int],
    settlements: Iterable[KeptSettlement],
    gone: Callable[[int], int] = lambda difference: 0,
    came_back: Callable[[int], int] = lambda difference: 0,
) -> Iterator[Broken]:
    """Each counted difference is settled once at most, and its entries come to it.

    `differences` are as they are known now. Where what was told since explains what was settled,
    that is taken back; but what was found cannot be lost again when it had left by then. `gone`
    answers how much of what a difference was found as had left, and so stands beside what explains
    it; and `came_back` how much of what it was written off as somebody had brought back before, so
    that it cannot be taken back once more.
    """
    told = {one.number: one for one in settlements}
    sums: dict[int, int] = defaultdict(int)
    taken: dict[int, int] = defaultdict(int)
    for one in told.values():
        sums[one.difference] += one.quantity
        if one.takes_back is not None:
            taken[one.takes_back] += one.quantity
    for number, difference, reason, quantity, posted, takes_back in told.values():
        expected = 0 if reason == RECOUNTED else quantity
        before = told.get(takes_back) if takes_back is not None else None
        if posted != expected or not quantity:
            yield (
                label("stl", number),
                f"it settles {show_micros(quantity)}; its entries come to {show_micros(posted)}",
            )
        if takes_back is not None and (before is None or before.difference != difference):
            yield (
                label("stl", number),
                f"it takes back {label('stl', takes_back)}, which does not settle that difference",
            )
        if abs(taken[number] + quantity) > abs(quantity) or (
            taken[number] and (taken[number] > 0) is (quantity > 0)
        ):
            yield (
                label("stl", number),
                f"{show_micros(taken[number])} of its {show_micros(quantity)} are taken back",
            )
    for difference, settled in sums.items():
        whole = differences.get(difference, 0)
        beyond = settled - max(0, whole)
        below = min(0, whole) - settled
        if (below > 0 and below > came_back(difference)) or (
            beyond > 0 and beyond > gone(difference)
        ):
            yield (
                label("dif", difference),
                f"it is {show_micros(whole)}, and {show_micros(settled)} are settled",
            )


@differences_are_settled_once.checked_by
def counts_are_told_whole(counts: Iterable[KeptCount]) -> Iterator[Broken]:
    """What a count found of each owner's goods comes to what was counted."""
    for number, counted, found in counts:
        if counted != found:
            yield (
                label("cnt", number),
                f"{show_micros(counted)} counted, {show_micros(found)} told to owners",
            )
