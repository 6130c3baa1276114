"""People who may sign in: each belongs to one party and sees what that party may see.

Refuses: UserExists, UnknownUser, UnknownParty; what a name may not say.
"""

import secrets
from dataclasses import dataclass
from typing import ClassVar

from consigned.measure.refusal import Refusal
from consigned.trade.parties import UnknownParty
from consigned_service.operations.lines import required
from consigned_service.records import agreements as agreement_records
from consigned_service.records import users as user_records


@dataclass(eq=False)
class UserExists(Refusal):
    name: str
    code: ClassVar[str] = "user-exists"
    remedy: ClassVar[str] = "Choose another name, or give this one a new password."

    def __str__(self) -> str:
        return f"there is a user {self.name} already"


@dataclass(eq=False)
class UnknownUser(Refusal):
    name: str
    code: ClassVar[str] = "unknown-user"

    def __str__(self) -> str:
        return f"there is no user {self.name!r}"


def add_user(*, name: str, party: str, password: str = "") -> str:
    """Let somebody sign in for a party; answers the password, made up where none is given."""
    name = required(name, "name", 150)
    ids = agreement_records.party_ids([party.strip()])
    if not ids:
        raise UnknownParty(party)
    password = password or _made_up()
    if not user_records.add_user(name, password, ids[party.strip()]):
        raise UserExists(name)
    return password


def renew_password(*, name: str) -> str:
    """Give a user a new made-up password, and answer it."""
    password = _made_up()
    if not user_records.set_password(name.strip(), password):
        raise UnknownUser(name)
    return password


def _made_up() -> str:
    return secrets.token_urlsafe(12)
