"""Trace a lot: what it touched, to whom it went and what is left; or hold every piece of it."""

from argparse import ArgumentParser, Namespace

from consigned.measure.identity import PartyId
from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.known_codes import check_known
from consigned_service.interfaces.console.options import acts_for, now, operator_name, today
from consigned_service.interfaces.tables.text import answer, counted, show, show_table
from consigned_service.operations.inventory.lots import Changed, hold_lot, release_lot
from consigned_service.queries.core.operators import Operator, operator_for
from consigned_service.queries.inventory.lots import LotTrace, lot_trace


def options(parser: ArgumentParser) -> None:
    parser.add_argument("lot", metavar="LOT", help="the maker's mark of the lot")
    parser.add_argument("--item", metavar="CODE", help="only of this item")
    parser.add_argument(
        "--consignor", metavar="CODE", help="the maker, where several have such a lot"
    )
    act = parser.add_mutually_exclusive_group()
    act.add_argument(
        "--hold", action="store_true", help="recall it: hold what is here and what comes"
    )
    act.add_argument("--release", action="store_true", help="end the recall")
    parser.add_argument("--recall", metavar="REASON", help="which recall ends, where several stand")
    parser.add_argument("--because", metavar="REASON", default="", help="why, as REC-2026-7")
    parser.add_argument("--limit", type=int, default=200, help="entries at the most (200)")
    acts_for(parser)


def run(arguments: Namespace) -> int:
    operator = operator_for(arguments.party)
    if arguments.hold or arguments.release:
        return _change(operator, arguments)
    viewer = operator.viewer
    trace = lot_trace(
        viewer, arguments.lot, today=today(viewer), item=arguments.item, limit=arguments.limit
    )
    if not trace.steps:
        check_known(viewer, item=arguments.item)
    if arguments.json:
        answer(trace)
    else:
        _show(arguments.lot, trace)
    return DONE


def _change(operator: Operator, arguments: Namespace) -> int:
    meant = {
        "party": PartyId(operator.viewer.party_id), "lot": arguments.lot,
        "item": arguments.item or "", "consignor": arguments.consignor or "",
        "because": arguments.because, "by": operator_name(), "at": now(),
    }  # fmt: skip
    changed: list[Changed] = (
        hold_lot(**meant) if arguments.hold else release_lot(**meant, recall=arguments.recall or "")
    )
    if arguments.json:
        answer(changed)
        return DONE
    show_table(
        changed,
        {
            "Organization": lambda one: one.organization,
            "Item": lambda one: one.item,
            "Held" if arguments.hold else "Released": lambda one: one.quantity,
        },
    )
    if not changed:
        show(
            f"Lot {arguments.lot} is recalled; nothing more of it lay free."
            if arguments.hold
            else f"No recall of lot {arguments.lot} stands that kept anything."
        )
    return DONE


def _show(lot: str, trace: LotTrace) -> None:
    show_table(
        trace.steps,
        {
            "Happened on": lambda step: step.happened_on,
            "Organization": lambda step: step.organization,
            "What": lambda step: step.kind,
            "Item": lambda step: step.item,
            "Quantity": lambda step: step.quantity,
            "From": lambda step: f"{step.source.owner} {step.source.place}",
            "To": lambda step: f"{step.target.owner} {step.target.place}",
            "Cause": lambda step: f"{step.cause} {step.reference}",
            "By": lambda step: step.recorded_by,
        },
    )
    if trace.has_more:
        show("There are more entries: --limit.")
    show_table(
        trace.went_to,
        {
            "Organization": lambda one: one.organization,
            "Item": lambda one: one.item,
            "Gone": lambda one: one.how,
            "For": lambda one: one.used_for,
            "To": lambda one: one.customer,
            "First on": lambda one: one.first_on,
            "Last on": lambda one: one.last_on,
            "Quantity": lambda one: one.quantity,
        },
    )
    show_table(
        trace.left,
        {
            "Organization": lambda line: line.organization,
            "Item": lambda line: line.item,
            "Left at": lambda line: line.place,
            "Owner": lambda line: line.owner_name,
            "Condition": lambda line: line.condition,
            "Quantity": lambda line: line.quantity,
        },
    )
    show(f"Left of lot {lot}: {counted(len(trace.left), 'holding')}.")
