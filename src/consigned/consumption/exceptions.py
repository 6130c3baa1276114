"""What waits, and how its waiting ends: nothing that was reported is lost without a word.

A rest that could not be posted, because it was told wrong, is closed with a reason, or a corrected
line stands in its place. Goods whose title has passed are owed for: what waits for their price is
neither closed nor replaced. It gets a price or an agreement, or the use is voided.

Refuses: UnknownException, WaitsNoMore, TitleHasPassed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, NamedTuple

from consigned.measure.refusal import Refusal


class Ending(StrEnum):
    """How the waiting of an exception ended."""

    TAKEN_UP = "taken-up"
    """It could be posted or charged; what is missing still waits as a new one."""
    WAITS_ANEW = "waits-anew"
    """It waits for something else now, as a new one."""
    WENT_BACK = "went-back"
    """The goods went back before they had a price; a rest of them waits as a new one."""
    VOIDED = "voided"
    """The use that it was of never happened, wholly or in part; a rest waits as a new one."""
    CLOSED = "closed"
    """A person closed it with a reason: nothing of it is posted."""
    REPLACED = "replaced"
    """A corrected line stands in its place."""


ENDED: Mapping[str, str] = {
    Ending.TAKEN_UP: "it was taken up",
    Ending.WAITS_ANEW: "it waits for something else, under another number",
    Ending.WENT_BACK: "the goods went back",
    Ending.VOIDED: "the use was voided",
    Ending.CLOSED: "it was closed",
    Ending.REPLACED: "a corrected line stands in its place",
}


class Named(NamedTuple):
    """An exception that somebody names: what of it waits, or how that ended."""

    number: int
    quantity: int
    consumption: int | None
    has_passed: bool
    """Whether title has passed, and only its price is not known."""
    how: str | None
    ended_on: date | None
    because: str | None

    def check_can_end(self) -> None:
        """Refuses what waits no more, and what is owed for."""
        if self.how is not None and self.ended_on is not None:
            raise WaitsNoMore(self.number, self.how, self.ended_on)
        if self.has_passed:
            raise TitleHasPassed(self.number)


@dataclass(eq=False)
class UnknownException(Refusal):
    number: int
    organization: str
    code: ClassVar[str] = "unknown-exception"
    remedy: ClassVar[str] = "The numbers of what waits are told by consigned exceptions."

    def __str__(self) -> str:
        return f"{self.organization} has no exception {self.number}"


@dataclass(eq=False)
class WaitsNoMore(Refusal):
    number: int
    how: str
    ended_on: date
    code: ClassVar[str] = "waits-no-more"

    def __str__(self) -> str:
        return f"exception {self.number} ended on {self.ended_on}: {ENDED.get(self.how, self.how)}"


@dataclass(eq=False)
class TitleHasPassed(Refusal):
    number: int
    code: ClassVar[str] = "title-has-passed"
    remedy: ClassVar[str] = (
        "Add a price or an agreement that holds on that day, or void the use if it never happened."
    )

    def __str__(self) -> str:
        return f"exception {self.number} is of goods whose title has passed, and which are owed for"
