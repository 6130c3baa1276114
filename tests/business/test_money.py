import pytest

from consigned.measure.money import (
    MINOR_DIGITS,
    WITHDRAWN,
    CurrencyWithdrawn,
    InvalidAmount,
    Price,
    UnknownCurrency,
    check_currency,
    parse_amount,
    parse_price,
    show_amount,
    show_price,
)
from consigned.measure.quantity import MICROS
from tests import currencies
from tests.business.store import each

PRICES = [  # said      millionths       shown again
    ("4.99",            4_990_000,       "4.99"),
    ("0.0125",          12_500,          "0.0125"),
    ("12",              12_000_000,      "12.00"),
    ("12.5",            12_500_000,      "12.50"),
    ("0",               0,               "0.00"),
    ("-0",              0,               "0.00"),
    ("0.000001",        1,               "0.000001"),
    (" 7.10 ",          7_100_000,       "7.10"),
    ("1000000000",      10**15,          "1000000000.00"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "micros", "shown"), PRICES)
def test_a_written_price_is_kept_exactly(said: str, micros: int, shown: str):
    assert parse_price(said) == micros
    assert show_price(micros) == shown


@pytest.mark.parametrize(
    "said",
    ["", "-1", "1e3", "NaN", "inf", "1_0", "4,99", "٤", "0.0000001", "1000000000.01",
     "1.0000000000000000000000000000001", "$4"],
)  # fmt: skip
def test_what_is_not_a_price_is_refused(said: str):
    with pytest.raises(InvalidAmount):
        parse_price(said)


AMOUNTS = [  # said     currency  minor units  shown again
    ("19.98",           "USD",    1998,        "19.98"),
    ("-19.98",          "USD",    -1998,       "-19.98"),
    ("-0.05",           "EUR",    -5,          "-0.05"),
    ("20",              "EUR",    2000,        "20.00"),
    ("500",             "JPY",    500,         "500"),
    ("-500",            "JPY",    -500,        "-500"),
    ("1.234",           "KWD",    1234,        "1.234"),
    ("0.001",           "TND",    1,           "0.001"),
    ("0.00",            "USD",    0,           "0.00"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "currency", "minor", "shown"), AMOUNTS)
def test_a_written_amount_is_kept_in_the_currencys_minor_unit(
    said: str, currency: str, minor: int, shown: str
):
    assert parse_amount(said, currency) == minor
    assert show_amount(minor, currency) == shown


@pytest.mark.parametrize(
    ("said", "currency"),
    [("19.985", "USD"), ("1.5", "JPY"), ("1.2345", "KWD"), ("x", "USD"), ("1e2", "USD"),
     ("10000000000000.01", "USD"), ("0.00000000000000000000000000000001", "USD")],
)  # fmt: skip
def test_an_amount_with_more_decimals_than_the_currency_has_is_refused(said: str, currency: str):
    with pytest.raises(InvalidAmount):
        parse_amount(said, currency)


EXTENSIONS = [  # quantity       price          per          currency  amount
    (each(1),                    4_990_000,     MICROS,      "USD",    499),
    (each(3),                    4_990_000,     MICROS,      "USD",    1497),
    (each(1),                    5_000,         MICROS,      "USD",    0),     # 0.5 cents
    (each(3),                    5_000,         MICROS,      "USD",    2),     # 1.5 cents
    (each(5),                    5_000,         MICROS,      "USD",    2),     # 2.5 cents
    (each(-3),                   5_000,         MICROS,      "USD",    -2),
    (each(-5),                   5_000,         MICROS,      "USD",    -2),
    (each(30),                   12_000_000,    each(12),    "EUR",    3000),
    (each(1),                    12_000_000,    each(12),    "EUR",    100),
    (each(1),                    10_000_000,    each(3),     "EUR",    333),
    (each(2),                    10_000_000,    each(3),     "EUR",    667),
    (each(2.5),                  1_500_000,     MICROS,      "JPY",    4),     # 3.75
    (each(1),                    2_500_000,     MICROS,      "JPY",    2),
    (1,                          1_000_000,     MICROS,      "KWD",    0),
    (each(10**12),               10**15,        MICROS,      "KWD",    10**24),
    (0,                          4_990_000,     MICROS,      "USD",    0),
]  # fmt: skip


@pytest.mark.parametrize(("quantity", "price", "per", "currency", "amount"), EXTENSIONS)
def test_quantity_times_price_is_rounded_once_half_to_even(
    quantity: int, price: int, per: int, currency: str, amount: int
):
    assert Price(price, currency, per).extend(quantity) == amount


def test_a_price_says_what_it_is_for():
    assert str(Price(4_990_000, "USD")) == "4.99 USD"
    assert str(Price(12_000_000, "EUR", each(12))) == "12.00 EUR per 12"


def test_currencies_are_known_by_their_codes():
    assert check_currency(" usd ") == "USD"
    assert MINOR_DIGITS["JPY"] == 0
    assert MINOR_DIGITS["BHD"] == 3
    for said in ("", "US", "EURO", "XYZ", "€", "XAU", "XXX", "XTS", "XDR"):
        with pytest.raises(UnknownCurrency):
            check_currency(said)


DECIMALS = "GHS=2 KZT=2 MRU=2 XCG=2 ZWG=2 SLE=2 VED=2 XAD=2 JPY=0 ISK=0 RWF=0 KWD=3 BHD=3 IQD=3 \
TND=3 LYD=3 CLF=4 UYW=4 UYI=0 COU=2 HUF=2 MGA=2 eur=2"


def test_all_currencies_of_the_list_are_known_with_their_decimals():
    assert len(MINOR_DIGITS) > 160
    for said in DECIMALS.split():
        code, digits = said.split("=")
        assert MINOR_DIGITS[check_currency(code)] == int(digits)
    assert parse_amount("1.2345", "CLF") == 12_345
    assert show_amount(12_345, "CLF") == "1.2345"
    assert parse_amount("19.98", "eur") == 1998


def test_a_withdrawn_currency_is_refused_with_what_took_its_place():
    assert not MINOR_DIGITS.keys() & WITHDRAWN
    for code, successor in WITHDRAWN.items():
        with pytest.raises(CurrencyWithdrawn, match=f"{code} was withdrawn, and {successor} took"):
            check_currency(code)
        assert check_currency(successor) == successor


def test_the_table_is_what_the_list_says():
    assert currencies.TABLE.read_text(encoding="utf-8") == currencies.page(), (
        "run python -m tests.currencies"
    )
