"""Back up the database into a new folder, while others work.

consigned backup /var/backups/consigned                   a folder named for the moment
consigned backup /var/backups/consigned --keep 7d4w12m    the same, and older ones are thinned out

A folder with a manifest is a whole backup. The secret key is not in it; store it elsewhere.
"""

from argparse import ArgumentParser, Namespace
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.console.options import now
from consigned_service.interfaces.tables.text import answer, counted, show
from consigned_service.operations.installation.backups import back_up


def options(parser: ArgumentParser) -> None:
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="where the backups are")
    parser.add_argument(
        "--keep", metavar="RULE", default="",
        help="delete older backups but one of each of so many days, weeks and months, as 7d4w12m",
    )  # fmt: skip


def run(arguments: Namespace) -> int:
    backup, deleted = back_up(
        arguments.folder, version=version("consigned"), secret_key=settings.SECRET_KEY, at=now(),
        keep=arguments.keep,
    )  # fmt: skip
    if arguments.json:
        gone = [str(path) for path in deleted]
        answer(backup._asdict() | {"folder": str(backup.folder), "deleted": gone})
        return DONE
    show(f"The backup {backup.folder} is whole: {backup.bytes:,} bytes.")
    if deleted:
        show(f"Deleted: {counted(len(deleted), 'older backup')}.")
    return DONE
