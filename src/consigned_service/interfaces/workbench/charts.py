"""Pictures drawn on the server: they need no script, print well, and grow with the page.

Names and figures are words of the page; only the bars are drawn. The age of goods deepens one
colour; each part says its age and value to whoever points at it or has it read aloud.
"""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from consigned.measure.money import show_amount
from consigned_service.interfaces.workbench.formats import grouped
from consigned_service.interfaces.workbench.labels import AGES
from consigned_service.queries.core.figures import Amount
from consigned_service.queries.inventory.stock import Age

WIDTH = 1000
HEIGHT = 22
BARS_SHOWN = 12


class Aged(NamedTuple):
    """What lies with, or of, one partner, by age, in one currency."""

    code: str
    name: str
    currency: str
    values: dict[Age, Amount]
    lines: int
    total: Amount | None
    """What it comes to; None where nothing of it has a price."""

    @property
    def by_age(self) -> list[tuple[Age, Amount | None]]:
        return [(age, self.values.get(age)) for age in Age]


class Bar(NamedTuple):
    code: str
    name: str
    total: Amount
    drawing: SafeString


class Picture(NamedTuple):
    """Bars of one currency, to one scale, the longest first."""

    currency: str
    bars: list[Bar]
    left_out: int


def draw_ages(rows: Sequence[Aged]) -> list[Picture]:
    """One picture for each currency: a bar for each partner, parted by age."""
    pictures = []
    for currency in sorted({row.currency for row in rows if row.total}):
        alike = [row for row in rows if row.currency == currency and row.total]
        longest = max(row.total.minor for row in alike if row.total) or 1
        bars = [
            Bar(row.code, row.name, row.total, _bar(row, longest))
            for row in alike[:BARS_SHOWN]
            if row.total
        ]
        pictures.append(Picture(currency, bars, max(0, len(alike) - BARS_SHOWN)))
    return pictures


def _bar(row: Aged, longest: int) -> SafeString:
    parts, at = [], 0
    for number, age in enumerate(Age):
        value = row.values.get(age)
        if value is None or value.minor <= 0:
            continue
        width = max(3, value.minor * WIDTH // longest)
        said = f"{AGES[age]}: {grouped(show_amount(value.minor, value.currency))} {value.currency}"
        parts.append((number, at, max(1, width - 2), HEIGHT, said))
        at += width
    drawn = format_html_join(
        "",
        '<rect class="age-{}" x="{}" y="0" width="{}" height="{}"><title>{}</title></rect>',
        parts,
    )
    spoken = ", ".join(part[-1] for part in parts)
    return format_html(
        '<svg class="bar" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" '
        'aria-label="{}: {}">{}</svg>',
        WIDTH, HEIGHT, row.name, spoken, drawn,
    )  # fmt: skip
