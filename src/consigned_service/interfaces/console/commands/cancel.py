"""Cancel an advice that nobody has invoiced; the next run tells once what it had told."""

from argparse import ArgumentParser, Namespace

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import acts_for, now, operator_name
from consigned_service.interfaces.tables.text import answer, show
from consigned_service.operations.settlement.cancellations import cancel_advice
from consigned_service.queries.core.operators import operator_for


def options(parser: ArgumentParser) -> None:
    parser.add_argument("number", metavar="NUMBER", help="the advice's number")
    parser.add_argument("--because", metavar="TEXT", required=True, help="the reason, in words")
    acts_for(parser)


def run(arguments: Namespace) -> int:
    advice = cancel_advice(
        consignee=operator_for(arguments.party).party,
        number=arguments.number,
        because=arguments.because,
        by=operator_name(),
        at=now(),
    )
    if arguments.json:
        answer({"advice": advice.number, "state": "cancelled"})
    else:
        show(f"Advice {advice.number} is cancelled; the next run tells what it had told.")
    return DONE
