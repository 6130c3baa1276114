"""Show what an item is designated as in each organization, and every change with its reason."""

from argparse import ArgumentParser, Namespace

from consigned.master_data.items import UnknownItem
from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import acts_for
from consigned_service.interfaces.tables.text import answer, show, show_table
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.master_data.designations import designation


def options(parser: ArgumentParser) -> None:
    parser.add_argument("item", metavar="ITEM")
    acts_for(parser)


def run(arguments: Namespace) -> int:
    found = designation(operator_for(arguments.party).viewer, arguments.item)
    if found is None:
        raise UnknownItem(arguments.item)
    if arguments.json:
        answer(found)
        return DONE
    show(f"{found.item} is {found.designation} where an organization says nothing else.")
    show_table(
        found.organizations,
        {
            "Organization": lambda at: at.organization,
            "Designation": lambda at: at.designation,
            "Approved": lambda at: at.is_approved,
            "Consignor": lambda at: at.consignor,
            "Site": lambda at: at.consignor_site,
        },
    )
    show_table(
        found.changes,
        {
            "Recorded at": lambda change: f"{change.recorded_at:%Y-%m-%d %H:%M %Z}",
            "Organization": lambda change: change.organization,
            "What": lambda change: change.what,
            "Before": lambda change: change.before,
            "After": lambda change: change.after,
            "By": lambda change: change.recorded_by,
            "Because": lambda change: change.because,
        },
    )
    return DONE
