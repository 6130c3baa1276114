"""Agreements: the list, and one with its prices, its closings and what is owed under it."""

from collections.abc import Sequence
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponseBase

from consigned_service.interfaces.access.viewing import viewer_of
from consigned_service.interfaces.workbench import changes, filters, tables
from consigned_service.interfaces.workbench.filters import Filters
from consigned_service.interfaces.workbench.owed import OwedTable
from consigned_service.interfaces.workbench.pages import page, today
from consigned_service.queries.core.figures import Page
from consigned_service.queries.settlement import agreements as queries


class AgreementTable(tables.ListTable):
    caption = "Agreements"

    number = tables.LinkColumn("agreement", verbose_name="Agreement", orderable=True)
    consignor_name = tables.TextColumn(verbose_name="Consignor", orderable=True)
    consignee_name = tables.TextColumn(verbose_name="Consignee", orderable=True)
    starts_on = tables.DayColumn(verbose_name="From", orderable=True)
    ends_on = tables.DayColumn(verbose_name="Until", orderable=True)
    frequency = tables.WordColumn(verbose_name="Advised", orderable=True)
    settlement_method = tables.WordColumn(verbose_name="Settled by", orderable=True)
    currency = tables.TextColumn(orderable=True)
    items = tables.FigureColumn(orderable=True)
    next_closing_on = tables.DayColumn(verbose_name="Closes next")


class PriceTable(tables.ListTable):
    caption = "Prices"

    item = tables.ItemColumn(orderable=True)
    supplier_item = tables.TextColumn(verbose_name="Consignor's code")
    price = tables.MoneyColumn(orderable=True)
    unit = tables.TextColumn()
    from_quantity = tables.QuantityColumn(verbose_name="For uses of", orderable=True)
    terms = tables.TextColumn(verbose_name="By")
    starts_on = tables.DayColumn(verbose_name="From", orderable=True)
    ends_on = tables.DayColumn(verbose_name="Until", orderable=True)


class WithdrawnTable(tables.ListTable):
    caption = "Withdrawn prices"

    item = tables.ItemColumn()
    starts_on = tables.DayColumn(verbose_name="Was to hold from")
    from_quantity = tables.QuantityColumn(verbose_name="For uses of")
    price = tables.MoneyColumn()
    because = tables.TextColumn()
    recorded_by = tables.TextColumn(verbose_name="Withdrawn by")
    recorded_at = tables.MomentColumn(verbose_name="At")


class AmendmentTable(tables.ListTable):
    caption = "Amendments"

    starts_on = tables.DayColumn(verbose_name="From")
    title = tables.TextColumn(verbose_name="Term")
    was = tables.TextColumn(verbose_name="Was")
    becomes = tables.TextColumn(verbose_name="Is from then on")
    consent = tables.TextColumn()
    because = tables.TextColumn()
    recorded_by = tables.TextColumn(verbose_name="Told by")
    recorded_at = tables.MomentColumn(verbose_name="At")


class RenewalTable(tables.ListTable):
    caption = "Goods that passed to or from another agreement"

    happened_on = tables.DayColumn(verbose_name="Passed on")
    way = tables.TextColumn(verbose_name="Way")
    other = tables.LinkColumn("agreement", verbose_name="Agreement")
    organization = tables.TextColumn()
    item = tables.ItemColumn()
    quantity = tables.QuantityColumn()
    taken_back = tables.QuantityColumn(verbose_name="Taken back")
    consent = tables.TextColumn()
    agreed_on = tables.DayColumn(verbose_name="Agreed on")
    agreed_by = tables.TextColumn(verbose_name="Agreed by")
    because = tables.TextColumn()
    recorded_by = tables.TextColumn(verbose_name="Told by")


class ClosingTable(tables.ListTable):
    caption = "Closings"

    organization = tables.TextColumn(default="All")
    closed_through = tables.DayColumn(verbose_name="Advised through")
    next_closing_on = tables.DayColumn(verbose_name="Closes next")


class AgreementFilters(Filters):
    consignor = filters.partner("Consignor")


class PriceFilters(Filters):
    search = filters.search("Item code or name")


def agreements(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    day = today(viewer)
    form = AgreementFilters(request, consignor=filters.of_consignors(viewer))

    def ask(order: Sequence[str], limit: int | None, offset: int) -> Page[queries.AgreementLine]:
        return queries.agreements(
            viewer, today=day, consignor=form.asked("consignor"), order=order, limit=limit,
            offset=offset,
        )  # fmt: skip

    if tables.is_export(request):
        return tables.export(request, AgreementTable, ask, "agreements")
    table = tables.fill(request, AgreementTable, ask)
    return page(request, "agreements", here="agreements", filters=form, table=table)


def agreement(request: HttpRequest, number: str) -> HttpResponseBase:
    viewer = viewer_of(request)
    day = today(viewer)
    form = PriceFilters(request)
    told: list[queries.Agreement] = []

    def ask(order: Sequence[str], limit: int | None, offset: int) -> Page[queries.PriceLine]:
        search = form.asked("search") or ""
        found = queries.agreement(
            viewer, number, today=day, search=search, order=order, limit=limit, offset=offset
        )
        if found is None:
            raise Http404
        told.append(found)
        return found.prices

    if tables.is_export(request):
        return tables.export(request, PriceTable, ask, "prices")
    table = tables.fill(request, PriceTable, ask)
    found = told[0]
    groups = {
        group: list(terms) for group, terms in groupby(found.terms, key=lambda term: term.group)
    }
    return page(
        request,
        "agreement",
        here="agreements",
        agreement=found.line,
        groups=groups,
        filters=form,
        table=table,
        changes=changes.table(viewer, "agreement", number),
        amendments=tables.fixed(AmendmentTable, found.amendments),
        renewals=tables.fixed(RenewalTable, found.renewals),
        withdrawn=tables.fixed(WithdrawnTable, found.withdrawn),
        closings=tables.fixed(ClosingTable, found.closings),
        owed=tables.fixed(OwedTable, found.owed),
    )
