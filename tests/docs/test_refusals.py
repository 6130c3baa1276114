"""docs/REFUSALS.md is what the code says, and the order it says is the order that people meet."""

from datetime import UTC, datetime

import pytest

from consigned_service.operations.core.batch import Written, record
from consigned_service.operations.core.operation import Request
from consigned_service.operations.core.outcome import RefusedLine, WrongFields
from consigned_service.operations.registry import OPERATIONS
from tests import refusals
from tests.reference import refusals as known_refusals
from tests.service.shop import BY, open_shop, organization_id
from tests.support.databases import Database

AT = datetime(2026, 3, 8, 20, tzinfo=UTC)


def test_the_page_is_up_to_date() -> None:
    written = refusals.PAGE.read_text(encoding="utf-8")
    assert written == refusals.page(), "run python -m tests.refusals"


OBSTACLES = [  # two or more at once, in the order of the page
    ("transfers", ["r", "NONE", "1", "STORE", "STORE", "2026-03-06"],
     ["unknown-item", "same-place"]),
    ("transfers", ["r", "NONE", "1", "STORE", "HEAVEN", "2026-03-06"],
     ["unknown-item", "unknown-place"]),
    ("consumption", ["r", "NONE", "1", "2099-01-01"], ["unknown-item", "not-yet"]),
    ("consumption", ["r", "BOLT", "1", "2026-03-06", "TON", "", "HEAVEN"],
     ["unknown-unit", "unknown-place"]),
    ("aging-transfers", ["r", "2026-03-06", "R9", "1"], ["unknown-receipt"]),
]  # fmt: skip


def come_of(kind: str, fields: list[str]) -> RefusedLine:
    operation = OPERATIONS[kind]
    line = Written("", [*fields, *[""] * (len(operation.fields) - len(fields))])
    (refused,) = record(operation, [line], Request(organization_id("s1"), BY, AT, "till")).refused
    return refused


@pytest.mark.parametrize(("kind", "fields", "obstacles"), OBSTACLES)
def test_the_first_obstacle_on_the_page_is_the_answer(
    database: Database, kind: str, fields: list[str], obstacles: list[str]
) -> None:
    open_shop("s1", shelf=10)
    (act,) = [one for one in refusals.acts() if OPERATIONS[kind].is_by(one.name)]
    codes = {refusal.__name__: refusal.code for refusal in known_refusals()}
    listed = [codes[name] for name in act.refuses]
    assert [code for code in listed if code in obstacles] == obstacles
    assert come_of(kind, fields).refusal.code == obstacles[0]


WRONG = [  # the fields of a line, and what is said of each that is wrong
    ("consumption", ["r", "NONE", "x", "never"], {"quantity": "invalid-quantity",
                                                  "occurred_at": "invalid-date"}),
    ("consumption", ["", "BOLT", "x", "2026-03-06", "", "theft", "", "", "", "", "dear"],
     {"reference": "required", "quantity": "invalid-quantity", "kind": "invalid-choice",
      "price": "invalid-amount"}),
    ("transfers", ["r", "BOLT", "x", "STORE", "HEAVEN", "2026-03-06"],
     {"quantity": "invalid-quantity"}),
    ("receipts", ["R", "0", "26-3-6", "", "none"],
     {"line": "invalid-number", "received_on": "invalid-date",
      "ship_notice_line": "invalid-number"}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "fields", "wrong"), WRONG)
def test_every_wrong_field_is_said_before_anything_else(
    database: Database, kind: str, fields: list[str], wrong: dict[str, str]
) -> None:
    open_shop("s1", shelf=10)
    refused = come_of(kind, fields)
    if len(wrong) == 1:
        assert {refused.field: refused.refusal.code} == wrong
        return
    assert isinstance(refused.refusal, WrongFields)
    assert {one.name: one.refusal.code for one in refused.refusal.wrong} == wrong
    assert all(f"{name}: " in refused.refusal.sentence() for name in wrong)
