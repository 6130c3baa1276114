"""Days and spans of days. A period holds its first day and not its end.

A billing cycle is named by the day it closes. Cycles follow one another without a gap: the
closing day moves forward by the frequency, and a monthly closing on the 31st falls on the last
day of shorter months and returns to the 31st after them.

Refuses: NotADay.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import ClassVar, NamedTuple

from consigned.measure.refusal import Refusal

DAY = timedelta(days=1)


class Frequency(StrEnum):
    """How often an advice is due (checklist O14)."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(eq=False)
class NotADay(Refusal):
    said: str
    code: ClassVar[str] = "not-a-day"
    remedy: ClassVar[str] = "Write it as 2026-03-31."

    def __str__(self) -> str:
        return f"{self.said!r} is not a day"


class Period(NamedTuple):
    """A span of days; `start` is in it, `end` is not; an open end is None."""

    start: date
    end: date | None = None

    def holds(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


class Cycle(NamedTuple):
    """One billing cycle, both days included: transactions recorded on them are on its advice."""

    starts_on: date
    closes_on: date


def parse_day(said: str) -> date:
    """Read a day written as 2026-03-31, or the day of a time written as 2026-03-31T08:15."""
    text = said.strip()
    try:
        if text[10:11] not in ("", "T", " "):
            raise ValueError
        return date.fromisoformat(text[:10])
    except ValueError:
        raise NotADay(said) from None


def add_months(day: date, months: int) -> date:
    """The same day some months on, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@lru_cache(1024)  # a batch asks for each of its agreements, and most of them close alike
def cycle_holding(day: date, first_closing: date, frequency: Frequency) -> Cycle:
    """The billing cycle in which a day falls (checklist O15, O16).

    Counted from the agreement's first closing date in both directions, so that it depends on
    the agreement alone and not on which advices were made.
    """
    match frequency:
        case Frequency.DAILY:
            return Cycle(day, day)
        case Frequency.WEEKLY:
            closes_on = day + timedelta(days=(first_closing - day).days % 7)
            return Cycle(closes_on - 6 * DAY, closes_on)
        case Frequency.MONTHLY:
            return _month_holding(day, first_closing)


def _month_holding(day: date, first_closing: date) -> Cycle:
    months = (day.year - first_closing.year) * 12 + day.month - first_closing.month
    if add_months(first_closing, months) < day:
        months += 1
    opened = add_months(first_closing, months - 1)
    return Cycle(opened + DAY, add_months(first_closing, months))
