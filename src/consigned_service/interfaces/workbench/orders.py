"""Orders, and one order with the consigned flag on each of its lines (C03, C12)."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from consigned_service.interfaces.access.viewing import viewer_of
from consigned_service.interfaces.workbench import filters, tables
from consigned_service.interfaces.workbench.filters import Filters
from consigned_service.interfaces.workbench.pages import page
from consigned_service.queries.core.figures import Page
from consigned_service.queries.inbound import orders as queries
from consigned_service.queries.master_data import parties


class OrderTable(tables.ListTable):
    caption = "Orders"

    number = tables.LinkColumn(
        "order", "organization", "number", verbose_name="Order", orderable=True
    )
    organization = tables.TextColumn(orderable=True)
    consignor_name = tables.TextColumn(verbose_name="From", orderable=True)
    agreement = tables.LinkColumn("agreement")
    ordered_on = tables.DayColumn(verbose_name="Ordered on", orderable=True)
    lines = tables.FigureColumn()
    consigned_lines = tables.FigureColumn(verbose_name="Consigned lines")


class OrderLineTable(tables.ListTable):
    caption = "Lines of the order"

    line = tables.TextColumn()
    item = tables.ItemColumn()
    ownership = tables.OwnershipColumn()
    price = tables.MoneyColumn()
    needed_on = tables.DayColumn(verbose_name="Needed on")
    ordered = tables.QuantityColumn()
    in_transit = tables.QuantityColumn(verbose_name="In transit")
    received = tables.QuantityColumn()
    consumed = tables.QuantityColumn()
    consigned_on_hand = tables.QuantityColumn(verbose_name="Consigned on hand")
    owned_on_hand = tables.QuantityColumn(verbose_name="Owned on hand")


class OrderFilters(Filters):
    search = filters.search("Order number")
    consignor = filters.partner("From")
    organization = filters.choice("Organization")


def orders(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    form = OrderFilters(
        request,
        consignor=filters.of_consignors(viewer),
        organization=filters.of_organizations(parties.organizations(viewer)),
    )

    def ask(order: Sequence[str], limit: int | None, offset: int) -> Page[queries.OrderHead]:
        return queries.orders(
            viewer,
            form.asked("search") or "",
            consignor=form.asked("consignor"),
            organization=form.asked("organization"),
            order=order,
            limit=limit,
            offset=offset,
        )

    if tables.is_export(request):
        return tables.export(request, OrderTable, ask, "orders")
    table = tables.fill(request, OrderTable, ask)
    return page(request, "orders", here="orders", filters=form, table=table)


def order(request: HttpRequest, organization: str, number: str) -> HttpResponse:
    found = queries.order(viewer_of(request), organization, number)
    if found is None:
        raise Http404
    return page(
        request, "order", here="orders", head=found.head, third_parties=found.third_parties,
        table=tables.fixed(OrderLineTable, found.lines),
    )  # fmt: skip
