"""A command that is stopped at work, in a process of its own, so many seconds of its own computing
after so many lines of an import are in: however loaded the machine, it is in the middle.

`python -m tests.service.stopped HOW LINES SECONDS WORD …`, where HOW is `killed` or `interrupted`.
"""

import os
import signal
import sys

import django

KILLED = -signal.SIGVTALRM
"""How a killed one ends: nothing handles the signal, so nothing is left to do for the process."""


def main(how: str, lines: str, seconds: str, *words: str) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consigned_service.project.settings")
    django.setup()
    from consigned_service.interfaces.console import main as console
    from consigned_service.operations.exchange import imports

    if how == "interrupted":
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGVTALRM, lambda *_: signal.raise_signal(signal.SIGINT))
    bring_in = imports.bring_in

    def and_set_the_clock(*args, **named):
        progress, outcome = bring_in(*args, **named)
        if progress.done >= int(lines) and signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0):
            signal.setitimer(signal.ITIMER_VIRTUAL, float(seconds))
        return progress, outcome

    imports.bring_in = and_set_the_clock
    return console.run(words)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
