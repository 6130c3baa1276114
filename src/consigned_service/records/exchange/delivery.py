"""How advices reached their consignors: what was not told yet, and what was told how."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from consigned.measure.identity import PartyId
from consigned_service.records import models
from consigned_service.records.sql import bulk


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


@contextmanager
def telling(advice: int) -> Iterator[bool]:
    """One transaction that alone tells an advice; answers whether it is still to be told."""
    with transaction.atomic():
        found = models.Advice.objects.filter(pk=advice)
        if bulk.is_postgres():
            found = found.select_for_update(no_key=True)
        found.get()
        yield not models.AdviceCommunication.objects.filter(advice_id=advice).exists()


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
