"""Check every law of title and settlement, and every seal, on the live database.

Ends well only if all of them hold; otherwise it names what breaks one.
"""

import sys
from argparse import ArgumentParser, Namespace
from contextlib import nullcontext

from rich.console import Console

from consigned_service.interfaces.console.exit_codes import DONE, REFUSED
from consigned_service.interfaces.tables.text import answer, counted, show, show_table
from consigned_service.operations.audit.audit import audit


def options(parser: ArgumentParser) -> None:
    """Nothing beyond what every command takes."""


def run(arguments: Namespace) -> int:
    screen = Console(file=sys.stderr)
    status = screen.status("Auditing") if screen.is_terminal else None
    with status or nullcontext():
        audited = audit(
            lambda organization: status.update(f"Auditing {organization}") if status else None
        )
    if arguments.json:
        answer({"holds": audited.holds, **audited._asdict()})
        return DONE if audited.holds else REFUSED
    looked_at = (
        f"{counted(audited.organizations, 'organization')}, "
        f"{counted(audited.postings, 'posting')}, "
        f"{counted(audited.entries, 'entry', 'entries')}"
    )
    if audited.holds:
        show(f"Every law and every seal holds: {looked_at}.")
        return DONE
    show_table(
        audited.breaches,
        {
            "Law": lambda breach: breach.law,
            "Where": lambda breach: breach.where,
            "What": lambda breach: breach.sentence,
        },
    )
    show(f"{counted(len(audited.breaches), 'breach', 'breaches')} in {looked_at}.")
    return REFUSED
