"""Goods that the viewer keeps for others: what it has to find, and no values (checklist E13)."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponseBase

from consigned_service.interfaces.access.viewing import viewer_of
from consigned_service.interfaces.workbench import filters, tables
from consigned_service.interfaces.workbench.filters import Filters
from consigned_service.interfaces.workbench.pages import page
from consigned_service.queries.core.figures import Page
from consigned_service.queries.inventory import custodian_stock as queries


class KeptTable(tables.ListTable):
    caption = "Goods kept for others"

    # the page of an item tells its parties' business, so nothing here leads to it
    item = tables.TextColumn(orderable=True)
    item_name = tables.TextColumn(verbose_name="Name")
    owner_name = tables.TextColumn(verbose_name="Owner", orderable=True)
    holder_name = tables.TextColumn(verbose_name="For", orderable=True)
    organization = tables.TextColumn(orderable=True)
    place = tables.TextColumn(orderable=True)
    condition = tables.WordColumn(orderable=True)
    lot = tables.TextColumn()
    serial = tables.TextColumn()
    received_on = tables.DayColumn(verbose_name="Received", orderable=True)
    expires_on = tables.DayColumn(verbose_name="Expires", orderable=True)
    quantity = tables.QuantityColumn(orderable=True)


class KeptFilters(Filters):
    item = filters.search("Item code")
    organization = filters.code()
    lot = filters.code()


def kept(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    form = KeptFilters(request)

    def ask(order: Sequence[str], limit: int | None, offset: int) -> Page[queries.KeptLine]:
        return queries.kept(
            viewer,
            item=form.asked("item"),
            organization=form.asked("organization"),
            lot=form.asked("lot"),
            order=order,
            limit=limit,
            offset=offset,
        )

    if tables.is_export(request):
        return tables.export(request, KeptTable, ask, "kept")
    table = tables.fill(request, KeptTable, ask)
    return page(request, "kept", here="kept", filters=form, table=table)
