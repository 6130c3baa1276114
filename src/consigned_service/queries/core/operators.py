"""The operator of the installation, who may ask on behalf of any party.

Refuses: UnknownParty, NobodyHolds, SeveralHold.
"""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from consigned.master_data.parties import UnknownParty
from consigned.measure.identity import PartyId
from consigned.measure.refusal import Refusal
from consigned_service.queries.core.viewers import Viewer, viewer_of_party
from consigned_service.records.master_data import parties as party_records


@dataclass(eq=False)
class NobodyHolds(Refusal):
    code: ClassVar[str] = "no-organization"
    remedy: ClassVar[str] = "Import parties and organizations first."

    def __str__(self) -> str:
        return "no party has an organization yet"


@dataclass(eq=False)
class SeveralHold(Refusal):
    parties: tuple[str, ...]
    code: ClassVar[str] = "party-required"
    remedy: ClassVar[str] = "Say for which one with --as PARTY."

    def __str__(self) -> str:
        return f"{', '.join(self.parties)} have organizations of their own"


class Operator(NamedTuple):
    """The party the operator asks for, and the organizations it has."""

    viewer: Viewer
    organizations: dict[str, int]

    @property
    def party(self) -> PartyId:
        return PartyId(self.viewer.party_id)


def operator_for(party: str | None) -> Operator:
    """For the party named, or for the only one that has organizations."""
    code = party or _only_holder()
    viewer = viewer_of_party(code)
    if viewer is None:
        raise UnknownParty(code)
    return Operator(viewer, party_records.organization_ids_of(viewer.party_id))


def _only_holder() -> str:
    holders = party_records.parties_with_organizations(limit=4)
    if not holders:
        raise NobodyHolds
    if len(holders) > 1:
        raise SeveralHold(tuple(holders))
    return holders[0]
