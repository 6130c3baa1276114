"""Stock on hand line by line: what lies here (E29), and what of ours lies elsewhere (E30, E31)."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.html import format_html
from django.utils.safestring import SafeString

from consigned.title.layer import Ownership
from consigned_service.interfaces.access.viewing import viewer_of
from consigned_service.interfaces.workbench import filters, tables
from consigned_service.interfaces.workbench import labels as words
from consigned_service.interfaces.workbench.filters import Filters
from consigned_service.interfaces.workbench.pages import page, today
from consigned_service.queries.core.figures import Page
from consigned_service.queries.inventory import stock as queries
from consigned_service.queries.inventory.stock import Age
from consigned_service.queries.master_data import parties


class AvailableColumn(tables.TextColumn):
    def render(self, value: Any, record: Any) -> SafeString | str:
        return format_html('<span class="code">{}</span>', "Yes" if value else "Not available")

    def cells(self, value: object) -> list[str]:
        return ["yes" if value else "no"]


class StockTable(tables.ListTable):
    caption = "Goods on hand"

    ownership = tables.OwnershipColumn()
    item = tables.ItemColumn(orderable=True)
    owner_name = tables.TextColumn(verbose_name="Owner", orderable=True)
    organization = tables.TextColumn(orderable=True)
    place = tables.TextColumn(orderable=True)
    order = tables.LinkColumn("order", "organization", "order", verbose_name="Order")
    received_on = tables.DayColumn(verbose_name="Received", orderable=True)
    age_days = tables.FigureColumn(verbose_name="Age, days", orderable=True)
    lot = tables.TextColumn()
    quantity = tables.QuantityColumn(orderable=True)
    value = tables.MoneyColumn(verbose_name="Value at receipt")
    is_available = AvailableColumn(verbose_name="Available")


class ElsewhereTable(tables.ListTable):
    caption = "Our goods in others' hands"

    holder_name = tables.TextColumn(verbose_name="Customer", orderable=True)
    organization = tables.TextColumn(verbose_name="Location", orderable=True)
    place = tables.TextColumn(orderable=True)
    item = tables.ItemColumn(orderable=True)
    order = tables.LinkColumn("order", "organization", "order", verbose_name="PO number")
    received_on = tables.DayColumn(verbose_name="Received there", orderable=True)
    age_days = tables.FigureColumn(verbose_name="Age, days", orderable=True)
    lot = tables.TextColumn()
    quantity = tables.QuantityColumn(orderable=True)
    value = tables.MoneyColumn(verbose_name="Value at receipt")
    is_available = AvailableColumn(verbose_name="Available")


class StockFilters(Filters):
    item = filters.search("Item code")
    ownership = filters.choice("Ownership")
    owner = filters.partner("Consignor")
    organization = filters.choice("Organization")
    age = filters.choice("Age")
    as_of = filters.day("At the end of")
    place = filters.code()
    order_number = filters.code()
    agreement = filters.code()


class ElsewhereFilters(Filters):
    item = filters.search("Item code")
    holder = filters.partner("Customer")
    organization = filters.choice("Location")
    age = filters.choice("Age")
    as_of = filters.day("At the end of")


AGES = list(words.AGES.items())


def stock(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    day = today(viewer)
    form = StockFilters(
        request,
        ownership=filters.of_words(words.OWNERSHIPS),
        owner=filters.of_consignors(viewer),
        organization=filters.of_organizations(parties.organizations(viewer), own=True),
        age=AGES,
    )

    def ask(order: Sequence[str], limit: int | None, offset: int) -> Page[queries.StockLine]:
        ownership = form.asked("ownership")
        return queries.on_hand(
            viewer,
            form.asked("item"),
            form.asked("owner"),
            form.asked("organization"),
            form.asked("as_of"),
            today=day,
            place=form.asked("place"),
            order_number=form.asked("order_number"),
            agreement=form.asked("agreement"),
            ownership=Ownership(ownership) if ownership else None,
            age=_age(form),
            elsewhere=False,
            order=order,
            limit=limit,
            offset=offset,
        )

    if tables.is_export(request):
        return tables.export(request, StockTable, ask, "stock")
    return page(
        request, "stock", here="stock", filters=form, table=tables.fill(request, StockTable, ask)
    )


def elsewhere(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    day = today(viewer)
    form = ElsewhereFilters(
        request,
        holder=filters.of_consignees(viewer),
        organization=filters.of_organizations(parties.organizations(viewer), own=False),
        age=AGES,
    )

    def ask(order: Sequence[str], limit: int | None, offset: int) -> Page[queries.StockLine]:
        return queries.off_site(
            viewer,
            today=day,
            holder=form.asked("holder"),
            item=form.asked("item"),
            organization=form.asked("organization"),
            age=_age(form),
            as_of=form.asked("as_of"),
            order=order,
            limit=limit,
            offset=offset,
        )

    if tables.is_export(request):
        return tables.export(request, ElsewhereTable, ask, "ours-elsewhere")
    table = tables.fill(request, ElsewhereTable, ask)
    return page(request, "elsewhere", here="elsewhere", filters=form, table=table)


def _age(form: Filters) -> Age | None:
    said = form.asked("age")
    return Age(said) if said else None
