"""Show count sheets and the differences that wait for a reason; or draw up the sheets that are due.

A sheet is due by its agreement's method and frequency, one for each agreement and place. Drawing
up is safe to repeat on the same day. What was counted comes in with consigned import counts, why
goods are missing with consigned import count-adjustments.
"""

from argparse import ArgumentParser, Namespace

from consigned.measure.identity import OrganizationId
from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import (
    acts_for,
    day,
    lists,
    most,
    now,
    operator_name,
    today,
)
from consigned_service.interfaces.tables.text import answer, counted, show, show_rest, show_table
from consigned_service.operations.counting.count_sheets import plan_counts
from consigned_service.operations.master_data.parties import organization_named
from consigned_service.queries.core.operators import Operator, operator_for
from consigned_service.queries.counting.counts import count_sheets, open_differences


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--due", action="store_true", help="draw up the sheets that are due")
    parser.add_argument("--on", metavar="DATE", type=day, help="due by this day (today)")
    parser.add_argument("--organization", metavar="CODE", help="only of this organization")
    lists(parser)
    acts_for(parser)


def run(arguments: Namespace) -> int:
    operator = operator_for(arguments.party)
    if arguments.due:
        return _draw_up(operator, arguments)
    limit = most(arguments)
    sheets = count_sheets(operator.viewer, arguments.organization, limit=limit)
    differences = open_differences(operator.viewer, arguments.organization, limit=limit)
    if arguments.json:
        answer({"sheets": sheets.rows, "differences": differences.rows})
        return DONE
    show_table(
        sheets.rows,
        {
            "Sheet": lambda row: row.number,
            "Agreement": lambda row: row.agreement,
            "Consignor": lambda row: row.consignor_name,
            "Place": lambda row: row.place,
            "Method": lambda row: row.method,
            "Drawn up on": lambda row: row.drawn_on,
            "Lines": lambda row: row.lines,
            "Consignee": lambda row: row.counted_by_consignee,
            "Consignor counted": lambda row: row.counted_by_consignor,
        },
    )
    show_rest(sheets)
    if differences.rows:
        show_table(
            differences.rows,
            {
                "Difference": lambda row: row.number,
                "Organization": lambda row: row.organization,
                "Count": lambda row: row.count_number,
                "On": lambda row: row.counted_on,
                "By": lambda row: row.counted_by_party,
                "Item": lambda row: row.item,
                "Owner": lambda row: row.owner_name,
                "Booked": lambda row: row.booked,
                "Counted": lambda row: row.counted,
                "Open": lambda row: row.still_open,
                "Other side": lambda row: row.other_side_counted,
            },
        )
        show_rest(differences)
    waiting = counted(differences.total, "difference")
    show(f"{counted(sheets.total, 'sheet')}; waiting: {waiting}.")
    return DONE


def _draw_up(operator: Operator, arguments: Namespace) -> int:
    on = arguments.on or today(operator.viewer)
    chosen = list(operator.organizations.values())
    if arguments.organization:
        chosen = [organization_named(arguments.organization)]
    planned = [
        plan_counts(organization=OrganizationId(one), on=on, by=operator_name(), at=now())
        for one in chosen
    ]
    sheets = [sheet for plan in planned for sheet in plan.sheets]
    lines = sum(plan.lines for plan in planned)
    if arguments.json:
        answer({"on": on, "sheets": sheets, "lines": lines})
        return DONE
    said = f"Due on {on}: {counted(len(sheets), 'sheet')} of {counted(lines, 'line')}"
    show(f"{said}: {', '.join(sheets)}." if sheets else f"{said}.")
    return DONE
