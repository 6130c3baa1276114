"""Tables: sortable and paged in the address, figures to the right, the whole of it as CSV.

A table asks for the page it shows and for nothing else; its CSV holds the same rows and columns
in the same order, without the pages.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import Any

import django_tables2 as tables
from django.core.paginator import EmptyPage, PageNotAnInteger
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django_tables2.data import TableData

from consigned.measure.money import Price
from consigned.measure.quantity import Quantity
from consigned_service.interfaces.files.formula_guard import harmless
from consigned_service.interfaces.workbench import formats as figures
from consigned_service.interfaces.workbench import labels as words
from consigned_service.interfaces.workbench.icons import mark
from consigned_service.queries.core.figures import Amount, Page

Ask = Callable[[Sequence[str], int | None, int], Page]
"""Asks a query for a part of a list: its order, how many rows, and after how many."""

PER_PAGE = 50
AT_ONCE = 5_000
"""Rows read at once for a CSV file."""


class Answered(TableData):
    """The rows of a table, asked for when they are known to be shown."""

    def __init__(self, ask: Ask, guess: int) -> None:
        super().__init__([])
        self.ask = ask
        self.order: tuple[str, ...] = ()
        self.guess = guess
        self._pages: dict[int, Page] = {}

    def order_by(self, aliases: Sequence[str]) -> None:
        self.order = tuple(map(str, aliases))
        self._pages.clear()

    def _page(self, offset: int) -> Page:
        if offset not in self._pages:
            self._pages[offset] = self.ask(self.order, PER_PAGE, offset)
        return self._pages[offset]

    def __len__(self) -> int:
        return self._page(self.guess).total

    def __getitem__(self, key: slice) -> list[Any]:
        return self._page(key.start or 0).rows

    def __iter__(self) -> Iterator[Any]:
        offset = 0
        while True:
            rows = self.ask(self.order, AT_ONCE, offset).rows
            yield from rows
            offset += AT_ONCE
            if len(rows) < AT_ONCE:
                return


# --- columns -----------------------------------------------------------------------------


class TextColumn(tables.Column):
    """Words, or a dash where there are none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", figures.NOTHING)
        kwargs.setdefault("orderable", False)
        super().__init__(*args, **kwargs)

    def headings(self, header: str) -> list[str]:
        return [header]

    def cells(self, value: object) -> list[str]:
        return figures.cells(value)


class FigureColumn(TextColumn):
    """A number, a quantity, an amount, a price or a day: to the right, digits under digits."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"td": {"class": "num"}, "th": {"class": "num"}})
        super().__init__(*args, **kwargs)

    def render(self, value: Any, record: Any) -> SafeString | str:
        return figures.show(value)


class QuantityColumn(FigureColumn):
    def headings(self, header: str) -> list[str]:
        return [header, f"{header} unit"]

    def cells(self, value: object) -> list[str]:
        return figures.cells(value) if isinstance(value, Quantity) else ["", ""]


class MoneyColumn(FigureColumn):
    """An amount or a price."""

    def headings(self, header: str) -> list[str]:
        return [header, f"{header} currency"]

    def cells(self, value: object) -> list[str]:
        return figures.cells(value) if isinstance(value, Amount | Price) else ["", ""]


class DayColumn(TextColumn):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"td": {"class": "day"}})
        super().__init__(*args, **kwargs)

    def render(self, value: Any, record: Any) -> SafeString | str:
        return figures.show(value)


class MomentColumn(DayColumn):
    """The day and the time at which something was recorded, in the installation's time zone."""

    def render(self, value: Any, record: Any) -> SafeString | str:
        here = localtime(value)
        return format_html("{} {}", figures.show_day(here.date()), f"{here:%H:%M %Z}")

    def cells(self, value: object) -> list[str]:
        return [value.isoformat() if isinstance(value, datetime) else ""]


class WordColumn(TextColumn):
    """A code, said in words."""

    def __init__(self, *args: Any, said: Any = words.ALL, **kwargs: Any) -> None:
        self.said = said
        super().__init__(*args, **kwargs)

    def render(self, value: Any, record: Any) -> SafeString | str:
        return words.say(str(value), self.said)

    def cells(self, value: object) -> list[str]:
        return [words.say(str(value), self.said)] if value is not None else [""]


class StateColumn(WordColumn):
    """Where a document stands, in words and in a colour that only repeats them."""

    def render(self, value: Any, record: Any) -> SafeString | str:
        return format_html(
            '<span class="state {}">{}</span>', str(value), words.say(str(value), self.said)
        )


class OwnershipColumn(TextColumn):
    """The one mark of ownership, everywhere the same."""

    def render(self, value: Any, record: Any) -> SafeString | str:
        return mark(str(value))


class ItemColumn(TextColumn):
    """An item's code, leading to its page, with its name beside it."""

    def render(self, value: Any, record: Any) -> SafeString | str:
        return format_html(
            '<span><a class="code" href="{}">{}</a> <span class="quiet">{}</span></span>',
            reverse("workbench:item", args=[value]), value, record.item_name,
        )  # fmt: skip


class LinkColumn(TextColumn):
    """A value that leads to the page of what it names."""

    def __init__(self, to: str, *fields: str, **kwargs: Any) -> None:
        self.to, self.fields = to, fields
        super().__init__(**kwargs)

    def render(self, value: Any, record: Any) -> SafeString | str:
        arguments = [getattr(record, name) for name in self.fields] if self.fields else [value]
        if None in arguments:
            return figures.show(value)
        address = reverse(f"workbench:{self.to}", args=arguments)
        return format_html('<a class="code" href="{}">{}</a>', address, figures.show(value))


class MoneyLinkColumn(LinkColumn, MoneyColumn):
    pass


# --- a table of a page ---------------------------------------------------------------------


class ListTable(tables.Table):
    """What every table of ours keeps."""

    caption = ""

    class Meta:
        template_name = "workbench/table.html"
        attrs = {"class": "list"}


def fill(
    request: HttpRequest, kind: type[ListTable], ask: Ask, *, order: Sequence[str] = ()
) -> ListTable:
    """A table with the page that the address asks for, in the order it asks for."""
    try:
        number = max(1, int(request.GET.get("page", "1")))
    except ValueError:
        number = 1
    number = min(number, 10**9)
    table = kind(Answered(ask, (number - 1) * PER_PAGE))
    table.order_by = request.GET.getlist("sort") or order
    try:
        table.paginate(page=number, per_page=PER_PAGE)
    except (EmptyPage, PageNotAnInteger):
        last = max(1, -(-len(table.data) // PER_PAGE))
        table.paginate(page=last, per_page=PER_PAGE)
    return table


def fixed(kind: type[ListTable], rows: Sequence[Any]) -> ListTable:
    """A table of rows that are all there, neither sorted nor paged."""
    return kind(list(rows), orderable=False)


# --- CSV -----------------------------------------------------------------------------------


def is_export(request: HttpRequest) -> bool:
    return request.GET.get("_export") == "csv"


def export(
    request: HttpRequest, kind: type[ListTable], ask: Ask, name: str, order: Sequence[str] = ()
) -> HttpResponseBase:
    """The rows and columns of a table, all pages of it, as a CSV file."""
    table = kind(Answered(ask, 0))
    table.order_by = request.GET.getlist("sort") or order
    rows = iter(table.data)
    first = list(islice(rows, 1))  # asked for at once, so that what is not there is said in words
    return download(_lines(table, chain(first, rows)), name)


def download(lines: Iterable[Sequence[str]], name: str) -> HttpResponseBase:
    """Written rows as a CSV file with today in its name."""
    response = StreamingHttpResponse(map(_line, lines), content_type="text/csv; charset=utf-8")
    day = timezone.localdate().isoformat()
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{day}.csv"'
    return response


def _lines(table: ListTable, rows: Iterable[Any]) -> Iterator[list[str]]:
    columns = [(bound, bound.column) for bound in table.columns]
    yield [head for bound, column in columns for head in column.headings(str(bound.header))]
    for record in rows:
        yield [
            cell
            for bound, column in columns
            for cell in column.cells(bound.accessor.resolve(record, quiet=True))
        ]


def _line(written: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(map(harmless, written))
    return line.getvalue()
