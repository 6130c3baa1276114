"""The viewer: the party on whose behalf somebody asks. It decides what may be seen."""

from typing import NamedTuple

from consigned_service.records import party_pages


class Viewer(NamedTuple):
    party_id: int
    name: str


def viewer_of_user(user_id: int | None) -> Viewer | None:
    """The party a signed-in user belongs to; a user without one sees nothing."""
    party = party_pages.party_of_user(user_id) if user_id is not None else None
    return Viewer(party.id, party.name) if party else None


def viewer_of_party(code: str) -> Viewer | None:
    """A party by its code, for the command line, where whoever asks runs the installation."""
    party = party_pages.party_of_code(code)
    return Viewer(party.id, party.name) if party else None
