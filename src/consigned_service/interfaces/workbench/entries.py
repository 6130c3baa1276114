"""Title entries: as rows of a history, and one alone with all that stands behind it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from consigned.title.entry import EntryKind
from consigned_service.interfaces.access.viewing import viewer_of
from consigned_service.interfaces.workbench import formats as figures
from consigned_service.interfaces.workbench import labels as words
from consigned_service.interfaces.workbench import tables
from consigned_service.interfaces.workbench.icons import PASSED
from consigned_service.interfaces.workbench.pages import page
from consigned_service.queries.inventory import title
from consigned_service.queries.inventory.title import TitleEntry


def document(entry: TitleEntry) -> SafeString:
    """The document behind an entry, leading to its page where there is one."""
    said = words.say(entry.cause, words.CAUSES)
    named = f"{said} {entry.reference}".strip()
    if entry.cause != "consumption":
        return format_html("{}", named)
    address = reverse("workbench:consumption", args=[entry.organization, entry.document])
    return format_html(
        '<a href="{}">{} <span class="code">{}</span></a>', address, said, entry.reference
    )


class KindColumn(tables.TextColumn):
    """What happened; a passing of title stands out, and says so in words."""

    def render(self, value: Any, record: Any) -> SafeString | str:
        said = words.say(value, words.KINDS)
        if value == EntryKind.TRANSFERRED_TO_OWNED:
            return format_html('<span class="kind title">{}{}</span>', PASSED, said)
        return format_html('<span class="kind">{}</span>', said)

    def cells(self, value: object) -> list[str]:
        return [words.say(str(value), words.KINDS)]


class EndColumn(tables.TextColumn):
    def cells(self, value: object) -> list[str]:
        return [str(value)]


class DocumentColumn(tables.TextColumn):
    def render(self, value: Any, record: Any) -> SafeString | str:
        return document(record)


class EntryTable(tables.ListTable):
    caption = "Title entries"

    number = tables.LinkColumn(
        "entry", "organization", "number", accessor="label", verbose_name="Entry"
    )
    happened_on = tables.DayColumn(verbose_name="Happened on")
    kind = KindColumn(verbose_name="What")
    quantity = tables.QuantityColumn()
    source = EndColumn(verbose_name="From")
    target = EndColumn(verbose_name="To")
    reference = DocumentColumn(verbose_name="Document", empty_values=())
    charged = tables.MoneyColumn(accessor="charged__value", verbose_name="Charged")
    recorded_by = tables.TextColumn(verbose_name="Recorded by")


class HistoryTable(EntryTable):
    caption = "Title history, newest first"

    organization = tables.TextColumn()

    class Meta(tables.ListTable.Meta):
        sequence = ("number", "organization", "...")


def table(kind: type[EntryTable], entries: list[TitleEntry], **kwargs: Any) -> tables.ListTable:
    return tables.fixed(kind, entries, **kwargs)


def entry(request: HttpRequest, organization: str, number: int) -> HttpResponse:
    found = title.title_entry(viewer_of(request), organization, number)
    if found is None:
        raise Http404
    return page(
        request, "entry", here="items", entry=found, document=document(found),
        recorded_at=found.recorded_at, day=figures.show_day(found.happened_on),
    )  # fmt: skip
