"""In which browsers users are signed in. Django stores what belongs to each session itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from consigned_service.records import models
from consigned_service.records.sql.transaction import together


class SessionRow(NamedTuple):
    number: int
    key: str
    signed_in_at: datetime
    last_used_at: datetime
    address: str
    device: str


def add_session(user: int, key: str, at: datetime, address: str, device: str) -> None:
    models.UserSession.objects.update_or_create(
        session_key=key,
        defaults={
            "user_id": user, "signed_in_at": at, "last_used_at": at, "address": address,
            "device": device,
        },
    )  # fmt: skip


def set_used(key: str, at: datetime) -> None:
    models.UserSession.objects.filter(session_key=key).update(last_used_at=at)


def set_key(key: str, new_key: str) -> None:
    models.UserSession.objects.filter(session_key=key).update(session_key=new_key)


def sessions_of(user: int, after: datetime) -> Sequence[SessionRow]:
    """The sessions of a user that began after an instant, the last used one first."""
    stored = Session.objects.values("session_key")
    rows = models.UserSession.objects.filter(
        user_id=user, signed_in_at__gt=after, session_key__in=stored
    ).order_by("-last_used_at", "-pk")
    return [
        SessionRow(
            row.pk, row.session_key, row.signed_in_at, row.last_used_at, row.address, row.device
        )
        for row in rows
    ]


def end_sessions(user: int, *, number: int | None = None, but: str = "") -> int:
    """End a user's sessions, or one of them, or all but the one with a key; answers how many."""
    rows = models.UserSession.objects.filter(user_id=user).exclude(session_key=but)
    return _end(rows if number is None else rows.filter(pk=number))


def end_session(key: str) -> None:
    _end(models.UserSession.objects.filter(session_key=key))


def end_sessions_before(began: datetime, expired: datetime) -> None:
    """Delete what is left of sessions that began before an instant, or that Django let expire."""
    _end(models.UserSession.objects.filter(signed_in_at__lt=began))
    Session.objects.filter(expire_date__lt=expired).delete()


def _end(rows: QuerySet[models.UserSession]) -> int:
    with together():
        keys = list(rows.values_list("session_key", flat=True))
        Session.objects.filter(session_key__in=keys).delete()
        models.UserSession.objects.filter(session_key__in=keys).delete()
        return len(keys)
