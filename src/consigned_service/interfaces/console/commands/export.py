"""Write the party's journals for another program: as CSV, or as beancount or hledger reads them.

consigned export journals --format beancount --from 2026-03-01 --to 2026-03-31 > march.beancount

Accounts bear the numbers and names of the party's own chart (consigned import accounts). A memo is
booked between two accounts of equity.
"""

import sys
from argparse import ArgumentParser, Namespace

from consigned.accounting.ledger_export import LedgerProgram
from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import acts_for, day
from consigned_service.interfaces.files.csv_writer import write_csv
from consigned_service.interfaces.tables.text import answer
from consigned_service.queries.accounting.books import JournalLine, journals, ledger_text
from consigned_service.queries.core.operators import operator_for

CSV = "csv"
FORMATS = (CSV, *(program.value for program in LedgerProgram))


def options(parser: ArgumentParser) -> None:
    parser.add_argument("what", metavar="journals", choices=("journals",))
    parser.add_argument(
        "--format", dest="written_as", choices=FORMATS, default=CSV, help="csv if not said"
    )
    parser.add_argument("--from", dest="first", metavar="DATE", type=day, help="the first day")
    parser.add_argument("--to", dest="last", metavar="DATE", type=day, help="the last day")
    parser.add_argument("--organization", metavar="CODE", help="only this organization's ledger")
    acts_for(parser)


def run(arguments: Namespace) -> int:
    viewer = operator_for(arguments.party).viewer
    days, of = (arguments.first, arguments.last), arguments.organization
    if arguments.json:
        answer(list(journals(viewer, *days, organization=of)))
    elif arguments.written_as == CSV:
        write_csv(JournalLine, journals(viewer, *days, organization=of))
    else:
        program = LedgerProgram(arguments.written_as)
        for line in ledger_text(viewer, program, *days, organization=of):
            sys.stdout.write(f"{line}\n")
    return DONE
