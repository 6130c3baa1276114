"""Bad files: each gets a sentence with file, line and field; the good lines post, the bad ones go
to the refused file, and nothing is half-posted."""

import csv
import os
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from consigned_service.operations.master_data.parties import close_period
from consigned_service.operations.registry import OPERATIONS
from consigned_service.records import models
from tests.service.console import Console, Said
from tests.service.lawful import broken_laws
from tests.service.shop import open_shop, organization_id
from tests.support.databases import Database

HEADER = "reference,organization,item,quantity,occurred_at,unit"
MEGABYTE = 1 << 20

BAD_LINES = [
    # the line, the field it is wrong in, what is said of it
    ("B1,S1,BOLT,three,2026-03-06,", "quantity", "'three' is not a quantity"),
    ("B2,S1,BOLT,1e999,2026-03-06,", "quantity", "'1e999' is not a quantity"),
    ("B3,S1,BOLT,0.0000001,2026-03-06,", "quantity", "six decimals"),
    ("B4,S1,BOLT,1,2026-03-06,PAL", "unit", "item BOLT is not counted in PAL"),
    ("B5,S1,WING,1,2026-03-06,", "item", "no item has the code 'WING'"),
    ("B6,S9,BOLT,1,2026-03-06,", "organization", "no organization has the code 'S9'"),
    ("B7,,BOLT,1,2026-03-06,", "organization", "organization is empty"),
    ("B8,S1,BOLT,1,2026-02-30,", "occurred_at", "'2026-02-30' is not a day"),
    ("B9,S1,BOLT,1,2026-01-31,", "occurred_at", "S1 closed its books through 2026-01-31"),
    ("B10,S1,BOLT,1,2199-01-01,", "occurred_at", "2199-01-01 has not come yet"),
    ("B11,S1,BOLT,1", "", "the line has 4 fields, and the header 6"),
    ("B12,S1,BOLT,1,2026-03-06,EA,more", "", "the line has 7 fields, and the header 6"),
    ('B13,S1,"BOLT,1,2026-03-06,', "item", "a quote that is opened in this line is not closed"),
    ('B14,S1,"BOLT" x,1,2026-03-06,', "item", "a quote"),
    (b"B15,S1,B\xf6LT,1,2026-03-06,", "item", "byte 0xF6"),
    (b"B16,S1,BOLT,\x001,2026-03-06,", "quantity", "is NUL, which no text holds"),
    (b"B17,S1," + b"B" * 70_000 + b",1,2026-03-06,", "", "the line is longer than 65536 bytes"),
    ("B18" + "x" * 200 + ",S1,BOLT,1,2026-03-06,", "reference", "not up to 120 printable"),
]


@pytest.fixture
def console(tmp_path) -> Console:
    return Console(tmp_path)


def good_line(number: int) -> str:
    return f"G{number},S1,BOLT,{number},2026-03-06,EA"


def test_every_bad_line_is_refused_and_every_good_one_posted(
    database: Database, console: Console
) -> None:
    open_shop("S1")
    close_period(
        organization=organization_id("S1"),
        through=date(2026, 1, 31),
        by="dora",
        at=datetime.now(UTC),
    )
    lines: list[bytes] = [HEADER.encode()]
    for number, (bad, _, _) in enumerate(BAD_LINES, start=1):
        lines += [good_line(number).encode(), bad if isinstance(bad, bytes) else bad.encode()]
    lines += [b"", b"   ", good_line(99).encode()]  # blank lines are no lines
    console.file("till.csv", b"\xef\xbb\xbf" + b"\r\n".join(lines))

    said = console.apart("import", "consumption", "till.csv", "--json")
    assert said.code == 3
    good = len(BAD_LINES) + 1
    assert said.answer == {
        "kind": "consumption", "file": "till.csv", "lines": good + len(BAD_LINES), "new": good,
        "repeated": 0, "changed": 0, "refused": len(BAD_LINES), "waiting": 0,
        "refused_file": "till.refused.csv", "notes": [],
    }  # fmt: skip

    refused = list(csv.DictReader(console.read("till.refused.csv").splitlines()))
    assert len(refused) == len(BAD_LINES)
    for place, (line, (_, field, sentence)) in enumerate(zip(refused, BAD_LINES, strict=True)):
        where = f"line {2 * place + 3}" + (f", field {field}" if field else "")
        assert line["refused_because"].startswith(f"{where}: "), line["refused_because"]
        assert sentence in line["refused_because"], line["refused_because"]
    told = said.err.splitlines()
    assert told[0].startswith("till.csv, line 3, field quantity: 'three' is not a quantity")
    assert (
        told[-1] == f"{len(BAD_LINES) - 10} more lines were refused; all are in till.refused.csv."
    )

    kept = models.Consumption.objects.values_list("reference", flat=True)
    assert set(kept) == {f"G{n}" for n in (*range(1, good), 99)}
    assert broken_laws() == []


WRONG_FILES = [
    # what is in the file, what is said of it
    (b"", "till.csv, line 1: the file is empty"),
    (b"reference,organization,item,qantity,occurred_at\n",
     "till.csv, line 1: the header lacks the column quantity; it has 'qantity', which is no column "
     "here (is it quantity?)"),
    (b"# mine\n\nreference,organization,item,item,quantity,occurred_at\n",
     "till.csv, line 3: the header names 'item' twice"),
    (HEADER.encode("utf-16"), "till.csv, line 1: the text is UTF-16, not UTF-8"),
    (HEADER.encode("utf-16-le"), "till.csv, line 1: the line is not UTF-8 text"),
    (f"{HEADER}\rB1,S1,BOLT,1,2026-03-06,\r".encode(),
     "till.csv, line 1: its lines end with CR alone, not with LF or CR LF. Save it as CSV"),
    (HEADER.replace(",", "|").encode(), "till.csv, line 1: the header has one column only; columns "
     "are separated by commas, semicolons or tabs"),
    (b"reference,,organization,item,quantity,occurred_at\n",
     "till.csv, line 1: the header leaves column 2 without a name"),
    (b"r\xe9f,organization\n", "till.csv, line 1: the line is not UTF-8 text"),
    (b"PK\x03\x04 and so on", "till.csv, line 1: it is a spreadsheet or an archive"),
    (b"x" * 70_000 + b"\n", "till.csv, line 1: the line is longer than 65536 bytes"),
]  # fmt: skip


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("content", "sentence"), WRONG_FILES)
def test_a_file_that_is_wrong_as_a_whole_is_refused_in_one_sentence(
    database: Database, console: Console, content: bytes, sentence: str
) -> None:
    console.file("till.csv", content)
    run = console.apart if content == WRONG_FILES[1][0] else console
    said = run("import", "consumption", "till.csv")
    assert said.code == 1
    assert said.err.startswith(sentence)
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert models.Import.objects.count() == 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_files_that_cannot_be_read_are_one_sentence(database: Database, console: Console) -> None:
    said = console("import", "items", "nothing.csv")
    assert (said.code, said.err) == (1, "nothing.csv cannot be read: no such file or directory.\n")
    said = console("import", "items", ".")
    assert (said.code, said.err) == (1, ". cannot be read: it is no ordinary file.\n")
    console.file("items.csv", "code,name,unit\nBOLT,Bolt,\n")
    said = console("import", "items", "items.csv", "--refused", "no/such/folder.csv")
    assert (said.code, said.err) == (1, "no/such cannot be read: no such file or directory.\n")
    assert models.Item.objects.count() == 0


def watched(console: Console, *words: str) -> tuple[Said, int]:
    """Run a command apart, and watch the most memory that it holds, in kilobytes.

    Looked up while it runs: what the system tells afterwards counts the memory of the process
    that started it, too.
    """
    process = console.start(*words)
    status = Path(f"/proc/{process.pid}/status")
    peak = 0
    while process.poll() is None:
        held = [line.split()[1] for line in status.read_text().splitlines() if "VmHWM" in line]
        if held and "consigned" in Path(f"/proc/{process.pid}/cmdline").read_text():
            peak = max(peak, int(held[0]))
        time.sleep(0.02)
    out, err = process.communicate(timeout=60)
    return Said(process.returncode, out, err), peak


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("where", ["in the header", "after it"])
def test_a_gigabyte_in_one_line_is_refused_in_little_memory(
    database: Database, console: Console, where: str
) -> None:
    """The file is sparse, so that it takes no room; a hole reads as NUL bytes."""
    open_shop("S1")
    path = console.file("till.csv", "" if where == "in the header" else f"{HEADER}\n")
    with path.open("r+b") as file:
        file.seek(1024 * MEGABYTE)
        file.write(f"\n{good_line(1)}\n".encode())
    said, peak = watched(console, "import", "consumption", "till.csv")
    assert peak < 200 * 1024, "kilobytes"
    if where == "in the header":
        assert said.code == 1
        assert said.err.startswith("till.csv, line 1: the line is longer than 65536 bytes")
        assert models.Consumption.objects.count() == 0
    else:
        assert said.code == 3
        assert said.err.startswith("till.csv, line 2: the line is longer than 65536 bytes")
        assert models.Consumption.objects.get().reference == "G1"
        assert len(console.read("till.refused.csv")) < 2000


def test_a_refusal_of_a_whole_batch_falls_on_its_line_alone(
    database: Database, console: Console
) -> None:
    """A transfer of more than there is would undo all others of its batch; the file posts them."""
    open_shop("S1", shelf=100, layers=1)
    lines = [f"T{n},S1,BOLT,{1000 if n == 5 else 1},STORE,DOCK,2026-03-06" for n in range(1, 12)]
    said = console.imports(
        "transfers",
        "\n".join(["reference,organization,item,quantity,from_place,to_place,happened_on", *lines]),
        "--json",
    )
    assert (said.code, said.answer["new"], said.answer["refused"]) == (3, 10, 1)
    assert said.err.startswith("transfers.csv, line 6, field quantity: ")
    assert models.Entry.objects.filter(kind="moved").count() == 10
    assert broken_laws() == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_pipe_is_refused(database: Database, console: Console) -> None:
    os.mkfifo(console.folder / "pipe")
    said = console("import", "items", "pipe")
    assert (said.code, said.err) == (1, "pipe cannot be read: it is no ordinary file.\n")


FOREIGN_FILES = [
    # what a till, an ERP or a spreadsheet exports, how it is imported, the quantities that are told
    ("sep=;\r\nreference;organization;item;quantity;occurred_at\r\nF1;S1;BOLT;1;2026-03-06\r\n",
     (), {"F1": 1_000_000}),
    ("reference,organization,item,quantity,occurred_at,,\nF1,S1,BOLT,1,2026-03-06,,\n"
     "F2,S1,BOLT,2,2026-03-06\n", (), {"F1": 1_000_000, "F2": 2_000_000}),
    ("reference;organization;item;quantity;occurred_at\nF1;S1;BOLT;1;2026-03-06\n;;;;\n\n;;;;\n\x1a",
     (), {"F1": 1_000_000}),
    (f"{HEADER}\n F1 , S1 , BOLT , 1 , 2026-03-06 , EA\n",
     (), {"F1": 1_000_000}),
    ("reference;organization;item;quantity;occurred_at\nF1;S1;BOLT;1,5;2026-03-06\n"
     "F2;S1;BOLT;1.234,50;2026-03-06\nF3;S1;BOLT;1.234;2026-03-06\nF4;S1;BOLT;-3;2026-03-07\n",
     ("--decimal", "comma"),
     {"F1": 1_500_000, "F2": 1_234_500_000, "F3": 1_234_000_000, "F4": -3_000_000}),
    ("reference;organization;item;quantity;occurred_at\nF1;S1;BOLT;1.234;2026-03-06\n",
     ("--decimal", "point"), {"F1": 1_234_000}),
    ("reference;organization;item;quantity;occurred_at\nF1;S1;BOLT;0.125;2026-03-06\n"
     "F2;S1;BOLT;1.25;2026-03-06\n", (), {"F1": 125_000, "F2": 1_250_000}),
    ("reference,organization,item,quantity,occurred_at\nF1,S1,BOLT,1.234,2026-03-06\n",
     (), {"F1": 1_234_000}),
]  # fmt: skip


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("content", "words", "told"), FOREIGN_FILES)
def test_what_others_export_is_read_as_it_is_meant(
    database: Database, console: Console, content: str, words: tuple[str, ...], told: dict[str, int]
) -> None:
    open_shop("S1")
    models.Item.objects.update(counted_by="weight")
    said = console.imports("consumption", content, *words, "--json")
    assert said.code == 0, said
    assert dict(models.Consumption.objects.values_list("reference", "quantity")) == told
    assert broken_laws() == []


UNCLEAR_LINES = [
    # separator, the quantity as written, how it is imported, what is said of it
    (";", "1.234", (), "'1.234' is read in two ways: as 1.234 or as 1234. Say --decimal point or"),
    ("\t", "12.345.678", (), "'12.345.678' is read in two ways: as 12.345.678 or as 12345678"),
    (";", "1,5", (), "'1,5' is not a quantity: write it as 3 or 0.125"),
    (";", "1.5", ("--decimal", "comma"), "'1.5' is no figure with a decimal comma. Write it as"),
    (";", "12.34,5", ("--decimal", "comma"), "'12.34,5' is no figure with a decimal comma"),
    (";", "1,234,567", ("--decimal", "comma"), "'1,234,567' is no figure with a decimal comma"),
    (";", "5-", ("--decimal", "comma"), "'5-' is no figure with a decimal comma"),
    (";", "1,1234567", ("--decimal", "comma"), "'1.1234567' is not a quantity: six decimals"),
]  # fmt: skip


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("separator", "quantity", "words", "sentence"), UNCLEAR_LINES)
def test_a_figure_that_may_be_read_in_two_ways_is_not_guessed(
    database: Database, console: Console, separator: str, quantity: str, words: tuple[str, ...],
    sentence: str,
) -> None:  # fmt: skip
    open_shop("S1")
    header = ["reference", "organization", "item", "quantity", "occurred_at"]
    lines = [header, ["F1", "S1", "BOLT", quantity, "2026-03-06"]]
    content = "".join(separator.join(line) + "\n" for line in lines)
    said = console.imports("consumption", content, *words)
    assert said.code == 3
    assert said.err.startswith(f"consumption.csv, line 2, field quantity: {sentence}"[:90]), said
    assert f"{separator}{quantity}{separator}" in console.read("consumption.refused.csv")
    assert models.Consumption.objects.count() == 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nothing_in_a_column_without_a_name_is_lost(database: Database, console: Console) -> None:
    open_shop("S1")
    lines = ["reference,organization,item,quantity,occurred_at,", "F1,S1,BOLT,1,2026-03-06,7"]
    said = console.imports("consumption", "\n".join(lines))
    assert said.code == 3
    assert "line 2: '7' stands in column 6, which has no name. Name the column" in said.err
    assert models.Consumption.objects.count() == 0


def test_every_column_that_says_how_much_is_read_as_a_figure() -> None:
    """A column is a figure where its words say how much, what percentage or what price."""
    columns = {name: field for kind in OPERATIONS.values() for name, field in kind.columns.items()}
    figures = {name for name, field in columns.items() if field.type.is_figure}
    how_much = {
        name for name, field in columns.items()
        if f"{name} {field.says}".startswith(("price ", "value of ", "what one unit"))
        or "how much" in field.says or name.endswith("percent")
    }  # fmt: skip
    assert how_much - figures == {"usage_basis", "voids"}, "figures among words"


def test_more_than_the_books_can_hold_is_refused_on_its_line(
    database: Database, console: Console
) -> None:
    """A barcode scanned where the quantity stands, at a price with a barcode in it."""
    open_shop("S1")
    console.imports("prices", "agreement,item,starts_on,price\nA-acme,BOLT,2026-02-01,999999999\n")
    said = console.imports(
        "receipts",
        "organization,receipt,line,received_on,agreement,item,quantity\n"
        "S1,B-1,1,2026-03-05,A-acme,BOLT,999999999999\nS1,B-2,1,2026-03-05,A-acme,BOLT,2\n",
        "--json",
    )
    assert (said.code, said.answer["new"], said.answer["refused"]) == (3, 1, 1)
    assert said.err.startswith(
        "receipts.csv, line 2: the figures of this receipt come to more than"
    )
    assert broken_laws() == []
