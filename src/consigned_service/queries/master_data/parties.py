"""The viewer's partners and organizations, to name and to choose from."""

from typing import NamedTuple

from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.master_data import party_pages


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
    return Roles(*party_pages.roles_of(viewer.party_id))


def consignors(viewer: Viewer) -> list[Partner]:
    """Who consigns goods to the viewer."""
    return [Partner(row.code, row.name) for row in party_pages.consignors_of(viewer.party_id)]


def consignees(viewer: Viewer) -> list[Partner]:
    """Whom the viewer consigns goods to."""
    return [Partner(row.code, row.name) for row in party_pages.consignees_of(viewer.party_id)]


def organizations(viewer: Viewer) -> list[Organization]:
    """The viewer's own organizations, and those of others where its goods lie or lay."""
    return [
        Organization(row.code, row.name, row.holder_name, row.is_own)
        for row in party_pages.organizations_seen_by(viewer.party_id)
    ]
