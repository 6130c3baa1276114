"""What is owed at any moment, and what it is made of down to the uses."""

from datetime import date

import pytest

from consigned_service.queries.consumption import exceptions
from consigned_service.queries.consumption import issues as consumption
from consigned_service.queries.inbound import orders
from consigned_service.queries.inventory import title
from consigned_service.queries.settlement import advices
from consigned_service.queries.settlement import payables as owed
from consigned_service.queries.settlement.advices import UNSETTLED, AdviceState
from tests.service.world import World


@pytest.mark.rows("L31")
def test_what_is_owed_is_known_before_any_invoice(world: World) -> None:
    told = {
        (row.agreement, row.organization): (str(row.running), str(row.advised), str(row.invoiced))
        for row in owed.owed(world.northwind)
    }
    assert told == {
        ("A-ACME", "L1"): ("0.33 USD", "12.60 USD", "0.00 USD"),
        ("A-ACME", "L2"): ("0.00 USD", "7.50 USD", "0.00 USD"),
        ("A-BOLT", "L1"): ("63.20 USD", "2.20 USD", "0.00 USD"),
    }
    assert [str(row.total) for row in owed.owed(world.contoso)] == ["5.60 USD"]


def test_both_sides_see_the_same_debt(world: World) -> None:
    payable = owed.owed(world.northwind, agreement="A-ACME")
    receivable = owed.owed(world.acme, agreement="A-ACME")
    assert all(row.is_ours_to_pay for row in payable)
    assert [row._replace(is_ours_to_pay=True) for row in receivable] == payable


def test_what_was_owed_on_a_day_gone_by(world: World) -> None:
    def on(day: date) -> list[str]:
        rows = owed.owed(world.northwind, day, agreement="A-ACME")
        return [f"{row.organization} {row.running} {row.advised} {row.invoiced}" for row in rows]

    assert on(date(2026, 3, 4)) == ["L1 112.60 USD 0.00 USD 0.00 USD"]
    assert on(date(2026, 3, 8)) == ["L1 0.00 USD 112.60 USD 0.00 USD"]
    assert on(date(2026, 3, 9)) == ["L1 0.00 USD 0.10 USD 112.50 USD"]
    assert on(date(2026, 3, 20)) == [
        "L1 0.00 USD 12.60 USD 0.00 USD", "L2 0.00 USD 7.50 USD 0.00 USD",
    ]  # fmt: skip


def test_the_running_amount_opens_to_totals_and_entries(world: World) -> None:
    for row in owed.owed(world.northwind):
        totals = owed.running_totals(world.northwind, row.agreement, row.organization).rows
        assert sum(total.amount.minor for total in totals) == row.running.minor
        for total in totals:
            found = owed.running_total(world.northwind, total.organization, total.number)
            assert found
            assert sum(e.quantity.micros for e in found.entries) == total.quantity.micros


@pytest.mark.rows("O01")
def test_an_advice_opens_line_by_line_down_to_the_uses(world: World) -> None:
    for head in advices.advices(world.northwind).rows:
        found = advices.advice(world.northwind, head.number)
        assert found
        assert sum(line.amount.minor for line in found.lines.rows) == head.amount.minor
        for line in found.lines.rows:
            opened = advices.advice_line_entries(world.northwind, head.number, line.line)
            assert opened
            assert sum(t.quantity.micros for t in opened.totals) == line.quantity.micros
            assert sum(e.quantity.micros for e in opened.entries) == line.quantity.micros
            for entry in opened.entries:
                assert entry.passes_title
                assert entry.charged
                assert (entry.charged.advice, entry.charged.advice_line) == (
                    head.number, line.line,
                )  # fmt: skip
                use = consumption.consumption(world.northwind, entry.organization, entry.document)
                assert use
                assert entry in use.entries


def test_an_advice_says_where_it_stands(world: World) -> None:
    told = [(head.amount.minor, head.state) for head in advices.advices(world.northwind).rows]
    assert sorted(told) == [
        (10, AdviceState.OPEN),
        (220, AdviceState.STAGED),
        (750, AdviceState.OPEN),
        (1250, AdviceState.HELD),
        (11250, AdviceState.PAID),
    ]
    unsettled = advices.advices(world.northwind, state=UNSETTLED, agreement="A-ACME")
    assert unsettled.total == 3
    held = advices.advices(world.northwind, state=AdviceState.HELD).rows[0]
    found = advices.advice(world.northwind, held.number)
    assert found
    assert [invoice.standing for invoice in found.invoices] == ["held"]
    assert "13.50 billed" in found.invoices[0].because


def test_entries_of_a_line_are_paged(world: World) -> None:
    line = next(
        (head.number, line.line)
        for head in advices.advices(world.northwind, agreement="A-ACME").rows
        for line in advices.advice(world.northwind, head.number).lines.rows  # type: ignore[union-attr]
    )
    whole = advices.advice_line_entries(world.northwind, *line)
    part = advices.advice_line_entries(world.northwind, *line, limit=1)
    assert whole
    assert part
    assert part.entries == whole.entries[:1]
    assert (part.after is None) == (len(whole.entries) == 1)


@pytest.mark.rows("C03", "C12")
def test_received_consumed_and_on_hand_reconcile_on_an_order_line(world: World) -> None:
    for viewer in (world.northwind, world.acme):
        found = orders.order(viewer, "L1", "PO-1")
        assert found
        assert [line.ownership for line in found.lines] == ["consigned", "consigned"]
        for line in found.lines:
            assert line.consumed is not None
            assert line.received == line.consumed + line.consigned_on_hand
    bolt = orders.order(world.northwind, "L1", "PO-1").lines[0]  # type: ignore[union-attr]
    assert [str(q) for q in (bolt.ordered, bolt.in_transit, bolt.received, bolt.consumed)] == [
        "200 EA", "50 EA", "100 EA", "100 EA",
    ]  # fmt: skip
    bought = orders.order(world.northwind, "L1", "PO-3")
    assert bought
    assert (bought.lines[0].ownership, bought.lines[0].consumed) == ("owned", None)
    assert orders.order(world.bolts, "L1", "PO-1") is None


def test_a_consumption_tells_each_side_its_own(world: World) -> None:
    whole = consumption.consumption(world.northwind, "L1", 1)
    part = consumption.consumption(world.acme, "L1", 1)
    assert whole
    assert part
    assert (whole.customer, whole.recorded_by, whole.is_whole) == ("Mrs Miller", "cass", True)
    assert (part.customer, part.recorded_by, part.is_whole) == (None, "", False)
    shared = consumption.consumption(world.northwind, "L1", 5)
    assert shared
    assert str(shared.quantity) == "12 EA"
    parts = [consumption.consumption(viewer, "L1", 5) for viewer in (world.acme, world.bolts)]
    assert sum(part.quantity.micros for part in parts if part) == shared.quantity.micros
    assert consumption.consumption(world.bolts, "L1", 1) is None
    assert consumption.consumption(world.northwind, "L1", 999) is None


def test_open_exceptions_say_why(world: World) -> None:
    page = exceptions.exceptions(world.northwind)
    assert [(one.reason, one.item, str(one.quantity)) for one in page.rows] == [
        ("price-missing", "OIL", "2 LTR"),
        ("not-enough-on-hand", "OIL", "42 LTR"),
    ]
    assert "A-BOLT has no price for OIL" in page.rows[0].sentence
    assert exceptions.exceptions(world.northwind, reason="price-missing").total == 1
    assert [one.reason for one in exceptions.exceptions(world.bolts).rows] == ["price-missing"]
    assert exceptions.exceptions(world.acme).total == 0


def test_title_history_is_newest_first_and_pages_without_gaps(world: World) -> None:
    whole = title.title_history(world.northwind, "BOLT", limit=500).entries
    assert [e.happened_on for e in whole] == sorted((e.happened_on for e in whole), reverse=True)
    pages, before = [], None
    while True:
        page = title.title_history(world.northwind, "BOLT", limit=3, before=before)
        pages += page.entries
        before = page.before
        if not before:
            break
    assert pages == whole
    assert title.title_history(world.northwind, "BOLT", before="nonsense").entries == whole[:50]


def test_an_entry_names_its_document_and_its_person(world: World) -> None:
    passed = next(
        entry
        for entry in title.title_history(world.northwind, "BOLT").entries
        if entry.passes_title and str(entry.quantity) == "10 EA"
    )
    assert (passed.reference, passed.recorded_by) == ("till T5", "cass")
    assert passed.source.owner == "Acme Fasteners"
    assert (passed.target.owner, passed.target.place) == ("Northwind Stores", passed.source.place)
    assert passed.charged
    assert (str(passed.charged.price), passed.charged.price_source) == ("1.25 USD", "agreement")
    seen = title.title_entry(world.acme, passed.organization, passed.number)
    assert seen
    assert seen.recorded_by == "Northwind Stores"
    assert title.title_entry(world.bolts, passed.organization, passed.number) is None
