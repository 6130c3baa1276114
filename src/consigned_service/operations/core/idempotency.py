"""Telling once: what was told under a reference stays told, and nothing else is told under it.

A reference keeps a fingerprint of what its line said: the typed content of its fields, whatever
the masters that it names are called by then, and without the fields it left empty, so that a
column that comes to be later changes nothing. The same line told again changes nothing and is
judged by nothing that has happened since; another one under the same reference is refused.

Refuses: ReferenceReused, RepeatedInRequest; PeriodClosed, NotYet (from parties).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from consigned.measure.period import Moment
from consigned.measure.refusal import Refusal
from consigned_service.operations.core.lines import fingerprint
from consigned_service.operations.core.outcome import Result
from consigned_service.records.ledger.idempotency import (
    Claim,
    claim,
    keep_told,
    own_source,
    standing,
)
from consigned_service.records.ledger.posting import OpenPosting

Line = TypeVar("Line", bound=tuple)
Value = TypeVar("Value")


@dataclass(eq=False)
class ReferenceReused(Refusal):
    reference: str
    code: ClassVar[str] = "reference-reused"
    remedy: ClassVar[str] = "Give the new line a reference of its own."

    def __str__(self) -> str:
        return f"reference {self.reference} was told before with other content"


def tell_once(
    posting: OpenPosting,
    lines: Iterable[tuple[int, Line]],
    read: Callable[[int, Line], Value],
    outcome: Result,
    *,
    day: str = "",
    is_paperless: bool = False,
) -> list[Value]:
    """Tell lines that have a `reference`, each with its place in what was given; answers what
    those say that were not told before.

    `day` names the field with the day on which it happened, which must be open; without one it
    happens today. `read` understands a line that is new. A line that it refuses tells nothing: its
    reference stays free. Entries that have no paper name their line by its number, the first being
    1, and its reference is kept beside them.
    """
    given: list[tuple[int, Any]] = list(lines)
    source = own_source(posting.cause)
    stands = standing(posting.organization.id, source, {line.reference for _, line in given})
    claims: list[tuple[int, Claim]] = []
    values: list[Value] = []
    for at, line in given:
        try:
            reference = line.reference
            said = fingerprint(line)
            if is_told(reference, said, stands):
                outcome.repeat(at)
                continue
            if day:
                moment: Moment = getattr(line, day)
                happened_on = posting.organization.day_here(moment)
                posting.organization.check_day(happened_on, today=posting.recorded_on)
            value = read(at, line)
        except Refusal as refusal:
            outcome.refuse(at, refusal)
            continue
        stands[reference] = said
        claims.append((at, Claim(reference, said)))
        values.append(value)
    claim(posting, source, [one for _, one in claims])
    if is_paperless:
        keep_told(posting, [(at + 1, one.reference) for at, one in claims])
    return values


def is_told(reference: str, said: int, stands: Mapping[str, int]) -> bool:
    """Whether a line was told before; refused where something else was, under its reference."""
    if reference not in stands:
        return False
    if stands[reference] != said:
        raise ReferenceReused(reference)
    return True


@dataclass(eq=False)
class RepeatedInRequest(Refusal):
    line: int
    code: ClassVar[str] = "repeated-in-request"
    remedy: ClassVar[str] = (
        "Leave it out, or give it a name of its own if it happened as well as the other."
    )

    def __str__(self) -> str:
        return f"it says the same as line {self.line}"


def refuse_twice(outcome: Result, first: Mapping[int, int]) -> None:
    """Refuse the lines that repeat an earlier line of what was given, of which `first` says the
    number: repeated is only what was told before. Twice is a mistake, or happened twice."""
    kept = [index for index in outcome.again if index not in first]
    for index in outcome.again:
        if index in first:
            outcome.refuse(index, RepeatedInRequest(first[index]))
    outcome.again, outcome.repeated = kept, outcome.repeated - len(outcome.again) + len(kept)
