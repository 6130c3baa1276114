"""People who may sign in, and the keys of their programs: each belongs to one party and sees what
that party may see.

Refuses: UserExists, UnknownUser, UnknownParty, InvalidKeyDays, KeyExists, UnknownKey; what a name
may not say.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from consigned.master_data.access import KeyScope
from consigned.master_data.parties import UnknownParty
from consigned.measure.refusal import Refusal
from consigned_service.operations.core.outcome import required
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.master_data import sessions as session_records
from consigned_service.records.master_data import users as user_records
from consigned_service.records.sql.transaction import together

KEY_PREFIX = "csk_"
"""By it a key that lies where it should not is known for what it is."""

KEY_DAYS = 365
"""For so many days a key is in force, where nothing else is asked for."""
MOST_KEY_DAYS = 1825


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


@dataclass(eq=False)
class InvalidKeyDays(Refusal):
    days: int
    code: ClassVar[str] = "invalid-key-days"

    def __str__(self) -> str:
        return f"a key is in force for 1 to {MOST_KEY_DAYS} days, not {self.days}"


@dataclass(eq=False)
class KeyExists(Refusal):
    user: str
    key: str
    code: ClassVar[str] = "key-exists"
    remedy: ClassVar[str] = "Give the new key another name, or revoke that one."

    def __str__(self) -> str:
        return f"{self.user} has a key called {self.key} already"


@dataclass(eq=False)
class UnknownKey(Refusal):
    user: str
    key: str
    known: tuple[str, ...]
    code: ClassVar[str] = "unknown-key"

    def __str__(self) -> str:
        known = f"only {', '.join(self.known)}" if self.known else "no key at all"
        return f"{self.user} has no key called {self.key!r} in force, {known}"


def add_user(*, name: str, party: str, password: str = "", is_operator: bool = False) -> str:
    """Let somebody sign in for a party; answers the password, made up where none is given. An
    operator also records what belongs to no party: parties, items, rates and tax codes."""
    name = required(name, "name", 150)
    ids = agreement_records.party_ids([party.strip()])
    if not ids:
        raise UnknownParty(party)
    password = password or _made_up()
    if not user_records.add_user(name, password, ids[party.strip()], is_operator):
        raise UserExists(name)
    return password


def renew_password(*, name: str) -> str:
    """Give a user a new made-up password, and answer it. Who is signed in with the old one is
    signed out."""
    password, user = _made_up(), _user(name)
    with together():
        user_records.set_password(name.strip(), password)
        session_records.end_sessions(user)
    return password


def disable_user(*, name: str, at: datetime) -> None:
    """Let a user sign in no more, and end all sessions and keys of it at once."""
    user = _user(name)
    with together():
        user_records.set_enabled(user, False)
        user_records.revoke_keys(user, at)
        session_records.end_sessions(user)


def enable_user(*, name: str) -> None:
    """Let a user sign in again. Keys that ended are not in force again."""
    user_records.set_enabled(_user(name), True)


def sign_out_user(*, name: str) -> int:
    """End all sessions of a user, and answer how many they were."""
    return session_records.end_sessions(_user(name))


def issue_key(
    *,
    name: str,
    key_name: str,
    at: datetime,
    scope: KeyScope = KeyScope.RECORD,
    days: int = KEY_DAYS,
) -> str:
    """Let a user's programs ask in its name by a new key, for some days, and answer it: it is kept
    nowhere."""
    key_name = required(key_name, "key", 40)
    if not 1 <= days <= MOST_KEY_DAYS:
        raise InvalidKeyDays(days)
    key = f"{KEY_PREFIX}{secrets.token_urlsafe(32)}"
    expires_at = at + timedelta(days=days)
    if not user_records.add_key(_user(name), key_name, key, scope, at, expires_at):
        raise KeyExists(name, key_name)
    return key


def revoke_key(*, name: str, key_name: str, at: datetime) -> None:
    """From now on nothing is answered to a key. Its name may be given to a new one."""
    user, key_name = _user(name), required(key_name, "key", 40)
    if not user_records.revoke_key(user, key_name, at):
        raise UnknownKey(name, key_name, tuple(user_records.key_names(user)))


def record_key_use(*, key: str, at: datetime) -> None:
    """Record the day on which the key with this digest was last used."""
    user_records.set_key_used(key, at.date())


def _user(name: str) -> int:
    user = user_records.user_id(required(name, "name", 150))
    if user is None:
        raise UnknownUser(name)
    return user


def _made_up() -> str:
    return secrets.token_urlsafe(12)
