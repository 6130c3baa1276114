"""docs/COVERAGE.md tells the truth, and nothing that was promised is without a test."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import rows


def test_every_promised_row_is_shown_and_the_page_is_up_to_date():
    """Collected afresh in a process of its own, so that it does not matter which tests run."""
    asked = [sys.executable, "-m", "tests.rows", "--check"]
    answer = subprocess.run(asked, cwd=rows.ROOT, capture_output=True, text=True, check=False)
    if answer.returncode:
        pytest.fail(answer.stdout + answer.stderr, pytrace=False)


def test_what_is_promised_stands_in_the_checklist():
    assert set(rows.promised()) <= rows.statements().keys()


def test_the_page_has_one_line_a_row_in_the_order_of_the_checklist():
    checklist = {"P02": "The system holds.", "C08": "The system adds."}
    shown = {"C08": {"tests/service/test_b.py::test_b", "tests/daybooks/01-a.txt"}, "P02": {"x"}}
    assert rows.page(shown, checklist).splitlines()[-2:] == [
        "| P02 | The system holds. | `x` |",
        "| C08 | The system adds. | `daybooks/01-a.txt`, `service/test_b.py::test_b` |",
    ]


def test_an_unknown_row_a_missing_row_and_a_stale_page_are_each_named():
    checklist = dict.fromkeys(rows.promised(), "The system does it.")
    shown = {row: {"t"} for row in rows.promised() if row != "O16"} | {"Z99": {"u"}}
    assert rows.complaints(shown, checklist, written="old") == [
        "Z99 is no row of the checklist: `u`",
        "no test shows O16: The system does it.",
        "docs/COVERAGE.md is out of date: run make rows",
    ]


def test_a_day_book_names_its_rows_before_its_first_act():
    story = "Advised once   rows: O16 O18\n\n    Bolts.\n\n2026-03-02  receive\n    rows: O99\n"
    assert rows.rows_at_the_head(story) == ("O16", "O18")


def test_parametrized_tests_and_day_books_are_collected(tmp_path: Path):
    (tmp_path / "test_some.py").write_text(
        "import pytest\n"
        "@pytest.mark.rows('O16', 'O18')\n"
        "@pytest.mark.parametrize('day', [2, 7])\n"
        "def test_cycle(day): ...\n"
        "@pytest.mark.parametrize('day', [\n"
        "    pytest.param(1, marks=pytest.mark.rows('O01', told_in='daybooks/01-a.txt'))])\n"
        "def test_story(day): ...\n"
    )
    program = (
        "import pathlib, sys; from tests import rows;"
        "shown = rows.collect(pathlib.Path(sys.argv[1]));"
        "print({row: sorted(t.split('/')[-1] for t in tests) for row, tests in shown.items()})"
    )
    asked = [sys.executable, "-c", program, str(tmp_path)]
    answer = subprocess.run(asked, cwd=rows.ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == str(
        {"O16": ["test_some.py::test_cycle"], "O18": ["test_some.py::test_cycle"],
         "O01": ["01-a.txt"]}
    )  # fmt: skip
