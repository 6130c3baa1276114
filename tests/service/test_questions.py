"""A list that can be asked for is the same at every door: as a command's JSON and table, and at its
address for programs."""

import json
from collections.abc import Callable
from functools import partial
from itertools import count, product
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from consigned_service.interfaces.api.urls import api
from consigned_service.interfaces.console.parser import COMMANDS, LISTS
from consigned_service.operations.master_data import users
from consigned_service.queries.accounting import inventory_value
from consigned_service.queries.core.figures import Page, sum_amounts
from consigned_service.queries.core.viewers import viewer_of_party
from consigned_service.queries.counting import counts, dispositions
from consigned_service.queries.inbound import arriving
from consigned_service.queries.inventory import holds
from consigned_service.queries.registry import QUESTIONS, question
from consigned_service.queries.settlement import payments
from tests.service.clock import Set
from tests.service.console import Console
from tests.service.world import TODAY, World

NUMBERS = count()
NOW = "2026-03-31T20:00+00:00"
Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(world: World, clock: Set) -> Ask:
    clock(NOW)

    def get(party: str, name: str, **asked: Any) -> dict[str, Any]:
        if party not in keys:
            name_of_key = f"questions {next(NUMBERS)}"
            keys[party] = users.issue_key(name=party, key_name=name_of_key, at=now())
        answer = Client().get(
            f"/api/{name}", asked, headers={"authorization": f"Bearer {keys[party]}"}
        )
        assert answer.status_code == 200, (name, answer.content)
        told: dict[str, Any] = answer.json()
        return told

    keys: dict[str, str] = {}
    return get


def rows_of(answer: dict[str, Any], name: str) -> list[Any]:
    assert set(answer) == {"total", name.replace("-", "_")}
    rows: list[Any] = answer[name.replace("-", "_")]
    return rows


def test_every_list_is_answered_to_programs_part_by_part(ask: Ask) -> None:
    answered = set()
    for party, name in product(("northwind", "acme"), QUESTIONS):
        whole = ask(party, name, limit=1000)
        rows = rows_of(whole, name)
        assert len(rows) == whole["total"], name
        second = ask(party, name, limit=1, offset=1)
        assert (rows_of(second, name), second["total"]) == (rows[1:2], whole["total"]), name
        if rows:
            answered.add(name)
    assert len(answered) > len(QUESTIONS) // 2, set(QUESTIONS) - answered


@pytest.mark.parametrize("party", ["northwind", "acme"])
def test_a_command_lists_what_programs_are_answered(ask: Ask, party: str, tmp_path) -> None:
    console = Console(tmp_path)
    listed = [name for name, what in COMMANDS.items() if what == LISTS]
    assert set(listed) <= set(QUESTIONS)
    for name in listed:
        rows = rows_of(ask(party, name, limit=1000), name)
        said = console(name, "--json", "--as", party)
        assert [sorted(row) for row in said.answer] == [sorted(row) for row in rows], name
        assert json.dumps(said.answer, sort_keys=True).replace("+00:00", "Z").replace(
            ', "per": "1"', ""
        ) == json.dumps(rows, sort_keys=True).replace("+00:00", "Z").replace(', "per": "1"', "")
        table = console(name, "--as", party).out
        heads = [one.title for one in question(name).shown]
        assert all(head in table.splitlines()[0] for head in heads), (name, table)
        assert (
            f"{len(rows):,} {question(name).row if len(rows) == 1 else question(name).rows}"
            in table
        )


def test_a_filter_narrows_a_list_alike(ask: Ask, tmp_path) -> None:
    console = Console(tmp_path)
    for name, words in (
        ("arriving", {"item": "BOLT"}), ("advices", {"state": "open"}),
        ("invoices", {"state": "held"}), ("returns", {"direction": "to-supplier"}),
        ("changes", {"what": "item"}), ("invoices", {"due_by": "2026-03-15"}),
    ):  # fmt: skip
        options = [word for key, value in words.items()
                   for word in (f"--{key.replace('_', '-')}", value)]  # fmt: skip
        said = console(name, *options, "--json", "--as", "northwind").answer
        assert len(said) == ask("northwind", name, **words)["total"], name


def test_what_is_no_value_of_a_filter_is_refused(ask: Ask, tmp_path) -> None:
    console = Console(tmp_path)
    said = console("invoices", "--state", "nice", "--as", "northwind")
    assert (said.code, "held" in said.err) == (2, True)
    assert console("arriving", "--item", "NONE", "--as", "northwind").code == 1


def test_the_schema_describes_every_list() -> None:
    schema = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    for name in QUESTIONS:
        listed = schema["paths"][f"/api/{name}"]["get"]
        asked = {one["name"] for one in listed["parameters"]}
        assert asked == {one.called for one in question(name).filters} | {"limit", "offset"}, name
        assert all(
            one.get("description") for one in listed["parameters"] if one["name"] != "offset"
        ), name


PAGED: dict[str, Callable[..., Page[Any]]] = {
    "holds": holds.standing,
    "arriving": arriving.arriving,
    "putaway": arriving.putaway_plan,
    "sheets": counts.count_sheets,
    "differences": counts.open_differences,
    "disposed": partial(dispositions.disposed, is_owned=False),
    "payments": payments.remittances,
    "value": inventory_value.stock_value,
    "value-then": partial(inventory_value.stock_value, as_of=TODAY),
}


@pytest.mark.parametrize("name", PAGED)
def test_the_parts_of_a_list_are_the_whole(full: World, name: str) -> None:
    ask, longest = PAGED[name], 0
    for party in ("northwind", "contoso", "acme", "bolts", "stow"):
        viewer = viewer_of_party(party)
        assert viewer
        whole = ask(viewer)
        longest = max(longest, whole.total)
        assert len(whole.rows) == whole.total
        parts = [ask(viewer, limit=2, offset=at) for at in range(0, whole.total + 2, 2)]
        assert [row for part in parts for row in part.rows] == whole.rows
        assert {part.total for part in parts} == {whole.total}
    assert longest > 1, "the list says nothing of parts"


def test_the_sums_of_a_part_are_those_of_the_whole(full: World) -> None:
    viewer = viewer_of_party("northwind")
    assert viewer
    value = sum_amounts(line.value for line in inventory_value.stock_value(viewer).rows)
    assert inventory_value.value_of_stock(viewer) == value != []
    amount = sum_amounts(one.amount for one in payments.remittances(viewer).rows)
    assert payments.paid(viewer) == amount != []
