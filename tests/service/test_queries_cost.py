"""No list costs more because the ledger is old: every table that grows is looked up by an index."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.service.test_queries_law import QUERIES, ways_to_ask
from tests.service.world import World

FOLDS = {"as_of", "on"}
"""Asked about a day gone by, a query may read all there is."""
LISTS = ("advices", "agreements", "consumption", "exceptions", "items", "orders", "owed",
         "parties", "stock", "title")  # fmt: skip
GROWING = {"e": "title_entry", "b": "balance", "c": "charge", "u": "consumption", "g": "posting",
           "l": "layer", "t": "running_total", "ag": "goods_receipt_line"}  # fmt: skip
SCAN = re.compile(rf"SCAN ({'|'.join(GROWING)})\b(?! USING INDEX running_total_untold)")

ALL_OF_ONE = re.compile(r"SEARCH ag USING .*\(organization_id=\?\)$")
"""All that ever arrived in an organization, as good as from end to end."""


@pytest.mark.parametrize("built", ["sqlite"], indirect=True)
@pytest.mark.parametrize("module", LISTS)
def test_no_list_reads_a_growing_table_from_end_to_end(world: World, module: str) -> None:
    for name, function in QUERIES.items():
        if not name.startswith(f"{module}."):
            continue
        for viewer in (world.northwind, world.acme):
            with CaptureQueriesContext(connection) as said:
                for asked in ways_to_ask(name):
                    if not FOLDS & asked.keys():
                        function(viewer, **asked)
            for sql in {re.sub(r"'[^']*'|\b\d+\b", "'1'", query["sql"]) for query in said}:
                for step in plan(sql):
                    assert not SCAN.match(step), f"{name}: {step}\n{sql}"
                    assert "AUTOMATIC" not in step, f"{name}: {step}\n{sql}"
                    assert not ALL_OF_ONE.search(step), f"{name}: {step}\n{sql}"


def plan(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}".replace("%", "%%"))
        return [row[-1] for row in cursor.fetchall()]
