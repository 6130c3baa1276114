"""Show what was reported and waits, each with its reason; take it up again, or close it.

What waits because it was told wrong can also be corrected: --lines writes it as a file of
consumption, which is corrected and imported.
"""

import csv
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Mapping
from typing import Any

from consigned.master_data.parties import UnknownOrganization
from consigned.measure.identity import OrganizationId
from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import (
    acts_for,
    day,
    lists,
    most,
    now,
    operator_name,
)
from consigned_service.interfaces.files.corrections import rows_to_correct
from consigned_service.interfaces.tables.text import answer, counted, show, show_rest, show_table
from consigned_service.operations.consumption.corrections import ClosingLine, close_exceptions
from consigned_service.operations.core.lines import written
from consigned_service.operations.core.outcome import Required
from consigned_service.operations.settlement.exceptions import Resubmitted, resubmit
from consigned_service.queries.consumption.exceptions import Waiting, exceptions, lines_to_correct
from consigned_service.queries.core.figures import Page
from consigned_service.queries.core.operators import Operator, operator_for


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--organization", metavar="CODE", help="only of this organization")
    parser.add_argument("--reason", metavar="CODE", help="only what waits for this reason")
    parser.add_argument("--item", metavar="CODE", help="only of this item")
    parser.add_argument("--source", metavar="NAME", help="only what this system reported")
    parser.add_argument("--since", metavar="DATE", type=day, help="the first day it was opened on")
    parser.add_argument("--until", metavar="DATE", type=day, help="the last day it was opened on")
    parser.add_argument(
        "--number", metavar="NUMBER", type=int, action="append", help="only this one; may be "
        "given several times",
    )  # fmt: skip
    acts = parser.add_mutually_exclusive_group()
    acts.add_argument("--resubmit", action="store_true", help="try them again")
    acts.add_argument(
        "--close", metavar="WHY", help="close them, for a reason: nothing of them is posted"
    )
    acts.add_argument(
        "--lines", action="store_true", help="as lines of consumption to be corrected, in CSV"
    )
    acts.add_argument("--ended", action="store_true", help="those that wait no more, and why")
    lists(parser)
    acts_for(parser)


def run(arguments: Namespace) -> int:
    operator = operator_for(arguments.party)
    asked = {
        name: getattr(arguments, name)
        for name in ("organization", "reason", "item", "source", "since", "until")
    }
    if arguments.lines:
        return _write_lines(operator, asked, arguments)
    is_chosen = arguments.number or arguments.resubmit or arguments.close is not None
    limit = None if is_chosen else most(arguments)
    page = exceptions(operator.viewer, **asked, ended=arguments.ended, limit=limit)
    found = [row for row in page.rows if not arguments.number or row.number in arguments.number]
    if arguments.resubmit or arguments.close is not None:
        chosen = _chosen(operator, found, arguments)
        act = _resubmit if arguments.resubmit else _close
        return act(chosen, arguments)
    if arguments.json:
        answer(found)
        return DONE
    shown = Page(found, page.total if limit else len(found))
    _show(shown, has_ended=arguments.ended)
    return DONE


def _show(page: Page[Waiting], *, has_ended: bool) -> None:
    ending: Mapping[str, Any] = {
        "Ended": lambda row: row.ended_on,
        "How": lambda row: row.how,
        "By": lambda row: row.ended_by,
        "Because": lambda row: row.ended_because,
    }
    show_table(
        page.rows,
        {
            "Organization": lambda row: row.organization,
            "Number": lambda row: row.number,
            "Since": lambda row: row.opened_on,
            "Item": lambda row: row.item,
            "Quantity": lambda row: row.quantity,
            "Reference": lambda row: row.reference,
            **(ending if has_ended else {"Why it waits": lambda row: row.sentence}),
        },
    )
    show(f"{'Ended' if has_ended else 'Waiting'}: {counted(page.total, 'exception')}.")
    show_rest(page)


def _write_lines(operator: Operator, asked: dict[str, Any], arguments: Namespace) -> int:
    lines = lines_to_correct(operator.viewer, **asked)
    numbers = arguments.number
    chosen = [line for line in lines if not numbers or int(line.corrects) in numbers]
    if arguments.json:
        answer(chosen)
    else:
        csv.writer(sys.stdout, lineterminator="\n").writerows(rows_to_correct(chosen))
    return DONE


Chosen = Mapping[OrganizationId, list[int]]
"""The numbers of exceptions, by organization."""


def _chosen(operator: Operator, found: Iterable[Waiting], arguments: Namespace) -> Chosen:
    """What of the operator's own organizations is meant: the numbers that are named, or all that
    was found."""
    if arguments.organization and arguments.organization not in operator.organizations:
        raise UnknownOrganization(arguments.organization)
    if arguments.number:
        codes = [arguments.organization] if arguments.organization else operator.organizations
        if len(codes) > 1:
            raise Required("--organization")
        return {OrganizationId(operator.organizations[code]): arguments.number for code in codes}
    numbers: dict[OrganizationId, list[int]] = {}
    for row in found:
        if row.organization in operator.organizations:
            organization = OrganizationId(operator.organizations[row.organization])
            numbers.setdefault(organization, []).append(row.number)
    return numbers


def _resubmit(chosen: Chosen, arguments: Namespace) -> int:
    done = [
        resubmit(organization=one, by=operator_name(), at=now(), exceptions=numbers)
        for one, numbers in chosen.items()
    ]
    total = Resubmitted(sum(one.resolved for one in done), sum(one.waiting for one in done))
    if arguments.json:
        answer(total)
    else:
        show(f"Taken up: {counted(total.resolved, 'exception')}; still waiting: {total.waiting:,}.")
    return DONE


def _close(chosen: Chosen, arguments: Namespace) -> int:
    closed = 0
    for organization, numbers in chosen.items():
        lines = [written(ClosingLine, str(number), arguments.close) for number in numbers]
        closed += close_exceptions(
            organization=organization, lines=lines, by=operator_name(), at=now(), all_or_none=True
        ).new
    if arguments.json:
        answer({"closed": closed})
    else:
        show(f"Closed: {counted(closed, 'exception')}.")
    return DONE
