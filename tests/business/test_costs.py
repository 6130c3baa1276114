import pytest

from consigned.settlement.costs import OwnedCost
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
