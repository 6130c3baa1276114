"""Roles of parties: in general, under an agreement, or at an organization."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from consigned.master_data.roles import KEEPERS
from consigned.measure.identity import OrganizationId
from consigned_service.records import models
from consigned_service.records.master_data.agreements import (
    agreement_ids,
    organization_ids,
    party_ids,
)
from consigned_service.records.sql import bulk
from consigned_service.records.sql.bulk import Column
from consigned_service.records.sql.select import Listing, Where


class RoleRow(NamedTuple):
    party: str
    role: str
    agreement: str
    organization: str


APPOINTMENT = (
    Column("party_id"), Column("role", "text"), Column("agreement"), Column("organization"),
)  # fmt: skip


def add_roles(rows: Sequence[RoleRow]) -> set[RoleRow]:
    """Insert the roles that are not there yet; answers them."""
    parties = party_ids({row.party for row in rows})
    agreements = {"": 0, **agreement_ids({row.agreement for row in rows})}
    organizations = {"": 0, **organization_ids({row.organization for row in rows})}
    keyed = {
        (parties[row.party], row.role, agreements[row.agreement], organizations[row.organization]):
        row
        for row in rows
    }  # fmt: skip
    names = tuple(column.name for column in APPOINTMENT)
    added = bulk.upsert(
        "appointment", APPOINTMENT, list(keyed), key=names, update=None, returning=names
    )
    return {keyed[tuple(key)] for key in added}


def is_kept_by(organization: OrganizationId, party: int) -> bool:
    """Whether a party keeps the goods of an organization."""
    rows = models.Appointment.objects.filter(party_id=party, organization=organization)
    return rows.filter(role__in=list(map(str, KEEPERS))).exists()


class SeenRole(NamedTuple):
    party: str
    party_name: str
    role: str
    agreement: str | None
    organization: str | None


ROLES = Listing(
    SeenRole,
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


def read_roles(party: int) -> list[SeenRole]:
    """The roles that a party may know of: its own, its partners', and those of its programmes."""
    where = Where().also(SEEN, *[party] * 6)
    # sorted here, because databases put what is not there first or last as they like
    return sorted(
        ROLES.read(where),
        key=lambda row: (row.party_name, row.role, row.agreement or "", row.organization or ""),
    )


def read_third_parties(agreements: Iterable[str]) -> list[SeenRole]:
    """Who takes part in some agreements beside their two parties."""
    numbers = sorted(bulk.writable(agreements))
    marks = ", ".join(["%s"] * len(numbers)) or "NULL"
    where = Where().also(f"a.number IN ({marks})", *numbers)
    where.also("x.party_id NOT IN (a.consignor_id, a.consignee_id)")
    return ROLES.read(where, order=("party_name", "role"))
