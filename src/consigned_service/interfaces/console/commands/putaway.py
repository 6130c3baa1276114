"""Show the putaway queue; load into it what is staged, or put away what is in it."""

from argparse import ArgumentParser, Namespace

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import (
    acts_for,
    day,
    lists,
    most,
    now,
    operator_name,
    today_in,
)
from consigned_service.interfaces.tables.text import answer, counted, show, show_rest, show_table
from consigned_service.operations.inbound.putaway import complete_putaway, load_staged
from consigned_service.operations.master_data.parties import organization_named
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.inbound.arriving import putaway_plan


def options(parser: ArgumentParser) -> None:
    parser.add_argument("organization", metavar="ORGANIZATION")
    act = parser.add_mutually_exclusive_group()
    act.add_argument("--load", action="store_true", help="load what is staged and not on hold")
    act.add_argument("--complete", action="store_true", help="put away what is in the queue")
    parser.add_argument("--receipt", metavar="NUMBER", action="append", default=[],
                        help="complete only this receipt; may be said several times")  # fmt: skip
    parser.add_argument("--on", metavar="DATE", type=day, help="the day it happened (today)")
    lists(parser)
    acts_for(parser)


def run(arguments: Namespace) -> int:
    organization = organization_named(arguments.organization)
    on = arguments.on or today_in(organization)
    if arguments.load:
        done = load_staged(organization=organization, on=on, at=now())
        said = {"loaded": done.new, "loaded_before": done.repeated, "on_hold": done.waiting}
        sentence = f"Loaded: {counted(done.new, 'layer')}; on hold: {done.waiting:,}."
    elif arguments.complete:
        done = complete_putaway(
            organization=organization, receipts=arguments.receipt, happened_on=on,
            by=operator_name(), at=now(),
        )  # fmt: skip
        said = {"put_away": done.new}
        sentence = f"Put away: {counted(done.new, 'layer')}."
    else:
        return _show(arguments)
    if arguments.json:
        answer(said)
    else:
        show(sentence)
    return DONE


def _show(arguments: Namespace) -> int:
    viewer = operator_for(arguments.party).viewer
    plan = putaway_plan(viewer, organization=arguments.organization, limit=most(arguments))
    if arguments.json:
        answer(plan.rows)
        return DONE
    show_table(
        plan.rows,
        {
            "Receipt": lambda line: line.receipt,
            "Line": lambda line: line.receipt_line,
            "Item": lambda line: line.item,
            "Quantity": lambda line: line.quantity,
            "Status": lambda line: line.ownership,
            "Owner": lambda line: line.owner_name,
            "From": lambda line: line.place,
            "To": lambda line: line.goes_to,
            "Since": lambda line: line.since,
            "Hazardous": lambda line: line.is_hazardous,
        },
    )
    show(f"To put away: {counted(plan.total, 'line')}.")
    show_rest(plan)
    return DONE
