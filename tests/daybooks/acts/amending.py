"""Agreements that are amended from a day on, and that end before their day."""

from datetime import date
from typing import Any

from consigned_service.operations.core.lines import written
from consigned_service.operations.master_data import amendments
from consigned_service.queries.settlement import agreements as agreement_queries
from tests.daybooks import words
from tests.daybooks.acts import BY, at

SENTENCES = {
    "amend": ["amend {agreement} from {starts_on} as {reference}: {terms*}"],
    "end": ["end {agreement} on {ends_on} as {reference}"],
    "amendments": ["amendments of {agreement}[ seen by {viewer}]"],
    "term": ["term {name} of {agreement}"],
}
CONSENT = "Ms Lane of Acme by mail"


class Acts:
    def amend(
        self: Any, day: date, agreement: str, starts_on: str, reference: str, terms: str
    ) -> list[str]:
        """Terms as in 'frequency monthly, first closing on 2026-04-30'."""
        said = {}
        for term in terms.split(", "):
            *name, value = term.split()
            said["_".join(name)] = value
        known = amendments.AmendmentLine._fields
        if unknown := set(said) - set(known):
            return [f"no column of an amendment: {', '.join(unknown)}"]
        line = written(amendments.AmendmentLine, agreement, reference, starts_on, CONSENT, **said)
        outcome = amendments.amend_agreements(lines=[line], by=BY, at=at(day)).or_raise()
        return words.NOTHING_CHANGES if outcome.repeated else ["done"]

    def end(self: Any, day: date, agreement: str, ends_on: str, reference: str) -> list[str]:
        line = written(amendments.AgreementEndLine, agreement, reference, ends_on, CONSENT)
        outcome = amendments.end_agreements(lines=[line], by=BY, at=at(day)).or_raise()
        return words.NOTHING_CHANGES if outcome.repeated else ["done", *outcome.notes]

    def amendments(self: Any, day: date, agreement: str, viewer: str) -> list[str]:
        found = agreement_queries.agreement(self._viewer(viewer), agreement, today=day)
        return [
            f"{one.reference} from {one.starts_on}: {one.title.lower()} was {one.was}, becomes "
            f"{one.becomes}; {one.consent}, told by {one.recorded_by} on {one.recorded_at:%Y-%m-%d}"
            for one in found.amendments
        ] or words.NOTHING

    def term(self: Any, day: date, name: str, agreement: str) -> list[str]:
        found = agreement_queries.agreement(self._viewer(""), agreement, today=day)
        return [
            f"{term.title}: {term.value}" + (f", since {term.since}" if term.since else "")
            for term in found.terms
            if term.name == name
        ]
