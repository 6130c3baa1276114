"""Show what went back: goods to the supplier, title to the consignor, goods from customers."""

from argparse import ArgumentParser, Namespace

from consigned.returns.lines import Direction
from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import acts_for, lists, most
from consigned_service.interfaces.tables.text import answer, counted, show, show_rest, show_table
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.returns.returns import returns


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--organization", metavar="CODE", help="only of this organization")
    parser.add_argument("--item", metavar="CODE", help="only this item")
    parser.add_argument(
        "--direction", choices=[direction.value for direction in Direction], help="only this way"
    )
    lists(parser)
    acts_for(parser)


def run(arguments: Namespace) -> int:
    page = returns(
        operator_for(arguments.party).viewer,
        organization=arguments.organization,
        item=arguments.item,
        direction=Direction(arguments.direction) if arguments.direction else None,
        limit=most(arguments),
    )
    if arguments.json:
        answer(page.rows)
        return DONE
    show_table(
        page.rows,
        {
            "Organization": lambda row: row.organization,
            "Happened on": lambda row: row.happened_on,
            "Way": lambda row: row.direction.value,
            "Item": lambda row: row.item,
            "Quantity": lambda row: row.quantity,
            "Supplier": lambda row: row.supplier_name,
            "Receipt": lambda row: row.receipt,
            "Lot": lambda row: row.lot,
            "Order": lambda row: row.order,
            "Reference": lambda row: row.reference,
            "Because": lambda row: row.because,
        },
    )
    show(f"{counted(page.total, 'return')}.")
    show_rest(page)
    return DONE
