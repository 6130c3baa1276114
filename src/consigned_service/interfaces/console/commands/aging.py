"""Show goods on consignment that come to an end: aged, at the end of their term, or expiring.

Goods are bought or given more time by consigned import aging-transfers and extensions; what an
agreement has done by itself is done by consigned run aging.
"""

from argparse import ArgumentParser, Namespace

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.known_codes import check_known
from consigned_service.interfaces.console.options import acts_for, day, first, lists, today
from consigned_service.interfaces.tables.text import answer, counted, show, show_rest, show_table
from consigned_service.queries.core.figures import sum_amounts
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.inventory import aging


def options(parser: ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--due", action="store_true", help="only what is to be decided before its period closes"
    )
    what.add_argument(
        "--expiring", metavar="DAYS", type=int, help="what expires within so many days instead"
    )
    parser.add_argument("--on", metavar="DATE", type=day, help="as seen on this day (today)")
    parser.add_argument("--owner", metavar="PARTY", help="only what belongs to this party")
    parser.add_argument("--organization", metavar="CODE", help="only what lies there")
    parser.add_argument("--agreement", metavar="NUMBER", help="only under this agreement")
    lists(parser)
    acts_for(parser)


def run(arguments: Namespace) -> int:
    if arguments.due:
        return _due(arguments)
    if arguments.expiring is not None:
        return _expiring(arguments)
    viewer = operator_for(arguments.party).viewer
    lines = aging.aging(
        viewer,
        today=arguments.on or today(viewer),
        owner=arguments.owner,
        organization=arguments.organization,
        agreement=arguments.agreement,
    )
    if not lines:
        check_known(viewer, owner=arguments.owner)
    if arguments.json:
        answer(lines)
        return DONE
    page = first(lines, arguments)
    show_table(
        page.rows,
        {
            "Item": lambda line: line.item,
            "Owner": lambda line: line.owner_name,
            "Organization": lambda line: line.organization,
            "Agreement": lambda line: line.agreement,
            "Receipt": lambda line: line.receipt,
            "Layer": lambda line: f"lay_{line.layer}",
            "Quantity": lambda line: line.quantity,
            "Value": lambda line: line.value,
            "Days": lambda line: line.age_days,
            "Aged on": lambda line: line.aged_on,
            "Days left": lambda line: line.days_left,
            "Term ends on": lambda line: line.term_ends_on,
            "Then": lambda line: line.end_of_term,
        },
    )
    aged = [line for line in lines if line.days_left is not None and line.days_left <= 0]
    worth = ", ".join(map(str, sum_amounts(line.value for line in aged))) or "nothing"
    show(f"{counted(len(lines), 'line')}, {len(aged):,} of them aged, worth {worth}.")
    show_rest(page)
    return DONE


def _due(arguments: Namespace) -> int:
    viewer = operator_for(arguments.party).viewer
    found = aging.action_items(viewer, today=arguments.on or today(viewer))
    if arguments.json:
        answer(found)
        return DONE
    page = first(found, arguments)
    show_table(
        page.rows,
        {
            "Item": lambda one: one.line.item,
            "Owner": lambda one: one.line.owner_name,
            "Organization": lambda one: one.line.organization,
            "Layer": lambda one: f"lay_{one.line.layer}",
            "Quantity": lambda one: one.line.quantity,
            "On": lambda one: one.on,
            "What": lambda one: one.because,
            "Period closes on": lambda one: one.period_closes_on,
            "Choices": lambda one: ", ".join(one.choices),
        },
    )
    show(f"To decide: {counted(page.total, 'line')}.")
    show_rest(page)
    return DONE


def _expiring(arguments: Namespace) -> int:
    viewer = operator_for(arguments.party).viewer
    found = aging.expiring(
        viewer, today=arguments.on or today(viewer), within_days=arguments.expiring
    )
    if arguments.json:
        answer(found)
        return DONE
    page = first(found, arguments)
    show_table(
        page.rows,
        {
            "Item": lambda one: one.stock.item,
            "Owner": lambda one: one.stock.owner_name,
            "Organization": lambda one: one.stock.organization,
            "Place": lambda one: one.stock.place,
            "Lot": lambda one: one.stock.lot,
            "Layer": lambda one: f"lay_{one.stock.layer}",
            "Quantity": lambda one: one.stock.quantity,
            "Expires on": lambda one: one.expires_on,
            "Days left": lambda one: one.days_left,
        },
    )
    show(f"Expiring: {counted(page.total, 'line')}.")
    show_rest(page)
    return DONE
