"""Show what is owed, up to the moment or at the end of a day.

Running: used, and not yet on an advice. Advised: on an advice that no invoice settles. Invoiced:
settled by an invoice that is not paid. Credited: less to pay, netted by the next payment it fits.
Asked back: for goods that went back, not credited yet; it is not counted. Open elsewhere: advised
under an agreement that is settled elsewhere, and no voucher made there is recorded for it; it is
not owed through here, and not counted.
"""

from argparse import ArgumentParser, Namespace

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import acts_for, day, first, lists
from consigned_service.interfaces.console.reports import owed_columns
from consigned_service.interfaces.tables.text import answer, show, show_rest, show_table
from consigned_service.queries.core.figures import sum_amounts
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.settlement.payables import owed


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--on", metavar="DATE", type=day, help="at the end of this day (now)")
    lists(parser)
    acts_for(parser)


def run(arguments: Namespace) -> int:
    rows = owed(operator_for(arguments.party).viewer, arguments.on)
    if arguments.json:
        answer(rows)
        return DONE
    page = first(rows, arguments)
    show_table(page.rows, owed_columns(rows))
    show_rest(page)
    for name, is_ours in (("We owe", True), ("We are owed", False)):
        sums = sum_amounts(row.total for row in rows if row.is_ours_to_pay is is_ours)
        if sums:
            show(f"{name} {', '.join(map(str, sums))}.")
    if elsewhere := sum_amounts(row.elsewhere for row in rows if row.elsewhere.minor):
        show(f"Open elsewhere: {', '.join(map(str, elsewhere))}.")
    return DONE
