"""Show why goods are on hold: each reason that stands, by whom, since when and for how much."""

from argparse import ArgumentParser, Namespace

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.known_codes import check_known
from consigned_service.interfaces.console.options import acts_for
from consigned_service.interfaces.tables.text import answer, counted, show, show_table
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.inventory.holds import standing


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--item", metavar="CODE", help="only of this item")
    parser.add_argument("--lot", metavar="LOT", help="only of this lot")
    acts_for(parser)


def run(arguments: Namespace) -> int:
    viewer = operator_for(arguments.party).viewer
    reasons = standing(viewer, item=arguments.item, lot=arguments.lot)
    if not reasons:
        check_known(viewer, item=arguments.item)
    if arguments.json:
        answer(reasons)
        return DONE
    show_table(
        reasons,
        {
            "Organization": lambda one: one.organization,
            "Why": lambda one: one.kind,
            "Reference": lambda one: one.reference,
            "Because": lambda one: one.because,
            "Item": lambda one: one.item,
            "Lot": lambda one: one.lot,
            "Of": lambda one: one.maker,
            "Place": lambda one: one.place,
            "Quantity": lambda one: one.quantity,
            "Since": lambda one: one.since,
            "By": lambda one: one.by,
        },
    )
    show(f"Standing: {counted(len(reasons), 'reason')}.")
    return DONE
