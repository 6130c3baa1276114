"""What every act over many lines answers, and how written fields are read.

The good lines are done, each bad one is refused with its reason, and none is lost; an act asked
for one thing only raises that one refusal.

Refuses: InvalidText, Required, InvalidChoice, InvalidNumber, WrongFields.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple, TypeVar

from consigned.measure.refusal import Refusal

Choice = TypeVar("Choice", bound=str)
Line = TypeVar("Line")


@dataclass(eq=False)
class InvalidText(Refusal):
    name: str
    said: str
    most: int
    code: ClassVar[str] = "invalid-text"

    def __str__(self) -> str:
        return f"{self.name} {self.said[:40]!r} is not up to {self.most} printable characters"


@dataclass(eq=False)
class Required(Refusal):
    name: str
    code: ClassVar[str] = "required"

    def __str__(self) -> str:
        return f"{self.name} is empty"


@dataclass(eq=False)
class InvalidChoice(Refusal):
    name: str
    said: str
    choices: tuple[str, ...]
    code: ClassVar[str] = "invalid-choice"

    def __str__(self) -> str:
        return f"{self.name} {self.said!r} is none of {', '.join(self.choices)}"


@dataclass(eq=False)
class InvalidNumber(Refusal):
    name: str
    said: str
    least: int
    most: int
    code: ClassVar[str] = "invalid-number"

    def __str__(self) -> str:
        return (
            f"{self.name} {self.said[:40]!r} is not a whole number from {self.least} to {self.most}"
        )


@dataclass(eq=False)
class Differs(Refusal):
    """The same number told again with other content."""

    what: str
    number: str
    name: str
    stands: str
    said: str
    instead: str = ""
    """What changes such a field, where something does."""
    code: ClassVar[str] = "differs"
    remedy: ClassVar[str] = "Nothing is edited: give the new fact a number of its own."

    def __str__(self) -> str:
        return f"{self.what} {self.number} stands with {self.name} {self.stands}, not {self.said}"

    def sentence(self) -> str:
        return f"{self}. {self.instead or self.remedy}"


@dataclass(eq=False)
class Incomplete(Refusal):
    """A line of a document that is taken whole, of which another line was refused."""

    what: str
    number: str
    code: ClassVar[str] = "incomplete"

    def __str__(self) -> str:
        return f"another line of {self.what} {self.number} was refused, and it is taken whole"

    def sentence(self) -> str:
        return f"{self}. Correct that line and send all lines of the {self.what} together."


class WrongField(NamedTuple):
    name: str
    refusal: Refusal


@dataclass(eq=False)
class WrongFields(Refusal):
    """Several fields of one line are wrong."""

    wrong: tuple[WrongField, ...]
    code: ClassVar[str] = "wrong-fields"

    def __str__(self) -> str:
        return "; ".join(f"{name}: {refusal}" for name, refusal in self.wrong)


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """The place of a line in what was given, why it was not done, and the field that is at fault,
    where it is known to be one."""

    index: int
    refusal: Refusal
    field: str = ""

    @property
    def wrong_fields(self) -> tuple[WrongField, ...]:
        """Each field that is at fault, where they are known."""
        if isinstance(self.refusal, WrongFields):
            return self.refusal.wrong
        return (WrongField(self.field, self.refusal),) if self.field else ()


@dataclass
class Result:
    """What came of many lines: every line is new, changed, repeated or refused."""

    new: int = 0
    repeated: int = 0
    changed: int = 0
    """Told before, and told otherwise where that may be: what was and what is are both kept."""
    refused: list[RefusedLine] = field(default_factory=list)
    waiting: int = 0
    """Of the new lines: exceptions that were opened and wait (decisions 0061, 0062)."""
    notes: list[str] = field(default_factory=list)
    """What was done otherwise than one might expect, and why."""
    again: list[int] = field(default_factory=list)
    """The places of the repeated lines in what was given."""

    def repeat(self, index: int) -> None:
        self.repeated += 1
        self.again.append(index)

    def refuse(self, index: int, refusal: Refusal, field: str = "") -> None:
        self.refused.append(RefusedLine(index, refusal, field))

    def add(self, part: "Result", places: Sequence[int]) -> None:
        """Take over what came of some of the lines, which stand at these places among all."""
        self.new += part.new
        self.changed += part.changed
        self.waiting += part.waiting
        self.notes += part.notes
        for index in part.again:
            self.repeat(places[index])
        for line in part.refused:
            self.refuse(places[line.index], line.refusal, line.field)

    def or_raise(self) -> "Result":
        """For an act on one thing: its refusal is the answer."""
        if self.refused:
            raise self.refused[0].refusal
        return self


def one_by_one(lines: Iterable[Line], do: Callable[[Line, Result], bool]) -> Result:
    """Tell lines each by itself, in a transaction of its own; `do` answers whether one is new."""
    outcome = Result()
    for index, line in enumerate(lines):
        try:
            if do(line, outcome):
                outcome.new += 1
            else:
                outcome.repeat(index)
        except Refusal as refusal:
            outcome.refuse(index, refusal)
    return outcome


def text(said: str, name: str, most: int = 120) -> str:
    """A written field that may be empty: printable, and not longer than it can be kept."""
    said = said.strip()
    if len(said) > most or not said.isprintable():
        raise InvalidText(name, said, most)
    return said


def required(said: str, name: str, most: int = 120) -> str:
    """A written field that must be there."""
    said = text(said, name, most)
    if not said:
        raise Required(name)
    return said


def one_of(said: str, choices: Iterable[Choice], name: str) -> Choice:
    """One of the words that are known."""
    said = said.strip().lower().replace("_", "-").replace(" ", "-")
    known = list(choices)
    for choice in known:
        if said == choice:
            return choice
    raise InvalidChoice(name, said, tuple(map(str, known)))


def yes_or_no(said: str, name: str) -> bool:
    answers = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    said = said.strip().lower()
    if said not in answers:
        raise InvalidChoice(name, said, ("yes", "no"))
    return answers[said]


def whole_number(said: str, name: str, *, least: int, most: int) -> int:
    """A written whole number within bounds: a line, a number of days."""
    digits = said.strip()
    if digits.isascii() and digits.isdigit() and len(digits) < 12 and least <= int(digits) <= most:
        return int(digits)
    raise InvalidNumber(name, said, least, most)
