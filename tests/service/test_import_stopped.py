"""An import is stopped in the middle: the same command goes on, nothing lost, nothing twice."""

import csv
import signal
import time
from collections.abc import Iterator
from subprocess import Popen

import pytest

from consigned.measure.quantity import MICROS
from consigned_service.operations import imports
from consigned_service.operations.import_kinds import KINDS
from consigned_service.operations.imports import ImportedElsewhere
from consigned_service.records import models
from tests.service.console import Console
from tests.service.lawful import broken_laws
from tests.service.shop import open_shop
from tests.support.databases import Database, disconnect

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
    lines = ["reference,organization,item,quantity,happened_at"]
    for number in range(LINES):
        item = "WING" if number % EACH_WRONG == 7 else "BOLT"
        lines.append(f"{number},S1,{item},1,2026-03-06")
    return "\n".join(lines)


def started(console: Console) -> "Popen[str]":
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as where tests run in the background
        signal.signal(signal.SIGINT, signal.default_int_handler)
    return console.start("import", "consumption", "till.csv", "--chunk", str(CHUNK))


def comes_on(process: "Popen[str]") -> Iterator[int]:
    """How far the import says in the database that it has come, whenever that changes."""
    seen = -1
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        row = models.Import.objects.first()
        disconnect()
        if row and row.lines_done != seen:
            seen = row.lines_done
            yield seen
        time.sleep(0.002)


@pytest.mark.rows("C10")
def test_killed_in_the_middle_and_sent_again(database: Database, console: Console) -> None:
    open_shop("S1", shelf=10_000)
    console.file("till.csv", till_file())
    came_to = 0
    for delay in (0.0, 0.007, 0.019):
        process = started(console)
        for done in comes_on(process):
            if done >= came_to + 4 * CHUNK:
                time.sleep(delay)
                process.kill()
                break
        assert process.wait() == -signal.SIGKILL, process.stderr.read()
        row = models.Import.objects.get()
        kept = models.Consumption.objects.count()
        assert row.lines_done > came_to
        assert kept == row.lines_new, "what is posted and how far it came stand together"
        assert kept + row.lines_refused == row.lines_done
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
    process = started(console)
    for done in comes_on(process):
        if done >= CHUNK:
            process.send_signal(signal.SIGINT)
            break
    assert process.wait() == 130
    assert process.stderr.read().endswith(
        "Stopped; the same command goes on with till.csv from there.\n"
    )
    assert 0 < models.Consumption.objects.count() < GOOD
    assert console("import", "consumption", "till.csv").code == 3
    assert models.Consumption.objects.count() == GOOD


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_without_its_refused_lines_it_starts_over(database: Database, console: Console) -> None:
    """Nothing is known of the lines refused before the stop, so all of them are read again."""
    open_shop("S1", shelf=10_000)
    console.file("till.csv", till_file())
    process = started(console)
    for done in comes_on(process):
        if done >= 3 * CHUNK:
            process.kill()
            break
    process.wait()
    for part in console.folder.glob(".*"):
        part.unlink()
    said = console("import", "consumption", "till.csv", "--json")
    assert said.answer["refused"] == WRONG
    assert said.answer["repeated"] >= 3 * CHUNK - 6
    assert len(console.read("till.refused.csv").splitlines()) == WRONG + 1


def test_two_imports_of_one_file_do_not_mix(database: Database) -> None:
    """Whoever comes second finds that the file has moved on, and posts nothing."""
    open_shop("S1")
    kind = KINDS["items"]
    lines = [imports.Line("", kind.line("NUT", "Hex nut", "EA"))]
    about = {"name": "items.csv", "unreadable": 0, "source": "", "by": "dora", "at": None}
    first = second = imports.begin(kind, name="items.csv", fingerprint="f")
    first, _ = imports.bring_in(kind, first, lines, **about)
    assert (first.done, first.new) == (1, 1)
    with pytest.raises(ImportedElsewhere):
        imports.bring_in(kind, second, [imports.Line("", kind.line("OIL", "Oil", "L"))], **about)
    assert not models.Item.objects.filter(code="OIL").exists()
