"""Rows as CSV, for spreadsheets and other programs: each figure beside its unit or currency.

A quantity is two columns, `quantity` and `quantity_unit`; an amount too, `amount` and
`amount_currency`; days are 2026-03-31, and what is not said is empty.
Text that a spreadsheet would take for a formula has an apostrophe before it.
"""

import csv
import sys
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TextIO, get_args, get_origin, get_type_hints

from consigned.measure.money import Price, show_amount, show_price
from consigned.measure.quantity import Quantity, show_micros
from consigned_service.interfaces.files.formula_guard import harmless
from consigned_service.queries.core.figures import Amount

COLUMNS: dict[type, tuple[str, ...]] = {
    Quantity: ("", "_unit"),
    Amount: ("", "_currency"),
    Price: ("", "_currency", "_per"),
}
"""What is said in several columns, and how each is called after the field."""


def write_csv(shape: type, rows: Iterable[tuple], to: TextIO | None = None) -> None:
    """Write rows of one shape under the names of its fields, to the standard output if to no other
    file."""
    hints = get_type_hints(shape)
    kinds = {name: _kind(hints[name]) for name in shape._fields}  # type: ignore[attr-defined]
    writer = csv.writer(to or sys.stdout, lineterminator="\n")
    writer.writerow(
        f"{name}{ending}" for name, kind in kinds.items() for ending in COLUMNS.get(kind, ("",))
    )
    for row in rows:
        writer.writerow(
            cell
            for kind, value in zip(kinds.values(), row, strict=True)
            for cell in _cells(kind, value)
        )


def _kind(hint: Any) -> type:
    """What a field is, whether or not it may be nothing; lists are told in one column."""
    if get_origin(hint) is list:
        return list
    kinds = [kind for kind in get_args(hint) or (hint,) if kind is not type(None)]
    return kinds[0] if len(kinds) == 1 else object


def _cells(kind: type, value: object) -> tuple[str, ...]:
    if value is None:
        return ("",) * len(COLUMNS.get(kind, ("",)))
    return _SAID.get(type(value), _plain)(value)


def _plain(value: Any) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    if isinstance(value, date):
        return (value.isoformat(),)
    if isinstance(value, list):
        return (harmless("; ".join(map(str, value))),)
    return (harmless(str(value)),)


_SAID: dict[type, Callable[[Any], tuple[str, ...]]] = {
    Quantity: lambda quantity: (show_micros(quantity.micros), quantity.unit),
    Amount: lambda amount: (show_amount(*amount), amount.currency),
    Price: lambda price: (show_price(price.micros), price.currency, show_micros(price.per)),
}
