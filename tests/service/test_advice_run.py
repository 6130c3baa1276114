"""The advice run as one act: killed anywhere and started again, everything is told exactly once."""

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from consigned_service.operations.audit.audit import audit
from consigned_service.operations.consumption.issues import Reported, record_consumption
from consigned_service.operations.core.lines import written
from consigned_service.operations.master_data.agreements import PriceLine, register_prices
from consigned_service.operations.settlement.advices import AdviceRun, run_advices
from consigned_service.records import models
from tests.service import killed
from tests.service.console import Console
from tests.service.lawful import broken_laws, open_exceptions
from tests.service.shop import BY, DAY, NOW, open_shop, organization_id
from tests.support.databases import Database

ON = date(2026, 3, 8)
AT = datetime(2026, 3, 9, 1, tzinfo=UTC)


def use_some(*shops: str) -> None:
    """Of both consignors, in two kinds."""
    for shop in shops:
        lines = [
            written(Reported, f"{kind}{n}", "BOLT", "7", DAY, kind=kind, consignor=consignor)
            for n, consignor in enumerate(("acme", "bolts"))
            for kind in ("sale", "scrap")
        ]
        record_consumption(
            organization=organization_id(shop), lines=lines, source="till", by=BY, at=NOW
        ).or_raise()


def run() -> AdviceRun:
    buyer = models.Party.objects.get(code="northwind").pk
    return run_advices(consignee=buyer, on=ON, by=BY, at=AT)


@pytest.mark.rows("O16", "P58")
@pytest.mark.parametrize("step", killed.STEPS)
def test_a_run_that_is_killed_is_started_again(database: Database, step: str) -> None:
    """Whatever step it was at, it left nothing behind; the next run tells everything, once."""
    open_shop("S1", "S2")
    use_some("S1", "S2")
    told_before = models.Posting.objects.count()
    child = subprocess.run(
        [sys.executable, "-m", "tests.service.killed", step, ON.isoformat()],
        env=os.environ | {"DATABASE_URL": database.url}, capture_output=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()
    assert models.Advice.objects.count() == 0
    assert models.Total.objects.filter(told_on__isnull=False).count() == 0
    assert models.BillingCalendar.objects.count() == 0
    assert models.Posting.objects.count() == told_before
    assert broken_laws() == []

    made = run()
    assert (made.advices, made.lines) == (4, 4)
    amounts = sorted(models.Advice.objects.values_list("amount", flat=True))
    assert amounts == [467, 467, 467, 467]  # 14 at 0.3333, four times
    assert run()._replace(next_closing=None) == AdviceRun(0, 0, 0)
    assert models.Advice.objects.count() == 4
    assert broken_laws() == []
    assert audit().breaches == []


@pytest.mark.rows("O47", "O48", "P58")
def test_the_next_run_takes_up_what_has_a_price_now(database: Database) -> None:
    """And leaves no trace of trying where nothing has one."""
    open_shop("S1")
    bolt = {"agreement": "A-acme", "item": "BOLT", "starts_on": "2026-01-01"}
    models.AgreementPrice.objects.filter(agreement__number="A-acme").delete()
    lines = [written(Reported, "T1", "BOLT", "7", DAY, consignor="acme")]
    record_consumption(
        organization=organization_id("S1"), lines=lines, source="till", by=BY, at=NOW
    ).or_raise()
    shop = models.Organization.objects.get(code="S1")
    before = models.Posting.objects.count()
    assert (run().advices, models.Posting.objects.count()) == (0, before)
    assert [exception.reason for exception in open_exceptions(shop)] == ["price-missing"]

    register_prices(lines=[written(PriceLine, **bolt, price="0.50")]).or_raise()
    made = run()
    assert (made.advices, made.taken_up, open_exceptions(shop)) == (1, 1, [])
    assert models.Advice.objects.get().amount == 350
    assert run()._replace(next_closing=None) == AdviceRun(0, 0, 0)
    assert models.Advice.objects.count() == 1
    assert audit().breaches == []


@pytest.mark.rows("P58", "O46")
def test_where_each_transfer_stands_is_asked_at_the_command_line(
    database: Database, tmp_path: Path
) -> None:
    console = Console(tmp_path)
    open_shop("S1")
    models.AgreementPrice.objects.filter(agreement__number="A-acme").delete()
    use_some("S1")
    states = [(one["owner"], one["state"]) for one in console("settling", "--json").answer]
    assert Counter(states) == {("acme", "waiting"): 2, ("bolts", "to-be-advised"): 2}
    run()
    assert "price" in console("settling", "--state", "waiting").out
    (told, again) = console("settling", "--state", "advised", "--as", "bolts", "--json").answer
    assert (told["advice"], told["advice_line"], again["advice"]) == (
        "northwind-000001", 1, "northwind-000001",
    )  # fmt: skip
    assert console("settling", "--as", "bolts", "--state", "waiting", "--json").answer == []
    refused = console("run", "payments", "--by-kind")
    assert (refused.code, refused.out) == (2, "")
