"""Making the database of an installation."""

from dataclasses import dataclass
from typing import ClassVar

from consigned.measure.refusal import Refusal
from consigned_service.records.installation import schema


@dataclass(eq=False)
class NewerDatabase(Refusal):
    """An older program would misread what a newer one wrote."""

    step: str
    code: ClassVar[str] = "newer-database"
    remedy: ClassVar[str] = "Use the version that made it, or a newer one."

    def __str__(self) -> str:
        return f"the database was made by a newer version: {self.step} is not known here"


@dataclass(eq=False)
class UnfitDatabase(Refusal):
    """The list of steps has it that a database is ready, but its tables are different."""

    difference: str
    how_many: int
    code: ClassVar[str] = "unfit-database"
    remedy: ClassVar[str] = (
        "It was changed by hand, or made by a version before the first release: restore a backup, "
        "or make a new database."
    )

    def __str__(self) -> str:
        more = f", and {self.how_many - 1:,} more" if self.how_many > 1 else ""
        return f"the database does not fit this version: {self.difference}{more}"


def prepare() -> int:
    """Make the database, or bring it up to this version; answers how many steps that took. Refuses
    one that a newer version made, and one whose tables are not what this version expects."""
    _refuse_newer(schema.steps())
    steps = schema.migrate()
    if found := schema.differences():
        raise UnfitDatabase(found[0], len(found))
    return steps


def is_prepared() -> bool:
    """Whether a database is up to this version. Refuses one that a newer version made."""
    steps = schema.steps()
    _refuse_newer(steps)
    return not steps.pending


def _refuse_newer(steps: schema.Steps) -> None:
    if steps.unknown:
        raise NewerDatabase(steps.unknown[0])
