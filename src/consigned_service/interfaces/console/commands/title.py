"""Show the title history of an item: every entry, the newest first."""

from argparse import ArgumentParser, Namespace

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.known_codes import check_known
from consigned_service.interfaces.console.options import acts_for
from consigned_service.interfaces.tables.text import answer, show, show_table
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.inventory.title import title_history


def options(parser: ArgumentParser) -> None:
    parser.add_argument("item", metavar="ITEM")
    parser.add_argument("--organization", metavar="CODE", help="only in this organization")
    parser.add_argument("--layer", type=int, metavar="NUMBER", help="only of this layer")
    parser.add_argument("--limit", type=int, default=50, help="entries at the most (50)")
    parser.add_argument("--before", metavar="MARK", help="go on from where the last answer ended")
    acts_for(parser)


def run(arguments: Namespace) -> int:
    viewer = operator_for(arguments.party).viewer
    history = title_history(
        viewer,
        arguments.item,
        arguments.limit,
        arguments.before,
        organization=arguments.organization,
        layer=arguments.layer,
    )
    if not history.entries:
        check_known(viewer, item=arguments.item)
    if arguments.json:
        answer(history)
        return DONE
    show_table(
        history.entries,
        {
            "Organization": lambda entry: entry.organization,
            "Entry": lambda entry: f"ent_{entry.number}",
            "Happened on": lambda entry: entry.happened_on,
            "What": lambda entry: entry.kind,
            "Quantity": lambda entry: entry.quantity,
            "From": lambda entry: f"{entry.source.owner} {entry.source.place}",
            "To": lambda entry: f"{entry.target.owner} {entry.target.place}",
            "Layer": lambda entry: f"lay_{entry.layer}",
            "Cause": lambda entry: f"{entry.cause} {entry.reference}",
            "Rule": lambda entry: entry.rule,
            "Value": lambda entry: entry.charged.value if entry.charged else None,
            "By": lambda entry: entry.recorded_by,
        },
    )
    if history.before:
        show(f"Older entries: --before {history.before}")
    return DONE
