"""Show one count sheet: what is to be counted, and what was; --csv writes it to be filled in.

A blind sheet tells its counter neither what the book says nor what the other side counted. The
file that --csv writes is brought in again by consigned import counts, once the columns counted
and counted_on are filled.
"""

import csv
import sys
from argparse import ArgumentParser, Namespace

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import acts_for
from consigned_service.interfaces.tables.text import answer, show_facts, show_table
from consigned_service.operations.counting.count_sheets import UnknownSheet
from consigned_service.queries.core.operators import operator_for
from consigned_service.queries.counting.counts import Sheet, count_sheet

COLUMNS = (
    "organization", "count_number", "item", "consignor", "place", "lot", "serial", "unit",
    "counted", "counted_on", "counted_by_party", "counted_by", "reason",
)  # fmt: skip


def options(parser: ArgumentParser) -> None:
    parser.add_argument("number", metavar="NUMBER", help="number of the sheet, as S1-C000001")
    parser.add_argument("--csv", action="store_true", help="as a file to be filled in")
    acts_for(parser)


def run(arguments: Namespace) -> int:
    operator = operator_for(arguments.party)
    sheet = count_sheet(operator.viewer, arguments.number)
    if sheet is None:
        raise UnknownSheet(arguments.number)
    head = sheet.head
    if arguments.json:
        answer(sheet)
    elif arguments.csv:
        _write(sheet)
    else:
        show_facts(
            {
                "Sheet": head.number,
                "Agreement": f"{head.agreement} with {head.consignor_name}",
                "Place": f"{head.organization} {head.place}",
                "Method": f"{head.method}, drawn up on {head.drawn_on}",
            }
        )
        show_table(
            sheet.lines,
            {
                "Line": lambda line: line.line,
                "Item": lambda line: line.item,
                "Name": lambda line: line.item_name,
                "Lot": lambda line: line.lot,
                "Serial": lambda line: line.serial,
                "Booked": lambda line: line.booked,
                "Consignee": lambda line: line.by_consignee,
                "Consignor": lambda line: line.by_consignor,
            },
        )
    return DONE


def _write(sheet: Sheet) -> None:
    head = sheet.head
    file = csv.writer(sys.stdout, lineterminator="\n")
    file.writerow(COLUMNS)
    for line in sheet.lines:
        file.writerow(
            (head.organization, head.number, line.item, head.consignor, head.place,
             line.lot or "", line.serial or "", line.unit, "", "",
             sheet.side, "", "")
        )  # fmt: skip
