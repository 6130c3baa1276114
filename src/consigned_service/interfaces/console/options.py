"""Words of the command line that many commands share."""

import argparse
import getpass
from datetime import UTC, date, datetime

from consigned.measure.identity import OrganizationId
from consigned.measure.period import InvalidDate, parse_day
from consigned_service.queries.core import days
from consigned_service.queries.core.figures import Page, Row
from consigned_service.queries.core.viewers import Viewer


def day(said: str) -> date:
    """A day as an option's value."""
    try:
        return parse_day(said)
    except InvalidDate as refusal:
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


MOST_LISTED = 200
"""So many rows of a list people are shown, unless they ask for more."""


def lists(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--limit",
        metavar="N",
        type=_some,
        help=f"rows at the most ({MOST_LISTED}; with --json all)",
    )


def _some(said: str) -> int:
    if not said.isascii() or not said.isdigit() or int(said) == 0:
        raise argparse.ArgumentTypeError("a whole number above 0")
    return int(said)


def most(arguments: argparse.Namespace) -> int | None:
    """How many rows of a list are asked for; None for all."""
    limit: int | None = arguments.limit
    return limit or (None if arguments.json else MOST_LISTED)


def first(rows: list[Row], arguments: argparse.Namespace) -> Page[Row]:
    """The rows of a list that are asked for, of a list that was read whole."""
    return Page(rows[: most(arguments)], len(rows))


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
