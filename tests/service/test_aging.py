"""Aging from the command line, and across what the day books do not tell."""

from datetime import UTC, date, datetime

import pytest

from consigned_service.operations import aging
from consigned_service.operations.audit import audit
from consigned_service.queries import aging as queries
from consigned_service.queries.viewers import viewer_of_party
from consigned_service.records.agreements import party_ids
from tests.service.console import Console
from tests.service.lawful import broken_laws
from tests.service.shop import open_shop, organization_id
from tests.support.databases import Database

AT = datetime(2026, 5, 20, 12, tzinfo=UTC)


@pytest.fixture
def console(tmp_path) -> Console:
    return Console(tmp_path)


@pytest.mark.rows("O28", "O27", "X11")
def test_goods_are_bought_and_given_time_from_files(
    database: Database, console: Console, tmp_path
) -> None:
    open_shop("s1", shelf=100)
    listed = console("aging", "--on", "2026-05-20", "--json").answer
    assert [line["days_left"] for line in listed] == sorted(line["days_left"] for line in listed)
    assert listed[0]["days_left"] < 0
    first = listed[0]["layer"]
    said = console("aging", "--on", "2026-05-20").out
    assert f"lay_{first}" in said
    assert "of them aged" in said
    (tmp_path / "buy.csv").write_text(
        "organization,reference,happened_on,layer,quantity\n"
        f"s1,b1,2026-05-20,lay_{first},3\ns1,b2,2026-05-20,lay_999,1\n"
    )
    bought = console("import", "aged-purchases", "buy.csv", "--json")
    assert (bought.answer["new"], bought.answer["refused"]) == (1, 1)
    (tmp_path / "more.csv").write_text(
        "organization,reference,agreed_on,consent,layer,days\n"
        f"s1,m1,2026-05-20,by mail,{first},100\n"
    )
    assert console("import", "extensions", "more.csv").code == 0
    again = console("import", "extensions", "more.csv", "--json").answer
    assert (again["new"], again["repeated"]) == (0, 1) or again["is_finished"]
    after = {
        line["layer"]: line for line in console("aging", "--on", "2026-05-20", "--json").answer
    }
    assert after[first]["days_left"] == listed[0]["days_left"] + 100
    assert after[first]["has_more_time"]
    assert broken_laws() == []
    assert audit().breaches == []


@pytest.mark.rows("O27")
def test_a_run_leaves_to_people_what_is_theirs(database: Database) -> None:
    open_shop("s1", shelf=100)
    northwind = party_ids(["northwind"])["northwind"]
    run = aging.run_aging(consignee=northwind, on=date(2026, 5, 20), by="ann", at=AT)
    assert run == (0, 0, 0)


def test_nobody_sees_a_strangers_goods(database: Database) -> None:
    open_shop("s1", shelf=100)
    assert organization_id("s1")
    for code, owners in (
        ("northwind", {"acme", "bolts"}),
        ("acme", {"acme"}),
        ("bolts", {"bolts"}),
    ):
        viewer = viewer_of_party(code)
        assert viewer
        today = date(2026, 5, 20)
        assert {line.owner for line in queries.aging(viewer, today=today)} == owners
        items = queries.action_items(viewer, today=today)
        assert {item.line.owner for item in items} == owners
        assert queries.extensions(viewer) == []
