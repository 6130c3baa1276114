"""Products made of consigned parts: what they cost, what comes back, and through which doors."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from consigned.inventory.title_transfers import NotEnoughOnHand
from consigned.measure.refusal import Refusal
from consigned_service.operations.audit.audit import audit
from consigned_service.operations.consumption.issues import Reported
from consigned_service.operations.core.lines import written
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.inbound import orders
from consigned_service.operations.master_data import bills_of_material as bills
from consigned_service.operations.master_data import items
from consigned_service.operations.master_data.agreements import PriceLine, register_prices
from consigned_service.operations.production import completions as production
from consigned_service.operations.production import disassembly as taking_apart
from consigned_service.operations.production import unused_components as production_returns
from consigned_service.operations.settlement import exceptions
from consigned_service.queries.accounting.inventory_value import average_costs, stock_value
from consigned_service.queries.consumption.exceptions import exceptions as open_exceptions
from consigned_service.queries.inventory.stock import on_hand
from consigned_service.queries.production.completions import completion, completions, in_process
from consigned_service.records import models
from tests.service import world as worlds
from tests.service.console import Console
from tests.service.world import World, at, done

DAY = "2026-03-04"
TOLD = {"by": "mia", "at": at(DAY)}


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(tmp_path)


@pytest.fixture
def plant(database: object) -> World:
    """Northwind makes frames: four bolts of Acme's and a litre of Bolt Brothers' oil each. Paper
    is its own."""
    world = World()
    worlds.register(world)
    done(
        items.register_items(
            lines=[
                written(items.ItemLine, "FRAME", "", "EA", "owned"),
                written(items.ItemLine, "RACK", "", "EA", "owned"),
                written(items.ItemLine, "CASTING", "", "EA", "non-owned"),
            ]
        )
    )
    bill(world, "FRAME", ("BOLT", "4"), ("PAPER", "1"))
    bill(world, "RACK", ("FRAME", "2"), ("BOLT", "1"))
    done(
        orders.place_orders(
            organization=world.organization("L1"),
            lines=[
                written(orders.OrderLine, "PO-3", "1", "2026-02-20", "acme", "PAPER", "20", "", "",
                                 "owned", "3.00", "USD"),
                written(
                    orders.OrderLine, "PO-4", "1", "2026-02-20", "acme", "CASTING", "20", "", "",
                                 "non-owned", "16.00", "USD"),
                written(orders.OrderLine, "PO-5", "1", "2026-02-20", "acme", "FRAME", "5", "", "",
                                 "owned", "20.00", "USD"),
            ],
            at=at("2026-02-20"),
        )
    )  # fmt: skip
    world.receive("L1", ("R-1", "1", "2026-03-01", "", "", "", "", "A-ACME", "BOLT", "40"))
    world.receive("L1", ("R-3", "1", "2026-03-01", "", "", "PO-3", "1", "", "", "20"))
    return world


def bill(world: World, product: str, *parts: tuple[str, str]) -> None:
    done(
        bills.register_bills(
            organization=world.organization("L1"),
            lines=[written(bills.BillLine, product, *part) for part in parts],
        )
    )


def complete(world: World, *lines: tuple[str, ...], day: str = DAY, waits: bool = False) -> Result:
    """Complete products: reference, product, quantity and the order, if there is one."""
    return done(
        production.record_production(
            organization=world.organization("L1"),
            lines=[
                written(production.CompletionLine, reference, product, quantity, day, *order)
                for reference, product, quantity, *order in lines
            ],
            queue_shortages=waits,
            by="mia",
            at=at(day),
        )
    )


def worth(world: World, item: str) -> list[str]:
    return [f"{line.quantity}, {line.value}" for line in stock_value(world.northwind, item).rows]


def account(world: World, name: str) -> int:
    rows = models.Journal.objects.filter(book=world.party("northwind"))
    return sum(row.amount * ((row.debit == name) - (row.credit == name)) for row in rows)


def books_agree() -> None:
    assert audit().breaches == []


# --- what a product costs --------------------------------------------------------------------


@pytest.mark.rows("P49", "P51", "X29")
def test_q9_a_product_of_consigned_parts_costs_what_they_are_charged_at(plant: World) -> None:
    complete(plant, ("P-1", "FRAME", "3"))
    assert worth(plant, "FRAME") == ["3 EA, 24.00 USD"]
    made = completion(plant.northwind, "L1", "P-1")
    assert made
    assert [(part.item, part.owner, str(part.cost)) for part in made.components] == [
        ("BOLT", "acme", "15.00 USD"), ("PAPER", "northwind", "9.00 USD"),
    ]  # fmt: skip
    assert account(plant, "work-in-progress") == 0
    books_agree()


@pytest.mark.rows("X29")
def test_q9_a_product_of_lent_parts_does_not_pull_the_average_down(plant: World) -> None:
    plant.receive("L1", ("R-5", "1", "2026-03-02", "", "", "PO-5", "1", "", "", "5"))
    plant.receive("L1", ("R-4", "1", "2026-03-02", "", "", "PO-4", "1", "", "", "20"))
    bill(plant, "FRAME", ("CASTING", "1"))
    assert str(average_costs(plant.northwind, "FRAME", "L1")[0].perpetual) == "20.00 USD"
    complete(plant, ("P-1", "FRAME", "5"))
    assert worth(plant, "FRAME") == ["10 EA, 140.00 USD"]
    assert str(average_costs(plant.northwind, "FRAME", "L1")[0].perpetual) == "20.00 USD"
    lent = on_hand(plant.northwind, "CASTING", today=date(2026, 3, 31)).rows
    assert [(str(line.quantity), line.owner) for line in lent] == [("15 EA", "acme")]
    books_agree()


@pytest.mark.rows("P51")
def test_a_product_of_the_same_batch_is_used_by_what_is_made_of_it(plant: World) -> None:
    outcome = complete(plant, ("P-1", "FRAME", "4"), ("P-2", "RACK", "2"))
    assert outcome.new == 2
    assert worth(plant, "FRAME") == []
    assert worth(plant, "RACK") == ["2 EA, 34.50 USD"]
    again = complete(plant, ("P-1", "FRAME", "4"), ("P-2", "RACK", "2"))
    assert (again.new, again.repeated) == (0, 2)
    books_agree()


@pytest.mark.rows("P51")
def test_a_shortage_refuses_the_whole_batch_in_numbers(plant: World) -> None:
    with pytest.raises(NotEnoughOnHand) as refused:
        complete(plant, ("P-1", "FRAME", "2"), ("P-2", "FRAME", "9"))
    assert str(refused.value) == "L1 holds 32 EA of BOLT; 36 EA asked"
    assert completions(plant.northwind) == []
    assert worth(plant, "FRAME") == []
    books_agree()


@pytest.mark.rows("P51")
def test_what_is_missing_waits_and_goes_into_the_product_when_it_comes(plant: World) -> None:
    outcome = complete(plant, ("P-1", "FRAME", "11"), waits=True)
    assert (outcome.new, outcome.waiting) == (1, 1)
    assert worth(plant, "FRAME") == ["11 EA, 83.00 USD"]
    plant.receive("L1", ("R-2", "1", "2026-03-04", "", "", "", "", "A-ACME", "BOLT", "10"))
    tried = exceptions.resubmit(
        organization=plant.organization("L1"), by="mia", at=at("2026-03-05")
    )
    assert (tried.resolved, tried.waiting) == (1, 0)
    assert worth(plant, "FRAME") == ["11 EA, 88.00 USD"]
    assert account(plant, "work-in-progress") == 0
    books_agree()


@pytest.mark.rows("P51")
def test_the_cost_of_a_missing_part_goes_to_what_was_sold_where_the_product_is_gone(
    plant: World,
) -> None:
    complete(plant, ("P-1", "FRAME", "11"), waits=True)
    plant.use("L1", DAY, written(Reported, "S-1", "FRAME", "11", DAY))
    plant.receive("L1", ("R-2", "1", "2026-03-04", "", "", "", "", "A-ACME", "BOLT", "10"))
    exceptions.resubmit(organization=plant.organization("L1"), by="mia", at=at("2026-03-05"))
    assert account(plant, "cost-of-goods-sold") == 8800
    assert account(plant, "work-in-progress") == 0
    books_agree()


@pytest.mark.rows("P51")
def test_a_price_that_comes_later_goes_into_the_products_and_what_is_in_process(
    plant: World,
) -> None:
    plant.receive("L1", ("R-6", "1", "2026-03-02", "", "", "", "", "A-BOLT", "OIL", "12"))
    bill(plant, "FRAME", ("OIL", "1"))
    plant.use(
        "L1", DAY, written(Reported, "I-1", "OIL", "4", DAY, kind="production", work_order="WO-1")
    )
    complete(plant, ("P-1", "FRAME", "3", "WO-1"))
    assert worth(plant, "FRAME") == ["3 EA, 24.00 USD"]
    assert [row.reason for row in open_exceptions(plant.northwind).rows] == ["price-missing"]
    done(register_prices(lines=[written(PriceLine, "A-BOLT", "OIL", "2026-01-01", "0.50")]))
    exceptions.resubmit(organization=plant.organization("L1"), by="mia", at=at("2026-03-05"))
    assert worth(plant, "FRAME") == ["3 EA, 25.50 USD"]
    assert account(plant, "work-in-progress") == 50
    complete(plant, ("P-2", "FRAME", "1", "WO-1"), day="2026-03-05")
    assert worth(plant, "FRAME") == ["4 EA, 34.00 USD"]
    assert account(plant, "work-in-progress") == 0
    books_agree()


@pytest.mark.rows("P51")
def test_a_kit_goes_out_and_what_was_not_needed_comes_back(plant: World) -> None:
    plant.use("L1", DAY, written(Reported, "K-1", "BOLT", "6", DAY, kind="kit", work_order="KIT-7"))
    assert account(plant, "work-in-progress") == 750
    back = written(production_returns.ComponentReturnLine, "B-1", "KIT-7", "BOLT", "2", DAY)
    told = done(
        production_returns.return_from_production(
            organization=plant.organization("L1"), lines=[back, back], **TOLD
        )
    )
    assert (told.new, told.repeated) == (1, 1)
    assert [str(part.quantity) for part in in_process(plant.northwind)] == ["4 EA"]
    assert account(plant, "work-in-progress") == 500
    books_agree()


def oil_for_euros() -> None:
    """Bolt Brothers' oil, agreed in another currency than the rest."""
    done(
        worlds.agreements.register_agreements(
            lines=[
                written(
                    worlds.agreements.AgreementLine,
                    "A-EUR",
                    "bolts",
                    "northwind",
                    "EUR",
                    "2026-01-01",
                    frequency="daily",
                )
            ]
        )
    )
    done(register_prices(lines=[written(PriceLine, "A-EUR", "OIL", "2026-01-01", "2.00")]))


@pytest.mark.rows("P51")
def test_components_in_two_currencies_are_refused(plant: World) -> None:
    oil_for_euros()
    plant.receive("L1", ("R-6", "1", "2026-03-02", "", "", "", "", "A-EUR", "OIL", "12"))
    bill(plant, "FRAME", ("OIL", "1"))
    with pytest.raises(Refusal) as refused:
        complete(plant, ("P-1", "FRAME", "3"))
    assert refused.value.code == "costs-in-several-currencies"
    assert "EUR and USD" in str(refused.value)
    books_agree()


@pytest.mark.rows("P51", "X02")
def test_what_is_taken_apart_gives_back_what_it_cost_to_the_cent(plant: World) -> None:
    complete(plant, ("P-1", "FRAME", "3"))
    before = account(plant, "inventory")
    for nth in range(3):
        line = written(taking_apart.TakeApartLine, f"T-{nth}", "FRAME", "1", DAY)
        done(taking_apart.take_apart(organization=plant.organization("L1"), lines=[line], **TOLD))
    assert worth(plant, "FRAME") == []
    assert account(plant, "work-in-progress") == 0
    made = completion(plant.northwind, "L1", "P-1")
    assert made
    assert [part.returned == part.quantity for part in made.components] == [True, True]
    assert account(plant, "inventory") <= before
    books_agree()


@pytest.mark.rows("P51")
@pytest.mark.parametrize("is_ours", [True, False])
def test_a_component_in_another_currency_comes_out_of_its_product_in_its_own(
    plant: World, is_ours: bool
) -> None:
    """It was missing when the product was made, so that the cost of goods sold bore it: as the
    consignor's again it is owed no longer, and as ours it comes back at nothing."""
    oil_for_euros()
    bill(plant, "FRAME", ("OIL", "1"))
    complete(plant, ("P-1", "FRAME", "2"), waits=True)
    plant.receive("L1", ("R-6", "1", "2026-03-02", "", "", "", "", "A-EUR", "OIL", "4"))
    if is_ours:
        bought = written(Reported, "K-1", "OIL", "4", DAY, kind="transfer-to-owned")
        plant.use("L1", DAY, bought)
    exceptions.resubmit(organization=plant.organization("L1"), by="mia", at=at("2026-03-05"))
    assert worth(plant, "FRAME") == ["2 EA, 16.00 USD"]
    line = written(taking_apart.TakeApartLine, "T-1", "FRAME", "2", "2026-03-05")
    done(
        taking_apart.take_apart(
            organization=plant.organization("L1"), lines=[line], by="mia", at=at("2026-03-05")
        )
    )
    assert worth(plant, "OIL") == (["4 LTR, 4.00 EUR"] if is_ours else [])
    assert account(plant, "cost-of-goods-sold") == (400 if is_ours else 0)
    assert account(plant, "work-in-progress") == 0
    books_agree()


@pytest.mark.rows("X20", "P51")
def test_q8_taking_apart_gives_each_component_back_to_its_first_owner(plant: World) -> None:
    complete(plant, ("P-1", "FRAME", "2"))
    line = written(taking_apart.TakeApartLine, "T-1", "FRAME", "1", DAY)
    told = done(
        taking_apart.take_apart(organization=plant.organization("L1"), lines=[line], **TOLD)
    )
    assert told.notes == []
    lying = on_hand(plant.northwind, organization="L1", today=date(2026, 3, 31)).rows
    assert sorted((row.item, row.owner, str(row.quantity)) for row in lying) == [
        ("BOLT", "acme", "36 EA"), ("FRAME", "northwind", "1 EA"), ("PAPER", "northwind", "1 EA"),
        ("PAPER", "northwind", "18 EA"),
    ]  # fmt: skip
    assert account(plant, "consigned-payables-accrual") == -500
    assert account(plant, "work-in-progress") == 0
    books_agree()


@pytest.mark.rows("X20", "P51")
def test_what_an_advice_told_stays_ours_when_it_comes_back_and_a_note_says_so(plant: World) -> None:
    plant.use(
        "L1", DAY, written(Reported, "I-1", "BOLT", "6", DAY, kind="production", work_order="WO-1")
    )
    complete(plant, ("P-1", "FRAME", "1", "WO-1"))
    plant.advise("northwind", "2026-03-08")
    later = {"organization": plant.organization("L1"), "by": "mia", "at": at("2026-03-09")}
    back = written(production_returns.ComponentReturnLine, "B-1", "WO-1", "BOLT", "2", "2026-03-09")
    told = done(production_returns.return_from_production(lines=[back], **later))
    assert told.notes == ["2 EA of BOLT stay ours: northwind-000001 told that their title passed"]
    apart = written(taking_apart.TakeApartLine, "T-1", "FRAME", "1", "2026-03-09")
    assert len(done(taking_apart.take_apart(lines=[apart], **later)).notes) == 1
    assert worth(plant, "BOLT") == ["6 EA, 7.50 USD"]
    made = completion(plant.northwind, "L1", "P-1")
    assert made
    assert [str(part.stayed_ours) for part in made.components] == ["4 EA", "0 EA"]
    books_agree()


# --- through the doors -----------------------------------------------------------------------


@pytest.mark.rows("P51")
def test_a_file_is_answered_with_what_was_done_otherwise_than_expected(
    plant: World, console: Console
) -> None:
    plant.use(
        "L1", DAY, written(Reported, "I-1", "BOLT", "6", DAY, kind="production", work_order="WO-1")
    )
    plant.advise("northwind", "2026-03-08")
    back = (
        "organization,reference,work_order,item,quantity,returned_on\n"
        "L1,B-1,WO-1,BOLT,1,2026-03-09\n"
    )
    note = "1 EA of BOLT stay ours: northwind-000001 told that their title passed"
    assert console.imports("component-returns", back, "--json").answer["notes"] == [note]
    more = back.replace("B-1", "B-2")
    assert f"Note: {note}." in console.imports("component-returns", more).out


@pytest.mark.rows("P51", "L04", "L06")
def test_bills_and_production_come_in_by_file_and_are_listed(
    plant: World, console: Console
) -> None:
    steps: Sequence[tuple[str, ...]] = (
        ("bills", "organization,product,component,quantity_per,scrap_percent",
         "L1,FRAME,BOLT,2,50", "L1,FRAME,FRAME,1,", "L1,FRAME,BOLT,2,101"),
        ("consumption", "reference,organization,item,quantity,occurred_at,kind,work_order",
         f"I-1,L1,BOLT,9,{DAY},production,WO-1"),
        ("production", "organization,reference,product,quantity,completed_on,work_order",
         f"L1,P-1,FRAME,2,{DAY},WO-1", f"L1,P-2,BOLT,2,{DAY},"),
        ("component-returns", "organization,reference,work_order,item,quantity,returned_on",
         f"L1,B-1,WO-1,BOLT,3,{DAY}", f"L1,B-2,WO-1,BOLT,3,{DAY}"),
        ("disassemblies", "organization,reference,product,quantity,taken_apart_on",
         f"L1,T-1,FRAME,1,{DAY}", f"L1,T-2,PAPER,1,{DAY}"),
    )  # fmt: skip
    refused = [
        console.imports(kind, "\n".join([*lines, ""]), "--json").answer["refused"]
        for kind, *lines in steps
    ]
    assert refused == [2, 0, 1, 1, 1]
    listed = console("production", "--as", "northwind", "--json").answer
    assert [(line["reference"], line["quantity"]["number"]) for line in listed] == [("P-1", "2")]
    parts = console(
        "production", "--as", "northwind", "--organization", "L1", "--components", "P-1", "--json"
    ).answer["components"]
    assert [(part["item"], part["returned"]["number"]) for part in parts] == [
        ("BOLT", "3"), ("PAPER", "1"),
    ]  # fmt: skip
    assert console("production", "--as", "northwind", "--in-process", "--json").answer == []
    assert "completion" in console("production", "--as", "northwind").out
    unknown = console("production", "--as", "northwind", "--components", "P-9")
    assert unknown.code == 1
    value = console("value", "--as", "northwind", "--item", "FRAME", "--json").answer
    assert [line["quantity"]["number"] for line in value] == ["1"]
    books_agree()
