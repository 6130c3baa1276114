"""Bringing a file in, chunk by chunk: each chunk is posted, and the file's progress with it.

What is posted and how far the file has come stand in one transaction. So whenever an import is
stopped, even by a cut of power, the same command goes on where it ended; nothing is lost, nothing
told twice. A file that was finished may be sent again: every line is gone through once more,
those that stand are counted as repeated, and those refused before get another chance.

Refuses: ImportedElsewhere; line by line RepeatedInRequest (from idempotency), and what the act
of the kind
refuses.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from consigned.measure.identity import OrganizationId
from consigned.measure.refusal import Refusal
from consigned_service.operations.core.batch import Written, record
from consigned_service.operations.core.idempotency import refuse_twice
from consigned_service.operations.core.operation import Operation, Request
from consigned_service.operations.core.outcome import Result
from consigned_service.records.exchange import imports as import_records
from consigned_service.records.exchange.imports import Progress
from consigned_service.records.sql.transaction import together

__all__ = ["Progress", "begin", "bring_in", "finish", "start_over"]


@dataclass(eq=False)
class ImportedElsewhere(Refusal):
    name: str
    code: ClassVar[str] = "imported-elsewhere"
    remedy: ClassVar[str] = "Let the other import finish, or stop it and start this one again."

    def __str__(self) -> str:
        return f"{self.name} is being imported by another process"


def begin(operation: Operation, *, name: str, fingerprint: str) -> Progress:
    """How far a file has come before."""
    return import_records.progress(operation.name, name, fingerprint)


def start_over(progress: Progress, *, name: str) -> Progress:
    """Go through a file from its beginning once more."""
    return _moved(
        progress,
        Progress(progress.id, 0, 0, 0, 0, 0, 0, is_finished=False),
        name,
    )


def bring_in(
    operation: Operation,
    progress: Progress,
    lines: Sequence[Written],
    *,
    name: str,
    unreadable: int,
    source: str,
    by: str,
    at: datetime,
    keep: Callable[[Result], None],
    first_of: Callable[[Result], Mapping[int, int]] = lambda _: {},
    again: bool = False,
) -> tuple[Progress, Result]:
    """Tell one chunk of lines, `unreadable` others among them, and write the file's progress.

    `keep` is told what came of them before any of it is certain: what it puts down outside of the
    database is there whenever the progress says so, and may be there sooner. `first_of` finds the
    earlier lines of the file that say the same as repeated ones of this chunk, by their numbers.
    """
    with together():
        outcome = record(operation, lines, Request(OrganizationId(0), by, at, source, again))
        if outcome.again:
            refuse_twice(outcome, first_of(outcome))
        after = replace(
            progress,
            done=progress.done + len(lines) + unreadable,
            new=progress.new + outcome.new,
            repeated=progress.repeated + outcome.repeated,
            changed=progress.changed + outcome.changed,
            refused=progress.refused + len(outcome.refused) + unreadable,
            waiting=progress.waiting + outcome.waiting,
        )
        moved = _moved(progress, after, name)
        keep(outcome)
        return moved, outcome


def finish(progress: Progress, *, name: str) -> Progress:
    return _moved(progress, replace(progress, is_finished=True), name)


def _moved(before: Progress, after: Progress, name: str) -> Progress:
    if not import_records.move(before, after):
        raise ImportedElsewhere(name)
    return after
