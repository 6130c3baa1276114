"""Whatever is written in a field, the answer is an outcome or a refusal, on both databases."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from itertools import product
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consigned.measure.refusal import Refusal
from consigned.settlement.invoices import Billed
from consigned_service.operations.accounting import standard_costs
from consigned_service.operations.consumption import issues as consumption
from consigned_service.operations.core.outcome import Outcome
from consigned_service.operations.counting import counts, differences, dispositions
from consigned_service.operations.inbound import initial_stock as programmes
from consigned_service.operations.inbound import inspections, orders, putaway, receipts, shipments
from consigned_service.operations.inventory import reservations
from consigned_service.operations.inventory import transfers as custody
from consigned_service.operations.master_data import agreements, items, parties
from consigned_service.operations.settlement import advices, invoices
from consigned_service.records import models
from tests.service.lawful import broken_laws
from tests.service.shop import BY, NOW, open_shop, organization_id
from tests.support.databases import Database

NASTY = [
    "\x00", "a\x00b", "\ud800", "\n", "a\nb", "\t", " ", "\u202e", "😀" * 70, "é" * 121,
    "x" * 41, "x" * 61, "x" * 121, "x" * 501, "x" * 100_000, "9" * 13, "9" * 19, "9" * 400,
    "9" * 5000, "1e5", "1E400", "NaN", "-NaN", "sNaN", "Infinity", "-Infinity", "1_000", "0x10",
    "+", "-", ".", "1.2.3", "-1", "-0", "0", "0.0000001", "999999999999", "-999999999999",
    "1000000000000.5", "٣", "９", "²", "½", "1,5", "2026-02-30", "0001-01-01", "9999-12-31",
    "10000-01-01", "20260306", "2026-W10-5", "2026-03-06T25:00", "2026-03-06T09:15+99:00",
    "2026-03-06T09:15:00.123456789Z",
    "0000-00-00", "yesterday", "'; DROP TABLE title_entry; --", "%s", "{}", "\\", "=1+1",
]  # fmt: skip


class Act(NamedTuple):
    """An operation over lines, and a line that it takes as it is."""

    line: Any
    do: Callable[[Sequence[Any]], Outcome]
    every: int = 1
    """Of what should not stand in a field, every which is tried."""


def in_s1(operation: Callable[..., Outcome], **more: Any) -> Callable[[Sequence[Any]], Outcome]:
    return lambda lines: operation(organization=organization_id("S1"), lines=lines, **more)


def sell(lines: Sequence[consumption.Reported]) -> Outcome:
    return consumption.record_consumption(
        organization=organization_id("S1"), lines=lines, source="till", by=BY, at=NOW,
        wait_for_missing=True,
    )  # fmt: skip


REPORTED = consumption.Reported(
    "T", "BOLT", "1", "2026-03-06", "EA", "sale", "STORE", "acme", "", "", "1.25", "USD",
    "Mrs Miller", "",
)  # fmt: skip
DOOR = {"by": BY, "at": NOW}
ACTS = {
    "parties": Act(
        parties.PartyLine("P", "Party"), lambda lines: parties.register_parties(lines=lines)
    ),
    "sites": Act(
        parties.SiteLine("acme", "W", "Works", "4006381333931"),
        lambda lines: parties.register_sites(lines=lines),
    ),
    "organizations": Act(
        parties.OrganizationLine("O", "Other", "northwind", "USD", "own-first"),
        lambda lines: parties.register_organizations(lines=lines, **DOOR),
        every=5,
    ),
    "places": Act(
        parties.PlaceLine("BAR", "Bar", "shop-floor", "no", "yes"),
        in_s1(parties.register_places, **DOOR),
    ),
    "items": Act(
        items.ItemLine("I", "Item", "EA", "consigned", "4006381333931", "BX=20"),
        lambda lines: items.register_items(lines=lines),
    ),
    "agreements": Act(
        agreements.AgreementLine(
            "A", "acme", "northwind", "USD", "2026-01-01", "weekly", "2027-01-01", "on-use",
            "2026-03-08", "organization", "supplier-invoice", "transaction agreement", "30", "90",
            "receipt", "",
        ),
        lambda lines: agreements.register_agreements(lines=lines),
    ),
    "prices": Act(
        agreements.PriceLine("A-acme", "BOLT", "2026-02-01", "1.25", "2026-02-05", "EA"),
        lambda lines: agreements.register_prices(lines=lines),
    ),
    "orders": Act(
        orders.OrderLine(
            "PO-1", "1", "2026-03-01", "acme", "BOLT", "5", "A-acme", "EA", "consigned", "1.25",
            "USD", "2026-04-01", "yes", "9",
        ),
        in_s1(orders.place_orders, at=NOW),
    ),
    "ship notices": Act(
        shipments.ShipNoticeLine(
            "SN-1", "1", "2026-03-02", "PO-7", "1", "5", "acme", "BOLT", "2026-03-05", "EA", "L",
            "S", "2027-01-01", "bonded", "D-1", "DE",
        ),
        in_s1(shipments.record_ship_notices, **DOOR),
    ),
    "receipts": Act(
        receipts.ReceiptLine(
            "R-1", "1", "2026-03-06", "", "", "", "", "A-acme", "BOLT", "5", "EA", "L", "S",
            "2027-01-01", "STORE", "", "acme", "", "", "", "free", "D-1", "DE", "no",
        ),
        in_s1(receipts.record_receipts, **DOOR),
    ),
    "receipts of an order": Act(
        receipts.ReceiptLine("R-2", "1", "2026-03-06", "SN-7", "1", "PO-7", "1", "", "BOLT", "1"),
        in_s1(receipts.record_receipts, **DOOR),
    ),
    "order closings": Act(
        orders.ClosingLine("PO-8", "1", "2026-03-06", "nothing comes"),
        in_s1(orders.close_order_lines, **DOOR),
    ),
    "inspections": Act(
        inspections.InspectionLine(
            "I", "R-WAIT", "1", "1", "accept", "2026-03-06", "EA", "STORE", "it is good"
        ),
        in_s1(inspections.record_inspections, **DOOR),
    ),
    "receipt holds": Act(
        inspections.ReceiptHoldLine("H", "R-HOLD", "2026-03-06", "1", "no papers"),
        in_s1(inspections.hold_receipts, **DOOR),
    ),
    "initial stock": Act(
        programmes.ProgrammeLine(
            "START", "1", "2026-03-06", "A-acme", "BOLT", "5", "2026-01-10", "EA", "STORE", "L",
            "S", "2027-01-01", "1.25", "USD", "", "free", "D-1", "DE",
        ),
        in_s1(programmes.stock_programme, **DOOR),
    ),
    "standard costs": Act(
        standard_costs.StandardCostLine("C", "BOLT", "1.25", "the plan of the year", "EA"),
        lambda lines: standard_costs.set_standard_costs(
            organization=organization_id("STD"), lines=lines, **DOOR
        ),
    ),
    "putaways": Act(
        putaway.PutawayLine("W", "R-DOCK", "1", "1", "STORE", "2026-03-06", "EA"),
        in_s1(putaway.put_away, **DOOR),
    ),
    "transfers": Act(
        custody.TransferLine(
            "M", "BOLT", "1", "STORE", "STOCK", "2026-03-06", "EA", "acme", "", ""
        ),
        in_s1(custody.transfer_goods, **DOOR),
    ),
    "consumption": Act(REPORTED, sell),
    "counts": Act(
        counts.CountLine(
            "C-1", "BOLT", "99990", "2026-03-06", "acme", "STORE", "", "", "EA", "consignee",
            "ann", "", "broken",
        ),
        in_s1(counts.record_counts, **DOOR),
    ),
    "count reasons": Act(
        differences.SettlingLine("1", "broken", "1", "EA"),
        in_s1(differences.settle_differences, **DOOR),
    ),
    "dispositions": Act(
        dispositions.DispositionLine(
            "D", "BOLT", "1", "block", "2026-03-06", "broken", "acme", "STORE", "", "", "EA"
        ),
        in_s1(dispositions.dispose_of, **DOOR),
    ),
}  # fmt: skip


@pytest.fixture
def shop(database: Database) -> Database:
    open_shop("S1", shelf=400_000)
    organization = organization_id("S1")
    parties.register_organizations(
        lines=[parties.OrganizationLine("STD", "", "northwind", "USD", cost_method="standard")],
        by=BY, at=NOW,
    ).or_raise()  # fmt: skip
    orders.place_orders(
        organization=organization, at=NOW,
        lines=[
            orders.OrderLine(order, "1", "2026-03-01", "acme", "BOLT", "1000000000")
            for order in ("PO-7", "PO-8")
        ],
    ).or_raise()  # fmt: skip
    shipments.record_ship_notices(
        organization=organization, **DOOR,
        lines=[shipments.ShipNoticeLine("SN-7", "1", "2026-03-02", "PO-7", "1", "1000000")],
    ).or_raise()  # fmt: skip
    receipts.record_receipts(
        organization=organization, **DOOR,
        lines=[receipts.ReceiptLine("R-DOCK", "1", "2026-03-06", agreement="A-acme", item="BOLT",
                                    quantity="100000", place="DOCK"),
               receipts.ReceiptLine("R-HOLD", "1", "2026-03-06", agreement="A-acme", item="BOLT",
                                    quantity="100000", place="DOCK"),
               receipts.ReceiptLine("R-WAIT", "1", "2026-03-06", agreement="A-acme", item="BOLT",
                                    quantity="100000", inspected="yes")],
    ).or_raise()  # fmt: skip
    counts.record_counts(
        organization=organization, **DOOR,
        lines=[counts.CountLine("C-0", "BOLT", "199990", "2026-03-06", "bolts")],
    ).or_raise()  # fmt: skip
    return database


def answer(act: Act, lines: Sequence[Any]) -> Outcome | Refusal:
    try:
        return act.do(lines)
    except Refusal as refusal:
        return refusal


def test_anything_in_any_field_is_done_or_refused(shop: Database) -> None:
    """Of each act one line for each field and each thing that should not stand in it, in batches
    of a field."""
    offenders = []
    for name, act in ACTS.items():
        for nth, field in enumerate(act.line._fields):
            lines = [
                act.line._replace(
                    **{act.line._fields[0]: f"{act.line[0]}-{nth}-{n}"} | {field: said}
                )
                for n, said in enumerate(NASTY[:: act.every])
            ]
            try:
                told = answer(act, lines)
            except Exception as error:  # noqa: BLE001, whatever it is
                alone = [(line[nth][:30], defect(act, line)) for line in lines]
                offenders.append((name, field, error, [said for said in alone if said[1]]))
                continue
            if isinstance(told, Outcome):
                assert told.new + told.repeated + len(told.refused) == len(lines), (name, field)
                assert all(str(r.refusal) and r.refusal.sentence() for r in told.refused)
    assert offenders == []
    assert broken_laws() == []


def defect(act: Act, line: Any) -> Exception | None:
    try:
        answer(act, [line])
    except Exception as error:  # noqa: BLE001, whatever it is
        return error
    return None


SAID = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=60),
    st.from_regex(r"\A[+-]?[0-9]{0,14}(\.[0-9]{0,8})?\Z"),
    st.dates(min_value=date(1, 1, 1)).map(str),
    st.datetimes(timezones=st.timezones()).map(lambda at: at.isoformat()),
    st.dates(date(2026, 3, 1), date(2026, 3, 6)).map(str),
)


def mutated(line: Any) -> st.SearchStrategy[Any]:
    """The line, with other things in up to three of its fields."""
    changes = st.dictionaries(st.sampled_from(line._fields), SAID, max_size=3)
    return changes.map(lambda change: line._replace(**change))


FUZZED = ("consumption", "receipts", "receipts of an order", "transfers", "orders", "agreements")


def test_only_outcomes_and_refusals_come_out(shop: Database) -> None:
    batches = [
        st.tuples(st.just(ACTS[name]), st.lists(mutated(ACTS[name].line), min_size=1, max_size=9))
        for name in FUZZED
    ]

    @settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], database=None)
    @given(st.one_of(batches))
    def only_outcomes_and_refusals(batch: tuple[Act, list[Any]]) -> None:
        act, lines = batch
        told = answer(act, lines)
        if isinstance(told, Outcome):
            assert told.new + told.repeated + len(told.refused) == len(lines)

    only_outcomes_and_refusals()
    assert broken_laws() == []


WRONG = [
    ("quantity", "NaN", "not-a-quantity"),
    ("quantity", "1e3", "not-a-quantity"),
    ("quantity", "9" * 400, "not-a-quantity"),
    ("quantity", "1000000000001", "not-a-quantity"),
    ("quantity", "0.0000001", "not-a-quantity"),
    ("quantity", "", "not-a-quantity"),
    ("happened_at", "9999-12-31", "not-a-day"),
    ("happened_at", "2199-12-31", "not-yet"),
    ("happened_at", "2026-02-30", "not-a-day"),
    ("happened_at", "2026-03-06T25:00", "not-a-day"),
    ("happened_at", "2026-03-06 or so", "not-a-day"),
    ("reference", "a\x00b", "not-text"),
    ("reference", "x" * 121, "not-text"),
    ("reference", "", "required"),
    ("item", "a\x00b", "unknown-item"),
    ("item", "\ud800", "unknown-item"),
    ("place", "DOCK\x00", "unknown-place"),
    ("place", "CUSTOMER", "unknown-place"),
    ("consignor", "a\x00b", "unknown-party"),
    ("unit", "PAL", "unit-does-not-convert"),
    ("kind", "gift", "not-one-of"),
    ("price", "-1", "not-money"),
    ("price", "NaN", "not-money"),
    ("currency", "XXX", "unknown-currency"),
    ("customer", "\x00", "not-text"),
    ("lot", "x" * 61, "not-text"),
]


def test_what_is_wrong_with_a_line_has_a_name(shop: Database) -> None:
    """Each wrong line is refused by name; the good one after them is posted."""
    lines = [
        REPORTED._replace(**{"reference": f"T{n}"} | {field: said})
        for n, (field, said, _) in enumerate(WRONG)
    ]
    told = sell([*lines, REPORTED])
    codes = {refused.index: refused.refusal.code for refused in told.refused}
    assert codes == {n: code for n, (_, _, code) in enumerate(WRONG)}
    assert (told.new, models.Consumption.objects.count()) == (1, 1)


def test_a_receipt_that_cannot_be_is_refused(shop: Database) -> None:
    wrong = [
        ("-5", "2026-03-06", "nothing-received"),
        ("0", "2026-03-06", "nothing-received"),
        ("NaN", "2026-03-06", "not-a-quantity"),
        ("5", "9999-12-31", "not-a-day"),
        ("5", "2199-12-31", "not-yet"),
        ("5", "0001-01-32", "not-a-day"),
        ("5", "1950-01-01", "before-agreement"),
    ]
    told = in_s1(receipts.record_receipts, **DOOR)(
        [
            receipts.ReceiptLine("R", str(n + 1), day, agreement="A-acme", item="BOLT", quantity=q)
            for n, (q, day, _) in enumerate(wrong)
        ]
    )
    assert [r.refusal.code for r in told.refused] == [code for *_, code in wrong]
    assert told.new == 0


def test_goods_of_the_first_day_of_trade_are_used_on_it(shop: Database) -> None:
    """The farthest day that can be written: nothing overflows where cycles are counted."""
    line = receipts.ReceiptLine("R", "1", "1950-01-01", consignor="acme", item="NUT",
                                ownership="owned", quantity="5")  # fmt: skip
    items.register_items(lines=[items.ItemLine("NUT", "", "EA", "owned")]).or_raise()
    assert in_s1(receipts.record_receipts, **DOOR)([line]).or_raise().new == 1
    used = REPORTED._replace(item="NUT", happened_at="1950-01-01", place="", consignor="")
    assert sell([used]).or_raise().new == 1
    assert broken_laws() == []


def test_sums_at_the_edge_of_what_a_line_may_carry(shop: Database) -> None:
    """A million million units, received and used several times over, at a high price."""
    most = "1000000000000"
    agreements.register_prices(
        lines=[agreements.PriceLine("A-acme", "BOLT", "2026-03-05", "1000000000")]
    ).or_raise()
    receive = in_s1(receipts.record_receipts, **DOOR)
    for n in range(3):
        line = receipts.ReceiptLine(f"R{n}", "1", "2026-03-06", agreement="A-acme", item="BOLT",
                                    quantity=most)  # fmt: skip
        answer(Act(line, receive), [line])
        answer(Act(line, sell), [REPORTED._replace(reference=str(n), quantity=most, price="")])
    assert broken_laws() == []


def test_names_that_are_given_to_acts_on_one_thing(shop: Database) -> None:
    organization = organization_id("S1")
    acme = models.Party.objects.get(code="acme").pk

    def acts(said: str) -> Iterator[Callable[[], object]]:
        bill = invoices.SupplierInvoice(said, said, date.max, "USD", [Billed(1, said, 1, 1, 1)])
        reserve = partial(reservations.reserve, organization=organization, **DOOR)
        yield partial(reserve, reference=said, item="BOLT", quantity="1")
        yield partial(reserve, reference="SO", item=said, quantity=said)
        yield partial(invoices.record_invoices, consignor=acme, invoices=[bill], **DOOR)
        yield partial(invoices.accept_invoice, consignor=acme, number=said, **DOOR)
        yield partial(
            invoices.reject_invoice, consignor=acme, number=said, because=said, **DOOR
        )  # fmt: skip
        yield partial(
            receipts.lines_from_ship_notice, organization=organization, ship_notice=said,
            receipt="R", received_on=NOW.date(),
        )  # fmt: skip

    offenders = []
    for said in NASTY:
        for act in acts(said):
            try:
                act()
            except Refusal:
                continue
            except Exception as error:  # noqa: BLE001, whatever it is
                offenders.append((act.func.__name__, said[:30], error))
    assert offenders == []


def test_an_invoice_says_what_it_likes(shop: Database) -> None:
    """What a supplier bills is kept as it is billed, within bounds, and held or refused."""
    sell([REPORTED])
    consignee = models.Party.objects.get(code="northwind").pk
    acme = models.Party.objects.get(code="acme").pk
    advices.run_advices(consignee=consignee, on=date(2026, 3, 8), by=BY, at=NOW + timedelta(days=3))
    advice = models.Advice.objects.get().number
    offenders = []
    for n, (said, day, currency, figure) in enumerate(
        product(["BOLT", "a\x00b", "\ud800", "x" * 100], [date.min, date.max], ["USD", "\x00"],
                [0, -1, 10**15, 10**30])
    ):  # fmt: skip
        number = f"I-{n}"
        bill = invoices.SupplierInvoice(
            number, advice, day, currency, [Billed(1, said, figure, figure, figure)]
        )
        try:
            told = invoices.record_invoices(consignor=acme, invoices=[bill], **DOOR)
            if told.new:
                invoices.reject_invoice(consignor=acme, number=number, because="odd", **DOOR)
        except Refusal:
            continue
        except Exception as error:  # noqa: BLE001, whatever it is
            offenders.append((said, day, currency, figure, error))
    assert [str(offender)[:200] for offender in offenders] == []
    assert broken_laws() == []


def test_closing_the_books_through_an_absurd_day(shop: Database) -> None:
    for through in (date.min, NOW.date() + timedelta(days=1), date.max):
        with suppress(Refusal):
            parties.close_period(organization=organization_id("S1"), through=through, by=BY, at=NOW)
        told = sell([REPORTED])
        assert told.new + told.repeated + len(told.refused) == 1
