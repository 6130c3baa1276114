"""Whether a database has the tables, columns and guards that this version expects.

The list of migrations records what was done to a database once; what is there now may be otherwise,
when a migration was rewritten before the first release, or a table was changed by hand. So
both are compared.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from consigned_service.records.sql import bulk

GUARDED = "consigned_service.records.migrations.0002_append_only"
"""Where the tables are listed whose rows a trigger keeps as they are."""


class Steps(NamedTuple):
    """The migrations between a database and this version, by application and name."""

    pending: list[str]
    """Those that would bring the database up to this version."""
    unknown: list[str]
    """Those that a newer version made, and this one does not know."""


def steps() -> Steps:
    applied = MigrationRecorder(connection).applied_migrations().keys()
    known = known_steps()
    ours = {app.label for app in apps.get_app_configs()}
    return Steps(
        sorted(f"{app} {name}" for app, name in known - applied),
        sorted(f"{app} {name}" for app, name in applied - known if app in ours),
    )


@cache
def known_steps() -> frozenset[tuple[str, str]]:
    """All migrations of this version, by application and name; finding them takes longer than many
    a command."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return frozenset(loader.disk_migrations)


def migrate() -> int:
    """Bring the database up to this version; answers how many steps that took."""
    executor = MigrationExecutor(connection)
    targets = executor.loader.graph.leaf_nodes()
    plan = executor.migration_plan(targets)
    executor.migrate(targets, plan=plan)
    return len(plan)


def is_empty() -> bool:
    return not connection.introspection.table_names()


def differences() -> list[str]:
    """Where the database is otherwise than this version expects, a sentence each."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        constraints = _constraints(cursor)
        found: list[str] = []
        for model in apps.get_models():
            table = model._meta.db_table
            if table in tables:
                found += _of_table(cursor, model, table, constraints)
            elif model._meta.managed:
                found.append(f"there is no table {table}")
        return found + list(_missing_guards(cursor))


def _of_table(
    cursor: CursorWrapper, model: type[models.Model], table: str, constraints: set[str]
) -> Iterator[str]:
    real = {
        column.name: (_plain(kind), bool(column.null_ok))
        for column, kind in _columns(cursor, table)
    }
    expected = {
        field.column: (_plain(field.db_type(connection) or ""), field.null)
        for field in model._meta.local_concrete_fields
        if field.column
    }
    for name in sorted(expected.keys() - real.keys()):
        yield f"the table {table} has no column {name}"
    for name in sorted(real.keys() - expected.keys()):
        yield f"the table {table} has a column {name} that nobody knows"
    for name in sorted(expected.keys() & real.keys()):
        if expected[name] != real[name]:
            yield (
                f"the column {name} of {table} is {_named(*real[name])}, and should be "
                f"{_named(*expected[name])}"
            )
    for constraint in model._meta.constraints:
        if constraint.name not in constraints:
            yield f"the table {table} lacks the constraint {constraint.name}"


def _constraints(cursor: CursorWrapper) -> set[str]:
    """The names of all constraints and indexes."""
    if bulk.is_postgres():
        cursor.execute(
            "SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes "
            "WHERE schemaname = ANY (current_schemas(false))"
        )
        return {name for (name,) in cursor.fetchall()}
    cursor.execute("SELECT name, COALESCE(sql, '') FROM sqlite_master WHERE type <> 'trigger'")
    names = set()
    for name, sql in cursor.fetchall():
        names.add(name)
        names.update(re.findall(r'CONSTRAINT "(\w+)"', sql))
    return names


def _columns(cursor: CursorWrapper, table: str) -> Iterator[tuple[Any, str]]:
    described = connection.introspection.get_table_description(cursor, table)
    if not bulk.is_postgres():
        yield from ((column, str(column.type_code)) for column in described)
        return
    cursor.execute(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
        "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
        [f'"{table}"'],
    )
    kinds = dict(cursor.fetchall())
    yield from ((column, kinds[column.name]) for column in described)


ALIKE = {
    "varchar": "character varying",
    "timestamp with time zone": "timestamptz",
    "bool": "boolean",
    "time without time zone": "time",
}
"""Words of one database for the same type."""


def _plain(kind: str) -> str:
    """A type in one word of several."""
    kind = kind.lower().strip()
    for word, same in ALIKE.items():
        kind = re.sub(rf"\b{re.escape(word)}\b", same, kind)
    return kind


def _named(kind: str, may_be_empty: bool) -> str:
    return f"{kind}{'' if may_be_empty else ' and never empty'}"


def _missing_guards(cursor: CursorWrapper) -> Iterator[str]:
    if bulk.is_postgres():
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D' "
            "AND tgrelid IN (SELECT oid FROM pg_class WHERE pg_table_is_visible(oid))"
        )
    else:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    there = {name for (name,) in cursor.fetchall()}
    for table in import_module(GUARDED).KEPT:
        if not there.issuperset(_guards(table)):
            yield f"nothing keeps the rows of {table} from being changed"


def _guards(table: str) -> Iterable[str]:
    if bulk.is_postgres():
        return (f"{table}_stands", f"{table}_stays")
    return (f"{table}_stands_update", f"{table}_stands_delete")
