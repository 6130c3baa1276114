"""Payments, and what each pays: the remittance that a consignor reads with its money."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import NamedTuple

from consigned_service.queries.figures import Amount
from consigned_service.queries.viewers import Viewer
from consigned_service.records import payment_pages
from consigned_service.records.payment_pages import PaidInvoice


class RemittedInvoice(NamedTuple):
    invoice: str
    advice: str
    agreement: str
    invoiced_on: date
    due_on: date
    amount: Amount


class Remittance(NamedTuple):
    """One payment, and the invoices that it pays."""

    payment: str
    paid_on: date
    consignor: str
    consignor_name: str
    consignee: str
    consignee_name: str
    amount: Amount
    invoices: list[RemittedInvoice]


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
    paid = payment_pages.read_paid(
        viewer.party_id, number=payment, consignor=consignor, first=first, last=last
    )
    return list(_remittances(paid))


def _remittances(paid: list[PaidInvoice]) -> Iterator[Remittance]:
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
        )  # fmt: skip
