"""List orders, or show one with what came, is to come, was used and lies here of each line."""

from argparse import ArgumentParser, Namespace

from consigned.inbound.orders import UnknownOrder
from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.known_codes import check_known
from consigned_service.interfaces.console.options import acts_for, lists, most
from consigned_service.interfaces.tables.text import (
    answer,
    counted,
    show,
    show_facts,
    show_rest,
    show_table,
)
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.inbound.orders import Order, order, orders


def options(parser: ArgumentParser) -> None:
    parser.add_argument("number", metavar="NUMBER", nargs="?", help="show this order, line by line")
    parser.add_argument("--organization", metavar="CODE", help="only what is ordered for it")
    parser.add_argument("--consignor", metavar="CODE", help="only what is ordered from this party")
    lists(parser)
    acts_for(parser)


def run(arguments: Namespace) -> int:
    viewer = operator_for(arguments.party).viewer
    page = orders(
        viewer,
        number=arguments.number,
        consignor=arguments.consignor,
        organization=arguments.organization,
        limit=None if arguments.number else most(arguments),
    )
    if arguments.number:
        if not page.rows:
            raise UnknownOrder(arguments.number)
        found = [order(viewer, head.organization, head.number) for head in page.rows]
        return _show([one for one in found if one], as_json=arguments.json)
    if not page.rows:
        check_known(viewer, owner=arguments.consignor)
    if arguments.json:
        answer(page.rows)
        return DONE
    show_table(
        page.rows,
        {
            "Order": lambda one: one.number,
            "Organization": lambda one: one.organization,
            "From": lambda one: one.consignor_name,
            "Agreement": lambda one: one.agreement,
            "Ordered on": lambda one: one.ordered_on,
            "Lines": lambda one: one.lines,
            "Consigned lines": lambda one: one.consigned_lines,
        },
    )
    show(f"Listed: {counted(page.total, 'order')}.")
    show_rest(page)
    return DONE


def _show(found: list[Order], *, as_json: bool) -> int:
    """Orders of one number: each organization gives its own."""
    if as_json:
        answer(found)
        return DONE
    for one in found:
        show_facts(
            {
                "Order": one.head.number,
                "Organization": one.head.organization,
                "From": one.head.consignor_name,
                "Agreement": one.head.agreement,
                "Ordered on": one.head.ordered_on,
                **{role.role: role.party_name for role in one.third_parties},
            }
        )
        show_table(
            one.lines,
            {
                "Line": lambda line: line.line,
                "Item": lambda line: line.item,
                "Status": lambda line: line.ownership,
                "Price": lambda line: line.price,
                "Needed on": lambda line: line.needed_on,
                "Ordered": lambda line: line.ordered,
                "To come": lambda line: line.on_order,
                "In transit": lambda line: line.in_transit,
                "Received": lambda line: line.received,
                "Returned": lambda line: line.returned,
                "Consumed": lambda line: line.consumed,
                "Consigned on hand": lambda line: line.consigned_on_hand,
                "Owned on hand": lambda line: line.owned_on_hand,
                "Open": lambda line: line.is_open,
            },
        )
    return DONE
