"""Rates of exchange: as they are written, which one is in force, and what an amount comes to."""

from datetime import date

import pytest

from consigned.master_data.exchange_rates import (
    NotAnExchangeRate,
    Rate,
    RateMissing,
    Rates,
    convert,
    parse_rate,
    show_rate,
)

pytestmark = pytest.mark.rows("X12")


@pytest.mark.parametrize(
    ("said", "rate", "shown"),
    [
        ("1.0834", 1_083_400_000, "1.0834"),
        (" 1 ", 1_000_000_000, "1.00"),
        ("0.006667", 6_667_000, "0.006667"),
        ("0.000000001", 1, "0.000000001"),
        ("1000000", 10**15, "1000000.00"),
    ],
)
def test_a_rate_is_read_and_shown_exactly(said, rate, shown):
    assert parse_rate(said) == rate
    assert show_rate(rate) == shown


@pytest.mark.parametrize(
    "said", ["", "0", "-1", "1,1", "nothing", "0.0000000001", "1000000.1", "NaN", "1e400", "1" * 99]
)
def test_what_is_no_rate_is_refused(said):
    with pytest.raises(NotAnExchangeRate):
        parse_rate(said)


@pytest.mark.parametrize(
    ("amount", "currency", "rate", "own", "comes_to"),
    [
        (1005, "EUR", "1.08335", "USD", 1089),
        (5, "EUR", "0.1", "USD", 0),
        (15, "EUR", "0.1", "USD", 2),
        (-1005, "EUR", "1.08335", "USD", -1089),
        (1000, "JPY", "0.006667", "USD", 667),
        (667, "USD", "150", "JPY", 1000),
        (1000, "USD", "0.377", "BHD", 3770),
    ],
)
def test_an_amount_is_rounded_once_to_the_other_minor_unit(amount, currency, rate, own, comes_to):
    assert convert(amount, currency, parse_rate(rate), own) == comes_to


FIRST = Rate("ecb", "EUR", "USD", date(2026, 3, 2), parse_rate("1.08"))
SECOND = FIRST._replace(valid_from=date(2026, 3, 4), rate=parse_rate("1.10"))
RATES = Rates("ecb", "USD", {"EUR": [SECOND, FIRST]})


@pytest.mark.parametrize(("day", "rate"), [(2, FIRST), (3, FIRST), (4, SECOND), (31, SECOND)])
def test_the_latest_rate_not_after_the_day_is_in_force(day, rate):
    assert RATES.in_force("EUR", date(2026, 3, day)) == rate


@pytest.mark.parametrize(("currency", "day"), [("EUR", 1), ("CHF", 4)])
def test_without_a_rate_the_day_and_the_currencies_are_named(currency, day):
    with pytest.raises(RateMissing) as refused:
        RATES.in_force(currency, date(2026, 3, day))
    assert str(refused.value) == (
        f"no rate of kind ecb from {currency} to USD is known on 2026-03-{day:02d}"
    )
