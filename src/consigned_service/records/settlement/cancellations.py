"""Advices that were cancelled, and what each of their lines had told."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from consigned.measure.identity import OrganizationId, TotalNumber
from consigned.measure.money import Price
from consigned_service.records import models
from consigned_service.records.sql import bulk

STANDS = "NOT EXISTS (SELECT 1 FROM advice_cancellation ca WHERE ca.advice_id = {advice}.id)"
"""That an advice was not cancelled, in the words of a query that calls it {advice}."""


class Told(NamedTuple):
    """A running total that a line of an advice tells, and what both come to."""

    line: int
    line_amount: int
    organization: OrganizationId
    total: TotalNumber
    quantity: int
    price: Price


class Cancellation(NamedTuple):
    """When an advice was cancelled, and why."""

    on: date
    because: str


def cancelled(advices: Iterable[int]) -> dict[int, Cancellation]:
    """Which of some advices were cancelled."""
    rows = models.AdviceCancellation.objects.filter(advice_id__in=set(advices))
    return {row.advice_id: Cancellation(row.cancelled_on, row.because) for row in rows}


def read_told(advice: int) -> list[Told]:
    """The running totals that the lines of an advice tell."""
    return [
        Told(line, amount, organization, number, quantity, Price(price, currency, per))
        for line, amount, organization, number, quantity, price, currency, per in bulk.fetch(
            "SELECT l.id, l.amount, t.organization_id, t.number, t.quantity, t.price, t.currency, "
            "t.per FROM advice_line l JOIN running_total t ON t.advice_line = l.id "
            "AND t.organization_id = l.organization_id WHERE l.advice_id = %s "
            "ORDER BY l.line, t.organization_id, t.number",
            [advice],
        )
    ]


def count_debit_requests(lines: Iterable[int]) -> int:
    """How often goods that some advice lines tell were asked back."""
    return models.DebitRequest.objects.filter(advice_line__in=set(lines)).count()


def save_cancellation(
    advice: int, told: Sequence[Told], *, on: date, by: str, because: str
) -> None:
    """Keep that an advice was cancelled and what it had told, and let no advice tell that now."""
    models.AdviceCancellation.objects.create(
        advice_id=advice, cancelled_on=on, cancelled_by=by, because=because
    )
    bulk.insert(
        "cancelled_running_total",
        ("advice_line_id", "organization_id", "total", "quantity"),
        [(one.line, one.organization, one.total, one.quantity) for one in told],
    )
    models.Total.objects.filter(advice_line__in={one.line for one in told}).update(
        told_on=None, advice_line=None
    )


def rounded(told: Sequence[Told]) -> Mapping[OrganizationId, int]:
    """By how much rounding its lines once changed an advice, in each organization."""
    lines = {one.line: (one.organization, one.line_amount) for one in told}
    sums: dict[OrganizationId, int] = defaultdict(int)
    for organization, amount in lines.values():
        sums[organization] += amount
    for one in told:
        sums[one.organization] -= one.price.extend(one.quantity)
    return sums
