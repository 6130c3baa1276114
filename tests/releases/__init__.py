"""A database of each release, as its users have it, and what it answered then.

`python -m tests.releases` writes that of the present version, on both databases, when it is
released: tests/releases/VERSION/sqlite and /postgresql, each a backup with figures.json beside it.
From then on every later version must restore it, bring it up to date and answer the same.
"""

import contextlib
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from consigned_service.interfaces.console import main
from consigned_service.operations.installation.backups import back_up
from consigned_service.records import models
from tests.service import full_world

HERE = Path(__file__).parent
AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
QUESTIONS = (
    ("stock",), ("stock", "--as-of", "2026-03-15"), ("owed",), ("advices",), ("invoices",),
    ("payments",), ("orders",), ("exceptions",), ("returns",), ("debits",), ("changes",),
    ("report", "trial-balance"),
)  # fmt: skip


def write(folder: Path, version: str) -> None:
    """Write the database that Django points at, and what it answers, into a new folder."""
    backup, _ = back_up(folder, version=version, secret_key="of a test", at=AT)
    (backup.folder / "figures.json").write_text(json.dumps(figures(), indent=1) + "\n")


def folder_of(folder: Path) -> Path:
    """The one backup that was written into a folder."""
    (found,) = folder.glob("consigned-*")
    return found


def figures() -> dict[str, Any]:
    """What the database answers to each party, and the seals of all that was posted."""
    found: dict[str, Any] = {
        "seals": [
            [organization, number, seal]
            for organization, number, seal in models.Posting.objects.order_by(
                "organization__code", "number"
            ).values_list("organization__code", "number", "seal")
        ]
    }
    for party in models.Party.objects.order_by("code").values_list("code", flat=True):
        for question in QUESTIONS:
            found[" ".join((party, *question))] = _answer(*question, "--as", party, "--json")
    return found


def _answer(*words: str) -> Any:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        main.run(words)
    return json.loads(out.getvalue()) if out.getvalue() else err.getvalue()


def build() -> None:
    """The world in which every question answers somebody."""
    full_world.build_full()
