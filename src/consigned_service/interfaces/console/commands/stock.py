"""Show what lies where and whose it is, now or at the end of a day gone by."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.known_codes import check_known
from consigned_service.interfaces.console.options import acts_for, day, lists, most, today
from consigned_service.interfaces.tables.text import answer, counted, show, show_rest, show_table
from consigned_service.queries.core.figures import sum_amounts
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.inventory.stock import StockLine, on_hand


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--as-of", metavar="DATE", type=day, help="at the end of this day (now)")
    parser.add_argument("--owner", metavar="PARTY", help="only what belongs to this party")
    parser.add_argument("--item", metavar="CODE", help="only this item")
    parser.add_argument("--organization", metavar="CODE", help="only what lies there")
    parser.add_argument("--agreement", metavar="NUMBER", help="only under this agreement")
    lists(parser)
    acts_for(parser)


def run(arguments: Namespace) -> int:
    viewer = operator_for(arguments.party).viewer
    page = on_hand(
        viewer,
        arguments.item,
        arguments.owner,
        arguments.organization,
        arguments.as_of,
        today=arguments.as_of or today(viewer),
        agreement=arguments.agreement,
        limit=most(arguments),
    )
    if not page.rows:
        check_known(viewer, item=arguments.item, owner=arguments.owner)
    if arguments.json:
        answer(page.rows)
        return DONE
    show_table(
        page.rows,
        {
            "Item": lambda line: line.item,
            "Name": lambda line: line.item_name,
            "Owner": lambda line: line.owner_name,
            "Status": lambda line: line.ownership,
            "Organization": lambda line: line.organization,
            "Place": lambda line: line.place,
            "Condition": lambda line: line.condition,
            "Hazardous": lambda line: line.is_hazardous,
            "Lot": lambda line: line.lot,
            "Serial": lambda line: line.serial,
            "Order": lambda line: line.order,
            "Agreement": lambda line: line.agreement,
            "Layer": lambda line: f"lay_{line.layer}",
            "Received on": lambda line: line.received_on,
            "Days": lambda line: line.age_days,
            "Quantity": lambda line: line.quantity,
            "Value": lambda line: line.value,
        },
    )
    show(f"{counted(page.total, 'line')}. {_worth(page.rows, viewer)}")
    show_rest(page, "listed and summed")
    return DONE


def _worth(lines: Sequence[StockLine], viewer: Viewer) -> str:
    """What it comes to, at the prices of the receipts: ours, and apart from it what is others'."""
    said = []
    for name, mine in (("Ours", True), ("Others'", False)):
        values = [line.value for line in lines if (line.owner == viewer.code) is mine]
        if values:
            worth = ", ".join(map(str, sum_amounts(values))) or "nothing known"
            said.append(f"{name}: {worth}")
    return f"{'; '.join(said)} (at the prices of their receipts)." if said else ""
