"""The running totals: what is charged and on no advice yet."""

from collections.abc import Mapping, Sequence
from typing import Any

from consigned.accounting.accruals import TotalKey
from consigned.measure.identity import OrganizationId, TotalNumber
from consigned_service.records.ledger.posting import Days, OpenPosting
from consigned_service.records.sql import bulk
from consigned_service.records.sql.bulk import Column

TOTAL_KEY = (
    Column("agreement"), Column("closes_on", "date"), Column("item_id"),
    Column("happened_on", "date"), Column("kind", "text"), Column("price"), Column("per"),
    Column("price_source", "text"), Column("alone"), Column("tax", "text"),
)  # fmt: skip
TOTAL = (
    *TOTAL_KEY, Column("organization_id"), Column("number"), Column("currency", "text"),
    Column("quantity"), Column("posting"),
)  # fmt: skip


def add_to_totals(
    posting: OpenPosting, totals: Mapping[TotalKey, int]
) -> dict[TotalKey, tuple[TotalNumber, int]]:
    """Add quantities to running totals; answers each total's number and what it now counts."""
    first = posting.take_numbers("total", len(totals))
    days = Days()
    organization, opened_by = posting.organization.id, posting.number
    keys = list(totals)
    rows = [
        (
            agreement, days[closes_on], item, days[happened_on], str(kind), price, per, source,
            alone, tax, organization, number, currency, quantity, opened_by,
        )
        for number, (key, quantity) in enumerate(totals.items(), start=first)
        for (agreement, closes_on, item, happened_on, kind, (price, currency, per), source, alone,
             tax) in (key,)
    ]  # fmt: skip
    counted: dict[TotalKey, tuple[TotalNumber, int]] = {}
    opened, standing = [], []
    for number, quantity in bulk.upsert(
        "running_total",
        TOTAL,
        rows,
        key=("organization_id", *(column.name for column in TOTAL_KEY)),
        update="quantity = running_total.quantity + excluded.quantity",
        returning=("number", "quantity"),
    ):
        if number < first:
            standing.append((number, quantity))
            continue
        counted[keys[number - first]] = (TotalNumber(number), quantity)
        (agreement, closing, item, day, kind, price, per, source, alone, tax, _, _, currency,
         *_) = rows[number - first]  # fmt: skip
        opened.append(
            (organization, number, opened_by, agreement, closing, item, day, kind, price, currency,
             per, source, alone, tax)
        )  # fmt: skip
    posting.add("running_total", opened)
    if standing:
        keyed = {row[: len(TOTAL_KEY)]: key for row, key in zip(rows, keys, strict=True)}
        _recognize(organization, standing, keyed, counted)
    return counted


def _recognize(
    organization: OrganizationId,
    standing: Sequence[tuple[int, int]],
    keyed: Mapping[tuple[Any, ...], TotalKey],
    counted: dict[TotalKey, tuple[TotalNumber, int]],
) -> None:
    """Tell which totals the numbers of those that stood before are of."""
    quantities = dict(standing)
    for number, agreement, closes_on, item, happened_on, *rest in bulk.look_up(
        quantities,
        "bigint",
        ", ".join(["t.number", *(f"t.{column.name}" for column in TOTAL_KEY)]),
        "running_total t",
        "t.organization_id = %s AND t.number = w.value",
        [organization],
    ):
        key = keyed[agreement, str(closes_on), item, str(happened_on), *rest]
        counted[key] = (TotalNumber(number), quantities[number])
