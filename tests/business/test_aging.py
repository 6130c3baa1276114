"""Aging and the end of a term, in tables."""

from datetime import date, timedelta

import pytest

from consigned.inventory.aging import (
    Extensions,
    Fate,
    Terms,
    aged_on,
    clock_starts_on,
    due_on,
    fate,
    rolled_over,
    term_ends_on,
)

MARCH = date(2026, 3, 1)


def day(number: int) -> date:
    """Days of March 2026, and on into April."""
    return MARCH + timedelta(days=number - 1)


def terms(**said: object) -> Terms:
    plain = {
        "aging_days": None, "aging_onset": "receipt", "aged_outcome": "by-hand",
        "display_days": None, "return_by": None, "end_of_term": "", "grace_days": 0,
    }  # fmt: skip
    return Terms(**{**plain, **said})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("onset", "shipped_on", "starts_on"),
    [
        ("receipt", None, day(10)),
        ("receipt", day(2), day(10)),
        ("shipment", day(2), day(2)),
        ("shipment", None, day(10)),  # nobody announced it: the receipt is all we know
    ],
)
def test_the_clock_starts_where_the_agreement_says(onset, shipped_on, starts_on) -> None:
    assert clock_starts_on(terms(aging_onset=onset), day(10), shipped_on) == starts_on


@pytest.mark.parametrize(
    ("days", "more", "aged"),
    [
        (None, Extensions(), None),
        (30, Extensions(), day(32)),
        (0, Extensions(), day(2)),
        (30, Extensions(aging=day(60)), day(60)),
        (30, Extensions(term=day(60)), day(32)),
    ],
)
def test_goods_are_aged_on_the_first_day_after_their_days(days, more, aged) -> None:
    assert aged_on(terms(aging_days=days), day(2), None, more) == aged


@pytest.mark.parametrize(
    ("display_days", "return_by", "more", "ends_on"),
    [
        (None, None, Extensions(), None),
        (10, None, Extensions(), day(12)),
        (None, day(20), Extensions(), day(21)),  # on the twentieth they may still go back
        (10, day(20), Extensions(), day(12)),
        (30, day(20), Extensions(), day(21)),
        (30, day(20), Extensions(term=day(40)), day(40)),
    ],
)
def test_a_term_ends_with_whatever_comes_first(display_days, return_by, more, ends_on) -> None:
    said = terms(display_days=display_days, return_by=return_by)
    assert term_ends_on(said, day(2), more) == ends_on


FATES = [  # terms                                                          on       fate
    ({"aging_days": 10}, day(30), None),
    ({"aging_days": 10, "aged_outcome": "automatic"}, day(11), None),
    ({"aging_days": 10, "aged_outcome": "automatic"}, day(12), Fate.BUY),
    ({"display_days": 10, "end_of_term": "return"}, day(30), None),
    ({"display_days": 10, "end_of_term": ""}, day(30), None),
    ({"display_days": 10, "end_of_term": "convert"}, day(11), None),
    ({"display_days": 10, "end_of_term": "convert"}, day(12), Fate.BUY),
    ({"display_days": 10, "end_of_term": "convert", "grace_days": 5}, day(16), None),
    ({"display_days": 10, "end_of_term": "convert", "grace_days": 5}, day(17), Fate.BUY),
    ({"display_days": 10, "end_of_term": "roll-over"}, day(12), Fate.ROLL_OVER),
    ({"display_days": 10, "end_of_term": "donate"}, day(12), Fate.GIVE_UP),
    ({"display_days": 10, "end_of_term": "destroy"}, day(12), Fate.GIVE_UP),
]


@pytest.mark.parametrize(("said", "on", "expected"), FATES)
def test_a_run_does_only_what_was_agreed(said, on, expected) -> None:
    assert fate(terms(**said), day(2), None, Extensions(), on) is expected


def test_more_time_holds_off_what_would_be_done() -> None:
    said = terms(display_days=10, end_of_term="destroy", aging_days=5, aged_outcome="automatic")
    assert fate(said, day(2), None, Extensions(aging=day(40), term=day(40)), day(39)) is None


@pytest.mark.parametrize(
    ("ends_on", "on", "grace", "next_end"),
    [
        (day(12), day(12), 0, day(22)),
        (day(12), day(35), 0, day(42)),  # periods that nobody ran for are over too
        (day(12), day(14), 3, day(12)),
        (day(12), day(15), 3, day(22)),
    ],
)
def test_goods_roll_over_into_the_period_that_is_not_over(ends_on, on, grace, next_end) -> None:
    said = terms(display_days=10, end_of_term="roll-over", grace_days=grace)
    assert rolled_over(said, ends_on, on) == next_end
    assert due_on(said, next_end) > on
