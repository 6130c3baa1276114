"""Every operation has an address for programs, at which it is the same as in a file, and which does
for nobody what is not theirs."""

import json
from typing import Any

import pytest
from django.utils.timezone import now

from consigned_service.operations.core.operation import Operation
from consigned_service.operations.master_data import users
from consigned_service.operations.registry import OPERATIONS
from consigned_service.records import models
from tests.service.conftest import QUICK
from tests.service.console import Console
from tests.service.lawful import broken_laws
from tests.service.test_api_consumption import Program
from tests.service.test_batches import thrown_away
from tests.service.test_field_checks import MASTERS, VALID
from tests.support.databases import Database

DAY = "2026-03-02"
SIMPLE: dict[str, dict[str, str]] = {
    "parties": {"code": "new", "name": "New"},
    "sites": {"party": "shop", "code": "N", "name": "North"},
    "accounts": {"party": "shop", "account": "inventory", "number": "1400"},
    "organizations": {"code": "S3", "name": "Third", "party": "shop", "currency": "USD"},
    "places": {"code": "BAY", "name": "Bay"},
    "items": {"code": "NUT", "name": "Nut", "unit": "EA"},
    "item-settings": {"item": "BOLT", "pick_order": "own-first"},
    "standard-costs": {"item": "BOLT", "cost": "1", "because": "as bought"},
    "designations": {"item": "GLUE", "ownership": "owned", "because": "made here"},
    "approvals": {"item": "GLUE"},
    "assignments": {"item": "BOLT", "consignor": "acme"},
    "roles": {"party": "shop", "role": "buyer"},
    "reservation-cancellations": {"item": "BOLT"},
    "consumption-rules": {"rule": "R", "party": "shop", "verdict": "keep"},
    "exception-closings": {"exception": "1", "because": "rung up in training"},
    "bills": {"product": "KIT", "component": "BOLT", "quantity_per": "2"},
}
LINES = SIMPLE | VALID
"""A line of each operation that says all that it must."""


@pytest.fixture
def world(database: Database, tmp_path) -> Database:
    console = Console(tmp_path)
    for kind, content in MASTERS.items():
        said = console.imports(kind, content)
        assert said.code == 0, (kind, said)
    return database


@pytest.fixture
def of(world: Database) -> dict[str, Program]:
    """Programs of the shop, of its operator, of a supplier and of a stranger."""
    with QUICK:
        users.add_user(name="till", party="shop", password="x")
        users.add_user(name="ops", party="shop", password="x", is_operator=True)
        users.add_user(name="acme", party="acme", password="x")
    return {
        name: Program(users.issue_key(name=name, key_name="k", at=now()))
        for name in ("till", "ops", "acme")
    }


def address(operation: Operation) -> str:
    of_organization = "/organizations/S1" if operation.is_of_organization else ""
    return f"/api{of_organization}/{operation.name}"


def body(operation: Operation, **said: Any) -> str:
    line = LINES[operation.name]
    if "reference" in operation.columns:
        line = line | {"reference": f"{operation.name}-1"}
    source = {"source": "till"} if operation.takes("source") else {}
    return json.dumps({"lines": [line], **source, **said})


def counts() -> dict[str, int]:
    return {
        model.__name__: model.objects.count()
        for model in (models.Entry, models.Journal, models.Item, models.Party, models.Agreement,
                      models.OrderLine, models.Consumption, models.Key)
    }  # fmt: skip


def test_every_operation_has_an_address(of: dict[str, Program]) -> None:
    for kind in OPERATIONS:
        with thrown_away():
            check_address(of["ops"], OPERATIONS[kind])
    assert broken_laws() == []


def check_address(program: Program, operation: Operation) -> None:
    """A right line is recorded, or refused for what the operation itself says; a preview leaves
    nothing behind; and a line that says nothing is refused for each field that it must say."""
    before = counts()
    status, planned = program.send(body(operation, preview=True), address(operation))
    assert status in (200, 409, 422), planned
    assert counts() == before
    status, done = program.send(body(operation), address(operation))
    assert (status, done) == (status, planned)
    if status == 200:
        assert (done["refused"], done["new"] + done["changed"] + done["repeated"]) == ([], 1)
    else:
        assert done["code"] not in ("not-understood", "required", "unknown-organization"), done
    source = {"source": "till"} if operation.takes("source") else {}
    status, told = program.send(json.dumps({"lines": [{}], **source}), address(operation))
    assert status == 422, told
    must = {f.name for f in operation.fields if f.is_required and not f.type.may_be_blank}
    assert {one["field"] for one in told["refused"][0]["fields"]} == must, told
    assert {one["code"] for one in told["refused"][0]["fields"]} == {"required"}


OF_ACME = {"invoices", "credit-notes"}
"""What a consignor records itself."""


def test_nobody_records_what_is_not_theirs(of: dict[str, Program]) -> None:
    for kind, operation in OPERATIONS.items():
        check_refused(of["till" if kind in OF_ACME else "acme"], operation)
    assert broken_laws() == []


def check_refused(program: Program, operation: Operation) -> None:
    status, told = program.send(body(operation), address(operation))
    expected = (
        (404, "unknown-organization") if operation.is_of_organization
        else (422, "not-yours") if operation.of
        else (403, "only-the-operator")
    )  # fmt: skip
    assert (status, told["code"]) == expected, (operation.name, told)


def test_every_wrong_field_of_a_line_is_said(of: dict[str, Program]) -> None:
    wrong = LINES["transfers"] | {
        "reference": "T", "quantity": "many", "happened_on": "soon", "condition": "good",
    }  # fmt: skip
    status, told = of["till"].send(
        json.dumps({"lines": [wrong]}), "/api/organizations/S1/transfers"
    )
    assert (status, told["code"]) == (422, "wrong-fields")
    assert {one["field"]: one["code"] for one in told["refused"][0]["fields"]} == {
        "quantity": "invalid-quantity",
        "happened_on": "invalid-date", "condition": "invalid-choice",
    }  # fmt: skip


def test_a_yes_may_be_said_as_true(of: dict[str, Program]) -> None:
    line = {"code": "OWN", "name": "", "owned": True}
    status, told = of["till"].send(json.dumps({"lines": [line]}), "/api/organizations/S1/places")
    assert (status, told["new"]) == (200, 1), told
    assert models.Place.objects.get(code="OWN").is_owned
