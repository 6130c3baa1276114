import pytest

from consigned.master_data.items import Item
from consigned.measure.quantity import (
    LARGEST,
    MICROS,
    InvalidQuantity,
    Quantity,
    UnknownUnit,
    convert,
    divide_half_even,
    parse_micros,
    show_micros,
)
from consigned.title.layer import Ownership

WRITTEN = [  # said          millionths            shown again
    ("3",                    3_000_000,            "3"),
    ("0",                    0,                    "0"),
    ("007",                  7_000_000,            "7"),
    ("0.125",                125_000,              "0.125"),
    (".5",                   500_000,              "0.5"),
    ("5.",                   5_000_000,            "5"),
    ("+2",                   2_000_000,            "2"),
    ("-2",                   -2_000_000,           "-2"),
    ("-0.5",                 -500_000,             "-0.5"),
    ("-0",                   0,                    "0"),
    (" 12 ",                 12_000_000,           "12"),
    ("0.000001",             1,                    "0.000001"),
    ("1.50000000",           1_500_000,            "1.5"),
    ("999999999999.999999",  10**18 - 1,           "999999999999.999999"),
    ("1000000000000",        10**18,               "1000000000000"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "micros", "shown"), WRITTEN)
def test_a_written_quantity_is_kept_exactly(said: str, micros: int, shown: str):
    assert parse_micros(said) == micros
    assert show_micros(micros) == shown


NOT_QUANTITIES = [
    "", " ", "-", ".", "three", "1,5", "1 000", "1_000", "1e5", "2E+03", "NaN", "Infinity", "0x10",
    "٣", "½", "--1", "1.2.3", "0.0000001", "1000000000000.000001", "1000000000001",
    "9" * 41, "1.0000000000000000000000000000001", "1\n2",
]  # fmt: skip


@pytest.mark.parametrize("said", NOT_QUANTITIES)
def test_what_is_not_a_plain_exact_number_is_refused(said: str):
    with pytest.raises(InvalidQuantity):
        parse_micros(said)


def test_the_refusal_says_what_was_said_and_why():
    with pytest.raises(InvalidQuantity) as refused:
        parse_micros("0.0000001")
    assert str(refused.value) == (
        "'0.0000001' is not a quantity: six decimals are the most that is kept"
    )


HALVES = [  # dividend  divisor  half to even
    (1,          2,       0),
    (3,          2,       2),
    (5,          2,       2),
    (7,          2,       4),
    (-1,         2,       0),
    (-3,         2,      -2),
    (-5,         2,      -2),
    (-7,         2,      -4),
    (2,          3,       1),
    (-2,         3,      -1),
    (4,          3,       1),
    (0,          7,       0),
    (10**40 + 1, 2,       10**40 // 2),
]  # fmt: skip


@pytest.mark.parametrize(("dividend", "divisor", "rounded"), HALVES)
def test_division_rounds_half_to_even(dividend: int, divisor: int, rounded: int):
    assert divide_half_even(dividend, divisor) == rounded


CONVERSIONS = [  # quantity  one unit is      in the own unit
    (2 * MICROS,             12 * MICROS,     24 * MICROS),
    (-1 * MICROS,            12 * MICROS,     -12 * MICROS),
    (MICROS // 2,            12 * MICROS,     6 * MICROS),
    (3 * MICROS,             453_592,         1_360_776),
    (1,                      500_000,         0),
    (3,                      500_000,         2),
    (1,                      1_500_000,       2),
]  # fmt: skip


@pytest.mark.parametrize(("quantity", "one_unit_is", "converted"), CONVERSIONS)
def test_other_units_convert_and_round_once(quantity: int, one_unit_is: int, converted: int):
    assert convert(quantity, one_unit_is) == converted


def test_an_item_knows_its_units_and_refuses_others():
    bolt = Item(1, "BOLT", "Bolt M8", "EA", Ownership.CONSIGNED, {"BX": 12 * MICROS})
    assert bolt.in_own_unit(2 * MICROS, "BX") == 24 * MICROS
    assert bolt.in_own_unit(2 * MICROS, "EA") == 2 * MICROS
    assert bolt.in_own_unit(2 * MICROS, "") == 2 * MICROS
    with pytest.raises(UnknownUnit, match="BOLT is not counted in KG; it knows EA, BX"):
        bolt.in_own_unit(2 * MICROS, "KG")


def test_quantities_of_one_unit_add_and_compare():
    two, three = Quantity.of("2", "EA"), Quantity.of("3", "EA")
    assert two < three
    assert three > two
    assert two <= Quantity.of("2.0", "EA") == two
    assert str(two + three) == "5 EA"
    assert str(two - three) == "-1 EA"


@pytest.mark.parametrize(
    "mixing", [Quantity.__add__, Quantity.__sub__, Quantity.__lt__, Quantity.__le__]
)
def test_quantities_of_two_units_never_mix(mixing):
    with pytest.raises(TypeError, match="3 BX and 4 EA have different units"):
        mixing(Quantity.of("3", "BX"), Quantity.of("4", "EA"))
    assert Quantity.of("3", "BX") != Quantity.of("3", "EA")


def test_a_quantity_is_no_truth_value():
    with pytest.raises(TypeError, match="ask a quantity whether it is zero"):
        bool(Quantity.of("0", "EA"))


def test_the_largest_line_fits_a_signed_column_of_64_bits():
    assert LARGEST < 2**63
