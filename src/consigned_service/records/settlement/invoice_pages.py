"""Invoices as people read them: what was billed beside what was advised, and each decision."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from consigned_service.records.master_data.changes import name_on
from consigned_service.records.sql.select import Listing, Where


class Invoice(NamedTuple):
    id: int
    number: str
    advice: str
    agreement: str
    consignor: str
    consignor_name: str
    consignee_id: int
    consignee: str
    consignee_name: str
    invoiced_on: date
    due_on: date
    currency: str
    amount: int
    advised_currency: str
    advised: int
    is_self_billed: bool
    standing: str
    differences: str | None
    payment: str | None
    paid_on: date | None
    tax_amount: int


INVOICES = Listing(
    Invoice,
    {
        "id": "v.id",
        "number": "v.number",
        "advice": "ad.number",
        "agreement": "a.number",
        "consignor": "w.code",
        "consignor_name": name_on("party", "w", "v.invoiced_on"),
        "consignee_id": "v.consignee_id",
        "consignee": "h.code",
        "consignee_name": name_on("party", "h", "v.invoiced_on"),
        "invoiced_on": "v.invoiced_on",
        "due_on": "v.due_on",
        "currency": "v.currency",
        "amount": "v.amount",
        "advised_currency": "ad.currency",
        "advised": "ad.amount + ad.tax_amount",
        "is_self_billed": "v.is_self_billed",
        "standing": "d.standing",
        "differences": "held.because",
        "payment": "pay.number",
        "paid_on": "pay.paid_on",
        "tax_amount": "v.tax_amount",
    },
    "invoice v JOIN advice ad ON ad.id = v.advice_id JOIN agreement a ON a.id = ad.agreement_id "
    "JOIN party w ON w.id = v.consignor_id JOIN party h ON h.id = v.consignee_id "
    "JOIN invoice_decision d ON d.invoice_id = v.id "
    "AND d.id = (SELECT MAX(x.id) FROM invoice_decision x WHERE x.invoice_id = v.id) "
    "LEFT JOIN invoice_decision held ON held.invoice_id = v.id AND held.standing = 'held' "
    "LEFT JOIN payment_line pl ON pl.invoice_id = v.id "
    "LEFT JOIN payment pay ON pay.id = pl.payment_id",
)


class Asked(NamedTuple):
    """Which invoices are asked for; None asks nothing."""

    party: int
    number: str | None = None
    consignor: str | None = None
    consignee: str | None = None
    advice: str | None = None
    standing: str | None = None
    due_by: date | None = None
    year: int | None = None


def _where(asked: Asked) -> Where:
    where = Where().also("v.consignor_id = %s OR v.consignee_id = %s", asked.party, asked.party)
    where.equals(
        v__number=asked.number,
        w__code=asked.consignor,
        h__code=asked.consignee,
        ad__number=asked.advice,
        d__standing=asked.standing,
        v__year=asked.year,
    )
    if asked.due_by is not None:
        where.also("v.due_on <= %s", asked.due_by)
    return where


def read(
    asked: Asked, *, order: Sequence[str] = (), limit: int | None = None, offset: int = 0
) -> list[Invoice]:
    """Invoices to or from a party, the last received first."""
    order = (*order, "-invoiced_on", "-id")
    return INVOICES.read(_where(asked), order=order, limit=limit, offset=offset)


def count(asked: Asked) -> int:
    return INVOICES.count(_where(asked))


class InvoiceLine(NamedTuple):
    """A line as billed, beside the line of the advice that it answers, if there is one."""

    line: int
    item: str
    unit: str | None
    quantity: int
    price: int
    amount: int
    currency: str
    per: int | None
    advised_per: int | None
    advised_item: str | None
    advised_unit: str | None
    advised_quantity: int | None
    advised_price: int | None
    advised_amount: int | None
    advised_currency: str
    tax_amount: int
    advised_tax: str | None
    advised_tax_amount: int | None


LINES = Listing(
    InvoiceLine,
    {
        "line": "vl.line",
        "item": "vl.item",
        "unit": "bi.unit",
        "quantity": "vl.quantity",
        "price": "vl.price",
        "amount": "vl.amount",
        "currency": "v.currency",
        "per": "CASE WHEN vl.per > 0 THEN vl.per ELSE al.per END",
        "advised_per": "al.per",
        "advised_item": "i.code",
        "advised_unit": "i.unit",
        "advised_quantity": "al.quantity",
        "advised_price": "al.price",
        "advised_amount": "al.amount",
        "advised_currency": "ad.currency",
        "tax_amount": "vl.tax_amount",
        "advised_tax": "al.tax",
        "advised_tax_amount": "al.tax_amount",
    },
    "invoice_line vl JOIN invoice v ON v.id = vl.invoice_id JOIN advice ad ON ad.id = v.advice_id "
    "LEFT JOIN item bi ON bi.code = vl.item "
    "LEFT JOIN advice_line al ON al.advice_id = v.advice_id AND al.line = vl.line "
    "LEFT JOIN item i ON i.id = al.item_id",
)


def read_lines(invoice: Invoice) -> list[InvoiceLine]:
    """The lines of an invoice; it was read for somebody who may see it."""
    return LINES.read(Where().also("vl.invoice_id = %s", invoice.id), order=("line",))


class Decision(NamedTuple):
    standing: str
    decided_on: date
    decided_by: str
    because: str
    evidence: str
    id: int


DECISIONS = Listing(
    Decision,
    {
        "standing": "d.standing",
        "decided_on": "d.decided_on",
        "decided_by": "d.decided_by",
        "because": "d.because",
        "evidence": "d.evidence",
        "id": "d.id",
    },
    "invoice_decision d",
)


def read_decisions(invoice: Invoice) -> list[Decision]:
    """What was decided about an invoice, in that order."""
    return DECISIONS.read(Where().also("d.invoice_id = %s", invoice.id), order=("id",))
