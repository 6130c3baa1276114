"""Consumption in the database: what was told, and the exceptions that wait."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from consigned.consumption.exceptions import Ending, Named
from consigned.inventory.stock import Holding
from consigned.inventory.title_transfers import Sale, TitleTransfer, Use
from consigned.measure.identity import (
    ConsumptionNumber,
    EntryNumber,
    ItemId,
    OrganizationId,
)
from consigned.measure.money import Price
from consigned_service.records import models
from consigned_service.records.sql import bulk
from consigned_service.records.sql.select import as_day

USE = (
    "c.number, c.kind, c.item_id, c.quantity, c.happened_on, c.place, c.consignor, c.lot, "
    "c.serial, c.price, c.currency, c.reservation, c.per, wo.work_order, wo.account, "
    "s.price, s.currency, s.per, c.voids_source, c.voids, c.because"
)
FOR = (
    "LEFT JOIN work_order_issue wo ON wo.organization_id = c.organization_id "
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
        "k.reference, k.source, c.item_id, c.quantity, c.occurred_at",
        f"idempotency_key k {bulk.then()} consumption c "
        "ON c.organization_id = k.organization_id AND c.number = k.document",
        "k.organization_id = %s AND k.reference = w.value AND k.source NOT LIKE %s",
        [organization, " %"],
    ):
        found.setdefault(reference, {})[source] = (said[0], said[1], said[2])
    return found


def exceptions_named(organization: OrganizationId, numbers: Iterable[int]) -> dict[int, Named]:
    """The exceptions of some numbers, whether they wait or not."""
    rows = bulk.look_up(
        set(numbers),
        "bigint",
        "x.number, x.quantity, x.consumption, x.entry, z.how, z.resolved_on, z.because",
        "open_exception x LEFT JOIN exception_resolution z "
        "ON z.organization_id = x.organization_id AND z.exception = x.number",
        "x.organization_id = %s AND x.number = w.value",
        [organization],
    )
    return {
        number: Named(
            number, quantity, consumption, entry is not None, how, on and as_day(on), because
        )
        for number, quantity, consumption, entry, how, on, because in rows
    }


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


def count_open(organization: OrganizationId) -> int:
    """How many exceptions of an organization wait."""
    return _open_rows(organization).count()


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
    """Lines of consumption as they were told; one that stands in the place of a rest together with
    what the line of the rest had posted."""
    subquery, wanted = bulk.among(numbers)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {USE} FROM consumption c {FOR} "
            f"WHERE c.organization_id = %s AND c.number IN ({subquery})",
            [organization, wanted],
        )
        uses = {row[0]: _use(*row) for row in cursor.fetchall()}
    for number, quantity in _told_with(organization, uses).items():
        uses[number] = uses[number]._replace(told=quantity)
    return uses


def _told_with(organization: OrganizationId, uses: Mapping[int, Use]) -> dict[int, int]:
    """What was told, of lines that stand in the place of a rest, together with what its line had
    posted before: a scale of prices looks at all of it. Lines of other goods stand for themselves.
    """
    told: dict[int, int] = {}
    follow = {number: number for number in uses}
    while follow:
        rows = bulk.look_up(
            follow,
            "bigint",
            "z.consumption, c.number, c.item_id, c.quantity - x.quantity",
            "exception_resolution z JOIN open_exception x "
            "ON x.organization_id = z.organization_id AND x.number = z.exception "
            "JOIN consumption c ON c.organization_id = x.organization_id "
            "AND c.number = x.consumption",
            "z.organization_id = %s AND z.consumption = w.value AND z.how = %s AND c.quantity > 0",
            [organization, Ending.REPLACED.value],
        )
        stands_for, follow = follow, {}
        for corrected, before, item, posted in rows:
            line = stands_for[corrected]
            if item == uses[line].item:
                told[line] = told.get(line, uses[line].quantity) + posted
                follow[before] = line
    return told


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
