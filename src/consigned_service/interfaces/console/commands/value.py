"""Show what the party's own goods are worth, now or at the end of a day gone by. Goods that are
still their suppliers' are worth nothing here, wherever they lie.
"""

from argparse import ArgumentParser, Namespace

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.known_codes import check_known
from consigned_service.interfaces.console.options import acts_for, day, first, lists, most
from consigned_service.interfaces.tables.text import answer, counted, show, show_rest, show_table
from consigned_service.queries.accounting.inventory_value import (
    average_costs,
    stock_value,
    value_of_stock,
)
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.core.viewers import Viewer


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--as-of", metavar="DATE", type=day, help="at the end of this day (now)")
    parser.add_argument("--item", metavar="CODE", help="only this item")
    parser.add_argument("--organization", metavar="CODE", help="only what lies there")
    parser.add_argument("--lot", metavar="LOT", help="only this lot")
    parser.add_argument(
        "--averages",
        action="store_true",
        help="what each item costs on average: what is ours, and all that was put away, whosever "
        "it is (for information: nothing is posted at it)",
    )
    lists(parser)
    acts_for(parser)


def run(arguments: Namespace) -> int:
    viewer = operator_for(arguments.party).viewer
    if arguments.averages:
        return _show_averages(viewer, arguments)
    asked = (viewer, arguments.item, arguments.organization, arguments.as_of)
    page = stock_value(*asked, lot=arguments.lot, limit=most(arguments))
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
            "Organization": lambda line: line.organization,
            "Quantity": lambda line: line.quantity,
            "Value": lambda line: line.value,
            "Average cost": lambda line: line.average,
        },
    )
    worth = ", ".join(map(str, value_of_stock(*asked, lot=arguments.lot))) or "nothing"
    show(f"{counted(page.total, 'item')}, worth {worth} at what they cost.")
    show_rest(page)
    return DONE


def _show_averages(viewer: Viewer, arguments: Namespace) -> int:
    lines = average_costs(viewer, arguments.item, arguments.organization)
    if not lines:
        check_known(viewer, item=arguments.item)
    if arguments.json:
        answer(lines)
        return DONE
    page = first(lines, arguments)
    show_table(
        page.rows,
        {
            "Item": lambda line: line.item,
            "Name": lambda line: line.item_name,
            "Organization": lambda line: line.organization,
            "Ours": lambda line: line.perpetual,
            "All put away": lambda line: line.informational,
        },
    )
    show(f"{counted(len(lines), 'average')}, for information: nothing is posted at them.")
    show_rest(page)
    return DONE
