"""Payments, and what each pays: the remittance that a consignor reads with its money."""

from collections import defaultdict
from datetime import date
from itertools import groupby
from typing import Annotated, NamedTuple

from consigned_service.queries.core.figures import Amount, Page, page
from consigned_service.queries.core.names import name_on
from consigned_service.queries.core.question import Filter, OfConsignor, Question
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.sql import bulk
from consigned_service.records.sql.select import Listing, Where


class Payment(NamedTuple):
    payment: str
    paid_on: date
    consignor: str
    consignor_name: str
    consignee: str
    consignee_name: str
    amount: Amount


class Made(NamedTuple):
    """A payment by itself."""

    id: int


class Sum(NamedTuple):
    amount: Amount


MADE = Listing(Made, {"id": "p.id"}, "payment p JOIN party w ON w.id = p.consignor_id")
SUMS = Listing(
    Sum,
    {"amount": ("SUM(p.amount)", "p.currency")},
    MADE.tables,
    group="p.currency",
    order={"amount": "p.currency"},
)


class RemittedInvoice(NamedTuple):
    invoice: str
    advice: str
    agreement: str
    invoiced_on: date
    due_on: date
    amount: Amount


class PaidInvoice(NamedTuple):
    """An invoice, and the payment that pays it."""

    payment: Payment
    invoice: RemittedInvoice


PAID = Listing(
    PaidInvoice,
    {
        "payment": (
            "p.number",
            "p.paid_on",
            "w.code",
            name_on("party", "w", "p.paid_on"),
            "h.code",
            name_on("party", "h", "p.paid_on"),
            "p.amount",
            "p.currency",
        ),
        "invoice": (
            "v.number",
            "ad.number",
            "a.number",
            "v.invoiced_on",
            "v.due_on",
            "pl.amount",
            "p.currency",
        ),
    },
    "payment p JOIN party w ON w.id = p.consignor_id JOIN party h ON h.id = p.consignee_id "
    "JOIN payment_line pl ON pl.payment_id = p.id JOIN invoice v ON v.id = pl.invoice_id "
    "JOIN advice ad ON ad.id = v.advice_id JOIN agreement a ON a.id = ad.agreement_id",
    order={"payment_id": "p.id", "id": "pl.id"},
)


class NettedCredit(NamedTuple):
    credit_note: str
    debit_memo: str
    invoice: str | None
    """The invoice that it is against."""
    agreement: str
    credited_on: date
    amount: Amount


NETTED = Listing(
    NettedCredit,
    {
        "credit_note": "c.number",
        "debit_memo": "m.number",
        "invoice": "v.number",
        "agreement": "a.number",
        "credited_on": "c.credited_on",
        "amount": ("pc.amount", "c.currency"),
    },
    "payment p JOIN party w ON w.id = p.consignor_id "
    "JOIN payment_credit pc ON pc.payment_id = p.id JOIN credit_note c ON c.id = pc.credit_note_id "
    "JOIN debit_memo m ON m.id = c.debit_memo_id JOIN agreement a ON a.id = m.agreement_id "
    "LEFT JOIN invoice v ON v.id = m.invoice_id",
    order={"payment_id": "p.id", "id": "pc.id"},
)


class Remittance(NamedTuple):
    """One payment, the invoices that it pays, and the credit notes that it nets."""

    payment: str
    paid_on: date
    consignor: str
    consignor_name: str
    consignee: str
    consignee_name: str
    amount: Amount
    invoices: list[RemittedInvoice]
    credit_notes: list[NettedCredit]


def remittances(
    viewer: Viewer,
    *,
    payment: Annotated[str | None, Filter("only this payment", "NUMBER")] = None,
    consignor: OfConsignor = None,
    first: Annotated[date | None, Filter("from this day on")] = None,
    last: Annotated[date | None, Filter("to this day")] = None,
    limit: int | None = None,
    offset: int = 0,
) -> Page[Remittance]:
    """The payments that the viewer made or got, by their number or on some days, the first made
    first."""
    asked = _where(viewer, payment, consignor, first, last)
    chosen = page(MADE, asked, order=("id",), limit=limit, offset=offset)
    ids, wanted = bulk.among(row.id for row in chosen.rows)
    where = Where().also(f"p.id IN ({ids})", wanted)
    order = ("payment_id", "id")
    netted: dict[str, list[NettedCredit]] = defaultdict(list)
    for credit, (number,) in NETTED.read_beside(("p.number",), where, order=order):
        netted[number].append(credit)
    found = [
        Remittance(
            **head._asdict(),
            invoices=[one.invoice for one in lines],
            credit_notes=netted[head.payment],
        )
        for head, lines in groupby(PAID.read(where, order=order), lambda one: one.payment)
    ]
    return Page(found, chosen.total)


def paid(
    viewer: Viewer,
    *,
    payment: str | None = None,
    consignor: str | None = None,
    first: date | None = None,
    last: date | None = None,
) -> list[Amount]:
    """What they come to together, one sum for each currency."""
    where = _where(viewer, payment, consignor, first, last)
    return [row.amount for row in SUMS.read(where, order=("amount",))]


def _where(
    viewer: Viewer,
    payment: str | None,
    consignor: str | None,
    first: date | None,
    last: date | None,
) -> Where:
    where = Where().also(
        "p.consignor_id = %s OR p.consignee_id = %s", viewer.party_id, viewer.party_id
    )
    where.equals(p__number=payment, w__code=consignor)
    if first is not None:
        where.also("p.paid_on >= %s", first)
    if last is not None:
        where.also("p.paid_on <= %s", last)
    return where


PAYMENT_LIST = Question(
    "payments",
    "List payments, with what each pays.",
    remittances, "payment",
    (

    ),
)  # fmt: skip
