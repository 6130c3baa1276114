"""Roles of parties: in general, under an agreement, or at an organization."""

from collections.abc import Sequence
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

KEEPING = ", ".join(f"'{role}'" for role in sorted(KEEPERS))


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


def kept_by(party: int) -> list[OrganizationId]:
    """The organizations whose goods a party keeps."""
    rows = models.Appointment.objects.filter(party_id=party, role__in=list(map(str, KEEPERS)))
    ids = rows.exclude(organization=0).values_list("organization", flat=True)
    return [OrganizationId(pk) for pk in ids]
