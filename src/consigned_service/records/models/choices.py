"""Columns that hold one of a fixed set of words, which the database itself refuses to exceed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    Text = models.CharField[Any, Any]
else:
    Text = models.CharField


class ChoiceField(Text):
    """Text that is one of some values, as those of an enum; empty only where it may be blank.

    The check stands on the column itself, so that whoever writes to the table meets it.
    """

    def __init__(self, values: Iterable[str] = (), **options: Any) -> None:
        self.values = tuple(map(str, values))
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, path, positional, named = super().deconstruct()
        return name, path, positional, {"values": self.values, **named}

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        column = connection.ops.quote_name(str(self.column))
        allowed = (*self.values, "") if self.blank else self.values
        # not IN: SQLite would make a table of its list for every row that is written
        return " OR ".join(f"{column} = '{value}'" for value in map(_quoted, allowed))


def _quoted(value: str) -> str:
    return value.replace("'", "''")
