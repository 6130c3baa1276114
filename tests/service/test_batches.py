"""How a file is cut does not matter, and a refused line leaves nothing behind: laws over random
files of every kind."""

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consigned_service.interfaces.files.csv_reader import BECAUSE
from consigned_service.operations.registry import OPERATIONS
from consigned_service.records import models
from tests.service import standing
from tests.service.console import Console
from tests.service.files import POOLS, prepare
from tests.service.world import build
from tests.support.databases import NOWHERE, point_django_at

Row = tuple[str, ...]
COUNTED = ("new", "repeated", "changed", "refused", "waiting")


class Came(NamedTuple):
    """What came of a file: the answer, what stands, and the lines that were refused, with why."""

    counts: dict[str, int]
    stands: dict[str, Any]
    refused: list[dict[str, str]]


class Importer:
    """Imports files one after the other into the same world, each as if it were the first."""

    def __init__(self, folder: Path) -> None:
        self.console = Console(folder)
        self.folder = folder

    def bring_in(self, kind: str, rows: Sequence[Row], chunk: int) -> Came:
        with thrown_away():
            counts = self.tell(kind, rows, chunk)
            return Came(counts, standing.standing(), self.refused(kind))

    def tell(self, kind: str, rows: Sequence[Row], chunk: int) -> dict[str, int]:
        for leftover in self.folder.glob("*"):
            leftover.unlink()
        said = self.console.imports(
            kind, as_csv(kind, rows), "--chunk", str(chunk), "--source", "till", "--json"
        )
        assert said.code in (0, 3), said
        return {name: said.answer[name] for name in COUNTED}

    def refused(self, kind: str) -> list[dict[str, str]]:
        path = self.folder / f"{kind}.refused.csv"
        if not path.exists():
            return []
        with path.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))


@contextmanager
def thrown_away() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def as_csv(kind: str, rows: Sequence[Row]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([list(OPERATIONS[kind].columns), *rows])
    return text.getvalue()


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def prepared(request: pytest.FixtureRequest) -> Iterator[None]:
    databases = request.getfixturevalue(f"{request.param}_databases")
    fresh = databases.fresh()
    point_django_at(fresh.url)
    prepare(build())
    yield
    point_django_at(NOWHERE)
    databases.discard(fresh)


@pytest.fixture
def importer(prepared: None, tmp_path: Path) -> Importer:
    return Importer(tmp_path)


@st.composite
def files(draw: st.DrawFn, kind: str) -> list[Row]:
    """Some lines of a kind: most of them good, some not, some told twice, some that depend on
    those before them."""
    pool = POOLS[kind]
    rows: list[Row] = []
    for _ in range(draw(st.integers(1, 7))):
        if rows and draw(st.integers(0, 5)) == 0:
            rows.append(draw(st.sampled_from(rows)))
            continue
        rows.append(
            tuple(
                draw(st.sampled_from(pool[name])) if name in pool else ""
                for name in OPERATIONS[kind].columns
            )
        )
    return rows


def same(importer: Importer, kind: str, rows: list[Row]) -> None:
    """The file comes to the same in one piece, in threes, line by line, and without its refused
    lines."""
    whole = importer.bring_in(kind, rows, 1000)
    for chunk in (1, 3):
        cut = importer.bring_in(kind, rows, chunk)
        assert cut.counts == whole.counts, (chunk, whole.refused, cut.refused)
        found = standing.differences(whole.stands, cut.stands)
        assert not found, (chunk, found)
    refused = {line_of(line) - 2 for line in whole.refused}
    good = [row for nth, row in enumerate(rows) if nth not in refused]
    alone = importer.bring_in(kind, good, 1000)
    assert alone.counts == whole.counts | {"refused": 0}, (refused, whole.refused)
    found = standing.differences(whole.stands, alone.stands)
    assert not found, found


def line_of(refused: dict[str, str]) -> int:
    """Which line of its file was refused; the header is line 1."""
    return int(refused[BECAUSE].split()[1].strip(",:"))


@pytest.mark.parametrize("kind", POOLS)
def test_how_a_file_is_cut_does_not_matter(
    importer: Importer, kind: str, request: pytest.FixtureRequest
) -> None:
    is_postgres = "postgres" in request.node.callspec.id
    if is_postgres and kind not in ("consumption", "receipts", "transfers"):
        pytest.skip("the rules are the same; what the database does is tried with three kinds")

    @settings(
        max_examples=3 if is_postgres else 5, deadline=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(rows=files(kind))
    def check(rows: list[Row]) -> None:
        same(importer, kind, rows)

    check()


def rows_of(kind: str, *lines: dict[str, str]) -> list[Row]:
    return [tuple(line.get(name, "") for name in OPERATIONS[kind].columns) for line in lines]


def test_a_refused_receipt_line_takes_nothing_from_its_ship_notice(importer: Importer) -> None:
    """Ten of lot A and ten of lot B are on their way. Fifteen of lot A are refused, ten taken."""
    on = {"organization": "L1", "receipt": "R-9", "received_on": "2026-04-01"}
    rows = rows_of(
        "receipts",
        on | {"line": "1", "order": "PO-L", "order_line": "1", "quantity": "15", "lot": "A"},
        on | {"line": "2", "ship_notice": "SN-L", "ship_notice_line": "1"},
    )
    whole = importer.bring_in("receipts", rows, 1000)
    assert (whole.counts["new"], whole.counts["refused"]) == (1, 1)
    same(importer, "receipts", rows)


def test_of_two_layers_of_a_day_the_one_told_first_goes_first(importer: Importer) -> None:
    """Whatever their receipts are called, and however many lines stand between those of one."""
    on = {"organization": "L2", "received_on": "2026-04-01", "quantity": "5", "item": "BOLT"}
    rows = rows_of(
        "receipts",
        on | {"receipt": "R-9", "line": "1", "agreement": "A-BOLT"},
        on | {"receipt": "R-8", "line": "1", "agreement": "A-ACME"},
        on | {"receipt": "R-9", "line": "2", "agreement": "A-BOLT"},
    )
    taken = []
    for chunk in (1, 1000):
        with thrown_away():
            importer.tell("receipts", rows, chunk)
            layers = models.Layer.objects.filter(organization__code="L2").order_by("-number")[:3]
            taken.append([layer.supplier.code for layer in layers])
    assert taken == 2 * [["bolts", "acme", "bolts"]]
    same(importer, "receipts", rows)


def test_what_comes_back_may_be_used_by_the_lines_after_it(importer: Importer) -> None:
    """A sale, its return to another place, and a sale that takes what came back."""
    line = {"organization": "L2", "item": "BOLT", "occurred_at": "2026-04-01"}
    rows = rows_of(
        "consumption",
        *(
            line | {"reference": str(nth), "quantity": quantity, "place": place}
            for nth, (quantity, place) in enumerate(
                [("5", ""), ("-5", "STOCK"), ("5", ""), ("2", ""), ("-2", ""), ("1", "STORE")]
            )
        ),
    )
    same(importer, "consumption", rows)


def test_goods_are_not_put_away_where_they_are(importer: Importer) -> None:
    rows = rows_of(
        "putaways",
        {"organization": "L1", "reference": "1", "receipt": "R-D", "line": "1", "quantity": "1",
         "to_place": "DOCK", "happened_on": "2026-04-01"},
    )  # fmt: skip
    (refused,) = importer.bring_in("putaways", rows, 1000).refused
    assert "BOLT" in refused[BECAUSE]
    assert "DOCK" in refused[BECAUSE]
