from datetime import date
from functools import partial

import pytest

from consigned.accounting.costs import (
    AverageCosts,
    CostChanges,
    OwnedCost,
    StandardCosts,
    WentOut,
    average_of,
    come_back_at,
    cost_of_what_is_gone,
    less_what_came_back,
    perpetual_average,
)
from consigned.measure.money import Price, exact_price
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
    owned = OwnedCost(1, 9, each(quantity), cost, "USD")
    assert [owned.take(each(part)) for part in parts] == costs
    assert (owned.quantity, owned.cost) == (0, 0)


def test_what_comes_back_brings_its_cost_with_it():
    owned = OwnedCost(1, 9, each(3), 1000, "USD")
    cost = owned.take(each(2))
    owned.add(each(2), cost)
    assert (owned.quantity, owned.cost) == (each(3), 1000)
    assert owned.take(each(3)) == 1000


def test_what_is_not_there_costs_nothing():
    assert OwnedCost(1, 9, 0, 0, "USD").take(0) == 0


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


TODAY = date(2026, 3, 4)
BOLT = 9
METHODS = {
    "fifo": CostChanges,
    "average": AverageCosts,
    "standard": lambda costs: StandardCosts(costs, {BOLT: Price(4_000_000, "USD")}),
}
LEAVING = [  # method    came: pieces and cost      left of each    at what         kept    variance
    ("fifo",            [(10, 3000), (10, 6000)],  [5, 0],         [1500],         7500,   0),
    ("fifo",            [(10, 3000), (10, 6000)],  [10, 10],       [3000, 6000],   0,      0),
    ("average",         [(10, 3000), (10, 6000)],  [5, 0],         [2250],         6750,   0),
    ("average",         [(10, 3000), (10, 6000)],  [10, 10],       [4500, 4500],   0,      0),
    ("average",         [(1, 100), (2, 1)],        [1, 2],         [34, 67],       0,      0),
    ("standard",        [(10, 3000), (10, 6000)],  [5, 0],         [2000],         6000,   1000),
    ("standard",        [(10, 3000), (10, 6000)],  [10, 10],       [4000, 4000],   0,      1000),
]  # fmt: skip


@pytest.mark.parametrize(("method", "came", "parts", "costs", "kept", "variance"), LEAVING)
def test_goods_leave_at_what_the_method_says(method, came, parts, costs, kept, variance):
    changes = METHODS[method]({})
    for layer, (quantity, cost) in enumerate(came, start=1):
        changes.add(layer, BOLT, each(quantity), cost, "USD", TODAY, each(quantity))
    left = [
        changes.take(layer, each(part), TODAY) for layer, part in enumerate(parts, start=1) if part
    ]
    assert left == costs
    assert sum(owned.cost for owned in changes.costs.values()) == kept
    assert sum(changes.variances.values()) == variance
    assert sum(change.cost for change in changes.made()) == kept, "each change is told"


@pytest.mark.parametrize("method", METHODS)
def test_what_was_added_moves_the_average_whatever_it_is_kept_at(method):
    changes = METHODS[method]({})
    changes.add(1, BOLT, each(10), 3000, "USD", TODAY, each(10))
    changes.take(1, each(4), TODAY)
    changes.add(2, BOLT, each(10), 6000, "USD", TODAY, each(10))
    told = [(change.quantity, change.averaged, change.cost) for change in changes.made()]
    assert str(perpetual_average(told, "USD")) == "4.875 USD"


BACK = [  # method      what it left at     all is kept at  variance
    ("fifo",            700,                5200,           0),
    ("average",         700,                5200,           0),
    ("standard",        700,                5300,           -100),
]  # fmt: skip


@pytest.mark.parametrize(("method", "left_at", "kept_at", "variance"), BACK)
def test_what_comes_back_comes_at_what_it_went_out_at(method, left_at, kept_at, variance):
    changes = METHODS[method]({1: OwnedCost(1, BOLT, each(10), 4500, "USD")})
    changes.come_back(2, BOLT, each(2), left_at, "USD", TODAY, "sale")
    made = list(changes.made())
    assert sum(one.cost for one in made if one.kind == "sale") == left_at
    assert sum(owned.cost for owned in changes.costs.values()) == kept_at
    assert sum(changes.variances.values()) == variance
    assert 4500 + sum(one.cost for one in made) == kept_at


CAME_BACK = [  # kind   quantity  comes back as
    ("sale",            2,        [("sale", 2, 600)]),
    ("sale",            3,        [("sale", 3, 800)]),
    ("sale",            5,        [("sale", 4, 1000), ("sample", 1, 400)]),
    ("sample",          2,        [("sample", 1, 400), ("sale", 1, 300)]),
    ("sale",            9,        [("sale", 4, 1000), ("sample", 1, 400)]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "quantity", "expected"), CAME_BACK)
def test_what_comes_back_is_what_went_out_in_the_same_kind_of_use_first(kind, quantity, expected):
    out = [
        WentOut("sale", each(2), 600, "USD"),
        WentOut("sample", each(1), 400, "USD"),
        WentOut("sale", each(2), 400, "USD"),
    ]
    came: dict[str, list[int]] = {}
    for part in come_back_at(out, kind, each(quantity)):
        sums = came.setdefault(part.kind, [0, 0])
        sums[0] += part.quantity // each(1)
        sums[1] += part.cost
    assert [(kind, *sums) for kind, sums in came.items()] == expected


def test_what_came_back_before_is_taken_off_at_what_it_came_back_at():
    out = [WentOut("sale", each(2), 600, "USD"), WentOut("sale", each(3), 600, "USD")]
    less_what_came_back(out, each(3), 799)
    assert [(one.quantity, one.cost) for one in out] == [(0, 0), (each(2), 401)]
    less_what_came_back(out, each(2), 401)
    assert sum(one.cost for one in out) == 0


@pytest.mark.parametrize(
    ("came_at", "left"), [(700, [100, 400]), (1_000, [0, 200]), (1_300, [0, 0]), (0, [800, 400])]
)
def test_what_is_left_costs_no_more_than_all_of_it_did(came_at, left):
    """Whatever the part cost that came back: of four at 800 one did, of two at 400 none."""
    out = [WentOut("sale", each(4), 800, "USD"), WentOut("sale", each(2), 400, "USD")]
    less_what_came_back(out, each(1), came_at)
    assert [one.quantity // each(1) for one in out] == [3, 2]
    assert [one.cost for one in out] == left


def test_title_that_goes_back_of_what_came_back_leaves_at_what_it_was_charged():
    changes = AverageCosts({
        1: OwnedCost(1, BOLT, each(10), 10_000, "USD"), 2: OwnedCost(2, BOLT, 0, 0, "USD"),
    })  # fmt: skip
    changes.come_back(2, BOLT, each(5), 500, "USD", TODAY, "sale")
    assert changes.take_back(2, BOLT, each(5), 500, "USD", TODAY, "sale") == 500
    list(changes.made())
    assert sum(owned.cost for owned in changes.costs.values()) == 10_000


@pytest.mark.parametrize("method", METHODS)
def test_a_late_price_of_what_left_as_it_became_ours_falls_to_what_is_gone(method):
    changes = METHODS[method]({1: OwnedCost(1, BOLT, each(10), 4500, "USD")})
    if method == "standard":
        return
    assert changes.add_late(2, BOLT, each(4), 2000, "USD", TODAY) == 2000
    list(changes.made())
    assert changes.costs[1].cost == 4500


LATE = [  # method     here still   the price comes   falls to what is gone   kept   variance
    ("fifo",            10,          2000,             0,                      2000,  0),
    ("fifo",            3,           2000,             1400,                   600,   0),
    ("fifo",            0,           2000,             2000,                   0,     0),
    ("average",         3,           2000,             1400,                   600,   0),
    ("average",         0,           2000,             2000,                   0,     0),
    ("standard",        3,           2000,             0,                      0,     2000),
]  # fmt: skip


@pytest.mark.parametrize(("method", "here", "cost", "gone", "kept", "variance"), LATE)
def test_a_price_that_comes_late_is_borne_by_what_is_here_and_what_is_gone(
    method, here, cost, gone, kept, variance
):
    changes = METHODS[method]({1: OwnedCost(1, BOLT, each(here), 0, "USD")})
    assert changes.add_late(1, BOLT, each(10), cost, "USD", TODAY) == gone
    assert sum(change.cost for change in changes.made()) == kept
    assert sum(changes.variances.values()) == variance


def test_another_currency_is_in_no_average_and_at_no_standard():
    for method in ("average", "standard"):
        changes = METHODS[method]({1: OwnedCost(1, BOLT, each(10), 4500, "USD")})
        changes.add(2, BOLT, each(10), 9000, "EUR", TODAY)
        assert changes.take(2, each(5), TODAY) == 4500
        assert changes.take(1, each(2), TODAY) == 900


@pytest.mark.parametrize(
    ("gone", "less", "borne"),
    [
        ([], 12, 0),
        ([], -12, 0),
        ([WentOut("sale", each(1), 100, "USD")], 12, 12),
        ([WentOut("sale", each(1), 100, "USD")], 120, 100),
        ([WentOut("sale", each(1), 100, "USD"), WentOut("sample", each(2), 50, "USD")], 120, 120),
        ([WentOut("sale", each(1), 100, "USD")], -12, -12),
    ],
)
def test_what_is_gone_bears_a_difference_as_far_as_it_cost_anything(
    gone: list[WentOut], less: int, borne: int
) -> None:
    before = sum(one.cost for one in gone)
    assert cost_of_what_is_gone(gone, less) == borne
    assert sum(one.cost for one in gone) == before - borne
    assert all(one.cost >= 0 for one in gone)
