"""Consumption advices (checklist O01): the list, one advice, and what each line is made of.

advice  →  line  →  running totals, one a day, use and price  →  transfers of title
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from consigned.accounting.accruals import growth
from consigned.master_data.exchange_rates import convert, show_rate
from consigned.master_data.taxes import read_tax
from consigned.measure.money import Price
from consigned.measure.quantity import MICROS, Micros, Quantity, divide_half_even
from consigned_service.queries.core.figures import Amount, Page
from consigned_service.queries.core.viewers import Viewer, who_of_it
from consigned_service.queries.inventory.title import TitleEntry
from consigned_service.queries.master_data.roles import PartyRole, third_parties
from consigned_service.queries.settlement.payables import RunningTotal
from consigned_service.records.inventory import title_pages
from consigned_service.records.settlement import advice_pages, debt_pages
from consigned_service.records.settlement import vouchers as voucher_records
from consigned_service.records.settlement.advice_pages import Asked


class AdviceState(StrEnum):
    """Where an advice stands on its way to payment."""

    OPEN = "open"
    """No invoice answers it yet."""
    STAGED = "invoice-staged"
    """A self-billed invoice waits for a person to release it."""
    HELD = "invoiced-held"
    DISPUTED = "invoice-disputed"
    """An invoice answers it and differs."""
    SETTLED = "settled"
    """An accepted invoice settles it; it is to be paid."""
    PAID = "paid"
    REPORTED = "reported"
    """The agreement settles elsewhere, and vouchers made there are not recorded for all of it."""
    SETTLED_ELSEWHERE = "settled-elsewhere"
    """Vouchers made elsewhere are recorded for all of it that did not go back."""
    CANCELLED = "cancelled"
    """It was taken back before anybody had invoiced it; a later one tells what it had told."""


UNSETTLED = (AdviceState.OPEN, AdviceState.STAGED, AdviceState.HELD)
"""Owed, and no accepted invoice yet."""


class AdviceHead(NamedTuple):
    number: str
    agreement: str
    consignor: str
    consignor_name: str
    consignee: str
    consignee_name: str
    organization: str | None
    """None where one advice covers all organizations."""
    item: str | None
    happened_on: date | None
    starts_on: date
    closes_on: date
    made_on: date
    summary_level: str
    settlement_method: str
    amount: Amount
    """Without tax."""
    state: AdviceState
    invoice: str | None
    """The invoice that settles it."""
    payment: str | None
    consignor_site: str | None
    """The consignor's site whose agreement it is, where the agreement names one."""
    bill_to: str
    """Whom the invoice goes to: the organization that the agreement names, or the consignee."""
    by_kind: bool
    """Whether each kind of use has lines of its own."""
    shows_lots: bool
    """Whether lots and serials are told."""
    tax_amount: Amount
    """The tax of its lines, each rounded once."""
    amount_with_tax: Amount
    told_by: str | None = None
    """How it reached the consignor: portal, print, email or fax; None where it was not sent yet."""
    told_to: str | None = None
    told_at: datetime | None = None
    cancelled_on: date | None = None
    cancelled_because: str | None = None


class OfLot(NamedTuple):
    """So much of one lot, or one piece."""

    lot: str | None
    serial: str | None
    quantity: Quantity

    def __str__(self) -> str:
        named = " ".join(part for part in (self.lot, self.serial) if part)
        return named if self.serial else f"{named}: {self.quantity}"


class AdviceLine(NamedTuple):
    advice: str
    line: int
    organization: str
    organization_name: str
    item: str
    item_name: str
    happened_on: date | None
    quantity: Quantity
    price: Price
    amount: Amount
    kind: str
    """consumption, or price-correction of what was told before."""
    use_kind: str
    """The kind of use, where the advice tells the kinds apart."""
    as_ordered: list[Quantity]
    """The quantity in the units the goods were ordered in, where the item has several (O55)."""
    lots: list[OfLot]
    """What it holds of each lot and piece, where the advice tells them (checklist O07)."""
    tax: str
    """The tax that comes on top of its price, as `V19 19%`; empty where it is not taxed (X13)."""
    price_with_tax: Price
    tax_amount: Amount
    amount_with_tax: Amount


class AdviceTransaction(NamedTuple):
    """One transfer of title that an advice tells (checklist O58); what went back counts below
    zero. A change of price has the reference of the change, and no entry."""

    line: int
    organization: str
    entry: int | None
    price_change: str | None
    item: str
    item_name: str
    kind: str
    happened_on: date
    consumed: Quantity
    consumed_as_ordered: Quantity
    """In the unit the goods were ordered in."""
    price: Price
    price_source: str
    amount: Amount
    """Its part of the line's amount: the parts of a line come to the line, to the cent."""
    billed: Quantity
    billed_amount: Amount
    """Nothing, until an accepted invoice settles the advice."""
    receipt: str | None
    receipt_line: int | None
    order: str | None
    order_line: int | None
    lot: str | None
    serial: str | None
    rate: str | None
    """What one unit of the agreement's currency was worth in the organization's own, on the day of
    consumption; None where they are the same, or the organization keeps no rates (X12)."""
    rate_on: date | None
    """The day from which that rate held."""
    rate_kind: str | None
    own_amount: Amount | None
    """The amount in the organization's currency, at that rate."""
    tax: str
    """The tax that comes on top of its price; empty where it is not taxed."""
    price_with_tax: Price
    tax_amount: Amount
    """Its part of the line's tax: the parts of a line come to the line, to the cent."""
    internal_number: str | None
    """Of what waited as an exception and was corrected: the consignee's own number of it, which
    the consignor is not told (checklist O48)."""


class InvoiceOnAdvice(NamedTuple):
    number: str
    invoiced_on: date
    due_on: date
    amount: Amount
    is_self_billed: bool
    standing: str | None
    decided_on: date | None
    because: str
    payment: str | None
    paid_on: date | None


class VoucherOnAdvice(NamedTuple):
    """What another system made of an advice that is settled there, without tax."""

    number: str
    vouchered_on: date
    amount: Amount
    recorded_on: date
    recorded_by: str
    """To the consignor, the consignee itself."""


class Advice(NamedTuple):
    head: AdviceHead
    lines: Page[AdviceLine]
    invoices: list[InvoiceOnAdvice]
    vouchers: list[VoucherOnAdvice]
    third_parties: list[PartyRole]
    """Whom it names beside its two parties (checklist E14)."""


class AdviceLineEntries(NamedTuple):
    advice: AdviceHead
    line: AdviceLine
    totals: list[RunningTotal]
    entries: list[TitleEntry]
    after: int | None
    """What to give as `after` for the next entries; None where there are none."""


def advices(
    viewer: Viewer,
    *,
    consignor: str | None = None,
    consignee: str | None = None,
    agreement: str | None = None,
    organization: str | None = None,
    site: str | None = None,
    state: AdviceState | Collection[AdviceState] | None = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[AdviceHead]:
    """The advices between the viewer and its partners, the last closed first; of one state, or of
    any of several."""
    states = (state,) if isinstance(state, str) else tuple(state or ())
    asked = Asked(
        viewer.party_id, None, consignor, consignee, agreement, organization, states, site
    )
    rows = advice_pages.read(asked, order=order, limit=limit, offset=offset)
    return Page([_head(row) for row in rows], advice_pages.count(asked))


def advice(
    viewer: Viewer,
    number: str,
    *,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Advice | None:
    """One advice with its lines and invoices; None where the viewer is no party to it."""
    row = _read(viewer, number)
    if row is None:
        return None
    party = viewer.party_id
    lines = advice_pages.read_lines(party, number, order=order, limit=limit, offset=offset)
    count = len(lines) if limit is None else advice_pages.count_lines(party, number)
    shown = [one.line for one in lines]
    units = _as_ordered(advice_pages.read_as_ordered(party, number, shown))
    lots = _of_lots(advice_pages.read_lots(party, number, shown))
    invoices = [_invoice(invoice) for invoice in advice_pages.read_invoices(row)]
    return Advice(
        _head(row),
        Page(
            [_line(line, units.get(line.line, []), lots.get(line.line, [])) for line in lines],
            count,
        ),
        invoices,
        _vouchers(viewer, row),
        third_parties(viewer, [row.agreement]),
    )


def advice_transactions(
    viewer: Viewer,
    number: str,
    *,
    line: int | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> Page[AdviceTransaction] | None:
    """Every transfer of title that an advice tells, or one of its lines, with what it comes to;
    None where the viewer is no party to it."""
    head = _read(viewer, number)
    if head is None:
        return None
    internal = f"{number}-C" if head.consignee_id == viewer.party_id else None
    rows, total = advice_pages.read_transactions(
        viewer.party_id, number, line=line, limit=limit, offset=offset
    )
    return Page([_transaction(row, internal) for row in rows], total)


def advice_line_entries(
    viewer: Viewer,
    number: str,
    line: int,
    *,
    total: int | None = None,
    after: int = 0,
    limit: int = 100,
) -> AdviceLineEntries | None:
    """What an advice line is made of: its running totals, and the transfers of title that count
    in them, in the order they were made; of one total where it is named."""
    head = _read(viewer, number)
    lines = advice_pages.read_lines(viewer.party_id, number, line=line) if head else []
    if head is None or not lines:
        return None
    totals = debt_pages.read_totals_of_line(lines[0].organization_id, lines[0].id)
    wanted = [one.number for one in totals if total in (None, one.number)]
    read = title_pages.read_of_totals(
        viewer.party_id, lines[0].organization_id, wanted, after=after, limit=limit + 1
    )
    return AdviceLineEntries(
        advice=_head(head),
        line=_line(lines[0], [], []),
        totals=[RunningTotal.told(one) for one in totals],
        entries=[_without_lots(TitleEntry.told_to(viewer, row), head) for row in read[:limit]],
        after=read[limit - 1].number if len(read) > limit else None,
    )


def _without_lots(entry: TitleEntry, head: advice_pages.Advice) -> TitleEntry:
    """An entry as the advice tells it (checklist O07)."""
    return entry if head.shows_lots else entry._replace(lot=None, serial=None)


def _read(viewer: Viewer, number: str) -> advice_pages.Advice | None:
    return next(iter(advice_pages.read(Asked(viewer.party_id, number), limit=1)), None)


def _head(row: advice_pages.Advice) -> AdviceHead:
    return AdviceHead(
        number=row.number,
        agreement=row.agreement,
        consignor=row.consignor,
        consignor_name=row.consignor_name,
        consignee=row.consignee,
        consignee_name=row.consignee_name,
        organization=row.organization,
        item=row.item,
        happened_on=row.happened_on,
        starts_on=row.starts_on,
        closes_on=row.closes_on,
        made_on=row.made_on,
        summary_level=row.summary_level,
        settlement_method=row.settlement_method,
        amount=Amount(row.amount, row.currency),
        state=AdviceState(row.state),
        invoice=row.invoice,
        payment=row.payment,
        consignor_site=row.consignor_site,
        bill_to=row.bill_to,
        by_kind=row.by_kind,
        shows_lots=row.shows_lots,
        told_by=row.told_by,
        told_to=row.told_to,
        told_at=row.told_at,
        cancelled_on=row.cancelled_on,
        cancelled_because=row.cancelled_because,
        tax_amount=Amount(row.tax_amount, row.currency),
        amount_with_tax=Amount(row.amount + row.tax_amount, row.currency),
    )


def _of_lots(rows: list[advice_pages.OfLot]) -> dict[int, list[OfLot]]:
    lots: dict[int, list[OfLot]] = {}
    for row in rows:
        quantity = Quantity(Micros(int(row.consumed)), row.unit)
        lots.setdefault(row.line, []).append(OfLot(row.lot, row.serial, quantity))
    return lots


def _as_ordered(rows: list[advice_pages.AsOrdered]) -> dict[int, list[Quantity]]:
    units: dict[int, list[Quantity]] = {}
    for row in rows:
        units.setdefault(row.line, []).append(_in_unit(row.consumed, row.unit, row.unit_holds))
    return units


def _in_unit(own: int, unit: str, holds: int) -> Quantity:
    """So much of the item's own unit in another one, to the millionth."""
    return Quantity(Micros(divide_half_even(own * MICROS, holds)), unit)


def _transaction(row: advice_pages.Transaction, internal: str | None) -> AdviceTransaction:
    price = Price(row.price, row.currency, row.per)
    amount = Amount(growth(price, row.so_far - row.consumed, row.so_far), row.currency)
    tax = read_tax(row.tax)
    tax_so_far = tax.of(price.extend(row.so_far))
    tax_before = tax.of(price.extend(row.so_far - row.consumed))
    consumed = Quantity(Micros(row.consumed), row.unit)
    as_ordered = consumed
    if row.ordered_in and row.unit_holds:
        as_ordered = _in_unit(row.consumed, row.ordered_in, row.unit_holds)
    return AdviceTransaction(
        line=row.line,
        organization=row.organization,
        entry=row.entry,
        price_change=row.price_change,
        item=row.item,
        item_name=row.item_name,
        kind=row.kind,
        happened_on=row.happened_on,
        consumed=consumed,
        consumed_as_ordered=as_ordered,
        price=price,
        price_source=row.price_source,
        amount=amount,
        billed=consumed if row.is_settled else Quantity(Micros(0), row.unit),
        billed_amount=amount if row.is_settled else Amount(0, row.currency),
        receipt=row.receipt,
        receipt_line=row.receipt_line,
        order=row.order,
        order_line=row.order_line,
        lot=row.lot,
        serial=row.serial,
        rate=show_rate(row.rate) if row.rate else None,
        rate_on=row.rate_on,
        rate_kind=row.rate_kind,
        own_amount=_in_own_currency(amount, row.rate, row.own_currency),
        tax=row.tax,
        price_with_tax=tax.on_top_of(price),
        tax_amount=Amount(tax_so_far - tax_before, row.currency),
        internal_number=internal if row.is_corrected else None,
    )


def _in_own_currency(amount: Amount, rate: int | None, own_currency: str | None) -> Amount | None:
    if not rate or not own_currency:
        return None
    return Amount(convert(amount.minor, amount.currency, rate, own_currency), own_currency)


def _line(
    row: advice_pages.AdviceLine, as_ordered: list[Quantity], lots: list[OfLot]
) -> AdviceLine:
    price = Price(row.price, row.currency, row.per)
    return AdviceLine(
        advice=row.advice,
        line=row.line,
        organization=row.organization,
        organization_name=row.organization_name,
        item=row.item,
        item_name=row.item_name,
        happened_on=row.happened_on,
        quantity=Quantity(Micros(row.quantity), row.unit),
        price=price,
        amount=Amount(row.amount, row.currency),
        kind=row.kind,
        use_kind=row.use_kind,
        as_ordered=as_ordered,
        lots=lots,
        tax=row.tax,
        price_with_tax=read_tax(row.tax).on_top_of(price),
        tax_amount=Amount(row.tax_amount, row.currency),
        amount_with_tax=Amount(row.amount + row.tax_amount, row.currency),
    )


def _vouchers(viewer: Viewer, advice: advice_pages.Advice) -> list[VoucherOnAdvice]:
    return [
        VoucherOnAdvice(
            row.number, row.vouchered_on, Amount(row.amount, advice.currency), row.recorded_on,
            who_of_it(viewer, row.recorded_by, advice.consignee_id, advice.consignee_name),
        )
        for row in voucher_records.read_vouchers(advice.id)
    ]  # fmt: skip


def _invoice(row: advice_pages.Invoice) -> InvoiceOnAdvice:
    return InvoiceOnAdvice(
        number=row.number,
        invoiced_on=row.invoiced_on,
        due_on=row.due_on,
        amount=Amount(row.amount, row.currency),
        is_self_billed=row.is_self_billed,
        standing=row.standing,
        decided_on=row.decided_on,
        because=row.because or "",
        payment=row.payment,
        paid_on=row.paid_on,
    )
