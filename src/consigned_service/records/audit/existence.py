"""Whether what is named is there: foreign keys, and the numbers that stand in place of them.

The database keeps foreign keys, as long as nobody switches that off. A ledger names agreements,
parties and documents outside of it by plain numbers, so that it can be moved to a machine of its
own; those only an audit can follow.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from consigned_service.records.models import ledger as ledger_tables
from consigned_service.records.sql import bulk

NAMED: dict[str, str] = {
    "agreement": "agreement",
    "consignor": "party",
    "owner": "party",
    "book": "party",
    "order_line": "order_line",
    "ship_notice": "ship_notice",
    "advice_line": "advice_line",
    "price_change": "price_change",
    "rule": "consumption_rule",
    "from_organization": "organization",
}
"""What a plain number in a column of a ledger names, outside of every ledger."""

TOGETHER: tuple[tuple[str, str, str, str], ...] = (
    ("debit_memo_line", "request", "debit_request",
     "t.organization_id = n.organization_id AND t.number = n.request"),
    ("cancelled_running_total", "total", "running_total",
     "t.organization_id = n.organization_id AND t.number = n.total"),
    ("in_transit_layer", "line", "ship_notice_line",
     "t.notice_id = n.ship_notice AND t.line = n.line"),
)  # fmt: skip
"""What is named by two columns together: table, column, the table named, and how."""


def organizations_named() -> set[int]:
    """The organizations that any row of a ledger is of."""
    found: set[int] = set()
    for model in _models():
        if model.__module__ == ledger_tables.__name__:
            found |= _organizations_in(model._meta.db_table)
    return found


def _organizations_in(table: str) -> set[int]:
    """Looked up one after the other in the key, which begins with the organization; a table has
    many rows and few organizations."""
    found: set[int] = set()
    last = -1
    while True:
        ((number,),) = bulk.fetch(
            f"SELECT MIN(organization_id) FROM {table} WHERE organization_id > %s", [last]
        )
        if number is None:
            return found
        found.add(last := number)


def names_of_nothing() -> Iterator[tuple[str, str, int, str]]:
    """Rows that are named and missing: the table and column that name one, its number, and the
    table that it is missing from."""
    for model in _models():
        table = model._meta.db_table
        for field in model._meta.concrete_fields:
            column = str(field.column)
            target = _named_by(model, field)
            if target:
                for (number,) in bulk.fetch(
                    f"SELECT n.{column} FROM (SELECT DISTINCT {column} FROM {table}) n "
                    f"LEFT JOIN {target} t ON t.id = n.{column} "
                    f"WHERE n.{column} IS NOT NULL AND t.id IS NULL",
                    [],
                ):
                    yield table, column, number, target
    for table, column, target, how in TOGETHER:
        for (number,) in bulk.fetch(
            f"SELECT n.{column} FROM {table} n WHERE NOT EXISTS (SELECT 1 FROM {target} t "
            f"WHERE {how})",
            [],
        ):
            yield table, column, number, target


def _named_by(model: type[models.Model], field: "models.Field[Any, Any]") -> str | None:
    """The table that a column names a row of by its id, if it does."""
    if field.remote_field:
        related = field.remote_field.model._meta
        return related.db_table if related.pk.column == "id" else None
    if model.__module__ == ledger_tables.__name__:
        return NAMED.get(str(field.column))
    return None


def _models() -> list[type[models.Model]]:
    return list(apps.get_app_config("records").get_models())
