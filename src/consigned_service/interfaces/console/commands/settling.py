"""Show where each transfer of title stands: to be advised, advised, waiting, or never to be.

What waits has its reason, and is tried again by every run of the advices. Vouchered: T to be, V by
an accepted invoice, E not while it waits, N never, as what is settled elsewhere.
"""

from argparse import ArgumentParser, Namespace

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import acts_for
from consigned_service.interfaces.tables.text import answer, show_table
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.settlement.title_transfers import SettlingState, transfers_to_settle


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--organization", metavar="CODE", help="only in this organization")
    parser.add_argument("--agreement", metavar="NUMBER", help="only under this agreement")
    parser.add_argument(
        "--state", choices=[str(state) for state in SettlingState], help="only in this state"
    )
    parser.add_argument("--limit", type=int, default=100, help="at most so many (100)")
    acts_for(parser)


def run(arguments: Namespace) -> int:
    rows = transfers_to_settle(
        operator_for(arguments.party).viewer,
        organization=arguments.organization,
        agreement=arguments.agreement,
        state=SettlingState(arguments.state) if arguments.state else None,
        limit=arguments.limit,
    )
    if arguments.json:
        answer(rows)
        return DONE
    show_table(
        rows,
        {
            "Organization": lambda row: row.organization,
            "Entry": lambda row: f"ent_{row.entry}",
            "On": lambda row: row.happened_on,
            "Item": lambda row: row.item,
            "Quantity": lambda row: row.quantity,
            "Owner": lambda row: row.owner,
            "Agreement": lambda row: row.agreement,
            "State": lambda row: row.state,
            "Vouchered": lambda row: row.vouchered,
            "Advice": lambda row: row.advice and f"{row.advice}/{row.advice_line}",
            "Waits for": lambda row: row.sentence,
        },
    )
    return DONE
