"""Withdrawn prices in the database: which price each is of, by whom, when and why."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from consigned_service.records import models
from consigned_service.records.master_data import agreements
from consigned_service.records.master_data.agreements import PriceKey
from consigned_service.records.sql import bulk
from consigned_service.records.sql.bulk import Column


class WithdrawalRow(NamedTuple):
    """A withdrawal as it is told; agreement and item by what people call them."""

    agreement: str
    reference: str
    item: str
    starts_on: date
    from_quantity: int
    because: str

    @property
    def key(self) -> tuple[str, str]:
        return self.agreement, self.reference

    @property
    def price(self) -> PriceKey:
        return self.agreement, self.item, self.starts_on, self.from_quantity, 0


WITHDRAWAL = (
    Column("agreement_id"), Column("reference", "text"), Column("item_id"),
    Column("starts_on", "date"), Column("from_quantity"), Column("because", "text"),
    Column("recorded_by", "text"), Column("recorded_on", "date"),
    Column("recorded_at", "timestamptz"),
)  # fmt: skip


def withdrawals(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], WithdrawalRow]:
    """The withdrawals that were told under some numbers of their agreements before."""
    wanted = set(keys)
    rows = models.PriceWithdrawal.objects.select_related("agreement", "item").filter(
        agreement__number__in=bulk.writable(agreement for agreement, _ in wanted),
        reference__in=bulk.writable(reference for _, reference in wanted),
    )
    found = (
        WithdrawalRow(
            row.agreement.number, row.reference, row.item.code, row.starts_on, row.from_quantity,
            row.because,
        )
        for row in rows
    )  # fmt: skip
    return {row.key: row for row in found if row.key in wanted}


def add_withdrawals(rows: Sequence[WithdrawalRow], *, by: str, on: date, at: datetime) -> None:
    """Keep withdrawals that were told on a day, and take the prices that they are of out of
    force."""
    ids = agreements.agreement_ids({row.agreement for row in rows})
    items = {
        code: item.id for code, item in agreements.items_by_code({row.item for row in rows}).items()
    }
    moment = connection.ops.adapt_datetimefield_value(at)
    numbers = bulk.insert_numbered(
        "price_withdrawal",
        WITHDRAWAL,
        [
            (ids[row.agreement], row.reference, items[row.item], row.starts_on.isoformat(),
             row.from_quantity, row.because, by, on.isoformat(), moment)
            for row in rows
        ],
        key=("agreement_id", "reference"),
    )  # fmt: skip
    of = {row.price: numbers[ids[row.agreement], row.reference] for row in rows}
    agreements.withdraw_prices(of)
