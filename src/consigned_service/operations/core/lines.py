"""Reading written lines into the lines of an act, by the declaration of their fields.

Every wrong field of a line is said at once, each by its name.

Refuses: WrongFields, Required (from outcome); and what the fields' types refuse.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from typing import (
    Annotated,
    Any,
    NamedTuple,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
)

from consigned.measure.refusal import Refusal
from consigned_service.operations.core.fields import FieldType
from consigned_service.operations.core.outcome import Required, Result, WrongField, WrongFields

Line = TypeVar("Line", bound=tuple)


class Field(NamedTuple):
    """A field of a line, as it is declared."""

    name: str
    type: FieldType
    says: str
    """What it holds, in the words of a column's description."""
    is_required: bool
    default: Any = None
    """What it is where nothing is written."""


@cache
def fields_of(line: type) -> tuple[Field, ...]:
    """The fields of a line as its class declares them."""
    hints = get_type_hints(line, include_extras=True)
    defaults: Mapping[str, Any] = line._field_defaults  # type: ignore[attr-defined]
    return tuple(
        _field(name, hints[name], name not in defaults, defaults.get(name))
        for name in line._fields  # type: ignore[attr-defined]
    )


def _field(name: str, hint: Any, is_required: bool, default: Any) -> Field:
    assert get_origin(hint) is Annotated, f"{name} is not declared with a type of field"
    _, type_, *says = get_args(hint)
    assert isinstance(type_, FieldType), f"{name} is not declared with a type of field"
    return Field(name, type_, says[0] if says else type_.says, is_required, default)


def read_line(line: type[Line], written: Sequence[str]) -> Line:
    """A line from the text of its fields, in their order. Blank fields are what they are where
    nothing is said. Refuses what is wrong: one field's refusal, or all of them together."""
    values, wrong = _read(line, written)
    if wrong:
        raise wrong[0].refusal if len(wrong) == 1 else WrongFields(tuple(wrong))
    return line._make(values)  # type: ignore[attr-defined]


def _read(line: type, written: Sequence[str]) -> tuple[list[Any], list[WrongField]]:
    values: list[Any] = []
    wrong: list[WrongField] = []
    for said, field in zip(written, fields_of(line), strict=True):
        value = field.default
        if said and not said.isspace():
            try:
                value = field.type.read(said, field.name)
            except Refusal as refusal:
                wrong.append(WrongField(field.name, refusal))
        elif field.type.may_be_blank:
            value = ""
        elif field.is_required:
            wrong.append(WrongField(field.name, Required(field.name)))
        values.append(value)
    return values, wrong


def written(line: type[Line], /, *fields: str, **named: str) -> Line:
    """A line as somebody writes it, by the order or the names of its fields."""
    texts = dict(zip(line._fields, fields, strict=False)) | named  # type: ignore[attr-defined]
    return read_line(line, [texts.pop(name, "") for name in line._fields])  # type: ignore[attr-defined]


def read_lines(
    line: type[Line], texts: Sequence[Sequence[str]], outcome: Result
) -> tuple[list[int], list[Line]]:
    """Read many lines; one that is wrong is refused in its place. Answers the places of the good
    ones, and them."""
    places: list[int] = []
    lines: list[Line] = []
    for place, fields in enumerate(texts):
        values, wrong = _read(line, fields)
        if not wrong:
            places.append(place)
            lines.append(line._make(values))  # type: ignore[attr-defined]
        elif len(wrong) == 1:
            outcome.refuse(place, wrong[0].refusal, wrong[0].name)
        else:
            outcome.refuse(place, WrongFields(tuple(wrong)))
    return places, lines


def fingerprint(line: Any, named_by: Collection[str] = ("reference",)) -> int:
    """A number for what a line says beside the names that it is recorded under: by the values of
    its fields, however they were written, and without those that say nothing."""
    said = [
        f"{field.name}={value}"
        for field, value in zip(fields_of(line.__class__), line, strict=True)
        if value not in (field.default, "") and field.name not in named_by
    ]
    digest = blake2b("\x1f".join(said).encode(errors="replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
