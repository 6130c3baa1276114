import pytest
from hypothesis import given
from hypothesis import strategies as st

from consigned.measure.gs1 import (
    GLN,
    GTIN,
    NotAGS1Number,
    as_gtin,
    check_digit,
    check_gs1,
    check_gtin,
)

NUMBERS = [  # said             name     lengths  kept
    ("4006381333931",           "GTIN",  GTIN,    "4006381333931"),
    (" 96385074 ",              "GTIN",  GTIN,    "96385074"),
    ("036000291452",            "GTIN",  GTIN,    "036000291452"),
    ("10012345678902",          "GTIN",  GTIN,    "10012345678902"),
    ("4012345000009",           "GLN",   GLN,     "4012345000009"),
    ("",                        "GTIN",  GTIN,    ""),
]  # fmt: skip


@pytest.mark.parametrize(("said", "name", "lengths", "kept"), NUMBERS)
def test_a_number_with_its_check_digit_is_kept(said, name, lengths, kept):
    assert check_gs1(said, name, lengths) == kept


REFUSED = [  # said             name     lengths  why
    ("4006381333932",           "GTIN",  GTIN,    "its last digit would be 1"),
    ("400638133393",            "GTIN",  GTIN,    "its last digit would be"),
    ("40063813339",             "GTIN",  GTIN,    "it has 8 or 12 or 13 or 14 digits"),
    ("96385074",                "GLN",   GLN,     "it has 13 digits"),
    ("4006381-33931",           "GTIN",  GTIN,    "and nothing else"),
    ("٤٠٠٦٣٨١٣٣٣٩٣١",           "GTIN",  GTIN,    "and nothing else"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "name", "lengths", "why"), REFUSED)
def test_a_number_that_cannot_be_one_is_refused(said, name, lengths, why):
    with pytest.raises(NotAGS1Number, match=why):
        check_gs1(said, name, lengths)


SAME = [  # written               kept
    ("012345678905",              "012345678905"),
    ("0012345678905",             "012345678905"),
    ("00012345678905",            "012345678905"),
    ("4006381333931",             "4006381333931"),
    ("04006381333931",            "4006381333931"),
    ("10012345678902",            "10012345678902"),
    ("96385074",                  "96385074"),
    ("00000096385074",            "96385074"),
    ("0000000000000",             ""),
]  # fmt: skip


@pytest.mark.parametrize(("written", "kept"), SAME)
def test_a_gtin_is_the_same_with_and_without_leading_zeros(written, kept):
    assert check_gtin(f" {written} ") == as_gtin(written) == kept


SPREADSHEETS = [  # said          why
    ("5.4E+12",                   "a spreadsheet rounded it"),
    ("4,00638E+12",               "a spreadsheet rounded it"),
    ("5400000002649.0",           "a spreadsheet made a number of it"),
    ("'5400000002649",            "the sign by which a spreadsheet keeps a text"),
    ("12345678905",               "a leading zero may have been lost: 012345678905"),
    ("12345678901",               "and nothing else$"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "why"), SPREADSHEETS)
def test_what_a_spreadsheet_did_is_told(said, why):
    with pytest.raises(NotAGS1Number, match=why):
        check_gtin(said)
    assert as_gtin(said) is None


@given(st.integers(1, 10**13 - 1))
def test_every_writing_of_a_gtin_is_kept_as_one(number):
    digits = str(number)
    gtin = digits + check_digit(digits)
    written = {gtin.zfill(most) for most in GTIN if len(gtin) <= most}
    assert len({check_gtin(one) for one in written}) == 1


def test_any_single_wrong_digit_is_noticed():
    number = "4006381333931"
    for place, right in enumerate(number):
        for wrong in set("0123456789") - {right}:
            typed = number[:place] + wrong + number[place + 1 :]
            assert check_digit(typed[:-1]) != typed[-1]
