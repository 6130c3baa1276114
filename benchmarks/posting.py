"""Posting use: lines per second, against a plain insert of the very rows that it wrote.

Real till lines are posted as implicit consumption, 10,000 a batch: read, claimed, allocated to
layers, priced, two entries each, balances, totals, both parties' books, seal, commit. Then the
same rows go into a copy of the database as it was before, same tables, same indexes, a commit a
batch, by the fastest plain way (COPY, executemany). That plain insert is the limit.
"""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from benchmarks import stage, till
from benchmarks.stage import Stage
from benchmarks.till import Sold
from consigned_service.operations.consumption.issues import record_consumption
from consigned_service.records.ledger.posting import ENTRY, FACTS, POSTING
from consigned_service.records.sql import bulk

LINES = int(os.environ.get("BENCH_LINES", "200000"))

TABLES: dict[str, Sequence[str]] = {
    "posting": POSTING,
    "title_entry": ENTRY,
    **{
        table: FACTS[table]
        for table in ("position", "idempotency_key", "consumption", "charge", "journal")
    },
    "running_total": (*FACTS["running_total"], "quantity", "told_on", "advice_line"),
    "balance": ("organization_id", "position", "layer", "quantity", "is_outer", "came_on"),
}  # fmt: skip
Rows = dict[str, list[tuple[Any, ...]]]


def main() -> None:
    sold = till.lines(LINES)
    items = len({line.item for line in sold})
    print(f"{len(sold):,} till lines of {items:,} products, {till.BATCH:,} a batch")
    for opened in stage.stages():
        with opened() as on:
            measure(on, sold)


def measure(on: Stage, sold: Sequence[Sold]) -> None:
    on.use()
    organization = till.start_programme(sold)
    untouched = on.copy()
    on.use()
    before = everything()
    batches = [sold[start : start + till.BATCH] for start in range(0, len(sold), till.BATCH)]
    with timed() as posting:
        for batch in batches:
            outcome = record_consumption(
                organization=organization,
                lines=till.read(batch),
                source="till",
                by="bench",
                at=till.recorded_at(batch),
            )
            assert (outcome.new, outcome.waiting) == (len(batch), 0)
    after = everything()
    written = {table: sorted(set(after[table]) - set(before[table])) for table in TABLES}
    rows = sum(map(len, written.values()))
    on.use(untouched)
    make_room(written["balance"])
    with timed() as plain:
        insert_plainly(written, len(batches))
    report(on.name, len(sold), rows, posting[0], plain[0])


def everything() -> Rows:
    found = {}
    with connection.cursor() as cursor:
        for table, columns in TABLES.items():
            cursor.execute(f"SELECT {', '.join(columns)} FROM {table}")
            found[table] = [tuple(row) for row in cursor.fetchall()]
    return found


def make_room(balances: Sequence[tuple[Any, ...]]) -> None:
    """Balances that posting changed stand in the copy as they were: take them out, untimed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            "DELETE FROM balance WHERE organization_id = %s AND position = %s AND layer = %s",
            [row[:3] for row in balances],
        )


def insert_plainly(written: Rows, commits: int) -> None:
    for part in range(commits):
        with transaction.atomic():
            for table, rows in written.items():
                share = rows[part * len(rows) // commits : (part + 1) * len(rows) // commits]
                bulk.insert(table, TABLES[table], share)


@contextmanager
def timed() -> Iterator[list[float]]:
    """The seconds a block took, in the first place of what it yields."""
    taken = [0.0]
    start = time.perf_counter()
    yield taken
    taken[0] = time.perf_counter() - start


def report(name: str, lines: int, rows: int, posting: float, plain: float) -> None:
    print(
        f"{name:<11} posting {lines / posting:>9,.0f} lines/s {rows / posting:>10,.0f} rows/s"
        f"   plain insert {rows / plain:>10,.0f} rows/s   ratio {plain / posting:.2f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
