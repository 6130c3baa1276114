"""How lists are read: one statement each, whatever the size of the tables behind it.

A listing says once what its rows are, what each field is read from, and from which tables. Names
of tables and columns are ours alone; what was asked always travels as a parameter. A field that is
a figure of several parts (an amount, a price, a quantity) is read from as many columns, in the
order of its parts; where the first of them is null, so is the figure.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from types import MappingProxyType, UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

from django.db import connection

from consigned_service.records.sql import bulk

Shape = TypeVar("Shape", bound=tuple)
Columns = str | Sequence[str]
"""What a field is read from: one expression, or one for each part of a figure."""
Reader = Callable[[Iterator[Any]], Any]
"""Takes of a row what one field is read from, and makes the field of it."""


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
    it is sorted by, where that is something else than its first column or no field at all.
    `{name}` in either stands for a piece that is given when reading; `{then}` joins a table that is
    to be looked up from those before it, which PostgreSQL finds out by itself.
    """

    shape: type[Shape]
    columns: Mapping[str, Columns]
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
        return rows(self.shape, *self._statement(where, order, limit, offset, pieces, before))

    def read_beside(
        self,
        beside: Sequence[str],
        where: Where,
        *,
        order: Sequence[str] = (),
        limit: int | None = None,
        offset: int = 0,
        pieces: Mapping[str, str] = MappingProxyType({}),
        before: Sequence[Any] = (),
    ) -> list[tuple[Shape, tuple[Any, ...]]]:
        """The same, each row with what stands in some columns that are told to nobody."""
        asked = self._statement(where, order, limit, offset, pieces, before, beside)
        reader = _reader(self.shape)
        return [(reader(row := iter(one)), tuple(row)) for one in _fetched(*asked)]

    def _statement(
        self,
        where: Where,
        order: Sequence[str],
        limit: int | None,
        offset: int,
        pieces: Mapping[str, str],
        before: Sequence[Any],
        beside: Sequence[str] = (),
    ) -> tuple[str, list[Any]]:
        named = [f"{said} AS {alias}" for alias, said in self._named()]
        words = ["SELECT", ", ".join([*named, *beside]), "FROM", self.tables]
        words = [" ".join(words).format(**_then(), **pieces), "WHERE", str(where)]
        if self.group:
            words += ["GROUP BY", self.group]
        if order:
            words += ["ORDER BY", ", ".join(map(self._sorted_by, order))]
        parameters = [*before, *where.parameters]
        if limit is not None:
            words.append("LIMIT %s OFFSET %s")
            parameters += [limit, offset]
        return " ".join(words), parameters

    def _named(self) -> Iterator[tuple[str, str]]:
        """Each column with its name in the statement; further parts of a figure are numbered."""
        for name, said in self.columns.items():
            first, *further = (said,) if isinstance(said, str) else said
            yield f"{name}_", first
            for place, part in enumerate(further, start=2):
                yield f"{name}_{place}", part

    def count(
        self,
        where: Where,
        *,
        pieces: Mapping[str, str] = MappingProxyType({}),
        before: Sequence[Any] = (),
    ) -> int:
        words = ["SELECT COUNT(*) FROM", self.tables.format(**_then(), **pieces)]
        words += ["WHERE", str(where)]
        if self.group:
            grouped, _ = self._statement(where, (), None, 0, pieces, before)
            words = [f"SELECT COUNT(*) FROM ({grouped}) counted"]
        with connection.cursor() as cursor:
            cursor.execute(" ".join(words), [*before, *where.parameters])
            return int(cursor.fetchone()[0])

    def _sorted_by(self, name: str) -> str:
        bare = name.removeprefix("-")
        if bare not in self.columns and bare not in self.order:
            raise LookupError(f"{self.shape.__name__} has no {bare} to sort by")
        direction = "DESC" if name.startswith("-") else "ASC"
        return f"{self.order.get(bare) or f'{bare}_'} {direction}"


def _then() -> dict[str, str]:
    return {"then": "JOIN" if bulk.is_postgres() else "CROSS JOIN"}


def rows(shape: type[Shape], sql: str, parameters: Sequence[Any] = ()) -> list[Shape]:
    """The rows of a statement as values of one shape, the same on every database."""
    reader = _reader(shape)
    return [reader(iter(row)) for row in _fetched(sql, parameters)]


def _fetched(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters))
        return cursor.fetchall()


@cache
def _reader(shape: type) -> Reader:
    """How a shape is read from as many columns as its fields need."""
    readers = [_field(hint) for hint in _hints(shape)]

    def read(row: Iterator[Any]) -> Any:
        return shape(*[field(row) for field in readers])

    return read


def _hints(shape: type) -> list[Any]:
    hints = get_type_hints(shape)
    names = [one.name for one in fields(shape)] if is_dataclass(shape) else shape._fields  # type: ignore[attr-defined]
    return [hints[name] for name in names]


def _field(hint: Any) -> Reader:
    is_choice = get_origin(hint) in (Union, UnionType)
    kinds = {_bare(kind) for kind in (get_args(hint) if is_choice else (hint,))} - {type(None)}
    if len(kinds) == 1 and _has_parts(kind := next(iter(kinds))):
        return _figure(kind)
    convert = _converter(kinds)
    if convert is None:
        return next

    def read(row: Iterator[Any]) -> Any:
        value = next(row)
        return None if value is None else convert(value)

    return read


def _bare(kind: Any) -> Any:
    """What a type is that was only given a name of its own."""
    return getattr(kind, "__supertype__", kind)


def _has_parts(kind: Any) -> bool:
    return is_dataclass(kind) or hasattr(kind, "_fields")


@cache
def _figure(kind: type) -> Reader:
    readers = [_field(hint) for hint in _hints(kind)]

    def read(row: Iterator[Any]) -> Any:
        parts = [part(row) for part in readers]
        return None if parts[0] is None else kind(*parts)

    return read


def _converter(kinds: set[Any]) -> Callable[[Any], Any] | None:
    if kinds == {datetime}:
        return _instant
    if kinds == {date}:
        return as_day
    if len(kinds) != 1:
        return None
    kind = next(iter(kinds))
    if kind == list[str]:
        return str.splitlines
    if kind in (int, bool) or (isinstance(kind, type) and issubclass(kind, Enum)):
        return kind
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
