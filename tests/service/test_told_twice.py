"""A line that is in a file twice is said, and so is one that another source has told: neither is
passed over in silence, and neither is told a second time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from consigned_service.interfaces.console.commands import import_files
from consigned_service.interfaces.console.earlier_lines import EarlierLines, Said
from consigned_service.records import models
from tests.service.console import Console
from tests.service.lawful import broken_laws
from tests.service.shop import open_shop
from tests.support.databases import Database

HEAD = "reference,organization,item,quantity,occurred_at\n"
SALE = "{},S1,BOLT,{},2026-03-06T10:15\n"


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(tmp_path)


def sold() -> list[str]:
    return sorted(models.Consumption.objects.values_list("reference", flat=True))


def counts(answer: dict) -> tuple[int, int, int]:
    return answer["new"], answer["repeated"], answer["refused"]


@pytest.mark.parametrize("chunk", ["1", "2", "1000"])
def test_a_line_twice_in_a_file_is_refused_wherever_the_file_is_cut(
    database: Database, console: Console, chunk: str
) -> None:
    open_shop("S1")
    lines = [SALE.format(*line) for line in (("1", 2), ("2", 1), ("1", 2), ("3", 1), ("2", "1.0"))]
    said = console.imports("consumption", HEAD + "".join(lines), "--chunk", chunk, "--json")
    assert counts(said.answer) == (3, 0, 2), said
    assert "line 4: it says the same as line 2. Leave it out, or give it a name" in said.err
    assert "line 6: it says the same as line 3" in said.err
    again = console("import", "consumption", "consumption.csv", "--chunk", chunk, "--json")
    assert counts(again.answer) == (0, 3, 2), "what an earlier file told is repeated"
    assert sold() == ["1", "2", "3"]
    other = console("import", "consumption", "consumption.refused.csv", "--json")
    assert counts(other.answer) == (0, 2, 0), "each of them stands once, told by another file"
    assert broken_laws() == []


@pytest.mark.parametrize("chunk", ["1", "1000"])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_line_that_was_refused_told_nothing(
    database: Database, console: Console, chunk: str
) -> None:
    """The second of two lines alike is the first that is told, where the first was refused."""
    open_shop("S1")
    lines = HEAD + "1,S1,BOLT,2,2099-01-01\n" + 2 * SALE.format("1", 2)
    for expected in ((1, 0, 2), (0, 1, 2)):
        said = console.imports("consumption", lines, "--chunk", chunk, "--json")
        assert counts(said.answer) == expected, said
        assert "line 4: it says the same as line 3" in said.err


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_import_that_goes_on_knows_the_lines_before_the_stop(
    database: Database, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_shop("S1")
    lines = HEAD + SALE.format("1", 1) + SALE.format("2", "x") + SALE.format("1", 1)
    tell = import_files._Import._tell

    def stop(self, progress, chunk, refused):
        if chunk.start == 2:
            raise KeyboardInterrupt
        return tell(self, progress, chunk, refused)

    with monkeypatch.context() as patch:
        patch.setattr(import_files._Import, "_tell", stop)
        assert console.imports("consumption", lines, "--chunk", "1").code == 130
    said = console("import", "consumption", "consumption.csv", "--chunk", "1", "--json")
    assert counts(said.answer) == (1, 0, 2), said
    assert "line 4: it says the same as line 2" in said.err


def test_what_is_kept_of_a_long_file_is_what_stands_in_it_twice() -> None:
    def read() -> Iterator[Said]:
        for place in range(20_000):
            yield Said(place, place + 2, hash(("line", place % 19_990)))

    earlier = EarlierLines(read, size=20_000 * 40)
    assert [earlier.first(place, ()) for place in (5, 19_989, 19_990, 19_999)] == [
        None, None, 2, 11,
    ]  # fmt: skip
    assert earlier.first(19_990, {0}) is None
    assert len(earlier._says) < 1_500


def test_the_same_reference_under_another_source_is_said(
    database: Database, console: Console
) -> None:
    """A file sent again without its --source would double the debt."""
    open_shop("S1")
    lines = HEAD + SALE.format("1", 2) + SALE.format("2", 1)
    assert console.imports("consumption", lines, "--source", "till").code == 0
    said = console("import", "consumption", "consumption.csv", "--json")
    assert counts(said.answer) == (0, 0, 2)
    assert "line 2, field reference: reference 1 was told under source till with the same" in (
        said.err
    )
    other = HEAD + SALE.format("1", 3) + SALE.format("2", 1).replace("10:15", "10:16")
    assert counts(console.imports("consumption", other, "--json").answer) == (2, 0, 0)
    said = console.imports("consumption", lines, "--source", "till-2", "--again", "--json")
    assert counts(said.answer) == (2, 0, 0), "said to be others"
    said = console("import", "consumption", "consumption.csv", "--source", "till-2", "--json")
    assert counts(said.answer) == (0, 2, 0), "what a source told it may tell again"
    assert broken_laws() == []
