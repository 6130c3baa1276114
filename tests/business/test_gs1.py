import pytest

from consigned.measure.gs1 import GLN, GTIN, NotAGS1Number, check_digit, check_gs1

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


def test_any_single_wrong_digit_is_noticed():
    number = "4006381333931"
    for place, right in enumerate(number):
        for wrong in set("0123456789") - {right}:
            typed = number[:place] + wrong + number[place + 1 :]
            assert check_digit(typed[:-1]) != typed[-1]
