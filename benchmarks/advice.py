"""Advices cost their lines, not their consumptions: the same advices out of few and out of many.

One organization, the same items, days and prices; once 10,000 lines of consumption, once
1,000,000. The advice run makes the same number of lines out of each; the ratio of the two times
says whether history is felt. Two databases, the second filled a hundred times as often.
"""

import os
import time
from datetime import UTC, date, datetime

from benchmarks import stage, till
from benchmarks.stage import Stage
from consigned_service.operations.advices import run_advices
from consigned_service.operations.consumption import Reported, record_consumption
from consigned_service.records.agreements import party_ids

FEW = 10_000
MANY = int(os.environ.get("BENCH_MANY", "1000000"))
AT = datetime(2017, 1, 20, 23, tzinfo=UTC)


def main() -> None:
    for opened in stage.STAGES:
        few, few_lines = advise(opened, FEW)
        many, many_lines = advise(opened, MANY)
        assert few_lines == many_lines
        print(
            f"{opened.__name__:<11} {few_lines:,} advice lines out of {FEW:,} consumptions "
            f"{few:.3f} s, out of {MANY:,} {many:.3f} s   ratio {many / few:.2f}",
            flush=True,
        )


def advise(opened: object, how_many: int) -> tuple[float, int]:
    """Fill a fresh database with so many consumptions, then time the advice run."""
    with opened() as on:  # type: ignore[operator]
        fill(on, how_many)
        start = time.perf_counter()
        made = run_advices(
            consignee=party_ids(["GROCER"])["GROCER"], on=date(2017, 1, 31), by="bench", at=AT
        )
        return time.perf_counter() - start, made.lines


def fill(on: Stage, how_many: int) -> None:
    """The same lines again and again, each time under new references."""
    on.use()
    sold = [line for line in till.lines(3 * FEW) if line.happened_at < "2017-01-20"][:FEW]
    times = how_many // FEW
    organization = till.start_programme(
        [line._replace(quantity=str(int(line.quantity) * times)) for line in sold],
        first_closing_on="2017-01-31",
    )
    for again in range(times):
        record_consumption(
            organization=organization,
            lines=[_retold(line, again) for line in sold],
            source="till",
            by="bench",
            at=AT,
        )


def _retold(line: Reported, again: int) -> Reported:
    return line._replace(reference=f"{line.reference}-{again}")


if __name__ == "__main__":
    main()
