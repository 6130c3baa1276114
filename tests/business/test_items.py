"""How goods are counted and told apart."""

import pytest

from consigned.inbound.customs import NotACountry, check_country
from consigned.master_data.items import (
    CountedBy,
    Item,
    LotMissing,
    NotOnePiece,
    NotWeighed,
    NotWhole,
    SerialsMissing,
    Tracking,
    counted_in,
)
from consigned.measure.quantity import UnknownUnit, parse_micros
from consigned.title.layer import Ownership


def item(counted_by: CountedBy, tracking: Tracking = Tracking.NONE) -> Item:
    units = {"DRUM": parse_micros("200"), "BX": parse_micros("0.5")}
    return Item(1, "ACID", "", "KG", Ownership.CONSIGNED, units, counted_by, tracking)


PIECE, CONTAINER, WEIGHT = (item(by) for by in CountedBy)
COUNTED = [  # item, said, unit, weighed, in its own unit or the refusal
    (PIECE, "3", "", None, "3"),
    (PIECE, "2.5", "", None, NotWhole),
    (PIECE, "2", "BX", None, "1"),
    (PIECE, "-0.5", "", None, NotWhole),
    (CONTAINER, "0.25", "", None, "0.25"),
    (CONTAINER, "-1.5", "DRUM", None, NotWhole),
    (PIECE, "1", "BX", None, NotWhole),
    (PIECE, "3", "", "3.1", NotWeighed),
    (CONTAINER, "2", "DRUM", None, "400"),
    (CONTAINER, "2", "DRUM", "396.5", "396.5"),
    (CONTAINER, "1.5", "DRUM", None, NotWhole),
    (CONTAINER, "1.5", "DRUM", "300", NotWhole),
    (CONTAINER, "1", "", "0.9", NotWeighed),
    (CONTAINER, "1", "SACK", None, UnknownUnit),
    (WEIGHT, "2.25", "", None, "2.25"),
    (WEIGHT, "1.5", "DRUM", None, "300"),
    (WEIGHT, "1.5", "DRUM", "299.5", "299.5"),
    (WEIGHT, "2.25", "KG", "2.2", NotWeighed),
]


@pytest.mark.parametrize(("about", "said", "unit", "weighed", "counted"), COUNTED)
def test_an_item_is_counted_by_the_piece_the_container_or_weight(
    about, said, unit, weighed, counted
):
    weight = parse_micros(weighed) if weighed else None
    if isinstance(counted, str):
        assert about.counted(parse_micros(said), unit, weight) == parse_micros(counted)
    else:
        with pytest.raises(counted):
            about.counted(parse_micros(said), unit, weight)


def test_a_container_kept_in_itself_is_whole():
    drum = Item(1, "DRUM", "", "EA", Ownership.CONSIGNED, {}, CountedBy.CONTAINER)
    assert drum.quantity(parse_micros("2")) == 2_000_000
    with pytest.raises(NotWhole):
        drum.quantity(parse_micros("1.5"))


def test_one_serial_is_one_piece_whatever_the_item_is_counted_by():
    for by in CountedBy:
        door = item(by, Tracking.SERIAL)
        assert door.is_whole
        assert [door.quantity(parse_micros(said), serial="S1") for said in ("1", "-1", "0")] == [
            1_000_000, -1_000_000, 0,
        ]  # fmt: skip
        assert door.quantity(parse_micros("2")) == 2_000_000
        with pytest.raises(NotOnePiece):
            door.quantity(parse_micros("2"), serial="S1")
        with pytest.raises(NotWhole):
            door.quantity(parse_micros("0.5"), serial="S1")


def test_an_item_is_counted_as_its_unit_is_where_nothing_is_said():
    units = ("EA", "BX", "KG", "ltr", "MTR", "PCE")
    assert [counted_in(unit).value for unit in units] == [
        "piece", "piece", "weight", "weight", "weight", "piece",
    ]  # fmt: skip


BY_LOT, BY_SERIAL = item(CountedBy.PIECE, Tracking.LOT), item(CountedBy.PIECE, Tracking.SERIAL)
APART = [  # item, quantity, lot, serials, what it is told apart by
    (PIECE, 3, None, [], [(None, 3)]),
    (PIECE, 3, "L", ["S"], [("S", 3)]),
    (BY_LOT, 3, "L", [], [(None, 3)]),
    (BY_LOT, 3, None, [], LotMissing),
    (BY_SERIAL, 2, None, ["A", "B"], [("A", 1), ("B", 1)]),
    (BY_SERIAL, 2, None, ["A", "A"], SerialsMissing),
    (BY_SERIAL, 3, None, ["A", "B"], SerialsMissing),
    (BY_SERIAL, 1, None, [], SerialsMissing),
]


@pytest.mark.parametrize(("about", "quantity", "lot", "serials", "apart"), APART)
def test_goods_are_told_apart_by_lot_and_serial(about, quantity, lot, serials, apart):
    micros = quantity * 1_000_000
    if isinstance(apart, list):
        told = about.told_apart(micros, lot, serials)
        assert told == [(serial, part * 1_000_000) for serial, part in apart]
    else:
        with pytest.raises(apart):
            about.told_apart(micros, lot, serials)


def test_a_country_is_one_of_two_letters():
    assert (check_country("de"), check_country(" US "), check_country("")) == ("DE", "US", None)
    for said in ("XX", "DEU", "D", "DE AT", "☃☃"):
        with pytest.raises(NotACountry):
            check_country(said)
