"""How far each imported file has come, so that an import can go on after any stop."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from consigned_service.records import models


@dataclass
class Progress:
    """What has been done of one file: lines gone through, and what came of them."""

    id: int
    done: int
    new: int
    repeated: int
    changed: int
    refused: int
    waiting: int
    is_finished: bool


def progress(kind: str, name: str, fingerprint: str) -> Progress:
    """The progress of a file, which begins at nothing."""
    row, _ = models.Import.objects.get_or_create(
        kind=kind, fingerprint=fingerprint, defaults={"name": name[:255]}
    )
    return Progress(
        row.pk, row.lines_done, row.lines_new, row.lines_repeated, row.lines_changed,
        row.lines_refused, row.lines_waiting, row.is_finished,
    )  # fmt: skip


def move(before: Progress, after: Progress) -> bool:
    """Write how far a file has come; not where somebody else has moved it meanwhile."""
    moved = models.Import.objects.filter(
        pk=before.id, lines_done=before.done, is_finished=before.is_finished
    ).update(
        lines_done=after.done,
        lines_new=after.new,
        lines_repeated=after.repeated,
        lines_changed=after.changed,
        lines_refused=after.refused,
        lines_waiting=after.waiting,
        is_finished=after.is_finished,
        updated_at=timezone.now(),
    )
    return bool(moved)


def running_names(since: datetime) -> list[str]:
    """The files whose import has gone on since a moment and is not done."""
    rows = models.Import.objects.filter(is_finished=False, updated_at__gte=since)
    return list(rows.order_by("started_at").values_list("name", flat=True))
