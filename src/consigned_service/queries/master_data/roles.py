"""Who takes part in the viewer's programmes, and as what (checklist E13, E14)."""

from collections.abc import Iterable
from typing import NamedTuple

from consigned.master_data.roles import Role
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.master_data import roles as role_records
from consigned_service.records.master_data.roles import SeenRole


class PartyRole(NamedTuple):
    party: str
    party_name: str
    role: Role
    agreement: str | None
    organization: str | None


def roles(viewer: Viewer) -> list[PartyRole]:
    """The viewer's own roles, those of its partners, and all in its programmes."""
    return [_role(row) for row in role_records.read_roles(viewer.party_id)]


def third_parties(viewer: Viewer, agreements: Iterable[str]) -> list[PartyRole]:
    """Whom the papers of some agreements name beside their two parties; of agreements that the
    viewer takes part in."""
    seen = {role.agreement for role in role_records.read_roles(viewer.party_id)}
    rows = role_records.read_third_parties(agreements)
    return [_role(row) for row in rows if row.agreement in seen]


def _role(row: SeenRole) -> PartyRole:
    return PartyRole(row.party, row.party_name, Role(row.role), row.agreement, row.organization)
