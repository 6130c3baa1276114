"""Letters on their way: queued, leased by one sender at a time, sent, or given up."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q

from consigned.measure.identity import PartyId
from consigned.settlement.delivery import Delivery
from consigned_service.records import models

LEASE = timedelta(seconds=60)
LONGEST_ERROR = 500


class Letter(NamedTuple):
    """A letter as it goes out."""

    key: str
    advice: int | None
    message_id: str
    to: str
    subject: str
    body: str
    attachment_name: str = ""
    attachment: str = ""


class Leased(NamedTuple):
    """A letter that one sender holds until its lease ends."""

    id: int
    attempts: int
    queued_by: str
    letter: Letter


def queue(party: PartyId, letters: Iterable[Letter], *, at: datetime, by: str) -> None:
    """Queue letters, each once under its key."""
    models.Message.objects.bulk_create(
        [
            models.Message(
                key=one.key, party_id=party, advice_id=one.advice, message_id=one.message_id,
                recipient=one.to, subject=one.subject, body=one.body,
                attachment_name=one.attachment_name, attachment=one.attachment,
                queued_at=at, queued_by=by, due_at=at,
            )
            for one in letters
        ],
        batch_size=500,
        ignore_conflicts=True,
    )  # fmt: skip


def unsent(keys: Iterable[str]) -> dict[str, str]:
    """The letters of some keys that wait or failed, each with its recipient."""
    rows = models.Message.objects.filter(
        key__in=list(keys), state__in=(Delivery.WAITING, Delivery.FAILED)
    )
    return dict(rows.values_list("key", "recipient"))


def readdress(key: str, to: str, *, at: datetime) -> None:
    """Let a letter that was not sent go to another address."""
    models.Message.objects.filter(key=key).exclude(state=Delivery.SENT).update(
        recipient=to, state=Delivery.WAITING, due_at=at, attempts=0, last_error=""
    )


def due(at: datetime, *, keys: Iterable[str] | None = None, limit: int = 100) -> list[int]:
    """Letters that wait and are due, the oldest first; of some keys, whether due or not."""
    rows = models.Message.objects.filter(state=Delivery.WAITING)
    rows = rows.filter(due_at__lte=at) if keys is None else rows.filter(key__in=list(keys))
    return list(rows.filter(_is_free(at)).order_by("pk").values_list("pk", flat=True)[:limit])


def _is_free(at: datetime) -> Q:
    return Q(leased_until__isnull=True) | Q(leased_until__lt=at)


def lease(id: int, sender: str, at: datetime) -> Leased | None:
    """Take a letter, where nobody else has it."""
    free = models.Message.objects.filter(_is_free(at), pk=id, state=Delivery.WAITING)
    if not free.update(leased_by=sender, leased_until=at + LEASE):
        return None
    row = models.Message.objects.get(pk=id)
    letter = Letter(
        row.key, row.advice_id, row.message_id, row.recipient, row.subject, row.body,
        row.attachment_name, row.attachment,
    )  # fmt: skip
    return Leased(row.pk, row.attempts, row.queued_by, letter)


def withdraw(leased: Leased, sender: str) -> None:
    """What a letter was about does not stand any more."""
    _finish(leased, sender, state=Delivery.WITHDRAWN)


def mark_sent(leased: Leased, sender: str, at: datetime) -> bool:
    """Note that a letter is sent; answers whether the sender still had it."""
    return _finish(
        leased, sender, state=Delivery.SENT, sent_at=at, attempts=leased.attempts + 1,
        last_error="",
    )  # fmt: skip


def put_off(leased: Leased, sender: str, until: datetime | None, error: str) -> None:
    """Let a letter wait until it is tried again, or give it up."""
    later = {"state": Delivery.FAILED} if until is None else {"due_at": until}
    _finish(leased, sender, attempts=leased.attempts + 1, last_error=error[:LONGEST_ERROR], **later)


def _finish(leased: Leased, sender: str, **values: object) -> bool:
    held = models.Message.objects.filter(pk=leased.id, leased_by=sender, state=Delivery.WAITING)
    return bool(held.update(leased_by="", leased_until=None, **values))


def retry(keys: Iterable[str], at: datetime) -> int:
    """Let letters that failed go again; answers how many."""
    failed = models.Message.objects.filter(key__in=list(keys), state=Delivery.FAILED)
    return failed.update(state=Delivery.WAITING, due_at=at, attempts=0)
