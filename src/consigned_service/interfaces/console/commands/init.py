"""Make the database, or bring it up to this version.

Safe to repeat: what stands is kept.
"""

from argparse import ArgumentParser, Namespace

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.tables.text import answer, counted, show


def options(parser: ArgumentParser) -> None:
    """Nothing beyond what every command takes."""


def run(arguments: Namespace) -> int:
    executor = MigrationExecutor(connection)
    targets = executor.loader.graph.leaf_nodes()
    plan = executor.migration_plan(targets)
    executor.migrate(targets, plan=plan)
    steps = counted(len(plan), "step")
    name = str(connection.settings_dict["NAME"])
    if arguments.json:
        answer({"database": name, "kind": connection.vendor, "steps": len(plan)})
    elif plan:
        show(f"The database {name} ({connection.display_name}) is ready: {steps} made.")
    else:
        show(f"The database {name} ({connection.display_name}) was ready; nothing was changed.")
    return DONE
