"""What is once written is never changed or taken away, not even by plain SQL."""

import pytest
from django.db import DatabaseError, connection, transaction

from consigned_service.operations.audit.audit import audit
from consigned_service.records import models
from consigned_service.records.ledger.posting import ENTRY
from tests.service.lawful import broken_laws
from tests.service.month import a_month_in_the_shop
from tests.service.shop import open_shop
from tests.support.databases import Database

DERIVED = {
    "ledger", "balance", "running_total", "inventory_cost", "billing_calendar", "numbering",
    "component_issued", "back_to_back_progress",
}  # fmt: skip
"""Tables that change: counters, and what is worked out again from the others."""

OPEN = {"reservation", "putaway_task"}
"""A promise that is picked from and a queue that is worked off: plans, no part of the ledger."""

KEPT = {
    model._meta.db_table: model
    for model in vars(models).values()
    if isinstance(model, type)
    and issubclass(model, models.Posting.__mro__[-2])
    and model.__module__.rpartition(".")[2] in ("ledger", "settlement", "changes")
    and not model._meta.abstract
    and model._meta.db_table not in DERIVED | OPEN
}


REFUSED = r"a row of \w+ is never changed or deleted|referenced in a foreign key"


def in_one_transaction(said: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(said)


def content(model: type) -> list[tuple[object, ...]]:
    return sorted(model.objects.values_list(), key=str)


def test_no_row_is_changed_or_deleted(database: Database) -> None:
    a_month_in_the_shop()
    acts = [
        "UPDATE {table} SET {column} = {column}",
        "UPDATE {table} SET {other} = NULL",
        "DELETE FROM {table}",
        "DELETE FROM {table} WHERE {column} = (SELECT MAX({column}) FROM {table})",
    ]
    if database.vendor == "postgresql":
        acts += [
            "TRUNCATE {table}",
            "TRUNCATE {table} CASCADE",
            "MERGE INTO {table} USING (SELECT 1) one ON true WHEN MATCHED THEN DELETE",
        ]
    else:
        acts += [
            "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
            "UPDATE OR REPLACE {table} SET {column} = {column}",
        ]
    assert len(KEPT) >= 20
    for table, model in KEPT.items():
        before = content(model)
        assert before, f"nothing in {table} to try it on"
        columns = [field.column for field in model._meta.concrete_fields if field.column]
        for act in acts:
            said = act.format(table=table, column=columns[0], other=columns[-1])
            with pytest.raises(DatabaseError, match=REFUSED):
                in_one_transaction(said)
            assert content(model) == before, said
    assert audit().breaches == []


def test_nothing_goes_below_nothing_by_hand_either(database: Database) -> None:
    """The balances may be written, but the database keeps them from going below nothing; and no
    entry takes nothing."""
    open_shop("S1")
    columns = ", ".join(ENTRY)
    taking = "INSERT INTO title_entry ({}) SELECT {} FROM title_entry WHERE number = 1"
    for said in (
        "UPDATE balance SET quantity = -1 WHERE NOT is_outer",
        *(
            taking.format(columns, columns.replace("number", "999").replace("quantity", quantity))
            for quantity in ("0", "-5")
        ),
    ):
        with pytest.raises(DatabaseError):
            in_one_transaction(said)
    assert broken_laws() == []
