"""Figures as a file writes them: with a decimal point, or with a decimal comma.

    "1234.5", "0.125"        one and a half, an eighth          a decimal point, as everywhere here
    "1.234,5", "0,125"       the same                           --decimal comma
    "1.234"                  1.234 or 1234?                     asked, never guessed

Spreadsheets that write a decimal comma separate their columns by semicolons or tabs, and group
thousands by points. So a figure of such a file that may be read both ways is refused, until it is
said which sign is the decimal one. In a file separated by commas a point is the decimal one.

Refuses: UnclearFigure, NotWithComma.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from consigned.measure.refusal import Refusal
from consigned_service.interfaces.files.csv_reader import Record, Unreadable

POINT, COMMA = "point", "comma"

_GROUPED_BY_POINTS = re.compile(r"\s*[+-]?[1-9]\d{0,2}(\.\d{3})+\s*", re.ASCII)
_WITH_COMMA = re.compile(r"([+-]?)(\d+|\d{1,3}(?:\.\d{3})+)(?:,(\d+))?", re.ASCII)


@dataclass(eq=False)
class UnclearFigure(Refusal):
    name: str
    said: str
    code: ClassVar[str] = "unclear-figure"
    remedy: ClassVar[str] = "Say --decimal point or --decimal comma."

    def __str__(self) -> str:
        return f"{self.said!r} is read in two ways: as {self.said} or as {_whole(self.said)}"


@dataclass(eq=False)
class NotWithComma(Refusal):
    name: str
    said: str
    code: ClassVar[str] = "not-with-comma"
    remedy: ClassVar[str] = "Write it as 1234,5 or 1.234,5, or leave --decimal comma out."

    def __str__(self) -> str:
        return f"{self.said[:40]!r} is no figure with a decimal comma"


def with_points(
    records: Iterator[Record | Unreadable],
    columns: Sequence[str],
    figures: Collection[str],
    *,
    separator: str,
    decimal: str | None,
) -> Iterator[Record | Unreadable]:
    """The records with every figure written with a decimal point; those that cannot be are
    refused, as they were written."""
    places = [(at, name) for at, name in enumerate(columns) if name in figures]
    if decimal == POINT or (decimal is None and separator == ",") or not places:
        return records
    return (_read(record, places, decimal) for record in records)


def _read(
    record: Record | Unreadable, places: Sequence[tuple[int, str]], decimal: str | None
) -> Record | Unreadable:
    if isinstance(record, Unreadable):
        return record
    fields = list(record.fields)
    try:
        for at, name in places:
            fields[at] = (_from_comma if decimal == COMMA else _plain)(fields[at], name)
    except Refusal as refusal:
        return Unreadable(record.line, record.fields, refusal)
    return Record(record.line, fields, written=record.fields)


def _plain(said: str, name: str) -> str:
    if _GROUPED_BY_POINTS.fullmatch(said):
        raise UnclearFigure(name, said.strip())
    return said


def _from_comma(said: str, name: str) -> str:
    text = said.strip()
    if not text:
        return ""
    found = _WITH_COMMA.fullmatch(text)
    if found is None:
        raise NotWithComma(name, text)
    sign, whole, part = found.groups()
    return f"{sign}{whole.replace('.', '')}" + (f".{part}" if part else "")


def _whole(said: str) -> str:
    return said.replace(".", "")
