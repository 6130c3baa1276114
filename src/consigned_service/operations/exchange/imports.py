"""Bringing a file in, chunk by chunk: each chunk is posted, and the file's progress with it.

What is posted and how far the file has come stand in one transaction. So whenever an import is
stopped, even by a cut of power, the same command goes on where it ended; nothing is lost, nothing
told twice. A file that was finished may be sent again: every line is gone through once more,
those that stand are counted as repeated, and those refused before get another chance.

Refuses: ImportedElsewhere; line by line ToldTwice (from idempotency), and what the act of the kind
refuses.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, NamedTuple

from consigned.master_data.parties import UnknownOrganization
from consigned.measure.identity import OrganizationId
from consigned.measure.refusal import Refusal
from consigned_service.operations.core.idempotency import refuse_twice
from consigned_service.operations.core.outcome import Outcome, Required
from consigned_service.operations.registry import KINDS
from consigned_service.operations.registry.kind import Kind, Telling
from consigned_service.records.exchange import imports as import_records
from consigned_service.records.exchange.imports import Progress
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.sql.transaction import together

__all__ = ["KINDS", "Kind", "Line", "Progress", "begin", "bring_in", "finish", "start_over"]


@dataclass(eq=False)
class ImportedElsewhere(Refusal):
    name: str
    code: ClassVar[str] = "imported-elsewhere"
    remedy: ClassVar[str] = "Let the other import finish, or stop it and start this one again."

    def __str__(self) -> str:
        return f"{self.name} is being imported by another process"


class Line(NamedTuple):
    """A line of a file: the organization it names, and the fields of its act."""

    organization: str
    fields: Any


def begin(kind: Kind, *, name: str, fingerprint: str) -> Progress:
    """How far a file has come before."""
    return import_records.progress(kind.name, name, fingerprint)


def start_over(progress: Progress, *, name: str) -> Progress:
    """Go through a file from its beginning once more."""
    return _moved(
        progress,
        Progress(progress.id, 0, 0, 0, 0, 0, 0, is_finished=False),
        name,
    )


def bring_in(
    kind: Kind,
    progress: Progress,
    lines: Sequence[Line],
    *,
    name: str,
    unreadable: int,
    source: str,
    by: str,
    at: datetime,
    keep: Callable[[Outcome], None],
    first_of: Callable[[Outcome], Mapping[int, int]] = lambda _: {},
    again: bool = False,
) -> tuple[Progress, Outcome]:
    """Tell one chunk of lines, `unreadable` others among them, and write the file's progress.

    `keep` is told what came of them before any of it is certain: what it puts down outside of the
    database is there whenever the progress says so, and may be there sooner. `first_of` finds the
    earlier lines of the file that say the same as repeated ones of this chunk, by their numbers.
    The lines of one organization are told in the order of the file; organizations in one and the
    same order always, so that two imports never wait for each other in a ring.
    """
    with together():
        outcome = _tell(kind, lines, Telling(OrganizationId(0), by, at, source, again))
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


def _tell(kind: Kind, lines: Sequence[Line], told: Telling) -> Outcome:
    outcome = Outcome()
    if not kind.is_of_organization:
        _tell_some(kind, list(range(len(lines))), lines, told, outcome)
        return outcome
    ids = agreement_records.organization_ids({line.organization for line in lines})
    by_organization: dict[OrganizationId, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        if line.organization in ids:
            by_organization[ids[line.organization]].append(index)
        elif line.organization:
            outcome.refuse(index, UnknownOrganization(line.organization))
        else:
            outcome.refuse(index, Required("organization"))
    for organization in sorted(by_organization):
        _tell_some(
            kind,
            by_organization[organization],
            lines,
            told._replace(organization=organization),
            outcome,
        )
    return outcome


def _tell_some(
    kind: Kind, chosen: Sequence[int], lines: Sequence[Line], told: Telling, outcome: Outcome
) -> None:
    """Tell the chosen lines. Where an act refuses them as a whole, each half is told alone, down
    to the line that is at fault."""
    if not chosen:
        return
    try:
        with together():
            part = kind.act([lines[index].fields for index in chosen], told)
    except Refusal as refusal:
        if len(chosen) == 1:
            outcome.refuse(chosen[0], refusal)
            return
        middle = len(chosen) // 2
        _tell_some(kind, chosen[:middle], lines, told, outcome)
        _tell_some(kind, chosen[middle:], lines, told, outcome)
        return
    outcome.new += part.new
    for index in part.again:
        outcome.repeat(chosen[index])
    outcome.changed += part.changed
    outcome.waiting += part.waiting
    outcome.notes += part.notes
    for line in part.refused:
        outcome.refuse(chosen[line.index], line.refusal)
