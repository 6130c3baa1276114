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
from consigned_service.queries.core.names import name_on
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.sql.select import Listing, Where


class InvoiceRow(NamedTuple):
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
    InvoiceRow,
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


def _read(
    asked: Asked, *, order: Sequence[str] = (), limit: int | None = None, offset: int = 0
) -> list[InvoiceRow]:
    """Invoices to or from a party, the last received first."""
    order = (*order, "-invoiced_on", "-id")
    return INVOICES.read(_where(asked), order=order, limit=limit, offset=offset)


def _count(asked: Asked) -> int:
    return INVOICES.count(_where(asked))


class InvoiceLineRow(NamedTuple):
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
    InvoiceLineRow,
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


def _read_lines(invoice: InvoiceRow) -> list[InvoiceLineRow]:
    """The lines of an invoice; it was read for somebody who may see it."""
    return LINES.read(Where().also("vl.invoice_id = %s", invoice.id), order=("line",))


class DecisionRow(NamedTuple):
    standing: str
    decided_on: date
    decided_by: str
    because: str
    evidence: str
    id: int


DECISIONS = Listing(
    DecisionRow,
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


def _read_decisions(invoice: InvoiceRow) -> list[DecisionRow]:
    """What was decided about an invoice, in that order."""
    return DECISIONS.read(Where().also("d.invoice_id = %s", invoice.id), order=("id",))


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
    rows = _read(asked, order=order, limit=limit, offset=offset)
    return Page([_head(row) for row in rows], _count(asked))


def invoice(
    viewer: Viewer, number: str, *, consignor: str, year: int | None = None
) -> Invoice | None:
    """One invoice of a consignor; None where the viewer is no party to it. Refuses a number that
    the consignor gave in several years, where it is not said which is meant."""
    asked = Asked(viewer.party_id, number, consignor, year=year)
    rows = _read(asked, order=["invoiced_on"])
    if not rows:
        return None
    if len(rows) > 1:
        years = tuple(f"{consignor} in {row.invoiced_on.year}" for row in rows)
        raise NumberOfSeveral("invoice", number, years)
    (row,) = rows
    is_ours = row.consignee_id == viewer.party_id
    return Invoice(
        _head(row),
        [_line(line) for line in _read_lines(row)],
        [
            Decision(
                Standing(one.standing), one.decided_on,
                one.decided_by if is_ours else row.consignee_name, one.because,
                one.evidence,
            )
            for one in _read_decisions(row)
        ],
    )  # fmt: skip


def _head(row: InvoiceRow) -> InvoiceHead:
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


def _line(row: InvoiceLineRow) -> InvoiceLine:
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
