"""A yard where everything happens, from seeds, with every law held after every act.

A failure names its seed and its step; that one again, and no further, is
`YARD_SEED=7 YARD_STEPS=400 pytest tests/simulation`. A night's run holds the laws against every
twenty-fifth act (YARD_EVERY=25), because each time all that happened before is added up again.
"""

import os

import pytest

from consigned_service.operations.audit import audit
from tests.simulation.yard import ACTS, Yard
from tests.support.databases import Database

ONE = os.environ.get("YARD_SEED")
MANY = int(os.environ.get("YARD_SEEDS", "2"))
STEPS = int(os.environ.get("YARD_STEPS", "120"))
EVERY = int(os.environ.get("YARD_EVERY", "1"))
ENOUGH = 10_000
"""After so many steps the rarest act was done."""
SEEDS = [int(ONE)] if ONE else range(1, MANY + 1)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_law_holds_after_every_act_of_a_yard(seed: int, database: Database) -> None:
    yard = Yard(seed)
    yard.open()
    for step in range(STEPS):
        act = yard.step()
        if step % EVERY == 0 or step == STEPS - 1:
            found = audit()
            assert found.holds, f"seed {seed}, step {step}, {act}: {found.breaches[:3]}"
    never = [act for act in ACTS if not yard.done[act]]
    assert STEPS < ENOUGH or not never, f"{never} were never done"
