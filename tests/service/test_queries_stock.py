"""What lies where and whose it is, as the holder and the owner see it."""

from datetime import date
from itertools import product

import pytest

from consigned.title.layer import Ownership
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.inventory import items, stock
from consigned_service.queries.inventory.stock import Age
from consigned_service.records import models
from tests.service.world import TODAY, World

MEMO = "memo-consigned-goods"


def lines(viewer: Viewer, **asked: object) -> list[tuple[str, ...]]:
    page = stock.on_hand(viewer, today=TODAY, **asked)  # type: ignore[arg-type]
    assert page.total == len(page.rows)
    return [
        (row.item, row.owner, row.organization, row.place, str(row.quantity), str(row.value))
        for row in page.rows
    ]


@pytest.mark.rows("E29", "E37")
def test_the_holder_sees_whose_goods_lie_where(world: World) -> None:
    assert lines(world.northwind, item="BOLT", organization="L1") == [
        ("BOLT", "bolts", "L1", "DOCK", "20 EA", "22.00 USD"),
        ("BOLT", "bolts", "L1", "STORE", "38 EA", "41.80 USD"),
    ]
    rows = stock.on_hand(world.northwind, today=TODAY).rows
    assert [(row.item, row.owner_name, row.order, row.place, row.age_days) for row in rows] == [
        ("BOLT", "Bolt Brothers", "PO-2", "DOCK", 29),
        ("BOLT", "Bolt Brothers", "PO-2", "STORE", 29),
        ("BOLT", "Acme Fasteners", None, "STORE", 85),
        ("NUT", "Acme Fasteners", "PO-1", "STORE", 30),
        ("PAPER", "Northwind Stores", "PO-3", "STOCK", 29),
    ]


@pytest.mark.rows("E30", "E31", "E32")
def test_the_owner_sees_its_goods_elsewhere_and_never_as_available(world: World) -> None:
    rows = stock.off_site(world.acme, today=TODAY).rows
    assert [
        (row.holder_name, row.organization, row.place, row.item, row.order, str(row.quantity))
        for row in rows
    ] == [
        ("Contoso Plants", "C1", "STORE", "BOLT", None, "26 EA"),
        ("Northwind Stores", "L2", "STORE", "BOLT", None, "34 EA"),
        ("Northwind Stores", "L1", "STORE", "NUT", "PO-1", "487 EA"),
    ]
    assert not any(row.is_available for row in rows)
    held = stock.on_hand(world.northwind, today=TODAY).rows
    assert [row.place for row in held if not row.is_available] == ["DOCK"]


@pytest.mark.rows("P06")
def test_consigned_goods_are_no_part_of_what_is_owned(world: World) -> None:
    rows = stock.on_hand(world.northwind, today=TODAY, ownership=Ownership.OWNED).rows
    assert [(row.item, str(row.quantity)) for row in rows] == [("PAPER", "15 EA")]
    bolt = items.item_360(world.northwind, "BOLT", today=TODAY)
    assert bolt
    assert (str(bolt.line.owned), str(bolt.line.consigned)) == ("0 EA", "92 EA")


@pytest.mark.rows("P07")
def test_consigned_goods_are_available_where_status_and_place_allow(world: World) -> None:
    bolt = items.item_360(world.northwind, "BOLT", today=TODAY)
    assert bolt
    at = {one.organization: one for one in bolt.organizations}
    assert str(at["L1"].consigned) == "58 EA"
    assert str(at["L1"].reserved) == "15 EA"
    assert str(at["L1"].available) == "23 EA"
    assert str(at["L2"].available) == "34 EA"


@pytest.mark.rows("C04", "L35")
def test_an_item_is_seen_whole_on_one_page(world: World) -> None:
    bolt = items.item_360(world.northwind, "BOLT", today=TODAY)
    assert bolt
    line = bolt.line
    assert line.designation is Ownership.CONSIGNED
    assert [str(figure) for figure in (line.consigned, line.owned, line.on_order)] == [
        "92 EA", "0 EA", "100 EA",
    ]  # fmt: skip
    assert str(line.in_transit) == "50 EA"
    assert [(one.order, one.line, str(one.open)) for one in bolt.open_orders] == [
        ("PO-1", 1, "100 EA")
    ]
    assert items.item_360(world.northwind, "SECRET", today=TODAY) is None


def test_the_owner_of_goods_is_told_nothing_of_what_the_holder_owns(world: World) -> None:
    bolt = items.item_360(world.acme, "BOLT", today=TODAY)
    assert bolt
    assert all(str(one.owned) == str(one.available) == "0 EA" for one in bolt.organizations)
    assert {one.organization: str(one.consigned) for one in bolt.organizations} == {
        "C1": "26 EA", "L1": "0 EA", "L2": "34 EA",
    }  # fmt: skip


def test_stock_at_the_end_of_a_day_gone_by(world: World) -> None:
    evening = date(2026, 3, 3)
    assert lines(world.northwind, item="BOLT", as_of=evening) == [
        ("BOLT", "acme", "L1", "STORE", "100 EA", "125.00 USD"),
        ("BOLT", "bolts", "L1", "STORE", "60 EA", "66.00 USD"),
        ("BOLT", "acme", "L2", "STORE", "40 EA", "50.00 USD"),
    ]
    assert lines(world.northwind, as_of=date(2026, 1, 4)) == []
    assert lines(world.northwind, as_of=TODAY) == lines(world.northwind)


def test_held_by_consignor_and_age_is_the_sum_of_the_lines(world: World) -> None:
    held = stock.held_by_consignor(world.northwind, TODAY)
    assert [(one.owner, one.age, str(one.value), one.lines) for one in held] == [
        ("acme", Age.MONTH, "16.22 USD", 1),
        ("acme", Age.QUARTER, "42.50 USD", 1),
        ("bolts", Age.MONTH, "63.80 USD", 2),
    ]
    for one in held:
        rows = stock.on_hand(
            world.northwind, owner=one.owner, today=TODAY, age=one.age,
            ownership=Ownership.CONSIGNED,
        ).rows  # fmt: skip
        assert one.value
        assert sum(row.value.minor for row in rows if row.value) == one.value.minor
    assert stock.held_by_consignor(world.acme, TODAY) == []


def test_off_site_by_holder(world: World) -> None:
    held = stock.off_site_by_holder(world.acme, TODAY)
    assert [(one.holder, one.age, str(one.value)) for one in held] == [
        ("contoso", Age.MONTH, "36.40 USD"),
        ("northwind", Age.MONTH, "16.22 USD"),
        ("northwind", Age.QUARTER, "42.50 USD"),
    ]


@pytest.mark.parametrize(
    ("days", "age"),
    [(0, "0-30"), (30, "0-30"), (31, "31-60"), (60, "31-60"), (61, "61-90"), (90, "61-90"),
     (91, "91-180"), (180, "91-180"), (181, ">180"), (9999, ">180")],
)  # fmt: skip
def test_an_age_has_two_ends(days: int, age: str) -> None:
    assert Age.of(days) == age


def test_lists_are_paged_and_sorted(world: World) -> None:
    all_rows = stock.on_hand(world.northwind, today=TODAY, order=["-age_days"]).rows
    assert [row.age_days for row in all_rows] == sorted(
        (row.age_days for row in all_rows), reverse=True
    )
    second = stock.on_hand(world.northwind, today=TODAY, order=["-age_days"], limit=1, offset=1)
    assert second.rows == all_rows[1:2]
    assert second.total == len(all_rows)
    found = items.items(world.northwind, "hex NUT", order=["-code"])
    assert [row.code for row in found.rows] == ["NUT"]
    assert items.items(world.northwind, "%").total == 0


@pytest.mark.rows("E29", "O42")
@pytest.mark.parametrize("as_of", [None, TODAY])
def test_the_parts_of_a_layer_come_to_what_the_books_value_it_at(
    world: World, as_of: date | None
) -> None:
    """487 nuts at 0.0333 come to 16.22; 16 and 471 of them, each by itself, to a cent less."""
    world.move("L1", "M-10", "NUT", "16", "STORE", "DOCK", "2026-03-31")
    memo = sum(
        row.amount * ((row.debit == MEMO) - (row.credit == MEMO))
        for row in models.Journal.objects.filter(organization__party=world.northwind.party_id)
    )
    page = stock.on_hand(world.northwind, today=TODAY, as_of=as_of, ownership=Ownership.CONSIGNED)
    assert sum(row.value.minor for row in page.rows if row.item == "NUT" and row.value) == 1622
    assert len([row for row in page.rows if row.item == "NUT"]) == 2
    assert sum(row.value.minor for row in page.rows if row.value) == memo
    held = stock.held_by_consignor(world.northwind, TODAY)
    assert sum(one.value.minor for one in held if one.value) == memo
    assert sum(one.lines for one in held) == page.total
    (dock,) = stock.on_hand(
        world.northwind, today=TODAY, as_of=as_of, item="NUT", place="DOCK"
    ).rows
    assert dock in page.rows


def test_stock_is_told_part_by_part_as_it_is_told_whole(world: World) -> None:
    for viewer, day in product((world.northwind, world.acme), (None, date(2026, 3, 5), TODAY)):
        whole = stock.on_hand(viewer, as_of=day, today=TODAY)
        parts = [
            stock.on_hand(viewer, as_of=day, today=TODAY, limit=1, offset=place)
            for place in range(whole.total)
        ]
        assert [row for part in parts for row in part.rows] == whole.rows
        assert {part.total for part in parts} <= {whole.total}
        beyond = stock.on_hand(viewer, as_of=day, today=TODAY, limit=1, offset=whole.total)
        assert beyond == ([], whole.total)
