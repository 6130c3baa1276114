"""The audit holds on what the product wrote, and names what was altered by hand.

Every column of one row of every ledger table is altered in turn, with the database's own guards
taken away first, as somebody with the administrator's password would do it.
"""

from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.db import connection, models

from consigned_service.operations.audit.audit import audit
from consigned_service.operations.audit.laws.facts import Facts
from consigned_service.operations.audit.laws.registry import OF_EACH_LEDGER, OF_THE_INSTALLATION
from consigned_service.operations.consumption import issues as consumption
from consigned_service.operations.core.lines import written
from consigned_service.records.audit import facts as audit_records
from consigned_service.records.models import ledger as ledger_models
from tests.service.month import WEEK_END, a_month_in_the_shop
from tests.service.shop import BY, open_shop, organization_id
from tests.service.tampering import take_the_guards_away

FREE = {
    ("reservation", "*"): "a promise is a plan, not a fact of the ledger",
    ("putaway_task", "*"): "the putaway queue is a plan, not a fact of the ledger",
    ("ledger", "next_consumption"): "a repeated line leaves a gap in these numbers",
    ("ledger", "next_total"): "a total that stands leaves a gap in these numbers",
    ("ledger", "next_reservation"): "a promise is a plan, not a fact of the ledger",
}
"""What may be altered without breaking a law, and why."""


def test_the_audit_holds_after_a_little_of_everything(database):
    a_month_in_the_shop()
    found = audit()
    assert found.breaches == []
    assert found.holds
    assert found.entries > 10


def ledger_tables() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_app_config("records").get_models()
        if model.__module__ == ledger_models.__name__
    ]


@pytest.mark.parametrize(
    "table", [model._meta.db_table for model in ledger_tables() if model is not None]
)
def test_a_row_of_the_ledger_altered_by_hand_is_found(database, table):
    if (table, "*") in FREE:
        pytest.skip(FREE[table, "*"])
    a_month_in_the_shop()
    take_the_guards_away()
    model = next(m for m in ledger_tables() if m._meta.db_table == table)
    columns = [field.column for field in model._meta.concrete_fields]
    row = first_row(table, columns)
    if row is None:
        pytest.skip("the story writes no row of it")
    unseen = []
    for column, value in zip(columns, row, strict=True):
        if column == "organization_id" or (table, column) in FREE:
            continue
        altered = other(model, column, value)
        if not alter(table, columns, row, column, altered):
            continue  # the database itself refuses it
        if not is_noticed():
            unseen.append(column)
        restore(table, columns, row, column, value, altered)
    assert unseen == []
    assert audit().holds


def is_noticed() -> bool:
    """Whether an audit would find anything; what it finds first is enough, and takes less time."""
    with audit_records.snapshot():
        try:
            return any(
                True
                for organization, _, party in audit_records.organizations()
                for facts in [Facts(organization, party)]
                for law in OF_EACH_LEDGER
                for _ in law(facts)
            ) or any(True for law in OF_THE_INSTALLATION for _ in law())
        except Exception:  # noqa: BLE001  # a fact that cannot be read is a breach
            return True


def test_the_altered_entry_is_named(database):
    a_month_in_the_shop()
    take_the_guards_away()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE title_entry SET happened_on = '2026-03-05' WHERE number = 11")
    assert "s1 ent_11" in {breach.where for breach in audit().breaches}


def test_what_is_shifted_from_one_field_of_a_postings_head_to_the_next_is_found(database):
    open_shop("s1", shelf=100)
    line = written(consumption.Reported, "1", "BOLT", "1", "2026-03-06")
    consumption.record_consumption(
        organization=organization_id("s1"), lines=[line], source="till|1", by=BY, at=WEEK_END
    ).or_raise()
    take_the_guards_away()
    assert audit().holds
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE posting SET cause = 'consumption|till', reference = '1' "
            "WHERE reference = 'till|1'"
        )
        assert cursor.rowcount == 1
    assert {breach.law for breach in audit().breaches} == {"the seal holds"}


@pytest.mark.parametrize(
    "table", ["title_entry", "charge", "consumption", "journal", "layer", "posting", "balance",
              "running_total", "idempotency_key", "exception_resolution", "advice_line",
              "goods_receipt_line", "in_transit_layer", "inspection", "charge_rate",
              "exchange_rate",
              "tax_rate"],
)  # fmt: skip
def test_a_row_taken_away_is_missed(database, table):
    a_month_in_the_shop()
    take_the_guards_away()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        if cursor.fetchone() is None:
            pytest.skip("the story writes no row of it")
        if database.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(f"DELETE FROM {table} WHERE ctid IN (SELECT ctid FROM {table} LIMIT 1)")
            cursor.execute("SET session_replication_role = DEFAULT")
        else:
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute(
                f"DELETE FROM {table} WHERE rowid IN (SELECT rowid FROM {table} LIMIT 1)"
            )
    assert not audit().holds


# --- tampering -------------------------------------------------------------------------------


def first_row(table: str, columns: list[str]) -> tuple | None:
    with connection.cursor() as cursor:
        order = "cost DESC" if "cost" in columns else "1, 2"
        cursor.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY {order} LIMIT 1")
        return cursor.fetchone()


def other(model: type[models.Model], column: str, value: object) -> object:
    """Another value that the column could hold."""
    field = next(f for f in model._meta.concrete_fields if f.column == column)
    if isinstance(field, models.DateTimeField):
        return datetime(2020, 1, 1, tzinfo=UTC)
    if isinstance(field, models.DateField):
        return date(2020, 1, 1)
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.CharField):
        return f"{value}x"[-(field.max_length or 1) :] if value else "x"
    return value + 1 if isinstance(value, int) else 1


def alter(table: str, columns: list[str], row: tuple, column: str, value: object) -> bool:
    where = " AND ".join(
        f"{name} = %s" for name, kept in zip(columns, row, strict=True) if kept is not None
    )
    kept = [kept for kept in row if kept is not None]
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {where}", [value, *kept])
            return bool(cursor.rowcount)
    except Exception as refused:
        if type(refused).__name__ in {"IntegrityError", "DataError"}:
            return False
        raise


def restore(
    table: str, columns: list[str], row: tuple, column: str, value: object, altered: object
) -> None:
    others = [
        (name, altered if name == column else kept)
        for name, kept in zip(columns, row, strict=True)
        if name == column or kept is not None
    ]
    where = " AND ".join(f"{name} = %s" for name, _ in others)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {column} = %s WHERE {where}",
            [value, *(kept for _, kept in others)],
        )
