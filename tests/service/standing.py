"""Everything that stands in a database, told without the numbers that depend on how it came there.

Two ways of telling the same facts differ in which posting holds them, and so in every number that
is taken along the way. What must not differ is what lies where and whose it is, what is owed, and
what was told. So each row is told by what it names in place of its numbers, rows that tell the same
are added up, and what comes to nothing is left out.
"""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.db.models import DateTimeField

from consigned_service.records import models
from consigned_service.records.sql import bulk

LEFT_OUT = {
    "posting", "ledger", "import", "sign_in", "user_session", "api_key", "auth_user",
}  # fmt: skip
"""Tables of how it came there, and of who may look."""

NUMBERS = {
    "id", "number", "posting", "seal", "document", "first_entry", "end_entry", "recorded_at",
    "updated_at", "created_at", "line", "place_in_all", "alone", "from_layer", "total", "entry",
    "reverses", "exception", "component", "used", "transfer", "difference", "stock_count",
    "goods_return", "reads_as",
}  # fmt: skip
"""Columns that are numbers on the way; what they name is told elsewhere."""

ONCE = {"goods_receipt"}
"""Tables with a row for each posting that has lines of the same paper."""

ADDED = {
    "quantity", "amount", "cost", "averaged", "quantity_left", "cost_left", "share", "value",
    "booked", "counted_quantity",
}  # fmt: skip

Row = Mapping[str, Any]


def standing() -> dict[str, Counter[tuple[Any, ...]]]:
    """What stands, table by table."""
    names = _Names()
    found = {}
    for table, (fields, statement) in _statements().items():
        rows: Counter[tuple[Any, ...]] = Counter()
        for values in bulk.fetch(statement, []):
            said, sums = names.tell(table, dict(zip(fields, values, strict=True)))
            if not sums:
                rows[(*said, "rows")] = 1 if table in ONCE else rows[(*said, "rows")] + 1
            for name, value in sums.items():
                rows[(*said, name)] += value or 0
        found[table] = Counter({row: times for row, times in rows.items() if times})
    return found


@cache
def _statements() -> dict[str, tuple[list[str], str]]:
    """Of each table the fields that are compared, and the statement that reads them. It is asked so
    often that Django's way of asking would take most of the time."""
    found = {}
    for model in vars(models).values():
        if isinstance(model, type) and hasattr(model, "_meta") and not model._meta.abstract:
            compared = [
                field
                for field in model._meta.concrete_fields
                if not isinstance(field, DateTimeField)  # when it was recorded
            ]
            columns = ", ".join(f'"{field.column}"' for field in compared)
            table = model._meta.db_table
            statement = f'SELECT {columns} FROM "{table}"'
            found[table] = ([field.attname for field in compared], statement)
    return {table: how for table, how in found.items() if table not in LEFT_OUT}


class _Names:
    """What numbers stand for."""

    def __init__(self) -> None:
        self.layers = {
            (one.organization_id, one.number): (
                one.item_id, one.supplier_id, str(one.received_on), one.ownership, one.agreement,
                one.order_line, one.lot, one.serial, str(one.expires_on), one.price, one.per,
            )
            for one in models.Layer.objects.all()
        }  # fmt: skip
        self.positions = {
            (one.organization_id, one.number): (
                one.item_id, one.owner_id, one.place, one.condition,
            )
            for one in models.Position.objects.all()
        }  # fmt: skip
        self.uses = {
            (one.organization_id, one.number): (one.source, one.reference)
            for one in models.Consumption.objects.all()
        }
        self.masters = {
            f"{name}_id": dict(model.objects.values_list("pk", named_by))
            for name, model, named_by in (
                ("party", models.Party, "code"), ("item", models.Item, "code"),
                ("organization", models.Organization, "code"), ("site", models.Site, "code"),
                ("agreement", models.Agreement, "number"),
                ("order", models.ConsignedOrder, "number"),
                ("notice", models.ShipNotice, "number"), ("owner", models.Party, "code"),
            )
        }  # fmt: skip
        self.receipts = {
            (one.organization_id, one.number): one.reference
            for one in models.GoodsReceipt.objects.all()
        }

    def tell(self, table: str, row: Row) -> tuple[tuple[Any, ...], dict[str, int]]:
        organization = row.get("organization_id", 0)
        said: list[Any] = []
        sums: dict[str, int] = {}
        for name, value in row.items():
            key = (organization, value)
            if name in ADDED:
                sums[name] = value
            elif name == "layer":
                said.append((name, self.layers.get(key)))
            elif name in ("position", "source", "target") and key in self.positions:
                said.append((name, self.positions[key]))
            elif name == "consumption":
                said.append((name, self.uses.get(key)))
            elif name == "receipt":
                said.append((name, self.receipts.get(key)))
            elif name in self.masters and name != "organization_id":
                said.append((name, self.masters[name].get(value, value)))
            elif name not in NUMBERS:
                said.append((name, str(value)))
        return (organization, *said), sums


def differences(
    one: dict[str, Counter[tuple[Any, ...]]], other: dict[str, Counter[tuple[Any, ...]]]
) -> list[str]:
    """What stands in one and not in the other, in words for whoever looks at a failed test."""
    return [
        f"{table}: {sign} {times} {row}"
        for table in one
        for sign, rows in (
            ("-", one[table] - other[table]), ("+", other[table] - one[table]),
        )
        for row, times in rows.items()
    ]  # fmt: skip
