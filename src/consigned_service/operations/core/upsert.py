"""Telling many lines to a register (parties, items, agreements, orders …) at once.

A line whose key is not known is new. One whose key is known is repeated if it says the same; if
it says otherwise it is refused, because other papers already rest on what stands. Some fields, a
name above all, may be told anew: then the line has changed something, and each field is kept with
what it was and what it is, by whom and when.

Refuses: Differs.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, Protocol, TypeVar, cast

from consigned.measure.refusal import Refusal
from consigned_service.operations.core.outcome import Differs, Result
from consigned_service.records.master_data import changes as change_records
from consigned_service.records.master_data.changes import Change, Master
from consigned_service.records.sql.transaction import together

Key = TypeVar("Key")
Line = TypeVar("Line", bound=tuple)
Value = TypeVar("Value", bound="Fields")


class Fields(Protocol):
    """A NamedTuple: it knows the names of its fields."""

    @property
    def _fields(self) -> tuple[str, ...]: ...


class RecordedBy(NamedTuple):
    """By whom something is told, and when."""

    by: str
    at: datetime


class Told(NamedTuple, Generic[Value]):
    """A line as it was understood, and its place in what was given."""

    at: int
    value: Value


def read_lines(
    lines: Sequence[Line], read: Callable[[Line], Value], outcome: Result
) -> list[Told[Value]]:
    """Understand each line; one that cannot be understood is refused in its place."""
    told = []
    for index, line in enumerate(lines):
        try:
            told.append(Told(index, read(line)))
        except Refusal as refusal:
            outcome.refuse(index, refusal)
    return told


def tell(
    told: Sequence[Told[Value]],
    outcome: Result,
    *,
    key: Callable[[Value], Key],
    add: Callable[[Sequence[Value]], Collection[Key]],
    standing: Callable[[Iterable[Key]], Mapping[Key, Value]],
    settle: Callable[[Value, Value], Value],
    correct: Callable[[Sequence[Value]], None] | None = None,
    complete: Callable[[Value], Value] = lambda said: said,
    master: Callable[[Value], Master] | None = None,
    show: Mapping[str, Callable[[Any], str]] = MappingProxyType({}),
    told_by: RecordedBy | None = None,
) -> None:
    """Put what was told into a register, in one transaction.

    `add` inserts what is not there yet and answers its keys; `standing` reads what is there under
    some keys; `settle(stands, said)` answers what shall stand, or refuses; `complete` says of a new
    one what its line leaves unsaid. Where something may be told anew, `correct` writes it, and
    `master` names what was changed, for its history; somebody must have told it.
    """
    first: dict[Key, Told[Value]] = {}
    for line in told:
        first.setdefault(key(line.value), line)
    with together():
        new = add([complete(line.value) for line in first.values()])
        stands = {name: complete(first[name].value) for name in new}
        stands |= standing([name for name in first if name not in stands])
        corrected: dict[Key, Value] = {}
        changes: list[Change] = []
        for line in told:
            name = key(line.value)
            if name in new and first[name] is line:
                outcome.new += 1
                continue
            try:
                settled = settle(stands[name], line.value)
            except Refusal as refusal:
                outcome.refuse(line.at, refusal)
                continue
            if settled == stands[name]:
                outcome.repeat(line.at)
                continue
            outcome.changed += 1
            if master:
                changes += _changes(master(settled), stands[name], settled, show)
            stands[name] = corrected[name] = settled
        if corrected and correct:
            correct(list(corrected.values()))
        if changes:
            assert told_by, "a change is kept with who told it"
            change_records.add_changes(changes, by=told_by.by, at=told_by.at)


def _changes(
    master: Master, before: Value, after: Value, show: Mapping[str, Callable[[Any], str]]
) -> Iterator[Change]:
    """The fields that differ, each with what it was and what it is, in words."""
    for field in after._fields:
        was, became = getattr(before, field), getattr(after, field)
        if was != became:
            said = show.get(field, _written)
            yield Change(master, field.removeprefix("is_"), said(was), said(became))


def _written(value: object) -> str:
    """A value as a column of a file says it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def settle_fields(
    what: str,
    number: str,
    stands: Value,
    said: Value,
    *,
    may_change: Collection[str] = (),
    show: Mapping[str, Callable[[Any], str]] | None = None,
    instead: Mapping[str, str] = MappingProxyType({}),
) -> Value:
    """What shall stand: what was said, if it differs only where it may. Otherwise the first
    difference is the refusal, with what changes such a field instead. Nothing said where something
    stands leaves it."""
    settled: Any = said
    for field in said._fields:
        before, now = getattr(stands, field), getattr(said, field)
        if field in may_change:
            settled = settled._replace(**{field: before if now in ("", None) else now})
        elif before != now:
            shown = (show or {}).get(field, _shown)
            raise Differs(
                what, number, field.replace("_", " "), shown(before), shown(now),
                instead.get(field, ""),
            )  # fmt: skip
    return cast(Value, settled)


def leave_unsaid(stands: Value, said: Value) -> Value:
    """What was said, with what stands wherever nothing was said."""
    unsaid: Any = {
        field: getattr(stands, field)
        for field in said._fields
        if getattr(said, field) in ("", None)
    }
    completed: Any = said
    return cast(Value, completed._replace(**unsaid))


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "nothing" if value in (None, "") else str(value)
