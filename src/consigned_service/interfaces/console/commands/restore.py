"""Restore a backup into an empty database, and audit it.

The restored database writes no letters and runs nothing by itself, until `consigned resume` lets
it: it is then the one that counts.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from django.conf import settings

from consigned_service.interfaces.console.exit_codes import DONE, say
from consigned_service.interfaces.console.options import now, operator_name
from consigned_service.interfaces.tables.text import answer, counted, show
from consigned_service.operations.installation.backups import fingerprint, restore


def options(parser: ArgumentParser) -> None:
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="the folder of one backup")


def run(arguments: Namespace) -> int:
    backup, audited = restore(arguments.folder, at=now(), by=operator_name(), progress=_progress)
    has_key = fingerprint(settings.SECRET_KEY) == backup.secret_key
    if arguments.json:
        answer({"made_at": backup.made_at, "version": backup.version, "has_key": has_key,
                "postings": audited.postings, "entries": audited.entries})  # fmt: skip
        return DONE
    show(
        f"Restored as it was at {backup.made_at}: {counted(audited.postings, 'posting')} and "
        f"{counted(audited.entries, 'entry', 'entries')}, and every law holds."
    )
    if not has_key:
        say(
            "CONSIGNED_SECRET_KEY is another one than that of the backup: people must sign in again"
        )
    show("It writes no letters until consigned resume makes it the one that counts.")
    return DONE


def _progress(step: str) -> None:
    say(f"{step.capitalize()} …")
