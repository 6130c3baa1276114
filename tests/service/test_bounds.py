"""Whatever is written in a field, the answer is an outcome or a refusal, on both databases."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from itertools import product
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consigned.measure.refusal import Refusal
from consigned.settlement.invoices import Billed
from consigned_service.operations.core.batch import Written, record
from consigned_service.operations.core.operation import Request
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.inbound import receipts
from consigned_service.operations.inventory import reservations
from consigned_service.operations.master_data import parties
from consigned_service.operations.registry import OPERATIONS
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
    """An operation, and a line that it takes as it is: the text of its fields by their names."""

    kind: str
    line: Mapping[str, str]
    organization: str = "S1"
    every: int = 1
    """Of what should not stand in a field, every which is tried."""


def act(kind: str, *fields: str, organization: str = "S1", every: int = 1) -> Act:
    named = [field.name for field in OPERATIONS[kind].fields]
    texts = [*fields, *[""] * (len(named) - len(fields))]
    return Act(kind, dict(zip(named, texts, strict=True)), organization, every)


def answer(act: Act, lines: Iterable[Mapping[str, str]], source: str = "till") -> Result:
    """What comes of lines at a door."""
    request = Request(organization_id(act.organization), BY, NOW, source)
    return record(
        OPERATIONS[act.kind], [Written("", list(line.values())) for line in lines], request
    )


DOOR = {"by": BY, "at": NOW}
ACTS = {
    "parties": act("parties", "P", "Party"),
    "sites": act("sites", "acme", "W", "Works", "4006381333931"),
    "organizations": act("organizations", "O", "Other", "northwind", "USD", "own-first", every=5),
    "places": act("places", "BAR", "Bar", "shop-floor", "no", "yes"),
    "items": act("items", "I", "Item", "EA", "consigned", "4006381333931", "BX=20"),
    "agreements": act(
        "agreements", "A", "acme", "northwind", "USD", "2026-01-01", "weekly", "2027-01-01",
        "on-use", "2026-03-08", "organization", "supplier-invoice", "transaction agreement", "30",
        "90", "receipt",
    ),
    "prices": act("prices", "A-acme", "BOLT", "2026-02-01", "1.25", "2026-02-05", "EA"),
    "orders": act(
        "orders", "PO-1", "1", "2026-03-01", "acme", "BOLT", "5", "A-acme", "EA", "consigned",
        "1.25", "USD", "2026-04-01", "yes", "9",
    ),
    "ship notices": act(
        "ship-notices", "SN-1", "1", "2026-03-02", "PO-7", "1", "5", "acme", "BOLT", "2026-03-05",
        "EA", "L", "S", "2027-01-01", "bonded", "D-1", "DE",
    ),
    "receipts": act(
        "receipts", "R-1", "1", "2026-03-06", "", "", "", "", "A-acme", "BOLT", "5", "EA", "L",
        "S", "2027-01-01", "STORE", "", "acme", "", "", "", "free", "D-1", "DE", "no",
    ),
    "receipts of an order": act(
        "receipts", "R-2", "1", "2026-03-06", "SN-7", "1", "PO-7", "1", "", "BOLT", "1"
    ),
    "order closings": act("order-closings", "PO-8", "1", "2026-03-06", "nothing comes"),
    "inspections": act(
        "inspections", "I", "R-WAIT", "1", "1", "accept", "2026-03-06", "EA", "STORE",
        "it is good",
    ),
    "receipt holds": act("receipt-holds", "H", "R-HOLD", "2026-03-06", "1", "no papers"),
    "initial stock": act(
        "initial-stock", "START", "1", "2026-03-06", "A-acme", "BOLT", "5", "2026-01-10", "EA",
        "STORE", "L", "S", "2027-01-01", "1.25", "USD", "", "free", "D-1", "DE",
    ),
    "standard costs": act(
        "standard-costs", "C", "BOLT", "1.25", "the plan of the year", "EA", organization="STD"
    ),
    "putaways": act("putaways", "W", "R-DOCK", "1", "1", "STORE", "2026-03-06", "EA"),
    "transfers": act(
        "transfers", "M", "BOLT", "1", "STORE", "STOCK", "2026-03-06", "EA", "acme"
    ),
    "consumption": act(
        "consumption", "T", "BOLT", "1", "2026-03-06", "EA", "sale", "STORE", "acme", "", "",
        "1.25", "USD", "Mrs Miller",
    ),
    "counts": act(
        "counts", "C-1", "BOLT", "99990", "2026-03-06", "acme", "STORE", "", "", "EA",
        "consignee", "ann", "", "broken",
    ),
    "count reasons": act("count-adjustments", "1", "broken", "1", "EA"),
    "dispositions": act(
        "dispositions", "D", "BOLT", "1", "block", "2026-03-06", "broken", "acme", "STORE", "",
        "", "EA",
    ),
}  # fmt: skip
SALE = ACTS["consumption"]
RECEIPT = ACTS["receipts"]
BARE_RECEIPT = act("receipts", "R", "1", "2026-03-06", "", "", "", "", "A-acme", "BOLT", "5").line


@pytest.fixture
def shop(database: Database) -> Database:
    open_shop("S1", shelf=400_000)
    standard = {"code": "STD", "pick_order": "", "cost_method": "standard"}
    answer(ACTS["organizations"], [{**ACTS["organizations"].line, **standard}]).or_raise()
    for kind, *fields in (
        ("orders", "PO-7", "1", "2026-03-01", "acme", "BOLT", "1000000000"),
        ("orders", "PO-8", "1", "2026-03-01", "acme", "BOLT", "1000000000"),
        ("ship-notices", "SN-7", "1", "2026-03-02", "PO-7", "1", "1000000"),
    ):
        told = act(kind, *fields)
        answer(told, [told.line]).or_raise()
    for receipt in (
        {"receipt": "R-DOCK", "place": "DOCK"},
        {"receipt": "R-HOLD", "place": "DOCK"},
        {"receipt": "R-WAIT", "inspected": "yes"},
    ):
        answer(RECEIPT, [{**BARE_RECEIPT, "quantity": "100000", **receipt}]).or_raise()
    counted = act("counts", "C-0", "BOLT", "199990", "2026-03-06", "bolts")
    answer(counted, [counted.line]).or_raise()
    return database


def test_anything_in_any_field_is_done_or_refused(shop: Database) -> None:
    """Of each act one line for each field and each thing that should not stand in it, in batches
    of a field."""
    offenders = []
    for name, act in ACTS.items():
        first, known = next(iter(act.line.items()))
        for nth, field in enumerate(act.line):
            lines = [
                {**act.line, first: f"{known}-{nth}-{n}", field: said}
                for n, said in enumerate(NASTY[:: act.every])
            ]
            try:
                told = answer(act, lines)
            except Exception as error:  # noqa: BLE001, whatever it is
                alone = [(line[field][:30], defect(act, line)) for line in lines]
                offenders.append((name, field, error, [said for said in alone if said[1]]))
                continue
            assert told.new + told.repeated + len(told.refused) == len(lines), (name, field)
            assert all(str(r.refusal) and r.refusal.sentence() for r in told.refused)
    assert offenders == []
    assert broken_laws() == []


def defect(act: Act, line: Mapping[str, str]) -> Exception | None:
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


def mutated(line: Mapping[str, str]) -> st.SearchStrategy[Mapping[str, str]]:
    """The line, with other things in up to three of its fields."""
    changes = st.dictionaries(st.sampled_from(list(line)), SAID, max_size=3)
    return changes.map(lambda change: {**line, **change})


FUZZED = ("consumption", "receipts", "receipts of an order", "transfers", "orders", "agreements")


def test_only_outcomes_and_refusals_come_out(shop: Database) -> None:
    batches = [
        st.tuples(st.just(ACTS[name]), st.lists(mutated(ACTS[name].line), min_size=1, max_size=9))
        for name in FUZZED
    ]

    @settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], database=None)
    @given(st.one_of(batches))
    def only_outcomes_and_refusals(batch: tuple[Act, list[Mapping[str, str]]]) -> None:
        act, lines = batch
        told = answer(act, lines)
        assert told.new + told.repeated + len(told.refused) == len(lines)

    only_outcomes_and_refusals()
    assert broken_laws() == []


WRONG = [
    ("quantity", "NaN", "invalid-quantity"),
    ("quantity", "1e3", "invalid-quantity"),
    ("quantity", "9" * 400, "invalid-quantity"),
    ("quantity", "1000000000001", "invalid-quantity"),
    ("quantity", "0.0000001", "invalid-quantity"),
    ("quantity", "", "required"),
    ("occurred_at", "9999-12-31", "invalid-date"),
    ("occurred_at", "2199-12-31", "not-yet"),
    ("occurred_at", "2026-02-30", "invalid-date"),
    ("occurred_at", "2026-03-06T25:00", "invalid-date"),
    ("occurred_at", "2026-03-06 or so", "invalid-date"),
    ("reference", "a\x00b", "invalid-text"),
    ("reference", "x" * 121, "invalid-text"),
    ("reference", "", "required"),
    ("item", "a\x00b", "invalid-text"),
    ("item", "\ud800", "invalid-text"),
    ("place", "DOCK\x00", "invalid-text"),
    ("item", "WING", "unknown-item"),
    ("place", "CUSTOMER", "unknown-place"),
    ("consignor", "nobody", "unknown-party"),
    ("consignor", "a\x00b", "invalid-text"),
    ("unit", "PAL", "unknown-unit"),
    ("kind", "gift", "invalid-choice"),
    ("price", "-1", "invalid-amount"),
    ("price", "NaN", "invalid-amount"),
    ("currency", "XXX", "unknfunctional-currency"),
    ("customer", "\x00", "invalid-text"),
    ("lot", "x" * 61, "invalid-text"),
]


def test_what_is_wrong_with_a_line_has_a_name(shop: Database) -> None:
    """Each wrong line is refused by name; the good one after them is posted."""
    lines = [
        {**SALE.line, "reference": f"T{n}", field: said} for n, (field, said, _) in enumerate(WRONG)
    ]
    told = answer(SALE, [*lines, SALE.line])
    codes = {refused.index: refused.refusal.code for refused in told.refused}
    assert codes == {n: code for n, (_, _, code) in enumerate(WRONG)}
    assert (told.new, models.Consumption.objects.count()) == (1, 1)


def test_a_receipt_that_cannot_be_is_refused(shop: Database) -> None:
    wrong = [
        ("-5", "2026-03-06", "nothing-received"),
        ("0", "2026-03-06", "nothing-received"),
        ("NaN", "2026-03-06", "invalid-quantity"),
        ("5", "9999-12-31", "invalid-date"),
        ("5", "2199-12-31", "not-yet"),
        ("5", "0001-01-32", "invalid-date"),
        ("5", "1950-01-01", "before-agreement"),
    ]
    lines = [
        {**BARE_RECEIPT, "line": str(n + 1), "received_on": day, "quantity": quantity}
        for n, (quantity, day, _) in enumerate(wrong)
    ]
    told = answer(RECEIPT, lines)
    refused = sorted(told.refused, key=lambda one: one.index)
    assert [one.refusal.code for one in refused] == [code for *_, code in wrong]
    assert told.new == 0


def test_goods_of_the_first_day_of_trade_are_used_on_it(shop: Database) -> None:
    """The farthest day that can be written: nothing overflows where cycles are counted."""
    early = {"agreement": "", "item": "NUT", "consignor": "acme", "ownership": "owned"}
    line = {**BARE_RECEIPT, **early, "received_on": "1950-01-01"}
    answer(ACTS["items"], [act("items", "NUT", "", "EA", "owned").line]).or_raise()
    assert answer(RECEIPT, [line]).or_raise().new == 1
    used = {**SALE.line, "item": "NUT", "occurred_at": "1950-01-01", "place": "", "consignor": ""}
    assert answer(SALE, [used]).or_raise().new == 1
    assert broken_laws() == []


def test_sums_at_the_edge_of_what_a_line_may_carry(shop: Database) -> None:
    """A million million units, received and used several times over, at a high price."""
    most = "1000000000000"
    dear = act("prices", "A-acme", "BOLT", "2026-03-05", "1000000000")
    answer(dear, [dear.line]).or_raise()
    for n in range(3):
        answer(RECEIPT, [{**BARE_RECEIPT, "receipt": f"R{n}", "quantity": most}])
        answer(SALE, [{**SALE.line, "reference": str(n), "quantity": most, "price": ""}])
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
    answer(SALE, [SALE.line])
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
        told = answer(SALE, [SALE.line])
        assert told.new + told.repeated + len(told.refused) == 1
