"""What is counted is counted exactly, whatever the numbers and the days."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given
from hypothesis import strategies as st

from consigned.accounting.accruals import growth
from consigned.accounting.costs import OwnedCost
from consigned.master_data.agreements import SummaryLevel
from consigned.master_data.parties import Organization
from consigned.measure.money import (
    MINOR_DIGITS,
    Price,
    parse_amount,
    parse_price,
    show_amount,
    show_price,
)
from consigned.measure.period import (
    DAY,
    Frequency,
    Schedule,
    YearDay,
    add_months,
    cycle_holding,
)
from consigned.measure.quantity import LARGEST, divide_half_even, parse_micros, show_micros
from consigned.settlement.advices import draw_up
from tests.business.terms import agreement
from tests.business.test_advices import total
from tests.laws.profiles import LAWS

micros = st.integers(-LARGEST, LARGEST)
currencies = st.sampled_from(sorted(MINOR_DIGITS))
prices = st.builds(
    Price,
    st.integers(0, 10**12),
    st.sampled_from(["USD", "JPY", "KWD"]),
    st.sampled_from([1_000_000, 3_000_000, 12_000_000, 333_333]),
)
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))
year_days = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda d: YearDay(d.month, d.day))


@st.composite
def schedules(draw) -> Schedule:
    """A schedule of any frequency; its first closing is one of its own closings."""
    frequency, first = draw(st.sampled_from(Frequency)), draw(days)
    named: tuple[YearDay, ...] = ()
    if frequency is Frequency.FIXED_DATES:
        named = tuple(sorted(draw(st.sets(year_days, min_size=1, max_size=15))))
    if frequency is Frequency.WEEKS_4_4_5 and draw(st.booleans()):
        named = (draw(year_days),)
    said = Schedule(frequency, first, named)
    return said._replace(first_closing_on=cycle_holding(first, said).closes_on) if named else said


@LAWS
@given(micros)
def test_a_quantity_shown_is_read_back_the_same(quantity: int):
    assert parse_micros(show_micros(quantity)) == quantity


@LAWS
@given(st.integers(-(10**15), 10**15), currencies)
def test_an_amount_shown_is_read_back_the_same(minor: int, currency: str):
    assert parse_amount(show_amount(minor, currency), currency) == minor


@LAWS
@given(st.integers(0, 10**15))
def test_a_price_shown_is_read_back_the_same(price: int):
    assert parse_price(show_price(price)) == price


@LAWS
@given(st.integers(), st.integers(1))
def test_division_rounds_as_exact_fractions_do(dividend: int, divisor: int):
    assert divide_half_even(dividend, divisor) == round(Fraction(dividend, divisor))


@LAWS
@given(micros, prices)
def test_an_amount_is_within_half_a_minor_unit_of_the_truth_and_turns_with_its_sign(
    quantity: int, price: Price
):
    truth = Fraction(quantity * price.micros * 10 ** MINOR_DIGITS[price.currency])
    truth /= price.per * 1_000_000
    assert abs(price.extend(quantity) - truth) <= Fraction(1, 2)
    assert price.extend(-quantity) == -price.extend(quantity)


@LAWS
@given(prices, st.lists(st.integers(-(10**9), 10**9), max_size=20))
def test_the_steps_of_a_total_sum_to_the_rounded_whole(price: Price, steps: list[int]):
    reached = [sum(steps[:upto]) for upto in range(len(steps) + 1)]
    booked = sum(growth(price, *pair) for pair in pairwise(reached))
    assert booked == price.extend(sum(steps))


@LAWS
@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=12), st.integers(0, 10**9))
def test_the_parts_of_a_layer_cost_what_the_layer_cost(parts: list[int], cost: int):
    owned = OwnedCost(1, 2, sum(parts), cost, "USD")
    taken = [owned.take(part) for part in parts]
    assert sum(taken) == cost
    assert min(taken) >= 0
    assert (owned.quantity, owned.cost) == (0, 0)


@LAWS
@given(days, schedules())
def test_every_day_falls_in_one_cycle_and_cycles_follow_without_a_gap(day, schedule):
    cycle = cycle_holding(day, schedule)
    assert cycle.starts_on <= day <= cycle.closes_on
    assert cycle_holding(cycle.starts_on, schedule) == cycle
    assert cycle_holding(cycle.closes_on, schedule) == cycle
    assert cycle_holding(cycle.closes_on + DAY, schedule).starts_on == cycle.closes_on + DAY


@LAWS
@given(schedules())
def test_the_first_closing_closes_a_cycle(schedule):
    first = schedule.first_closing_on
    assert cycle_holding(first, schedule).closes_on == first


LONGEST = {  # the days of the longest cycle of each frequency
    Frequency.DAILY: 1, Frequency.WEEKLY: 7, Frequency.FORTNIGHTLY: 14,
    Frequency.TWICE_MONTHLY: 17, Frequency.MONTHLY: 31, Frequency.QUARTERLY: 92,
    Frequency.WEEKS_4_4_5: 42, Frequency.FIXED_DATES: 366,
}  # fmt: skip


@LAWS
@given(days, schedules())
def test_no_cycle_is_longer_than_its_frequency_says(day, schedule):
    cycle = cycle_holding(day, schedule)
    assert (cycle.closes_on - cycle.starts_on).days < LONGEST[schedule.frequency]


@LAWS
@given(
    st.integers(1990, 2090), st.integers(1, 12), days,
    st.sampled_from([Frequency.TWICE_MONTHLY, Frequency.MONTHLY]),
)  # fmt: skip
def test_a_month_end_stays_one(year, month, day, often):
    first = add_months(date(year, month, 1), 1) - DAY
    last_of_month = add_months(day.replace(day=1), 1) - DAY
    assert cycle_holding(last_of_month, Schedule(often, first)).closes_on == last_of_month


@LAWS
@given(days, st.integers(-600, 600))
def test_months_on_keep_the_day_or_end_the_month(day: date, months: int):
    then = add_months(day, months)
    assert (then.year - day.year) * 12 + then.month - day.month == months
    assert then.day == day.day or (then.day < day.day and (then + DAY).day == 1)


used = st.builds(
    total,
    st.just(0),
    st.integers(1, 3),
    st.integers(1, 3),
    st.integers(0, 6).map(lambda n: date(2026, 2, 28) + timedelta(days=n)),
    st.sampled_from([1, 2, 0.5, 0.25]),
    price=st.sampled_from([Price(5_000, "USD"), Price(10_000_000, "USD", 3_000_000)]),
    kind=st.sampled_from(["sale", "production"]),
)


@LAWS
@given(st.lists(used, max_size=15), st.sampled_from(SummaryLevel))
def test_at_every_level_each_total_is_told_once_and_the_quantities_agree(totals, level):
    totals = [each._replace(number=number) for number, each in enumerate(totals)]
    drawn = list(draw_up(agreement(summary_level=level), totals))
    lines = [line for advice in drawn for line in advice.lines]
    assert sorted(number for line in lines for number in line.totals) == list(range(len(totals)))
    assert sum(line.quantity for line in lines) == sum(each.quantity for each in totals)
    assert sum(line.booked for line in lines) == sum(
        each.price.extend(each.quantity) for each in totals
    )
    for line in lines:
        told = [totals[number] for number in line.totals]
        assert {(each.organization, each.item, each.price) for each in told} == {
            (line.organization, line.item, line.price)
        }
        assert line.amount == line.price.extend(line.quantity)


zones = st.sampled_from(sorted(available_timezones()))
instants = st.timedeltas(timedelta(0), timedelta(days=365 * 18)).map(
    lambda since: datetime(2020, 1, 1, tzinfo=UTC) + since
)


@LAWS
@given(zones, instants, st.timedeltas(timedelta(0), timedelta(days=2)))
def test_the_day_of_an_organization_never_falls_and_is_near_that_of_everybody(name, at, later):
    """Whatever the clocks do: forward, back, over the date line."""
    shop = Organization(1, "S1", 1, "USD", "own-first", zone=ZoneInfo(name))
    assert shop.day_of(at) <= shop.day_of(at + later)
    assert abs(shop.day_of(at) - at.date()) <= DAY
