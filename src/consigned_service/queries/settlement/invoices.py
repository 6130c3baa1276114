"""Invoices (checklist O43): the list, and one with its lines, its differences and its decisions.

Both parties to an invoice see it. Who of the consignee decided is told to the consignee's side
only; to the consignor the consignee itself did.
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
from consigned_service.records.settlement import invoice_pages
from consigned_service.records.settlement.invoice_pages import Asked


class InvoiceHead(NamedTuple):
    number: str
    advice: str
    agreement: str
    consignor: str
    consignor_name: str
    consignee: str
    consignee_name: str
    invoiced_on: date
    due_on: date
    amount: Amount
    """What is to be paid, with tax."""
    tax_amount: Amount
    advised: Amount
    """What its advice comes to, with tax."""
    is_self_billed: bool
    standing: Standing
    differences: list[str]
    """Where it differed from its advice when it came, in both parties' figures."""
    payment: str | None
    paid_on: date | None


class InvoiceLine(NamedTuple):
    """A line as billed, and the line of the advice that it answers; None where there is none."""

    line: int
    item: str
    quantity: Quantity
    price: Price
    amount: Amount
    advised_item: str | None
    advised_quantity: Quantity | None
    advised_price: Price | None
    advised_amount: Amount | None
    tax_amount: Amount
    """The tax that is billed on top of the amount."""
    advised_tax: str
    """The tax that the advice tells, as `V19 19%`; empty where it is not taxed."""
    advised_tax_amount: Amount | None


class Decision(NamedTuple):
    standing: Standing
    decided_on: date
    decided_by: str
    because: str
    evidence: str
    """What the decider's own record says, and where it is to be seen."""


class Invoice(NamedTuple):
    head: InvoiceHead
    lines: list[InvoiceLine]
    decisions: list[Decision]


def invoices(
    viewer: Viewer,
    *,
    consignor: str | None = None,
    consignee: str | None = None,
    advice: str | None = None,
    standing: Standing | None = None,
    due_by: date | None = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[InvoiceHead]:
    """The invoices between the viewer and its partners, the last received first."""
    asked = Asked(viewer.party_id, None, consignor, consignee, advice, standing, due_by)
    rows = invoice_pages.read(asked, order=order, limit=limit, offset=offset)
    return Page([_head(row) for row in rows], invoice_pages.count(asked))


def invoice(
    viewer: Viewer, number: str, *, consignor: str, year: int | None = None
) -> Invoice | None:
    """One invoice of a consignor; None where the viewer is no party to it. Refuses a number that
    the consignor gave in several years, where it is not said which is meant."""
    asked = Asked(viewer.party_id, number, consignor, year=year)
    rows = invoice_pages.read(asked, order=["invoiced_on"])
    if not rows:
        return None
    if len(rows) > 1:
        years = tuple(f"{consignor} in {row.invoiced_on.year}" for row in rows)
        raise NumberOfSeveral("invoice", number, years)
    (row,) = rows
    is_ours = row.consignee_id == viewer.party_id
    return Invoice(
        _head(row),
        [_line(line) for line in invoice_pages.read_lines(row)],
        [
            Decision(
                Standing(one.standing), one.decided_on,
                one.decided_by if is_ours else row.consignee_name, one.because,
                one.evidence,
            )
            for one in invoice_pages.read_decisions(row)
        ],
    )  # fmt: skip


def _head(row: invoice_pages.Invoice) -> InvoiceHead:
    return InvoiceHead(
        number=row.number,
        advice=row.advice,
        agreement=row.agreement,
        consignor=row.consignor,
        consignor_name=row.consignor_name,
        consignee=row.consignee,
        consignee_name=row.consignee_name,
        invoiced_on=row.invoiced_on,
        due_on=row.due_on,
        amount=Amount(row.amount, row.currency),
        tax_amount=Amount(row.tax_amount, row.currency),
        advised=Amount(row.advised, row.advised_currency),
        is_self_billed=row.is_self_billed,
        standing=Standing(row.standing),
        differences=(row.differences or "").splitlines(),
        payment=row.payment,
        paid_on=row.paid_on,
    )


def _line(row: invoice_pages.InvoiceLine) -> InvoiceLine:
    per = row.per or MICROS
    unit = row.advised_unit or row.unit or ""
    advised = None
    if row.advised_quantity is not None:
        advised = Quantity(Micros(row.advised_quantity), unit)
    return InvoiceLine(
        line=row.line,
        item=row.item,
        quantity=Quantity(Micros(row.quantity), row.unit or unit),
        price=Price(row.price, row.currency, per),
        amount=Amount(row.amount, row.currency),
        advised_item=row.advised_item,
        advised_quantity=advised,
        advised_price=(
            None if row.advised_price is None
            else Price(row.advised_price, row.advised_currency, row.advised_per or MICROS)
        ),
        advised_amount=(
            None if row.advised_amount is None
            else Amount(row.advised_amount, row.advised_currency)
        ),
        tax_amount=Amount(row.tax_amount, row.currency),
        advised_tax=row.advised_tax or "",
        advised_tax_amount=(
            None if row.advised_tax_amount is None
            else Amount(row.advised_tax_amount, row.advised_currency)
        ),
    )  # fmt: skip
