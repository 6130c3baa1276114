"""A question whose answer is a list, as every door asks it.

A question is a function of the viewer that answers rows of one shape. Its keywords that are
declared with a Filter narrow the list; `today`, `order`, `limit` and `offset` mean what they say.
From the function and from the few words that are said here derive the command with its options,
its table and its JSON, and the address for programs with its parameters and its schema.

    def holds(viewer: Viewer, *, item: Annotated[str | None, Filter("only of this item")] = None)
        -> list[Hold]: ...

    HOLDS = Question("holds", "Show which goods are held, and why", holds, "reason",
                     ("organization", ("Why", "kind"), "item", "quantity"))
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import cached_property
from operator import attrgetter
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

from consigned_service.queries.core.figures import Page
from consigned_service.queries.core.viewers import Viewer


class Filter(NamedTuple):
    """How a list is narrowed: what for, and what stands for its value."""

    says: str
    metavar: str = "CODE"
    called: str = ""
    """What it is called at the doors, where that is not the keyword's name."""


class Narrowing(NamedTuple):
    """A filter of a question, by the name of its keyword."""

    name: str
    type: type
    """str, date, bool, int, or a StrEnum of which it is one."""
    says: str
    metavar: str
    called: str
    """What it is called at the doors."""


class ShownColumn(NamedTuple):
    """A column that people are shown: its heading, and what of a row stands in it."""

    title: str
    read: Callable[[Any], object]


Shown = str | tuple[str, str | Callable[[Any], object]]
"""A field that people are shown, under its own name or another heading, or what is made of it."""


class Question:
    """A list that can be asked for."""

    def __init__(
        self,
        name: str,
        says: str,
        ask: Callable[..., Any],
        row: str,
        shown: Sequence[Shown],
        *,
        rows: str = "",
        lead: str = "",
        sums: str = "",
    ) -> None:
        self.name = name
        self.says = says
        """What it answers; its first sentence stands in the list of commands."""
        self.ask = ask
        self.row = row
        """What one row is called, and several where it is not with an s."""
        self.rows = rows or f"{row}s"
        self.lead = lead
        """What stands before the number of rows, as Listed."""
        self.sums = sums
        """The field whose amounts are summed, if any is."""
        self.shown = [_column(one) for one in shown]

    @cached_property
    def _hints(self) -> Mapping[str, Any]:
        return get_type_hints(self.ask, include_extras=True)

    @cached_property
    def shape(self) -> Any:
        """The shape of a row."""
        answer = self._hints["return"]
        assert get_origin(answer) in (list, Page), f"{self.name} answers no rows"
        return get_args(answer)[0]

    @cached_property
    def filters(self) -> list[Narrowing]:
        return [
            _narrowing(name, hint)
            for name, hint in self._hints.items()
            if get_origin(hint) is Annotated
        ]

    @property
    def is_paged(self) -> bool:
        """Whether a part of it can be read by itself."""
        return "offset" in self._hints

    def answer(
        self,
        viewer: Viewer,
        asked: Mapping[str, Any],
        *,
        today: date,
        limit: int | None,
        offset: int = 0,
    ) -> Page[Any]:
        """So many rows of the list, and how many there are."""
        words = {name: value for name, value in asked.items() if value is not None}
        if "today" in self._hints:
            words["today"] = today
        if self.is_paged:
            found: Page[Any] = self.ask(viewer, **words, limit=limit, offset=offset)
            return found
        rows = self.ask(viewer, **words)
        return Page(rows[offset:][:limit], len(rows))


def _column(said: Shown) -> ShownColumn:
    if isinstance(said, str):
        title = said.removeprefix("is_").removesuffix("_name").replace("_", " ").capitalize()
        return ShownColumn(title, attrgetter(said))
    title, read = said
    return ShownColumn(title, attrgetter(read) if isinstance(read, str) else read)


def _narrowing(name: str, hint: Any) -> Narrowing:
    bare, filter_ = get_args(hint)
    kinds = [kind for kind in get_args(bare) or (bare,) if kind is not type(None)]
    kind = next(kind for kind in kinds if kind in (str, date, bool, int) or _is_words(kind))
    return Narrowing(name, kind, filter_.says, filter_.metavar, filter_.called or name)


def _is_words(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, StrEnum)


OfOrganization = Annotated[str | None, Filter("only of this organization")]
OfItem = Annotated[str | None, Filter("only of this item")]
OfLot = Annotated[str | None, Filter("only of this lot", "LOT")]
OfAgreement = Annotated[str | None, Filter("only under this agreement", "NUMBER")]
OfConsignor = Annotated[str | None, Filter("only of this consignor")]
OfConsignee = Annotated[str | None, Filter("only of this consignee")]
OfAdvice = Annotated[str | None, Filter("only for this advice", "NUMBER")]
