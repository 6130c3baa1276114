"""Show what was changed of masters: what was and what is, by whom and when, the latest first.

Masters are told anew by consigned import, as are names, addresses and settings. What others stand
on, such as the unit of an item, is not changed.
"""

from argparse import ArgumentParser, Namespace

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import acts_for, lists, most
from consigned_service.interfaces.tables.text import answer, counted, show, show_rest, show_table
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.master_data.changes import MASTERS, changes


def options(parser: ArgumentParser) -> None:
    parser.add_argument("what", metavar="KIND", nargs="?", choices=MASTERS,
                        help=f"only of these: {', '.join(MASTERS)}")  # fmt: skip
    parser.add_argument("name", metavar="NAME", nargs="?", help="only of the one that is called so")
    lists(parser)
    acts_for(parser)


def run(arguments: Namespace) -> int:
    viewer = operator_for(arguments.party).viewer
    found = changes(viewer, what=arguments.what, name=arguments.name, limit=most(arguments))
    if arguments.json:
        answer(found.rows)
        return DONE
    show_table(
        found.rows,
        {
            "Recorded at": lambda change: f"{change.recorded_at:%Y-%m-%d %H:%M %Z}",
            "Of": lambda change: change.what,
            "Name": lambda change: change.name,
            "What": lambda change: change.field,
            "Before": lambda change: change.was,
            "After": lambda change: change.became,
            "By": lambda change: change.recorded_by,
        },
    )
    show(f"{counted(found.total, 'change')}.")
    show_rest(found)
    return DONE
