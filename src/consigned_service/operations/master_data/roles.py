"""Roles: who takes part in programmes, as what, under which agreement or at which organization.

Refuses: UnknownParty, UnknownAgreement, UnknownOrganization; what a field may not say.
"""

from collections.abc import Container, Iterable, Sequence
from functools import partial
from typing import Annotated, NamedTuple

from consigned.master_data.agreements import UnknownAgreement
from consigned.master_data.parties import UnknownOrganization, UnknownParty
from consigned.master_data.roles import Role
from consigned.measure.refusal import Refusal
from consigned_service.operations.core import fields
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.core.upsert import read_lines, tell
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.master_data import roles as role_records
from consigned_service.records.master_data.roles import RoleRow


class RoleLine(NamedTuple):
    """A party's role: in general, under an agreement, or at an organization."""

    party: Annotated[str, fields.PARTY]
    role: Annotated[Role, fields.Choice(Role, "what part it takes")]
    agreement: Annotated[
        str, fields.AGREEMENT, "number of the agreement under which it does; empty: in general"
    ] = ""
    organization: Annotated[
        str,
        fields.ORGANIZATION,
        "code of the organization at which it does; a warehouse or a logistics provider"
        " named so keeps its goods",
    ] = ""


class Known(NamedTuple):
    parties: Container[str]
    agreements: Container[str]
    organizations: Container[str]


def register_roles(*, lines: Sequence[RoleLine]) -> Result:
    """Record what part parties take, many at once (checklist E13)."""
    outcome = Result()
    known = Known(
        agreement_records.party_ids(line.party for line in lines),
        agreement_records.agreement_ids(line.agreement for line in lines),
        agreement_records.organization_ids(line.organization for line in lines),
    )
    tell(
        read_lines(lines, partial(_read, known), outcome),
        outcome,
        key=lambda row: row,
        add=role_records.add_roles,
        standing=_themselves,
        settle=lambda stands, said: said,
    )
    return outcome


def _themselves(rows: Iterable[RoleRow]) -> dict[RoleRow, RoleRow]:
    """A role has nothing but its key: one that is there says the same."""
    return {row: row for row in rows}


def _read(known: Known, line: RoleLine) -> RoleRow:
    party, role, agreement, organization = line
    for code, there, unknown in (
        (party, known.parties, UnknownParty),
        (agreement, known.agreements, UnknownAgreement),
        (organization, known.organizations, UnknownOrganization),
    ):
        if code and code not in there:
            refusal: Refusal = unknown(code)
            raise refusal
    return RoleRow(party, str(role), agreement, organization)
