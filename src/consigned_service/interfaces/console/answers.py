"""Answers: tables for people, JSON for programs. No figure passes through a float."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from consigned.measure.money import Price, show_amount, show_price
from consigned.measure.quantity import Quantity, show_micros
from consigned_service.queries.figures import Amount

WIDTH_UNSEEN = 240
"""How wide a table may be where it goes to a file or a program: nothing is cut off."""

Columns = Mapping[str, Callable[[Any], object]]


def answer(value: object) -> None:
    """Answer a program: exact figures as text, days as 2026-03-31."""
    json.dump(plain(value), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def plain(value: object) -> object:
    match value:
        case Quantity():
            return {"number": show_micros(value.micros), "unit": value.unit}
        case Amount():
            return {"amount": show_amount(*value), "currency": value.currency}
        case Price():
            per = {} if value.per == 1_000_000 else {"per": show_micros(value.per)}
            return {"price": show_price(value.micros), "currency": value.currency} | per
        case datetime() | date():
            return value.isoformat()
        case str():
            return str(value)
        case Mapping():
            return {str(key): plain(one) for key, one in value.items()}
        case tuple() if hasattr(value, "_asdict"):
            return {key: plain(one) for key, one in value._asdict().items()}
        case list() | tuple() | set():
            return [plain(one) for one in value]
        case _:
            return value


def show_table(rows: Iterable[object], columns: Columns) -> None:
    """A table for people; figures stand to the right."""
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    listed = [[column(row) for column in columns.values()] for row in rows]
    for index, name in enumerate(columns):
        figures = [row[index] for row in listed if row[index] is not None]
        is_figure = bool(figures) and all(isinstance(f, int | Amount | Quantity) for f in figures)
        table.add_column(Text(name), justify="right" if is_figure else "left")
    for row in listed:
        table.add_row(*(Text(_shown(value)) for value in row))
    screen().print(table)


def show_facts(facts: Mapping[str, object]) -> None:
    """Names and values, one to a line."""
    width = max(map(len, facts))
    for name, value in facts.items():
        screen().print(Text(f"{name:<{width}}  {_shown(value)}"), soft_wrap=True)


def show(sentence: str) -> None:
    screen().print(Text(sentence), soft_wrap=True)


def counted(number: int, name: str, names: str = "") -> str:
    """So many of something: `1 line`, `2 lines`."""
    return f"{number:,} {name if number == 1 else names or f'{name}s'}"


class _Screen(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the end of the command, as for everything else that is printed."""
        raise BrokenPipeError


def screen() -> Console:
    return _Screen(file=sys.stdout, width=None if sys.stdout.isatty() else WIDTH_UNSEEN)


def _shown(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list() | tuple() if not hasattr(value, "_asdict"):
            return ", ".join(map(_shown, value))
        case _:
            return str(value)
