"""Consumption in the database: what was told, and the exceptions that wait."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from consigned.measure.identity import (
    ConsumptionNumber,
    EntryNumber,
    ItemId,
    OrganizationId,
)
from consigned.measure.money import Price
from consigned.trade.consumption import Sale, TitleTransfer, Use
from consigned.trade.shelf import Holding
from consigned_service.records import bulk, models

USE = (
    "c.number, c.kind, c.item_id, c.quantity, c.happened_on, c.place, c.consignor, c.lot, "
    "c.serial, c.price, c.currency, c.reservation, c.per, wo.work_order, wo.account, "
    "s.price, s.currency, s.per, c.voids_source, c.voids, c.because"
)
FOR = (
    "LEFT JOIN work_order_use wo ON wo.organization_id = c.organization_id "
    "AND wo.consumption = c.number "
    "LEFT JOIN sale s ON s.organization_id = c.organization_id AND s.consumption = c.number"
)
"""What a use was for, where it was for an order, and what it sold for, where it was said."""


def _use(*row: Any) -> Use:
    sale = None if row[15] is None else Sale(*row[15:18])
    voids_source, voids, because = row[18:]
    return Use(*row[:15])._replace(
        sale=sale, voids_source=voids_source, voids=voids, because=because
    )


def told_by(
    organization: OrganizationId, references: Iterable[str]
) -> dict[str, dict[str, tuple[int, int, str]]]:
    """Which feeds told of uses under some references: item, quantity and time, by source."""
    found: dict[str, dict[str, tuple[int, int, str]]] = {}
    for reference, source, *said in bulk.look_up(
        references,
        "text",
        "k.reference, k.source, c.item_id, c.quantity, c.happened_at",
        f"idempotency_key k {bulk.then()} consumption c "
        "ON c.organization_id = k.organization_id AND c.number = k.document",
        "k.organization_id = %s AND k.reference = w.value AND k.source NOT LIKE %s",
        [organization, " %"],
    ):
        found.setdefault(reference, {})[source] = (said[0], said[1], said[2])
    return found


class OpenException(NamedTuple):
    """An exception that waits: the use behind it, what of it is missing, or what is unpriced."""

    number: int
    reason: str
    use: Use | None
    missing: int
    transfer: TitleTransfer | None


def open_exceptions(
    organization: OrganizationId, numbers: Iterable[int] | None = None
) -> list[OpenException]:
    """The exceptions of an organization that wait, oldest first."""
    chosen = None if numbers is None else set(numbers)
    rows = _open_rows(organization)
    return _read(organization, [row for row in rows if chosen is None or row.number in chosen])


def unpriced_exceptions(organization: OrganizationId) -> list[OpenException]:
    """Those whose goods have passed, and which wait for a price or an agreement."""
    return _read(organization, list(_open_rows(organization).filter(entry__isnull=False)))


def _open_rows(organization: OrganizationId) -> QuerySet[models.WaitingException]:
    resolved = models.Resolution.objects.filter(
        organization_id=OuterRef("organization_id"), exception=OuterRef("number")
    )
    return models.WaitingException.objects.filter(
        ~Exists(resolved), organization_id=organization
    ).order_by("number")


def _read(
    organization: OrganizationId, waiting: Sequence[models.WaitingException]
) -> list[OpenException]:
    if not waiting:
        return []
    uses = uses_numbered(organization, {row.consumption for row in waiting if row.consumption})
    transfers = _transfers(
        organization, {row.entry: row.quantity for row in waiting if row.entry}, uses
    )
    return [
        OpenException(
            row.number,
            row.reason,
            use and use._replace(reported_on=row.opened_on),
            row.quantity,
            transfer and transfer._replace(use=transfer.use._replace(reported_on=row.opened_on)),
        )
        for row in waiting
        for use, transfer in [(uses.get(row.consumption), transfers.get(row.entry))]
    ]


def uses_numbered(organization: OrganizationId, numbers: Iterable[int]) -> dict[int | None, Use]:
    """Lines of consumption as they were told."""
    subquery, wanted = bulk.among(numbers)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {USE} FROM consumption c {FOR} "
            f"WHERE c.organization_id = %s AND c.number IN ({subquery})",
            [organization, wanted],
        )
        return {row[0]: _use(*row) for row in cursor.fetchall()}


TRANSFER = (
    "SELECT e.number, e.happened_on, e.document, e.cause, e.source, p.item_id, "
    "p.owner_id, p.place, l.number, l.received_on, l.ownership, l.agreement, l.order_line, "
    "l.price, l.currency, l.per, l.lot, l.serial "
    "FROM title_entry e "
    "JOIN position p ON p.organization_id = e.organization_id AND p.number = e.source "
    "JOIN layer l ON l.organization_id = e.organization_id AND l.number = e.layer "
)


def _transfers(
    organization: OrganizationId, entries: Mapping[int, int], uses: dict[int | None, Use]
) -> dict[int | None, TitleTransfer]:
    """The transfers of title behind some entries, each with as much as still waits."""
    subquery, wanted = bulk.among(entries)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{TRANSFER} WHERE e.organization_id = %s AND e.number IN ({subquery})",
            [organization, wanted],
        )
        return {row[0]: _transfer(row, entries[row[0]], uses) for row in cursor.fetchall()}


def _transfer(row: tuple[Any, ...], quantity: int, uses: dict[int | None, Use]) -> TitleTransfer:
    (number, happened_on, document, cause, source, item, owner, place, layer,
     received_on, ownership, agreement, order_line, price, currency, per, lot,
     serial) = row  # fmt: skip
    use = uses.get(document) if cause == "consumption" else None
    if use is None:
        use = Use(ConsumptionNumber(0), "transfer-to-owned", ItemId(item), quantity, happened_on)
    value = Price(price, currency, per) if price is not None else None
    holding = Holding(
        item, owner, place, source, layer, received_on, 0, ownership, agreement,
        value if order_line is not None else None, lot, serial,
    )  # fmt: skip
    return TitleTransfer(EntryNumber(number), use, holding, quantity, happened_on)
