"""How advices reached their consignors: what was not told yet, and what was told how."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from consigned.measure.identity import PartyId
from consigned.settlement.delivery import BY_MAIL, AdviceBy
from consigned_service.records import models
from consigned_service.records.exchange import outbox
from consigned_service.records.exchange.outbox import Leased


class NotAdvised(NamedTuple):
    """An advice that nobody was told of yet, and how its agreement wants it told now."""

    id: int
    number: str
    consignor: str
    by: str
    to: str


def untold(consignee: PartyId, number: str | None = None) -> list[NotAdvised]:
    """The advices of a consignee that were not communicated yet, the oldest first."""
    rows = models.Advice.objects.filter(
        consignee_id=consignee, communication__isnull=True, cancellation__isnull=True
    )
    if number is not None:
        rows = rows.filter(number=number)
    wanted = (
        "id", "number", "consignor__code", "agreement__advice_channel", "agreement__advice_address"
    )  # fmt: skip
    return [NotAdvised(*row) for row in rows.order_by("id").values_list(*wanted)]


def keep_told(advices: Iterable[NotAdvised], *, at: datetime, by: str) -> None:
    """Write down that advices were communicated; whoever was first to tell one stands."""
    models.AdviceCommunication.objects.bulk_create(
        (
            models.AdviceCommunication(
                advice_id=one.id, way=one.by, told_to=one.to or one.consignor,
                told_at=at, recorded_by=by,
            )
            for one in advices
        ),
        batch_size=1000,
        ignore_conflicts=True,
    )  # fmt: skip


def is_settled(advice: int) -> bool:
    """Whether nobody needs a letter of an advice any more: it was told already, or cancelled."""
    return (
        models.AdviceCommunication.objects.filter(advice_id=advice).exists()
        or models.AdviceCancellation.objects.filter(advice_id=advice).exists()
    )


def note_sent(leased: Leased, sender: str, *, at: datetime) -> None:
    """Write down, in one step, that a letter is sent and its advice told; nothing where the sender
    has lost it meanwhile."""
    letter = leased.letter
    with transaction.atomic():
        if not outbox.mark_sent(leased, sender, at) or letter.advice is None:
            return
        advice = models.Advice.objects.select_related("agreement").get(pk=letter.advice)
        channel = advice.agreement.advice_channel
        way = channel if channel in BY_MAIL else AdviceBy.EMAIL
        told = NotAdvised(advice.pk, advice.number, "", way, letter.to)
        keep_told([told], at=at, by=leased.queued_by)
