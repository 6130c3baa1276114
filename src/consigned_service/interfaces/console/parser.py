"""Reading a command line, making sure that its database can be used, and doing the command."""

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import NoReturn, Protocol, cast

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.utils import InterfaceError

from consigned.measure.refusal import Refusal
from consigned_service.interfaces.console.exit_codes import MISUSED, REFUSED, say
from consigned_service.interfaces.tables.text import answer
from consigned_service.operations.installation.preparation import is_prepared

HERE = "consigned_service.interfaces.console.commands"
LISTS = "a list"
"""A command that only lists what a question of this name answers."""
COMMANDS: Mapping[str, str] = {
    "demo": "consigned_demo.command",
    "init": f"{HERE}.init",
    "serve": f"{HERE}.serve",
    "settings": f"{HERE}.settings",
    "import": f"{HERE}.import_files",
    "run": f"{HERE}.run",
    "advices": LISTS,
    "advice": f"{HERE}.advice",
    "invoices": LISTS,
    "invoice": f"{HERE}.invoice",
    "release": f"{HERE}.release",
    "dispute": f"{HERE}.dispute",
    "reject": f"{HERE}.reject",
    "cancel": f"{HERE}.cancel",
    "payments": f"{HERE}.payments",
    "schedule": f"{HERE}.schedule",
    "runs": LISTS,
    "rerun": f"{HERE}.rerun",
    "messages": LISTS,
    "owed": f"{HERE}.owed",
    "agreement": f"{HERE}.agreement",
    "price": f"{HERE}.price",
    "price-change": f"{HERE}.price_change",
    "margins": LISTS,
    "aging": f"{HERE}.aging",
    "counts": f"{HERE}.counts",
    "count": f"{HERE}.count",
    "shrinkage": f"{HERE}.shrinkage",
    "dispositions": f"{HERE}.dispositions",
    "stock": f"{HERE}.stock",
    "kept": LISTS,
    "value": f"{HERE}.value",
    "production": f"{HERE}.production",
    "orders": f"{HERE}.orders",
    "arriving": LISTS,
    "putaway": f"{HERE}.putaway",
    "places": f"{HERE}.places",
    "designation": f"{HERE}.designation",
    "changes": LISTS,
    "title": f"{HERE}.title",
    "returns": LISTS,
    "debits": LISTS,
    "debit-memos": f"{HERE}.debit_memos",
    "credit-notes": f"{HERE}.credit_notes",
    "lot": f"{HERE}.lot",
    "void": f"{HERE}.void",
    "exceptions": f"{HERE}.exceptions",
    "holds": LISTS,
    "settling": LISTS,
    "report": f"{HERE}.report",
    "export": f"{HERE}.export",
    "close": f"{HERE}.close",
    "audit": f"{HERE}.audit",
    "user": f"{HERE}.user",
    "backup": f"{HERE}.backup",
    "restore": f"{HERE}.restore",
    "resume": f"{HERE}.resume",
    "upgrade": f"{HERE}.upgrade",
}
"""Each command and its module. Only the one that is asked for is loaded: together they bring in the
whole house, which takes longer than most answers. The demonstration stands outside it, and is known
here by its name alone."""
PREPARES_DATABASE = {"init", "demo", "restore", "upgrade"}
NEEDS_NO_DATABASE = {"settings"}


class Unusable(Exception):
    """The database cannot be used; the message says why, in a sentence."""


class Parser(argparse.ArgumentParser):
    """Says in one sentence what it does not understand."""

    def error(self, message: str) -> NoReturn:
        say(f"{self.prog}: {message.rstrip('.')}; see {self.prog} --help")
        sys.exit(MISUSED)


def do(words: Sequence[str]) -> int:
    asked = next((word for word in words if word in COMMANDS), None)
    # a default on the parser would be one on every command's, and take back what stood in front
    given = argparse.Namespace(json=False)
    arguments = parser([asked] if asked else COMMANDS).parse_args(words, given)
    try:
        if arguments.command not in NEEDS_NO_DATABASE:
            _use_database(arguments.command)
        return command(arguments.command).run(arguments)
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


class Command(Protocol):
    """What a command is known by: its words, its options, and what it does."""

    __doc__: str | None

    def options(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, arguments: argparse.Namespace) -> int: ...


def command(name: str) -> Command:
    """The module of a command, or the question that it lists."""
    if COMMANDS[name] == LISTS:
        listing = import_module("consigned_service.interfaces.console.listing")
        return cast(Command, listing.command_of(name))
    return cast(Command, import_module(COMMANDS[name]))


def parser(names: Iterable[str] = COMMANDS) -> argparse.ArgumentParser:
    """The named commands with their options."""
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
    commands = whole.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in names:
        module = command(name)
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
    if command not in PREPARES_DATABASE and not is_prepared():
        raise Unusable(
            f"The database {_database()} is not prepared for this version; consigned init does it."
        )


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
