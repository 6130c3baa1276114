"""Lines as tests write them."""

from typing import TypeVar

from consigned_service.operations.core.lines import fields_of

Line = TypeVar("Line", bound=tuple)


def rewritten(line: Line, /, **texts: str) -> Line:
    """The line with other text in some of its fields."""
    fields = {field.name: field for field in fields_of(type(line))}
    values = {
        name: fields[name].type.read(text, name) if text else fields[name].default
        for name, text in texts.items()
    }
    return line._replace(**values)  # type: ignore[attr-defined]
