from copy import deepcopy

import pytest

from consigned.title.entry import Cause, Entry, EntryKind
from consigned.title.layer import Layer
from consigned.title.position import Condition, Position
from consigned.title.post import Book, LawBroken, post
from tests.business.store import ACME, BOLT, CUSTOMER, NUT, OUTER_PLACES, SHELF, US, day, each

THEIRS = Position(BOLT, ACME, SHELF.number)
OURS = Position(BOLT, US, SHELF.number)
OUTSIDE = Position(BOLT, US, CUSTOMER.number)
NUTS = Position(NUT, ACME, SHELF.number)
ON_HOLD = THEIRS._replace(condition=Condition.ON_HOLD)


@pytest.fixture
def book() -> Book:
    book = Book(1, OUTER_PLACES, next_entry=5, next_layer=2)
    for where in (THEIRS, OURS, OUTSIDE, NUTS, ON_HOLD):
        book.position(where)
    book.balances[book.position(THEIRS), 1] = each(10)
    return book


FOUR = each(4)


def entry(book, number, kind, source, target, quantity=FOUR) -> Entry:
    return Entry(
        number, kind, 1, quantity, book.position(source), book.position(target),
        day(1), Cause.CONSUMPTION, 1, 1,
    )  # fmt: skip


TITLE, ISSUE, MOVE = EntryKind.TRANSFERRED_TO_OWNED, EntryKind.ISSUED, EntryKind.MOVED


def test_what_is_posted_is_carried_to_balances_changes_and_numbers(book: Book):
    post(book, [entry(book, 5, TITLE, THEIRS, OURS), entry(book, 6, ISSUE, OURS, OUTSIDE)])
    theirs, ours, outside = (book.position(p) for p in (THEIRS, OURS, OUTSIDE))
    assert book.balances == {(theirs, 1): each(6)}
    assert book.changes == {(theirs, 1): each(-4), (outside, 1): each(4)}
    assert (ours, 1) not in book.changes
    assert [e.number for e in book.entries] == [5, 6]
    assert book.next_entry == 7


def test_changes_of_several_postings_add_up(book: Book):
    post(book, [entry(book, 5, TITLE, THEIRS, OURS, each(1))])
    post(book, [entry(book, 6, TITLE, THEIRS, OURS, each(2))])
    assert book.changes[book.position(THEIRS), 1] == each(-3)
    assert book.balances[book.position(OURS), 1] == each(3)


BROKEN = [  # why                       entries as (number, kind, source, target, quantity)
    ("number skipped",                  [(6, TITLE, THEIRS, OURS, 1)]),
    ("number used",                     [(4, TITLE, THEIRS, OURS, 1)]),
    ("number twice",                    [(5, TITLE, THEIRS, OURS, 1), (5, TITLE, THEIRS, OURS, 1)]),
    ("takes nothing",                   [(5, TITLE, THEIRS, OURS, 0)]),
    ("gives instead of taking",         [(5, TITLE, THEIRS, OURS, -1)]),
    ("more than there is",              [(5, TITLE, THEIRS, OURS, each(11))]),
    ("from where nothing is",           [(5, ISSUE, OURS, OUTSIDE, 1)]),
    ("owner and place at once",         [(5, ISSUE, THEIRS, OUTSIDE, 1)]),
    ("place with the owner",            [(5, TITLE, THEIRS, OUTSIDE, 1)]),
    ("neither owner nor place",         [(5, MOVE, THEIRS, THEIRS, 1)]),
    ("title told as custody",           [(5, MOVE, THEIRS, OURS, 1)]),
    ("custody told as title",           [(5, TITLE, THEIRS, ON_HOLD, 1)]),
    ("another item",                    [(5, TITLE, NUTS, OURS, 1)]),
    ("the second entry only",           [(5, TITLE, THEIRS, OURS, 1),
                                         (6, ISSUE, OURS, OUTSIDE, 2)]),
]  # fmt: skip


@pytest.mark.parametrize(("why", "entries"), BROKEN, ids=[why for why, _ in BROKEN])
def test_what_breaks_a_law_is_not_posted_and_changes_nothing(book: Book, why: str, entries):
    posted = [
        entry(book, n, kind, source, target, quantity)
        for n, kind, source, target, quantity in entries
    ]
    before = deepcopy((book.balances, book.changes, book.entries, book.next_entry))
    with pytest.raises(LawBroken):
        post(book, posted)
    assert (book.balances, book.changes, book.entries, book.next_entry) == before


def test_a_change_of_condition_is_a_matter_of_custody(book: Book):
    post(book, [entry(book, 5, MOVE, THEIRS, ON_HOLD)])
    assert book.balances[book.position(ON_HOLD), 1] == each(4)


def test_places_outside_the_walls_may_stand_below_nothing(book: Book):
    post(book, [entry(book, 5, EntryKind.RETURNED_BY_CUSTOMER, OUTSIDE, OURS)])
    assert book.changes[book.position(OUTSIDE), 1] == each(-4)


def test_positions_are_numbered_once_and_new_ones_are_told():
    book = Book(1, OUTER_PLACES, positions={THEIRS: 7}, next_position=8)
    assert (book.position(THEIRS), book.position(OURS), book.position(OURS)) == (7, 8, 8)
    assert book.new_positions == {8: OURS}
    assert book.describe(7) == THEIRS
    book.know(3, OUTSIDE)
    assert (book.position(OUTSIDE), book.is_outer(3), book.is_outer(7)) == (3, True, False)
    assert 3 not in book.new_positions


def test_layers_are_numbered_as_they_open():
    book = Book(1, OUTER_PLACES, next_layer=4)
    goods = Layer(0, BOLT, ACME, day(1))
    assert [book.open_layer(goods), book.open_layer(goods)] == [4, 5]
    assert [layer.number for layer in book.new_layers] == [4, 5]
