"""The first page: what we hold that is not ours and what we owe for what we used; and, for a
consignor, where its goods are and what is owed to it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse

from consigned_service.interfaces.access.viewing import viewer_of
from consigned_service.interfaces.workbench.charts import Aged, draw_ages
from consigned_service.interfaces.workbench.pages import page, today
from consigned_service.queries.consumption import exceptions
from consigned_service.queries.core.figures import Amount, sum_amounts
from consigned_service.queries.inventory.stock import (
    Age,
    Held,
    held_by_consignor,
    off_site_by_holder,
)
from consigned_service.queries.master_data import parties
from consigned_service.queries.settlement import agreements
from consigned_service.queries.settlement import payables as debts
from consigned_service.queries.settlement.payables import Owed

ROWS_SHOWN = 20


class Sums(NamedTuple):
    """What is owed in one currency, on its way from use to payment."""

    running: Amount
    advised: Amount
    invoiced: Amount
    total: Amount
    elsewhere: Amount
    """Settled elsewhere, and not recorded yet; not in the total."""


def overview(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    roles = parties.roles(viewer)
    day = today(viewer)
    owed = debts.owed(viewer)
    held = _aged(held_by_consignor(viewer, day), "owner") if roles.holds else []
    elsewhere = _aged(off_site_by_holder(viewer, day), "holder") if roles.consigns else []
    payable = [row for row in owed if row.is_ours_to_pay]
    receivable = [row for row in owed if not row.is_ours_to_pay]
    reasons = exceptions.exception_reasons(viewer)
    return page(
        request,
        "overview",
        here="overview",
        roles=roles,
        day=day,
        ages=list(Age),
        held=held[:ROWS_SHOWN],
        held_more=max(0, len(held) - ROWS_SHOWN),
        held_sums=sum_amounts(row.total for row in held),
        held_picture=draw_ages(held),
        elsewhere=elsewhere[:ROWS_SHOWN],
        elsewhere_more=max(0, len(elsewhere) - ROWS_SHOWN),
        elsewhere_sums=sum_amounts(row.total for row in elsewhere),
        elsewhere_picture=draw_ages(elsewhere),
        payable=payable[:ROWS_SHOWN],
        payable_sums=sums(payable),
        payable_more=max(0, len(payable) - ROWS_SHOWN),
        receivable=receivable[:ROWS_SHOWN],
        receivable_sums=sums(receivable),
        receivable_more=max(0, len(receivable) - ROWS_SHOWN),
        waiting=sum(reason.times for reason in reasons),
        next_closing=agreements.next_to_close(viewer, today=day),
    )


def sums(rows: Iterable[Owed]) -> list[Sums]:
    """What some rows come to, one sum for each currency."""
    found: dict[str, list[int]] = {}
    for row in rows:
        so_far = found.setdefault(row.running.currency, [0] * len(Sums._fields))
        for place, name in enumerate(Sums._fields):
            so_far[place] += getattr(row, name).minor
    return [
        Sums(*(Amount(minor, currency) for minor in figures))
        for currency, figures in sorted(found.items())
    ]


def _aged(held: Iterable[Held], side: str) -> list[Aged]:
    """One row for each partner and currency, with what lies there by age."""
    values: dict[tuple[str, str, str], dict[Age, int]] = defaultdict(dict)
    lines: Counter[tuple[str, str, str]] = Counter()
    for one in held:
        currency = one.value.currency if one.value else ""
        key = (getattr(one, side), getattr(one, f"{side}_name"), currency)
        lines[key] += one.lines
        if one.value:
            of_it = values[key]
            of_it[one.age] = of_it.get(one.age, 0) + one.value.minor
    rows = [
        Aged(
            *key, {age: Amount(minor, key[-1]) for age, minor in values[key].items()}, count,
            Amount(sum(values[key].values()), key[-1]) if values[key] else None,
        )
        for key, count in lines.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: -(row.total.minor if row.total else -1))
