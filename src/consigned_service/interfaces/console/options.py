"""Words of the command line that many commands share."""

import argparse
import getpass
from datetime import UTC, date, datetime

from consigned.measure.identity import OrganizationId
from consigned.measure.period import NotADay, parse_day
from consigned_service.queries.core import days
from consigned_service.queries.core.viewers import Viewer


def day(said: str) -> date:
    """A day as an option's value."""
    try:
        return parse_day(said)
    except NotADay as refusal:
        raise argparse.ArgumentTypeError(refusal.sentence()) from None


def now() -> datetime:
    return datetime.now(UTC)


def today(viewer: Viewer | None = None) -> date:
    """The day that it is for a viewer; for nobody in particular, the installation's."""
    return days.today(viewer, now())


def today_in(organization: OrganizationId) -> date:
    return days.today_in(organization, now())


def operator_name() -> str:
    """By whom something is recorded that is told at the command line."""
    try:
        return f"{getpass.getuser()} (console)"[:150]
    except (KeyError, OSError):
        return "console"


def acts_for(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as",
        dest="party",
        metavar="PARTY",
        help="code of the party to act for; otherwise the only one with organizations",
    )


def names_invoice(parser: argparse.ArgumentParser, *, or_credit_note: bool = False) -> None:
    paper = "the invoice's, or credit note's, number" if or_credit_note else "the invoice's number"
    parser.add_argument("number", metavar="NUMBER", help=paper)
    if or_credit_note:
        parser.add_argument(
            "--credit-note", action="store_true", help="the number is a credit note's"
        )
    parser.add_argument(
        "--consignor", metavar="CODE", required=True, help="code of the party that bills"
    )
    names_year(parser)


def names_year(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--year", type=int, metavar="YEAR", help="its year, where the number was given in several"
    )
