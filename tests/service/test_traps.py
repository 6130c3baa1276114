"""Traps that other systems fell into (checklist, section 6), each named for its complaint.

Those about value and cost are in test_worth (Q4 to Q7) and test_production (Q8, Q9), that about a
serial at the till in test_arriving (Q2), and what goes and comes back in one billing period is told
in the day book 63.
"""

import pytest

from consigned_service.operations.audit.audit import audit
from consigned_service.operations.consumption.issues import Reported
from consigned_service.operations.core.lines import written
from consigned_service.operations.inventory.reservations import reserve
from consigned_service.operations.inventory.transfers import TransferLine, transfer_goods
from consigned_service.operations.master_data.agreements import (
    AgreementLine,
    PriceLine,
    register_agreements,
    register_prices,
)
from consigned_service.operations.master_data.parties import PlaceLine, register_places
from consigned_service.queries.inventory.items import item_360
from consigned_service.queries.settlement.advices import advice, advices
from consigned_service.records import models
from tests.service import world as worlds
from tests.service.world import TODAY, World, at, done


@pytest.fixture
def world(database: object) -> World:
    world = World()
    worlds.register(world)
    world.receive("L1", ("R-1", "1", "2026-03-02", "", "", "", "", "A-ACME", "BOLT", "40"))
    return world


def books_agree() -> None:
    assert audit().breaches == []


@pytest.mark.rows("P08", "E16")
def test_q3_naming_the_owner_on_a_transfer_takes_nothing_off_a_promise(world: World) -> None:
    organization, day = world.organization("L1"), at("2026-03-03")
    done(
        register_places(
            organization=organization, lines=[written(
                PlaceLine, "BAY", "", "consigned-store", "no")],
            by="ines", at=day,
        )
    )  # fmt: skip
    reserve(organization=organization, reference="SO-1", item="BOLT", quantity="15", by="dora",
            at=day)  # fmt: skip
    line = written(TransferLine, "M-1", "BOLT", "30", "STORE", "BAY", "2026-03-03", "EA", "acme")
    done(transfer_goods(organization=organization, lines=[line], by="dora", at=day))
    found = item_360(world.northwind, "BOLT", today=TODAY)
    assert found
    (here,) = (there for there in found.organizations if there.organization == "L1")
    assert [str(q) for q in (here.consigned, here.reserved, here.available)] == [
        "40 EA", "15 EA", "25 EA",
    ]  # fmt: skip
    books_agree()


@pytest.mark.rows("P46", "L03")
def test_q10_the_suppliers_bill_debits_what_the_use_accrued(world: World) -> None:
    """A bill for goods that no receipt accrued, because they were not bought then."""
    world.use("L1", "2026-03-04", written(Reported, "T-1", "BOLT", "8", "2026-03-04"))
    world.advise("northwind", "2026-03-08")
    (told,) = advices(world.northwind).rows
    books = models.Journal.objects.filter(book=world.party("northwind"))
    before = set(books.values_list("number", flat=True))
    world.invoice("acme", told.number, "INV-1", "2026-03-09")
    billed = [row for row in books.all() if row.number not in before]
    assert [(row.debit, row.credit, row.amount) for row in billed] == [
        ("consigned-payables-accrual", "accounts-payable", 1000)
    ]
    books_agree()


@pytest.mark.rows("O03", "O17")
def test_q28_two_houses_with_the_same_cycle_do_not_mix(world: World) -> None:
    terms = written(AgreementLine,
        "A-W", "acme", "contoso", "USD", "2026-01-01", frequency="weekly",
        first_closing_on="2026-03-08",
    )  # fmt: skip
    done(register_agreements(lines=[terms]))
    done(register_prices(lines=[written(PriceLine, "A-W", "NUT", "2026-01-01", "0.04")]))
    world.receive("C1", ("R-1", "1", "2026-03-02", "", "", "", "", "A-W", "NUT", "40"))
    world.use("L1", "2026-03-04", written(Reported, "T-1", "BOLT", "8", "2026-03-04"))
    world.use("C1", "2026-03-04", written(Reported, "T-1", "NUT", "3", "2026-03-04"))
    world.advise("northwind", "2026-03-08")
    assert advices(world.contoso).rows == []
    world.advise("contoso", "2026-03-08")
    for viewer, said in ((world.northwind, "8 EA"), (world.contoso, "3 EA")):
        (row,) = advices(viewer).rows
        told = advice(viewer, row.number)
        assert told
        assert [str(line.quantity) for line in told.lines.rows] == [said]
    assert len(advices(world.acme).rows) == 2
    books_agree()
