"""Payments, and what each pays: the remittance that a consignor reads with its money."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import NamedTuple

from consigned_service.queries.core.figures import Amount
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.settlement import payment_pages
from consigned_service.records.settlement.payment_pages import Asked, PaidInvoice


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
    for one in payment_pages.read_netted(asked):
        netted[one.payment].append(
            NettedCredit(
                one.credit_note, one.debit_memo, one.invoice, one.agreement, one.credited_on,
                Amount(one.amount, one.currency),
            )
        )  # fmt: skip
    return list(_remittances(payment_pages.read_paid(asked), netted))


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
