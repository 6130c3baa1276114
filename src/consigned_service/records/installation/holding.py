"""Whether this database may write to others: a restored copy may not, until it is the one that
counts."""

from datetime import datetime
from typing import NamedTuple

from consigned_service.records import models

ONLY = 1
"""The number of the one row."""


class Held(NamedTuple):
    """Why letters and runs are held, since when and by whom."""

    because: str
    since: datetime
    by: str


def hold(because: str, *, at: datetime, by: str) -> None:
    models.Installation.objects.update_or_create(
        pk=ONLY, defaults={"held_because": because, "held_since": at, "held_by": by}
    )


def resume() -> Held | None:
    """Hold nothing any more; answers what was held, if anything was."""
    found = held()
    models.Installation.objects.filter(pk=ONLY).update(held_because="")
    return found


def held() -> Held | None:
    row = models.Installation.objects.filter(pk=ONLY).exclude(held_because="").first()
    return Held(row.held_because, row.held_since, row.held_by) if row else None
