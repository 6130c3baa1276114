"""Three parties as two programmes of two: from files and commands, and held against the laws."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from consigned_service.operations.audit.audit import audit
from consigned_service.operations.consumption.back_to_back import pass_on_use
from consigned_service.records.master_data.agreements import party_ids
from tests.daybooks.book import FOLDER, replay
from tests.daybooks.service import Service
from tests.service.console import Console
from tests.support.databases import Database

AT = datetime(2026, 3, 9, 12, tzinfo=UTC)


@pytest.fixture
def chain(database: Database) -> Database:
    replay((FOLDER / "91-through-a-distributor.txt").read_text(encoding="utf-8"), Service())
    return database


@pytest.mark.rows("E14")
def test_what_is_passed_on_is_what_was_used(chain: Database) -> None:
    assert audit().breaches == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE back_to_back_progress SET through_entry = 1")
    (breach,) = audit().breaches
    assert breach.law == "use is passed on once"
    assert breach.where == "D-1 at PLANT"
    depot = party_ids(["depot"])["depot"]
    assert pass_on_use(consignor=depot, by="ann", at=AT).lines == 0
    assert audit().breaches == []


@pytest.mark.rows("E13")
def test_roles_come_from_a_file_and_use_is_passed_on_by_a_run(chain: Database, tmp_path) -> None:
    console = Console(tmp_path)
    (tmp_path / "roles.csv").write_text(
        "party,role,agreement,organization\n"
        "acme,oem,,\n"
        "depot,distributor,M-1,\n"
        "depot,third-party-warehouse,,PLANT\n"
        "depot,distributor,M-9,\n"
    )
    said = console("import", "roles", "roles.csv", "--json").answer
    assert (said["new"], said["refused"]) == (3, 1)
    passed = console("run", "passing-on", "--as", "depot", "--json").answer
    assert (passed["lines"], passed["waiting"]) == (0, 0)
