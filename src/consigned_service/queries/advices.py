"""Consumption advices (checklist O01): the list, one advice, and what each line is made of.

advice  →  line  →  running totals, one a day, use and price  →  transfers of title
"""

from collections.abc import Collection, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from consigned.measure.money import Price
from consigned.measure.quantity import Micros, Quantity
from consigned_service.queries.figures import Amount, Page
from consigned_service.queries.owed import RunningTotal
from consigned_service.queries.roles import PartyRole, third_parties
from consigned_service.queries.title import TitleEntry
from consigned_service.queries.viewers import Viewer
from consigned_service.records import advice_pages, debt_pages, title_pages
from consigned_service.records.advice_pages import Asked


class AdviceState(StrEnum):
    """Where an advice stands on its way to payment."""

    OPEN = "open"
    """No invoice answers it yet."""
    STAGED = "invoice-staged"
    """A self-billed invoice waits for a person to release it."""
    HELD = "invoiced-held"
    """An invoice answers it and differs."""
    SETTLED = "settled"
    """An accepted invoice settles it; it is to be paid."""
    PAID = "paid"
    REPORTED = "reported"
    """The agreement settles elsewhere; nothing more happens here."""


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
    state: AdviceState
    invoice: str | None
    """The invoice that settles it."""
    payment: str | None


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


class Advice(NamedTuple):
    head: AdviceHead
    lines: Page[AdviceLine]
    invoices: list[InvoiceOnAdvice]
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
    state: AdviceState | Collection[AdviceState] | None = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[AdviceHead]:
    """The advices between the viewer and its partners, the last closed first; of one state, or of
    any of several."""
    states = (state,) if isinstance(state, str) else tuple(state or ())
    asked = Asked(viewer.party_id, None, consignor, consignee, agreement, organization, states)
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
    invoices = [_invoice(invoice) for invoice in advice_pages.read_invoices(row)]
    return Advice(
        _head(row),
        Page([_line(line) for line in lines], count),
        invoices,
        third_parties(viewer, [row.agreement]),
    )


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
        line=_line(lines[0]),
        totals=[RunningTotal.told(one) for one in totals],
        entries=[TitleEntry.told_to(viewer, row) for row in read[:limit]],
        after=read[limit - 1].number if len(read) > limit else None,
    )


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
    )


def _line(row: advice_pages.AdviceLine) -> AdviceLine:
    return AdviceLine(
        advice=row.advice,
        line=row.line,
        organization=row.organization,
        organization_name=row.organization_name,
        item=row.item,
        item_name=row.item_name,
        happened_on=row.happened_on,
        quantity=Quantity(Micros(row.quantity), row.unit),
        price=Price(row.price, row.currency, row.per),
        amount=Amount(row.amount, row.currency),
        kind=row.kind,
    )


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
