"""Reading at two sizes: the CPU seconds, statements and rows read of every list and every question
as of a day, on a year of till lines in short and in long.

The same programme twice, once with a tenth of the lines. It is told month by month, and each month
is advised, so that there are documents, layers that are used up, and days to ask for. Every command
that lists and every page is asked in this process, with the answer thrown away; the least of a few
readings counts. What costs ten times as much on ten times the entries is felt by its users.

Rows read are PostgreSQL's own figures, of tables and indexes; SQLite has none, and its steps (one
for each thousand instructions) stand in their place.
"""

import io
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import override_settings

from benchmarks import stage, till
from benchmarks.stage import Stage
from benchmarks.till import Sold
from consigned_service.interfaces.console import main as console
from consigned_service.operations.consumption.issues import record_consumption
from consigned_service.operations.core.statistics import take_stock_of_tables
from consigned_service.operations.master_data.users import add_user
from consigned_service.operations.settlement.advices import run_advices
from consigned_service.records import models
from consigned_service.records.master_data.agreements import party_ids

FEW = int(os.environ.get("BENCH_READ_FEW", "60000"))
MANY = int(os.environ.get("BENCH_READ_MANY", "560000"))
TIMES = int(os.environ.get("BENCH_READ_TIMES", "2"))
MIDDLE = "2017-06-30"

COMMANDS = (
    "stock", f"stock --as-of {MIDDLE}", "value", f"value --as-of {MIDDLE}", "owed",
    f"owed --on {MIDDLE}", "advices", "exceptions", "aging", "orders", "arriving", "kept",
    "invoices", "payments", "counts", "dispositions", "returns", "debits", "holds", "settling",
    "changes", "production", "margins", "shrinkage", "title {item}", "advice {advice}",
    "report trial-balance", "report owed", "report settlement", "report stock-value",
    "report consigned-inventory --from 2017-06-01 --to 2017-06-30",
    "report statement --partner {maker}", f"report closing --organization STORE --to {MIDDLE}",
)  # fmt: skip
PAGES = (
    "/", "/stock/", f"/stock/?as_of={MIDDLE}", "/items/", "/items/{item}/", "/orders/", "/owed/",
    f"/owed/?on={MIDDLE}", "/advices/", "/advices/{advice}/", "/advices/{advice}/transactions/",
    "/agreements/", "/agreements/{maker}/", "/exceptions/", "/aging/", "/elsewhere/",
    "/entries/STORE/50/", "/consumption/STORE/50/",
)  # fmt: skip


class Cost(NamedTuple):
    """What one reading took."""

    seconds: float
    statements: int
    rows: int


def main() -> None:
    for opened in stage.stages():
        with opened() as few, opened() as many:
            entries = [fill(on, size) for on, size in ((few, FEW), (many, MANY))]
            print(f"{few.name}: {entries[0]:,} and {entries[1]:,} entries", flush=True)
            print(f"{'':<62}{'CPU s':>16}{'statements':>14}{'rows read':>24}", flush=True)
            costs = [dict(read_all(on)) for on in (few, many)]
            for asked, small in costs[0].items():
                print(line(asked, small, costs[1][asked]), flush=True)


def line(asked: str, few: Cost, many: Cost) -> str:
    return (
        f"{asked:<62}{few.seconds:>8.3f}{many.seconds:>8.3f}{few.statements:>7}"
        f"{many.statements:>7}{few.rows:>12,}{many.rows:>12,}"
    )


# --- the two databases ---------------------------------------------------------------------


def fill(on: Stage, size: int) -> int:
    """A year's programme of so many till lines, told and advised month by month; answers how many
    entries it has."""
    on.use()
    sold = sorted(spread(till.lines(size), size), key=lambda one: one.occurred_at)
    organization = till.start_programme(sold, first_closing_on="2017-01-31")
    consignee = party_ids(["GROCER"])["GROCER"]
    for _, month in groupby(sold, key=lambda one: one.occurred_at[:7]):
        told = list(month)
        for chunk in range(0, len(told), till.BATCH):
            batch = told[chunk : chunk + till.BATCH]
            at = datetime.fromisoformat(batch[-1].occurred_at).replace(tzinfo=UTC)
            record_consumption(
                organization=organization, lines=till.read(batch), source="till", by="bench", at=at,
                queue_shortages=True,
            )  # fmt: skip
        closes_on = last_day(told[-1].occurred_at)
        after = datetime.combine(closes_on + timedelta(days=1), datetime.min.time(), UTC)
        run_advices(consignee=consignee, on=closes_on, by="bench", at=after)
    take_stock_of_tables()
    add_user(name="grocer", party="GROCER", password="x")  # signs in without it
    return models.Entry.objects.count()


def spread(lines: Sequence[Sold], size: int) -> Iterator[Sold]:
    """The lines over the whole of 2017, whatever part of it they are."""
    first = date(2017, 1, 1)
    for place, one in enumerate(lines):
        day = first + timedelta(days=place * 365 // size)
        yield one._replace(occurred_at=f"{day}{one.occurred_at[10:]}")


def last_day(said: str) -> date:
    month = date.fromisoformat(said[:10]).replace(day=28) + timedelta(days=4)
    return month.replace(day=1) - timedelta(days=1)


# --- what is asked -------------------------------------------------------------------------


def read_all(on: Stage) -> Iterator[tuple[str, Cost]]:
    on.use()
    named = names()
    for asked in COMMANDS:
        words = asked.format(**named).split()
        yield f"consigned {asked}", least(lambda words=words: ask(words))
    client = Client()
    client.force_login(get_user_model().objects.get(username="grocer"))
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        for address in PAGES:
            path = address.format(**named)
            yield address, least(lambda path=path: look(client, path))


def names() -> dict[str, str]:
    """An item that was used often, its maker, and an advice with many transactions."""
    maker = models.Agreement.objects.order_by("-advice__amount").values_list("number").first()
    assert maker
    advice = models.Advice.objects.filter(agreement__number=maker[0]).latest("closes_on")
    item = advice.lines.latest("quantity").item.code
    return {"item": item, "maker": maker[0], "advice": advice.number}


def ask(words: Sequence[str]) -> None:
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as wrong:
        code = console.run([*words, "--as", "GROCER"])
    assert code == 0, f"{words}: {wrong.getvalue()}"


def look(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    assert answer.content


def least(read: Callable[[], None]) -> Cost:
    """The least of a few readings; the statements and rows of another one, which is not timed."""
    asked: list[str] = []
    with connection.execute_wrapper(_kept_in(asked)), counted() as rows:
        read()
    seconds = []
    for _ in range(TIMES):
        start = cpu_seconds()
        read()
        seconds.append(cpu_seconds() - start)
    return Cost(min(seconds), len(asked), rows())


def _kept_in(asked: list[str]) -> Callable[..., object]:
    def keep(execute: Callable[..., object], sql: str, *rest: object) -> object:
        asked.append(sql)
        return execute(sql, *rest)

    return keep


@contextmanager
def counted() -> Iterator[Callable[[], int]]:
    """Counts what the statements within read."""
    if connection.vendor == "sqlite":
        steps = [0]

        def step() -> int:
            steps[0] += 1
            return 0

        connection.ensure_connection()
        connection.connection.set_progress_handler(step, 1000)
        try:
            yield lambda: steps[0]
        finally:
            connection.connection.set_progress_handler(None, 0)
        return
    before = rows_read()
    after: list[int] = []
    yield lambda: after[0] - before
    after.append(rows_read())


def cpu_seconds() -> float:
    """What this process has used so far, and the one of PostgreSQL that answers it."""
    used = time.process_time()
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        backend = connection.connection.info.backend_pid
        user, system = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[11:13]
        used += (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return used


def rows_read() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT COALESCE(SUM(seq_tup_read), 0) + COALESCE(SUM(idx_tup_fetch), 0) "
            "FROM pg_stat_user_tables"
        )
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    main()
