"""Each law is silent on an honest book and names the place where a broken one breaks it."""

from datetime import timedelta

import pytest

from consigned.title.entry import EntryKind
from consigned.title.laws import (
    Breach,
    each_entry_tells_one_story,
    entries_are_numbered_without_gaps,
    goods_are_conserved,
    nothing_below_nothing,
    replay_gives_the_balances,
    replay_gives_the_days,
    what_left_arrived,
)
from consigned.title.replay import last_came, moved_on_each_day, replay
from tests.business.store import NUT, OUTER_PLACES, Store, day, each


@pytest.fixture
def store() -> Store:
    """Entries: 1 received, 2 transferred to owned, 3 issued. Positions: 1 Acme's at the
    supplier, 2 Acme's on the shelf, 3 ours on the shelf, 4 ours at the customer."""
    store = Store()
    store.receives(each(10))
    store.uses(each(4))
    return store


def breaches(store: Store) -> list[Breach]:
    return [
        *goods_are_conserved(store.balances, store.where),
        *nothing_below_nothing(moved_on_each_day(store.entries), store.where, OUTER_PLACES),
        *replay_gives_the_balances(store.entries, store.balances),
        *each_entry_tells_one_story(store.entries, store.where),
        *entries_are_numbered_without_gaps(store.entries),
    ]


def laws_broken(store: Store) -> list[tuple[str, str]]:
    return [(breach.law, breach.where) for breach in breaches(store)]


def test_an_honest_book_keeps_every_law(store: Store):
    assert breaches(store) == []


def test_goods_from_nowhere_are_found(store: Store):
    store.balances[2, 1] += 1
    assert laws_broken(store) == [
        ("goods are conserved", "lay_1"),
        ("replay gives the balances", "pos_2 lay_1"),
    ]
    assert "0.000001 more came in" in breaches(store)[0].sentence


def test_goods_that_vanished_are_found(store: Store):
    store.balances[2, 1] -= each(1)
    assert ("goods are conserved", "lay_1") in laws_broken(store)


def test_a_layer_under_two_items_is_found(store: Store):
    nuts = store.where[2]._replace(item=NUT)
    store.where[9] = nuts
    store.balances[9, 1] = 0
    assert laws_broken(store) == [("goods are conserved", "lay_1")]


def test_ghost_goods_are_found_inside_the_walls_only(store: Store):
    store.entries[1] = store.entries[1]._replace(quantity=each(11))
    assert ("no stock is negative", "pos_2 lay_1") in laws_broken(store)
    assert store.balances[1, 1] == each(-10)  # the supplier's place may stand below nothing


def test_ghost_goods_of_a_day_gone_by_are_found(store: Store):
    """Four became ours on a day, and were issued on the day before."""
    issued = store.entries[2]
    store.entries[2] = issued._replace(happened_on=issued.happened_on - timedelta(days=1))
    assert laws_broken(store) == [("no stock is negative", "pos_3 lay_1")]
    assert breaches(store)[0].sentence == f"it holds -4 on {store.entries[2].happened_on}"


def test_the_day_on_which_goods_last_came_is_replayed(store: Store):
    received, transferred, issued = store.entries
    again = received._replace(number=4, happened_on=day(20))
    postings = [[received], [transferred, issued], [again]]
    kept = last_came(postings)
    assert {slot: kept[slot] for slot in kept if slot[0] == 2} == {(2, 1): day(20)}
    assert list(replay_gives_the_days(postings, {(2, 1): day(20)})) == []
    (breach,) = replay_gives_the_days(postings, {(2, 1): day(3)})
    assert (breach.law, breach.where) == ("replay gives the balances", "pos_2 lay_1")
    empty = [[received], [transferred._replace(quantity=each(10))], [again]]
    assert last_came(empty)[2, 1] == day(20)


def test_a_balance_typed_in_is_found_also_where_no_entry_ever_was(store: Store):
    store.balances[3, 7] = each(1)
    store.balances[4, 7] = each(-1)
    assert laws_broken(store) == [
        ("replay gives the balances", "pos_3 lay_7"),
        ("replay gives the balances", "pos_4 lay_7"),
    ]


REWRITTEN = [  # entry   what is altered
    (2,          {"kind": EntryKind.MOVED}),
    (3,          {"kind": EntryKind.TRANSFERRED_TO_OWNED}),
    (3,          {"source": 2}),              # owner and place at once
    (2,          {"target": 4}),              # place with the owner
    (2,          {"target": 2}),              # neither
    (2,          {"quantity": 0}),
]  # fmt: skip


@pytest.mark.parametrize(("number", "altered"), REWRITTEN)
def test_an_entry_that_tells_both_stories_or_none_is_found(store: Store, number, altered: dict):
    store.entries[number - 1] = store.entries[number - 1]._replace(**altered)
    assert ("title and custody move apart", f"ent_{number}") in laws_broken(store)


def test_an_entry_that_changes_the_item_is_found(store: Store):
    store.where[3] = store.where[3]._replace(item=NUT)
    assert ("title and custody move apart", "ent_2") in laws_broken(store)


MISSING = [  # entries left     where it shows
    ([2, 3],                    "ent_1"),
    ([1, 3],                    "ent_2"),
    ([1, 2, 2, 3],              "ent_3"),
    ([2, 1, 3],                 "ent_1"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "where"), MISSING)
def test_an_entry_missing_doubled_or_out_of_order_is_found(store: Store, left: list, where: str):
    entries = [store.entries[number - 1] for number in left]
    assert next(entries_are_numbered_without_gaps(entries)).where == where


def test_replay_can_be_cut_anywhere(store: Store):
    for cut in range(len(store.entries) + 1):
        before, after = replay(store.entries[:cut]), replay(store.entries[cut:])
        slots = before.keys() | after.keys()
        together = {slot: before.get(slot, 0) + after.get(slot, 0) for slot in slots}
        assert {s: q for s, q in together.items() if q} == replay(store.entries)


def test_what_left_and_did_not_arrive_is_found():
    assert list(what_left_arrived({(1, 4): each(5)}, {(1, 4): each(5)})) == []
    (breach,) = what_left_arrived({(1, 4): each(5)}, {(1, 4): each(3)})
    assert breach == ("what left arrived", "org_1 lay_4", "5 left, 3 arrived")
    (breach,) = what_left_arrived({}, {(2, 7): each(1)})
    assert breach.where == "org_2 lay_7"
