"""How a price is made by its terms: exact, and who bears a markdown."""

import pytest

from consigned.master_data.price_terms import NotAPriceTerm, make_price, read_price_terms
from consigned.measure.quantity import MICROS
from tests.business.terms import usd

MADE = [  # terms                                  fixed  sold   price
    ("discount=10%", 0.05, None, "0.045 USD"),
    ("discount=7.5%", 0.0125, None, "0.115625 USD per 10"),
    ("share=60%", None, 15, "9.00 USD"),
    ("share=60%", None, None, None),
    ("share=50% from-100=70%", None, 99.99, "49.995 USD"),
    ("share=50% from-100=70%", None, 100, "70.00 USD"),
    ("share=50% minimum=4.00", None, 7, "4.00 USD"),
    ("share=60% regular=20.00 markdown=consignee", None, 15, "12.00 USD"),
    ("share=60% regular=20.00 markdown=consignor", None, 15, "7.00 USD"),
    ("share=60% regular=20.00 off=25%", None, None, "9.00 USD"),
    ("regular=20.00 markdown=consignee", 11, 15, "11.00 USD"),
    ("regular=20.00 markdown=50", 11, 15, "8.50 USD"),
    ("regular=20.00 markdown=50", 11, 25, "11.00 USD"),
    ("fee=3% fee=0.30", 10, None, "9.40 USD"),
    # per as many as make it whole, and no fewer
    ("discount=25%", 0.000001, None, "0.000075 USD per 100"),
    ("discount=33.33%", 0.333333, None, "2222.331111 USD per 10000"),
]


@pytest.mark.parametrize(("said", "fixed", "sold", "price"), MADE)
def test_a_price_is_made_by_its_terms(said, fixed, sold, price):
    made = make_price(
        usd(fixed) if fixed is not None else None, read_price_terms(said),
        sold_at=usd(sold) if sold is not None else None, per=MICROS, currency="USD",
    )  # fmt: skip
    assert (str(made.price) if made else None) == price


@pytest.mark.parametrize(
    "said",
    ["rebate=5%", "discount=101%", "discount=1.234%", "share=50% share=60%", "from-100=60%",
     "share=50% discount=1%", "off=10%", "markdown=consignor", "minimum=x"],
)  # fmt: skip
def test_what_is_no_term_is_refused(said):
    with pytest.raises(NotAPriceTerm):
        read_price_terms(said)


@pytest.mark.parametrize("said", [said for said, *_ in MADE])
def test_terms_are_written_in_one_form(said):
    written = str(read_price_terms(said))
    assert str(read_price_terms(written)) == written
