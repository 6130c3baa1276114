"""A backup or a restore that is killed at a step, in a process of its own.

`python -m tests.service.killed_copy STEP WORD …`, the words being those of the command.
"""

import os
import signal
import sys

import django

STEPS = {
    "copying": "records.installation.copies.copy_to",
    "copied": "operations.installation.backups._write_manifest",
    "syncing": "operations.installation.backups._sync",
    "restoring": "records.installation.copies.copy_from",
    "restored": "records.installation.schema.migrate",
    "holding": "records.installation.holding.hold",
    "auditing": "operations.installation.backups.audit",
}
"""Each step's name, and what would be called next; `copying` is killed after it was called."""


def main(step: str, *words: str) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consigned_service.project.settings")
    django.setup()
    from importlib import import_module

    from consigned_service.interfaces.console import main as console

    where, _, name = STEPS[step].rpartition(".")
    module = import_module(f"consigned_service.{where}")
    real = getattr(module, name)

    def die(*given: object, **named: object) -> None:
        if step == "copying":
            real(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(module, name, die)
    return console.run(words)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
