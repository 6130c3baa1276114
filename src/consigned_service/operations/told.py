"""Telling acts once that have no paper of their own: a reference keeps what was said under it.

The reference of a line is claimed for a number made of what the line says, so that the same line
told again changes nothing, and another one under the same reference is refused.

Refuses: ReferenceReused; PeriodClosed, NotYet (from parties).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import ClassVar, Generic, NamedTuple, TypeVar

from consigned.measure.refusal import Refusal
from consigned_service.operations.lines import Outcome
from consigned_service.records.ledger import OpenPosting
from consigned_service.records.told import Said, claim, keep_told, of_act, standing_keys

Value = TypeVar("Value")


@dataclass(eq=False)
class ReferenceReused(Refusal):
    reference: str
    code: ClassVar[str] = "reference-reused"
    remedy: ClassVar[str] = "Give the new line a reference of its own."

    def __str__(self) -> str:
        return f"reference {self.reference} was told before with other content"


class Told(NamedTuple, Generic[Value]):
    """A line as it was understood: its place in what was given, its reference, the day on which
    it happened, all that it says, and what it is understood as."""

    at: int
    reference: str
    happened_on: date
    says: tuple[object, ...]
    value: Value
    line: int | None = None
    """The line that its entries name within the posting; None where they name a paper."""


def tell_once(posting: OpenPosting, lines: Iterable[Told[Value]], outcome: Outcome) -> list[Value]:
    """Claim the references of lines; answers what those say that were not told before."""
    told = list(lines)
    source = of_act(posting.cause)
    standing = standing_keys(posting.organization.id, source, {line.reference for line in told})
    new: dict[str, Told[Value]] = {}
    for line in told:
        said = _as_number(line.says)
        try:
            if line.reference not in standing:
                posting.organization.check_day(line.happened_on, today=posting.recorded_on)
                standing[line.reference] = said
                new[line.reference] = line
            elif standing[line.reference] == said:
                outcome.repeated += 1
            else:
                raise ReferenceReused(line.reference)
        except Refusal as refusal:
            outcome.refuse(line.at, refusal)
    claim(posting, source, [(reference, standing[reference]) for reference in new])
    keep_told(posting, [(one.line, one.reference) for one in new.values() if one.line])
    return [one.value for one in new.values()]


def _as_number(says: tuple[object, ...]) -> Said:
    said = repr(tuple(map(str, says)))
    return Said(int.from_bytes(blake2b(said.encode(), digest_size=8).digest(), "big") >> 1)
