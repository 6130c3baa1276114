"""Show what was reported and waits, each with its reason; or take it up again."""

from argparse import ArgumentParser, Namespace

from consigned.measure.identity import OrganizationId
from consigned_service.interfaces.console.answers import answer, counted, show, show_table
from consigned_service.interfaces.console.exits import DONE
from consigned_service.interfaces.console.fields import acts_for, now, operator_name
from consigned_service.operations.exceptions import Resubmitted, resubmit
from consigned_service.operations.parties import organization_named
from consigned_service.queries.exceptions import exceptions
from consigned_service.queries.operators import Operator, operator_for


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--organization", metavar="CODE", help="only of this organization")
    parser.add_argument("--resubmit", action="store_true", help="try them again")
    acts_for(parser)


def run(arguments: Namespace) -> int:
    operator = operator_for(arguments.party)
    if arguments.resubmit:
        return _resubmit(operator, arguments)
    page = exceptions(operator.viewer, organization=arguments.organization)
    if arguments.json:
        answer(page.rows)
        return DONE
    show_table(
        page.rows,
        {
            "Organization": lambda row: row.organization,
            "Number": lambda row: row.number,
            "Since": lambda row: row.opened_on,
            "Item": lambda row: row.item,
            "Quantity": lambda row: row.quantity,
            "Reference": lambda row: row.reference,
            "Why it waits": lambda row: row.sentence,
        },
    )
    show(f"Waiting: {counted(page.total, 'exception')}.")
    return DONE


def _resubmit(operator: Operator, arguments: Namespace) -> int:
    chosen = list(operator.organizations.values())
    if arguments.organization:
        chosen = [organization_named(arguments.organization)]
    done = [
        resubmit(organization=OrganizationId(one), by=operator_name(), at=now()) for one in chosen
    ]
    total = Resubmitted(sum(one.resolved for one in done), sum(one.waiting for one in done))
    if arguments.json:
        answer(total)
    else:
        show(f"Taken up: {counted(total.resolved, 'exception')}; still waiting: {total.waiting:,}.")
    return DONE
