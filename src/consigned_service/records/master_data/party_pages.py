"""Parties and organizations as people pick them from a list, and who belongs to which party."""

from typing import NamedTuple

from consigned.master_data.roles import KEEPERS
from consigned_service.records.sql.select import Listing, Where, rows

KEEPING = ", ".join(f"'{role}'" for role in sorted(KEEPERS))


class Party(NamedTuple):
    id: int
    code: str
    name: str


PARTIES = Listing(Party, {"id": "w.id", "code": "w.code", "name": "w.name"}, "party w")


def party_of_user(user_id: int) -> Party | None:
    return _one("w.id = (SELECT party_id FROM membership WHERE user_id = %s)", user_id)


def party_of_code(code: str) -> Party | None:
    return _one("w.code = %s", code)


def holder_of(organization: str) -> Party | None:
    """The party whose an organization is."""
    return _one("w.id = (SELECT party_id FROM organization WHERE code = %s)", organization)


def _one(condition: str, value: int | str) -> Party | None:
    return next(iter(PARTIES.read(Where().also(condition, value))), None)


class Roles(NamedTuple):
    holds: bool
    consigns: bool
    keeps: bool


def roles_of(party: int) -> Roles:
    """Whether a party holds goods anywhere, consigns goods to others, or keeps goods for others."""
    return rows(
        Roles,
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


def consignors_of(party: int) -> list[Party]:
    """Who consigns, or ever sent, goods to a party."""
    return PARTIES.read(Where().also(CONSIGNORS, party, party), order=("name", "code"))


def consignees_of(party: int) -> list[Party]:
    """Whom a party consigns goods to."""
    return PARTIES.read(Where().also(CONSIGNEES, party, party), order=("name", "code"))


class Organization(NamedTuple):
    code: str
    name: str
    holder: str
    holder_name: str
    is_own: bool


ORGANIZATIONS = Listing(
    Organization,
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


def organizations_seen_by(party: int) -> list[Organization]:
    """A party's own organizations, and those of others where its goods lie or lay."""
    where = Where().also(SEEN, party, party)
    pieces = {"party": str(int(party))}
    return ORGANIZATIONS.read(where, order=("-is_own", "name", "code"), pieces=pieces)
