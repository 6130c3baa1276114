import pytest

from consigned.inventory.stock import Holding, PickOrder, PickRule, Shelves
from tests.business.store import ACME, BOLT, NUT, SHELF, STOCKROOM, US, ZETA, day, each


def lies(layer: int, owner: int, received: int, left: int = 5, **where) -> Holding:
    place = where.pop("place", SHELF.number)
    position = where.pop("position", layer)
    return Holding(BOLT, owner, place, position, layer, day(received), each(left), **where)


MIXED = [lies(1, ACME, 3), lies(2, US, 4), lies(3, ZETA, 1), lies(4, US, 2), lies(5, ACME, 1)]

ORDERS = [  # pick order           layers in the order in which they are taken
    (PickOrder.OWN_FIRST,          [4, 2, 3, 5, 1]),
    (PickOrder.CONSIGNED_FIRST,    [3, 5, 1, 4, 2]),
    (PickOrder.OLDEST_FIRST,       [3, 5, 4, 1, 2]),
]  # fmt: skip


@pytest.mark.parametrize(("pick_order", "layers"), ORDERS)
def test_goods_are_taken_in_the_pick_order(pick_order: PickOrder, layers: list[int]):
    shelves = Shelves(MIXED, ours=US, pick_order=pick_order)
    assert [holding.layer for holding in shelves.of(BOLT)] == layers


@pytest.mark.parametrize(("pick_order", "layers"), ORDERS)
def test_goods_laid_down_later_take_their_place_in_the_order(
    pick_order: PickOrder, layers: list[int]
):
    shelves = Shelves(MIXED[3:], ours=US, pick_order=pick_order)
    for holding in MIXED[:3]:
        shelves.put(holding)
    assert [holding.layer for holding in shelves.of(BOLT)] == layers


def test_of_one_layer_the_lower_position_goes_first():
    shelves = Shelves([lies(1, ACME, 1, position=9), lies(1, ACME, 1, position=4)], ours=US)
    assert [holding.position for holding in shelves.of(BOLT)] == [4, 9]


NAMED = [  # what the user named          layers that fit
    ({},                                  [1, 2, 3]),
    ({"owner": ZETA},                     [2]),
    ({"place": STOCKROOM.number},         [3]),
    ({"lot": "L7"},                       [2, 3]),
    ({"serial": "S1"},                    [3]),
    ({"owner": ACME, "lot": "L7"},        [3]),
    ({"owner": US},                       []),
]  # fmt: skip


@pytest.mark.parametrize(("named", "layers"), NAMED)
def test_only_what_fits_is_taken(named: dict, layers: list[int]):
    shelves = Shelves(
        [
            lies(1, ACME, 1),
            lies(2, ZETA, 2, lot="L7"),
            lies(3, ACME, 3, place=STOCKROOM.number, lot="L7", serial="S1"),
            lies(4, ACME, 1, left=0),
        ],
        ours=US,
    )
    assert [holding.layer for holding in shelves.of(BOLT, **named)] == layers


def test_an_item_nobody_ever_saw_lies_nowhere():
    assert list(Shelves([], ours=US).of(NUT)) == []


EXPIRING = [
    lies(1, ACME, 1, expires_on=day(30)),
    lies(2, ZETA, 2, expires_on=day(20)),
    lies(3, US, 3),
    lies(4, US, 4, expires_on=day(20)),
    lies(5, ZETA, 5),
]


def test_what_expires_first_goes_first_and_what_never_does_goes_last():
    shelves = Shelves(EXPIRING, ours=US, pick_order=PickOrder.FIRST_EXPIRING_FIRST)
    assert [holding.layer for holding in shelves.of(BOLT)] == [2, 4, 1, 3, 5]
    assert shelves.expiring == {BOLT}


OWNERS = [  # named                layers in the order in which they are taken
    ((),                           [1, 2, 3, 4, 5]),
    ((ZETA,),                      [2, 5, 1, 3, 4]),
    ((ZETA, US),                   [2, 5, 3, 4, 1]),
    ((US, ACME, ZETA),             [3, 4, 1, 2, 5]),
]  # fmt: skip


@pytest.mark.parametrize(("owners", "layers"), OWNERS)
def test_owners_go_in_the_order_that_is_named_and_others_last_by_age(owners, layers):
    shelves = Shelves(EXPIRING, ours=US, pick_order=PickOrder.NAMED_OWNERS, owners=owners)
    assert [holding.layer for holding in shelves.of(BOLT)] == layers


def test_an_items_own_pick_rule_goes_before_the_organizations():
    rule = PickRule(PickOrder.NAMED_OWNERS, (ZETA,))
    shelves = Shelves(EXPIRING[:4], ours=US, of_items={BOLT: rule})
    shelves.put(EXPIRING[4])
    assert [holding.layer for holding in shelves.of(BOLT)] == [2, 5, 1, 3, 4]


def test_goods_that_lie_elsewhere_keep_their_layers_day():
    moved = EXPIRING[0].lying(9, STOCKROOM.number, US, each(2))
    assert (moved.layer, moved.expires_on, moved.received_on) == (1, day(30), day(1))
    assert (moved.position, moved.place, moved.owner, moved.left) == (9, 3, US, each(2))
