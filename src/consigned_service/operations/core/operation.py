"""An operation as every door knows it: what it is called, the lines it takes, and whose it is.

An operation is an act over many lines, asked by keyword: `lines`, and of `organization`, `by`,
`at`, `source`, `again`, `told_by` and `queue_shortages` what it wants to know. The lines say of
themselves what their fields are (fields), so a file, a request and a form are derived from here.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from inspect import signature
from typing import Any, NamedTuple, get_args, get_type_hints

from consigned.measure.identity import OrganizationId
from consigned_service.operations.core import fields
from consigned_service.operations.core.lines import Field, fields_of
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.core.upsert import RecordedBy

ORGANIZATION = "organization"


class Request(NamedTuple):
    """Under which organization lines are recorded, by whom, when, and from which source."""

    organization: OrganizationId
    by: str
    at: datetime
    source: str
    again: bool = False
    """Whether what looks like recorded under another source happened as well."""
    queue_shortages: bool = True
    """Whether what is not on hand waits as an exception, instead of being refused."""

    @property
    def told_by(self) -> RecordedBy:
        return RecordedBy(self.by, self.at)


class Operation:
    """An act that lines are recorded by."""

    def __init__(
        self,
        name: str,
        title: str,
        act: Callable[..., Result],
        *,
        of: str | None = ORGANIZATION,
        right: str,
        whole: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.title = title
        """What it does, as the heading of its form."""
        self.of = tuple((of or "").split())
        """The fields that say whose the act is: who may do it is decided by what they name, all of
        it. None where it concerns the whole installation, or binds several parties."""
        self.right = right
        """The right that it takes to do it."""
        self.whole = whole
        """Lines one after the other that are alike in these fields are recorded together."""
        self._act = act
        self._takes = tuple(name for name in signature(act).parameters if name != "lines")

    def do(self, lines: Sequence[Any], request: Request) -> Result:
        asked = {name: getattr(request, name) for name in self._takes if hasattr(request, name)}
        return self._act(lines=lines, **asked)

    def is_by(self, name: str) -> bool:
        """Whether it is done by the act of this name."""
        return self._act.__name__ == name

    def takes(self, name: str) -> bool:
        """Whether the act wants to know something of a request."""
        return name in self._takes

    @cached_property
    def line(self) -> Any:
        """The class of its lines."""
        return get_args(get_type_hints(self._act)["lines"])[0]

    @property
    def is_of_organization(self) -> bool:
        """Whether it is an act on one organization, whose code stands beside its fields."""
        return self.takes(ORGANIZATION)

    @cached_property
    def columns(self) -> Mapping[str, Field]:
        """All that a line says, by name: what it is of an organization, and its fields."""
        of = Field(ORGANIZATION, fields.ORGANIZATION, fields.ORGANIZATION.says, is_required=True)
        told = (of, *self.fields) if self.is_of_organization else self.fields
        return {field.name: field for field in told}

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        return fields_of(self.line)

    def noun(self, name: str) -> str:
        """What a field names that says whose the act is: party, organization, agreement …"""
        named = self.columns[name].type
        assert isinstance(named, fields.Code), f"{name} of {self.name} names nothing"
        return named.noun

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The columns that every line fills in."""
        return tuple(name for name, field in self.columns.items() if field.is_required)

    @cached_property
    def day(self) -> str:
        """The field with the day on which it happened, if there is one."""
        days = (one.name for one in self.fields if isinstance(one.type, fields.Day))
        return next(days, "")
