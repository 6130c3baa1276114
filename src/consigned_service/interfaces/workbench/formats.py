"""Figures on a page: grouped digits, the unit beside them in small, and never a float."""

from datetime import date
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from consigned.measure.money import Price, show_amount, show_price
from consigned.measure.quantity import MICROS, Quantity, show_micros
from consigned_service.queries.core.figures import Amount

NOTHING = SafeString('<span class="none">–</span>')
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def grouped(digits: str) -> str:
    """A plain decimal number with its digits grouped as the reader's language does."""
    return number_format(Decimal(digits), use_l10n=True, force_grouping=True)


def with_unit(digits: str, unit: str, is_nothing: bool = False) -> SafeString:
    name = "figure zero" if is_nothing else "figure"
    return format_html(
        '<span class="{}">{} <span class="unit">{}</span></span>', name, grouped(digits), unit
    )


def show(value: object) -> SafeString | str:
    """Any figure as it stands on a page."""
    match value:
        case None | "":
            return NOTHING
        case Quantity():
            return with_unit(show_micros(value.micros), value.unit, value.micros == 0)
        case Amount():
            return with_unit(
                show_amount(value.minor, value.currency), value.currency, value.minor == 0
            )
        case Price():
            per = "" if value.per == MICROS else f" per {show_micros(value.per)}"
            return with_unit(show_price(value.micros), f"{value.currency}{per}")
        case date():
            return show_day(value)
        case int():
            return grouped(str(value))
    return str(value)


def show_day(day: date) -> SafeString:
    """A day that nobody can misread: 5 Mar 2026."""
    said = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), said)


def cells(value: object) -> list[str]:
    """A figure for a spreadsheet: plain digits, its unit in a cell of its own."""
    match value:
        case Quantity():
            return [show_micros(value.micros), value.unit]
        case Amount():
            return [show_amount(value.minor, value.currency), value.currency]
        case Price():
            return [show_price(value.micros), f"{value.currency}"]
        case date():
            return [value.isoformat()[:10]]
    return ["" if value is None else str(value)]
