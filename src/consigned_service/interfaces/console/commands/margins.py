"""Show what markdowns took from the margin: the sale's price falls, the settlement price need not.

Told of goods whose sale said its price, and whose agreement says what they regularly sell for.
"""

from argparse import ArgumentParser, Namespace

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import acts_for, day, first, lists
from consigned_service.interfaces.tables.text import answer, show, show_rest, show_table
from consigned_service.queries.core.figures import sum_amounts
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.settlement.prices import margins


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--from", dest="starts_on", metavar="DATE", type=day)
    parser.add_argument("--until", dest="ends_on", metavar="DATE", type=day,
                        help="the first day that is not told")  # fmt: skip
    lists(parser)
    acts_for(parser)


def run(arguments: Namespace) -> int:
    viewer = operator_for(arguments.party).viewer
    rows = margins(viewer, starts_on=arguments.starts_on, ends_on=arguments.ends_on)
    if arguments.json:
        answer(rows)
        return DONE
    page = first(rows, arguments)
    show_table(
        page.rows,
        {
            "Agreement": lambda row: row.agreement,
            "Item": lambda row: row.item,
            "Used on": lambda row: row.used_on,
            "Days old": lambda row: row.lay_days,
            "Quantity": lambda row: row.quantity,
            "Regular": lambda row: row.regular,
            "Sold for": lambda row: row.sold,
            "Settled at": lambda row: row.settled,
            "Margin": lambda row: row.margin,
            "Lost": lambda row: row.lost,
        },
    )
    sums = sum_amounts(row.lost for row in rows)
    show(f"{', '.join(map(str, sums)) or 'Nothing'} of margin lost to markdowns.")
    show_rest(page)
    return DONE
