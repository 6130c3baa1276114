"""Payments, and what each pays: the remittance that a consignor reads with its money."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import NamedTuple

from consigned_service.queries.core.figures import Amount
from consigned_service.queries.core.names import name_on
from consigned_service.queries.core.viewers import Viewer
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


class NettedCreditRow(NamedTuple):
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
    NettedCreditRow,
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


def _read_paid(asked: Asked) -> list[PaidInvoice]:
    """The invoices that payments by or to a party pay, payment by payment."""
    return PAID.read(_where(asked), order=("payment_id", "id"))


def _read_netted(asked: Asked) -> list[NettedCreditRow]:
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


class RemittedInvoice(NamedTuple):
    invoice: str
    advice: str
    agreement: str
    invoiced_on: date
    due_on: date
    amount: Amount


class NettedCredit(NamedTuple):
    credit_note: str
    debit_memo: str
    invoice: str | None
    """The invoice that it is against."""
    agreement: str
    credited_on: date
    amount: Amount


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
    payment: str | None = None,
    consignor: str | None = None,
    first: date | None = None,
    last: date | None = None,
) -> list[Remittance]:
    """The payments that the viewer made or got, by their number or on some days, the first made
    first."""
    asked = Asked(viewer.party_id, payment, consignor, first, last)
    netted: dict[str, list[NettedCredit]] = defaultdict(list)
    for one in _read_netted(asked):
        netted[one.payment].append(
            NettedCredit(
                one.credit_note, one.debit_memo, one.invoice, one.agreement, one.credited_on,
                Amount(one.amount, one.currency),
            )
        )  # fmt: skip
    return list(_remittances(_read_paid(asked), netted))


def _remittances(
    paid: list[PaidInvoice], netted: Mapping[str, list[NettedCredit]]
) -> Iterator[Remittance]:
    for _, group in groupby(paid, lambda one: one.payment):
        rows = list(group)
        head = rows[0]
        yield Remittance(
            head.payment,
            head.paid_on,
            head.consignor,
            head.consignor_name,
            head.consignee,
            head.consignee_name,
            Amount(head.paid, head.currency),
            [
                RemittedInvoice(
                    row.invoice, row.advice, row.agreement, row.invoiced_on, row.due_on,
                    Amount(row.amount, row.currency),
                )
                for row in rows
            ],
            netted.get(head.payment, []),
        )  # fmt: skip
