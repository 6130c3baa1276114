"""Bring the database up to this version: back it up, make the missing steps, and audit it.

consigned upgrade /var/backups/consigned --check    what it would do, and what is in the way
consigned upgrade /var/backups/consigned            do it, with a backup in that folder first

Stop the service before it. There is no way back but to restore the backup.
"""

from argparse import ArgumentParser, Namespace
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

from consigned_service.interfaces.console.exit_codes import DONE, REFUSED, say
from consigned_service.interfaces.console.options import now
from consigned_service.interfaces.tables.text import answer, counted, show
from consigned_service.operations.installation.backups import back_up
from consigned_service.operations.installation.upgrades import Outlook, outlook, upgrade


def options(parser: ArgumentParser) -> None:
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="where the backups are")
    parser.add_argument(
        "--check", action="store_true", help="say what it would do and what is in the way"
    )


def run(arguments: Namespace) -> int:
    found = outlook(arguments.folder, at=now())
    if arguments.check or found.obstacles:
        return _show(arguments, found)
    backup, _ = back_up(
        arguments.folder, version=version("consigned"), secret_key=settings.SECRET_KEY, at=now()
    )
    upgraded = upgrade()
    breaches = [f"{b.law}: {b.where}, {b.sentence}" for b in upgraded.audited.breaches]
    if arguments.json:
        answer({"backup": str(backup.folder), "steps": upgraded.steps, "breaches": breaches})
    else:
        show(f"Backed up in {backup.folder}; {counted(upgraded.steps, 'step')} made.")
        show("Every law holds." if not breaches else "Not every law holds:")
        for breach in breaches:
            say(breach)
    return REFUSED if breaches else DONE


def _show(arguments: Namespace, found: Outlook) -> int:
    if arguments.json:
        answer(found)
    else:
        show(f"To be made: {counted(len(found.steps), 'step')}, on {found.bytes:,} bytes.")
        for step in found.steps:
            show(f"  {step}")
        for obstacle in found.obstacles:
            say(f"In the way: {obstacle}")
    return REFUSED if found.obstacles else DONE
