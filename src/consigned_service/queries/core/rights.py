"""What of the things that lines name is the viewer's own, so that it may record something of it.

A party's own are itself, its organizations, and the advices made to it. To record what happens to
goods, whoever keeps an organization's goods may do so as well.
"""

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from consigned.measure.identity import OrganizationId, PartyId
from consigned_service.queries.core.viewers import Viewer, organization_held_by, own_organization
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.master_data.roles import kept_by
from consigned_service.records.settlement import advices as advice_records

KEEPERS_MAY = frozenset(("receive", "quality", "move", "use", "return", "count"))
"""The rights that whoever keeps an organization's goods has there."""


def organization_for(viewer: Viewer, code: str, right: str) -> OrganizationId | None:
    """An organization that the viewer has a right at; to anybody else it does not exist."""
    if right in KEEPERS_MAY:
        return organization_held_by(viewer, code)
    return own_organization(viewer, code)


class Reach(NamedTuple):
    """The codes of the organizations that are a viewer's own, and of those whose goods it keeps."""

    own: list[str]
    in_custody: list[str]

    def organizations(self, right: str) -> list[str]:
        """Those that the viewer has a right at."""
        return sorted({*self.own, *(self.in_custody if right in KEEPERS_MAY else ())})


def reach_of(viewer: Viewer) -> Reach:
    """Where a viewer may record anything."""
    own = agreement_records.organizations_of(PartyId(viewer.party_id))
    in_custody = kept_by(viewer.party_id)
    codes = agreement_records.organization_codes({*own, *in_custody})
    return Reach([codes[one] for one in own], [codes[one] for one in in_custody])


def own_among(viewer: Viewer, noun: str, numbers: Collection[str]) -> set[str]:
    """Those of the numbers that name something of the viewer's own."""
    return set(numbers) & set(_OWN[noun](viewer, numbers))


def _parties(viewer: Viewer, codes: Collection[str]) -> Collection[str]:
    return (viewer.code,)


def _organizations(viewer: Viewer, codes: Collection[str]) -> Collection[str]:
    holders = agreement_records.holders_of(codes)
    return {code for code, holder in holders.items() if holder == viewer.code}


def _advices(viewer: Viewer, numbers: Collection[str]) -> Collection[str]:
    found = advice_records.read_advices(numbers)
    return {number for number, one in found.items() if one.consignee == viewer.party_id}


_OWN: Mapping[str, Callable[[Viewer, Collection[str]], Collection[str]]] = {
    "party": _parties,
    "organization": _organizations,
    "advice": _advices,
}
