"""Many rows in one statement, on SQLite and on PostgreSQL.

Everything the ledger writes goes through here: COPY on PostgreSQL and executemany on SQLite for
new rows, one upsert statement where a row may stand already. Names of tables and columns are ours
alone; values always travel as parameters.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec
from django.db import connection

Row = Sequence[Any]


class Column(NamedTuple):
    """A column and its PostgreSQL type, for arrays that are unnested into rows."""

    name: str
    type: str = "bigint"


def is_postgres() -> bool:
    return connection.vendor == "postgresql"


def is_out_of_range(wrong: Exception) -> bool:
    """Whether the database did not take a figure because it is too large for its column; what is
    copied to PostgreSQL is refused in the words of its driver."""
    return isinstance(wrong, OverflowError) or "22003" in (
        getattr(wrong, "sqlstate", ""), getattr(wrong.__cause__, "sqlstate", ""),
    )  # fmt: skip


def insert(table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert new rows by the fastest plain way of the database."""
    if not rows:
        return
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if is_postgres():
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                write = copy.write_row
                for row in rows:
                    write(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)


def rows_from(columns: Sequence[Column], rows: Sequence[Row]) -> tuple[str, list[Any]]:
    """A SELECT that yields the given rows, and its parameters."""
    if is_postgres():
        arrays = ", ".join(f"%s::{column.type}[]" for column in columns)
        columnwise = list(zip(*rows, strict=True)) or [()] * len(columns)
        return f"SELECT * FROM unnest({arrays})", [
            _array(column, values) for column, values in zip(columns, columnwise, strict=True)
        ]
    values = ", ".join(f"value ->> {place}" for place in range(len(columns)))
    return f"SELECT {values} FROM json_each(%s) WHERE true", [as_json(rows).decode()]


def _array(column: Column, values: Sequence[Any]) -> str:
    """A PostgreSQL array as text; the driver's own way takes ten times as long for long ones."""
    if column.type == "text":
        return "{" + ",".join(map(_quoted, values)) + "}"
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"


def _quoted(value: str | None) -> str:
    if value is None:
        return "NULL"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def as_json(values: Iterable[Any]) -> bytes:
    """Plain values, or rows of them, as one compact JSON array in UTF-8."""
    return msgspec.json.encode(values)


def upsert(
    table: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    *,
    key: Sequence[str],
    update: str | None,
    returning: Sequence[str] = (),
) -> list[tuple[Any, ...]]:
    """Insert rows; where one with the same key stands, update it so, or leave it (None)."""
    if not rows:
        return []
    act = f"DO UPDATE SET {update}" if update else "DO NOTHING"
    if not returning:
        _insert_or(act, table, columns, rows, key)
        return []
    source, parameters = rows_from(columns, rows)
    answered = ", ".join(f"{table}.{name}" for name in returning)
    return fetch(
        f"INSERT INTO {table} ({_names(columns)}) {source} ON CONFLICT ({', '.join(key)}) {act} "
        f"RETURNING {answered}",
        parameters,
    )


def insert_numbered(
    table: str, columns: Sequence[Column], rows: Sequence[Row], *, key: Sequence[str]
) -> dict[tuple[Any, ...], int]:
    """Insert rows that the database numbers; answers the ids by the columns of a unique key."""
    added = upsert(table, columns, rows, key=key, update=None, returning=("id", *key))
    assert len(added) == len(rows), f"a row of {table} stood there already"
    return {tuple(named): id for id, *named in added}


def insert_new(
    table: str, columns: Sequence[Column], rows: Sequence[Row], *, key: Sequence[str]
) -> int:
    """Insert the rows of which none with the same key stands; answers how many they were."""
    return _insert_or("DO NOTHING", table, columns, rows, key) if rows else 0


def _insert_or(
    act: str, table: str, columns: Sequence[Column], rows: Sequence[Row], key: Sequence[str]
) -> int:
    conflict = f"ON CONFLICT ({', '.join(key)}) {act}"
    with connection.cursor() as cursor:
        if is_postgres():
            source, parameters = rows_from(columns, rows)
            sql = f"INSERT INTO {table} ({_names(columns)}) {source} {conflict}"
            cursor.execute(sql, parameters)
        else:
            marks = ", ".join(["%s"] * len(columns))
            sql = f"INSERT INTO {table} ({_names(columns)}) VALUES ({marks}) {conflict}"
            cursor.executemany(sql, rows)
        return int(cursor.rowcount)


def _names(columns: Sequence[Column]) -> str:
    return ", ".join(column.name for column in columns)


def then() -> str:
    """The join of a table that is to be looked up row by row, after the ones before it.

    Without a word SQLite may read a whole ledger's balances first and filter them after.
    """
    return "JOIN" if is_postgres() else "CROSS JOIN"


def whole_number(expression: str) -> str:
    """A sum as the whole number that it is: PostgreSQL makes a decimal of the sum of bigints, whose
    division has a rest."""
    return f"CAST({expression} AS bigint)"


def one_of(query: str) -> str:
    """A condition that a column is among a query's answers, which are worked out once.

    PostgreSQL may otherwise work them out again for every row.
    """
    return f"= ANY(ARRAY({query}))" if is_postgres() else f"IN ({query})"


def analyze() -> None:
    """Let PostgreSQL count its tables anew; on SQLite every statement says how it is to be read."""
    if is_postgres():
        execute("ANALYZE", [])


def execute(sql: str, parameters: Sequence[Any]) -> None:
    """Do one statement that answers nothing."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def fetch(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Every row of a question."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def writable(texts: Iterable[str]) -> set[str]:
    """Those of some texts that a database can hold; nothing stands under any other."""
    return {text for text in texts if "\0" not in text and _is_unicode(text)}


def _is_unicode(text: str) -> bool:
    """Whether a text holds no half of a surrogate pair, as broken JSON does."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def look_up(
    values: Iterable[Any],
    type: str,
    columns: str,
    tables: str,
    where: str,
    parameters: Sequence[Any],
) -> list[tuple[Any, ...]]:
    """Look many values up, each by its index, however the table's statistics may stand.

    `where` compares with `w.value`. A planner that knows nothing yet of a fresh table would read
    the whole of it for each value.
    """
    listed = list(writable(values) if type == "text" else values)
    if is_postgres():
        sql = (
            f"SELECT found.* FROM unnest(%s::{type}[]) AS w(value) CROSS JOIN LATERAL "
            f"(SELECT {columns} FROM {tables} WHERE {where} OFFSET 0) AS found"
        )
        return fetch(sql, [_array(Column("", type), listed), *parameters])
    sql = f"SELECT {columns} FROM json_each(%s) AS w CROSS JOIN {tables} WHERE {where}"
    return fetch(sql, [msgspec.json.encode(listed).decode(), *parameters])


def among(values: Iterable[Any], type: str = "bigint") -> tuple[str, Any]:
    """A subquery that yields the values, and its parameter: `x IN (subquery)`."""
    listed = list(values)
    if type == "text":
        listed = list(writable(listed))
    if is_postgres():
        return f"SELECT unnest(%s::{type}[])", _array(Column("", type), listed)
    return "SELECT value FROM json_each(%s)", msgspec.json.encode(listed).decode()
