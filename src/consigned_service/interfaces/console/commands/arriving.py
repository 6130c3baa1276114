"""Show what is on its way to the shelf: announced, in transit, staged, on hold, rejected."""

from argparse import ArgumentParser, Namespace

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.known_codes import check_known
from consigned_service.interfaces.console.options import acts_for, first, lists
from consigned_service.interfaces.tables.text import answer, counted, show, show_rest, show_table
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.inbound.arriving import arriving


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--item", metavar="CODE", help="only this item")
    parser.add_argument("--organization", metavar="CODE", help="only what comes there")
    lists(parser)
    acts_for(parser)


def run(arguments: Namespace) -> int:
    viewer = operator_for(arguments.party).viewer
    lines = arriving(viewer, item=arguments.item, organization=arguments.organization)
    if not lines:
        check_known(viewer, item=arguments.item)
    if arguments.json:
        answer(lines)
        return DONE
    page = first(lines, arguments)
    show_table(
        page.rows,
        {
            "Stage": lambda line: line.stage,
            "Item": lambda line: line.item,
            "Quantity": lambda line: line.quantity,
            "Status": lambda line: line.ownership,
            "Owner": lambda line: line.owner_name,
            "Organization": lambda line: line.organization,
            "Place": lambda line: line.place,
            "Receipt": lambda line: line.receipt,
            "Line": lambda line: line.receipt_line,
            "Ship notice": lambda line: line.ship_notice,
            "Since": lambda line: line.since,
            "Hazardous": lambda line: line.is_hazardous,
            "Because": lambda line: line.because,
        },
    )
    show(f"On the way: {counted(page.total, 'line')}.")
    show_rest(page)
    return DONE
