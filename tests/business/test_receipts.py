import pytest

from consigned.title.layer import Ownership
from consigned.title.post import LawBroken
from tests.business.store import ACME, DOCK, Store, day, each


def test_consigned_goods_stay_the_consignors_at_receipt():
    store = Store()
    store.receives(each(100), of=ACME, at=DOCK)
    assert store.tells() == [("received", 1, each(100), "Acme SUPPLIER", "Acme DOCK")]
    assert store.owners() == {"Acme": each(100)}


def test_bought_goods_are_ours_at_receipt():
    store = Store()
    store.receives(each(100), of=ACME, at=DOCK, ownership=Ownership.OWNED)
    assert store.tells() == [
        ("received", 1, each(100), "Acme SUPPLIER", "Acme DOCK"),
        ("purchased", 1, each(100), "Acme DOCK", "us DOCK"),
    ]
    assert store.owners() == {"us": each(100)}


def test_non_owned_goods_stay_whose_they_are():
    store = Store()
    store.receives(each(5), of=ACME, at=DOCK, ownership=Ownership.NON_OWNED)
    assert store.owners() == {"Acme": each(5)}


def test_ownership_read_from_a_table_as_text_is_understood():
    store = Store()
    store.receives(each(5), ownership="owned")
    assert store.owners() == {"us": each(5)}


def test_every_receipt_line_opens_a_layer_that_knows_where_it_came_from():
    store = Store()
    first = store.receives(each(1), on=1, order_line=7, lot="L1", shipped_on=day(0))
    second = store.receives(each(1), on=1, order_line=7)
    assert (first, second) == (1, 2)
    layer = store.layers[first]
    assert (layer.number, layer.receipt, layer.receipt_line) == (1, 1, 1)
    assert (layer.received_on, layer.order_line, layer.lot) == (day(1), 7, "L1")
    assert store.entries[0].document == 1


@pytest.mark.parametrize("quantity", [0, -1])
def test_the_book_takes_no_receipt_of_nothing(quantity: int):
    store = Store()
    with pytest.raises(LawBroken, match="take something"):
        store.receives(quantity)
    assert store.entries == []
