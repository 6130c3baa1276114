"""The audit misses what is gone: rows, whole tables, organizations, the ledger's own row.

Each deletion is made in a transaction that is rolled back, with the database's guards and foreign
keys switched off, as somebody with the administrator's password would do it.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from unittest.mock import patch

from django.apps import apps
from django.db import connection, transaction

from consigned_service.operations.audit.audit import audit
from consigned_service.records.audit import existence
from consigned_service.records.audit import facts as audit_records
from consigned_service.records.models import ledger as ledger_tables
from tests.service.tampering import take_the_guards_away
from tests.service.test_money_faults import every_way_to_settle
from tests.support.databases import Database

NOT_MISSED = {
    "membership": "who may see a party's goods decides nothing of them",
    "putaway_task": "the putaway queue is a plan, not a fact of the ledger",
    "numbering": "the next number of a paper is made anew",
    "master_change": "what a master was called before decides nothing",
    "bill_line": "what a product is made of decides what will be used, not what was",
    "agreement_line": "which items may be consigned was decided when they came",
    "agreement_tax": "which tax applies was kept with each use",
    "advice_communication": "how an advice was sent settles nothing",
}
"""Tables that may be emptied without breaking a law, and why."""


EMPTY = [
    "account_mapping", "site", "item_unit", "item_setting", "designation_change", "appointment",
    "membership", "api_key", "user_session", "sign_in", "order_line_closing", "import",
    "installation", "message", "schedule", "run",
    "process", "reservation", "back_to_back_progress",
]  # fmt: skip
"""Tables of which the story writes no row."""


@contextmanager
def altered(database: Database, *statements: str) -> Iterator[None]:
    """What an administrator did, until it is taken back."""
    with (
        patch.object(audit_records, "snapshot", nullcontext),
        _without_foreign_keys(database),
        transaction.atomic(),
    ):
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        yield
        transaction.set_rollback(True)


@contextmanager
def _without_foreign_keys(database: Database) -> Iterator[None]:
    off, on = (
        ("SET session_replication_role = replica", "SET session_replication_role = DEFAULT")
        if database.vendor == "postgresql"
        else ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON")
    )
    with connection.cursor() as cursor:
        cursor.execute(off)
        try:
            yield
        finally:
            cursor.execute(on)


def tables() -> list[str]:
    return [model._meta.db_table for model in apps.get_app_config("records").get_models()]


def test_an_emptied_table_is_missed(database):
    every_way_to_settle()
    take_the_guards_away()
    unseen, empty = [], []
    for table in tables():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')
            if cursor.fetchone() is None:
                empty.append(table)
                continue
        with altered(database, f'DELETE FROM "{table}"'):
            if audit().holds and table not in NOT_MISSED:
                unseen.append(table)
    assert (unseen, empty) == ([], EMPTY)
    assert audit().holds


def test_payments_that_were_deleted_are_missed(database):
    every_way_to_settle()
    take_the_guards_away()
    with altered(database, "DELETE FROM payment WHERE id = (SELECT MIN(id) FROM payment)"):
        found = audit().breaches
    assert {breach.law for breach in found} == {"what is named is there"}
    assert {breach.where.split()[0] for breach in found} == {
        "payment_line", "payment_credit",
    }  # fmt: skip


def test_an_organization_that_was_deleted_is_missed(database):
    every_way_to_settle()
    take_the_guards_away()
    with altered(database, "DELETE FROM organization"):
        found = audit()
    assert found.organizations == 0
    assert "org_1" in {
        b.where for b in found.breaches if b.law == "each ledger has its organization"
    }


def test_a_ledger_without_its_own_row_is_a_breach_and_its_other_laws_are_checked(database):
    every_way_to_settle()
    take_the_guards_away()
    with altered(database, "DELETE FROM ledger", "DELETE FROM charge"):
        found = audit()
    broken = {b.law for b in found.breaches}
    assert {"no fact is missing", "the seal holds", "each transfer is charged once"} <= broken


def test_what_cannot_be_read_ends_one_law_alone(database):
    every_way_to_settle()
    take_the_guards_away()
    nonsense = "UPDATE running_total SET tax = 'nonsense' WHERE tax <> ''"
    with altered(database, nonsense, "DELETE FROM advice_line", "DELETE FROM party"):
        found = audit().breaches
    assert "every fact can be read" in {breach.law for breach in found}
    assert "settled once" in {breach.law for breach in found}


def test_each_number_that_names_something_outside_of_a_ledger_is_followed():
    """A column that is called like what is followed in another table is followed too."""
    columns = {
        field.column
        for model in apps.get_app_config("records").get_models()
        if model.__module__ == ledger_tables.__name__
        for field in model._meta.concrete_fields
    }
    assert existence.NAMED.keys() <= columns
