"""Items: consigned, owned, on order and in transit side by side (L35), and one item whole (C04)."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.safestring import SafeString

from consigned.title.layer import Ownership
from consigned_service.interfaces.access.viewing import viewer_of
from consigned_service.interfaces.workbench import changes, entries, filters, tables
from consigned_service.interfaces.workbench import labels as words
from consigned_service.interfaces.workbench.filters import Filters
from consigned_service.interfaces.workbench.pages import page, today
from consigned_service.interfaces.workbench.stock import ElsewhereTable, StockTable
from consigned_service.queries.accounting.inventory_value import average_costs
from consigned_service.queries.core.figures import Page
from consigned_service.queries.inventory import items as queries
from consigned_service.queries.inventory import title
from consigned_service.queries.master_data import parties

HISTORY_SHOWN = 25
STOCK_SHOWN = 50


class CodeColumn(tables.ItemColumn):
    def render(self, value: Any, record: Any) -> SafeString | str:
        return tables.LinkColumn("item").render(value, record)


class ItemTable(tables.ListTable):
    caption = "Items"

    code = CodeColumn(verbose_name="Item", orderable=True)
    name = tables.TextColumn(orderable=True)
    designation = tables.OwnershipColumn(orderable=True)
    consigned = tables.QuantityColumn()
    owned = tables.QuantityColumn()
    non_owned = tables.QuantityColumn(verbose_name="Non-owned")
    on_order = tables.QuantityColumn(verbose_name="On order")
    in_transit = tables.QuantityColumn(verbose_name="In transit")
    available = tables.QuantityColumn()


class ConsignorsItemTable(ItemTable):
    """What a consignor may know of its items: nothing of what is the holder's."""

    consigned = tables.QuantityColumn(verbose_name="Consigned out")

    class Meta(tables.ListTable.Meta):
        exclude = ("owned", "non_owned", "available")


class OrganizationTable(tables.ListTable):
    caption = "The item at each organization"

    organization = tables.TextColumn()
    holder_name = tables.TextColumn(verbose_name="Held by")
    designation = tables.OwnershipColumn()
    assigned_consignor = tables.TextColumn(verbose_name="Consignor")
    consigned = tables.QuantityColumn()
    owned = tables.QuantityColumn()
    non_owned = tables.QuantityColumn(verbose_name="Non-owned")
    on_order = tables.QuantityColumn(verbose_name="On order")
    in_transit = tables.QuantityColumn(verbose_name="In transit")
    reserved = tables.QuantityColumn()
    available = tables.QuantityColumn()


class ConsignorsOrganizationTable(OrganizationTable):
    class Meta(tables.ListTable.Meta):
        exclude = (
            "designation", "assigned_consignor", "owned", "non_owned", "reserved", "available",
        )  # fmt: skip


class AverageTable(tables.ListTable):
    caption = "What the item costs on average at each organization"

    organization = tables.TextColumn()
    perpetual = tables.MoneyColumn(verbose_name="Ours")
    informational = tables.MoneyColumn(verbose_name="All that was put away")


class OpenOrderTable(tables.ListTable):
    caption = "Open order lines"

    order = tables.LinkColumn("order", "organization", "order", verbose_name="Order")
    line = tables.TextColumn()
    organization = tables.TextColumn()
    ownership = tables.OwnershipColumn()
    consignor_name = tables.TextColumn(verbose_name="From")
    needed_on = tables.DayColumn(verbose_name="Needed on")
    ordered = tables.QuantityColumn()
    received = tables.QuantityColumn()
    open = tables.QuantityColumn(verbose_name="Still to come")
    in_transit = tables.QuantityColumn(verbose_name="Of it in transit")


class ItemStockTable(StockTable):
    class Meta(tables.ListTable.Meta):
        exclude = ("item",)


class ItemElsewhereTable(ElsewhereTable):
    class Meta(tables.ListTable.Meta):
        exclude = ("item",)


class ItemFilters(Filters):
    search = filters.search("Code, name or GTIN")
    designation = filters.choice("Designation")


def items(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    roles = parties.roles(viewer)
    form = ItemFilters(request, designation=filters.of_words(words.OWNERSHIPS))

    def ask(order: Sequence[str], limit: int | None, offset: int) -> Page[queries.ItemLine]:
        designation = form.asked("designation")
        return queries.items(
            viewer,
            form.asked("search") or "",
            designation=Ownership(designation) if designation else None,
            order=order,
            limit=limit,
            offset=offset,
        )

    kind = ItemTable if roles.holds else ConsignorsItemTable
    if tables.is_export(request):
        return tables.export(request, kind, ask, "items")
    table = tables.fill(request, kind, ask)
    return page(request, "items", here="items", roles=roles, filters=form, table=table)


def item(request: HttpRequest, item: str) -> HttpResponse:
    viewer = viewer_of(request)
    roles = parties.roles(viewer)
    found = queries.item_360(viewer, item, today=today(viewer), lines=STOCK_SHOWN)
    if found is None:
        raise Http404
    history = title.title_history(viewer, item, HISTORY_SHOWN, request.GET.get("before"))
    at = OrganizationTable if roles.holds else ConsignorsOrganizationTable
    return page(
        request,
        "item",
        here="items",
        roles=roles,
        item=found.line,
        organizations=tables.fixed(at, found.organizations),
        stock=tables.fixed(ItemStockTable if roles.holds else ItemElsewhereTable, found.stock.rows),
        stock_more=max(0, found.stock.total - len(found.stock.rows)),
        open_orders=tables.fixed(OpenOrderTable, found.open_orders),
        history=entries.table(entries.HistoryTable, history.entries),
        older=history.before,
        is_first=not request.GET.get("before"),
        changes=changes.table(viewer, "item", item),
    )


def average_cost(request: HttpRequest, item: str) -> HttpResponse:
    """What an item costs on average at each organization of its holder (checklist P37)."""
    viewer = viewer_of(request)
    found = average_costs(viewer, item)
    if not found:
        raise Http404
    return page(
        request, "average_cost", here="items", item=found[0],
        averages=tables.fixed(AverageTable, found),
    )  # fmt: skip
