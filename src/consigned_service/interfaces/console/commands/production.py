"""Show what was made of components and what it cost; what one completion is made of, or what is
in process.
"""

from argparse import ArgumentParser, Namespace

from consigned.measure.refusal import Refusal
from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.known_codes import check_known
from consigned_service.interfaces.console.options import acts_for
from consigned_service.interfaces.tables.text import answer, counted, show, show_table
from consigned_service.operations.inbound.receipts import NoSourceDocument
from consigned_service.queries.core.figures import sum_amounts
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.production.completions import (
    Completion,
    completion,
    completions,
    in_process,
)

NEWEST = 100


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--item", metavar="CODE", help="only this product")
    parser.add_argument("--organization", metavar="CODE", help="only what is made there")
    parser.add_argument(
        "--components", metavar="REFERENCE", help="of what this completion is (with --organization)"
    )
    parser.add_argument("--in-process", action="store_true", help="what is in no product yet")
    acts_for(parser)


def run(arguments: Namespace) -> int:
    viewer = operator_for(arguments.party).viewer
    if arguments.components:
        return _components(viewer, arguments)
    if arguments.in_process:
        return _in_process(viewer, arguments)
    lines = completions(viewer, arguments.item, arguments.organization, limit=NEWEST)
    if not lines:
        check_known(viewer, item=arguments.item)
    if arguments.json:
        answer(lines)
        return DONE
    show_table(
        lines,
        {
            "Organization": lambda line: line.organization,
            "Reference": lambda line: line.reference,
            "Order": lambda line: line.work_order,
            "Product": lambda line: line.product,
            "Name": lambda line: line.product_name,
            "Completed on": lambda line: line.completed_on,
            "Layer": lambda line: f"lay_{line.layer}",
            "Quantity": lambda line: line.quantity,
            "Cost": lambda line: line.cost,
        },
    )
    show(f"{counted(len(lines), 'completion')}, the newest first.")
    return DONE


def _components(viewer: Viewer, arguments: Namespace) -> int:
    found = completion(viewer, arguments.organization or "", arguments.components)
    if found is None:
        raise _unknown(arguments.components)
    if arguments.json:
        answer(found)
        return DONE
    _show(found)
    return DONE


def _unknown(reference: str) -> Refusal:
    return NoSourceDocument(f"completion {reference}")


def _show(found: Completion) -> None:
    show_table(
        found.components,
        {
            "Component": lambda part: part.item,
            "Name": lambda part: part.item_name,
            "Was owned by": lambda part: part.owner_name,
            "Layer": lambda part: f"lay_{part.layer}",
            "Lot": lambda part: part.lot,
            "Quantity": lambda part: part.quantity,
            "Cost": lambda part: part.cost,
            "Came back": lambda part: part.returned if part.returned.micros else None,
            "Stayed ours": lambda part: part.stayed_ours if part.stayed_ours.micros else None,
        },
    )
    show(f"{found.quantity} of {found.product}, made on {found.completed_on} for {found.cost}.")


def _in_process(viewer: Viewer, arguments: Namespace) -> int:
    parts = in_process(viewer, arguments.organization)
    if arguments.json:
        answer(parts)
        return DONE
    show_table(
        parts,
        {
            "Organization": lambda part: part.organization,
            "Order": lambda part: part.work_order,
            "Component": lambda part: part.item,
            "Was owned by": lambda part: part.owner_name,
            "Layer": lambda part: f"lay_{part.layer}",
            "Quantity": lambda part: part.quantity,
            "Cost": lambda part: part.cost,
        },
    )
    cost = ", ".join(map(str, sum_amounts(part.cost for part in parts))) or "nothing"
    show(f"In process: {counted(len(parts), 'component')}, at {cost}.")
    return DONE
