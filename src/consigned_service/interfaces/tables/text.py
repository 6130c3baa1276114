"""Answers: tables for people, JSON for programs. No figure passes through a float."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from consigned.measure.money import Price, show_amount, show_price
from consigned.measure.quantity import Quantity, show_micros
from consigned_service.queries.core.figures import Amount, Page

GAP = "   "
"""Between two columns."""

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
    """A table for people; figures stand to the right. Where it goes to a file or a program a row is
    one line, however wide."""
    listed = [[column(row) for column in columns.values()] for row in rows]
    is_figure = [_is_figures([row[place] for row in listed]) for place in range(len(columns))]
    shown = [[_shown(value) for value in row] for row in listed]
    widths = [max(map(cell_len, cells)) for cells in zip(columns, *shown, strict=True)]
    to = screen()
    if to.is_terminal and sum(widths) + len(GAP) * (len(widths) - 1) > to.width:
        _show_folded(to, list(columns), is_figure, shown)
        return
    lines = [_padded(columns, widths, is_figure)]
    lines.append("─" * cell_len(lines[0]))
    to.print(Text("\n".join(lines), style="bold"), soft_wrap=True)
    sys.stdout.writelines(f"{_padded(row, widths, is_figure)}\n" for row in shown)


def _is_figures(values: Sequence[object]) -> bool:
    figures = [value for value in values if value is not None]
    return bool(figures) and all(isinstance(f, int | Amount | Quantity) for f in figures)


def _padded(cells: Iterable[str], widths: Sequence[int], is_figure: Sequence[bool]) -> str:
    """A row as one line, each cell as wide as its column."""
    return GAP.join(
        f"{' ' * (width - cell_len(cell))}{cell}" if right else
        f"{cell}{' ' * (width - cell_len(cell))}"
        for cell, width, right in zip(cells, widths, is_figure, strict=True)
    )  # fmt: skip


def _show_folded(
    to: Console, names: Sequence[str], is_figure: Sequence[bool], shown: Sequence[Sequence[str]]
) -> None:
    """A table that is wider than the screen: its cells are folded."""
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name, right in zip(names, is_figure, strict=True):
        table.add_column(Text(name), justify="right" if right else "left")
    for row in shown:
        table.add_row(*map(Text, row))
    to.print(table)


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


def show_rest(page: Page[Any], what: str = "listed") -> None:
    """Say that there are more rows than were asked for, where there are."""
    if page.total > len(page.rows):
        show(f"The first {len(page.rows):,} of them are {what}; --limit for more.")


class _Screen(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the end of the command, as for everything else that is printed."""
        raise BrokenPipeError


def screen() -> Console:
    return _Screen(file=sys.stdout)


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
