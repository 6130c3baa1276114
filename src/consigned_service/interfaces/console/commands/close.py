"""Close an organization's books through a day; nothing is posted into a closed period."""

from argparse import ArgumentParser, Namespace

from consigned.trade.parties import check_has_come
from consigned_service.interfaces.console.answers import answer, show
from consigned_service.interfaces.console.exits import DONE
from consigned_service.interfaces.console.fields import day, operator_name, today
from consigned_service.operations.parties import close_period, organization_named


def options(parser: ArgumentParser) -> None:
    parser.add_argument("organization", metavar="ORGANIZATION")
    parser.add_argument("--through", metavar="DATE", type=day, required=True, help="the last day")


def run(arguments: Namespace) -> int:
    check_has_come(arguments.through, today=today())
    close_period(
        organization=organization_named(arguments.organization),
        through=arguments.through,
        by=operator_name(),
    )
    if arguments.json:
        answer({"organization": arguments.organization, "closed_through": arguments.through})
    else:
        show(f"The books of {arguments.organization} are closed through {arguments.through}.")
    return DONE
