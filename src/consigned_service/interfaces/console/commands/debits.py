"""Show what is to be credited for goods that an advice had told and that went back."""

from argparse import ArgumentParser, Namespace

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import acts_for, lists, most
from consigned_service.interfaces.tables.text import answer, counted, show, show_rest, show_table
from consigned_service.queries.core.figures import sum_amounts
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.returns.returns import debit_requests


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--organization", metavar="CODE", help="only of this organization")
    parser.add_argument("--agreement", metavar="NUMBER", help="only under this agreement")
    lists(parser)
    acts_for(parser)


def run(arguments: Namespace) -> int:
    page = debit_requests(
        operator_for(arguments.party).viewer,
        organization=arguments.organization,
        agreement=arguments.agreement,
        limit=most(arguments),
    )
    if arguments.json:
        answer(page.rows)
        return DONE
    show_table(
        page.rows,
        {
            "Organization": lambda row: row.organization,
            "Number": lambda row: row.number,
            "Happened on": lambda row: row.happened_on,
            "Consignor": lambda row: row.consignor_name,
            "Agreement": lambda row: row.agreement,
            "Advice": lambda row: row.advice,
            "Line": lambda row: row.advice_line,
            "Invoice": lambda row: row.invoice,
            "State": lambda row: row.state + (f" {row.waits_for}" if row.waits_for else ""),
            "Debit memo": lambda row: row.debit_memo,
            "Credit note": lambda row: row.credit_note,
            "Item": lambda row: row.item,
            "Quantity": lambda row: row.quantity,
            "Price": lambda row: row.price,
            "Amount": lambda row: row.amount,
            "Because": lambda row: row.because,
        },
    )
    sums = sum_amounts(row.amount for row in page.rows)
    worth = f", {', '.join(map(str, sums))}" if sums else ""
    show(f"{counted(page.total, 'debit request')}{worth}.")
    show_rest(page, "listed and summed")
    return DONE
