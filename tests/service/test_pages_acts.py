"""Recording by hand: every operation has a form, which does what the operation does and no more."""

import re
from typing import Any

import pytest
from django.test import Client

from consigned_service.operations.core.operation import Operation
from consigned_service.operations.master_data import users
from consigned_service.operations.registry import OPERATIONS
from consigned_service.records import models
from tests.service.conftest import QUICK
from tests.service.console import Console
from tests.service.lawful import broken_laws
from tests.service.test_api_recording import LINES, counts
from tests.service.test_batches import thrown_away
from tests.service.test_field_checks import MASTERS
from tests.support.databases import Database

DAY = "2026-03-02"
MOVE = {
    "organization": "S1", "reference": "T-1", "item": "BOLT", "quantity": "3",
    "from_place": "STORE", "to_place": "FLOOR", "happened_on": DAY,
}  # fmt: skip


@pytest.fixture
def of(database: Database, tmp_path) -> dict[str, Client]:
    """Browsers of somebody of the shop, of its operator, and of a supplier."""
    console = Console(tmp_path)
    for kind, content in MASTERS.items():
        assert console.imports(kind, content).code == 0, kind
    browsers = {}
    with QUICK:
        for name, party in (("dora", "shop"), ("ops", "shop"), ("ann", "acme")):
            users.add_user(name=name, party=party, password="pass", is_operator=name == "ops")
            browsers[name] = Client()
            browsers[name].login(username=name, password="pass")
    return browsers


def post(client: Client, kind: str, line: dict[str, Any], button: str = "record") -> str:
    answered = client.post(f"/acts/{kind}/", line | {button: ""}, follow=True)
    assert answered.status_code == 200, (kind, answered.status_code)
    return answered.content.decode()


def errors(page: str) -> list[str]:
    return re.findall(r'<p class="error"[^>]*>(.*?)</p>|role="alert"><p>(.*?)</p>', page)


def test_every_operation_has_a_form_with_a_field_for_each_of_its_own(of: dict[str, Client]) -> None:
    listed = of["ops"].get("/acts/").content.decode()
    for kind, operation in OPERATIONS.items():
        assert f'href="/acts/{kind}/"' in listed, kind
        page = of["ops"].get(f"/acts/{kind}/").content.decode()
        named = re.findall(r'<(?:input|select)[^>]* name="(\w+)"', page)
        assert set(operation.columns) <= set(named), kind
        with thrown_away():
            check(of["ops"], operation)
    assert broken_laws() == []


def check(client: Client, operation: Operation) -> None:
    """A right line is recorded or refused for what the operation says; a preview records nothing;
    and a blank form says of each field what it lacks."""
    line = LINES[operation.name] | {"reference": "R-1"}
    if operation.is_of_organization:
        line |= {"organization": "S1"}
    before = counts()
    planned = post(client, operation.name, line, "preview")
    assert counts() == before
    done = post(client, operation.name, line)
    assert ("Nothing is recorded yet" in planned) is ('class="message success"' in done), done
    assert bool(errors(done)) is ('class="message success"' not in done)
    blank = {"organization": "S1"} if operation.is_of_organization else {}
    must = [f for f in operation.fields if f.is_required and not f.type.may_be_blank]
    assert len(errors(post(client, operation.name, blank))) == len(must), operation.name


def test_a_person_moves_goods(of: dict[str, Client]) -> None:
    assert "Nothing is recorded yet. It would be recorded." in post(
        of["dora"], "transfers", MOVE, "preview"
    )
    assert "Transfer goods: recorded." in post(of["dora"], "transfers", MOVE)
    assert "recorded before, with the same content" in post(of["dora"], "transfers", MOVE)
    moved = models.Entry.objects.filter(kind="moved")
    assert sum(moved.values_list("quantity", flat=True)) == 3_000_000
    assert models.Posting.objects.latest("number").recorded_by == "dora"


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(of: dict[str, Client]) -> None:
    page = post(of["dora"], "transfers", MOVE | {"quantity": "many", "to_place": "HEAVEN"})
    assert "&#x27;many&#x27; is not a quantity" in page
    assert 'value="many"' in page
    assert 'value="HEAVEN"' in page
    page = post(of["dora"], "transfers", MOVE | {"to_place": "HEAVEN"})
    assert "HEAVEN" in errors(page)[0][1]
    page = post(of["dora"], "transfers", MOVE | {"quantity": "9999"})
    assert "9999" in errors(page)[0][1]
    assert not models.Entry.objects.filter(kind="moved").exists()


def test_nobody_is_offered_or_does_what_is_not_theirs(of: dict[str, Client]) -> None:
    offered = of["ann"].get("/acts/").content.decode()
    assert 'href="/acts/invoices/"' in offered
    for kind in ("transfers", "consumption", "parties", "items"):
        assert f'href="/acts/{kind}/"' not in offered
        assert of["ann"].get(f"/acts/{kind}/").status_code == 404
        assert of["ann"].post(f"/acts/{kind}/", MOVE).status_code == 404
    assert of["dora"].get("/acts/prices/").status_code == 404
    page = post(of["ann"], "vouchers", LINES["vouchers"])
    assert "is not one of yours" in page
    assert Client().get("/acts/transfers/").status_code == 302
    assert of["dora"].get("/acts/items/").status_code == 404
    assert of["dora"].get("/acts/nothing/").status_code == 404
    page = post(of["dora"], "transfers", MOVE | {"organization": "X9"})
    assert "X9" in "".join(errors(page)[0])
    assert not models.Entry.objects.filter(kind="moved").exists()
