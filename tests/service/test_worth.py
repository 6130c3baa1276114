"""What goods are worth to their holder: the traps in which other systems count what is not theirs.

Each test is named for the trap of the checklist (section 6, Q4 to Q7) that it stays out of.
"""

from datetime import date

import pytest

from consigned_service.operations.audit.audit import audit
from consigned_service.operations.consumption.issues import Reported
from consigned_service.operations.core.lines import written
from consigned_service.operations.inbound import putaway
from consigned_service.operations.inbound.orders import OrderLine, place_orders
from consigned_service.operations.inventory import transfers as custody
from consigned_service.queries.accounting.inventory_value import (
    ValueLine,
    average_costs,
    stock_value,
)
from consigned_service.queries.inventory.stock import on_hand
from tests.service import world as worlds
from tests.service.world import World, at, done

LAST_DAY = date(2026, 3, 31)


@pytest.fixture
def plant(database: object) -> World:
    """Northwind's plants, with nothing received yet; and an order of what is bought outright."""
    world = World()
    worlds.register(world)
    done(
        place_orders(
            organization=world.organization("L1"),
            lines=[
                written(
                    OrderLine, "PO-1", "1", "2026-02-20", "bolts", "BOLT", "50", "", "", "owned",
                          "1.60", "USD"),
                written(
                    OrderLine, "PO-1", "2", "2026-02-20", "bolts", "BOLT", "50", "", "", "owned",
                          "2.00", "USD"),
            ],
            at=at("2026-02-20"),
        )
    )  # fmt: skip
    return world


def consigned(receipt: str, day: str, quantity: str, lot: str = "", by: str = "A-ACME") -> tuple:
    number, _, line = receipt.partition("/")
    return (number, line or "1", day, "", "", "", "", by, "BOLT", quantity, "", lot)


def bought(receipt: str, day: str, quantity: str, lot: str = "", order_line: str = "1") -> tuple:
    number, _, line = receipt.partition("/")
    return (number, line or "1", day, "", "", "PO-1", order_line, "", "BOLT", quantity, "", lot)


def worth(world: World, as_of: str = "", lot: str | None = None) -> tuple[str, str]:
    """What Northwind owns of the bolts, and its value."""
    day = date.fromisoformat(as_of) if as_of else None
    lines: list[ValueLine] = stock_value(world.northwind, "BOLT", as_of=day, lot=lot).rows
    assert len(lines) <= 1
    return (str(lines[0].quantity), str(lines[0].value)) if lines else ("0 EA", "0.00 USD")


def average(world: World) -> str:
    return str(average_costs(world.northwind, "BOLT", "L1")[0].perpetual)


def books_agree() -> None:
    assert audit().breaches == []


@pytest.mark.rows("X03", "P44")
def test_q4_a_lot_that_is_partly_consigned_is_worth_what_is_ours_of_it(plant: World) -> None:
    plant.receive("L1", consigned("R1", "2026-03-01", "10", "LOT-1"))
    assert worth(plant, lot="LOT-1") == ("0 EA", "0.00 USD")
    plant.receive("L1", bought("R2", "2026-03-01", "5", "LOT-1"))
    plant.receive("L1", consigned("R3", "2026-03-02", "10", "LOT-2"))
    assert worth(plant, lot="LOT-1") == ("5 EA", "8.00 USD")
    assert worth(plant, lot="LOT-2") == ("0 EA", "0.00 USD")
    assert worth(plant) == ("5 EA", "8.00 USD")
    books_agree()


@pytest.mark.rows("P36", "P52")
def test_q5_the_average_after_consigned_and_owned_receipts_and_use_is_that_of_the_owned(
    plant: World,
) -> None:
    plant.receive("L1", consigned("R1", "2026-03-01", "10", "LOT-1"))
    plant.receive("L1", bought("R2", "2026-03-01", "10", "LOT-1"))
    assert average(plant) == "1.60 USD"
    plant.use(
        "L1", "2026-03-02",
        written(Reported, "T1", "BOLT", "4", "2026-03-02", lot="LOT-1", consignor="acme"),
        written(Reported, "T2", "BOLT", "4", "2026-03-02", lot="LOT-1", consignor="northwind"),
    )  # fmt: skip
    assert average(plant) == "1.60 USD"
    assert worth(plant, lot="LOT-1") == ("6 EA", "9.60 USD")
    plant.receive("L1", bought("R3", "2026-03-03", "6", "LOT-1", order_line="2"))
    assert average(plant) == "1.80 USD"
    plant.receive("L1", consigned("R4", "2026-03-03", "1000", "LOT-1"))
    assert average(plant) == "1.80 USD"
    books_agree()


@pytest.mark.rows("P52")
def test_q5_first_in_first_out_costs_each_part_of_a_lot_at_its_own_receipt(plant: World) -> None:
    plant.receive("L1", bought("R1", "2026-03-01", "10", "LOT-1"))
    plant.receive("L1", consigned("R2", "2026-03-02", "10", "LOT-1"))
    plant.receive("L1", bought("R3", "2026-03-03", "10", "LOT-1", order_line="2"))
    ours = {"occurred_at": "2026-03-04", "consignor": "northwind"}
    plant.use("L1", "2026-03-04", written(Reported, "T1", "BOLT", "12", **ours))
    assert worth(plant) == ("8 EA", "16.00 USD")
    plant.use("L1", "2026-03-04", written(Reported, "T2", "BOLT", "8", **ours))
    assert worth(plant) == ("0 EA", "0.00 USD")
    assert [str(line.quantity) for line in on_hand(plant.northwind, today=LAST_DAY).rows] == [
        "10 EA"
    ]
    books_agree()


@pytest.mark.rows("X03")
def test_q6_one_delivery_of_two_owners_counts_each_part_once(plant: World) -> None:
    plant.receive(
        "L1",
        consigned("R1/1", "2026-03-01", "10", "LOT-1"),
        bought("R1/2", "2026-03-01", "4", "LOT-1"),
        consigned("R1/3", "2026-03-01", "7", "LOT-1", by="A-BOLT"),
    )
    assert worth(plant) == ("4 EA", "6.40 USD")
    assert worth(plant, "2026-03-01") == ("4 EA", "6.40 USD")
    plant.use("L1", "2026-03-02", written(Reported, "T1", "BOLT", "21", "2026-03-02"))
    assert worth(plant) == ("0 EA", "0.00 USD")
    assert worth(plant, "2026-03-01") == ("4 EA", "6.40 USD")
    books_agree()


@pytest.mark.rows("X03")
def test_q7_a_past_day_tells_what_was_ours_on_it_whatever_became_of_it_since(plant: World) -> None:
    plant.receive("L1", consigned("R1", "2026-03-01", "10"))
    plant.receive("L1", bought("R2", "2026-03-02", "4"))
    done(
        custody.transfer_goods(
            organization=plant.organization("L1"),
            lines=[written(custody.TransferLine, "M1", "BOLT", "6", "STORE", "STOCK", "2026-03-05",
                                        consignor="acme")],
            by="dora",
            at=at("2026-03-05"),
        )
    )  # fmt: skip
    plant.use(
        "L1",
        "2026-03-07",
        written(Reported, "T1", "BOLT", "9", "2026-03-06", consignor="northwind"),
    )
    assert [worth(plant, f"2026-03-0{day}") for day in (1, 2, 4, 5, 6)] == [
        ("0 EA", "0.00 USD"), ("4 EA", "6.40 USD"), ("4 EA", "6.40 USD"),
        ("10 EA", "13.90 USD"), ("1 EA", "1.60 USD"),
    ]  # fmt: skip
    assert stock_value(plant.acme).rows == []
    assert stock_value(plant.acme, as_of=LAST_DAY).rows == []
    books_agree()


@pytest.mark.rows("P37")
def test_whatever_is_put_away_refreshes_the_informational_average_and_posts_nothing(
    plant: World,
) -> None:
    plant.receive("L1", bought("R1", "2026-03-01", "10"))
    plant.receive("L1", (*consigned("R2", "2026-03-02", "10"), "", "", "DOCK"))
    told = average_costs(plant.northwind, "BOLT", "L1")
    assert [str(one.informational) for one in told] == ["1.60 USD"]
    before = worth(plant)
    done(
        putaway.put_away(
            organization=plant.organization("L1"),
            lines=[written(putaway.PutawayLine, "P1", "R2", "1", "10", "STORE", "2026-03-03")],
            by="dora",
            at=at("2026-03-03"),
        )
    )
    told = average_costs(plant.northwind, "BOLT", "L1")
    assert [(str(one.perpetual), str(one.informational)) for one in told] == [
        ("1.60 USD", "1.425 USD")
    ]
    assert worth(plant) == before
    books_agree()
