from dataclasses import dataclass

import pytest

from consigned.settlement.invoices import NEXT, Billed, Standing, match_invoice
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
    assert [str(difference) for difference in found] == case.differences


def test_a_line_billed_twice_is_a_difference():
    found = match_invoice(ADVISED, [BOLTS, NUTS, BOLTS], advised_in="USD", billed_in="USD")
    assert [(difference.line, difference.what) for difference in found] == [(1, "line")]


DECISIONS = [  # stands         may become
    (Standing.STAGED,           {Standing.ACCEPTED, Standing.REJECTED}),
    (Standing.HELD,             {Standing.REJECTED}),
    (Standing.ACCEPTED,         {Standing.PAID}),
    (Standing.REJECTED,         set()),
    (Standing.PAID,             set()),
]  # fmt: skip


@pytest.mark.parametrize(("standing", "may_become"), DECISIONS)
def test_what_may_be_decided_next(standing: Standing, may_become: set):
    assert NEXT[standing] == may_become


def test_every_standing_has_its_decisions():
    assert set(NEXT) == set(Standing)
