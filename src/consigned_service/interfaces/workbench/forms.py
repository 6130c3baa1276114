"""The form of an operation, from the declaration of its lines: one field for each of theirs.

The form asks, and reads nothing: what is written goes to the operation as text, and what is wrong
of it comes back beside the field.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.text import capfirst

from consigned_service.interfaces.access.recording import Asked
from consigned_service.operations.core import fields as types
from consigned_service.operations.core.lines import Field
from consigned_service.operations.core.operation import ORGANIZATION, Operation
from consigned_service.operations.core.outcome import RefusedLine

BY_HAND = "by hand"
"""The source of what somebody records in a form."""
LONGEST = 4000


class LineForm(forms.Form):
    """One line of an operation; the organization is chosen among the given ones."""

    use_required_attribute = False

    def __init__(
        self, operation: Operation, organizations: Sequence[tuple[str, str]], data: Any = None,
        initial: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, initial=initial)
        self.operation = operation
        if operation.is_of_organization:
            self.fields[ORGANIZATION] = forms.ChoiceField(
                label="Organization", required=False, choices=organizations
            )
        for field in operation.fields:
            self.fields[field.name] = _form_field(field)

    def asked(self, *, is_preview: bool) -> Asked:
        """What is asked to be recorded."""
        self.full_clean()
        line = [self._written(field.name) for field in self.operation.fields]
        return Asked([line], self._written(ORGANIZATION), source=BY_HAND, is_preview=is_preview)

    def _written(self, name: str) -> str:
        return str(self.data.get(name, ""))[:LONGEST]

    def show_refused(self, line: RefusedLine) -> None:
        """Say what is wrong, beside the fields that it is about."""
        for name, refusal in line.wrong_fields or ((None, line.refusal),):
            self.add_error(name, capfirst(refusal.sentence()))


def _form_field(field: Field) -> forms.Field:
    return _FIELDS.get(field.type.shape, _text)(
        field,
        label=capfirst(field.name.replace("_", " ")) + ("" if field.is_required else " (optional)"),
        help_text=capfirst(field.says),
        required=False,
    )


def _text(field: Field, **options: Any) -> forms.Field:
    most = getattr(field.type, "most", None)
    return forms.CharField(
        max_length=most, widget=forms.TextInput(attrs={"autocomplete": "off"}), **options
    )


def _figure(field: Field, **options: Any) -> forms.Field:
    return forms.CharField(
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **options
    )


def _whole(field: Field, **options: Any) -> forms.Field:
    return forms.CharField(
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}), **options
    )


def _day(field: Field, **options: Any) -> forms.Field:
    return forms.CharField(widget=forms.TextInput(attrs={"type": "date"}), **options)


def _time(field: Field, **options: Any) -> forms.Field:
    return forms.CharField(widget=forms.TextInput(attrs={"type": "datetime-local"}), **options)


def _choice(field: Field, **options: Any) -> forms.Field:
    assert isinstance(field.type, types.Choice)
    return _one_of([str(one) for one in field.type.choices], **options)


def _yes_or_no(field: Field, **options: Any) -> forms.Field:
    return _one_of(["yes", "no"], **options)


def _one_of(words: Sequence[str], **options: Any) -> forms.Field:
    return forms.ChoiceField(
        choices=[("", ""), *((word, capfirst(word)) for word in words)], **options
    )


_FIELDS: Mapping[str, Callable[..., forms.Field]] = {
    "figure": _figure,
    "whole": _whole,
    "day": _day,
    "time": _time,
    "choice": _choice,
    "yes-no": _yes_or_no,
}
