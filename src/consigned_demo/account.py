"""The account of the year, for people and for programs."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from consigned.master_data.agreements import SettlementMethod
from consigned.measure.money import show_amount
from consigned.returns.lines import Direction
from consigned.settlement.invoices import Standing
from consigned.title.entry import EntryKind
from consigned.title.layer import Ownership
from consigned_demo import programme, suppliers
from consigned_demo.suppliers import Planted
from consigned_demo.year import FIRST_DAY, Stage
from consigned_service.interfaces.tables.text import counted, show, show_facts, show_table
from consigned_service.queries.accounting import billing
from consigned_service.queries.accounting.account import (
    Account,
    Advised,
    Credits,
    Invoiced,
    Paid,
    account,
)
from consigned_service.queries.core.figures import Amount, sum_amounts
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.counting.counts import ShrinkageCost, shrinkage_cost
from consigned_service.queries.inventory.aging import aging
from consigned_service.queries.inventory.stock import Age


class AgedBucket(NamedTuple):
    """What lies on consignment of one age, and what of it has lain too long."""

    age: Age
    lines: int
    value: list[Amount]
    aged: int


class Loss(NamedTuple):
    """What counts found missing for one reason, and what it costs whom."""

    reason: str
    borne_by: str
    lines: int
    cost: list[Amount]


class YearsAccount(NamedTuple):
    """What came of the year, and of the errors that were planted in it."""

    stores: tuple[int, ...]
    first_day: date
    last_day: date
    till_lines: int
    account: Account
    errors: list[Planted]
    aging: list[AgedBucket]
    losses: list[Loss]


def years_account(stage: Stage) -> YearsAccount:
    sales, grocer = stage.sales, stage.grocer
    advices = billing.advices_made(
        grocer, FIRST_DAY, sales.last_day, (SettlementMethod.SUPPLIER_INVOICE,)
    )
    answers = billing.answers(grocer)
    return YearsAccount(
        tuple(sales.stores),
        sales.first_day,
        sales.last_day,
        sales.count,
        account(grocer, sales.last_day),
        suppliers.what_became(stage.programme.seed, advices, answers, sales.last_day),
        list(_aging(grocer, sales.last_day)),
        list(_losses(grocer)),
    )


def _aging(grocer: Viewer, day: date) -> Iterator[AgedBucket]:
    listed = aging(grocer, today=day)
    for age in Age:
        lines = [line for line in listed if line.age is age]
        too_long = [line for line in lines if line.days_left is not None and line.days_left <= 0]
        yield AgedBucket(age, len(lines), sum_amounts(line.value for line in lines), len(too_long))


def _losses(grocer: Viewer) -> Iterator[Loss]:
    costs: dict[tuple[str, str], list[ShrinkageCost]] = {}
    for one in shrinkage_cost(grocer):
        costs.setdefault((one.reason, one.borne_by), []).append(one)
    for (reason, borne_by), rows in sorted(costs.items()):
        yield Loss(reason, borne_by, len(rows), sum_amounts(row.cost for row in rows))


def show_account(years: YearsAccount) -> None:
    one = years.account
    for title, facts in (
        ("What came", _came(one)),
        ("What the tills told", _told(one)),
        ("Whose it became", _passed(one)),
        ("What went back", _went_back(one)),
        ("What was settled", _settled(one)),
        ("What is owed", _owed(one)),
        ("What is still the suppliers'", _still_theirs(one)),
    ):
        _title(title)
        show_facts({f"  {name}": said for name, said in facts})
    _title("What lies on consignment with an end in sight")
    show_table(
        years.aging,
        {
            "  Days": lambda row: f"  {row.age}",
            "Receipt lines": lambda row: row.lines,
            "Value": lambda row: money(row.value),
            "Aged": lambda row: row.aged,
        },
    )
    _title("What counts found missing")
    show_table(
        years.losses,
        {
            "  Reason": lambda row: f"  {row.reason}",
            "Borne by the": lambda row: row.borne_by,
            "Items": lambda row: row.lines,
            "Cost": lambda row: money(row.cost),
        },
    )
    _title("What waits")
    show_table(
        one.exceptions,
        {
            "  Reason": lambda row: (
                f"  {row.reason}" + ("" if row.is_agreed else ", nobody agreed on the item")
            ),
            "Opened": lambda row: row.opened,
            "Resolved": lambda row: row.opened - row.open,
            "Open": lambda row: row.open,
        },
    )
    _title("Errors planted in suppliers' invoices")
    show_table(
        years.errors,
        {
            "  Error": lambda row: f"  {row.error}",
            "Planted": lambda row: row.planted,
            "Caught": lambda row: row.caught,
            "Refused": lambda row: row.refused,
            "Corrected": lambda row: row.corrected,
            "Accepted": lambda row: row.accepted,
            "Open": lambda row: row.open,
            "Paid": lambda row: row.paid,
            "At stake": lambda row: money(row.at_stake),
        },
    )
    _title("Both parties' books")
    show_table(
        one.books,
        {
            "  What": lambda row: f"  {row.what}",
            "The grocer's": lambda row: row.ours,
            "The suppliers'": lambda row: row.theirs,
            "": lambda row: "they agree" if row.agrees else "THEY DIFFER",
        },
    )
    alone = one.one_by_one
    show(
        f"  Under each of {counted(alone.agreements, 'agreement')} by itself: "
        + (f"THEY DIFFER: {', '.join(alone.differing)}" if alone.differing else "they agree")
    )


Facts = Iterator[tuple[str, object]]


def _came(one: Account) -> Facts:
    documents = one.documents
    yield (
        "Ordered",
        f"{counted(documents.order_lines, 'line')} on {counted(documents.orders, 'order')}",
    )
    yield (
        "Announced",
        f"{counted(documents.notice_lines, 'line')} on {counted(documents.notices, 'ship notice')}",
    )
    layers = one.layers
    yield (
        "Received on consignment",
        f"{counted(layers.get(Ownership.CONSIGNED, 0), 'line')}, {money(one.received)}",
    )
    yield "Bought", f"{counted(layers.get(Ownership.OWNED, 0), 'line')}, {money(one.bought)}"


def _told(one: Account) -> Facts:
    told = one.told
    yield "Used", counted(told.used, "line")
    yield "Used, but waiting", counted(told.waiting, "line")
    yield "Of an item nobody agreed on", counted(told.not_agreed, "line")
    yield "Of nothing (coupons)", counted(told.of_nothing, "line")
    yield "Brought back by customers", counted(told.returned, "line")


def _passed(one: Account) -> Facts:
    transfers = one.entries.get(EntryKind.TRANSFERRED_TO_OWNED, 0)
    yield "Title passed", f"{counted(transfers, 'transfer')}, {money(one.charged)} owed for it"
    yield "Our own goods used", f"{money(one.own_used)} at what they cost, less what came back"


WAYS = {
    (Direction.TO_SUPPLIER, False): "To the suppliers, as theirs",
    (Direction.TO_SUPPLIER, True): "To the suppliers, after an advice had told it",
    (Direction.TO_CONSIGNED, False): "Title alone, the goods stayed",
}


def _went_back(one: Account) -> Facts:
    for row in one.went_back:
        said = WAYS.get((row.direction, row.was_ours), f"{row.direction}")
        quantity = " and ".join(map(str, row.quantities))
        yield said, f"{counted(row.lines, 'line')}, {quantity}, worth {money(row.value)} as it came"
    requests = sum(row.requests for row in one.asked_back)
    asked = sum_amounts(Amount(row.amount, row.currency) for row in one.asked_back)
    yield "Credit asked for", f"{counted(requests, 'request')}, {money(asked)}"
    yield "On debit memos", _credits(one.debit_memos, "memo")
    yield "Credited, and netted by payments", _credits(one.credited, "credit note")


def _credits(rows: Iterable[Credits], paper: str) -> str:
    rows = list(rows)
    return f"{counted(sum(row.papers for row in rows), paper)}, {money(one_each(rows))}"


def _settled(one: Account) -> Facts:
    for method in programme.METHODS:
        yield f"Advised, {method}", _advised(row for row in one.advised
                                             if row.settlement_method == method)  # fmt: skip
    for standing in Standing:
        rows = [row for row in one.invoiced if row.standing == standing]
        if rows:
            yield f"Invoices {standing}", _invoiced(rows)
    payments = sum(row.payments for row in one.paid)
    yield "Paid", f"{counted(payments, 'payment')}, {money(one_each(one.paid))}"


def _owed(one: Account) -> Facts:
    yield "Used, not advised yet", money(one.owing.running)
    yield "Advised, not invoiced yet", money(one.owing.advised)
    yield "Invoiced, not paid yet", money(one.owing.invoiced)


def _still_theirs(one: Account) -> Facts:
    for held in one.still_theirs:
        yield f"On hand in {held.quantity.unit}", f"{held.quantity} in {held.layers:,} layers"
    yield "Its value as it came", money(one.still_theirs_value)


def _advised(rows: Iterable[Advised]) -> str:
    rows = list(rows)
    advices, lines = sum(row.advices for row in rows), sum(row.lines for row in rows)
    return f"{counted(advices, 'advice')}, {counted(lines, 'line')}, {money(one_each(rows))}"


def _invoiced(rows: Iterable[Invoiced]) -> str:
    rows = list(rows)
    return f"{sum(row.invoices for row in rows):,}, {money(one_each(rows))}"


def one_each(rows: Iterable[Advised | Credits | Invoiced | Paid]) -> list[Amount]:
    """The sum of some rows' amounts in each currency."""
    return sum_amounts(Amount(row.amount, row.currency) for row in rows)


def money(amounts: Iterable[Amount]) -> str:
    """Amounts with their thousands apart, a currency each."""
    said = []
    for minor, currency in amounts:
        whole, point, part = show_amount(minor, currency).partition(".")
        said.append(f"{int(whole):,}{point}{part} {currency}")
    return " and ".join(said) or "nothing"


def _title(title: str) -> None:
    show("")
    show(title)


def as_plain(years: YearsAccount) -> Mapping[str, object]:
    """The account for programs."""
    return {**years._asdict(), "used": years.account.told.used}
