"""What the doors say word for word: help, templates, the description of the API, and every list of
the test world as table, JSON, CSV and page.

A change that only moves things leaves these files as they are. Any other shows in their difference
what it changes for people and programs: `make golden` writes them anew, for you to read.
"""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client

from consigned_service.interfaces.api.urls import api
from consigned_service.interfaces.console import parser as line
from consigned_service.operations.registry import OPERATIONS
from tests.service.clock import Set
from tests.service.console import Console
from tests.service.test_pages_workbench import PAGES, words
from tests.service.world import World

GOLDEN = Path(__file__).parents[1] / "golden"
NOW = "2026-03-31T20:00+00:00"
LISTS = (
    "owed", "stock", "stock --as-of 2026-03-05", "exceptions", "exceptions --ended",
    "exceptions --lines", "advices", "advice northwind-000001",
    "advice northwind-000001 --transactions", "advice northwind-000001 --line 1",
    "advice northwind-000001 --print", "invoices", "invoice INV-1 --consignor acme", "payments",
    "orders", "orders PO-1", "arriving", "agreement A-ACME", "aging", "counts", "dispositions",
    "shrinkage", "value", "production", "kept", "returns", "debits", "debit-memos", "credit-notes",
    "holds", "settling", "margins", "changes", "title BOLT", "lot LOT-A", "designation BOLT",
    "price BOLT --agreement A-ACME --on 2026-03-05", "report trial-balance", "report journals",
    "report statement --partner acme", "report consigned-inventory", "report settlement",
    "report received-not-invoiced", "report stock-value", "report closing --organization L1",
    "report owed", "report journals --csv", "export journals",
)  # fmt: skip
ONLY = pytest.mark.parametrize("built", ["sqlite"], indirect=True)


def check(name: str, written: str) -> None:
    path = GOLDEN / name
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        path.write_bytes(written.encode())
    kept = path.read_bytes().decode() if path.exists() else ""
    assert written == kept, f"{path.name} says otherwise; make golden, and read the difference"


def by_row(answer: str) -> str:
    """JSON with a row in a line, where it is a list of them."""
    try:
        rows = json.loads(answer)
    except ValueError:  # printed for people whatever is asked
        return answer
    rows = rows if isinstance(rows, list) else [rows]
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def broken_up(value: object, levels: int, before: str = "") -> str:
    """JSON with a line for each address and each schema, so that a difference can be read."""
    if not levels or not isinstance(value, dict) or not value:
        return json.dumps(value)
    inside = f"{before} "
    lines = (
        f"{inside}{json.dumps(name)}: {broken_up(one, levels - 1, inside)}"
        for name, one in value.items()
    )
    return "{\n" + ",\n".join(lines) + f"\n{before}}}"


def test_help(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    said = [line.parser().format_help()]
    for name in line.COMMANDS:
        whole = line.parser([name])
        (commands,) = (a for a in whole._actions if a.dest == "command")
        said.append(commands.choices[name].format_help())  # type: ignore[index, call-overload]
    check("help.txt", "\n".join(said))


@ONLY
def test_templates(world: World, tmp_path: Path) -> None:
    console = Console(tmp_path)
    said = [f"## {kind}\n\n{console('import', kind, '--template').out}" for kind in OPERATIONS]
    check("templates.csv", "\n".join(said))


def test_the_description_of_the_api() -> None:
    described = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    check("openapi.json", f"{broken_up(described, levels=3)}\n")


@ONLY
@pytest.mark.parametrize("party", ["northwind", "acme"])
def test_lists(world: World, clock: Set, party: str, tmp_path: Path) -> None:
    clock(NOW)
    console = Console(tmp_path)

    def asked() -> Iterator[str]:
        for words_ in LISTS:
            for form in ("", " --json"):
                done = console(*words_.split(), *form.split(), "--as", party)
                out = by_row(done.out) if form and done.out else done.out
                yield f"$ consigned {words_}{form}\n{out}{done.err}"

    check(f"lists-{party}.txt", "\n".join(asked()))


@ONLY
@pytest.mark.parametrize("party", PAGES)
def test_pages(world: World, member: Callable[[str], Client], clock: Set, party: str) -> None:
    clock(NOW)
    client = member(party)

    def seen() -> Iterator[str]:
        for address in PAGES[party]:
            page = client.get(address)
            yield f"{address}\n{words(page.content.decode())}\n"
            if b"_export=csv" in page.content:
                joined = "&" if "?" in address else "?"
                csv = client.get(f"{address}{joined}_export=csv")
                yield csv.getvalue().decode()

    check(f"pages-{party}.txt", "\n".join(seen()))
