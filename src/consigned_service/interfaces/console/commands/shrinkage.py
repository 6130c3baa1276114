"""Show what counts found missing of goods on consignment: how much, and who bears the cost.

Shrinkage is (recorded - counted) / recorded x 100, without what was sold or never came. Where it
is more than the agreement allows, it warns.
"""

from argparse import ArgumentParser, Namespace

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import acts_for, day, first, lists
from consigned_service.interfaces.tables.text import answer, counted, show, show_rest, show_table
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.counting.counts import shrinkage, shrinkage_cost


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--from", dest="first", metavar="DATE", type=day, help="first day of count")
    parser.add_argument("--to", dest="last", metavar="DATE", type=day, help="last day of count")
    parser.add_argument("--agreement", metavar="NUMBER", help="only under this agreement")
    lists(parser)
    acts_for(parser)


def run(arguments: Namespace) -> int:
    viewer = operator_for(arguments.party).viewer
    asked = {
        "first": arguments.first, "last": arguments.last, "agreement": arguments.agreement
    }  # fmt: skip
    rows, costs = shrinkage(viewer, **asked), shrinkage_cost(viewer, **asked)
    if arguments.json:
        answer({"shrinkage": rows, "cost": costs})
        return DONE
    page = first(rows, arguments)
    show_table(
        page.rows,
        {
            "Organization": lambda row: row.organization,
            "Agreement": lambda row: row.agreement,
            "Item": lambda row: row.item,
            "Opening": lambda row: row.opening,
            "Received": lambda row: row.received,
            "Missing": lambda row: row.missing,
            "Percent": lambda row: row.percent,
            "Allowed": lambda row: row.warns_at,
            "": lambda row: "too much" if row.is_warning else None,
        },
    )
    if costs:
        show_table(
            costs,
            {
                "Organization": lambda row: row.organization,
                "Agreement": lambda row: row.agreement,
                "Item": lambda row: row.item,
                "Reason": lambda row: row.reason,
                "Borne by": lambda row: row.borne_by,
                "Quantity": lambda row: row.quantity,
                "Cost": lambda row: row.cost,
            },
        )
    warnings = sum(row.is_warning for row in rows)
    show(f"{counted(len(rows), 'item')}, {counted(warnings, 'warning')}.")
    show_rest(page)
    return DONE
