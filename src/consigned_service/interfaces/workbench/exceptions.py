"""What waits: open exceptions, each with the sentence that says why and what to do (O46)."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from consigned_service.interfaces.access.viewing import viewer_of
from consigned_service.interfaces.files.corrections import rows_to_correct
from consigned_service.interfaces.workbench import filters, tables
from consigned_service.interfaces.workbench import formats as figures
from consigned_service.interfaces.workbench import labels as words
from consigned_service.interfaces.workbench.filters import Filters
from consigned_service.interfaces.workbench.pages import page
from consigned_service.queries.consumption import exceptions as queries
from consigned_service.queries.consumption.exceptions import Waiting
from consigned_service.queries.core.figures import Page
from consigned_service.queries.master_data import parties

ENDED = "ended"


class BehindColumn(tables.TextColumn):
    """The consumption that waits, or else the entry."""

    def render(self, value: Any, record: Any) -> SafeString | str:
        if record.consumption is not None:
            address = reverse(
                "workbench:consumption", args=[record.organization, record.consumption]
            )
            return format_html('<a href="{}">{}</a>', address, record.reference or "Consumption")
        if record.entry is not None:
            address = reverse("workbench:entry", args=[record.organization, record.entry])
            return format_html('<a href="{}">ent_{}</a>', address, record.entry)
        return figures.NOTHING


class SentenceColumn(tables.TextColumn):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(attrs={"td": {"class": "sentence"}}, **kwargs)

    def render(self, value: Any, record: Any) -> SafeString | str:
        return capfirst(value)


class ExceptionTable(tables.ListTable):
    caption = "Open exceptions"

    opened_on = tables.DayColumn(verbose_name="Since", orderable=True)
    reason = tables.WordColumn(said=words.REASONS, orderable=True)
    sentence = SentenceColumn(verbose_name="What stands against it, and what to do")
    organization = tables.TextColumn(orderable=True)
    item = tables.ItemColumn(orderable=True)
    quantity = tables.QuantityColumn(orderable=True)
    reference = BehindColumn(verbose_name="Reported as", empty_values=())
    agreement = tables.LinkColumn("agreement")


class EndedTable(ExceptionTable):
    caption = "Exceptions that have ended"

    class Meta(ExceptionTable.Meta):
        exclude = ("sentence",)
        sequence = ("ended_on", "how", "ended_because", "ended_by", "...")

    ended_on = tables.DayColumn(verbose_name="Ended on", orderable=True)
    how = tables.WordColumn(said=words.ENDINGS, orderable=True)
    ended_because = SentenceColumn(verbose_name="Why", empty_values=("", None))
    ended_by = tables.TextColumn(verbose_name="By", empty_values=("", None))


class ExceptionFilters(Filters):
    reason = filters.choice("Reason")
    organization = filters.choice("Organization")
    item = filters.search("Item code")
    source = filters.choice("Reported by")
    since = filters.day("From day")
    until = filters.day("To day")
    show = filters.choice("Show", blank="What waits")


def exceptions(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    ended = request.GET.get("show") == ENDED
    reasons = queries.exception_reasons(viewer, ended=ended)
    form = ExceptionFilters(
        request,
        reason=filters.of_words(words.REASONS, [one.reason for one in reasons]),
        organization=filters.of_organizations(parties.organizations(viewer)),
        source=[(one, one) for one in queries.exception_sources(viewer, ended=ended)],
        show=[(ENDED, "What has ended")],
    )
    asked = {
        name: form.asked(name)
        for name in ("reason", "organization", "item", "source", "since", "until")
    }
    if request.GET.get("_export") == "lines":
        lines = queries.lines_to_correct(viewer, **asked)
        return tables.download(rows_to_correct(lines), "to-correct")

    def ask(order: Sequence[str], limit: int | None, offset: int) -> Page[Waiting]:
        return queries.exceptions(
            viewer, **asked, ended=ended, order=order, limit=limit, offset=offset
        )

    kind = EndedTable if ended else ExceptionTable
    if tables.is_export(request):
        return tables.export(request, kind, ask, "exceptions")
    table = tables.fill(request, kind, ask)
    return page(request, "exceptions", here="exceptions", filters=form, table=table, ended=ended)
