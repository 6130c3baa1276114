"""Close an organization's books through a day; nothing is posted into a closed period.

What is open before is shown by consigned report closing; what comes late falls on the first day
that is open.
"""

from argparse import ArgumentParser, Namespace

from consigned.trade.parties import check_has_come
from consigned_service.interfaces.console.answers import answer, counted, show
from consigned_service.interfaces.console.exits import DONE
from consigned_service.interfaces.console.fields import day, operator_name, today_in
from consigned_service.operations.parties import close_period, organization_named
from consigned_service.queries.closing import closing
from consigned_service.queries.viewers import viewer_of_holder


def options(parser: ArgumentParser) -> None:
    parser.add_argument("organization", metavar="ORGANIZATION")
    parser.add_argument("--through", metavar="DATE", type=day, required=True, help="the last day")


def run(arguments: Namespace) -> int:
    organization = organization_named(arguments.organization)
    check_has_come(arguments.through, today=today_in(organization))
    holder = viewer_of_holder(arguments.organization)
    left = closing(holder, arguments.organization, arguments.through) if holder else None
    close_period(
        organization=organization,
        through=arguments.through,
        by=operator_name(),
    )
    if arguments.json:
        answer(
            {
                "organization": arguments.organization,
                "closed_through": arguments.through,
                "open": left,
            }
        )
    else:
        show(f"The books of {arguments.organization} are closed through {arguments.through}.")
        if left:
            are = "is" if len(left) == 1 else "are"
            show(f"{counted(len(left), 'matter')} {are} open: consigned report closing.")
    return DONE
