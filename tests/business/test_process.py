import pytest

from consigned.accounting.work_in_progress import (
    Part,
    bear,
    given_back,
    share_of,
    spread,
    take_from,
)
from consigned.production.completions import BillLine
from tests.business.store import each

BOLT, NUT = 1, 2


def part(quantity: int, cost: int, number: int = 1) -> Part:
    return Part(number, 1, "WO-1", BOLT, number, 7, quantity, cost, "USD")


TAKEN = [  # parts (quantity, cost)      wanted       what is taken of each, and its cost
    ([(10, 100)],                        10,          [(10, 100)]),
    ([(3, 100)],                         1,           [(1, 33)]),
    ([(3, 100), (2, 50)],                4,           [(3, 100), (1, 25)]),
    ([(3, 100)],                         5,           [(3, 100)]),
    ([(3, 100), (0, 0)],                 3,           [(3, 100)]),
    ([(3, 100), (0, 7)],                 1,           [(0, 7), (1, 33)]),
    ([(3, 100), (0, 7)],                 0,           []),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "wanted", "taken"), TAKEN)
def test_the_oldest_part_goes_first_and_takes_its_share_of_the_cost(parts, wanted, taken):
    parts = [part(quantity, cost, number) for number, (quantity, cost) in enumerate(parts, 1)]
    assert [(t.quantity, t.cost) for t in take_from(parts, wanted)] == taken


def test_no_cent_is_left_of_a_part_that_is_used_up():
    whole = part(3, 100)
    assert [whole.take(1).cost for _ in range(3)] == [33, 34, 33]
    assert (whole.quantity_left, whole.cost_left) == (0, 0)


SPREAD = [
    (100, [1, 1, 1], [33, 34, 33]),
    (100, [30, 70], [30, 70]),
    (7, [0, 5, 0], [0, 7, 0]),
    (7, [0, 0], [0, 0]),
    (0, [1, 2], [0, 0]),
]


@pytest.mark.parametrize(("amount", "weights", "shares"), SPREAD)
def test_an_amount_is_spread_to_the_cent(amount, weights, shares):
    assert spread(amount, weights) == shares


def test_the_shares_of_spans_that_follow_one_another_come_to_the_whole():
    assert [share_of(100, n, n + 1, 3) for n in range(3)] == [33, 34, 33]


INSIDE = [(BOLT, 1, 4, 100), (NUT, 2, 2, 10), (BOLT, 3, 2, 60)]
"""Two products hold six bolts out of two layers, and two nuts."""

SPANS = [  # span          given back: quantity and cost of each
    ((0, 2, 2),            [(4, 100), (2, 10), (2, 60)]),
    ((0, 1, 2),            [(3, 75), (1, 5), (0, 0)]),
    ((1, 2, 2),            [(1, 25), (1, 5), (2, 60)]),
]  # fmt: skip


@pytest.mark.parametrize(("span", "back"), SPANS)
def test_whole_pieces_come_back_out_of_one_layer_after_the_other(span, back):
    assert given_back(INSIDE, span) == back


def test_what_a_component_came_to_later_goes_with_its_goods():
    assert given_back([(BOLT, 1, 2, 10), (BOLT, 1, 0, 4)], (0, 2, 2)) == [(2, 14), (0, 0)]


NEEDED = [  # per product   spoilt    products    takes
    (each(2), 0, each(3), each(6)),
    (each(1), 10_000_000, each(3), 3_300_000),
    (333_333, 0, each(3), 999_999),
    (1, 500_000, 1_000_000, 1),
]


@pytest.mark.parametrize(("per", "spoilt", "products", "takes"), NEEDED)
def test_a_bill_says_how_much_is_taken_and_spoilt(per, spoilt, products, takes):
    assert BillLine(BOLT, per, spoilt).needed(products) == takes


def test_a_bill_takes_whole_pieces_rounded_once_for_the_completion():
    spoilt = BillLine(BOLT, each(1), 10_000_000, True)
    assert [spoilt.needed(each(n)) for n in (1, 3, 5, 10)] == [each(1), each(3), each(6), each(11)]


def test_pieces_come_back_whole_where_a_product_has_no_whole_number_of_them():
    inside = [(BOLT, 1, each(7), 70)]
    spans = [(0, 1, 3), (1, 2, 3), (2, 3, 3)]
    back = [given_back(inside, span, {BOLT})[0] for span in spans]
    assert back == [(each(2), 20), (each(3), 30), (each(2), 20)]


BORNE = [  # amount    parts: cost, and whether charged                what each bears
    (1134,   [(1001, True), (134, False)],                              [1001, 133]),
    (1135,   [(1001, True), (134, False)],                              [1001, 134]),
    (1136,   [(1001, True), (100, False), (34, False)],                 [1001, 101, 34]),
    (900,    [(1001, True), (134, False)],                              [794, 106]),
    (99,     [(50, True), (50, True)],                                  [50, 49]),
    (7,      [(0, True), (0, False)],                                   [0, 0]),
]  # fmt: skip


@pytest.mark.parametrize(("amount", "parts", "borne"), BORNE)
def test_what_was_charged_bears_that_and_the_others_the_rounding(amount, parts, borne):
    assert bear(amount, parts) == borne
