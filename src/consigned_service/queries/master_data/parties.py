"""The viewer's partners and organizations, to name and to choose from."""

from typing import NamedTuple

from consigned_service.queries.core.viewers import PARTIES, Party, Viewer
from consigned_service.records.master_data.roles import KEEPING
from consigned_service.records.sql.select import Listing, Where, rows


class RolesRow(NamedTuple):
    holds: bool
    consigns: bool
    keeps: bool


def _roles_of(party: int) -> RolesRow:
    """Whether a party holds goods anywhere, consigns goods to others, or keeps goods for others."""
    return rows(
        RolesRow,
        "SELECT EXISTS (SELECT 1 FROM organization WHERE party_id = %s), "
        "EXISTS (SELECT 1 FROM agreement WHERE consignor_id = %s) OR "
        "EXISTS (SELECT 1 FROM position p JOIN organization o ON o.id = p.organization_id "
        "WHERE p.owner_id = %s AND o.party_id <> %s), "
        f"EXISTS (SELECT 1 FROM appointment WHERE party_id = %s AND role IN ({KEEPING}))",
        [party] * 5,
    )[0]


CONSIGNORS = (
    "w.id IN (SELECT consignor_id FROM agreement WHERE consignee_id = %s) OR "
    "w.id IN (SELECT p.owner_id FROM position p JOIN organization o ON o.id = p.organization_id "
    "WHERE o.party_id = %s AND p.owner_id <> o.party_id)"
)
CONSIGNEES = (
    "w.id IN (SELECT consignee_id FROM agreement WHERE consignor_id = %s) OR "
    "w.id IN (SELECT o.party_id FROM position p JOIN organization o ON o.id = p.organization_id "
    "WHERE p.owner_id = %s AND p.owner_id <> o.party_id)"
)


def _partners(condition: str, party: int) -> list[Party]:
    return PARTIES.read(Where().also(condition, party, party), order=("name", "code"))


class OrganizationRow(NamedTuple):
    code: str
    name: str
    holder: str
    holder_name: str
    is_own: bool


ORGANIZATIONS = Listing(
    OrganizationRow,
    {
        "code": "o.code",
        "name": "o.name",
        "holder": "h.code",
        "holder_name": "h.name",
        "is_own": "o.party_id = {party}",
    },
    "organization o JOIN party h ON h.id = o.party_id",
)
SEEN = "o.party_id = %s OR o.id IN (SELECT organization_id FROM position WHERE owner_id = %s)"


def _organizations_seen_by(party: int) -> list[OrganizationRow]:
    """A party's own organizations, and those of others where its goods lie or lay."""
    where = Where().also(SEEN, party, party)
    pieces = {"party": str(int(party))}
    return ORGANIZATIONS.read(where, order=("-is_own", "name", "code"), pieces=pieces)


class Partner(NamedTuple):
    code: str
    name: str


class Organization(NamedTuple):
    code: str
    name: str
    holder_name: str
    is_own: bool


class Roles(NamedTuple):
    """A party is no buyer or supplier by nature: it may be both (decision 0064)."""

    holds: bool
    """It has organizations where goods lie."""
    consigns: bool
    """It consigns goods to others."""
    keeps: bool
    """It keeps goods for others, in their organizations: a warehouse, a custodian."""


def roles(viewer: Viewer) -> Roles:
    """On which sides of a consignment the viewer stands."""
    return Roles(*_roles_of(viewer.party_id))


def consignors(viewer: Viewer) -> list[Partner]:
    """Who consigns, or ever sent, goods to the viewer."""
    return [Partner(row.code, row.name) for row in _partners(CONSIGNORS, viewer.party_id)]


def consignees(viewer: Viewer) -> list[Partner]:
    """Whom the viewer consigns goods to."""
    return [Partner(row.code, row.name) for row in _partners(CONSIGNEES, viewer.party_id)]


def organizations(viewer: Viewer) -> list[Organization]:
    """The viewer's own organizations, and those of others where its goods lie or lay."""
    return [
        Organization(row.code, row.name, row.holder_name, row.is_own)
        for row in _organizations_seen_by(viewer.party_id)
    ]
