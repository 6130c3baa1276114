"""Filters of a list. They live in the address, so that a view can be kept and sent on."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpRequest

from consigned_service.interfaces.workbench import labels as words
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.master_data import parties
from consigned_service.queries.master_data.parties import Organization


class Filters(forms.Form):
    """A form of filters; what is not understood is said beside its field and filters nothing."""

    use_required_attribute = False

    def __init__(self, request: HttpRequest, **choices: Iterable[tuple[str, str]]) -> None:
        super().__init__(request.GET or None, auto_id="filter_%s")
        self.sort = request.GET.getlist("sort")
        for name, chosen_from in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [*field.choices, *chosen_from]  # type: ignore[misc]
            if isinstance(field, PartnerField):
                field.name_where_many()
        if self.is_bound:
            self.is_valid()

    def asked(self, name: str) -> Any:
        """What the address asks for, or None where it asks nothing that we understand."""
        cleaned: dict[str, Any] = getattr(self, "cleaned_data", {})
        return cleaned.get(name) or None

    @property
    def shown(self) -> list[forms.BoundField]:
        return [field for field in self if self._is_shown(field)]

    def _is_shown(self, field: forms.BoundField) -> bool:
        return "data-given" not in field.field.widget.attrs or bool(self.asked(field.name))

    @property
    def is_active(self) -> bool:
        return any(self.asked(name) for name in self.fields)


MOST_CHOICES = 100
"""Of so many partners one is chosen from a list; of more, one is named by its code."""


class PartnerField(forms.ChoiceField):
    """One of the viewer's partners. A list of thousands helps nobody and makes up most of
    the page: where there are so many, the partner's code is asked for."""

    is_named = False

    def name_where_many(self) -> None:
        self.is_named = len(self.choices) > MOST_CHOICES + 1  # type: ignore[arg-type]
        if self.is_named:
            self.widget = forms.TextInput(attrs={"autocomplete": "off", "placeholder": "Code"})

    def valid_value(self, value: str) -> bool:
        return self.is_named or super().valid_value(value)


def partner(label: str) -> PartnerField:
    return PartnerField(label=label, required=False, choices=[("", "All")])


def choice(label: str, blank: str = "All") -> forms.ChoiceField:
    """One of several, which are known when the page is asked for; `blank` is what nothing means."""
    return forms.ChoiceField(label=label, required=False, choices=[("", blank)])


def search(label: str = "Search") -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )  # fmt: skip


def day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


def code() -> forms.CharField:
    """A filter that other pages lead to, and that is shown where it is set."""
    return forms.CharField(
        required=False, max_length=120, widget=forms.TextInput(attrs={"data-given": "yes"})
    )


def of_consignors(viewer: Viewer) -> list[tuple[str, str]]:
    return _of_partners(parties.consignors(viewer, limit=MOST_CHOICES + 1))


def of_consignees(viewer: Viewer) -> list[tuple[str, str]]:
    return _of_partners(parties.consignees(viewer, limit=MOST_CHOICES + 1))


def _of_partners(partners: Iterable[parties.Partner]) -> list[tuple[str, str]]:
    return [(partner.code, partner.name) for partner in partners]


def of_organizations(
    organizations: Iterable[Organization], own: bool | None = None
) -> list[tuple[str, str]]:
    return [
        (one.code, f"{one.code} · {one.name}")
        for one in organizations
        if own is None or one.is_own is own
    ]


def of_words(
    said: dict[str, str] | Any, codes: Iterable[str] | None = None
) -> list[tuple[str, str]]:
    return [(code, words.say(code, said)) for code in codes or said]
