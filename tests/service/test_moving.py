"""Moving goods at the doors: rules, holds, transfers between organizations, promises, recalls."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consigned_service.operations.audit.audit import audit
from consigned_service.operations.core.lines import written
from consigned_service.operations.inventory import interorganization as between
from consigned_service.operations.inventory import quality
from consigned_service.operations.inventory.interorganization import BetweenLine, transfer_between
from consigned_service.operations.master_data import consumption_rules as rules
from consigned_service.operations.master_data.parties import (
    OrganizationLine,
    register_organizations,
)
from consigned_service.records import models
from tests.daybooks.book import STORIES, replay
from tests.daybooks.service import Service
from tests.service.console import Console
from tests.service.shop import BY, NOW, open_shop, organization_id, sell
from tests.service.test_concurrency import at_once

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
MOVING = [story for story in STORIES if story.name.startswith("4")]


@ON_SQLITE
@pytest.mark.parametrize("story", MOVING, ids=lambda story: story.stem)
def test_every_law_holds_after_the_story(story: Path, database: object) -> None:
    replay(story.read_text(encoding="utf-8"), Service())
    assert audit().breaches == []


def rows(model: type) -> int:
    return model.objects.count()


@pytest.fixture
def bring_in(database: object, tmp_path: Path) -> Callable[..., Console]:
    """Two shops of one party, and files for them."""
    open_shop("S1", "S2", shelf=40)
    console = Console(tmp_path)

    def bring_in(kind: str, *lines: str) -> Console:
        (tmp_path / f"{kind}.csv").write_text("\n".join(lines) + "\n")
        said = console("import", kind, f"{kind}.csv")
        assert (said.code, said.err) == (0, ""), said
        return console

    return bring_in


@ON_SQLITE
@pytest.mark.rows("O30", "O31", "O32", "X19", "P40")
def test_rules_and_transfers_between_organizations_come_from_files(
    bring_in: Callable[..., Console],
) -> None:
    bring_in(
        "consumption-rules",
        "rule,party,verdict,kind,owner,to_zone",
        "KEEP,northwind,keep,transfer-between-organizations,acme,consigned-store",
    )
    console = bring_in(
        "interorganization-transfers",
        "reference,from_organization,item,quantity,from_place,to_organization,to_place,"
        "happened_on,consignor",
        "T-1,S1,BOLT,7,STORE,S2,STORE,2026-03-06,acme",
        "T-2,S1,BOLT,5,STORE,S2,STOCK,2026-03-06,bolts",
        "T-3,S2,BOLT,2,STOCK,S1,STOCK,2026-03-06,",
    )
    kept, bought, back = models.Layer.objects.filter(from_layer__isnull=False).order_by(
        "-organization_id", "number"
    )
    assert (kept.ownership, kept.quantity, kept.received_on.day) == ("consigned", 7_000_000, 1)
    assert (bought.ownership, back.ownership) == ("owned", "owned")
    assert back.from_organization == bought.organization_id
    said = console("title", "BOLT", "--json", "--as", "northwind")
    assert said.code == 0, said
    title = said.answer["entries"]
    assert [entry["rule"] for entry in title if entry["rule"]] == ["KEEP"]
    told_as = {(entry["organization"], entry["cause"], entry["reference"]) for entry in title}
    assert {(code, "transfer", f"T-{n}") for n in (1, 2, 3) for code in ("S1", "S2")} <= told_as
    said = console("import", "interorganization-transfers", "interorganization-transfers.csv")
    assert (said.code, rows(models.Layer)) == (0, 11)
    assert audit().breaches == []


@ON_SQLITE
@pytest.mark.rows("E10", "X09")
def test_goods_are_held_and_released_by_files_and_recalled_by_a_command(
    bring_in: Callable[..., Console],
) -> None:
    bring_in(
        "holds",
        "organization,reference,item,happened_on,quantity,consignor",
        "S1,H-1,BOLT,2026-03-06,12,acme",
        "S2,H-1,BOLT,2026-03-06,,",
    )
    console = bring_in(
        "releases",
        "organization,reference,item,happened_on,quantity",
        "S1,R-1,BOLT,2026-03-06,5",
    )
    stock = console("stock", "--json").answer
    on_hold = {
        code: sum(int(line["quantity"]["number"]) for line in stock
                  if (line["organization"], line["condition"]) == (code, "on-hold"))
        for code in ("S1", "S2")
    }  # fmt: skip
    assert on_hold == {"S1": 7, "S2": 40}
    title = console("title", "BOLT", "--organization", "S1", "--json").answer["entries"]
    told_as = {entry["kind"]: entry["reference"] for entry in title}
    assert (told_as["held"], told_as["released"]) == ("H-1", "R-1")
    assert audit().breaches == []


@ON_SQLITE
@pytest.mark.rows("X09")
def test_a_lot_is_traced_and_recalled_at_the_command_line(database: object, tmp_path: Path) -> None:
    text = next(story for story in MOVING if "recalled" in story.name).read_text(encoding="utf-8")
    replay(text.split("2026-03-09", maxsplit=1)[0], Service())
    console = Console(tmp_path)
    recall = ("lot", "L7", "--as", "clinic", "--hold", "--because", "REC-1", "--json")
    assert "may be STENT of acme, or GEL of acme" in console(*recall).err
    held = console(*recall, "--item", "GEL")
    assert held.code == 0, held
    assert [(one["organization"], one["item"]) for one in held.answer] == [("MAIN", "GEL")]
    posting = models.Posting.objects.filter(cause="recall").order_by("recorded_at").last()
    assert posting.reference == "REC-1"
    trace = console("lot", "L7", "--item", "STENT", "--as", "clinic")
    assert "Mrs-Miller" in trace.out
    assert "Left of lot L7: 3 holdings." in trace.out
    assert "quality REC-1" in console("lot", "L7", "--item", "GEL", "--as", "clinic").out
    theirs = console("lot", "L7", "--as", "acme")
    assert "Mrs-Miller" not in theirs.out
    several = console("lot", "L7", "--as", "clinic", "--release").err
    assert "may be STENT of acme, or GEL of acme" in several
    freed = []
    for item in ("STENT", "GEL"):
        end = ("lot", "L7", "--as", "clinic", "--release", "--item", item, "--json")
        freed += [(one["organization"], one["item"]) for one in console(*end).answer]
    assert freed == [("MAIN", "STENT"), ("BRANCH", "STENT"), ("MAIN", "GEL")]
    nothing = console("lot", "L9", "--as", "clinic", "--hold")
    assert "nothing of lot 'L9' has come here yet" in nothing.err
    assert (
        "No recall of lot L9 stands that kept"
        in console("lot", "L9", "--as", "clinic", "--release").out
    )
    assert "no item" in console("lot", "L9", "--as", "clinic", "--item", "WING").err


@ON_SQLITE
@pytest.mark.rows("P08", "E16")
def test_promises_are_made_and_taken_back_by_files(bring_in: Callable[..., Console]) -> None:
    bring_in(
        "reservations",
        "organization,reference,item,quantity,consignor",
        "S1,SO-1,BOLT,15,acme",
        "S1,SO-2,BOLT,4,",
    )
    assert models.Reservation.objects.get(reference="SO-1").owner is not None
    bring_in(
        "reservation-cancellations",
        "organization,reference,item",
        "S1,SO-1,BOLT",
    )
    left = dict(models.Reservation.objects.values_list("reference", "quantity_open"))
    assert left == {"SO-1": 0, "SO-2": 4_000_000}


# --- as many lines as there are ----------------------------------------------------------------


def lines(first: int, many: int, *, road: tuple[str, str] = ("S1", "S2")) -> list[BetweenLine]:
    here, there = road
    return [
        written(
            BetweenLine, f"T{here}{n}", here, "BOLT", "1", "STORE", there, "STOCK", "2026-03-06"
        )
        for n in range(first, first + many)
    ]


@ON_SQLITE
def test_many_lines_cost_as_many_statements_as_few(database: object) -> None:
    open_shop("S1", "S2", shelf=1000)
    counted = []
    for first, many in ((0, 2), (10, 2), (20, 200)):
        with CaptureQueriesContext(connection) as said:
            transfer_between(lines=lines(first, many), by=BY, at=NOW).or_raise()
        counted.append(len(said))
    assert counted[2] <= counted[1] + 2
    assert counted[2] < 80


@ON_SQLITE
def test_holding_many_lines_costs_as_many_statements_as_few(database: object) -> None:
    open_shop("S1", shelf=1000)
    counted = []
    for name, many in (("a", 1), ("b", 2), ("c", 100)):
        with CaptureQueriesContext(connection) as said:
            quality.hold_goods(
                organization=organization_id("S1"), by=BY, at=NOW,
                lines=[written(quality.HoldLine, f"{name}{n}", "BOLT", "2026-03-06", "1")
                       for n in range(many)],
            ).or_raise()  # fmt: skip
        counted.append(len(said))
    assert counted[2] == counted[1]


def test_two_organizations_send_to_each_other_at_once(database: object) -> None:
    """Each locks both ledgers, in the order of their numbers: nobody waits for ever."""
    open_shop("S1", "S2", shelf=400)
    acts = [
        lambda road=road, n=n: transfer_between(
            lines=lines(20 * n, 20, road=road), by=BY, at=NOW
        ).or_raise()
        for n in range(3)
        for road in (("S1", "S2"), ("S2", "S1"))
    ]
    at_once([*acts, lambda: sell("S1", "till", range(30))])
    sent = models.Entry.objects.filter(kind="sent")
    assert sum(entry.quantity for entry in sent) == 120_000_000
    assert audit().breaches == []


@ON_SQLITE
def test_a_refused_line_leaves_neither_ledger_changed(database: object) -> None:
    open_shop("S1", "S2", shelf=40)
    register_organizations(
        lines=[written(OrganizationLine, "N1", "", "acme", "USD")], by=BY, at=NOW
    ).or_raise()
    rules.register_rules(lines=[written(rules.RuleLine, "K", "northwind", "keep")]).or_raise()
    before = rows(models.Posting), rows(models.Entry), rows(models.Layer), rows(models.Key)
    told = [
        *lines(0, 2),
        written(BetweenLine, "X", "S1", "BOLT", "1", "STORE", "N1", "STORE", "2026-03-06"),
    ]
    with pytest.raises(between.trade.NotOursToGive):
        transfer_between(lines=[told[2]], by=BY, at=NOW)
    with pytest.raises(between.trade.ConsignedInOwnedLocation):
        transfer_between(lines=told, by=BY, at=NOW)
    assert before == (
        rows(models.Posting), rows(models.Entry), rows(models.Layer), rows(models.Key),
    )  # fmt: skip
