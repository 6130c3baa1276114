import pytest

from consigned.title.layer import Ownership
from consigned.title.post import LawBroken
from consigned.trade.agreements import TitleRule
from consigned.trade.consumption import UseKind
from consigned.trade.custody import passes_title
from tests.business.store import (
    ACME,
    DOCK,
    OWNED_ROOM,
    SHELF,
    STOCKROOM,
    ZETA,
    Store,
    each,
)

ON_USE, ON_WITHDRAWAL = TitleRule.ON_USE, TitleRule.ON_WITHDRAWAL

ROADS = [  # title passes      from        to           title passes?
    (ON_USE,                   DOCK,       SHELF,       False),
    (ON_USE,                   SHELF,      STOCKROOM,   False),
    (ON_USE,                   SHELF,      OWNED_ROOM,  True),   # P45
    (ON_USE,                   DOCK,       OWNED_ROOM,  True),
    (ON_WITHDRAWAL,            DOCK,       SHELF,       False),
    (ON_WITHDRAWAL,            SHELF,      STOCKROOM,   True),   # E06
    (ON_WITHDRAWAL,            SHELF,      OWNED_ROOM,  True),
    (ON_WITHDRAWAL,            STOCKROOM,  SHELF,       False),
    (ON_WITHDRAWAL,            SHELF,      DOCK,        False),
]  # fmt: skip


@pytest.mark.parametrize(("title_rule", "source", "target", "passes"), ROADS)
def test_place_and_agreement_decide_whether_a_move_passes_title(
    title_rule, source, target, passes: bool
):
    assert passes_title(title_rule, source, target) is passes


@pytest.mark.parametrize(("title_rule", "source", "target", "passes"), ROADS)
def test_a_move_tells_one_story_or_both_title_first(title_rule, source, target, passes: bool):
    store = Store(title_rules={21: title_rule})
    store.receives(each(10), at=source)
    moved = store.moves(each(4), source=source, target=target)
    said = [kind for kind, *_ in store.tells(since=1)]
    custody = "put-away" if source is DOCK else "moved"
    assert said == (["transferred-to-owned", custody] if passes else [custody])
    assert store.owners(at=target) == {"us" if passes else "Acme": each(4)}
    assert store.owners(at=source) == {"Acme": each(6)}
    assert [t.quantity for t in moved.transfers] == ([each(4)] if passes else [])


def test_withdrawal_from_the_consignors_store_reads_like_the_agreement():
    store = Store(title_rules={21: ON_WITHDRAWAL})
    store.receives(each(10))
    moved = store.moves(each(10))
    assert store.tells(since=1) == [
        ("transferred-to-owned", 1, each(10), "Acme SHELF", "us SHELF"),
        ("moved", 1, each(10), "us SHELF", "us STOCKROOM"),
    ]
    transfer = moved.transfers[0]
    assert transfer.entry == 2
    assert (transfer.use.kind, transfer.use.quantity) == (UseKind.TRANSFER_TO_OWNED, each(10))


def test_each_consignors_own_rule_holds():
    """The same move passes one consignor's title and not the other's (E03)."""
    store = Store(title_rules={21: ON_WITHDRAWAL, 22: ON_USE})
    store.receives(each(3), of=ACME, on=1)
    store.receives(each(3), of=ZETA, on=2)
    moved = store.moves(each(5))
    assert store.owners(at=STOCKROOM) == {"us": each(3), "Zeta": each(2)}
    assert [t.holding.owner for t in moved.transfers] == [ACME]


def test_own_goods_move_as_ours_and_non_owned_ones_as_whose_they_are():
    store = Store(title_rules={21: ON_WITHDRAWAL})
    store.receives(each(3), on=1, ownership=Ownership.OWNED)
    store.receives(each(3), on=2, of=ZETA, ownership=Ownership.NON_OWNED)
    moved = store.moves(each(6))
    assert store.owners(at=STOCKROOM) == {"us": each(3), "Zeta": each(3)}
    assert moved.transfers == []


def test_goods_keep_their_layer_and_so_their_age_when_they_move():
    store = Store()
    store.receives(each(5), on=1, at=DOCK)
    store.receives(each(5), on=2, at=SHELF)
    store.moves(each(5), source=DOCK, target=SHELF)
    store.uses(each(5))
    assert store.layers_left() == {2: each(5)}


NAMED = [  # what the user named     layers moved
    ({},                             {1: each(5), 2: each(1)}),
    ({"layer": 2},                   {2: each(5)}),
    ({"consignor": ZETA},            {2: each(5)}),
    ({"lot": "L3"},                  {3: each(5)}),
    ({"serial": "S3"},               {3: each(5)}),
    ({"on": 1},                      {1: each(5)}),
]  # fmt: skip


@pytest.mark.parametrize(("named", "moved"), NAMED)
def test_goods_to_move_can_be_named(named: dict, moved: dict):
    store = Store()
    store.receives(each(5), on=1)
    store.receives(each(5), on=2, of=ZETA)
    store.receives(each(5), on=3, lot="L3", serial="S3")
    store.moves(each(6), **named)
    left = store.layers_left()
    in_stockroom = {
        layer: quantity
        for (number, layer), quantity in store.balances.items()
        if store.where[number].place == STOCKROOM.number and quantity
    }
    assert in_stockroom == moved
    assert left == {1: each(5), 2: each(5), 3: each(5)}


def test_what_is_missing_is_answered():
    store = Store()
    store.receives(each(5))
    moved = store.moves(each(7))
    shortage = moved.shortages[0]
    assert (shortage.missing, shortage.held) == (each(2), each(5))
    assert store.owners(at=STOCKROOM) == {"Acme": each(5)}


def test_what_came_after_the_day_of_the_move_is_told():
    store = Store()
    store.receives(each(5), on=10)
    (shortage,) = store.moves(each(3), on=9).shortages
    assert (shortage.held, shortage.came_later) == (0, each(5))


def test_goods_in_another_place_are_not_moved():
    store = Store()
    store.receives(each(5), at=DOCK)
    assert store.moves(each(1), source=SHELF).shortages


def test_the_book_takes_no_move_to_where_the_goods_are():
    store = Store()
    store.receives(each(5))
    with pytest.raises(LawBroken, match="either owner or place"):
        store.moves(each(1), source=SHELF, target=SHELF)
    assert len(store.entries) == 1
