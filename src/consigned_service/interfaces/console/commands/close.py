"""Close an organization's books through a day, or say who closed them through which.

Nothing is posted into a closed period. What is open before is shown by consigned report closing;
what comes late falls on the first day that is open.
"""

from argparse import ArgumentParser, Namespace

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import day, now, operator_name
from consigned_service.interfaces.tables.text import answer, counted, show, show_table
from consigned_service.operations.master_data.parties import close_period, organization_named
from consigned_service.queries.accounting.period_close import closing, closings
from consigned_service.queries.core.viewers import Viewer, viewer_of_holder


def options(parser: ArgumentParser) -> None:
    parser.add_argument("organization", metavar="ORGANIZATION")
    parser.add_argument(
        "--through", metavar="DATE", type=day, help="the last day (what was closed)"
    )


def run(arguments: Namespace) -> int:
    organization = organization_named(arguments.organization)
    holder = viewer_of_holder(arguments.organization)
    if arguments.through is None:
        return _show_closed(holder, arguments) if holder else DONE
    left = closing(holder, arguments.organization, arguments.through) if holder else None
    close_period(
        organization=organization,
        through=arguments.through,
        by=operator_name(),
        at=now(),
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


def _show_closed(holder: Viewer, arguments: Namespace) -> int:
    closed = closings(holder, arguments.organization)
    if arguments.json:
        answer(closed)
        return DONE
    show_table(
        closed,
        {
            "Closed through": lambda one: one.closed_through,
            "By": lambda one: one.closed_by,
            "At": lambda one: one.closed_at,
        },
    )
    if not closed:
        show(f"The books of {arguments.organization} are open.")
    return DONE
