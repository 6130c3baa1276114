"""Months from seeds, on both databases. A failure names its seed: run that one again."""

import os

import pytest

from consigned_service.operations.audit.audit import audit
from consigned_service.records import models
from tests.service.lawful import broken_laws
from tests.simulation.month import Month
from tests.simulation.units import MonthOfUnits, every_unit_is_settled_once
from tests.support.databases import Database

ONE = os.environ.get("SIMULATION_SEED")
MANY = int(os.environ.get("SIMULATION_SEEDS", "3"))
SEEDS = [int(ONE)] if ONE else range(1, MANY + 1)


@pytest.mark.rows("E01", "O03", "O13", "O43", "O44", "L31")
@pytest.mark.parametrize("seed", SEEDS)
def test_both_parties_tell_the_same_month(seed: int, database: Database) -> None:
    month = Month(seed)
    month.play()
    month.compare()
    assert broken_laws() == []
    assert models.Entry.objects.count() > 200


@pytest.mark.rows("L31", "O43", "O44")
@pytest.mark.parametrize("seed", SEEDS)
def test_every_unit_is_settled_exactly_once(seed: int, database: Database) -> None:
    month = MonthOfUnits(seed)
    month.play()
    assert min(month.acts[act] for act in (
        "kept", "title turned back", "sent back", "price changed"
    )) > 0, month.acts  # fmt: skip
    found = every_unit_is_settled_once()
    assert sum(found.turned_back.values())
    assert sum(found.sold_back.values())
    assert audit().breaches == []
