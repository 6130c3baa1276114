"""Consigned goods that come to an end of their time, those with the least of it first (O28)."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponseBase

from consigned_service.interfaces.access.viewing import viewer_of
from consigned_service.interfaces.workbench import filters, tables
from consigned_service.interfaces.workbench.filters import Filters
from consigned_service.interfaces.workbench.pages import page, today
from consigned_service.queries.core.figures import Page
from consigned_service.queries.inventory import aging as queries
from consigned_service.queries.inventory.aging import AgingLine
from consigned_service.queries.master_data import parties


class AgingTable(tables.ListTable):
    caption = "Goods whose time runs out, the least of it first"

    item = tables.ItemColumn()
    owner_name = tables.TextColumn(verbose_name="Owner")
    organization = tables.TextColumn()
    agreement = tables.LinkColumn("agreement")
    receipt = tables.TextColumn()
    layer = tables.TextColumn()
    quantity = tables.QuantityColumn()
    value = tables.MoneyColumn(verbose_name="Value at receipt")
    age_days = tables.FigureColumn(verbose_name="Age, days")
    aged_on = tables.DayColumn(verbose_name="Aged on")
    days_left = tables.FigureColumn(verbose_name="Days left")
    term_ends_on = tables.DayColumn(verbose_name="Term ends on")


class AgingFilters(Filters):
    item = filters.search("Item code")
    owner = filters.partner("Consignor")
    organization = filters.choice("Organization")


def aging(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    day = today(viewer)
    form = AgingFilters(
        request,
        owner=filters.of_consignors(viewer),
        organization=filters.of_organizations(parties.organizations(viewer)),
    )
    lines = queries.aging(
        viewer,
        today=day,
        item=form.asked("item"),
        owner=form.asked("owner"),
        organization=form.asked("organization"),
    )

    def ask(order: Sequence[str], limit: int | None, offset: int) -> Page[AgingLine]:
        end = None if limit is None else offset + limit
        return Page(lines[offset:end], len(lines))

    if tables.is_export(request):
        return tables.export(request, AgingTable, ask, "aging")
    table = tables.fill(request, AgingTable, ask)
    return page(request, "aging", here="stock", filters=form, table=table)
