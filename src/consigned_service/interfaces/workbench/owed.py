"""What is owed, up to the moment, and what each running amount is made of (L31)."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from consigned_service.interfaces.access.viewing import viewer_of
from consigned_service.interfaces.workbench import entries, filters, tables
from consigned_service.interfaces.workbench import formats as figures
from consigned_service.interfaces.workbench import labels as words
from consigned_service.interfaces.workbench.filters import Filters
from consigned_service.interfaces.workbench.overview import sums
from consigned_service.interfaces.workbench.pages import page
from consigned_service.queries.core.figures import Amount, Page
from consigned_service.queries.settlement import payables as queries
from consigned_service.queries.settlement.payables import Owed


class RunningColumn(tables.MoneyColumn):
    def render(self, value: Any, record: Any) -> SafeString | str:
        address = reverse("workbench:running", args=[record.agreement, record.organization])
        return linked(value, address)


class AdvicesColumn(tables.MoneyColumn):
    def __init__(self, state: str, **kwargs: Any) -> None:
        self.state = state
        super().__init__(**kwargs)

    def render(self, value: Any, record: Any) -> SafeString | str:
        asked = {
            "agreement": record.agreement,
            "organization": record.organization,
            "state": self.state,
        }
        return linked(value, f"{reverse('workbench:advices')}?{urlencode(asked)}")


def linked(value: Amount, address: str) -> SafeString | str:
    """A figure that opens to what it is made of; nothing is made of nothing."""
    if value.minor == 0:
        return figures.show(value)
    return format_html('<a href="{}">{}</a>', address, figures.show(value))


class OwedTable(tables.ListTable):
    caption = "What is owed by agreement and organization"

    agreement = tables.LinkColumn("agreement")
    consignor_name = tables.TextColumn(verbose_name="Consignor")
    consignee_name = tables.TextColumn(verbose_name="Consignee")
    organization = tables.TextColumn()
    running = RunningColumn(verbose_name="Used, not yet advised")
    advised = AdvicesColumn("unsettled", verbose_name="Advised, not settled")
    invoiced = AdvicesColumn("settled", verbose_name="Invoiced, not paid")
    credited = tables.MoneyColumn(verbose_name="Credited, not netted")
    asked_back = tables.MoneyColumn(verbose_name="Asked back")
    total = tables.MoneyColumn()
    elsewhere = AdvicesColumn("reported", verbose_name="Open elsewhere")


class OwedThenTable(OwedTable):
    """At the end of a day gone by; what its figures are made of has moved on since."""

    running = tables.MoneyColumn(verbose_name="Used, not yet advised")
    advised = tables.MoneyColumn(verbose_name="Advised, not settled")
    invoiced = tables.MoneyColumn(verbose_name="Invoiced, not paid")
    elsewhere = tables.MoneyColumn(verbose_name="Open elsewhere")


class TotalTable(tables.ListTable):
    caption = "Running totals"

    happened_on = tables.LinkColumn(
        "total", "organization", "number", verbose_name="Used on", orderable=True
    )
    item = tables.ItemColumn(orderable=True)
    kind = tables.WordColumn(said=words.USES, verbose_name="Use", orderable=True)
    quantity = tables.QuantityColumn(orderable=True)
    price = tables.MoneyColumn()
    price_source = tables.WordColumn(said=words.PRICE_SOURCES, verbose_name="Price from")
    amount = tables.MoneyColumn()
    closes_on = tables.DayColumn(verbose_name="Advised at the close of", orderable=True)


class OwedFilters(Filters):
    on = filters.day("At the end of")


def owed(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    form = OwedFilters(request)
    rows = queries.owed(viewer, form.asked("on"))
    kind = OwedThenTable if form.asked("on") else OwedTable

    def ask(order: Sequence[str], limit: int | None, offset: int) -> Page[Owed]:
        return Page(rows[offset : None if limit is None else offset + limit], len(rows))

    if tables.is_export(request):
        return tables.export(request, kind, ask, "owed")
    return page(
        request,
        "owed",
        here="owed",
        filters=form,
        table=tables.fill(request, kind, ask),
        payable_sums=sums([row for row in rows if row.is_ours_to_pay]),
        receivable_sums=sums([row for row in rows if not row.is_ours_to_pay]),
    )


def running(request: HttpRequest, agreement: str, organization: str) -> HttpResponseBase:
    viewer = viewer_of(request)
    found = [
        row for row in queries.owed(viewer, agreement=agreement) if row.organization == organization
    ]
    if not found:
        raise Http404

    def ask(order: Sequence[str], limit: int | None, offset: int) -> Page[queries.RunningTotal]:
        return queries.running_totals(
            viewer, agreement, organization, order=order, limit=limit, offset=offset
        )

    if tables.is_export(request):
        return tables.export(request, TotalTable, ask, "running")
    table = tables.fill(request, TotalTable, ask)
    return page(request, "running", here="owed", owed=found[0], table=table)


def total(request: HttpRequest, organization: str, number: int) -> HttpResponse:
    found = queries.running_total(viewer_of(request), organization, number, after=after(request))
    if found is None:
        raise Http404
    return page(
        request,
        "total",
        here="owed",
        total=found.total,
        entries=entries.table(entries.EntryTable, found.entries),
        after=found.after,
    )


def after(request: HttpRequest) -> int:
    """After which entry the address asks to go on."""
    said = request.GET.get("after", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0
