"""Retroactive price changes in the database: the changes, and the goods whose price they change."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from consigned.accounting.accruals import TotalKey
from consigned.measure.identity import AgreementId, ItemId, OrganizationId, TotalNumber
from consigned.measure.money import Price
from consigned.settlement.price_changes import CORRECTION, Moved, Used
from consigned_service.records import models
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements
from consigned_service.records.master_data.agreements import PriceRow
from consigned_service.records.sql import bulk
from consigned_service.records.sql.bulk import Column
from consigned_service.records.sql.select import as_day


class Change(NamedTuple):
    """The price of an item changed for some days: from one day up to another, not in it."""

    agreement: AgreementId
    reference: str
    item: ItemId
    starts_on: date
    ends_on: date | None
    price: int
    per: int


CHANGE = (
    Column("agreement_id"), Column("reference", "text"), Column("item_id"),
    Column("starts_on", "date"), Column("ends_on", "date"), Column("price"), Column("per"),
    Column("changed_on", "date"), Column("changed_by", "text"),
)  # fmt: skip


def standing(agreement: AgreementId, reference: str) -> Change | None:
    """The change that was told under a reference before."""
    row = models.PriceChange.objects.filter(agreement_id=agreement, reference=reference).first()
    if row is None:
        return None
    return Change(
        agreement, reference, ItemId(row.item_id), row.starts_on, row.ends_on, row.price, row.per
    )


def add(change: Change, *, on: date, by: str) -> int:
    """Keep a change; answers its number."""
    row = (
        change.agreement, change.reference, change.item, change.starts_on.isoformat(),
        change.ends_on and change.ends_on.isoformat(), change.price, change.per, on.isoformat(), by,
    )  # fmt: skip
    added = bulk.insert_numbered("price_change", CHANGE, [row], key=("agreement_id", "reference"))
    return added[change.agreement, change.reference]


def supersede_prices(change: Change, agreement: str, item: str, *, told_at: datetime) -> None:
    """Let the new price hold on its days, before every price of these days that was told earlier.

    A price that starts within them would stand before the new one, so the new one is told from
    that day on again.
    """
    rows = models.AgreementPrice.objects.filter(
        agreement_id=change.agreement, item_id=change.item, withdrawal=0
    )
    told = list(rows.values_list("starts_on", "revision"))
    within = {
        start
        for start, _ in told
        if start > change.starts_on and (change.ends_on is None or start < change.ends_on)
    }
    revision = max((revision for _, revision in told), default=0) + 1
    agreements.add_prices(
        [
            PriceRow(
                agreement, item, start, change.ends_on, change.price, change.per,
                revision=revision,
            )
            for start in sorted({change.starts_on, *within})
        ],
        told_at=told_at,
    )  # fmt: skip


def organizations_that_used(
    agreement: AgreementId, item: ItemId, among: Iterable[OrganizationId]
) -> list[OrganizationId]:
    """Those among some organizations in which an item was ever used under an agreement."""
    subquery, wanted = bulk.among(sorted(among))
    rows = bulk.fetch(
        "SELECT DISTINCT t.organization_id FROM running_total t WHERE t.organization_id IN "
        f"({subquery}) AND t.agreement = %s AND t.item_id = %s ORDER BY t.organization_id",
        [wanted, agreement, item],
    )
    return [OrganizationId(organization) for (organization,) in rows]


def read_used(
    organization: OrganizationId,
    agreement: AgreementId,
    item: ItemId,
    starts_on: date,
    ends_on: date | None,
) -> list[Used]:
    """Goods of an item that were used on some days and are settled under an agreement, by total.

    A total that corrects a price counts by the days on which the goods were used.
    """
    told = "AND {day} >= %s" + ("" if ends_on is None else " AND {day} < %s")
    days = (starts_on,) if ends_on is None else (starts_on, ends_on)
    columns = (
        "t.number, t.closes_on, t.happened_on, t.kind, t.price, t.currency, t.per, "
        "t.price_source, t.alone, t.tax, CASE WHEN t.told_on IS NULL THEN 0 ELSE 1 END"
    )
    of = "t.organization_id = %s AND t.agreement = %s AND t.item_id = %s"
    rows = bulk.fetch(
        f"SELECT {columns}, t.happened_on, t.quantity FROM running_total t WHERE {of} "
        f"AND t.price_source NOT LIKE %s {told.format(day='t.happened_on')}"
        f" UNION ALL SELECT {columns}, c.used_on, SUM(c.quantity) FROM running_total t "
        "JOIN price_correction c ON c.organization_id = t.organization_id AND c.total = t.number "
        f"WHERE {of} AND t.price_source LIKE %s "
        f"{told.format(day='c.used_on')} GROUP BY t.number, t.closes_on, t.happened_on, t.kind, "
        "t.price, t.currency, t.per, t.price_source, t.alone, t.tax, t.told_on, c.used_on",
        [organization, agreement, item, f"{CORRECTION}%", *days,
         organization, agreement, item, f"{CORRECTION}%", *days],
    )  # fmt: skip
    return [
        Used(
            TotalNumber(number),
            TotalKey(
                agreement, as_day(closes_on), item, as_day(happened_on), kind,
                Price(price, currency, per), source, alone, tax,
            ),
            bool(is_told), as_day(used_on), int(quantity),
        )
        for (number, closes_on, happened_on, kind, price, currency, per, source, alone, tax,
             is_told, used_on, quantity) in rows
    ]  # fmt: skip


def add_corrections(
    posting: OpenPosting,
    change: int,
    moved: Iterable[Moved],
    numbers: dict[TotalKey, TotalNumber],
) -> None:
    """Keep what a change took out of totals and put into them."""
    keep_corrections(
        posting, [(change, numbers[total], used_on, quantity) for total, used_on, quantity in moved]
    )


def keep_corrections(
    posting: OpenPosting, corrections: Sequence[tuple[int, TotalNumber | int, date, int]]
) -> None:
    """Keep what changes took out of totals, or put in: change, total, day of use, quantity."""
    first = posting.take_numbers("price_correction", len(corrections))
    organization, opened = posting.organization.id, posting.number
    posting.add(
        "price_correction",
        [
            (organization, number, opened, change, total, used_on.isoformat(), quantity)
            for number, (change, total, used_on, quantity) in enumerate(corrections, start=first)
        ],
    )
