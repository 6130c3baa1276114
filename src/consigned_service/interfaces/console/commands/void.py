"""Take back a use that never happened, or a part of it, with a reason."""

from argparse import ArgumentParser, Namespace

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import now, operator_name
from consigned_service.interfaces.tables.text import answer, show
from consigned_service.operations.consumption.issues import void_use
from consigned_service.operations.master_data.parties import organization_named


def options(parser: ArgumentParser) -> None:
    parser.add_argument("reference", help="the reference under which it was reported")
    parser.add_argument(
        "--organization", metavar="CODE", required=True, help="where the goods were used"
    )
    parser.add_argument(
        "--source", metavar="NAME", required=True, help="the system that reported it"
    )
    parser.add_argument("--because", metavar="WHY", required=True, help="why, in words")
    parser.add_argument(
        "--quantity", default="", help="how much of it never happened; all of it, if not said"
    )


def run(arguments: Namespace) -> int:
    void_use(
        organization=organization_named(arguments.organization), source=arguments.source,
        reference=arguments.reference, because=arguments.because, quantity=arguments.quantity,
        by=operator_name(), at=now(),
    )  # fmt: skip
    if arguments.json:
        answer({"voided": arguments.reference})
    else:
        show(f"Voided: {arguments.reference} of {arguments.source}.")
    return DONE
