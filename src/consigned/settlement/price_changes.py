"""Retroactive price changes: what was used on days gone by is settled at another price (X06).

Nothing is edited. A total that no advice has told yet gives its quantity back and the same goods
are charged anew, in the same cycle. What an advice told already, and what was used in a period
that is closed since, stays as it is: the next advice takes it back at the old price and charges it
at the new one, in lines of their own, so that their sum is the debit or the credit.

    told: 10 at 1.25, 12.50           next advice:  -10 at 1.25   -12.50
    changed to 1.40                                  10 at 1.40    14.00      a debit of 1.50

Only what was priced by the agreement is changed; a price said with the use, or an order line's,
stands. A price that was changed before may be changed again.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from consigned.accounting.accruals import TotalKey
from consigned.master_data.agreements import PriceSource
from consigned.measure.identity import TotalNumber
from consigned.measure.money import Price
from consigned.measure.quantity import divide_half_even

CORRECTION = "price-correction"
"""The source of a price that corrects what was told before."""
RECHARGED = "changed-by"
"""The word, after the agreement, that names the change a price comes from."""


def is_correction(source: str) -> bool:
    return source.startswith(CORRECTION)


def is_changed_with(source: str) -> bool:
    """Whether a price of this source follows the agreement's."""
    return source.split(" ", 1)[0] in (PriceSource.AGREEMENT, CORRECTION)


def of_what_is_gone(change: int, used: int, gone: int, cost: int) -> int:
    """How much of a change of price falls on goods that are gone still: their share of so much that
    was used, and no more than they cost so far. What came back as ours keeps its cost."""
    return max(divide_half_even(change * gone, used), -cost)


class Used(NamedTuple):
    """Goods that were used on one day and count in one total."""

    total: TotalNumber
    key: TotalKey
    is_told: bool
    used_on: date
    quantity: int


class Moved(NamedTuple):
    """So much, put into a total or (below zero) taken out of it, of goods used on a day."""

    total: TotalKey
    used_on: date
    quantity: int


def is_same_price(one: Price, other: Price) -> bool:
    """Whether two prices are of one value, each for what it is for."""
    return one.micros * other.per == other.micros * one.per


def stands(one: Used, closed_through: date | None) -> bool:
    """Whether goods stay in their total, because it was told or its day is closed; what corrects
    such a total is taken together with it."""
    is_closed = closed_through is not None and one.key.happened_on <= closed_through
    return one.is_told or is_closed or is_correction(one.key.source)


def correct(
    used: Iterable[Used],
    price: Price,
    reference: str,
    *,
    recorded_on: date,
    open_cycle: date,
    closed_through: date | None,
) -> Iterator[Moved]:
    """Move goods from the totals at their old prices to totals at the new one.

    `open_cycle` is the closing date of the cycle in which a use would be told that is recorded
    now; through `closed_through` the books are closed.
    """
    for one in used:
        _, key, _, used_on, quantity = one
        if not quantity or is_same_price(key.price, price):
            continue
        if stands(one, closed_through):
            told_next = key._replace(
                closes_on=open_cycle, happened_on=recorded_on, source=f"{CORRECTION} {reference}",
                alone=0,
            )  # fmt: skip
            yield Moved(told_next, used_on, -quantity)
            yield Moved(told_next._replace(price=price), used_on, quantity)
        else:
            anew = f"{PriceSource.AGREEMENT} {RECHARGED}={reference}"
            yield Moved(key, used_on, -quantity)
            yield Moved(key._replace(price=price, source=anew), used_on, quantity)
