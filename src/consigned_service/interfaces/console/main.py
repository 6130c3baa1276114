"""The command line, `consigned`: what went wrong is one sentence, and the exit code says what kind.

     0    done
     1    refused: the product understood and says no
     2    not understood, or the database or the disk cannot be used
     3    done, but some lines were refused and written to a file
    70    a defect of the product; its log is named
   130    stopped at the keyboard

Figures go to the standard output, everything else to the standard error; `--json` answers
programs.
"""

import errno
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

import django
from django.core.exceptions import ImproperlyConfigured

from consigned_service.interfaces.console import crash_reports as defects
from consigned_service.interfaces.console.exit_codes import DEFECT, MISUSED, STOPPED, say

SERVES_PAGES = {"serve", "demo"}
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}
"""What a disk says that takes nothing more."""


def main() -> None:
    sys.exit(run(sys.argv[1:]))


def run(words: Sequence[str]) -> int:
    """Do one command line; answers its exit code."""
    try:
        code = _run(words)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        _hush()
        return 0
    except KeyboardInterrupt:
        say("Stopped.")
        return STOPPED
    except OSError as wrong:
        if wrong.errno not in NO_ROOM:
            return _defect(wrong)
        _hush()
        say(f"The answer cannot be written: {(wrong.strerror or str(wrong)).lower()}")
        return MISUSED
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else MISUSED
    except Exception as defect:  # noqa: BLE001  # whatever it is, people get a sentence
        return _defect(defect)


def _run(words: Sequence[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", _settings_for(words))
    if database := _database_in(words):
        os.environ["DATABASE_URL"] = database
    try:
        django.setup()
    except ImproperlyConfigured as wrong:
        say(_without_password(str(wrong)))
        return MISUSED
    from consigned_service.interfaces.console.parser import do

    return do(words)


def _settings_for(words: Sequence[str]) -> str:
    """Which settings a command runs under: those with the pages only where it serves them."""
    serves_pages = not SERVES_PAGES.isdisjoint(words)
    return f"consigned_service.project.{'settings' if serves_pages else 'without_pages'}"


def _database_in(words: Sequence[str]) -> str | None:
    """What `--database` says, wherever it stands: it must be known before anything else."""
    for place, word in enumerate(words):
        if word == "--database":
            return "".join(words[place + 1 : place + 2])
        if word.startswith("--database="):
            return word.removeprefix("--database=")
    return None


def _without_password(sentence: str) -> str:
    head, sign, tail = sentence.rpartition("@")
    return f"{head.partition('://')[0]}://…@{tail}" if sign and "://" in head else sentence


def _defect(defect: Exception) -> int:
    path = defects.keep(defect)
    where = f"; what happened is written in {path}" if path else ""
    say(f"This is a defect of consigned, not of what you asked for{where}.")
    return DEFECT


def _hush() -> None:
    """Our output goes nowhere any more; nothing else is said to it."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
