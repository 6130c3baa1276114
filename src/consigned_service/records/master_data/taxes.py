"""Tax codes and which agreements have them, as they are written and read."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from consigned.master_data.taxes import DatedCode, DatedTax, Tax, Taxes
from consigned.measure.identity import AgreementId, ItemId
from consigned_service.records import models
from consigned_service.records.sql import bulk
from consigned_service.records.sql.bulk import Column

RateKey = tuple[str, date]


class RateRow(NamedTuple):
    """What a tax code comes to from a day on."""

    code: str
    name: str
    rate: int
    recoverable: int
    valid_from: date

    @property
    def key(self) -> RateKey:
        return self.code, self.valid_from


def add_rates(rows: Sequence[RateRow], *, told_at: datetime) -> set[RateKey]:
    """Insert the rates of tax codes that are not there yet; answers their keys."""
    moment = connection.ops.adapt_datetimefield_value(told_at)
    added = bulk.upsert(
        "tax_rate",
        (Column("code", "text"), Column("name", "text"), Column("rate"), Column("recoverable"),
         Column("valid_from", "date"), Column("told_at", "timestamptz")),
        [(*row[:4], row.valid_from.isoformat(), moment) for row in rows],
        key=("code", "valid_from"),
        update=None,
        returning=("id",),
    )  # fmt: skip
    return {_rate(row).key for row in models.TaxRate.objects.filter(pk__in=[pk for (pk,) in added])}


def rates(keys: Iterable[RateKey]) -> dict[RateKey, RateRow]:
    wanted = set(keys)
    rows = models.TaxRate.objects.filter(code__in=bulk.writable(code for code, _ in wanted))
    found = [_rate(row) for row in rows]
    return {row.key: row for row in found if row.key in wanted}


def known_codes(codes: Iterable[str]) -> set[str]:
    """Those of some tax codes that have a rate on some day."""
    rows = models.TaxRate.objects.filter(code__in=bulk.writable(codes))
    return set(rows.values_list("code", flat=True))


def _rate(row: models.TaxRate) -> RateRow:
    return RateRow(row.code, row.name, row.rate, row.recoverable, row.valid_from)


CodeKey = tuple[AgreementId, ItemId, date]


class CodeRow(NamedTuple):
    """Which tax code an agreement has from a day on, for an item or for all."""

    agreement: AgreementId
    item: ItemId
    starts_on: date
    tax_code: str

    @property
    def key(self) -> CodeKey:
        return self[:3]


def add_codes(rows: Sequence[CodeRow]) -> set[CodeKey]:
    """Insert the tax codes of agreements that are not there yet; answers their keys."""
    added = bulk.upsert(
        "agreement_tax",
        (Column("agreement_id"), Column("item"), Column("starts_on", "date"),
         Column("tax_code", "text")),
        [(*row[:2], row.starts_on.isoformat(), row.tax_code) for row in rows],
        key=("agreement_id", "item", "starts_on"),
        update=None,
        returning=("id",),
    )  # fmt: skip
    new = models.AgreementTax.objects.filter(pk__in=[pk for (pk,) in added])
    return {_code(row).key for row in new}


def codes(keys: Iterable[CodeKey]) -> dict[CodeKey, CodeRow]:
    wanted = set(keys)
    rows = models.AgreementTax.objects.filter(
        agreement_id__in={agreement for agreement, *_ in wanted}
    )
    found = [_code(row) for row in rows]
    return {row.key: row for row in found if row.key in wanted}


def _code(row: models.AgreementTax) -> CodeRow:
    return CodeRow(AgreementId(row.agreement_id), ItemId(row.item), row.starts_on, row.tax_code)


def read_taxes(agreements: Iterable[AgreementId]) -> Taxes:
    """The tax codes of some agreements, with what each comes to."""
    named: dict[tuple[AgreementId, ItemId], list[DatedCode]] = {}
    told: dict[str, set[DatedTax]] = {}
    chosen, ids = bulk.among(agreements)
    for agreement, item, starts_on, code, valid_from, rate, recoverable in bulk.fetch(
        "SELECT c.agreement_id, c.item, c.starts_on, c.tax_code, r.valid_from, r.rate, "
        "r.recoverable FROM agreement_tax c JOIN tax_rate r ON r.code = c.tax_code "
        f"WHERE c.agreement_id IN ({chosen})",
        [ids],
    ):
        dated = DatedCode(starts_on, code)
        so_far = named.setdefault((AgreementId(agreement), ItemId(item)), [])
        if dated not in so_far:
            so_far.append(dated)
        told.setdefault(code, set()).add(DatedTax(valid_from, Tax(code, rate, recoverable)))
    return Taxes(named, {code: sorted(taxes) for code, taxes in told.items()})
