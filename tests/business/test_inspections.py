"""What is decided of received goods, and in which condition they are then."""

import pytest

from consigned.inbound.inspections import (
    Change,
    Decision,
    Inspected,
    Lying,
    NotWaiting,
    Room,
    change_condition,
    decide,
)
from consigned.inventory.stock import Holding
from consigned.measure.identity import PlaceNumber
from consigned.title.position import Condition, Place, Zone
from tests.business.store import ACME, BOLT, DOCK, Store, day, each

TEST = Place(PlaceNumber(71), "TEST", Zone.INSPECTION)
BAD = Place(PlaceNumber(72), "BAD", Zone.QUARANTINE)


def waiting(quantity: int, *places: Place) -> tuple[Store, Room, list[Lying]]:
    """So many bolts received, and waiting for their inspection."""
    from consigned.title.entry import EntryKind

    store = Store()
    layer = store.receives(each(quantity), of=ACME, at=DOCK)
    room, book = Room.of([DOCK, *places]), store.book()
    (position,) = [n for n, where in store.where.items() if where.place == DOCK.number]
    goods = Holding(BOLT, ACME, DOCK.number, position, layer, day(1), each(quantity))
    lying = change_condition(
        book,
        [
            Change(goods, each(quantity), EntryKind.HELD, Condition.ON_HOLD, room.inspects_at, 1,
                   1, day(1))
        ],
    )  # fmt: skip
    store.remember(book)
    return store, room, lying


def said(decision: Decision, quantity: int, layer: int = 1) -> Inspected:
    return Inspected(
        "R1", 1, 1, "BOLT", "EA", [layer], decision, each(quantity), day(2)
    )  # fmt: skip


def lies(store: Store) -> dict[tuple[int, str], int]:
    return {
        (store.where[position].place, str(store.where[position].condition)): quantity
        for (position, _), quantity in store.balances.items()
        if quantity > 0
    }


def test_goods_wait_where_they_are_inspected_else_at_the_dock():
    store, _, _ = waiting(10, TEST)
    assert lies(store) == {(TEST.number, "on-hold"): each(10)}
    store, _, _ = waiting(10)
    assert lies(store) == {(DOCK.number, "on-hold"): each(10)}


def test_quantities_may_split_over_several_decisions():
    store, room, lying = waiting(10, TEST, BAD)
    book = store.book()
    accepted = decide(
        book, lying,
        [said(Decision.ACCEPT, 6), said(Decision.REJECT, 3), said(Decision.HOLD, 1)],
        room,
    )  # fmt: skip
    store.remember(book)
    assert [sum(one.goods.left for one in goods) for goods in accepted] == [each(6), 0, 0]
    assert lies(store) == {
        (TEST.number, "unrestricted"): each(6),
        (BAD.number, "blocked"): each(3),
        (TEST.number, "on-hold"): each(1),
    }


@pytest.mark.parametrize(
    ("decision", "there"),
    [
        (Decision.ACCEPT, 10),
        (Decision.REJECT, 10),
        (Decision.HOLD, 10),
        (Decision.RELEASE_RECEIPT, 10),
        (Decision.REINSPECT, 0),
        (Decision.HOLD_RECEIPT, 0),
    ],
)
def test_a_decision_is_about_goods_in_its_condition_only(decision, there):
    store, room, lying = waiting(10)
    with pytest.raises(NotWaiting) as refused:
        decide(store.book(), lying, [said(decision, 11)], room)
    assert (refused.value.asked, refused.value.waiting) == (each(11), each(there))


def test_what_comes_out_of_quarantine_waits_where_goods_are_inspected():
    store, room, lying = waiting(10, TEST, BAD)
    book = store.book()
    decide(book, lying, [said(Decision.REJECT, 10)], room)
    store.remember(book)
    (position,) = [n for n, where in store.where.items() if where.place == BAD.number]
    goods = Holding(BOLT, ACME, BAD.number, position, 1, day(1), each(10))
    book = store.book()
    decide(book, [Lying(goods, "blocked")], [said(Decision.REINSPECT, 4)], room)
    store.remember(book)
    assert lies(store) == {
        (BAD.number, "blocked"): each(6),
        (TEST.number, "on-hold"): each(4),
    }
