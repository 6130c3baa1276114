"""List invoices: where each stands, how it differs from its advice, and when it is due."""

from argparse import ArgumentParser, Namespace

from consigned.settlement.invoices import Standing
from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.known_codes import check_known
from consigned_service.interfaces.console.options import acts_for, day, lists, most
from consigned_service.interfaces.tables.text import answer, counted, show, show_rest, show_table
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.settlement.invoices import invoices


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--state", choices=[str(one) for one in Standing], help="only these")
    parser.add_argument("--consignor", metavar="CODE", help="only of this consignor")
    parser.add_argument("--advice", metavar="NUMBER", help="only for this advice")
    parser.add_argument("--due-by", metavar="DATE", type=day, help="only what is due by this day")
    lists(parser)
    acts_for(parser)


def run(arguments: Namespace) -> int:
    viewer = operator_for(arguments.party).viewer
    page = invoices(
        viewer,
        consignor=arguments.consignor,
        advice=arguments.advice,
        standing=Standing(arguments.state) if arguments.state else None,
        due_by=arguments.due_by,
        limit=most(arguments),
    )
    if not page.rows:
        check_known(viewer, owner=arguments.consignor)
    if arguments.json:
        answer(page.rows)
        return DONE
    show_table(
        page.rows,
        {
            "Consignor": lambda one: one.consignor,
            "Invoice": lambda one: one.number,
            "Advice": lambda one: one.advice,
            "Invoiced on": lambda one: one.invoiced_on,
            "Due on": lambda one: one.due_on,
            "Amount": lambda one: one.amount,
            "Advised": lambda one: one.advised,
            "State": lambda one: one.standing,
            "Differences": lambda one: "; ".join(one.differences),
        },
    )
    show(f"Listed: {counted(page.total, 'invoice')}.")
    show_rest(page)
    return DONE
