"""The benchmarks run as `make bench` runs them, in small: what they read of the tables, their
copies and their imports go on working while the tables change. Their figures are not looked at."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import BENCHMARKS

ROOT = Path(__file__).parents[2]
SMALL = {
    "BENCH_LINES": "300",
    "BENCH_FEW": "150",
    "BENCH_MANY": "300",
    "BENCH_COPIES": "1",
    "BENCH_IMPORT": "300",
    "BENCH_READ_FEW": "100",
    "BENCH_READ_MANY": "200",
    "BENCH_READ_TIMES": "1",
}
TELLS = {
    "posting": r"posting +[\d,]+ lines/s .* plain insert +[\d,]+ rows/s +ratio \d+\.\d\d$",
    "advice": r"[1-9]\d* advice lines out of 150 consumptions .* out of 300 .* ratio \d+\.\d\d$",
    "importing": r"imported 300 lines in .* lines/s\), at most [1-9]\d* MB of memory$",
    "reading": r": [1-9][\d,]* and [1-9][\d,]* entries$",
}


def run(name: str, on: str, **more: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", name],
        cwd=ROOT,
        env=os.environ | SMALL | {"BENCH_ON": on} | more,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_each_benchmark_is_run_in_small():
    assert TELLS.keys() == BENCHMARKS.keys()


@pytest.mark.parametrize("name", TELLS)
def test_on_sqlite(name: str) -> None:
    assert re.search(rf"^SQLite *{TELLS[name]}", run(name, "sqlite"), re.MULTILINE)


@pytest.mark.parametrize("name", TELLS)
def test_on_postgresql(name: str, postgres_databases) -> None:
    said = run(name, "postgresql", TEST_DATABASE_URL=postgres_databases.server.url)
    assert re.search(rf"^PostgreSQL *{TELLS[name]}", said, re.MULTILINE)
