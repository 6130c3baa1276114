"""How lists are read: one statement each, whatever the size of the tables behind it.

A listing says once what its rows are, what each field is read from, and from which tables. Names
of tables and columns are ours alone; what was asked always travels as a parameter.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from types import MappingProxyType
from typing import Any, Generic, TypeVar, get_args, get_type_hints

from django.db import connection

from consigned_service.records.sql import bulk

Shape = TypeVar("Shape", bound=tuple)


@dataclass
class Where:
    """What rows must keep, all of it."""

    conditions: list[str] = field(default_factory=list)
    parameters: list[Any] = field(default_factory=list)

    def also(self, condition: str, *values: Any) -> "Where":
        self.conditions.append(f"({condition})")
        self.parameters.extend(values)
        return self

    def equals(self, **named: Any) -> "Where":
        """Each column named, with `__` for the dot, equals its value; None asks nothing."""
        for column, value in named.items():
            if value is not None:
                self.also(f"{column.replace('__', '.')} = %s", value)
        return self

    def __str__(self) -> str:
        return " AND ".join(self.conditions) or "true"


@dataclass(frozen=True)
class Listing(Generic[Shape]):
    """How rows of one shape are read.

    `columns` says what each field of the shape is read from, in the shape's order; `order` what
    it is sorted by, where that is something else. `{name}` in either stands for a piece that is
    given when reading; `{then}` joins a table that is to be looked up from those before it, which
    PostgreSQL finds out by itself.
    """

    shape: type[Shape]
    columns: Mapping[str, str]
    tables: str
    order: Mapping[str, str] = field(default_factory=dict)
    group: str = ""

    def read(
        self,
        where: Where,
        *,
        order: Sequence[str] = (),
        limit: int | None = None,
        offset: int = 0,
        pieces: Mapping[str, str] = MappingProxyType({}),
        before: Sequence[Any] = (),
    ) -> list[Shape]:
        """The rows that keep `where`; `-name` in `order` sorts downwards."""
        fields = ", ".join(f"{said} AS {name}_" for name, said in self.columns.items())
        words = ["SELECT", fields, "FROM", self.tables]
        words = [" ".join(words).format(**_then(), **pieces), "WHERE", str(where)]
        if self.group:
            words += ["GROUP BY", self.group]
        if order:
            words += ["ORDER BY", ", ".join(map(self._sorted_by, order))]
        parameters = [*before, *where.parameters]
        if limit is not None:
            words.append("LIMIT %s OFFSET %s")
            parameters += [limit, offset]
        return rows(self.shape, " ".join(words), parameters)

    def count(
        self,
        where: Where,
        *,
        pieces: Mapping[str, str] = MappingProxyType({}),
        before: Sequence[Any] = (),
    ) -> int:
        words = [
            "SELECT COUNT(*) FROM",
            self.tables.format(**_then(), **pieces),
            "WHERE",
            str(where),
        ]
        with connection.cursor() as cursor:
            cursor.execute(" ".join(words), [*before, *where.parameters])
            return int(cursor.fetchone()[0])

    def _sorted_by(self, name: str) -> str:
        bare = name.removeprefix("-")
        if bare not in self.columns:
            raise LookupError(f"{self.shape.__name__} has no {bare} to sort by")
        direction = "DESC" if name.startswith("-") else "ASC"
        return f"{self.order.get(bare) or f'{bare}_'} {direction}"


def _then() -> dict[str, str]:
    return {"then": "JOIN" if bulk.is_postgres() else "CROSS JOIN"}


def rows(shape: type[Shape], sql: str, parameters: Sequence[Any] = ()) -> list[Shape]:
    """The rows of a statement as values of one shape, the same on every database."""
    converters = _converters(shape)
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters))
        return [
            shape(*[
                value if value is None or convert is None else convert(value)
                for convert, value in zip(converters, row, strict=True)
            ])
            for row in cursor.fetchall()
        ]  # fmt: skip


@cache
def _converters(shape: type) -> tuple[Callable[[Any], Any] | None, ...]:
    hints = get_type_hints(shape)
    return tuple(_converter(hints[name]) for name in shape._fields)  # type: ignore[attr-defined]


def _converter(hint: Any) -> Callable[[Any], Any] | None:
    kinds = set(get_args(hint) or (hint,)) - {type(None)}
    if kinds == {datetime}:
        return _instant
    if kinds == {date}:
        return as_day
    if kinds in ({int}, {bool}):
        return kinds.pop()
    return None


def as_day(value: Any) -> date:
    """A day as either database gives it."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def _instant(value: Any) -> datetime:
    instant = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def containing(text: str) -> str:
    """A LIKE pattern for what holds the text, whatever signs are in it (escape character `!`)."""
    escaped = text.lower().replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"%{escaped}%"
