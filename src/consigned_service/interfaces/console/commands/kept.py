"""Show the goods that a party keeps for others in their organizations, without any value."""

from argparse import ArgumentParser, Namespace

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.known_codes import check_known
from consigned_service.interfaces.console.options import acts_for, lists, most
from consigned_service.interfaces.tables.text import answer, counted, show, show_rest, show_table
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.inventory.custodian_stock import kept


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--item", metavar="CODE", help="only this item")
    parser.add_argument("--organization", metavar="CODE", help="only what lies there")
    parser.add_argument("--lot", metavar="LOT", help="only this lot")
    lists(parser)
    acts_for(parser)


def run(arguments: Namespace) -> int:
    viewer = operator_for(arguments.party).viewer
    page = kept(
        viewer,
        item=arguments.item,
        organization=arguments.organization,
        lot=arguments.lot,
        limit=most(arguments),
    )
    if not page.rows:
        check_known(viewer, item=arguments.item)
    if arguments.json:
        answer(page.rows)
        return DONE
    show_table(
        page.rows,
        {
            "Item": lambda line: line.item,
            "Name": lambda line: line.item_name,
            "Owner": lambda line: line.owner_name,
            "For": lambda line: line.holder_name,
            "Organization": lambda line: line.organization,
            "Place": lambda line: line.place,
            "Condition": lambda line: line.condition,
            "Layer": lambda line: f"lay_{line.layer}",
            "Lot": lambda line: line.lot,
            "Serial": lambda line: line.serial,
            "Received on": lambda line: line.received_on,
            "Expires on": lambda line: line.expires_on,
            "Quantity": lambda line: line.quantity,
        },
    )
    show(f"Kept for others: {counted(page.total, 'line')}.")
    show_rest(page)
    return DONE
