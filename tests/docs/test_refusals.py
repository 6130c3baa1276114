"""docs/REFUSALS.md is what the code says, and the order it says is the order that people meet."""

from datetime import UTC, datetime

import pytest

from consigned_service.operations.consumption.issues import Reported, record_consumption
from consigned_service.operations.core.outcome import Outcome
from consigned_service.operations.inventory.aging import AgedLine, buy_aged
from consigned_service.operations.inventory.transfers import TransferLine, transfer_goods
from tests import refusals
from tests.reference import refusals as known_refusals
from tests.service.shop import BY, open_shop, organization_id
from tests.support.databases import Database

AT = datetime(2026, 3, 8, 20, tzinfo=UTC)


def test_the_page_is_up_to_date() -> None:
    written = refusals.PAGE.read_text(encoding="utf-8")
    assert written == refusals.page(), "run python -m tests.refusals"


def precedence_of(act: str) -> list[str]:
    (found,) = [one for one in refusals.acts() if one.name == act]
    codes = {refusal.__name__: refusal.code for refusal in known_refusals()}
    return [codes[name] for name in found.refuses]


ACTS = {"record_consumption": record_consumption, "transfer_goods": transfer_goods,
        "buy_aged": buy_aged}  # fmt: skip
OBSTACLES = [  # two or more at once, in the order of the page
    ("record_consumption", Reported("r", "NONE", "x", "never"),
     ["unknown-item", "not-a-quantity", "not-a-day"]),
    ("record_consumption", Reported("r", "BOLT", "x", "never", kind="theft"),
     ["not-a-quantity", "not-one-of", "not-a-day"]),
    ("record_consumption", Reported("r", "BOLT", "1", "never", unit="TON", place="HEAVEN"),
     ["unit-does-not-convert", "not-a-day", "unknown-place"]),
    ("record_consumption", Reported("r", "BOLT", "1", "2026-03-06", place="HEAVEN", price="dear"),
     ["unknown-place", "not-money"]),
    ("transfer_goods", TransferLine("r", "NONE", "1", "STORE", "STORE", "2026-03-06"),
     ["unknown-item", "same-place"]),
    ("transfer_goods", TransferLine("r", "BOLT", "x", "STORE", "HEAVEN", "2026-03-06"),
     ["unknown-place", "not-a-quantity"]),
    ("buy_aged", AgedLine("r", "never", "R9", "1", quantity="x"),
     ["not-a-day", "unknown-receipt", "not-a-quantity"]),
]  # fmt: skip


@pytest.mark.parametrize(("act", "line", "obstacles"), OBSTACLES)
def test_the_first_obstacle_on_the_page_is_the_answer(
    database: Database, act: str, line: tuple, obstacles: list[str]
) -> None:
    open_shop("s1", shelf=10)
    told = {"source": "till"} if act == "record_consumption" else {}
    outcome: Outcome = ACTS[act](
        organization=organization_id("s1"), lines=[line], by=BY, at=AT, **told
    )
    listed = precedence_of(act)
    assert [code for code in listed if code in obstacles] == obstacles
    assert outcome.refused[0].refusal.code == obstacles[0]
