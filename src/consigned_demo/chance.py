"""Chance that repeats itself: the same seed and the same subject always fall the same way."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar
from zlib import crc32

Thing = TypeVar("Thing")

WHOLE = 2**32


def chance(seed: int, *subject: object) -> Random:
    """A source of chance of its own for one subject, so that no order of asking matters."""
    return Random("/".join(map(str, (seed, *subject))))


def falls(share: float, seed: int, *subject: object) -> bool:
    """Whether a subject is among the share of its kind; quick enough to ask for each till line."""
    return crc32("/".join(map(str, (seed, *subject))).encode()) < share * WHOLE


def some(
    candidates: Sequence[Thing], share: float, least: int, seed: int, *subject: object
) -> list[Thing]:
    """A share of the candidates, and not fewer than `least` where there are that many."""
    count = min(len(candidates), max(least, round(len(candidates) * share)))
    return chance(seed, *subject).sample(candidates, count)
