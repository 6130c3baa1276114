"""List credit notes, or show one beside its debit memo, with each decision about it.

consigned credit-notes --state held
consigned credit-notes CN-1 --consignor acme"""

from argparse import ArgumentParser, Namespace

from consigned.settlement.debit_memos import UnknownCreditNote
from consigned.settlement.invoices import Standing
from consigned_service.interfaces.console.exit_codes import DONE, MISUSED, say
from consigned_service.interfaces.console.known_codes import check_known
from consigned_service.interfaces.console.listing import show_page
from consigned_service.interfaces.console.options import acts_for, lists, most, names_year
from consigned_service.interfaces.tables.text import (
    answer,
    show_facts,
    show_table,
)
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.settlement.debit_memos import (
    CREDIT_NOTE_LIST,
    CreditNote,
    credit_note,
    credit_notes,
)


def options(parser: ArgumentParser) -> None:
    parser.add_argument("number", metavar="NUMBER", nargs="?", help="only this one, with its lines")
    parser.add_argument("--consignor", metavar="CODE", help="only of this consignor")
    names_year(parser)
    parser.add_argument("--state", choices=[str(one) for one in Standing], help="only these")
    parser.add_argument("--debit-memo", metavar="NUMBER", help="only for this debit memo")
    lists(parser)
    acts_for(parser)


def run(arguments: Namespace) -> int:
    viewer = operator_for(arguments.party).viewer
    if arguments.number:
        return _one(arguments)
    page = credit_notes(
        viewer,
        consignor=arguments.consignor,
        debit_memo=arguments.debit_memo,
        standing=Standing(arguments.state) if arguments.state else None,
        limit=most(arguments),
    )
    if not page.rows:
        check_known(viewer, owner=arguments.consignor)
    if arguments.json:
        answer(page.rows)
        return DONE
    show_page(CREDIT_NOTE_LIST, page)
    return DONE


def _one(arguments: Namespace) -> int:
    if not arguments.consignor:
        say("Name the consignor whose credit note it is (--consignor).")
        return MISUSED
    viewer = operator_for(arguments.party).viewer
    found = credit_note(
        viewer, arguments.number, consignor=arguments.consignor, year=arguments.year
    )
    if found is None:
        raise UnknownCreditNote(arguments.number)
    answer(found) if arguments.json else _show(found)
    return DONE


def _show(found: CreditNote) -> None:
    head = found.head
    show_facts(
        {
            "Credit note": head.number,
            "Consignor": head.consignor_name,
            "Consignee": head.consignee_name,
            "Debit memo": head.debit_memo,
            "Invoice": head.invoice or "",
            "Credited on": head.credited_on,
            "Amount": head.amount,
            "Asked": head.asked,
            "State": head.standing,
            "Payment": head.payment or "",
        }
    )
    show_table(
        found.lines,
        {
            "Line": lambda line: line.line,
            "Invoice line": lambda line: line.invoice_line,
            "Order": lambda line: line.order,
            "Order line": lambda line: line.order_line,
            "Item": lambda line: line.item,
            "Credited": lambda line: line.quantity,
            "At": lambda line: line.price,
            "Amount": lambda line: line.amount,
            "Asked": lambda line: line.asked_quantity,
            "Asked at": lambda line: line.asked_price,
            "Asked amount": lambda line: line.asked_amount,
        },
    )
    show_table(
        found.decisions,
        {
            "State": lambda one: one.standing,
            "On": lambda one: one.decided_on,
            "By": lambda one: one.decided_by,
            "Because": lambda one: one.because.replace("\n", "; "),
            "Evidence": lambda one: one.evidence.replace("\n", "; "),
        },
    )
