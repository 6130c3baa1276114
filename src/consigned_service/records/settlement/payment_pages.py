"""Payments as people read them: each with the invoices that it pays."""

from datetime import date
from typing import NamedTuple

from consigned_service.records.master_data.changes import name_on
from consigned_service.records.sql.select import Listing, Where


class PaidInvoice(NamedTuple):
    """An invoice, and the payment that pays it."""

    payment: str
    paid_on: date
    consignor: str
    consignor_name: str
    consignee: str
    consignee_name: str
    currency: str
    paid: int
    invoice: str
    advice: str
    agreement: str
    invoiced_on: date
    due_on: date
    amount: int
    payment_id: int
    id: int


PAID = Listing(
    PaidInvoice,
    {
        "payment": "p.number",
        "paid_on": "p.paid_on",
        "consignor": "w.code",
        "consignor_name": name_on("party", "w", "p.paid_on"),
        "consignee": "h.code",
        "consignee_name": name_on("party", "h", "p.paid_on"),
        "currency": "p.currency",
        "paid": "p.amount",
        "invoice": "v.number",
        "advice": "ad.number",
        "agreement": "a.number",
        "invoiced_on": "v.invoiced_on",
        "due_on": "v.due_on",
        "amount": "pl.amount",
        "payment_id": "p.id",
        "id": "pl.id",
    },
    "payment p JOIN party w ON w.id = p.consignor_id JOIN party h ON h.id = p.consignee_id "
    "JOIN payment_line pl ON pl.payment_id = p.id JOIN invoice v ON v.id = pl.invoice_id "
    "JOIN advice ad ON ad.id = v.advice_id JOIN agreement a ON a.id = ad.agreement_id",
)


class NettedCredit(NamedTuple):
    """A credit note, and the payment that nets it."""

    payment: str
    credit_note: str
    debit_memo: str
    invoice: str | None
    agreement: str
    credited_on: date
    currency: str
    amount: int
    payment_id: int
    id: int


NETTED = Listing(
    NettedCredit,
    {
        "payment": "p.number",
        "credit_note": "c.number",
        "debit_memo": "m.number",
        "invoice": "v.number",
        "agreement": "a.number",
        "credited_on": "c.credited_on",
        "currency": "c.currency",
        "amount": "pc.amount",
        "payment_id": "p.id",
        "id": "pc.id",
    },
    "payment p JOIN party w ON w.id = p.consignor_id "
    "JOIN payment_credit pc ON pc.payment_id = p.id JOIN credit_note c ON c.id = pc.credit_note_id "
    "JOIN debit_memo m ON m.id = c.debit_memo_id JOIN agreement a ON a.id = m.agreement_id "
    "LEFT JOIN invoice v ON v.id = m.invoice_id",
)


class Asked(NamedTuple):
    """Which payments are asked for; None asks nothing."""

    party: int
    number: str | None = None
    consignor: str | None = None
    first: date | None = None
    last: date | None = None


def read_paid(asked: Asked) -> list[PaidInvoice]:
    """The invoices that payments by or to a party pay, payment by payment."""
    return PAID.read(_where(asked), order=("payment_id", "id"))


def read_netted(asked: Asked) -> list[NettedCredit]:
    """The credit notes that payments by or to a party net, payment by payment."""
    return NETTED.read(_where(asked), order=("payment_id", "id"))


def _where(asked: Asked) -> Where:
    party, number, consignor, first, last = asked
    where = Where().also("p.consignor_id = %s OR p.consignee_id = %s", party, party)
    where.equals(p__number=number, w__code=consignor)
    if first is not None:
        where.also("p.paid_on >= %s", first)
    if last is not None:
        where.also("p.paid_on <= %s", last)
    return where
