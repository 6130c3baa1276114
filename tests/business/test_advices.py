from datetime import date

import pytest

from consigned.inventory.title_transfers import UseKind
from consigned.master_data.agreements import SummaryLevel
from consigned.measure.period import Cycle
from consigned.settlement.advices import Total, cancelling, draw_up, is_due
from tests.business.store import BOLT, NUT, each
from tests.business.terms import agreement, usd

NORTH, SOUTH = 1, 2
FRIDAY, NEXT_FRIDAY = date(2026, 3, 6), date(2026, 3, 13)
MON, TUE = date(2026, 3, 2), date(2026, 3, 3)

LEVELS = SummaryLevel


def total(number, organization, item, on, quantity, *, price=None, closes_on=FRIDAY, kind="sale"):
    return Total(
        organization, number, 21, closes_on, item, on, kind, price or usd(2), each(quantity)
    )


WEEK = [
    total(1, NORTH, BOLT, MON, 3),
    total(2, NORTH, BOLT, TUE, 4),
    total(3, NORTH, NUT, MON, 5),
    total(4, SOUTH, BOLT, MON, 6),
    total(5, SOUTH, BOLT, MON, 7, kind=UseKind.PRODUCTION),
]

# Each advice as (organization, item, day) with its lines as (organization, item, quantity).
SUMMARIES = [
    (LEVELS.ITEM_AND_DAY, [
        ((NORTH, BOLT, MON),    [(NORTH, BOLT, each(3))]),
        ((NORTH, BOLT, TUE),    [(NORTH, BOLT, each(4))]),
        ((NORTH, NUT, MON),     [(NORTH, NUT, each(5))]),
        ((SOUTH, BOLT, MON),    [(SOUTH, BOLT, each(13))]),
    ]),
    (LEVELS.ITEM, [
        ((NORTH, BOLT, None),   [(NORTH, BOLT, each(7))]),
        ((NORTH, NUT, None),    [(NORTH, NUT, each(5))]),
        ((SOUTH, BOLT, None),   [(SOUTH, BOLT, each(13))]),
    ]),
    (LEVELS.ORGANIZATION, [
        ((NORTH, None, None),   [(NORTH, BOLT, each(7)), (NORTH, NUT, each(5))]),
        ((SOUTH, None, None),   [(SOUTH, BOLT, each(13))]),
    ]),
    (LEVELS.ALL_ORGANIZATIONS, [
        ((None, None, None),    [(NORTH, BOLT, each(7)), (NORTH, NUT, each(5)),
                                 (SOUTH, BOLT, each(13))]),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("level", "expected"), SUMMARIES)
def test_the_agreements_level_says_what_one_advice_holds(level: SummaryLevel, expected: list):
    drawn = list(draw_up(agreement(summary_level=level), reversed(WEEK)))
    assert [
        (
            (advice.organization, advice.item, advice.happened_on),
            [(line.organization, line.item, line.quantity) for line in advice.lines],
        )
        for advice in drawn
    ] == expected


@pytest.mark.parametrize("level", SummaryLevel)
def test_at_every_level_each_total_is_told_once_and_the_amounts_agree(level: SummaryLevel):
    drawn = list(draw_up(agreement(summary_level=level), WEEK))
    told = [number for advice in drawn for line in advice.lines for number in line.totals]
    assert sorted(told) == [1, 2, 3, 4, 5]
    assert sum(advice.amount for advice in drawn) == 2 * 25 * 100
    assert {advice.cycle for advice in drawn} == {Cycle(date(2026, 2, 28), FRIDAY)}


def test_only_the_finest_level_tells_the_day_on_its_lines():
    for level in SummaryLevel:
        days = {
            line.happened_on
            for advice in draw_up(agreement(summary_level=level), WEEK)
            for line in advice.lines
        }
        assert (days == {None}) is (level is not LEVELS.ITEM_AND_DAY)


def test_prices_make_lines_of_their_own():
    totals = [
        total(1, NORTH, BOLT, MON, 3, price=usd(2)),
        total(2, NORTH, BOLT, TUE, 4, price=usd(3)),
        total(3, NORTH, BOLT, TUE, 1, price=usd(2)),
    ]
    (advice,) = draw_up(agreement(), totals)
    assert [(line.price, line.quantity, line.amount) for line in advice.lines] == [
        (usd(2), each(4), 800),
        (usd(3), each(4), 1200),
    ]
    assert advice.amount == 2000


def test_a_line_is_rounded_once_and_says_what_its_days_had_booked():
    totals = [total(n, NORTH, BOLT, MON, 1, price=usd(0.005)) for n in (1, 2, 3)]
    (advice,) = draw_up(agreement(), totals)
    (line,) = advice.lines
    assert line.amount == 2  # 1.5 cents, once
    assert line.booked == 0  # 0.5 cents, three times


def test_a_missed_run_makes_one_advice_for_each_cycle_missed_oldest_first():
    totals = [
        total(2, NORTH, BOLT, TUE, 4, closes_on=NEXT_FRIDAY),
        total(1, NORTH, BOLT, MON, 3, closes_on=FRIDAY),
    ]
    drawn = list(draw_up(agreement(), totals))
    assert [advice.cycle.closes_on for advice in drawn] == [FRIDAY, NEXT_FRIDAY]
    assert drawn[1].cycle.starts_on == date(2026, 3, 7)


def test_what_nets_to_nothing_makes_no_line_and_no_advice():
    totals = [
        total(1, NORTH, BOLT, MON, 3),
        total(2, NORTH, BOLT, MON, -3),
        total(3, NORTH, NUT, MON, 1),
    ]
    drawn = list(draw_up(agreement(summary_level=LEVELS.ORGANIZATION), totals))
    assert [line.item for advice in drawn for line in advice.lines] == [NUT]
    assert list(draw_up(agreement(), totals[:2])) == []


def test_what_nets_to_nothing_says_what_its_days_had_booked():
    third = usd(0.3333)
    totals = [
        *(total(n, NORTH, BOLT, date(2026, 3, n), 1, price=third) for n in (1, 2, 3)),
        total(4, NORTH, BOLT, date(2026, 3, 4), -3, price=third),
        total(5, NORTH, NUT, MON, 1),
    ]
    (line,) = cancelling(agreement(), totals)
    assert (line.quantity, line.amount, line.totals) == (0, 0, (1, 2, 3, 4))
    assert line.booked == -1  # 33 cents, three times, less a dollar
    assert list(cancelling(agreement(summary_level=LEVELS.ITEM_AND_DAY), totals)) == []


def test_nothing_used_is_nothing_to_advise():
    assert list(draw_up(agreement(), [])) == []


DUE = [  # closes on            grace  run for             told on             due
    (date(2014, 11, 7),          0,     date(2014, 11, 2),  date(2014, 11, 2),  False),
    (date(2014, 11, 7),          0,     date(2014, 11, 7),  date(2014, 11, 7),  False),
    (date(2014, 11, 7),          0,     date(2014, 11, 7),  date(2014, 11, 8),  True),
    (date(2014, 11, 7),          0,     date(2014, 11, 6),  date(2014, 11, 8),  False),
    (date(2014, 11, 7),          0,     date(2014, 11, 10), date(2014, 11, 10), True),
    (date(2014, 11, 7),          2,     date(2014, 11, 9),  date(2014, 11, 9),  False),
    (date(2014, 11, 7),          2,     date(2014, 11, 9),  date(2014, 11, 10), True),
    (date(2014, 11, 7),          2,     date(2014, 11, 7),  date(2014, 11, 20), False),
]  # fmt: skip


@pytest.mark.parametrize(("closes_on", "grace", "on", "today", "due"), DUE)
def test_an_advice_is_made_once_its_cycle_and_its_grace_are_over(
    closes_on: date, grace: int, on: date, today: date, due: bool
):
    agreed = agreement(advice_grace_days=grace)
    assert is_due(agreed, closes_on, on=on, today=today) is due
