"""Days and spans of days. A period holds its first day and not its end.

A billing cycle is named by the day it closes. Cycles follow one another without a gap, by the
schedule alone, in both directions from its first closing day:

    daily            every day
    weekly           every 7 days
    fortnightly      every 14 days
    twice-monthly    on two days of each month, 15 days apart: the 15th and the last, or as the
                     first closing says (the 10th and the 25th)
    monthly          on one day of each month
    quarterly        on one day of every third month
    4-4-5            after 4, 4 and 5 weeks, four times a year; where it is said near which day
                     the year ends, its last cycle takes the 53rd week
    fixed-dates      on the days of the year that it names

A first closing on the last day of a month means the last day of every month. What is later than
the end of a shorter month falls on its end, and returns to its own day after it.

A written day is read here and nowhere else. It is written in full, as in ISO 8601, and nothing is
guessed: no week, no day of the year, no month without its zero. Its year is one of trade, so that
a year typed wrong does not pass as a very old day.

    2026-03-31                    the day
    2026-03-31T23:30              a time of the clock on the wall, on that day
    2026-03-31T23:30-05:00        the instant: in UTC it is the 1st of April

Refuses: InvalidDate, NotADayOfTheYear.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import ClassVar, NamedTuple

from consigned.measure.refusal import Refusal

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)

FIRST_YEAR, LAST_YEAR = 1950, 2199
"""The years of trade: what is written with another one was typed wrong."""
NEVER = date(9999, 12, 31)
"""What other systems write for an end that does not come."""

_WRITTEN = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
    r"([T ](?P<hour>\d\d):(?P<minute>\d\d)(:(?P<second>\d\d)(\.\d{1,9})?)?"
    r"(Z|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)


class Frequency(StrEnum):
    """How often an advice is due (checklist O14)."""

    DAILY = "daily"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    TWICE_MONTHLY = "twice-monthly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    WEEKS_4_4_5 = "4-4-5"
    FIXED_DATES = "fixed-dates"


@dataclass(eq=False)
class InvalidDate(Refusal):
    said: str
    why: str = ""
    code: ClassVar[str] = "invalid-date"
    remedy: ClassVar[str] = "Write it as 2026-03-31, or with a time as 2026-03-31T08:15."

    def __str__(self) -> str:
        why = f": {self.why}" if self.why else ""
        return f"{self.said[:40]!r} is not a day{why}"


@dataclass(eq=False)
class NotADayOfTheYear(Refusal):
    said: str
    code: ClassVar[str] = "invalid-day-of-year"
    remedy: ClassVar[str] = "Write month and day, as 03-31."

    def __str__(self) -> str:
        return f"{self.said!r} is not a day of every year"


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


class YearDay(NamedTuple):
    """A day of every year; 29 February is the last of February in a year without one."""

    month: int
    day: int

    def __str__(self) -> str:
        return f"{self.month:02}-{self.day:02}"

    def of(self, year: int) -> date:
        return _in_month(year, self.month, self.day)


class Schedule(NamedTuple):
    """When the cycles of an agreement close; nothing else decides it, and no run that took place
    or was missed."""

    frequency: Frequency
    first_closing_on: date
    year_days: tuple[YearDay, ...] = ()
    """The days of `fixed-dates`; for `4-4-5`, the one near which the year ends, if any is said."""


class Moment(NamedTuple):
    """A day or a time as it was written; `at` is the instant, where an offset says which one is
    meant."""

    day: date
    at: datetime | None = None
    written: str = ""

    def day_in(self, zone: tzinfo) -> date:
        """The day that it is in a zone; a time without an offset is the clock on the wall."""
        return self.at.astimezone(zone).date() if self.at else self.day

    def __str__(self) -> str:
        return self.written or self.day.isoformat()


def parse_day(said: str) -> date:
    """Read a day written as 2026-03-31, or the day of a time written as 2026-03-31T08:15."""
    return parse_moment(said).day


def parse_end(said: str) -> date | None:
    """Read the day on which something ends; nothing said, or 9999-12-31, is no end."""
    said = said.strip()
    return None if said in ("", NEVER.isoformat()) else parse_day(said)


@lru_cache(4096)  # the lines of a batch have few days
def parse_moment(said: str) -> Moment:
    """Read a day written as 2026-03-31, or a time written as 2026-03-31T08:15."""
    text = said.strip()
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise InvalidDate(said)
    year, month, day = int(written["year"]), int(written["month"]), int(written["day"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidDate(said, f"its year is not between {FIRST_YEAR} and {LAST_YEAR}")
    if not 1 <= month <= 12:
        raise InvalidDate(said, "its month is not between 01 and 12")
    if not 1 <= day <= monthrange(year, month)[1]:
        raise InvalidDate(said, f"{text[:7]} has the days 01 to {monthrange(year, month)[1]}")
    if written["hour"] is None:
        return Moment(date(year, month, day), None, text)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidDate(said, "a time goes from 00:00 to 23:59, an offset to 23:59") from None
    return Moment(at.date(), at if at.tzinfo else None, text)


def parse_year_days(said: str) -> tuple[YearDay, ...]:
    """Read days of the year written as '03-31 12-24', in their order."""
    return tuple(sorted({_parse_year_day(word) for word in said.split()}))


def _parse_year_day(word: str) -> YearDay:
    written = re.fullmatch(r"([0-9]{2})-([0-9]{2})", word)
    if written:
        day = YearDay(int(written[1]), int(written[2]))
        if 1 <= day.month <= 12 and 1 <= day.day <= monthrange(LEAP_YEAR, day.month)[1]:
            return day
    raise NotADayOfTheYear(word)


LEAP_YEAR = 2024


def add_months(day: date, months: int) -> date:
    """The same day some months on, or that month's last day where it is shorter."""
    return _in_month(day.year, day.month + months, day.day)


def _in_month(year: int, month: int, day: int) -> date:
    """A day of a month, or its last where it is shorter; months count on past the year's end."""
    years, month = divmod(year * 12 + month - 1, 12)
    return date(years, month + 1, min(day, monthrange(years, month + 1)[1]))


@lru_cache(1024)  # a batch asks for each of its agreements, and most of them close alike
def cycle_holding(day: date, schedule: Schedule) -> Cycle:
    """The billing cycle in which a day falls (checklist O15, O16).

    Counted from the schedule's first closing day in both directions, so that it depends on the
    schedule alone and not on which advices were made.
    """
    closings = sorted(set(_closings_around(day, schedule)))
    return next(
        Cycle(before + DAY, closing)
        for before, closing in pairwise(closings)
        if before < day <= closing
    )


def cycle_in(day: date, calendar: Sequence[tuple[date, Schedule]]) -> Cycle:
    """The billing cycle in which a day falls where the schedule changed, each from a day on.

    A cycle that runs when another schedule begins is cut there, and the first one of that runs
    through its first closing day; so days are in one cycle each.
    """
    at = max(place for place, (starts_on, _) in enumerate(calendar) if starts_on <= day)
    from_, schedule = calendar[at]
    starts_on, closes_on = cycle_holding(day, schedule)
    if at and day <= schedule.first_closing_on:
        starts_on, closes_on = from_, schedule.first_closing_on
    if at + 1 < len(calendar):
        closes_on = min(closes_on, calendar[at + 1][0] - DAY)
    return Cycle(max(starts_on, from_), closes_on)


def _closings_around(day: date, schedule: Schedule) -> Iterator[date]:
    """Closing days of a schedule near a day, among them the last before it and the next."""
    first = schedule.first_closing_on
    match schedule.frequency:
        case Frequency.DAILY:
            yield from (day - DAY, day)
        case Frequency.WEEKLY:
            yield from _every(WEEK, first, day)
        case Frequency.FORTNIGHTLY:
            yield from _every(2 * WEEK, first, day)
        case Frequency.TWICE_MONTHLY:
            for month in (-1, 0, 1):
                for closing in _twice_a_month(first):
                    yield _in_month(day.year, day.month + month, closing)
        case Frequency.MONTHLY:
            yield from _on_a_day_of_months(1, first, day)
        case Frequency.QUARTERLY:
            yield from _on_a_day_of_months(3, first, day)
        case Frequency.WEEKS_4_4_5:
            yield from _by_weeks(schedule, day)
        case Frequency.FIXED_DATES:
            for year in (day.year - 1, day.year, day.year + 1):
                yield from (closing.of(year) for closing in schedule.year_days)


def _every(span: timedelta, first: date, day: date) -> tuple[date, date]:
    closing = day + (first - day) % span
    return closing - span, closing


def _on_a_day_of_months(step: int, first: date, day: date) -> Iterator[date]:
    months = (day.year - first.year) * 12 + day.month - first.month
    nearest = months - months % step
    for month in (nearest - step, nearest, nearest + step):
        yield _in_month(first.year, first.month + month, _day_meant(first))


def _day_meant(first: date) -> int:
    """The day of the month that a first closing means: its own, or the last of every month."""
    return 31 if _ends_month(first) else first.day


def _twice_a_month(first: date) -> tuple[int, int]:
    """The two days of each month on which cycles close, by the first of them that does."""
    if first.day == 15 or _ends_month(first):
        return 15, 31
    earlier = first.day if first.day < 15 else first.day - 15
    return earlier, earlier + 15


def _ends_month(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


WEEKS = (4, 4, 5)


def _by_weeks(schedule: Schedule, day: date) -> Iterator[date]:
    """After 4, 4 and 5 weeks. Without a year's end the quarters repeat for ever, and the first
    closing ends the first four weeks of one; with one, the year is cut in four of them, and ends
    on the weekday of the first closing nearest to that day."""
    first = schedule.first_closing_on
    if not schedule.year_days:
        quarter, _ = _every(sum(WEEKS) * WEEK, first - WEEKS[0] * WEEK, day)
        for start in (quarter, quarter + sum(WEEKS) * WEEK):
            yield from (start + weeks * WEEK for weeks in accumulate((0, *WEEKS)))
        return
    end = schedule.year_days[0]
    for year in (day.year - 1, day.year, day.year + 1):
        start, close = _year_end(end, year - 1, first), _year_end(end, year, first)
        *ends, _ = accumulate((0, *(WEEKS * 4)))
        yield from (start + weeks * WEEK for weeks in ends)
        yield close


def _year_end(near: YearDay, year: int, first: date) -> date:
    """The day of the first closing's weekday nearest to a day of the year."""
    day = near.of(year)
    return day + ((first.weekday() - day.weekday() + 3) % 7 - 3) * DAY
