"""The door for programs: advices as heads, lines and transactions, to their two parties alone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from consigned_service.operations.master_data import users
from tests.service import world as worlds
from tests.service.conftest import QUICK
from tests.service.console import Console
from tests.support.databases import Database

NUMBER = "northwind-000001"


@pytest.fixture
def ask(database: Database) -> Callable[..., tuple[int, Any]]:
    """Asks as a party of a small world."""
    with QUICK:
        world = worlds.build()
        world.give_accounts("open sesame 9")
    keys = {
        code: users.issue_key(name=code, key_name="k", at=now())
        for code in ("northwind", "acme", "contoso", "nobody", "lost")
    }

    def get(party: str, address: str) -> tuple[int, Any]:
        client = Client(raise_request_exception=False)
        told = client.get(f"/api{address}", headers={"authorization": f"Bearer {keys[party]}"})
        return told.status_code, told.json()

    return get


def cents(rows: list[dict[str, Any]]) -> int:
    return sum(int(row["amount"]["amount"].replace(".", "")) for row in rows)


@pytest.mark.rows("O56", "O57")
def test_an_advice_is_a_head_lines_and_transactions(ask: Callable, tmp_path) -> None:
    """The same figures as at the command line, and their sums agree."""
    status, head = ask("northwind", f"/advices/{NUMBER}")
    assert status == 200
    assert (head["number"], head["consignor"], head["consignee"], head["bill_to"]) == (
        NUMBER, "acme", "northwind", "northwind",
    )  # fmt: skip
    said = Console(tmp_path)("advice", NUMBER, "--transactions", "--as", "acme", "--json").answer
    assert head.pop("vouchers") == said["vouchers"] == []
    assert {name: said["head"][name] for name in head} == head
    _, lines = ask("acme", f"/advices/{NUMBER}/lines")
    _, told = ask("acme", f"/advices/{NUMBER}/transactions")
    assert [line["amount"] for line in lines["lines"]] == [
        line["amount"] for line in said["lines"]["rows"]
    ]
    assert [one["amount"] for one in told["transactions"]] == [
        one["amount"] for one in said["transactions"]
    ]
    assert cents(lines["lines"]) == cents(told["transactions"]) == cents([head])
    assert told["total"] == len(told["transactions"]) > 0
    first = told["transactions"][0]
    assert (first["receipt"], first["order"], first["lot"]) == ("R-1", "PO-1", "LOT-A")
    assert first["billed"] == first["consumed"]


@pytest.mark.rows("O56", "E37")
def test_it_is_told_to_its_two_parties_alone(ask: Callable) -> None:
    for address in (f"/advices/{NUMBER}", f"/advices/{NUMBER}/lines",
                    f"/advices/{NUMBER}/transactions"):  # fmt: skip
        for stranger in ("contoso", "nobody"):
            status, said = ask(stranger, address)
            assert (status, said["code"]) == (404, "unknown-advice")
        assert ask("lost", address)[0] == 403
    assert ask("nobody", "/advices") == (200, {"total": 0, "advices": []})
    _, of_acme = ask("northwind", "/advices?consignor=acme&limit=1")
    assert of_acme["total"] > 1 == len(of_acme["advices"])
    assert ask("northwind", "/advices/%00")[0] == 404
    for wrong, where in (("limit=0", "limit"), ("state=lost", "state"), ("site=%00", "site")):
        status, said = ask("northwind", f"/advices?{wrong}")
        assert (status, said["code"], said["sentence"].split(":")[0]) == (
            422, "not-understood", where,
        )  # fmt: skip
