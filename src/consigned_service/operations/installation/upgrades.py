"""Bringing a database up to this version, and saying beforehand what that takes."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from consigned_service.operations.audit.audit import Audited, audit
from consigned_service.records.exchange import imports
from consigned_service.records.installation import copies, schema

STILL_RUNNING = timedelta(minutes=10)
"""An import that wrote nothing for so long was stopped; it goes on after the upgrade."""
ROOM = 2
"""How often the database must fit into the room that is free."""


class Outlook(NamedTuple):
    """What an upgrade would do, and what stands in its way."""

    steps: list[str]
    obstacles: list[str]
    """A sentence each; with any of them, nothing is upgraded."""
    bytes: int


class Upgraded(NamedTuple):
    steps: int
    audited: Audited


def outlook(folder: Path, *, at: datetime) -> Outlook:
    """What an upgrade would do with its backup in a folder."""
    steps, unknown = schema.steps()
    obstacles = [f"it was made by a newer version: {step} is not known here" for step in unknown]
    if not steps:
        obstacles += [f"it does not fit this version: {found}" for found in schema.differences()]
    obstacles += [
        f"a file is being imported: {name}" for name in imports.running_names(at - STILL_RUNNING)
    ]
    size, free = copies.size(), _free(folder)
    if free < size * ROOM:
        obstacles.append(
            f"{folder} has {free:,} bytes free; the database of {size:,} bytes needs {ROOM} times "
            "as much"
        )
    return Outlook(steps, obstacles, size)


def _free(folder: Path) -> int:
    """The room in a folder, or where it will be made."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    return shutil.disk_usage(there).free


def upgrade() -> Upgraded:
    """Make the missing steps, and audit the whole; nothing that was recorded changes."""
    steps = schema.migrate()
    return Upgraded(steps, audit())
