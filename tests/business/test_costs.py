from functools import partial

import pytest

from consigned.measure.money import Price, exact_price
from consigned.settlement.costs import OwnedCost, average_of, perpetual_average
from tests.business.store import each

PARTS = [  # quantity  cost  parts taken                 cost of each part
    (3,        1000,   [1, 1, 1],                        [333, 334, 333]),
    (3,        100,    [2, 1],                           [67, 33]),
    (2,        1,      [1, 1],                           [0, 1]),
    (10,       999,    [10],                             [999]),
    (4,        0,      [1, 3],                           [0, 0]),
    (1,        1000,   [0.25, 0.25, 0.5],                [250, 250, 500]),
]  # fmt: skip


@pytest.mark.parametrize(("quantity", "cost", "parts", "costs"), PARTS)
def test_a_part_takes_its_share_and_the_last_part_leaves_nothing(quantity, cost, parts, costs):
    owned = OwnedCost(1, each(quantity), cost, "USD")
    assert [owned.take(each(part)) for part in parts] == costs
    assert (owned.quantity, owned.cost) == (0, 0)


def test_what_comes_back_brings_its_cost_with_it():
    owned = OwnedCost(1, each(3), 1000, "USD")
    cost = owned.take(each(2))
    owned.add(each(2), cost)
    assert (owned.quantity, owned.cost) == (each(3), 1000)
    assert owned.take(each(3)) == 1000


def test_what_is_not_there_costs_nothing():
    assert OwnedCost(1, 0, 0, "USD").take(0) == 0


AVERAGES = [  # changes: quantity, of it averaged, cost              average
    ([],                                                             None),
    ([(10, 10, 3000)],                                               "3.00 USD"),
    ([(10, 10, 3000), (-4, 0, -1200), (5, 5, 1200)],                 "2.727273 USD"),
    ([(10, 10, 3000), (-10, 0, -3000), (5, 5, 1000)],                "2.00 USD"),
    ([(10, 10, 3000), (-4, 0, -1200), (4, 0, 800)],                  "3.00 USD"),
    ([(10, 10, 3000), (10, 0, 0)],                                   "3.00 USD"),
    ([(10, 10, 3000), (10, 0, 0), (0, 10, 2000)],                    "2.50 USD"),
    ([(10, 0, 0), (0, 10, 2000)],                                    "2.00 USD"),
    ([(3, 3, 100)],                                                  "0.333333 USD"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "average"), AVERAGES)
def test_the_average_takes_in_what_became_ours_and_nothing_else_moves_it(changes, average):
    changes = [(each(quantity), each(taken_in), cost) for quantity, taken_in, cost in changes]
    told = perpetual_average(changes, "USD")
    assert (told and str(told)) == average


def test_the_informational_average_weighs_whatever_came():
    price = partial(Price, currency="USD")
    assert str(average_of([(each(10), price(3_000_000)), (each(30), price(1_000_000))], "USD")) == (
        "1.50 USD"
    )
    assert average_of([], "USD") is None


def test_a_price_of_a_whole_gives_its_amount_back_to_the_cent():
    assert exact_price(1000, "USD", each(3)).extend(each(3)) == 1000
    assert exact_price(1000, "USD", each(3)).extend(each(1)) == 333
