"""Reading a command line, making sure that its database can be used, and doing the command."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import InterfaceError

from consigned.measure.refusal import Refusal
from consigned_service.interfaces.console.answers import answer
from consigned_service.interfaces.console.commands import (
    advice,
    aging,
    audit,
    close,
    exceptions,
    import_files,
    init,
    invoice,
    invoices,
    owed,
    places,
    reject,
    release,
    run,
    serve,
    stock,
    title,
    user,
    value,
)
from consigned_service.interfaces.console.demo import command as demo
from consigned_service.interfaces.console.exits import MISUSED, REFUSED, say

COMMANDS: Mapping[str, ModuleType] = {
    "demo": demo,
    "init": init,
    "serve": serve,
    "import": import_files,
    "run": run,
    "advice": advice,
    "invoices": invoices,
    "invoice": invoice,
    "release": release,
    "reject": reject,
    "owed": owed,
    "aging": aging,
    "stock": stock,
    "value": value,
    "places": places,
    "title": title,
    "exceptions": exceptions,
    "close": close,
    "audit": audit,
    "user": user,
}
PREPARES_DATABASE = {"init", "demo"}


class Unusable(Exception):
    """The database cannot be used; the message says why, in a sentence."""


class Parser(argparse.ArgumentParser):
    """Says in one sentence what it does not understand."""

    def error(self, message: str) -> NoReturn:
        say(f"{self.prog}: {message.rstrip('.')}; see {self.prog} --help")
        sys.exit(MISUSED)


def do(words: Sequence[str]) -> int:
    arguments = parser().parse_args(words)
    try:
        _use_database(arguments.command)
        return int(COMMANDS[arguments.command].run(arguments))
    except Refusal as refusal:
        if arguments.json:
            answer({"refused": refusal.code, "because": refusal.sentence()})
        say(refusal.sentence())
        return REFUSED
    except Unusable as unusable:
        say(str(unusable))
        return MISUSED
    except (DatabaseError, InterfaceError, ImproperlyConfigured) as wrong:
        if not _is_about_the_connection(wrong):
            raise
        say(f"The database {_database()} cannot be used: {_first_line(wrong)}")
        return MISUSED


def parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    common = Parser(add_help=False, allow_abbrev=False)
    common.add_argument(
        "--database",
        metavar="URL",
        default=argparse.SUPPRESS,
        help="sqlite:///FILE or postgresql://USER@HOST/NAME (otherwise DATABASE_URL, otherwise "
        "the file consigned.sqlite3 here)",
    )
    common.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="answer a program"
    )
    whole = Parser(
        prog="consigned",
        description="Whose goods they are, where they lie, and what is owed once they are used.",
        parents=[common],
        allow_abbrev=False,
    )
    whole.set_defaults(json=False)
    commands = whole.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, module in COMMANDS.items():
        said = " ".join((module.__doc__ or "").split())
        first = said.partition(". ")[0].rstrip(".")
        one = commands.add_parser(
            name,
            help=first[:1].lower() + first[1:],
            description=module.__doc__,
            parents=[common],
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.options(one)
    return whole


# --- the database ------------------------------------------------------------------------


def _use_database(command: str) -> None:
    """Make sure that the database answers and is prepared; only some commands prepare it."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite" and command not in PREPARES_DATABASE:
        file = Path(settings["NAME"])
        if not file.exists():
            raise Unusable(f"There is no database {file} yet; consigned init makes it.")
    connection.ensure_connection()
    if command not in PREPARES_DATABASE and not _is_prepared():
        raise Unusable(
            f"The database {_database()} is not prepared for this version; consigned init does it."
        )


def _is_prepared() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _database() -> str:
    """The database's name without its secrets."""
    settings = connection.settings_dict
    host = settings.get("HOST")
    return f"{settings['NAME']} on {host}" if host else str(settings["NAME"])


def _is_about_the_connection(wrong: Exception) -> bool:
    """Whether the database is at fault, and not what we asked of it."""
    if isinstance(wrong, ImproperlyConfigured):
        return True
    about = type(wrong).__name__
    return about in ("OperationalError", "InterfaceError") or "not a database" in str(wrong)


def _first_line(wrong: Exception) -> str:
    return str(wrong).strip().partition("\n")[0].rstrip(".:")
