"""Show a report, as a table, as JSON, or as CSV for a spreadsheet.

trial-balance         the party's accounts, as of a day: debits are credits
journals              what was booked, with its day, cause and posting
statement             the account with a partner: advices, invoices, payments, what is owed
consigned-inventory   consigned goods used in some days, with price; received and used in all
owed                  what is owed: used, advised, invoiced
settlement            what was used, settled and unsettled
received-not-invoiced bought goods that were received and not invoiced, and what is accrued
stock-value           what our own goods are worth; goods of others beside them, worth nothing
closing               what to see to before an organization's books are closed (--organization,
                      --to)
"""

from argparse import ArgumentParser, Namespace
from typing import Any

from consigned_service.interfaces.console.exit_codes import DONE, MISUSED, say
from consigned_service.interfaces.console.known_codes import check_known
from consigned_service.interfaces.console.options import acts_for, day
from consigned_service.interfaces.console.reports import REPORTS, Report
from consigned_service.interfaces.files.csv_writer import write_csv
from consigned_service.interfaces.tables.text import answer
from consigned_service.queries.core.operators import operator_for

OPTIONS: dict[str, dict[str, Any]] = {
    "from": {"metavar": "DATE", "type": day, "help": "the first day"},
    "to": {"metavar": "DATE", "type": day, "help": "the last day"},
    "as-of": {"metavar": "DATE", "type": day, "help": "at the end of this day (now)"},
    "item": {"metavar": "CODE", "help": "only this item"},
    "supplier": {"metavar": "PARTY", "help": "only goods that this party consigns"},
    "partner": {"metavar": "PARTY", "help": "the other party of a statement"},
    "organization": {"metavar": "CODE", "help": "only this organization"},
    "agreement": {"metavar": "NUMBER", "help": "only under this agreement"},
    "functional-currency": {
        "action": "store_const",
        "const": True,
        "help": "in the organizations' own currencies, at the rates of the days",
    },
}


def options(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", choices=REPORTS, help=", ".join(REPORTS))
    for name, said in OPTIONS.items():
        parser.add_argument(f"--{name}", dest=_kept(name), **said)
    parser.add_argument("--summary", action="store_true", help="consigned-inventory by item alone")
    parser.add_argument("--csv", action="store_true", help="as CSV")
    acts_for(parser)


def run(arguments: Namespace) -> int:
    report = REPORTS[arguments.name]
    if wrong := _misused(report, arguments):
        say(f"consigned report {arguments.name}: {wrong}")
        return MISUSED
    viewer = operator_for(arguments.party).viewer
    check_known(viewer, item=arguments.item, owner=arguments.supplier or arguments.partner)
    found = report.ask(viewer, arguments)
    if arguments.summary and report.summary:
        report = report.summary
    if arguments.csv:
        write_csv(report.shape, report.rows(found))
    elif arguments.json:
        answer(found)
    else:
        report.show(found)
    return DONE


def _misused(report: Report, arguments: Namespace) -> str | None:
    """What was said that the report does not take, or was not said that it needs."""
    said = {name for name in OPTIONS if getattr(arguments, _kept(name)) is not None}
    if arguments.summary and not report.summary:
        return "it has no --summary"
    if too_many := said - set(report.takes):
        return f"it takes no {', '.join(f'--{name}' for name in sorted(too_many))}"
    if missing := set(report.needs) - said:
        return f"say {', '.join(f'--{name}' for name in sorted(missing))}"
    return None


def _kept(option: str) -> str:
    return (
        f"asked_{option}".replace("-", "_")
        if option in ("from", "to", "as-of")
        else option.replace("-", "_")
    )
