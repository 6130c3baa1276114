"""Debit memos and credit notes (checklist O53, O54): the lists, and one of each with its lines.

Both parties to them see them, and what caused each line. Who of the consignee decided is told to
the consignee's side only; to the consignor the consignee itself did.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from consigned.master_data.parties import NumberOfSeveral
from consigned.measure.money import Price
from consigned.measure.quantity import MICROS, Micros, Quantity
from consigned.settlement.invoices import Standing
from consigned_service.queries.core.figures import Amount, Page
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.settlement.invoices import Decision
from consigned_service.records.settlement import debit_pages
from consigned_service.records.settlement.debit_pages import AskedMemos, AskedNotes


class DebitMemoHead(NamedTuple):
    number: str
    made_on: date
    consignor: str
    consignor_name: str
    consignee: str
    consignee_name: str
    agreement: str
    advice: str | None
    invoice: str | None
    """The invoice that it asks back from; None where nothing here settles the advice."""
    settlement_method: str
    amount: Amount
    """Without tax."""
    tax_amount: Amount
    state: str
    """open, credited and netted; credit-held, credit-disputed or credit-staged; or reported."""
    credit_note: str | None
    credited: Amount | None
    """With tax."""
    payment: str | None


class DebitMemoLine(NamedTuple):
    line: int
    invoice_line: int | None
    item: str
    item_name: str
    quantity: Quantity
    price: Price
    amount: Amount
    tax: str
    tax_amount: Amount
    organization: str
    request: int
    happened_on: date
    because: str
    goods_return: str | None
    """The reference of the return that caused it."""
    order: str | None
    order_line: int | None
    """The line of the consigned order that the goods had come on."""


class DebitMemo(NamedTuple):
    head: DebitMemoHead
    lines: list[DebitMemoLine]


class CreditNoteHead(NamedTuple):
    number: str
    debit_memo: str
    invoice: str | None
    advice: str | None
    agreement: str
    consignor: str
    consignor_name: str
    consignee: str
    consignee_name: str
    credited_on: date
    amount: Amount
    asked: Amount
    """What its debit memo comes to; both are with tax."""
    is_self_billed: bool
    standing: Standing
    """`paid` once a payment nets it."""
    because: str
    """Why it stands so, where it was said."""
    differences: list[str]
    """Where it differed from its debit memo when it came, in both parties' figures."""
    payment: str | None
    paid_on: date | None


class CreditNoteLine(NamedTuple):
    """A line as credited, the line of the memo that it answers, and the order line that its goods
    had come on; None where there is none."""

    line: int
    item: str
    quantity: Quantity
    price: Price
    amount: Amount
    tax_amount: Amount
    invoice_line: int | None
    order: str | None
    order_line: int | None
    asked_item: str | None
    asked_quantity: Quantity | None
    asked_price: Price | None
    asked_amount: Amount | None


class CreditNote(NamedTuple):
    head: CreditNoteHead
    lines: list[CreditNoteLine]
    decisions: list[Decision]


def debit_memos(
    viewer: Viewer,
    *,
    consignor: str | None = None,
    advice: str | None = None,
    invoice: str | None = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[DebitMemoHead]:
    """The debit memos between the viewer and its partners, the last made first."""
    asked = AskedMemos(viewer.party_id, None, consignor, advice, invoice)
    rows = debit_pages.read_memos(asked, order=order, limit=limit, offset=offset)
    return Page([_memo(row) for row in rows], debit_pages.count_memos(asked))


def debit_memo(viewer: Viewer, number: str) -> DebitMemo | None:
    """One debit memo with its lines; None where the viewer is no party to it."""
    found = debit_pages.read_memos(AskedMemos(viewer.party_id, number), limit=1)
    if not found:
        return None
    return DebitMemo(
        _memo(found[0]), [_memo_line(line) for line in debit_pages.read_memo_lines(found[0].id)]
    )


def credit_notes(
    viewer: Viewer,
    *,
    consignor: str | None = None,
    debit_memo: str | None = None,
    standing: Standing | None = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[CreditNoteHead]:
    """The credit notes between the viewer and its partners, the last received first."""
    asked = AskedNotes(viewer.party_id, None, consignor, debit_memo, standing)
    rows = debit_pages.read_notes(asked, order=order, limit=limit, offset=offset)
    return Page([_note(row) for row in rows], debit_pages.count_notes(asked))


def credit_note(
    viewer: Viewer, number: str, *, consignor: str, year: int | None = None
) -> CreditNote | None:
    """One credit note of a consignor; None where the viewer is no party to it. Refuses a number
    that the consignor gave in several years, where it is not said which is meant."""
    asked = AskedNotes(viewer.party_id, number, consignor, year=year)
    rows = debit_pages.read_notes(asked, order=["credited_on"])
    if not rows:
        return None
    if len(rows) > 1:
        years = tuple(f"{consignor} in {row.credited_on.year}" for row in rows)
        raise NumberOfSeveral("credit note", number, years)
    (row,) = rows
    is_ours = row.consignee_id == viewer.party_id
    asked_lines = {
        one.line: (one.order, one.order_line)
        for one in debit_pages.read_memo_lines(row.debit_memo_id)
    }
    return CreditNote(
        _note(row),
        [
            _note_line(line, *asked_lines.get(line.line, (None, None)))
            for line in debit_pages.read_note_lines(row.id)
        ],
        [
            Decision(
                Standing(one.standing), one.decided_on,
                one.decided_by if is_ours else row.consignee_name, one.because, one.evidence,
            )
            for one in debit_pages.read_decisions(row.id)
        ],
    )  # fmt: skip


def _memo(row: debit_pages.DebitMemo) -> DebitMemoHead:
    return DebitMemoHead(
        row.number, row.made_on, row.consignor, row.consignor_name, row.consignee,
        row.consignee_name, row.agreement, row.advice, row.invoice, row.settlement_method,
        Amount(row.amount, row.currency), Amount(row.tax_amount, row.currency), row.state,
        row.credit_note,
        None if row.credited is None else Amount(row.credited, row.currency), row.payment,
    )  # fmt: skip


def _memo_line(row: debit_pages.DebitMemoLine) -> DebitMemoLine:
    return DebitMemoLine(
        row.line, row.invoice_line, row.item, row.item_name,
        Quantity(Micros(row.quantity), row.unit), Price(row.price, row.currency, row.per),
        Amount(row.amount, row.currency), row.tax, Amount(row.tax_amount, row.currency),
        row.organization, row.request, row.happened_on,
        row.because, row.goods_return, row.order, row.order_line,
    )  # fmt: skip


def _note(row: debit_pages.CreditNote) -> CreditNoteHead:
    return CreditNoteHead(
        row.number, row.debit_memo, row.invoice, row.advice, row.agreement, row.consignor,
        row.consignor_name, row.consignee, row.consignee_name, row.credited_on,
        Amount(row.amount, row.currency), Amount(row.asked, row.asked_currency),
        row.is_self_billed, Standing(row.standing), row.because,
        (row.differences or "").splitlines(), row.payment, row.paid_on,
    )  # fmt: skip


def _note_line(
    row: debit_pages.CreditNoteLine, order: str | None, order_line: int | None
) -> CreditNoteLine:
    unit = row.asked_unit or row.unit or ""
    return CreditNoteLine(
        line=row.line,
        item=row.item,
        quantity=Quantity(Micros(row.quantity), row.unit or unit),
        price=Price(row.price, row.currency, row.per or MICROS),
        amount=Amount(row.amount, row.currency),
        tax_amount=Amount(row.tax_amount, row.currency),
        invoice_line=row.invoice_line,
        order=order,
        order_line=order_line,
        asked_item=row.asked_item,
        asked_quantity=(
            None if row.asked_quantity is None else Quantity(Micros(row.asked_quantity), unit)
        ),
        asked_price=(
            None if row.asked_price is None
            else Price(row.asked_price, row.asked_currency, row.asked_per or MICROS)
        ),
        asked_amount=(
            None if row.asked_amount is None else Amount(row.asked_amount, row.asked_currency)
        ),
    )  # fmt: skip
