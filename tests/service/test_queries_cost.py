"""No list costs more because the ledger is old: every table that grows is looked up by an index."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests.service.test_queries_law import QUERIES, ways_to_ask
from tests.service.world import World

FOLDS = {"as_of", "on"}
"""Asked about a day gone by, a query may read all there is."""
LISTS = (
    "inbound.orders", "inventory.items", "inventory.stock", "inventory.title",
    "consumption.exceptions", "consumption.issues", "master_data.parties",
    "settlement.advices", "settlement.agreements", "settlement.payables",
)  # fmt: skip
GROWING = {"e": "title_entry", "b": "balance", "c": "charge", "u": "consumption", "g": "posting",
           "l": "layer", "t": "running_total", "ag": "goods_receipt_line"}  # fmt: skip
SCAN = re.compile(rf"SCAN ({'|'.join(GROWING)})\b(?! USING INDEX running_total_untold)")

ALL_OF_ONE = re.compile(r"SEARCH ag USING .*\(organization_id=\?\)$")
"""All that ever arrived in an organization, as good as from end to end."""


@pytest.mark.parametrize("built", ["sqlite"], indirect=True)
@pytest.mark.parametrize("module", LISTS)
def test_no_list_reads_a_growing_table_from_end_to_end(world: World, module: str) -> None:
    asked_of = {n: one for n, one in QUERIES.items() if n.startswith(f"{module}.")}
    assert asked_of, f"no question is called {module}"
    for name, function in asked_of.items():
        asked: dict[str, Any] = {}
        with connection.execute_wrapper(kept_in(asked)):
            for viewer in (world.northwind, world.acme):
                for words in ways_to_ask(name):
                    if not FOLDS & words.keys():
                        function(viewer, **words)
        for sql, parameters in asked.values():
            for step in plan(sql, parameters):
                assert not SCAN.match(step), f"{name}: {step}\n{sql}"
                assert "AUTOMATIC" not in step, f"{name}: {step}\n{sql}"
                assert not ALL_OF_ONE.search(step), f"{name}: {step}\n{sql}"


def kept_in(asked: dict[str, Any]) -> Callable[..., object]:
    """Keeps one question of each wording."""

    def keep(execute: Callable[..., object], sql: str, parameters: Any, *rest: object) -> object:
        asked.setdefault(re.sub(r"'[^']*'|\b\d+\b", "1", sql), (sql, parameters))
        return execute(sql, parameters, *rest)

    return keep


def plan(sql: str, parameters: Any) -> list[str]:
    """How SQLite reads for a statement, without the answers of its own parts."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
        steps = [row[-1] for row in cursor.fetchall()]
    parts = {step.split()[1] for step in steps if step.startswith(("MATERIALIZE", "CO-ROUTINE"))}
    return [step for step in steps if not (step.startswith("SCAN ") and step.split()[1] in parts)]
