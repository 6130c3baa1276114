"""The viewer: the party on whose behalf somebody asks. It decides what may be seen."""

from datetime import date, datetime
from typing import NamedTuple

from consigned.master_data.access import KeyScope
from consigned.measure.identity import OrganizationId
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.master_data import users as user_records
from consigned_service.records.master_data.roles import is_kept_by
from consigned_service.records.sql.select import Listing, Where


class Viewer(NamedTuple):
    party_id: int
    name: str
    code: str


PARTIES = Listing(Viewer, {"party_id": "w.id", "name": "w.name", "code": "w.code"}, "party w")


def viewer_of_user(user_id: int | None) -> Viewer | None:
    """The party a signed-in user belongs to; a user without one sees nothing."""
    return _one("w.id = (SELECT party_id FROM membership WHERE user_id = %s)", user_id)


def viewer_of_party(code: str) -> Viewer | None:
    """A party by its code, for the command line, where whoever asks runs the installation."""
    return _one("w.code = %s", code)


def viewer_of_holder(organization: str) -> Viewer | None:
    """The party whose an organization is, for the command line."""
    return _one("w.id = (SELECT party_id FROM organization WHERE code = %s)", organization)


def _one(condition: str, value: int | str | None) -> Viewer | None:
    return next(iter(PARTIES.read(Where().also(condition, value))), None)


def who_of_it(viewer: Viewer, person: str, party_id: int, party: str) -> str:
    """Who of a party did something, as the viewer may know it: to others the party itself did."""
    return person if party_id == viewer.party_id else party


class Program(NamedTuple):
    """A program that asks by a user's key, on behalf of the user's party."""

    name: str
    viewer: Viewer | None
    is_operator: bool
    """Whether it may record what belongs to no party."""
    key: str
    """The digest by which its key is known."""
    scope: KeyScope
    expires_at: datetime
    last_used_on: date | None


def program_of_key(key: str) -> Program | None:
    """The program that a key was given to, if the key is known and was not revoked."""
    holder = user_records.holder_of_key(key)
    if holder is None:
        return None
    name = f"{holder.username[:100]} (key {holder.key_name})"
    return Program(
        name, viewer_of_user(holder.user_id), holder.is_operator, holder.digest, holder.scope,
        holder.expires_at, holder.last_used_on,
    )  # fmt: skip


def own_organization(viewer: Viewer, code: str) -> OrganizationId | None:
    """An organization of the viewer's own; to anybody else it does not exist."""
    organization = agreement_records.organization_ids([code]).get(code)
    if organization is None or ledger.read_organization(organization).party != viewer.party_id:
        return None
    return organization


def organization_held_by(viewer: Viewer, code: str) -> OrganizationId | None:
    """An organization of the viewer's own, or whose goods it keeps; to anybody else it does not
    exist."""
    if own := own_organization(viewer, code):
        return own
    organization = agreement_records.organization_ids([code]).get(code)
    return organization if organization and is_kept_by(organization, viewer.party_id) else None
