"""Where a defect is written down for whoever can mend it: a file for the user alone."""

import os
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path


def keep(defect: Exception) -> Path | None:
    """Write what happened; answers where, or None where nothing can be written."""
    said = "".join(traceback.format_exception(defect))
    head = f"consigned {' '.join(map(repr, sys.argv[1:2]))}, Python {sys.version}\n\n"
    for folder in _folders():
        path = folder / f"defect-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.txt"
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
                file.write(head + said)
        except OSError:
            continue
        return path
    return None


def _folders() -> list[Path]:
    state = os.environ.get("XDG_STATE_HOME")
    try:
        ours = Path(state or Path.home() / ".local" / "state") / "consigned"
    except RuntimeError:
        return [Path(tempfile.gettempdir())]
    return [ours, Path(tempfile.gettempdir())]
