"""Let a restored database write letters and run again: it is the one that counts.

As long as another copy is in use somewhere, both would write to the same people.
"""

from argparse import ArgumentParser, Namespace

from consigned_service.interfaces.console.exit_codes import DONE
from consigned_service.interfaces.tables.text import answer, show
from consigned_service.operations.installation.holding import resume


def options(parser: ArgumentParser) -> None:
    """Nothing beyond what every command takes."""


def run(arguments: Namespace) -> int:
    held = resume()
    if arguments.json:
        answer({"was_held": held is not None})
    elif held:
        show(f"Letters and runs go on; they were held since {held.since:%Y-%m-%d %H:%M %Z}.")
    else:
        show("Nothing was held.")
    return DONE
