"""List debit memos, or show one: what is asked back of invoices for goods that went back.

consigned debit-memos northwind-D000001
consigned debit-memos --consignor acme --invoice I-2"""

from argparse import ArgumentParser, Namespace

from consigned.settlement.debit_memos import UnknownDebitMemo
from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.known_codes import check_known
from consigned_service.interfaces.console.listing import show_page
from consigned_service.interfaces.console.options import acts_for, lists, most
from consigned_service.interfaces.tables.text import (
    answer,
    show_facts,
    show_table,
)
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.settlement.debit_memos import (
    DEBIT_MEMO_LIST,
    DebitMemo,
    debit_memo,
    debit_memos,
)


def options(parser: ArgumentParser) -> None:
    parser.add_argument("number", metavar="NUMBER", nargs="?", help="only this one, with its lines")
    parser.add_argument("--consignor", metavar="CODE", help="only to this consignor")
    parser.add_argument("--invoice", metavar="NUMBER", help="only against this invoice")
    lists(parser)
    acts_for(parser)


def run(arguments: Namespace) -> int:
    viewer = operator_for(arguments.party).viewer
    if arguments.number:
        found = debit_memo(viewer, arguments.number)
        if found is None:
            raise UnknownDebitMemo(arguments.number)
        answer(found) if arguments.json else _show(found)
        return DONE
    page = debit_memos(
        viewer, consignor=arguments.consignor, invoice=arguments.invoice, limit=most(arguments)
    )
    if not page.rows:
        check_known(viewer, owner=arguments.consignor)
    if arguments.json:
        answer(page.rows)
        return DONE
    show_page(DEBIT_MEMO_LIST, page)
    return DONE


def _show(found: DebitMemo) -> None:
    head = found.head
    show_facts(
        {
            "Debit memo": head.number,
            "Made on": head.made_on,
            "Consignor": head.consignor_name,
            "Consignee": head.consignee_name,
            "Agreement": head.agreement,
            "Advice": head.advice or "",
            "Invoice": head.invoice or "",
            "Amount": head.amount,
            "Tax": head.tax_amount,
            "State": head.state,
            "Credit note": head.credit_note or "",
        }
    )
    show_table(
        found.lines,
        {
            "Line": lambda line: line.line,
            "Invoice line": lambda line: line.invoice_line,
            "Item": lambda line: line.item,
            "Quantity": lambda line: line.quantity,
            "Price": lambda line: line.price,
            "Amount": lambda line: line.amount,
            "Tax": lambda line: line.tax_amount,
            "Return": lambda line: line.goods_return,
            "Happened on": lambda line: line.happened_on,
            "Order": lambda line: line.order,
            "Order line": lambda line: line.order_line,
            "Because": lambda line: line.because,
        },
    )
