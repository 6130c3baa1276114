"""On which day something is run by itself, wherever and whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from consigned.settlement.runs import slot_day

AT_FOUR = time(4)

DAYS = [  # at (UTC)           zones                                          the day of the slot
    ("2026-12-01 03:29",   ["UTC"],                                       "2026-11-30"),
    ("2026-12-01 04:00",   ["UTC"],                                       "2026-12-01"),
    ("2026-12-01 11:59",   ["America/Los_Angeles"],                       "2026-11-30"),
    ("2026-12-01 12:00",   ["America/Los_Angeles"],                       "2026-12-01"),
    ("2026-11-30 15:00",   ["Pacific/Auckland"],                          "2026-12-01"),
    ("2026-12-01 11:59",   ["Pacific/Auckland", "America/Los_Angeles"],   "2026-11-30"),
    ("2026-12-01 12:00",   ["Pacific/Auckland", "America/Los_Angeles"],   "2026-12-01"),
]  # fmt: skip


@pytest.mark.parametrize(("at", "zones", "day"), DAYS)
def test_a_slot_begins_once_its_time_has_come_everywhere(
    at: str, zones: list[str], day: str
) -> None:
    instant = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert slot_day(AT_FOUR, map(ZoneInfo, zones), instant) == date.fromisoformat(day)


@pytest.mark.parametrize("starts_at", [time(0), time(2, 30), time(4), time(23, 59)])
def test_over_zones_and_clock_changes_each_day_has_one_slot(starts_at: time) -> None:
    """None is skipped and none comes twice, where an hour is skipped or repeated."""
    start = datetime(2026, 1, 1, 12, tzinfo=UTC)
    for name in sorted(available_timezones())[::7]:
        zone = [ZoneInfo(name)]
        days = [
            slot_day(starts_at, zone, start + timedelta(hours=hour)) for hour in range(0, 8784, 3)
        ]
        steps = {later - earlier for earlier, later in pairwise(days)}
        assert steps <= {timedelta(0), timedelta(days=1)}, name
