"""List payments, each with what it pays and what credit notes it nets: the remittance.

consigned payments --consignor acme --from 2026-03-01 --to 2026-03-31
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.known_codes import check_known
from consigned_service.interfaces.console.options import acts_for, day, lists, most
from consigned_service.interfaces.tables.text import answer, counted, show, show_rest, show_table
from consigned_service.queries.core.figures import Amount
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.settlement.payments import Remittance, paid, remittances


class Line(NamedTuple):
    """An invoice that a payment pays, or a credit note that it nets."""

    paper: str
    answers: str
    agreement: str
    due_on: date | None
    amount: Amount


def _lines(payment: Remittance) -> Iterator[Line]:
    for one in payment.invoices:
        yield Line(one.invoice, one.advice, one.agreement, one.due_on, one.amount)
    for less in payment.credit_notes:
        amount = Amount(-less.amount.minor, less.amount.currency)
        yield Line(less.credit_note, less.debit_memo, less.agreement, None, amount)


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--number", metavar="NUMBER", help="only this payment")
    parser.add_argument("--consignor", metavar="CODE", help="only to this consignor")
    parser.add_argument("--from", dest="first", metavar="DATE", type=day, help="the first day")
    parser.add_argument("--to", dest="last", metavar="DATE", type=day, help="the last day")
    lists(parser)
    acts_for(parser)


def run(arguments: Namespace) -> int:
    viewer = operator_for(arguments.party).viewer
    asked = {
        "payment": arguments.number,
        "consignor": arguments.consignor,
        "first": arguments.first,
        "last": arguments.last,
    }
    page = remittances(viewer, **asked, limit=most(arguments))
    if not page.rows:
        check_known(viewer, owner=arguments.consignor)
    if arguments.json:
        answer(page.rows)
        return DONE
    show_table(
        [(payment, one) for payment in page.rows for one in _lines(payment)],
        {
            "Payment": lambda row: row[0].payment,
            "Paid on": lambda row: row[0].paid_on,
            "Consignor": lambda row: row[0].consignor_name,
            "Consignee": lambda row: row[0].consignee_name,
            "Paper": lambda row: row[1].paper,
            "For": lambda row: row[1].answers,
            "Agreement": lambda row: row[1].agreement,
            "Due on": lambda row: row[1].due_on,
            "Amount": lambda row: row[1].amount,
        },
    )
    sums = paid(viewer, **asked)
    worth = f", {', '.join(map(str, sums))}" if sums else ""
    show(f"{counted(page.total, 'payment')}{worth}.")
    show_rest(page)
    return DONE
