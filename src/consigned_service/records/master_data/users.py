"""Who may sign in or ask by key, and for which party."""

from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import NamedTuple

from django.contrib.auth import get_user_model

from consigned.master_data.access import KeyScope
from consigned.measure.identity import PartyId
from consigned_service.records import models
from consigned_service.records.sql.transaction import together


def add_user(name: str, password: str, party: PartyId, is_operator: bool) -> bool:
    """Make a user who belongs to a party; False where the name is taken."""
    users = get_user_model().objects
    with together():
        if users.filter(username=name).exists():
            return False
        user = users.create_user(username=name, password=password, is_staff=is_operator)
        models.Membership.objects.create(user=user, party_id=party)
        return True


def set_password(name: str, password: str) -> bool:
    """Give a user another password; False where there is no such user."""
    user = get_user_model().objects.filter(username=name).first()
    if user is None:
        return False
    user.set_password(password)
    user.save(update_fields=["password"])
    return True


def set_enabled(user: int, is_enabled: bool) -> None:
    get_user_model().objects.filter(pk=user).update(is_active=is_enabled)


class KeyRow(NamedTuple):
    name: str
    scope: KeyScope
    expires_at: datetime
    last_used_on: date | None


class UserRow(NamedTuple):
    name: str
    party: str
    """Code of the party; empty for a user of none."""
    is_operator: bool
    is_enabled: bool
    last_sign_in: datetime | None
    keys: Sequence[KeyRow]
    """Those that were not revoked."""


def all_users() -> Sequence[UserRow]:
    """All users by name, with their keys."""
    keys: dict[int, list[KeyRow]] = {}
    for key in models.ApiKey.objects.filter(revoked_at=None).order_by("name"):
        row = KeyRow(key.name, KeyScope(key.scope), key.expires_at, key.last_used_on)
        keys.setdefault(key.user_id, []).append(row)
    parties = dict(models.Membership.objects.values_list("user_id", "party__code"))
    return [
        UserRow(
            user.get_username(), parties.get(user.pk, ""), user.is_staff, user.is_active,
            user.last_login, keys.get(user.pk, []),
        )
        for user in get_user_model().objects.order_by("username")
    ]  # fmt: skip


# --- keys of programs --------------------------------------------------------------------


class KeyHolder(NamedTuple):
    user_id: int
    username: str
    key_name: str
    is_operator: bool
    digest: str
    scope: KeyScope
    expires_at: datetime
    last_used_on: date | None


def user_id(name: str) -> int | None:
    user = get_user_model().objects.filter(username=name).first()
    return user.pk if user else None


def user_of_name(name: str) -> int | None:
    """The user whom a name means where people sign in, in capitals or not."""
    users = get_user_model().objects.filter(username__iexact=name)
    found = list(users.values_list("pk", flat=True)[:2])
    return found[0] if len(found) == 1 else None


def key_names(user: int) -> Sequence[str]:
    """The names of a user's keys in force."""
    keys = models.ApiKey.objects.filter(user_id=user, revoked_at=None).order_by("name")
    return list(keys.values_list("name", flat=True))


def add_key(
    user: int, name: str, key: str, scope: KeyScope, at: datetime, expires_at: datetime
) -> bool:
    """Put a key in force; False where the user has one of that name."""
    with together():
        if name in key_names(user):
            return False
        models.ApiKey.objects.create(
            user_id=user, name=name, digest=_digest(key), scope=scope, created_at=at,
            expires_at=expires_at,
        )  # fmt: skip
        return True


def set_key_used(digest: str, day: date) -> None:
    """Record the last day on which a key was used."""
    models.ApiKey.objects.filter(digest=digest).update(last_used_on=day)


def revoke_key(user: int, name: str, at: datetime) -> bool:
    """End a key for good; False where the user has none of that name."""
    keys = models.ApiKey.objects.filter(user_id=user, name=name, revoked_at=None)
    return keys.update(revoked_at=at) == 1


def revoke_keys(user: int, at: datetime) -> None:
    """End all keys of a user for good."""
    models.ApiKey.objects.filter(user_id=user, revoked_at=None).update(revoked_at=at)


def holder_of_key(key: str) -> KeyHolder | None:
    """The user of a key that was not revoked. A wrong one costs as much as a right
    one."""
    row = (
        models.ApiKey.objects.select_related("user")
        .filter(digest=_digest(key), revoked_at=None, user__is_active=True)
        .first()
    )
    if row is None:
        return None
    return KeyHolder(
        row.user.pk, row.user.get_username(), row.name, row.user.is_staff, row.digest,
        KeyScope(row.scope), row.expires_at, row.last_used_on,
    )  # fmt: skip


def _digest(key: str) -> str:
    """A key is as long as its digest and made by chance, so it needs no slow hash."""
    return sha256(key.encode(errors="replace")).hexdigest()
