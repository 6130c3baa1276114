"""Invoices (checklist O43): the list, and one with its lines, its differences and its decisions.

Both parties to an invoice see it. Who of the consignee decided is told to the consignee's side
only; to the consignor the consignee itself did.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, NamedTuple

from consigned.master_data.parties import NumberOfSeveral
from consigned.measure.money import Price
from consigned.measure.quantity import MICROS, Quantity
from consigned.settlement.invoices import Standing
from consigned_service.queries.core.figures import Amount, Page, page
from consigned_service.queries.core.names import name_on
from consigned_service.queries.core.question import (
    Filter,
    OfAdvice,
    OfConsignee,
    OfConsignor,
    Question,
)
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.sql.select import Listing, Where


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


INVOICES = Listing(
    InvoiceHead,
    {
        "number": "v.number",
        "advice": "ad.number",
        "agreement": "a.number",
        "consignor": "w.code",
        "consignor_name": name_on("party", "w", "v.invoiced_on"),
        "consignee": "h.code",
        "consignee_name": name_on("party", "h", "v.invoiced_on"),
        "invoiced_on": "v.invoiced_on",
        "due_on": "v.due_on",
        "amount": ("v.amount", "v.currency"),
        "tax_amount": ("v.tax_amount", "v.currency"),
        "advised": ("ad.amount + ad.tax_amount", "ad.currency"),
        "is_self_billed": "v.is_self_billed",
        "standing": "d.standing",
        "differences": "COALESCE(held.because, '')",
        "payment": "pay.number",
        "paid_on": "pay.paid_on",
    },
    "invoice v JOIN advice ad ON ad.id = v.advice_id JOIN agreement a ON a.id = ad.agreement_id "
    "JOIN party w ON w.id = v.consignor_id JOIN party h ON h.id = v.consignee_id "
    "JOIN invoice_decision d ON d.invoice_id = v.id "
    "AND d.id = (SELECT MAX(x.id) FROM invoice_decision x WHERE x.invoice_id = v.id) "
    "LEFT JOIN invoice_decision held ON held.invoice_id = v.id AND held.standing = 'held' "
    "LEFT JOIN payment_line pl ON pl.invoice_id = v.id "
    "LEFT JOIN payment pay ON pay.id = pl.payment_id",
    order={"id": "v.id"},
)


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


LINES = Listing(
    InvoiceLine,
    {
        "line": "vl.line",
        "item": "vl.item",
        "quantity": ("vl.quantity", "COALESCE(bi.unit, i.unit, '')"),
        "price": (
            "vl.price",
            "v.currency",
            f"COALESCE(CASE WHEN vl.per > 0 THEN vl.per ELSE al.per END, {MICROS})",
        ),
        "amount": ("vl.amount", "v.currency"),
        "advised_item": "i.code",
        "advised_quantity": ("al.quantity", "COALESCE(i.unit, bi.unit, '')"),
        "advised_price": ("al.price", "ad.currency", "al.per"),
        "advised_amount": ("al.amount", "ad.currency"),
        "tax_amount": ("vl.tax_amount", "v.currency"),
        "advised_tax": "COALESCE(al.tax, '')",
        "advised_tax_amount": ("al.tax_amount", "ad.currency"),
    },
    "invoice_line vl JOIN invoice v ON v.id = vl.invoice_id JOIN advice ad ON ad.id = v.advice_id "
    "LEFT JOIN item bi ON bi.code = vl.item "
    "LEFT JOIN advice_line al ON al.advice_id = v.advice_id AND al.line = vl.line "
    "LEFT JOIN item i ON i.id = al.item_id",
)


class Decision(NamedTuple):
    standing: Standing
    decided_on: date
    decided_by: str
    because: str
    evidence: str
    """What the decider's own record says, and where it is to be seen."""


DECISIONS = Listing(
    Decision,
    {
        "standing": "d.standing",
        "decided_on": "d.decided_on",
        "decided_by": "d.decided_by",
        "because": "d.because",
        "evidence": "d.evidence",
    },
    "invoice_decision d",
    order={"id": "d.id"},
)


class Invoice(NamedTuple):
    head: InvoiceHead
    lines: list[InvoiceLine]
    decisions: list[Decision]


def invoices(
    viewer: Viewer,
    *,
    consignor: OfConsignor = None,
    consignee: OfConsignee = None,
    advice: OfAdvice = None,
    standing: Annotated[Standing | None, Filter("only in this state", called="state")] = None,
    due_by: Annotated[date | None, Filter("only what is due by this day")] = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[InvoiceHead]:
    """The invoices between the viewer and its partners, the last received first."""
    where = _seen(viewer).equals(
        w__code=consignor, h__code=consignee, ad__number=advice, d__standing=standing
    )
    if due_by is not None:
        where.also("v.due_on <= %s", due_by)
    return page(INVOICES, where, order=(*order, "-invoiced_on", "-id"), limit=limit, offset=offset)


INVOICE_LIST = Question(
    "invoices",
    "List invoices: where each stands, how it differs from its advice, and when it is due.",
    invoices, "invoice",
    (
        "consignor", ("Invoice", "number"), "advice", "invoiced_on", "due_on", "amount", "advised",
        ("State", "standing"), ("Differences", lambda row: "; ".join(row.differences)),
    ),
    lead="Listed",
)  # fmt: skip


def invoice(
    viewer: Viewer, number: str, *, consignor: str, year: int | None = None
) -> Invoice | None:
    """One invoice of a consignor; None where the viewer is no party to it. Refuses a number that
    the consignor gave in several years, where it is not said which is meant."""
    where = _seen(viewer).equals(v__number=number, w__code=consignor, v__year=year)
    found = INVOICES.read_beside(
        ("v.id", "v.consignee_id"), where, order=("invoiced_on", "-invoiced_on", "-id")
    )
    if not found:
        return None
    if len(found) > 1:
        years = tuple(f"{consignor} in {head.invoiced_on.year}" for head, _ in found)
        raise NumberOfSeveral("invoice", number, years)
    head, (id, consignee) = found[0]
    lines = LINES.read(Where().also("vl.invoice_id = %s", id), order=("line",))
    decisions = DECISIONS.read(Where().also("d.invoice_id = %s", id), order=("id",))
    if consignee != viewer.party_id:
        decisions = [one._replace(decided_by=head.consignee_name) for one in decisions]
    return Invoice(head, lines, decisions)


def _seen(viewer: Viewer) -> Where:
    party = viewer.party_id
    return Where().also("v.consignor_id = %s OR v.consignee_id = %s", party, party)
