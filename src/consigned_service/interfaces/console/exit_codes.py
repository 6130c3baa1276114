"""How a command ends: its exit code, and a sentence on the standard error."""

import sys

DONE = 0
REFUSED = 1
MISUSED = 2
PARTLY = 3
DEFECT = 70
STOPPED = 130


def say(sentence: str) -> None:
    """One sentence for people, apart from the figures."""
    said = sentence.strip()
    end = "" if said.endswith((".", "!", "?", ":", "…")) else "."
    print(f"{said}{end}", file=sys.stderr, flush=True)
