"""Let a run that failed be made again, or pay what a run of payments proposed.

consigned rerun 17              the worker makes it again
consigned rerun 18 --approve    the payments that it proposed are made
"""

from argparse import ArgumentParser, Namespace

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import acts_for, now, operator_name
from consigned_service.interfaces.tables.text import answer, show
from consigned_service.operations.installation.runs import approve, run_again
from consigned_service.queries.core.operators import operator_for


def options(parser: ArgumentParser) -> None:
    parser.add_argument("number", metavar="NUMBER", type=int, help="number of the run")
    parser.add_argument("--approve", action="store_true", help="pay what it proposed")
    acts_for(parser)


def run(arguments: Namespace) -> int:
    party = operator_for(arguments.party).party
    if arguments.approve:
        result = approve(run=arguments.number, party=party, by=operator_name(), at=now())
    else:
        run_again(run=arguments.number, party=party, at=now())
        result = "it is made again"
    if arguments.json:
        answer({"run": arguments.number, "result": result})
    else:
        show(f"Run {arguments.number}: {result}.")
    return DONE
