"""A count against the book, and whose turn it is to be counted."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consigned.counting.counts import Compared, Lying, Scope, compare, is_due, items_by_turn
from consigned.counting.laws import (
    KeptCount,
    KeptSettlement,
    counts_are_told_whole,
    differences_are_settled_once,
)
from consigned.inventory.stock import Holding
from consigned.master_data.agreements import CountMethod
from tests.business import terms

DAY = date(2026, 3, 2)
US, ACME, BOLTS = 1, 2, 3


def lie(owner: int, agreement: int | None, was: int, layer: int = 1) -> Lying:
    return Lying(Holding(1, owner, 1, layer, layer, DAY, was, "consigned", agreement), was)


SHELF = [lie(US, None, 10), lie(ACME, 11, 50, 2), lie(BOLTS, 12, 30, 3)]
COUNTS = [  # counted   ours   Acme's   Bolt's
    (90, (10, 50, 30)),
    (89, (9, 50, 30)),
    (78, (0, 48, 30)),
    (0, (0, 0, 0)),
]


@pytest.mark.parametrize(("counted", "found"), COUNTS)
def test_what_is_missing_is_so_in_picking_order(counted: int, found: tuple[int, ...]) -> None:
    compared = compare(SHELF, counted)
    assert compared is not None
    assert tuple(one.counted for one in compared) == found
    assert [one.booked for one in compared] == [10, 50, 30]


def test_what_is_too_much_is_of_the_only_owner_and_its_newest_agreement() -> None:
    one_owner = [lie(ACME, 11, 50, 2), lie(ACME, 12, 30, 3)]
    assert compare(one_owner, 85) == [Compared(ACME, 11, 50, 50), Compared(ACME, 12, 30, 35)]
    assert compare(SHELF, 91) is None
    assert compare([], 1) is None
    assert compare([], 0) == []


@given(st.lists(st.integers(0, 100), min_size=1, max_size=5), st.integers(0, 600))
def test_what_is_told_to_owners_comes_to_what_was_counted(booked: list[int], counted: int) -> None:
    shelf = [lie(owner, owner, was, owner) for owner, was in enumerate(booked, start=2)]
    compared = compare(shelf, counted)
    if compared is None:
        assert counted > sum(booked)
        assert len(booked) > 1
    else:
        assert sum(one.counted for one in compared) == counted
        assert all(one.counted >= 0 for one in compared)


COVERS = [  # the later count           the earlier one              replaced
    (Scope(1), Scope(1, ACME), True),
    (Scope(1, ACME), Scope(1, ACME), True),
    (Scope(1, ACME), Scope(1), False),
    (Scope(1, ACME), Scope(1, BOLTS), False),
    (Scope(1, ACME, 7), Scope(1, ACME, 8), False),
    (Scope(1, ACME, None, "L1"), Scope(1, ACME, 8, "L1"), True),
    (Scope(2), Scope(1), False),
]


@pytest.mark.parametrize(("later", "earlier", "is_replaced"), COVERS)
def test_a_later_count_takes_the_place_of_what_it_counts_too(
    later: Scope, earlier: Scope, is_replaced: bool
) -> None:
    assert later.covers(earlier) is is_replaced


ITEMS = [(1, "A", DAY), (2, "B", None), (3, "C", DAY - timedelta(days=7)), (4, "D", None)]
TURNS = [  # method                  share    whose turn
    (CountMethod.FULL, None, [2, 4, 3, 1]),
    (CountMethod.CYCLE, 50, [2, 4]),
    (CountMethod.CYCLE, 51, [2, 4, 3]),
    (CountMethod.BLIND_CYCLE, 1, [2]),
]


@pytest.mark.parametrize(("method", "share", "turn"), TURNS)
def test_items_are_counted_by_turn(method: CountMethod, share: int | None, turn: list[int]) -> None:
    agreed = terms.agreement()._replace(
        count_method=method, count_every_days=7, cycle_count_percent=share
    )
    assert items_by_turn(agreed, ITEMS) == turn


DUE = [  # last drawn up                 due
    (None, True),
    (DAY - timedelta(days=6), False),
    (DAY - timedelta(days=7), True),
    (DAY - timedelta(days=70), True),
]


@pytest.mark.parametrize(("last", "due"), DUE)
def test_a_sheet_is_due_as_often_as_agreed(last: date | None, due: bool) -> None:
    agreed = terms.agreement()._replace(count_method=CountMethod.FULL, count_every_days=7)
    assert is_due(agreed, last, DAY) is due
    assert not is_due(agreed._replace(count_every_days=None, count_method=None), last, DAY)


SETTLED = [  # settlements of a difference of -5                         keeps the law
    ([KeptSettlement(1, 7, "broken", -5, -5)], True),
    ([KeptSettlement(1, 7, "broken", -2, -2), KeptSettlement(2, 7, "sold", -3, -3)], True),
    ([KeptSettlement(1, 7, "broken", -2, -2), KeptSettlement(2, 7, "recounted", -3, 0)], True),
    ([], True),
    ([KeptSettlement(1, 7, "broken", -5, -4)], False),
    ([KeptSettlement(1, 7, "broken", -5, 0)], False),
    ([KeptSettlement(1, 7, "recounted", -5, -5)], False),
    ([KeptSettlement(1, 7, "broken", -3, -3), KeptSettlement(2, 7, "sold", -3, -3)], False),
    ([KeptSettlement(1, 7, "miscount", 5, 5)], False),
    ([KeptSettlement(1, 8, "broken", -5, -5)], False),
]


@pytest.mark.parametrize(("settlements", "holds"), SETTLED)
def test_a_difference_is_settled_once(settlements: list[KeptSettlement], holds: bool) -> None:
    assert (not list(differences_are_settled_once({7: -5}, settlements))) is holds


FOUND = [  # what is settled of 4 missing, of which 10 were found   found and gone    keeps the law
    ([KeptSettlement(1, 7, "miscount", 10, 10)], 10, True),
    ([KeptSettlement(1, 7, "miscount", 10, 10)], 9, False),
    ([KeptSettlement(1, 7, "miscount", 10, 10), KeptSettlement(2, 7, "sold", -14, -14)], 0, True),
    ([KeptSettlement(1, 7, "miscount", 10, 10), KeptSettlement(2, 7, "sold", -15, -15)], 10, False),
]  # fmt: skip


@pytest.mark.parametrize(("settlements", "gone", "holds"), FOUND)
def test_what_was_found_and_has_left_may_stand(
    settlements: list[KeptSettlement], gone: int, holds: bool
) -> None:
    found = differences_are_settled_once({7: -4}, settlements, {7: gone}.__getitem__)
    assert (not list(found)) is holds


def test_what_owners_are_told_comes_to_what_was_counted() -> None:
    assert not list(counts_are_told_whole([KeptCount(1, 5, 5)]))
    assert list(counts_are_told_whole([KeptCount(1, 5, 4)]))
