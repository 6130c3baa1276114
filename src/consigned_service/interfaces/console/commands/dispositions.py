"""Show damaged and lost goods and what became of them: others' first, our own apart.

Waiting is what is blocked now. What becomes of it comes in with consigned import dispositions.
"""

from argparse import ArgumentParser, Namespace

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import acts_for, lists, most
from consigned_service.interfaces.tables.text import answer, counted, show, show_rest, show_table
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.counting.dispositions import Dispositions, disposed


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--organization", metavar="CODE", help="only of this organization")
    lists(parser)
    acts_for(parser)


def run(arguments: Namespace) -> int:
    viewer, limit = operator_for(arguments.party).viewer, most(arguments)
    consigned, owned = (
        disposed(viewer, arguments.organization, is_owned=is_owned, limit=limit)
        for is_owned in (False, True)
    )
    if arguments.json:
        answer(Dispositions(consigned.rows, owned.rows))
        return DONE
    for whose, page in (("consigned", consigned), ("owned", owned)):
        show_table(
            page.rows,
            {
                "Organization": lambda row: row.organization,
                "Item": lambda row: row.item,
                "Owner": lambda row: row.owner_name,
                "Agreement": lambda row: row.agreement,
                "Outcome": lambda row: row.outcome,
                "Reason": lambda row: row.reason,
                "Consignee's percent": lambda row: row.consignee_percent,
                "Quantity": lambda row: row.quantity,
                "On": lambda row: row.happened_on,
            },
        )
        show(f"{whose.capitalize()}: {counted(page.total, 'line')}.")
        show_rest(page)
    return DONE
