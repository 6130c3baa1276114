"""Which row of the checklist is shown to be kept by which test: docs/COVERAGE.md.

A test names the rows it shows:      @pytest.mark.rows("O16", "O18")
A day book names them at its head:   rows: O16 O18
and its runner hands them on:        @pytest.mark.parametrize("story", [day_book(p) for p in ...])

A row counts only where a test comes in through an operation or a door; what shows a rule alone,
close up, does not show that anybody can do it.

    python -m tests.rows            writes docs/COVERAGE.md           (make rows)
    python -m tests.rows --check    says what is wrong with it, if anything
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CHECKLIST = ROOT / "docs" / "checklist.tsv"
COVERAGE = ROOT / "docs" / "COVERAGE.md"

DOORS = ("daybooks", "service", "exchange", "browser", "simulation")
"""The folders of tests/ whose tests come in through an operation or a door."""

PROMISED = " ".join(
    (
        # the loop
        "C06-C15 P02-P08 P44-P46 P52-P53 E01-E03 E06 E29-E32 E37 L02-L09 L12 L31",
        "O01-O21 O45-O48 O55-O57 P58 O33 O35-O37 O39 O42-O44",
        # being used
        "P36 P37 P44-P53 E28 L04-L06 O35-O37 X02 X20 X29",
        # counting
        "E18 E20 E38 L11 L20-L24 P47 P48 X08",
        # arriving
        "E04 E05 E15 E24 E25 E27 E34 L01 O38 O41 P25-P27 P31-P33 P35 P63",
        # aging
        "O23-O29 L14-L16 L26 L27 E23 X11 X22",
        # owned, non-owned, consigned
        "P09 P10 P12 P14-P18 P20-P23 P25 P28-P30 P33 P34 P38 P39 P42 P43 C02",
        # going back
        "P41 O34 O49-O54 L13 X20",
        # prices
        "C13-C15 O39 L12 L25 X05 X06 X10 X21",
        # third parties
        "E13 E14 P01 X28",
        # moving
        "E07-E10 E16 E36 O30-O32 P40 X07 X09 X19",
        # books and reports
        "P36 P37 P64-P66 L29 X03",
        # who starts the bill
        "P11 P55-P57 E11 E21 L10 L32 L33 O22 O45-O47 P58 X01",
        # another currency
        "X12",
        "X13 O58",
    )
)
"""The rows this version keeps; none of them may be without a test."""

Shown = dict[str, set[str]]
"""The tests that show each row."""


def statements() -> dict[str, str]:
    """Every row of the checklist with its statement, in the checklist's order."""
    lines = CHECKLIST.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


def promised() -> list[str]:
    return [row for span in PROMISED.split() for row in _rows_of(span)]


def _rows_of(span: str) -> Iterator[str]:
    first, _, last = span.partition("-")
    for number in range(int(first[1:]), int((last or first)[1:]) + 1):
        yield f"{first[0]}{number:02d}"


def day_book(story: Path) -> object:
    """A day book as a parameter of the test that runs it, with the rows named at its head."""
    told_in = story.relative_to(ROOT).as_posix()
    marks = pytest.mark.rows(*rows_at_the_head(story.read_text(encoding="utf-8")), told_in=told_in)
    return pytest.param(story, id=story.stem, marks=marks)


def rows_at_the_head(text: str) -> tuple[str, ...]:
    """The rows that a day book names before its first act."""
    head = re.split(r"^\d{4}-\d\d-\d\d", text, maxsplit=1, flags=re.MULTILINE)[0]
    named = re.findall(r"\brows:[ \t]*(.*)$", head, flags=re.MULTILINE)
    return tuple(re.findall(r"[A-Z]\d\d", " ".join(named)))


# --- collecting ------------------------------------------------------------------------


class Collector:
    """A plugin of pytest that reads the rows off the tests it has collected."""

    def __init__(self) -> None:
        self.shown: Shown = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            for mark in item.iter_markers("rows"):
                told_in = mark.kwargs.get("told_in", item.nodeid.split("[")[0])
                for row in mark.args:
                    self.shown.setdefault(row, set()).add(told_in)


def collect(*where: Path) -> Shown:
    """The rows shown by the tests of some folders, as pytest itself collects them."""
    if not where:
        return {}
    collector = Collector()
    said = StringIO()
    asked = ["--collect-only", "-qq", "-p", "no:cacheprovider", *map(str, where)]
    with redirect_stdout(said):
        ended = pytest.main(asked, plugins=[collector])
    if ended not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        sys.exit(f"{said.getvalue()}\nthe tests could not be collected")
    return collector.shown


def doors() -> list[Path]:
    return [folder for door in DOORS if (folder := ROOT / "tests" / door).is_dir()]


# --- the page --------------------------------------------------------------------------


def page(shown: Shown, rows: Mapping[str, str]) -> str:
    lines = [f"| {row} | {rows[row]} | {_list(shown[row])} |" for row in rows if row in shown]
    return "\n".join([HEAD, *lines, ""])


HEAD = """\
# Coverage

Which test shows which row of the checklist. Made from the tests by `make rows`; not edited.

| Row | What is kept | Shown by |
|---|---|---|"""


def _list(tests: Iterable[str]) -> str:
    return ", ".join(f"`{name.removeprefix('tests/')}`" for name in sorted(tests))


def complaints(shown: Shown, rows: Mapping[str, str], written: str) -> list[str]:
    """What is wrong with the coverage, a line each."""
    unknown = sorted(shown.keys() - rows.keys())
    missing = [row for row in promised() if row not in shown]
    stale = written != page(shown, rows)
    return [
        *(f"{row} is no row of the checklist: {_list(shown[row])}" for row in unknown),
        *(f"no test shows {row}: {rows[row]}" for row in missing),
        *(["docs/COVERAGE.md is out of date: run make rows"] if stale else []),
    ]


def main(arguments: list[str]) -> int:
    only_checking = arguments == ["--check"]
    rows = statements()
    shown = collect(*doors())
    if not only_checking:
        COVERAGE.write_text(page(shown, rows), encoding="utf-8")
        print(f"{COVERAGE.relative_to(ROOT)}: {len(shown)} of {len(rows)} rows are shown")
    written = COVERAGE.read_text(encoding="utf-8") if COVERAGE.exists() else ""
    wrong = complaints(shown, rows, written)
    print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong and only_checking else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
