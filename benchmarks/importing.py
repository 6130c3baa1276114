"""Importing a million lines from a file: lines per second, and the most memory it took.

The command runs as its user would run it, in a process of its own, while we watch its memory.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import stage, till
from benchmarks.stage import Stage, megabytes_of
from benchmarks.till import Sold
from tests.support.postgres import temporary_folder

LINES = int(os.environ.get("BENCH_IMPORT", "1000000"))
SHEET = min(50_000, LINES)
HEADER = "reference,organization,item,quantity,occurred_at"


def main() -> None:
    for opened in stage.stages():
        with opened() as on, temporary_folder(in_memory=False) as folder:
            measure(on, folder / "till.csv")


def measure(on: Stage, file: Path) -> None:
    on.use()
    sold = till.lines(SHEET)
    times = LINES // SHEET
    till.start_programme([line._replace(quantity=line.quantity * times) for line in sold])
    write(file, sold, times)
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "consigned_service.interfaces.console.main", "--database", on.url,
         "import", "consumption", str(file)],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    most = 0.0
    while process.poll() is None:
        most = max(most, megabytes_of(process.pid))
        time.sleep(0.2)
    taken = time.perf_counter() - start
    assert process.returncode == 0, f"the import ended with {process.returncode}"
    print(
        f"{on.name:<11} imported {times * SHEET:,} lines in {taken:,.0f} s "
        f"({times * SHEET / taken:,.0f} lines/s), at most {most:,.0f} MB of memory",
        flush=True,
    )


def write(file: Path, sold: list[Sold], times: int) -> None:
    with file.open("w") as sheet:
        print(HEADER, file=sheet)
        for again in range(times):
            for line in sold:
                print(
                    f"{line.reference}-{again},STORE,{line.item},{line.quantity},"
                    f"{line.occurred_at}",
                    file=sheet,
                )


if __name__ == "__main__":
    main()
