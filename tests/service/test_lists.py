"""Goods, orders and advices as people ask for them, at the command line and on pages."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from consigned_service.records import models
from tests.daybooks.book import FOLDER, replay
from tests.daybooks.service import Service
from tests.service.console import Console
from tests.service.world import World
from tests.support.databases import Database

Member = Callable[[str], Client]


def test_json_may_stand_in_front_of_the_command(world: World, tmp_path: Path) -> None:
    console = Console(tmp_path)
    behind = console("stock", "--as", "northwind", "--json").answer
    assert behind
    assert console("--json", "stock", "--as", "northwind").answer == behind
    assert console("--json", "advices", "--as", "nobody").answer == []
    said = console("--json", "stock", "--as", "somebody")
    assert (said.code, said.answer["refused"]) == (1, "unknown-party")
    assert console("stock", "--as", "northwind").out.startswith("Item")


def test_a_list_says_that_it_leaves_rows_out(world: World, tmp_path: Path) -> None:
    console = Console(tmp_path)
    whole = console("stock", "--as", "northwind", "--json").answer
    assert len(whole) > 1
    shown = console("stock", "--as", "northwind", "--limit", "1").out
    assert f"{len(whole)} lines. " in shown
    assert "The first 1 of them are listed and summed; --limit for more." in shown
    assert console("stock", "--as", "northwind", "--limit", "1", "--json").answer == whole[:1]
    assert "--limit" not in console("stock", "--as", "northwind").out
    assert console("owed", "--as", "northwind", "--limit", "0").code == 2


# --- orders and advices ------------------------------------------------------------------------


@pytest.mark.rows("C03", "C12")
def test_orders_are_listed_and_one_is_shown_line_by_line(world: World, tmp_path: Path) -> None:
    console = Console(tmp_path)
    listed = console("orders", "--as", "northwind", "--json").answer
    assert {one["number"] for one in listed} == {"PO-1", "PO-2", "PO-3"}
    of_bolts = console("orders", "--as", "northwind", "--consignor", "bolts")
    assert "PO-2" in of_bolts.out
    assert of_bolts.out.endswith("Listed: 1 order.\n")
    (shown,) = console("orders", "PO-1", "--as", "northwind", "--json").answer
    bolts, nuts = shown["lines"]
    assert (bolts["ordered"]["number"], bolts["received"]["number"]) == ("200", "100")
    assert (nuts["consumed"]["number"], nuts["consigned_on_hand"]["number"]) == ("13", "487")
    assert "PO-1" in console("orders", "PO-1", "--as", "northwind").out


def test_nobody_lists_the_orders_and_advices_of_others(world: World, tmp_path: Path) -> None:
    console = Console(tmp_path)
    for party in ("nobody", "contoso"):
        assert console("orders", "--as", party, "--json").answer == []
        said = console("orders", "PO-1", "--as", party, "--json")
        assert (said.code, said.answer["refused"]) == (1, "unknown-order")
    seen = console("advices", "--as", "bolts", "--json").answer
    assert {one["consignor"] for one in seen} == {"bolts"}
    said = console("orders", "--as", "acme", "--consignor", "bolts", "--json")
    assert (said.code, said.answer["refused"]) == (1, "unknown-party")


@pytest.mark.rows("O01")
def test_advices_are_listed_by_state_agreement_and_party(world: World, tmp_path: Path) -> None:
    console = Console(tmp_path)
    listed = console("advices", "--as", "northwind", "--json").answer
    assert len(listed) > 2
    paid = console("advices", "--as", "northwind", "--state", "paid", "--json").answer
    assert [one["number"] for one in paid] == ["northwind-000001"]
    of_one = console("advices", "--as", "northwind", "--agreement", "A-BOLT", "--json").answer
    assert {one["agreement"] for one in of_one} == {"A-BOLT"}
    assert console("advices", "--as", "northwind").out.endswith(f"Listed: {len(listed)} advices.\n")


@pytest.mark.rows("O07")
def test_an_advice_tells_lots_and_serials_where_that_was_agreed(
    world: World, member: Member, tmp_path: Path
) -> None:
    console = Console(tmp_path)
    printed = console("advice", "northwind-000001", "--as", "northwind", "--print").out
    assert "LOT-A: 90 EA" in printed
    answer = member("acme").get("/advices/northwind-000001/?_export=csv")
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
    assert [(row["Item"], row["Lots and serials"]) for row in rows] == [("BOLT", "LOT-A: 90 EA")]
    page = member("acme").get("/advices/northwind-000001/").content.decode()
    assert "LOT-A: 90 EA" in page


# --- what lies there, and what it is worth -----------------------------------------------------


def test_what_stock_comes_to_tells_ours_apart_from_others(world: World, tmp_path: Path) -> None:
    said = Console(tmp_path)("stock", "--as", "northwind").out.splitlines()[-1]
    lines = Console(tmp_path)("stock", "--as", "northwind", "--json").answer

    def worth(mine: bool) -> str:
        cents = sum(
            round(float(one["value"]["amount"]) * 100)
            for one in lines
            if one["value"] and (one["owner"] == "northwind") is mine
        )
        return f"{cents // 100:,}.{cents % 100:02} USD"

    assert f"Ours: {worth(True)}; Others': {worth(False)}" in said
    alone = Console(tmp_path)("stock", "--as", "acme").out.splitlines()[-1]
    assert "Ours: " in alone
    assert "Others'" not in alone


@pytest.mark.rows("P37")
def test_the_informational_average_is_told_whosever_the_goods_are(
    world: World, member: Member, tmp_path: Path
) -> None:
    console = Console(tmp_path)
    lines = console("value", "--averages", "--as", "northwind", "--json").answer
    told = {(one["item"], one["organization"]): one for one in lines}
    bolts = told["BOLT", "L1"]
    assert bolts["informational"]["price"] == "1.207143", "100 at 1.25, 40 of 60 at 1.10"
    paper = told["PAPER", "L1"]
    assert paper["perpetual"]["price"] == paper["informational"]["price"] == "3.00"
    assert "/items/BOLT/average-cost/" in member("northwind").get("/items/BOLT/").content.decode()
    page = member("northwind").get("/items/BOLT/average-cost/").content.decode()
    assert "1.207143" in page
    for stranger in ("acme", "nobody"):
        assert member(stranger).get("/items/BOLT/average-cost/").status_code == 404


# --- goods kept for others -----------------------------------------------------------------------


@pytest.fixture
def warehouse(database: Database) -> Database:
    replay((FOLDER / "90-a-warehouse-between-them.txt").read_text(encoding="utf-8"), Service())
    return database


@pytest.mark.rows("E13")
def test_a_warehouse_sees_what_it_keeps_and_no_values(warehouse: Database, tmp_path: Path) -> None:
    console = Console(tmp_path)
    kept = console("kept", "--as", "stow", "--json").answer
    assert {one["organization"] for one in kept} == {"PLANT"}
    assert all("value" not in one and "price" not in one for one in kept)
    assert console("kept", "--as", "acme", "--json").answer == []
    assert "Kept for others" in console("kept", "--as", "stow").out
    clients = {}
    for code in ("stow", "acme"):
        user = User.objects.create(username=code)
        models.Membership.objects.create(user=user, party=models.Party.objects.get(code=code))
        clients[code] = Client()
        clients[code].force_login(user)
    page = clients["stow"].get("/kept/").content.decode()
    assert "Northwind" in page
    assert 'href="/kept/"' in page
    assert "USD" not in page
    assert 'href="/kept/"' not in clients["acme"].get("/").content.decode()
    assert "We keep nothing now" in clients["acme"].get("/kept/").content.decode()
    export = clients["stow"].get("/kept/?_export=csv").getvalue().decode()
    assert len(list(csv.DictReader(io.StringIO(export)))) == len(kept)
