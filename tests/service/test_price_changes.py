"""A price changed for days gone by, in a company with many shops."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consigned_service.operations.audit.audit import audit
from consigned_service.operations.core.lines import written
from consigned_service.operations.settlement.price_changes import (
    PriceChangeLine,
    change_prices_retroactively,
)
from consigned_service.records import models
from tests.service.shop import BY, NOW, open_shop, sell
from tests.support.databases import Database


@pytest.mark.rows("X06")
def test_a_change_costs_nothing_in_shops_that_never_used_the_item(database: Database) -> None:
    """A posting that was opened in each shop made a file of changes take minutes."""
    shops = [f"S{n}" for n in range(6)]
    open_shop(*shops, shelf=10)
    sell("S2", "till", range(2))
    asked = []
    for n, (price, told) in enumerate((("0.40", (1, 0)), ("0.40", (0, 1)), ("0.50", (1, 0)))):
        change = written(PriceChangeLine, "A-acme", f"PC-{price}", "BOLT", "2026-03-01", price)
        with CaptureQueriesContext(connection) as queries:
            outcome = change_prices_retroactively(lines=[change], by=BY, at=NOW)
        assert (outcome.new, outcome.repeated) == told
        asked.append(len(queries))
        if n == 0:
            sell("S3", "till", range(2))
    assert asked[0] < asked[2], "one shop, then two"
    assert asked[0] < 40, "statements for one shop of six"
    settled = models.Total.objects.filter(agreement=1, quantity__gt=0).order_by("organization")
    assert [*settled.values_list("organization__code", "price", "quantity")] == [
        ("S2", 500_000, 2_000_000), ("S3", 500_000, 2_000_000),
    ]  # fmt: skip
    assert audit().breaches == []
