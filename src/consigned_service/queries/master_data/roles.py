"""Who takes part in the viewer's programmes, and as what (checklist E13, E14)."""

from collections.abc import Iterable
from typing import NamedTuple

from consigned.master_data.roles import Role
from consigned_service.queries.core.question import Question
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.sql import bulk
from consigned_service.records.sql.select import Listing, Where


class PartyRole(NamedTuple):
    party: str
    party_name: str
    role: Role
    agreement: str | None
    organization: str | None


ROLES = Listing(
    PartyRole,
    {
        "party": "w.code",
        "party_name": "w.name",
        "role": "x.role",
        "agreement": "a.number",
        "organization": "o.code",
    },
    "appointment x JOIN party w ON w.id = x.party_id LEFT JOIN agreement a ON a.id = x.agreement "
    "LEFT JOIN organization o ON o.id = x.organization",
)
SEEN = (
    "x.party_id = %s OR a.consignor_id = %s OR a.consignee_id = %s OR o.party_id = %s "
    "OR (x.agreement = 0 AND x.organization = 0 AND x.party_id IN ("
    "SELECT consignor_id FROM agreement WHERE consignee_id = %s UNION "
    "SELECT consignee_id FROM agreement WHERE consignor_id = %s))"
)


def roles(viewer: Viewer) -> list[PartyRole]:
    """The viewer's own roles, those of its partners, and all in its programmes."""
    where = Where().also(SEEN, *[viewer.party_id] * 6)
    # sorted here, because databases put what is not there first or last as they like
    return sorted(
        ROLES.read(where),
        key=lambda row: (row.party_name, row.role, row.agreement or "", row.organization or ""),
    )


ROLE_LIST = Question(
    "roles",
    "List roles of parties: in general, under agreements, and at organizations.",
    roles, "role",
    (

    ),
)  # fmt: skip


def third_parties(viewer: Viewer, agreements: Iterable[str]) -> list[PartyRole]:
    """Whom the papers of some agreements name beside their two parties; of agreements that the
    viewer takes part in."""
    seen = {role.agreement for role in roles(viewer)}
    numbers = sorted(bulk.writable(agreements))
    marks = ", ".join(["%s"] * len(numbers)) or "NULL"
    where = Where().also(f"a.number IN ({marks})", *numbers)
    where.also("x.party_id NOT IN (a.consignor_id, a.consignee_id)")
    return [row for row in ROLES.read(where, order=("party_name", "role")) if row.agreement in seen]
