"""Rates of exchange as they are written and read."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import connection

from consigned.master_data.exchange_rates import Rate, Rates
from consigned.master_data.parties import Organization
from consigned_service.records import models
from consigned_service.records.sql import bulk
from consigned_service.records.sql.bulk import Column

Key = tuple[str, str, str, date]


def key(rate: Rate) -> Key:
    return rate[:4]


def add_rates(rows: Sequence[Rate], *, told_at: datetime) -> set[Key]:
    """Insert the rates that are not there yet; answers their keys."""
    moment = connection.ops.adapt_datetimefield_value(told_at)
    added = bulk.upsert(
        "exchange_rate",
        (Column("kind", "text"), Column("currency", "text"), Column("functional_currency", "text"),
         Column("valid_from", "date"), Column("rate"), Column("told_at", "timestamptz")),
        [(*row[:3], row.valid_from.isoformat(), row.rate, moment) for row in rows],
        key=("kind", "currency", "functional_currency", "valid_from"),
        update=None,
        returning=("id",),
    )  # fmt: skip
    new = models.ExchangeRate.objects.filter(pk__in=[pk for (pk,) in added])
    return {key(_rate(row)) for row in new}


def rates(keys: Iterable[Key]) -> dict[Key, Rate]:
    wanted = set(keys)
    rows = models.ExchangeRate.objects.filter(
        kind__in=bulk.writable(kind for kind, *_ in wanted),
        valid_from__in={valid_from for *_, valid_from in wanted},
    )
    found = [_rate(row) for row in rows]
    return {key(one): one for one in found if key(one) in wanted}


def read_rates(organization: Organization, currencies: Iterable[str], told_by: datetime) -> Rates:
    """What an organization knew of some currencies' rates at a moment."""
    told: dict[str, list[Rate]] = {}
    for row in models.ExchangeRate.objects.filter(
        kind=organization.exchange_rate_type,
        currency__in=set(currencies),
        functional_currency=organization.currency,
        told_at__lte=told_by,
    ):
        told.setdefault(row.currency, []).append(_rate(row))
    return Rates(organization.exchange_rate_type, organization.currency, told)


def _rate(row: models.ExchangeRate) -> Rate:
    return Rate(row.kind, row.currency, row.functional_currency, row.valid_from, row.rate)
