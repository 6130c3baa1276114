"""Advices cost their lines, not their consumptions: the same advices out of few and out of many.

One organization, the same items, days and prices; once 10,000 lines of consumption, once
1,000,000. The advice run makes the same number of lines out of each; the ratio of the two times
says whether history is felt. Two databases, the second filled a hundred times as often. Both are
advised in turn, each time on a fresh copy, so that what else the machine does falls on both alike;
the medians count.
"""

import os
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from statistics import median
from typing import NamedTuple

from benchmarks import stage, till
from benchmarks.stage import Stage
from benchmarks.till import Sold
from consigned_service.operations.consumption.issues import record_consumption
from consigned_service.operations.settlement.advices import run_advices
from consigned_service.records.master_data.agreements import party_ids

FEW = int(os.environ.get("BENCH_FEW", "10000"))
MANY = int(os.environ.get("BENCH_MANY", "1000000"))
COPIES = int(os.environ.get("BENCH_COPIES", "5"))
AT = datetime(2017, 1, 20, 23, tzinfo=UTC)
AFTER = datetime(2017, 2, 1, 1, tzinfo=UTC)


class Run(NamedTuple):
    """The seconds that an advice run took, and how many lines it made."""

    seconds: float
    lines: int


def main() -> None:
    for opened in stage.stages():
        with opened() as few, opened() as many:
            fill(few, FEW)
            fill(many, MANY)
            runs = [(time_run(few), time_run(many)) for _ in range(COPIES)]
            report(few.name, runs)


def time_run(on: Stage) -> Run:
    """Advise a fresh copy."""
    on.use(on.copy())
    consignee = party_ids(["GROCER"])["GROCER"]
    start = time.perf_counter()
    made = run_advices(consignee=consignee, on=date(2017, 1, 31), by="bench", at=AFTER)
    return Run(time.perf_counter() - start, made.lines)


def report(name: str, runs: Sequence[tuple[Run, Run]]) -> None:
    few, many = (median(run.seconds for run in side) for side in zip(*runs, strict=True))
    (lines,) = {run.lines for pair in runs for run in pair}
    print(
        f"{name:<11} {lines:,} advice lines out of {FEW:,} consumptions {few:.3f} s, "
        f"out of {MANY:,} {many:.3f} s   ratio {many / few:.2f}",
        flush=True,
    )


def fill(on: Stage, how_many: int) -> None:
    """The same lines again and again, each time under new references."""
    on.use()
    sold = [line for line in till.lines(3 * FEW) if line.occurred_at < "2017-01-20"][:FEW]
    times = how_many // FEW
    organization = till.start_programme(
        [line._replace(quantity=line.quantity * times) for line in sold],
        first_closing_on="2017-01-31",
    )
    for again in range(times):
        record_consumption(
            organization=organization,
            lines=till.read([_retold(line, again) for line in sold]),
            source="till",
            by="bench",
            at=AT,
        )


def _retold(line: Sold, again: int) -> Sold:
    return line._replace(reference=f"{line.reference}-{again}")


if __name__ == "__main__":
    main()
