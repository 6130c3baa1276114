"""Make the database, or bring it up to this version.

Safe to repeat: what is there stays. A database that does not fit this version is refused.
"""

from argparse import ArgumentParser, Namespace

from django.db import connection

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.tables.text import answer, counted, show
from consigned_service.operations.installation.preparation import prepare


def options(parser: ArgumentParser) -> None:
    """Nothing beyond what every command takes."""


def run(arguments: Namespace) -> int:
    made = prepare()
    name = str(connection.settings_dict["NAME"])
    if arguments.json:
        answer({"database": name, "kind": connection.vendor, "steps": made})
    elif made:
        steps = counted(made, "step")
        show(f"The database {name} ({connection.display_name}) is ready: {steps} made.")
    else:
        show(f"The database {name} ({connection.display_name}) was ready; nothing was changed.")
    return DONE
