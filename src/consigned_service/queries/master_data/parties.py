"""The viewer's partners and organizations, to name and to choose from."""

from typing import NamedTuple

from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.master_data.roles import KEEPING
from consigned_service.records.sql.select import Listing, Where, rows


class Partner(NamedTuple):
    code: str
    name: str


PARTNERS = Listing(Partner, {"code": "w.code", "name": "w.name"}, "party w")
CONSIGNORS = (
    "w.id IN (SELECT consignor_id FROM agreement WHERE consignee_id = %s) OR "
    "EXISTS (SELECT 1 FROM organization o WHERE o.party_id = %s AND o.party_id <> w.id AND EXISTS ("
    "SELECT 1 FROM position p WHERE p.owner_id = w.id AND p.organization_id = o.id))"
)
CONSIGNEES = (
    "w.id IN (SELECT consignee_id FROM agreement WHERE consignor_id = %s) OR "
    "EXISTS (SELECT 1 FROM organization o WHERE o.party_id = w.id AND EXISTS ("
    "SELECT 1 FROM position p WHERE p.owner_id = %s AND p.organization_id = o.id "
    "AND p.owner_id <> o.party_id))"
)


class Organization(NamedTuple):
    code: str
    name: str
    holder_name: str
    is_own: bool


ORGANIZATIONS = Listing(
    Organization,
    {"code": "o.code", "name": "o.name", "holder_name": "h.name", "is_own": "o.party_id = {party}"},
    "organization o JOIN party h ON h.id = o.party_id",
)
SEEN = (
    "o.party_id = %s OR EXISTS (SELECT 1 FROM position sp WHERE sp.owner_id = %s "
    "AND sp.organization_id = o.id)"
)
"""Asked of each organization, since of one owner's goods there are far more positions."""


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
    return rows(
        Roles,
        "SELECT EXISTS (SELECT 1 FROM organization WHERE party_id = %s), "
        "EXISTS (SELECT 1 FROM agreement WHERE consignor_id = %s) OR "
        "EXISTS (SELECT 1 FROM organization o WHERE o.party_id <> %s AND EXISTS ("
        "SELECT 1 FROM position p WHERE p.owner_id = %s AND p.organization_id = o.id)), "
        f"EXISTS (SELECT 1 FROM appointment WHERE party_id = %s AND role IN ({KEEPING}))",
        [viewer.party_id] * 5,
    )[0]


def consignors(viewer: Viewer, *, limit: int | None = None) -> list[Partner]:
    """Who consigns, or ever sent, goods to the viewer."""
    return _partners(CONSIGNORS, viewer, limit)


def consignees(viewer: Viewer, *, limit: int | None = None) -> list[Partner]:
    """Whom the viewer consigns goods to."""
    return _partners(CONSIGNEES, viewer, limit)


def _partners(condition: str, viewer: Viewer, limit: int | None) -> list[Partner]:
    where = Where().also(condition, viewer.party_id, viewer.party_id)
    return PARTNERS.read(where, order=("name", "code"), limit=limit)


def organizations(viewer: Viewer) -> list[Organization]:
    """The viewer's own organizations, and those of others where its goods lie or lay."""
    where = Where().also(SEEN, viewer.party_id, viewer.party_id)
    pieces = {"party": str(int(viewer.party_id))}
    return ORGANIZATIONS.read(where, order=("-is_own", "name", "code"), pieces=pieces)
