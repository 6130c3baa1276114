from datetime import date, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consigned.measure.period import (
    DAY,
    Cycle,
    Frequency,
    InvalidDate,
    NotADayOfTheYear,
    Period,
    Schedule,
    add_months,
    cycle_holding,
    cycle_in,
    parse_day,
    parse_end,
    parse_moment,
    parse_year_days,
)

DAYS = [  # said                 day
    ("2026-03-31",               date(2026, 3, 31)),
    (" 2026-03-31 ",             date(2026, 3, 31)),
    ("2026-03-31T08:15",         date(2026, 3, 31)),
    ("2026-03-31T08:15:00Z",     date(2026, 3, 31)),
    ("2026-03-31 08:15:00",      date(2026, 3, 31)),
    ("2026-03-31T08:15:00.123",  date(2026, 3, 31)),
    ("2026-03-31T23:30-05:00",   date(2026, 3, 31)),
    ("2026-03-31T00:30:00.1234567+0530", date(2026, 3, 31)),
    ("2024-02-29",               date(2024, 2, 29)),
]  # fmt: skip


@pytest.mark.parametrize(("said", "day"), DAYS)
def test_a_written_day_is_read(said: str, day: date):
    assert parse_day(said) == day


@pytest.mark.parametrize(
    "said",
    ["", "today", "31.03.2026", "03/31/2026", "2026-3-31", "2026-02-29", "2026-13-01",
     "2026-03-311", "2026-03-31x", "0000-01-01", "٢٠٢٦-٠٣-٣١"],
)  # fmt: skip
def test_what_is_not_a_day_is_refused(said: str):
    with pytest.raises(InvalidDate):
        parse_day(said)


WHY = [  # said                what is said of it
    ("2026-02-30",             "2026-02 has the days 01 to 28"),
    ("2026-00-10",             "its month is not between 01 and 12"),
    ("0027-01-31",             "its year is not between 1950 and 2199"),
    ("2026-11-05T25:99",       "a time goes from 00:00 to 23:59"),
    ("2026-11-05T24:00",       "a time goes from 00:00 to 23:59"),
    ("2026-11-05T08:15+25:00", "an offset to 23:59"),
    ("2026-W45-4",             "is not a day$"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "why"), WHY)
def test_a_refused_day_says_what_is_wrong_with_it(said: str, why: str):
    with pytest.raises(InvalidDate, match=why):
        parse_day(said)


NEW_YORK = timezone(timedelta(hours=-5))
IN_NEW_YORK = [  # said           day
    ("2026-03-31T23:30",          date(2026, 3, 31)),
    ("2026-04-01T04:30Z",         date(2026, 3, 31)),
    ("2026-04-01T05:00+00:00",    date(2026, 4, 1)),
    ("2026-04-01T12:30+14:00",    date(2026, 3, 31)),
    ("2026-04-01",                date(2026, 4, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("said", "day"), IN_NEW_YORK)
def test_a_time_with_an_offset_is_the_instant_it_is(said: str, day: date):
    assert parse_moment(said).day_in(NEW_YORK) == day


def test_an_end_that_other_systems_put_at_the_end_of_time_is_none():
    assert parse_end("") is parse_end(" 9999-12-31 ") is None
    assert parse_end("2199-12-31") == date(2199, 12, 31)
    with pytest.raises(InvalidDate):
        parse_end("9999-12-30")
    with pytest.raises(InvalidDate):
        parse_day("9999-12-31")


@given(st.text(max_size=30) | st.from_regex(r"\A[0-9TZ:. +-]{8,30}\Z"))
def test_whatever_is_written_is_one_day_or_refused(said: str):
    try:
        day = parse_day(said)
    except InvalidDate:
        return
    assert said.strip().startswith(day.isoformat())


def test_a_period_holds_its_first_day_and_not_its_end():
    march = Period(date(2026, 3, 1), date(2026, 4, 1))
    assert not march.holds(date(2026, 2, 28))
    assert march.holds(date(2026, 3, 1))
    assert march.holds(date(2026, 3, 31))
    assert not march.holds(date(2026, 4, 1))
    assert Period(date(2026, 3, 1)).holds(date(9999, 12, 31))


MONTHS = [  # day              months  day
    (date(2026, 1, 31),        1,      date(2026, 2, 28)),
    (date(2024, 1, 31),        1,      date(2024, 2, 29)),
    (date(2026, 1, 31),        2,      date(2026, 3, 31)),
    (date(2026, 1, 31),        -1,     date(2025, 12, 31)),
    (date(2026, 3, 31),        -1,     date(2026, 2, 28)),
    (date(2026, 1, 15),        12,     date(2027, 1, 15)),
    (date(2026, 1, 15),        -25,    date(2023, 12, 15)),
    (date(2024, 2, 29),        12,     date(2025, 2, 28)),
]  # fmt: skip


@pytest.mark.parametrize(("day", "months", "then"), MONTHS)
def test_a_month_on_is_the_same_day_or_the_months_last(day: date, months: int, then: date):
    assert add_months(day, months) == then


# Weekly, first closing Friday 7 November 2014 (checklist O16).
NOVEMBER_2014 = [  # day       starts               closes
    (date(2014, 10, 31),       date(2014, 10, 25),  date(2014, 10, 31)),
    (date(2014, 11, 1),        date(2014, 11, 1),   date(2014, 11, 7)),
    (date(2014, 11, 2),        date(2014, 11, 1),   date(2014, 11, 7)),
    (date(2014, 11, 7),        date(2014, 11, 1),   date(2014, 11, 7)),
    (date(2014, 11, 8),        date(2014, 11, 8),   date(2014, 11, 14)),
    (date(2014, 11, 10),       date(2014, 11, 8),   date(2014, 11, 14)),
    (date(2014, 11, 14),       date(2014, 11, 8),   date(2014, 11, 14)),
    (date(2014, 11, 15),       date(2014, 11, 15),  date(2014, 11, 21)),
    (date(2015, 1, 1),         date(2014, 12, 27),  date(2015, 1, 2)),
]  # fmt: skip


@pytest.mark.parametrize(("day", "starts_on", "closes_on"), NOVEMBER_2014)
def test_weekly_cycles_follow_the_first_closing(day: date, starts_on: date, closes_on: date):
    assert cycle_holding(day, Schedule(Frequency.WEEKLY, date(2014, 11, 7))) == (
        starts_on,
        closes_on,
    )


MONTHLY = [  # first closing   day                 starts              closes
    (date(2026, 1, 31),        date(2026, 1, 31),  date(2026, 1, 1),   date(2026, 1, 31)),
    (date(2026, 1, 31),        date(2026, 2, 1),   date(2026, 2, 1),   date(2026, 2, 28)),
    (date(2026, 1, 31),        date(2026, 2, 28),  date(2026, 2, 1),   date(2026, 2, 28)),
    (date(2026, 1, 31),        date(2026, 3, 1),   date(2026, 3, 1),   date(2026, 3, 31)),
    (date(2026, 1, 31),        date(2026, 4, 30),  date(2026, 4, 1),   date(2026, 4, 30)),
    (date(2026, 1, 31),        date(2028, 2, 29),  date(2028, 2, 1),   date(2028, 2, 29)),
    (date(2026, 1, 31),        date(2025, 12, 31), date(2025, 12, 1),  date(2025, 12, 31)),
    (date(2026, 1, 30),        date(2026, 3, 1),   date(2026, 3, 1),   date(2026, 3, 30)),
    (date(2026, 1, 30),        date(2026, 3, 31),  date(2026, 3, 31),  date(2026, 4, 30)),
    (date(2024, 1, 29),        date(2025, 2, 28),  date(2025, 1, 30),  date(2025, 2, 28)),
    (date(2024, 1, 29),        date(2025, 3, 1),   date(2025, 3, 1),   date(2025, 3, 29)),
    (date(2024, 2, 29),        date(2025, 2, 28),  date(2025, 2, 1),   date(2025, 2, 28)),
    (date(2024, 2, 29),        date(2025, 3, 1),   date(2025, 3, 1),   date(2025, 3, 31)),
    (date(2026, 4, 30),        date(2026, 5, 30),  date(2026, 5, 1),   date(2026, 5, 31)),
    (date(2026, 3, 15),        date(2026, 3, 15),  date(2026, 2, 16),  date(2026, 3, 15)),
    (date(2026, 3, 15),        date(2026, 3, 16),  date(2026, 3, 16),  date(2026, 4, 15)),
    (date(2026, 3, 15),        date(2025, 1, 1),   date(2024, 12, 16), date(2025, 1, 15)),
]  # fmt: skip


@pytest.mark.parametrize(("first_closing", "day", "starts_on", "closes_on"), MONTHLY)
def test_monthly_cycles_keep_to_the_months_end(
    first_closing: date, day: date, starts_on: date, closes_on: date
):
    assert cycle_holding(day, Schedule(Frequency.MONTHLY, first_closing)) == (starts_on, closes_on)


def test_a_daily_cycle_is_its_day():
    day = date(2026, 3, 3)
    assert cycle_holding(day, Schedule(Frequency.DAILY, date(2026, 1, 1))) == Cycle(day, day)


def closings(schedule: Schedule, day: date, how_many: int) -> list[str]:
    """The days on which the cycles close from one day on."""
    closed = []
    for _ in range(how_many):
        day = cycle_holding(day, schedule).closes_on
        closed.append(f"{day:%Y-%m-%d}")
        day += DAY
    return closed


OTHERS = [  # frequency        first closing     days of the year  closes on
    (Frequency.FORTNIGHTLY,    "2026-01-09",     "",
     ["2026-01-09", "2026-01-23", "2026-02-06", "2026-02-20"]),
    (Frequency.TWICE_MONTHLY,  "2026-01-15",     "",
     ["2026-01-15", "2026-01-31", "2026-02-15", "2026-02-28", "2026-03-15"]),
    (Frequency.TWICE_MONTHLY,  "2026-02-28",     "",
     ["2026-01-15", "2026-01-31", "2026-02-15", "2026-02-28", "2026-03-15", "2026-03-31"]),
    (Frequency.TWICE_MONTHLY,  "2026-01-25",     "",
     ["2026-01-10", "2026-01-25", "2026-02-10", "2026-02-25"]),
    (Frequency.TWICE_MONTHLY,  "2026-01-14",     "",
     ["2026-01-14", "2026-01-29", "2026-02-14", "2026-02-28", "2026-03-14", "2026-03-29"]),
    (Frequency.QUARTERLY,      "2025-11-30",     "",
     ["2026-02-28", "2026-05-31", "2026-08-31", "2026-11-30"]),
    (Frequency.QUARTERLY,      "2026-03-20",     "",
     ["2026-03-20", "2026-06-20", "2026-09-20"]),
    (Frequency.WEEKS_4_4_5,    "2026-01-31",     "",
     ["2026-01-03", "2026-01-31", "2026-02-28", "2026-04-04", "2026-05-02", "2026-05-30"]),
    (Frequency.FIXED_DATES,    "2026-03-31",     "12-24 03-31 02-29",
     ["2026-02-28", "2026-03-31", "2026-12-24", "2027-02-28"]),
]  # fmt: skip


@pytest.mark.parametrize(("frequency", "first_closing", "said", "closes"), OTHERS)
def test_other_cycles_close_on_their_days(
    frequency: Frequency, first_closing: str, said: str, closes: list[str]
):
    schedule = Schedule(frequency, date.fromisoformat(first_closing), parse_year_days(said))
    assert closings(schedule, date(2026, 1, 1), len(closes)) == closes


def test_a_year_of_weeks_takes_the_fifty_third_where_it_must():
    """The retail calendar: Saturdays, the year ending on the one nearest to 31 January."""
    schedule = Schedule(Frequency.WEEKS_4_4_5, date(2026, 2, 28), parse_year_days("01-31"))
    year = closings(schedule, date(2023, 1, 29), 24)
    assert year[:3] == ["2023-02-25", "2023-03-25", "2023-04-29"]
    assert year[9:13] == ["2023-11-25", "2023-12-23", "2024-02-03", "2024-03-02"]
    assert year[23] == "2025-02-01"


@pytest.mark.parametrize("said", ["31.03", "13-01", "02-30", "3-31", "2026-03-31", "00-10", "x"])
def test_what_is_not_a_day_of_every_year_is_refused(said: str):
    with pytest.raises(NotADayOfTheYear):
        parse_year_days(f"06-30 {said}")


SCHEDULES = st.builds(
    Schedule,
    st.sampled_from([one for one in Frequency if one is not Frequency.FIXED_DATES]),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.just(()),
)
CALENDARS = st.lists(
    st.tuples(st.dates(date(2026, 1, 1), date(2026, 12, 31)), SCHEDULES),
    min_size=1, max_size=4, unique_by=lambda one: one[0],
)  # fmt: skip


@settings(max_examples=30)
@given(changes=CALENDARS, first=SCHEDULES)
def test_each_day_is_in_one_cycle_however_often_the_schedule_changes(
    changes: list[tuple[date, Schedule]], first: Schedule
):
    """Cycles follow one another without a gap or an overlap, across every amendment."""
    calendar = [(date.min, first), *sorted(changes, key=lambda one: one[0])]
    begins = {starts_on for starts_on, _ in calendar[1:]}
    day, end = date(2025, 12, 1), date(2027, 2, 28)
    before = cycle_in(day, calendar)
    while day < end:
        day += timedelta(days=1)
        cycle = cycle_in(day, calendar)
        assert cycle.starts_on <= day <= cycle.closes_on
        assert cycle == before or cycle.starts_on == before.closes_on + timedelta(days=1) == day
        if day in begins:
            assert cycle.starts_on == day, "an amendment begins a cycle"
        before = cycle


def test_the_first_cycle_of_an_amendment_runs_through_its_first_closing():
    weekly = Schedule(Frequency.WEEKLY, date(2026, 3, 8))
    monthly = Schedule(Frequency.MONTHLY, date(2026, 4, 30))
    calendar = [(date.min, weekly), (date(2026, 3, 30), monthly)]
    assert cycle_in(date(2026, 3, 29), calendar) == (date(2026, 3, 23), date(2026, 3, 29))
    assert cycle_in(date(2026, 3, 30), calendar) == (date(2026, 3, 30), date(2026, 4, 30))
    assert cycle_in(date(2026, 5, 1), calendar) == (date(2026, 5, 1), date(2026, 5, 31))
