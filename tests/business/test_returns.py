"""What goes back, close up: which transfers of title, which goods, and what stands against it."""

from dataclasses import replace

import pytest

from consigned.inventory.title_transfers import UseKind
from consigned.returns import entries as returns
from consigned.returns.lines import (
    BROUGHT_BACK,
    IN_PROCESS,
    ComingBack,
    GoingBack,
    Goods,
    Passed,
    ReturnedQuantity,
)
from consigned.title.layer import Ownership
from consigned.title.position import OUTER_ZONES, Condition, Zone
from tests.business.store import (
    ACME,
    AGREEMENT_OF,
    BOLT,
    OUTER,
    OWNED_ROOM,
    PLACES,
    SHELF,
    SUPPLIER,
    US,
    ZETA,
    Store,
    day,
    each,
)

TODAY = 100


class Shop(Store):
    """A store that keeps the transfers of title that made goods ours, and what was told."""

    def __init__(self) -> None:
        super().__init__()
        self.passed: list[Passed] = []
        self.stay_ours: frozenset[int] = frozenset()

    def keeps(self, quantity, **use) -> None:
        self.takes(quantity, UseKind.TRANSFER_TO_OWNED, **use)

    def takes(self, quantity, kind=UseKind.SALE, **use) -> None:
        for transfer in self.uses(quantity, kind=kind, **use).transfers:
            happened_on, layer = transfer.use.happened_on, transfer.holding.layer
            self.passed.append(
                Passed(transfer.entry, layer, kind, happened_on, transfer.quantity, False)
            )

    def advises(self) -> None:
        for passed in self.passed:
            passed.is_told = True

    def goods(self) -> Goods:
        inside = [
            self._holding(number, layer, left)
            for (number, layer), left in self.balances.items()
            if left > 0 and self.is_inside(number)
        ]
        by_layer: dict[int, list[Passed]] = {}
        for passed in map(replace, self.passed):
            by_layer.setdefault(passed.layer, []).append(passed)
        outside = {
            (layer, PLACES[where.place].zone): left
            for (number, layer), left in self.balances.items()
            if left > 0
            and (where := self.where[number]).owner == US
            and PLACES[where.place].zone in OUTER_ZONES
        }
        return Goods(
            US, inside, by_layer, {n: layer.supplier for n, layer in self.layers.items()},
            outside, frozenset({OWNED_ROOM.number}), SHELF.number, SUPPLIER.number,
            self.stay_ours,
        )  # fmt: skip

    def turns_back(self, quantity, **named) -> ReturnedQuantity:
        return self._does(returns.transfer_to_consigned, quantity, turns_title=True, **named)

    def sends(self, quantity, **named) -> ReturnedQuantity:
        return self._does(returns.return_to_supplier, quantity, **named)

    def _does(self, act, quantity, on=TODAY, **named) -> ReturnedQuantity:
        line = GoingBack(0, BOLT, quantity, day(on), **named)
        return self._take(lambda book, goods: act(book, goods, [line], first_document=1))

    def takes_back(
        self,
        quantity,
        kind=UseKind.SALE,
        on=TODAY,
        place=SHELF.number,
        to_original_owner=False,
        **about,
    ) -> ReturnedQuantity:
        line = ComingBack(
            0, BOLT, quantity, day(on), kind, place, to_original_owner=to_original_owner, **about
        )
        issued = {BOLT: self.gone_out(BOLT)}
        return self._take(
            lambda book, goods: returns.come_back(
                book, goods, [line], issued=issued, outer=OUTER, first_document=1
            )
        )

    def _take(self, act) -> ReturnedQuantity:
        """Remember what came of an act, unless it fell short."""
        book, goods, since = self.book(), self.goods(), len(self.entries)
        went = act(book, goods)
        if not went.shortages:
            self.remember(book)
            self.since = since
            self.passed = [passed for layer in goods.passed.values() for passed in layer]
        return went

    def told(self) -> list[tuple[object, ...]]:
        return self.tells(self.since)


@pytest.fixture
def shop() -> Shop:
    """Acme's on days 1 and 3, Zeta's on day 2."""
    shop = Shop()
    shop.receives(each(10), of=ACME, on=1, lot="L1")
    shop.receives(each(10), of=ZETA, on=2, lot="L2", serial="S2")
    shop.receives(each(10), of=ACME, on=3, lot="L3")
    return shop


def of_layers(went: ReturnedQuantity) -> list[tuple[int, int]]:
    return [(turned.passed.layer, turned.quantity) for turned in went.turned]


NAMED = [  # what is named                   turned back, layer by layer
    ({},                                     [(3, each(2)), (1, each(3)), (2, each(1))]),
    ({"consignor": ACME},                    [(3, each(2)), (1, each(4))]),
    ({"lot": "L1"},                          [(1, each(4))]),
    ({"serial": "S2"},                       [(2, each(4))]),
    ({"layers": frozenset({1, 2})},          [(1, each(4)), (2, each(2))]),
]  # fmt: skip


@pytest.mark.parametrize(("named", "turned"), NAMED)
def test_the_oldest_transfers_go_back_first_unless_more_is_named(shop, named, turned):
    shop.keeps(each(2), lot="L3", on=10)
    shop.keeps(each(4), lot="L1", on=11)
    shop.keeps(each(4), lot="L2", on=12)
    wanted = sum(quantity for _, quantity in turned)
    if not named:
        shop.turns_back(each(1), lot="L1")
    assert of_layers(shop.turns_back(wanted, **named)) == turned


def test_goods_in_an_owned_place_leave_it_before_their_title_does(shop):
    shop.moves(each(2), target=OWNED_ROOM, lot="L1", on=10)
    entry = next(e for e in shop.entries if e.kind == "transferred-to-owned")
    shop.passed.append(Passed(entry.number, 1, UseKind.TRANSFER_TO_OWNED, day(10), each(2), False))
    shop.turns_back(each(2))
    assert shop.told() == [
        ("moved", 1, each(2), "us OWNED", "us SHELF"),
        ("transferred-to-consigned", 1, each(2), "us SHELF", "Acme SHELF"),
    ]


def test_a_transfer_whose_goods_are_gone_is_not_what_lies_here(shop):
    """Three were sold and are gone, two were kept later: the two go back, not two of the three."""
    shop.takes(each(3), lot="L1", on=10)
    shop.keeps(each(2), lot="L1", on=11)
    went = shop.turns_back(each(2))
    assert [turned.passed.kind for turned in went.turned] == [UseKind.TRANSFER_TO_OWNED]
    shop.takes_back(each(1))
    went = shop.turns_back(each(1))
    assert [turned.passed.kind for turned in went.turned] == [UseKind.SALE]


def short(went: ReturnedQuantity) -> tuple[int, int, int]:
    one = went.shortages[0]
    return one.could, one.untold, len(one.told)


def test_what_an_advice_has_told_is_not_turned_back(shop):
    shop.keeps(each(3), lot="L1", on=10)
    shop.advises()
    shop.keeps(each(2), lot="L1", on=20)
    assert short(shop.turns_back(each(4))) == (each(2), 0, 1)
    assert of_layers(shop.turns_back(each(2))) == [(1, each(2))]


SENT = [  # what is asked                                 told
    ({},                                                  ["returned-to-supplier"]),
    ({"is_owned": False},                                 ["returned-to-supplier"]),
    ({"is_owned": True, "transfers_first": True},         ["transferred-to-consigned",
                                                           "returned-to-supplier"]),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "kinds"), SENT)
def test_what_is_still_the_suppliers_leaves_first(shop, asked, kinds):
    shop.keeps(each(3), lot="L1", on=10)
    shop.sends(each(2), lot="L1", **asked)
    assert [kind for kind, *_ in shop.told()] == kinds
    assert shop.owners(at=SUPPLIER)["Acme"] == -each(18)


def test_what_is_ours_and_untold_waits_for_its_transfer_and_what_is_told_is_sold_back(shop):
    shop.keeps(each(3), lot="L1", on=10)
    assert short(shop.sends(each(3), is_owned=True)) == (0, each(3), 0)
    assert short(shop.sends(each(9), lot="L1")) == (each(7), each(2), 0)
    shop.advises()
    went = shop.sends(each(3), is_owned=True)
    assert shop.told() == [
        ("returned-to-supplier", 1, each(3), "us SHELF", "us SUPPLIER"),
        ("sold-back", 1, each(3), "us SUPPLIER", "Acme SUPPLIER"),
    ]
    assert [part.is_owned for part in went.parts] == [True]


def test_bought_goods_go_back_only_with_their_receipt_named():
    shop = Shop()
    layer = shop.receives(each(5), ownership=Ownership.OWNED)
    assert short(shop.sends(each(2))) == (0, 0, 0)
    shop.sends(each(2), layers=frozenset({layer}))
    assert [kind for kind, *_ in shop.told()] == ["returned-to-supplier", "sold-back"]


def test_no_day_before_it_became_ours_or_came(shop):
    shop.keeps(each(3), lot="L3", on=10)
    assert shop.turns_back(each(1), on=9).shortages[0].later == each(3)
    assert shop.sends(each(21), on=2).shortages[0].could == each(20)


def test_what_comes_back_is_ours_and_may_be_held(shop):
    shop.takes(each(3), lot="L1", on=10)
    went = shop.takes_back(each(2), condition=Condition.ON_HOLD.value)
    assert shop.told() == [("returned-by-customer", 1, each(2), "us CUSTOMER", "us SHELF")]
    assert [(came.quantity, came.holding.layer) for came in went.came] == [(each(2), 1)]
    (entry,) = shop.entries[shop.since :]
    assert shop.where[entry.target].condition == Condition.ON_HOLD


def test_goods_of_others_that_were_lent_come_back_as_theirs():
    shop = Shop()
    shop.receives(each(5), of=ZETA, ownership=Ownership.NON_OWNED)
    shop.uses(each(3))
    shop.takes_back(each(2), to_original_owner=True)
    assert shop.told() == [("returned-by-customer", 1, each(2), "Zeta CUSTOMER", "Zeta SHELF")]


@pytest.mark.parametrize("to_original_owner", [None, False])
def test_an_owned_place_takes_back_what_can_be_ours_and_passes_over_what_stays_others(
    to_original_owner,
):
    shop = Shop()
    shop.receives(each(5), of=ACME, on=1, lot="L1")
    shop.receives(each(5), of=ZETA, on=2, lot="L2", ownership=Ownership.NON_OWNED)
    shop.takes(each(2), lot="L1", on=10)
    shop.uses(each(2), lot="L2", on=11)
    into_ours = {"place": OWNED_ROOM.number, "to_original_owner": to_original_owner}
    (short,) = shop.takes_back(each(3), **into_ours).shortages
    assert (short.could, short.theirs) == (each(2), each(2))
    shop.takes_back(each(2), **into_ours)
    assert shop.told() == [("returned-by-customer", 1, each(2), "us CUSTOMER", "us OWNED")]


def test_as_issued_the_newest_use_goes_back_of_its_own_kind_first(shop):
    shop.takes(each(2), lot="L1", on=10)
    shop.takes(each(2), lot="L1", on=11)
    shop.takes(each(2), UseKind.SAMPLE, lot="L1", on=12)
    went = shop.takes_back(each(5), to_original_owner=True)
    assert [(turned.passed.kind, turned.passed.happened_on) for turned in went.turned] == [
        (UseKind.SALE, day(11)), (UseKind.SALE, day(10)), (UseKind.SAMPLE, day(12)),
    ]  # fmt: skip
    assert went.came == []


def test_as_issued_what_was_ours_when_it_was_used_is_ours_again(shop):
    shop.keeps(each(2), lot="L1", on=10)
    shop.uses(each(2), consignor=US, on=11)
    shop.takes(each(1), lot="L1", on=12)
    shop.takes_back(each(3), to_original_owner=True)
    assert sorted(shop.told()) == [
        ("returned-by-customer", 1, each(1), "us CUSTOMER", "us SHELF"),
        ("returned-by-customer", 1, each(2), "us CUSTOMER", "us SHELF"),
        ("transferred-to-consigned", 1, each(1), "us SHELF", "Acme SHELF"),
    ]


@pytest.mark.parametrize("to_original_owner", [True, False])
def test_a_piece_that_is_named_is_the_piece_that_comes_back(shop, to_original_owner):
    for on, lot in enumerate(("L1", "L2", "L3"), start=10):
        shop.takes(each(2), lot=lot, on=on)
    shop.takes_back(each(1), serial="S2", to_original_owner=to_original_owner)
    assert {layer for _, layer, *_ in shop.told()} == {2}
    assert shop.takes_back(each(1), serial="S9", to_original_owner=to_original_owner).shortages


def test_components_come_back_through_production_and_the_rest_by_itself():
    brought = set(BROUGHT_BACK)
    assert brought.isdisjoint(IN_PROCESS)
    assert {UseKind.SALE, UseKind.WORK_ORDER} <= brought
    assert {returns.GOES_TO[kind] for kind in brought} == {Zone.CUSTOMER, Zone.PRODUCTION}


# --- whose it is, the agreement says ---------------------------------------------------------


def test_what_comes_back_untold_is_its_first_owners_where_nothing_else_was_agreed(shop):
    shop.takes(each(4), UseKind.SALE, consignor=ACME, on=5)
    went = shop.takes_back(each(3), to_original_owner=None)
    assert of_layers(went) == [(1, each(3))]
    assert went.came == []


def test_what_an_advice_has_told_comes_back_as_ours_and_nobody_is_refused(shop):
    shop.takes(each(2), UseKind.SALE, consignor=ACME, on=5)
    shop.advises()
    shop.takes(each(1), UseKind.SALE, consignor=ACME, on=6)
    went = shop.takes_back(each(3), to_original_owner=None)
    assert of_layers(went) == [(1, each(1))]
    assert [came.quantity for came in went.came] == [each(2)]
    assert went.shortages == []


def test_in_a_place_of_ours_or_where_it_was_agreed_it_is_ours(shop):
    shop.takes(each(4), UseKind.SALE, consignor=ACME, on=5)
    assert shop.takes_back(each(1), to_original_owner=None, place=OWNED_ROOM.number).turned == []
    shop.stay_ours = frozenset({AGREEMENT_OF[ACME]})
    assert shop.takes_back(each(1), to_original_owner=None).turned == []
    shop.stay_ours = frozenset()
    assert of_layers(shop.takes_back(each(1), to_original_owner=None)) == [(1, each(1))]
