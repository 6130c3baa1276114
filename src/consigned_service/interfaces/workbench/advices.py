"""Consumption advices, and what each line is made of, down to the transfers of title (O01)."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.safestring import SafeString

from consigned_service.interfaces.access.viewing import viewer_of
from consigned_service.interfaces.workbench import entries, filters, tables
from consigned_service.interfaces.workbench import formats as figures
from consigned_service.interfaces.workbench import labels as words
from consigned_service.interfaces.workbench.filters import Filters
from consigned_service.interfaces.workbench.owed import TotalTable, after
from consigned_service.interfaces.workbench.pages import page
from consigned_service.queries.core.figures import Page
from consigned_service.queries.master_data import parties
from consigned_service.queries.settlement import advices as queries
from consigned_service.queries.settlement import debit_memos as debits
from consigned_service.queries.settlement.advices import UNSETTLED, AdviceState

STATES = {"unsettled": "Not settled", **words.STATES}


class AdviceTable(tables.ListTable):
    caption = "Consumption advices"

    number = tables.LinkColumn("advice", verbose_name="Advice", orderable=True)
    state = tables.StateColumn(said=words.STATES, orderable=True)
    consignor_name = tables.TextColumn(verbose_name="Consignor", orderable=True)
    consignee_name = tables.TextColumn(verbose_name="Consignee", orderable=True)
    agreement = tables.LinkColumn("agreement", orderable=True)
    organization = tables.TextColumn(default="All")
    item = tables.TextColumn(default="All")
    starts_on = tables.DayColumn(verbose_name="From")
    closes_on = tables.DayColumn(verbose_name="Through", orderable=True)
    amount = tables.MoneyColumn(orderable=True)
    invoice = tables.TextColumn(verbose_name="Settled by")


class LotsColumn(tables.TextColumn):
    """What a line holds of each lot, and which pieces."""

    def render(self, value: Any, record: Any) -> SafeString | str:
        return "; ".join(map(str, value)) or figures.NOTHING

    def cells(self, value: object) -> list[str]:
        return ["; ".join(map(str, value)) if isinstance(value, list) else ""]


class AdviceLineTable(tables.ListTable):
    caption = "Lines of the advice"

    line = tables.TextColumn(orderable=True)
    item = tables.ItemColumn(orderable=True)
    organization = tables.TextColumn(orderable=True)
    happened_on = tables.DayColumn(verbose_name="Used on", orderable=True)
    use_kind = tables.WordColumn(verbose_name="Used for", orderable=True)
    quantity = tables.QuantityColumn(orderable=True)
    price = tables.MoneyColumn(orderable=True)
    amount = tables.MoneyLinkColumn("advice_line", "advice", "line", orderable=True)
    tax = tables.TextColumn()
    tax_amount = tables.MoneyColumn(verbose_name="Tax amount")
    kind = tables.WordColumn(verbose_name="For", orderable=True)
    lots = LotsColumn(verbose_name="Lots and serials")


class TransactionTable(tables.ListTable):
    caption = "Transfers of title that the advice tells"

    line = tables.TextColumn()
    item = tables.ItemColumn()
    organization = tables.TextColumn()
    kind = tables.WordColumn(verbose_name="Used for")
    happened_on = tables.DayColumn(verbose_name="On")
    consumed = tables.QuantityColumn()
    consumed_as_ordered = tables.QuantityColumn(verbose_name="As ordered")
    price = tables.MoneyColumn()
    amount = tables.MoneyColumn()
    price_with_tax = tables.MoneyColumn(verbose_name="Price with tax")
    tax = tables.TextColumn()
    tax_amount = tables.MoneyColumn(verbose_name="Tax amount")
    billed = tables.QuantityColumn()
    billed_amount = tables.MoneyColumn(verbose_name="Billed amount")
    receipt = tables.TextColumn()
    receipt_line = tables.TextColumn(verbose_name="Receipt line")
    order = tables.TextColumn()
    order_line = tables.TextColumn(verbose_name="Order line")
    lot = tables.TextColumn()
    serial = tables.TextColumn()
    rate = tables.TextColumn(verbose_name="Rate")
    rate_on = tables.DayColumn(verbose_name="Rate of")
    exchange_rate_type = tables.TextColumn(verbose_name="Kind of rate")
    own_amount = tables.MoneyColumn(verbose_name="In own currency")
    internal_number = tables.TextColumn(verbose_name="Internal number")


class InvoiceTable(tables.ListTable):
    caption = "Invoices that answer the advice"

    number = tables.TextColumn(verbose_name="Invoice")
    standing = tables.StateColumn(said=words.STANDINGS)
    amount = tables.MoneyColumn()
    invoiced_on = tables.DayColumn(verbose_name="Invoiced on")
    due_on = tables.DayColumn(verbose_name="Due on")
    payment = tables.TextColumn()
    paid_on = tables.DayColumn(verbose_name="Paid on")
    because = tables.TextColumn(verbose_name="Why")


class VoucherTable(tables.ListTable):
    caption = "Vouchers made elsewhere that settle the advice"

    number = tables.TextColumn(verbose_name="Voucher made elsewhere")
    vouchered_on = tables.DayColumn(verbose_name="Of")
    amount = tables.MoneyColumn()
    recorded_on = tables.DayColumn(verbose_name="Recorded on")
    recorded_by = tables.TextColumn(verbose_name="By")


class DebitMemoTable(tables.ListTable):
    caption = "What is asked back of the invoice, and what is credited"

    number = tables.LinkColumn("debit_memo", verbose_name="Debit memo")
    state = tables.StateColumn(said=words.DEBITS)
    made_on = tables.DayColumn(verbose_name="Made on")
    invoice = tables.TextColumn(verbose_name="Against")
    amount = tables.MoneyColumn(verbose_name="Asked back")
    tax_amount = tables.MoneyColumn(verbose_name="Tax")
    credit_note = tables.TextColumn(verbose_name="Credit note")
    credited = tables.MoneyColumn()
    payment = tables.TextColumn(verbose_name="Netted by")


class DebitMemoLineTable(tables.ListTable):
    caption = "Lines of the debit memo"

    line = tables.TextColumn()
    invoice_line = tables.TextColumn(verbose_name="Invoice line")
    item = tables.ItemColumn()
    quantity = tables.QuantityColumn()
    price = tables.MoneyColumn()
    amount = tables.MoneyColumn()
    tax_amount = tables.MoneyColumn(verbose_name="Tax")
    organization = tables.TextColumn()
    goods_return = tables.TextColumn(verbose_name="Return")
    happened_on = tables.DayColumn(verbose_name="On")
    order = tables.TextColumn()
    order_line = tables.TextColumn(verbose_name="Order line")
    because = tables.TextColumn(verbose_name="Why")


class CreditNoteTable(tables.ListTable):
    caption = "Credit notes that answer the debit memo"

    number = tables.TextColumn(verbose_name="Credit note")
    standing = tables.StateColumn(said=words.STANDINGS)
    credited_on = tables.DayColumn(verbose_name="Credited on")
    amount = tables.MoneyColumn()
    payment = tables.TextColumn(verbose_name="Netted by")
    because = tables.TextColumn(verbose_name="Why")


class AdviceFilters(Filters):
    state = filters.choice("State")
    consignor = filters.partner("Consignor")
    consignee = filters.partner("Consignee")
    organization = filters.choice("Organization")
    agreement = filters.code()


def advices(request: HttpRequest) -> HttpResponseBase:
    viewer = viewer_of(request)
    form = AdviceFilters(
        request,
        state=STATES.items(),
        consignor=filters.of_consignors(viewer),
        consignee=filters.of_consignees(viewer),
        organization=filters.of_organizations(parties.organizations(viewer)),
    )
    said = form.asked("state")
    states = UNSETTLED if said == "unsettled" else tuple([AdviceState(said)] if said else [])

    def ask(order: Sequence[str], limit: int | None, offset: int) -> Page[queries.AdviceHead]:
        return queries.advices(
            viewer,
            consignor=form.asked("consignor"),
            consignee=form.asked("consignee"),
            agreement=form.asked("agreement"),
            organization=form.asked("organization"),
            state=states,
            order=order,
            limit=limit,
            offset=offset,
        )

    if tables.is_export(request):
        return tables.export(request, AdviceTable, ask, "advices")
    table = tables.fill(request, AdviceTable, ask)
    return page(request, "advices", here="advices", filters=form, table=table)


def advice(request: HttpRequest, number: str) -> HttpResponseBase:
    viewer = viewer_of(request)
    told: list[queries.Advice] = []

    def ask(order: Sequence[str], limit: int | None, offset: int) -> Page[queries.AdviceLine]:
        found = queries.advice(viewer, number, order=order, limit=limit, offset=offset)
        if found is None:
            raise Http404
        told.append(found)
        return found.lines

    if tables.is_export(request):
        return tables.export(request, AdviceLineTable, ask, "advice-lines")
    table = tables.fill(request, AdviceLineTable, ask)
    return page(
        request,
        "advice",
        here="advices",
        head=told[0].head,
        third_parties=told[0].third_parties,
        table=table,
        invoices=tables.fixed(InvoiceTable, told[0].invoices),
        vouchers=tables.fixed(VoucherTable, told[0].vouchers),
        memos=tables.fixed(DebitMemoTable, debits.debit_memos(viewer, advice=number).rows),
    )


def transactions(request: HttpRequest, number: str) -> HttpResponseBase:
    viewer = viewer_of(request)

    def ask(
        order: Sequence[str], limit: int | None, offset: int
    ) -> Page[queries.AdviceTransaction]:
        found = queries.advice_transactions(viewer, number, limit=limit, offset=offset)
        if found is None:
            raise Http404
        return found

    if tables.is_export(request):
        return tables.export(request, TransactionTable, ask, "advice-transactions")
    table = tables.fill(request, TransactionTable, ask)
    return page(request, "advice_transactions", here="advices", number=number, table=table)


def debit_memo(request: HttpRequest, number: str) -> HttpResponseBase:
    viewer = viewer_of(request)
    found = debits.debit_memo(viewer, number)
    if found is None:
        raise Http404

    def ask(order: Sequence[str], limit: int | None, offset: int) -> Page[debits.DebitMemoLine]:
        return Page(found.lines, len(found.lines))

    if tables.is_export(request):
        return tables.export(request, DebitMemoLineTable, ask, "debit-memo-lines")
    return page(
        request,
        "debit_memo",
        here="advices",
        head=found.head,
        table=tables.fixed(DebitMemoLineTable, found.lines),
        notes=tables.fixed(
            CreditNoteTable,
            debits.credit_notes(viewer, debit_memo=number, order=["credited_on"]).rows,
        ),
    )


def line(request: HttpRequest, number: str, line: int) -> HttpResponse:
    asked = request.GET.get("total", "")
    found = queries.advice_line_entries(
        viewer_of(request),
        number,
        line,
        total=int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None,
        after=after(request),
    )
    if found is None:
        raise Http404
    return page(
        request,
        "advice_line",
        here="advices",
        advice=found.advice,
        line=found.line,
        totals=tables.fixed(TotalTable, found.totals),
        entries=entries.table(entries.EntryTable, found.entries),
        after=found.after,
    )
