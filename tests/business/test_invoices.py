from dataclasses import dataclass

import pytest

from consigned.measure.money import parse_price
from consigned.measure.quantity import parse_micros
from consigned.settlement.invoices import (
    NEXT,
    Billed,
    NotATolerance,
    Standing,
    match_invoice,
    read_tolerance,
)
from tests.business.store import each

BOLTS = Billed(1, "BOLT", each(100), 500_000, 5000)
NUTS = Billed(2, "NUT", each(10), 1_250_000, 1250)
ADVISED = [BOLTS, NUTS]


@dataclass
class Case:
    name: str
    billed: list[Billed]
    differences: list[str]
    billed_in: str = "USD"


CASES = [
    Case("agrees", [BOLTS, NUTS], []),
    Case("agrees in another order", [NUTS, BOLTS], []),
    Case(
        "too many",
        [BOLTS._replace(quantity=each(101), amount=5050), NUTS],
        [
            "line 1: quantity is 100 by our record, 101 billed",
            "line 1: amount is 50.00 by our record, 50.50 billed",
        ],
    ),
    Case(
        "too dear",
        [BOLTS, NUTS._replace(price=1_300_000, amount=1300)],
        [
            "line 2: price is 1.25 by our record, 1.30 billed",
            "line 2: amount is 12.50 by our record, 13.00 billed",
        ],
    ),
    Case(
        "wrong sum",
        [BOLTS, NUTS._replace(amount=1251)],
        ["line 2: amount is 12.50 by our record, 12.51 billed"],
    ),
    Case(
        "another item",
        [BOLTS._replace(item="SCREW"), NUTS],
        ["line 1: item is BOLT by our record, SCREW billed"],
    ),
    Case("not billed", [BOLTS], ["line 2: line is NUT by our record, nothing billed"]),
    Case(
        "never advised",
        [BOLTS, NUTS, NUTS._replace(line=3)],
        ["line 3: line is not advised by our record, NUT billed"],
    ),
    Case(
        "another currency", [BOLTS, NUTS],
        ["line 0: currency is USD by our record, EUR billed"], billed_in="EUR",
    ),
    Case(
        "nothing billed at all",
        [],
        [
            "line 1: line is BOLT by our record, nothing billed",
            "line 2: line is NUT by our record, nothing billed",
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_invoice_is_matched_to_its_advice_line_by_line(case: Case):
    found = match_invoice(ADVISED, case.billed, advised_in="USD", billed_in=case.billed_in)
    assert [str(difference) for difference in found.differences] == case.differences
    assert found.tolerated == []


def test_a_line_billed_twice_is_a_difference():
    found = match_invoice(ADVISED, [BOLTS, NUTS, BOLTS], advised_in="USD", billed_in="USD")
    assert [(one.line, one.what) for one in found.differences] == [(1, "line")]


# advised: 100 at 0.50, 50.00
TOLERATED = [  # agreed                          quantity  price  amount     is tolerated
    ("",                                         "100",    "0.50", 5000,     True),
    ("quantity=1%",                              "101",    "0.50", 5050,     True),
    ("quantity=1%",                              "99",     "0.50", 4950,     True),
    ("quantity=0.9%",                            "101",    "0.50", 5050,     False),
    ("quantity=1%",                              "101",    "0.50", 5051,     False),
    ("quantity=1%",                              "100",    "0.505", 5050,    False),
    ("price=1%",                                 "100",    "0.505", 5050,    True),
    ("price=1%",                                 "100",    "0.495", 4950,    True),
    ("price=1%",                                 "100",    "0.505001", 5050, False),
    ("quantity=1% price=1%",                     "101",    "0.505", 5100,    True),
    ("amount=0.50",                              "100",    "0.50", 5050,     True),
    ("amount=0.50",                              "100",    "0.50", 5051,     False),
    ("quantity=1% price=1% amount=0.50",         "101",    "0.505", 5100,    False),
    ("quantity=1% price=1% amount=0.50",         "101",    "0.50", 5050,     True),
    ("amount=100",                               "100",    "0.505", 5050,    False),
]  # fmt: skip


@pytest.mark.rows("L32")
@pytest.mark.parametrize(("agreed", "quantity", "price", "amount", "is_tolerated"), TOLERATED)
def test_a_line_is_accepted_that_differs_by_no_more_than_was_agreed(
    agreed: str, quantity: str, price: str, amount: int, is_tolerated: bool
):
    billed = Billed(1, "BOLT", parse_micros(quantity), parse_price(price), amount)
    found = match_invoice(
        [BOLTS], [billed], advised_in="USD", billed_in="USD",
        tolerance=read_tolerance(agreed, "USD"),
    )  # fmt: skip
    assert (not found.differences) is is_tolerated


def test_an_item_or_a_currency_is_never_tolerated():
    generous = read_tolerance("quantity=100% price=100% amount=1000", "USD")
    screws = [BOLTS._replace(item="SCREW")]
    for billed, currency in ((screws, "USD"), ([BOLTS], "EUR")):
        found = match_invoice(
            [BOLTS], billed, advised_in="USD", billed_in=currency, tolerance=generous
        )
        assert [one.what for one in found.differences] != []


PRICES = [  # billed  for     is the same as 50.00 for 100
    ("50.00",         "",     True),
    ("50.00",         "100",  True),
    ("0.50",          "1",    True),
    ("500.00",        "1000", True),
    ("0.50",          "",     False),
    ("50.00",         "1",    False),
]  # fmt: skip


@pytest.mark.parametrize(("price", "per", "is_same"), PRICES)
def test_a_price_is_compared_with_what_it_is_for(price: str, per: str, is_same: bool):
    advised = BOLTS._replace(price=50_000_000, per=each(100))
    billed = advised._replace(price=parse_price(price), per=parse_micros(per) if per else 0)
    found = match_invoice([advised], [billed], advised_in="USD", billed_in="USD")
    assert (found.differences == []) is is_same


@pytest.mark.parametrize(
    "said", ["5%", "price=5", "price=-1%", "price=%", "amount=1%", "price=1% price=2%", "much=1%"]
)
def test_what_is_no_tolerance_is_refused(said: str):
    with pytest.raises(NotATolerance):
        read_tolerance(said, "USD")


DECISIONS = [  # stands         may become
    (Standing.STAGED,           {Standing.ACCEPTED, Standing.REJECTED}),
    (Standing.HELD,             {Standing.ACCEPTED, Standing.DISPUTED, Standing.REJECTED}),
    (Standing.DISPUTED,         {Standing.ACCEPTED, Standing.REJECTED}),
    (Standing.ACCEPTED,         {Standing.PAID}),
    (Standing.REJECTED,         set()),
    (Standing.PAID,             set()),
]  # fmt: skip


@pytest.mark.parametrize(("standing", "may_become"), DECISIONS)
def test_what_may_be_decided_next(standing: Standing, may_become: set):
    assert NEXT[standing] == may_become


def test_every_standing_has_its_decisions():
    assert set(NEXT) == set(Standing)
