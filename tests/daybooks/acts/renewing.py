"""Goods that pass to another agreement of the same parties."""

from datetime import date
from typing import Any

from consigned_service.operations.core.lines import written
from consigned_service.operations.inventory import renewals
from consigned_service.queries.settlement import agreements as agreement_queries
from tests.daybooks import words
from tests.daybooks.acts import BY, at

SENTENCES = {
    "renew": [
        "renew[ {item} under] {agreement} to {new_agreement} on {on}[ at {place}][ lot {lot}]"
        "[ in {organization}][ as {reference}][ {without} consent]"
    ],
    "renewals": ["renewals of {agreement}[ seen by {viewer}]"],
}
CONSENT = "Ms Lane of Acme, letter 17"


class Acts:
    def renew(
        self: Any, day: date, item: str, agreement: str, new_agreement: str, on: str, place: str,
        lot: str, organization: str, reference: str, without: str,
    ) -> list[str]:  # fmt: skip
        line = written(renewals.RenewalLine,
            self._reference(reference), agreement, new_agreement, on, "" if without else CONSENT,
            min(on, day.isoformat()), "Mr Reed", item, place, lot,
        )  # fmt: skip
        outcome = renewals.renew_goods(
            organization=self._in(organization), lines=[line], by=BY, at=at(day)
        ).or_raise()
        return [*self._news(outcome), *outcome.notes]

    def renewals(self: Any, day: date, agreement: str, viewer: str) -> list[str]:
        found = agreement_queries.agreement(self._viewer(viewer), agreement, today=day)
        if found is None:
            return words.NOTHING
        return [
            f"{one.reference}: {one.quantity} of {one.item} at {one.organization} passed "
            f"{one.way} {one.other} on {one.happened_on}"
            + (f", {one.taken_back} taken back" if one.taken_back.micros else "")
            + f"; {one.consent}, and {one.agreed_by}, on {one.agreed_on}, told by {one.recorded_by}"
            for one in found.renewals
        ] or words.NOTHING
