import pytest

from consigned.inventory.reservations import ANY, Goods, Promise, Scope, available
from consigned.inventory.stock import PickOrder
from consigned.inventory.title_transfers import Use, Used, UseKind
from consigned.master_data.agreements import TitleRule
from consigned.title.layer import Ownership
from tests.business.store import (
    ACME,
    BOLT,
    CAGE,
    CUSTOMER,
    DOCK,
    LOSS,
    NUT,
    PRODUCTION,
    SHELF,
    STOCKROOM,
    US,
    ZETA,
    Store,
    day,
    each,
    moved_by_day,
)


def line(quantity: float, item: int = BOLT, *, number: int = 900, on: int = 100, **use) -> Use:
    kind = use.pop("kind", UseKind.SALE)
    return Use(number, kind, item, each(quantity), day(on), **use)


# --- title, then movement --------------------------------------------------------------


def test_using_consigned_goods_is_two_entries_first_the_title_then_the_movement():
    store = Store()
    store.receives(each(100), on=1)
    store.receives(each(50), on=4)
    used = store.uses(each(120))
    assert store.tells(since=2) == [
        ("transferred-to-owned", 1, each(100), "Acme SHELF", "us SHELF"),
        ("issued", 1, each(100), "us SHELF", "us CUSTOMER"),
        ("transferred-to-owned", 2, each(20), "Acme SHELF", "us SHELF"),
        ("issued", 2, each(20), "us SHELF", "us CUSTOMER"),
    ]
    assert [(t.entry, t.quantity) for t in used.transfers] == [(3, each(100)), (5, each(20))]
    assert used.shortages == []
    assert used.own_issues == []


def test_title_passes_only_for_what_is_used():
    store = Store()
    store.receives(each(100))
    store.uses(each(40))
    assert store.owners() == {"Acme": each(60)}
    assert store.owners(at=CUSTOMER) == {"us": each(40)}


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        (UseKind.SALE, CUSTOMER),
        (UseKind.ISSUE, CUSTOMER),
        (UseKind.EXPRESS_ISSUE, CUSTOMER),
        (UseKind.ADJUSTMENT, LOSS),
        (UseKind.PRODUCTION, PRODUCTION),
        (UseKind.WORK_ORDER, PRODUCTION),
    ],
)
def test_what_goods_are_used_for_decides_where_they_go(kind: UseKind, place):
    store = Store()
    store.receives(each(10))
    store.uses(each(4), kind=kind)
    assert store.owners(at=place) == {"us": each(4)}
    assert store.owners() == {"Acme": each(6)}


def test_fractions_of_a_unit_are_used_exactly():
    store = Store()
    store.receives(each(1))
    store.uses(333_333)
    store.uses(666_667)
    assert store.owners() == {}


def test_own_goods_are_issued_without_a_transfer_of_title():
    store = Store()
    store.receives(each(10), ownership=Ownership.OWNED)
    used = store.uses(each(4))
    assert store.tells(since=2) == [("issued", 1, each(4), "us SHELF", "us CUSTOMER")]
    assert used.transfers == []
    assert [(own.holding.layer, own.quantity) for own in used.own_issues] == [(1, each(4))]


def test_non_owned_goods_are_issued_as_whose_they_are_and_cost_nothing():
    store = Store()
    store.receives(each(10), of=ZETA, ownership=Ownership.NON_OWNED)
    used = store.uses(each(4))
    assert store.tells(since=1) == [("issued", 1, each(4), "Zeta SHELF", "Zeta CUSTOMER")]
    assert used.transfers == []
    assert used.own_issues == []


# --- which goods -----------------------------------------------------------------------


def test_one_line_takes_from_as_many_owners_as_it_needs():
    store = Store()
    store.receives(each(3), of=ACME, on=1)
    store.receives(each(3), of=ZETA, on=2)
    store.receives(each(3), ownership=Ownership.OWNED, on=3)
    used = store.uses(each(8))
    assert [(t.holding.owner, t.quantity) for t in used.transfers] == [
        (ACME, each(3)),
        (ZETA, each(2)),
    ]
    assert [own.quantity for own in used.own_issues] == [each(3)]
    assert store.owners() == {"Zeta": each(1)}


PICKED = [  # pick order           what 4 pieces leave of Acme's 3, ours 3, Zeta's 3
    (PickOrder.OWN_FIRST,          {"Acme": each(2), "Zeta": each(3)}),
    (PickOrder.CONSIGNED_FIRST,    {"us": each(3), "Zeta": each(2)}),
    (PickOrder.OLDEST_FIRST,       {"us": each(2), "Zeta": each(3)}),
]  # fmt: skip


@pytest.mark.parametrize(("pick_order", "left"), PICKED)
def test_the_pick_order_decides_whose_goods_go_first(pick_order: PickOrder, left: dict):
    store = Store(pick_order)
    store.receives(each(3), of=ACME, on=1)
    store.receives(each(3), ownership=Ownership.OWNED, on=2)
    store.receives(each(3), of=ZETA, on=3)
    store.uses(each(4))
    assert store.owners() == left


def test_explicit_consumption_takes_only_the_named_consignors_goods():
    store = Store()
    store.receives(each(5), of=ACME, on=1)
    store.receives(each(5), of=ZETA, on=2)
    store.receives(each(5), ownership=Ownership.OWNED, on=1)
    used = store.uses(each(7), consignor=ZETA)
    assert [t.holding.owner for t in used.transfers] == [ZETA]
    assert [(s.missing, s.held) for s in used.shortages] == [(each(2), each(5))]
    assert store.owners() == {"Acme": each(5), "us": each(5)}


NAMED = [  # what the user named            layers left
    ({"lot": "L2"},                         {1: each(5), 2: each(3), 3: each(5)}),
    ({"serial": "S3"},                      {1: each(5), 2: each(5), 3: each(3)}),
    ({"place": STOCKROOM.number},           {1: each(5), 2: each(5), 3: each(3)}),
    ({},                                    {1: each(3), 2: each(5), 3: each(5)}),
]  # fmt: skip


@pytest.mark.parametrize(("named", "left"), NAMED)
def test_goods_can_be_named_by_lot_serial_and_place(named: dict, left: dict):
    store = Store()
    store.receives(each(5), on=1)
    store.receives(each(5), on=2, lot="L2")
    store.receives(each(5), on=3, serial="S3", at=STOCKROOM)
    store.uses(each(2), **named)
    assert store.layers_left() == left


def test_goods_that_had_not_arrived_on_the_day_are_not_taken():
    store = Store()
    store.receives(each(5), on=10)
    assert store.uses(each(1), on=9).shortages
    assert not store.uses(each(1), on=10).shortages


def test_goods_in_a_place_that_is_not_nettable_are_not_taken():
    store = Store()
    store.receives(each(5), at=CAGE)
    assert [s.missing for s in store.uses(each(1)).shortages] == [each(1)]


# --- not enough ------------------------------------------------------------------------


def test_what_is_missing_is_answered_and_what_is_there_is_posted():
    store = Store()
    store.receives(each(30))
    used = store.uses(each(40))
    assert [(s.missing, s.held) for s in used.shortages] == [(each(10), each(30))]
    assert sum(t.quantity for t in used.transfers) == each(30)
    assert store.owners() == {}


def test_a_later_line_of_the_batch_sees_what_the_earlier_took():
    store = Store()
    store.receives(each(10))
    used = store.uses_all([line(7, number=1), line(7, number=2)])
    assert [(s.use.number, s.missing, s.held) for s in used.shortages] == [(2, each(4), each(3))]


def test_a_shortage_says_what_is_promised_to_others_and_what_came_too_late():
    store = Store()
    store.receives(each(40), on=1)
    store.receives(each(15), on=2)
    store.receives(each(30), on=9)
    (short,) = store.uses(each(50), on=5, reserved={BOLT: {"A": each(40)}}).shortages
    assert (short.missing, short.held) == (each(5), each(55))
    assert (short.promised, short.came_later) == (each(10), each(30))


def test_goods_of_others_and_of_other_places_are_not_called_promised():
    store = Store()
    store.receives(each(5), of=ACME, on=1)
    store.receives(each(5), of=ZETA, on=1)
    store.receives(each(5), of=ACME, on=1, at=STOCKROOM)
    (short,) = store.uses(each(6), consignor=ACME, place=SHELF.number).shortages
    assert short[1:] == (each(1), each(5), 0, 0, 0, 0, 0, 0)


def test_a_line_of_nothing_moves_nothing():
    store = Store()
    store.receives(each(10))
    used = store.uses(0)
    assert len(store.entries) == 1
    assert used == Used()


def test_an_item_never_received_is_all_missing():
    used = Store().uses(each(2), NUT)
    assert [(s.missing, s.held) for s in used.shortages] == [(each(2), 0)]


def test_items_do_not_stand_in_for_one_another():
    store = Store()
    store.receives(each(5), BOLT)
    store.receives(each(5), NUT)
    store.uses_all([line(2, NUT), line(1, BOLT)])
    assert (store.on_hand(BOLT), store.on_hand(NUT)) == (each(4), each(3))


# --- transfer to owned -----------------------------------------------------------------


def test_transferred_to_owned_goods_stay_where_they_are():
    store = Store()
    store.receives(each(10))
    used = store.uses(each(4), kind=UseKind.TRANSFER_TO_OWNED)
    assert store.tells(since=1) == [
        ("transferred-to-owned", 1, each(4), "Acme SHELF", "us SHELF"),
    ]
    assert store.owners(at=SHELF) == {"Acme": each(6), "us": each(4)}
    assert [t.quantity for t in used.transfers] == [each(4)]


def test_goods_transferred_to_owned_can_be_used_in_the_same_batch_without_title_passing_again():
    store = Store()
    store.receives(each(10))
    used = store.uses_all(
        [line(4, kind=UseKind.TRANSFER_TO_OWNED, number=1), line(6, number=2)]
    )  # fmt: skip
    assert [(t.use.number, t.quantity) for t in used.transfers] == [(1, each(4)), (2, each(2))]
    assert [own.quantity for own in used.own_issues] == [each(4)]
    assert store.owners() == {"Acme": each(4)}


def test_only_consigned_goods_are_transferred_to_owned():
    store = Store()
    store.receives(each(5), ownership=Ownership.OWNED, on=1)
    store.receives(each(5), of=ZETA, ownership=Ownership.NON_OWNED, on=1)
    store.receives(each(3), of=ACME, on=2)
    used = store.uses(each(4), kind=UseKind.TRANSFER_TO_OWNED)
    assert [t.holding.owner for t in used.transfers] == [ACME]
    assert [(s.missing, s.held) for s in used.shortages] == [(each(1), each(3))]


# --- reservations ----------------------------------------------------------------------

RESERVED = [  # promised                        by         asked  missing
    ({},                                        None,      10,    0),
    ({"A": each(4)},                            None,      6,     0),
    ({"A": each(4)},                            None,      10,    4),
    ({"A": each(4)},                            "A",       10,    0),
    ({"A": each(4), "B": each(3)},              "A",       10,    3),
    ({"A": each(4), "B": each(3)},              None,      10,    7),
    ({"A": each(12)},                           None,      1,     1),
    ({"A": each(12)},                           "A",       10,    0),
]  # fmt: skip


@pytest.mark.parametrize(("promised", "by", "asked", "missing"), RESERVED)
def test_what_is_promised_to_others_is_not_taken(
    promised: dict, by: str | None, asked: int, missing: int
):
    store = Store()
    store.receives(each(6), on=1)
    store.receives(each(4), on=2)
    used = store.uses(each(asked), reservation=by, reserved={BOLT: promised})
    assert sum(s.missing for s in used.shortages) == each(missing)
    assert store.on_hand() == each(10 - asked + missing)


def test_a_promise_on_one_item_holds_no_other_back():
    store = Store()
    store.receives(each(5), NUT)
    assert not store.uses(each(5), NUT, reserved={BOLT: {"A": each(5)}}).shortages


def test_a_promise_does_not_keep_title_from_passing_on_the_shelf():
    store = Store()
    store.receives(each(5))
    used = store.uses(
        each(5), kind=UseKind.TRANSFER_TO_OWNED, reserved={BOLT: {"A": each(5)}}
    )  # fmt: skip
    assert not used.shortages


# --- returns ---------------------------------------------------------------------------


def test_goods_come_back_as_ours_newest_first_into_the_layers_they_left():
    store = Store()
    store.receives(each(5), on=1)
    store.receives(each(5), on=2)
    store.uses(each(8))
    used = store.uses(each(-4))
    assert store.tells(since=6) == [
        ("returned-by-customer", 2, each(3), "us CUSTOMER", "us SHELF"),
        ("returned-by-customer", 1, each(1), "us CUSTOMER", "us SHELF"),
    ]
    assert store.owners() == {"Acme": each(2), "us": each(4)}
    assert [own.quantity for own in used.own_issues] == [each(-3), each(-1)]
    assert used.transfers == []


def test_goods_that_came_back_are_used_again_as_ours():
    store = Store()
    store.receives(each(5))
    store.uses(each(5))
    store.uses(each(-2))
    used = store.uses(each(2))
    assert used.transfers == []
    assert [own.quantity for own in used.own_issues] == [each(2)]


def test_use_return_and_use_in_one_batch():
    store = Store()
    store.receives(each(5))
    used = store.uses_all([line(5, number=1), line(-3, number=2), line(2, number=3)])
    assert [(t.use.number, t.quantity) for t in used.transfers] == [(1, each(5))]
    assert [(o.use.number, o.quantity) for o in used.own_issues] == [(2, each(-3)), (3, each(2))]
    assert store.owners() == {"us": each(1)}
    assert not used.shortages


def test_non_owned_goods_come_back_as_non_owned_also_within_one_batch():
    store = Store()
    store.receives(each(5), of=ZETA, ownership=Ownership.NON_OWNED)
    used = store.uses_all([line(5, number=1), line(-3, number=2)])
    assert store.owners() == {"Zeta": each(3)}
    used_later = store.uses(each(-1))
    assert store.owners() == {"Zeta": each(4)}
    assert used.own_issues == used_later.own_issues == []


def test_more_than_went_out_cannot_come_back():
    store = Store()
    store.receives(each(5))
    store.uses(each(3))
    used = store.uses(each(-4))
    assert [(s.missing, s.held) for s in used.shortages] == [(each(-1), each(3))]
    assert store.owners() == {"Acme": each(2), "us": each(3)}


def test_what_went_out_after_the_day_of_the_return_does_not_come_back():
    store = Store()
    store.receives(each(10))
    store.uses(each(3), on=4)
    store.uses(each(5), on=6)
    (short,) = store.uses(each(-4), on=5).shortages
    assert (short.missing, short.held, short.came_later) == (each(-1), each(3), each(5))
    assert not store.uses(each(-5), on=6).shortages


ON_AND_BACK = [  # sold or returned, each as (quantity, day)      return   day   comes back
    ([(5, 4)],                                                    5,       4,    5),
    ([(5, 4)],                                                    5,       3,    0),
    ([(5, 4), (-2, 6)],                                           5,       5,    3),
    ([(5, 4), (3, 8), (-3, 9)],                                   8,       8,    5),
    ([(5, 4), (3, 8), (-3, 9)],                                   5,       4,    5),
    ([(5, 4), (3, 8), (-4, 9)],                                   5,       4,    4),
    ([(2, 4), (-2, 5), (4, 6), (-1, 7)],                          3,       4,    0),
    ([(2, 4), (-2, 5), (4, 6), (-1, 7)],                          3,       6,    3),
]  # fmt: skip


@pytest.mark.parametrize("in_one_batch", [False, True])
@pytest.mark.parametrize(("told", "quantity", "on", "back"), ON_AND_BACK)
def test_on_no_day_is_more_back_than_had_gone_out(told, quantity, on, back, in_one_batch: bool):
    store = Store()
    store.receives(each(20))
    lines = [
        line(part, number=number, on=of)
        for number, (part, of) in enumerate([*told, (-quantity, on)], start=1)
    ]
    for batch in [lines] if in_one_batch else [[each_line] for each_line in lines]:
        used = store.uses_all(batch)
    assert sum(short.held for short in used.shortages) == (each(back) if back < quantity else 0)
    out = {entry.target for entry in store.entries if entry.kind == "issued"}
    moved = [m for n in out for m in moved_by_day(store.entries, (n, 1))]
    assert all(sum(q for of, q in moved if of <= until) >= 0 for until, _ in moved)


def test_a_return_that_names_a_consignor_goes_into_that_consignors_layers_alone():
    store = Store()
    store.receives(each(5), of=ACME, on=1)
    store.receives(each(5), of=ZETA, on=2)
    store.uses(each(10))
    (short,) = store.uses(each(-7), consignor=ACME).shortages
    assert (short.missing, short.held) == (each(-2), each(5))
    assert store.layers_left() == {1: each(5)}


COMING_BACK = [  # kind of the return     missing
    (UseKind.SALE,                        0),
    (UseKind.ISSUE,                       0),  # the customer's again
    (UseKind.PRODUCTION,                  -2),
    (UseKind.ADJUSTMENT,                  -2),
    (UseKind.TRANSFER_TO_OWNED,           -2),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "missing"), COMING_BACK)
def test_goods_come_back_only_from_where_they_went(kind: UseKind, missing: int):
    store = Store()
    store.receives(each(5))
    store.uses(each(2), kind=UseKind.SALE)
    assert sum(s.missing for s in store.uses(each(-2), kind=kind).shortages) == each(missing)


def test_a_return_can_name_its_lot_and_the_place_it_goes_to():
    store = Store()
    store.receives(each(5), on=1, lot="L1")
    store.receives(each(5), on=2, lot="L2")
    store.uses(each(10))
    store.uses(each(-2), lot="L1", place=STOCKROOM.number)
    assert store.layers_left() == {1: each(2)}
    assert store.owners(at=STOCKROOM) == {"us": each(2)}


def test_a_loss_is_found_again():
    store = Store()
    store.receives(each(5))
    store.uses(each(2), kind=UseKind.ADJUSTMENT)
    store.uses(each(-2), kind=UseKind.ADJUSTMENT)
    assert store.owners() == {"Acme": each(3), "us": each(2)}


# --- two places ------------------------------------------------------------------------


def test_a_layer_split_over_places_is_taken_place_by_place():
    store = Store(title_rules={21: TitleRule.ON_USE})
    store.receives(each(10), at=DOCK)
    store.moves(each(4), source=DOCK, target=SHELF)
    used = store.uses(each(7), place=DOCK.number)
    assert [(s.missing, s.held) for s in used.shortages] == [(each(1), each(6))]
    assert store.owners(at=SHELF) == {"Acme": each(4)}
    assert store.owners(at=DOCK) == {}
    assert US not in [t.holding.owner for t in used.transfers]


TAKEN_WHEN_EXPIRED = [UseKind.SCRAP, UseKind.ADJUSTMENT, UseKind.COUNT, UseKind.TRANSFER_TO_OWNED]


@pytest.mark.parametrize("kind", UseKind)
def test_expired_goods_are_only_good_to_be_thrown_away_or_taken_over(kind: UseKind):
    """The last day is day 5; on day 6 a sale finds nothing, and scrapping does."""
    store = Store()
    store.receives(each(5), on=1, expires_on=day(5))
    assert not store.uses(each(1), on=5, kind=kind).shortages
    shortages = store.uses(each(1), on=6, kind=kind).shortages
    if kind in TAKEN_WHEN_EXPIRED:
        assert not shortages
    else:
        assert [(s.missing, s.held, s.expired) for s in shortages] == [
            (each(1), store.on_hand(), store.on_hand())
        ]


def test_named_or_not_expired_goods_are_passed_over():
    store = Store(PickOrder.FIRST_EXPIRING_FIRST)
    store.receives(each(5), on=1, expires_on=day(5), lot="OLD")
    store.receives(each(5), on=1, expires_on=day(9), lot="NEW")
    (short,) = store.uses(each(7), on=6).shortages
    assert (short.missing, short.held, short.expired) == (each(2), each(10), each(5))
    assert store.layers_left() == {1: each(5)}
    (short,) = store.uses(each(1), on=6, lot="OLD").shortages
    assert (short.missing, short.expired) == (each(1), each(5))


def test_what_has_expired_does_not_serve_what_is_promised():
    store = Store()
    store.receives(each(5), on=1, expires_on=day(5))
    store.receives(each(5), on=1)
    (short,) = store.uses(each(5), on=6, reserved={BOLT: {"A": each(3)}}).shortages
    assert (short.missing, short.promised, short.expired) == (each(3), each(3), each(5))


SCOPED = [  # promised to others               named            missing of 10 asked of 6 + 4
    ({"A": Promise(each(5), Scope(owner=ACME))}, {},              each(5)),
    ({"A": Promise(each(5), Scope(owner=ACME))}, {"consignor": ACME}, each(9)),
    ({"A": Promise(each(5), Scope(owner=ACME))}, {"consignor": ZETA}, each(6)),
    ({"A": Promise(each(5), Scope(lot="L"))},    {"lot": "L"},    each(9)),
    ({"A": Promise(each(2), Scope(owner=ACME)),
      "B": Promise(each(3))},                    {},              each(5)),
    ({"A": Promise(each(2), Scope(owner=ACME)),
      "B": Promise(each(3))},                    {"consignor": ACME}, each(6)),
    ({"A": Promise(each(1), Scope(ACME, "L")),
      "B": Promise(each(2), Scope(owner=ACME))}, {"consignor": ACME}, each(7)),
    ({"A": Promise(0, Scope(owner=ACME))},       {},              0),
]  # fmt: skip


@pytest.mark.parametrize(("promised", "named", "missing"), SCOPED)
def test_of_goods_that_are_promised_by_name_enough_are_left(promised, named, missing: int):
    store = Store()
    store.receives(each(6), of=ACME, lot="L")
    store.receives(each(4), of=ZETA)
    used = store.uses(each(10), reserved={BOLT: promised}, **named)
    assert sum(s.missing for s in used.shortages) == missing


def test_picking_for_an_order_takes_the_goods_that_it_names():
    store = Store()
    store.receives(each(6), of=ACME)
    store.receives(each(4), of=ZETA, on=2)
    promise = Promise(each(3), Scope(owner=ZETA))
    used = store.uses(each(3), reservation="A", reserved={BOLT: {"A": promise}})
    assert [t.holding.owner for t in used.transfers] == [ZETA]
    assert promise.quantity == 0


def test_what_may_still_be_promised_is_left_of_what_is_promised_within_and_around():
    goods = [Goods(ACME, "L", None, each(8)), Goods(US, None, None, each(4))]
    of_acme = Promise(each(5), Scope(owner=ACME))
    assert available(goods, [of_acme], ANY) == each(7)
    assert available(goods, [of_acme], Scope(owner=ACME)) == each(3)
    assert available(goods, [of_acme], Scope(lot="L")) == each(3)  # all of Acme's are of it
    assert available(goods, [of_acme, Promise(each(5))], Scope(owner=ACME)) == each(2)
