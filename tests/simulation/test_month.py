"""Months from seeds, on both databases. A failure names its seed: run that one again."""

import os

import pytest

from consigned_service.records import models
from tests.service.lawful import broken_laws
from tests.simulation.month import Month
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
