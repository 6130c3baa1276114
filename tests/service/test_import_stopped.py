"""An import is stopped in the middle: the same command goes on, nothing lost, nothing twice."""

import csv
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from consigned.measure.quantity import MICROS
from consigned_service.operations.core.batch import Written
from consigned_service.operations.exchange import imports
from consigned_service.operations.exchange.imports import ImportedElsewhere
from consigned_service.operations.registry import OPERATIONS
from consigned_service.records import models
from tests.service.console import COMMAND, Console, Said
from tests.service.lawful import broken_laws
from tests.service.shop import open_shop
from tests.service.stopped import KILLED
from tests.support.databases import Database

ROOT = Path(__file__).parents[2]
LINES = 4000
EACH_WRONG = 50
CHUNK = 100
WRONG = LINES // EACH_WRONG
GOOD = LINES - WRONG


@pytest.fixture
def console(tmp_path) -> Console:
    return Console(tmp_path)


def till_file() -> str:
    """Lines of one piece each; every fiftieth names an item that nobody knows."""
    lines = ["reference,organization,item,quantity,occurred_at"]
    for number in range(LINES):
        item = "WING" if number % EACH_WRONG == 7 else "BOLT"
        lines.append(f"{number},S1,{item},1,2026-03-06")
    return "\n".join(lines)


def stopped(console: Console, how: str, *, after: int, seconds: float = 0.001) -> Said:
    """Import the file and be stopped a moment after so many lines are in."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.service.stopped", how, str(after), str(seconds),
         "import", "consumption", "till.csv", "--chunk", str(CHUNK)],
        cwd=console.folder,
        env=console.surroundings() | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )  # fmt: skip
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.mark.rows("C10")
def test_killed_in_the_middle_and_sent_again(database: Database, console: Console) -> None:
    open_shop("S1", shelf=10_000)
    console.file("till.csv", till_file())
    came_to = 0
    for seconds in (0.001, 0.007, 0.019):
        said = stopped(console, "killed", after=came_to + 4 * CHUNK, seconds=seconds)
        assert said.code == KILLED, said.err
        row = models.Import.objects.get()
        kept = models.Consumption.objects.count()
        assert row.lines_done > came_to
        assert kept == row.lines_new, "what is posted and how far it came stand together"
        assert kept + row.lines_refused == row.lines_done
        assert row.lines_repeated == 0, "it goes on where it ended"
        came_to = row.lines_done
        assert broken_laws() == []
    assert came_to < LINES, "it was never stopped in the middle"

    said = console("import", "consumption", "till.csv", "--json", "--chunk", str(CHUNK))
    assert said.code == 3
    answer = said.answer
    assert answer["lines"] == LINES
    assert answer["new"] + answer["repeated"] == GOOD
    assert answer["refused"] == WRONG
    references = set(models.Consumption.objects.values_list("reference", flat=True))
    wrong = {str(n) for n in range(LINES) if n % EACH_WRONG == 7}
    assert models.Consumption.objects.count() == GOOD
    assert references == {str(n) for n in range(LINES)} - wrong
    issued = models.Entry.objects.filter(kind="issued").values_list("quantity", flat=True)
    assert sum(issued) == GOOD * MICROS
    refused = csv.DictReader(console.read("till.refused.csv").splitlines())
    assert [line["reference"] for line in refused] == sorted(wrong, key=int)
    assert not list(console.folder.glob(".*")), "nothing is left beside the files"
    assert broken_laws() == []

    again = console("import", "consumption", "till.csv", "--json")
    assert (again.answer["new"], again.answer["repeated"]) == (0, GOOD)
    assert models.Consumption.objects.count() == GOOD


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_stopped_at_the_keyboard(database: Database, console: Console) -> None:
    open_shop("S1", shelf=10_000)
    console.file("till.csv", till_file())
    said = stopped(console, "interrupted", after=CHUNK)
    assert said.code == 130
    assert said.err.endswith("Stopped; the same command goes on with till.csv from there.\n")
    assert 0 < models.Consumption.objects.count() < GOOD
    assert console("import", "consumption", "till.csv").code == 3
    assert models.Consumption.objects.count() == GOOD


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_without_its_refused_lines_it_starts_over(database: Database, console: Console) -> None:
    """Nothing is known of the lines refused before the stop, so all of them are read again."""
    open_shop("S1", shelf=10_000)
    console.file("till.csv", till_file())
    assert stopped(console, "killed", after=3 * CHUNK).code == KILLED
    for part in console.folder.glob(".*"):
        part.unlink()
    said = console("import", "consumption", "till.csv", "--json")
    assert said.answer["refused"] == WRONG
    assert said.answer["repeated"] >= 3 * CHUNK - 6
    assert len(console.read("till.refused.csv").splitlines()) == WRONG + 1


def test_two_imports_of_one_file_do_not_mix(database: Database) -> None:
    """Whoever comes second finds that the file has moved on, and posts nothing."""
    open_shop("S1")
    kind = OPERATIONS["items"]

    def said(*fields: str) -> Written:
        return Written("", [*fields, *[""] * (len(kind.fields) - len(fields))])

    lines = [said("NUT", "Hex nut", "EA")]
    about = {
        "name": "items.csv", "unreadable": 0, "source": "", "by": "dora", "at": None,
        "keep": lambda outcome: None,
    }  # fmt: skip
    first = second = imports.begin(kind, name="items.csv", fingerprint="f")
    first, _ = imports.bring_in(kind, first, lines, **about)
    assert (first.done, first.new) == (1, 1)
    with pytest.raises(ImportedElsewhere):
        imports.bring_in(kind, second, [said("OIL", "Oil", "L")], **about)
    assert not models.Item.objects.filter(code="OIL").exists()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_full_disk_is_a_sentence_and_the_file_goes_on(
    database: Database, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_shop("S1", shelf=10_000)
    console.file("till.csv", till_file())
    real, calls = os.fsync, []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 5:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    said = console("import", "consumption", "till.csv", "--chunk", str(CHUNK))
    assert (said.code, said.err.splitlines()[-1]) == (
        1,
        "the refused lines cannot be written to till.refused.csv: no space left on device. "
        "Make room, and give the same command again: it goes on from there.",
    )
    said = console("import", "consumption", "till.csv", "--json")
    assert (said.answer["refused"], said.answer["new"] + said.answer["repeated"]) == (WRONG, GOOD)
    assert len(console.read("till.refused.csv").splitlines()) == WRONG + 1
    assert broken_laws() == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_answer_that_cannot_be_written_is_a_sentence(
    database: Database, console: Console
) -> None:
    open_shop("S1")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "stock"], cwd=console.folder, env=console.surroundings(), stdout=full,
            stderr=subprocess.PIPE, text=True, timeout=120, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (
        2, "The answer cannot be written: no space left on device.\n"
    )  # fmt: skip
