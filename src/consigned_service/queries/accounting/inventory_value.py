"""What the viewer's own goods are worth, now or on any day gone by, and what they cost on average.

Goods that are somebody else's are worth nothing to their holder, whatever lies on its shelves: not
by lot, not where one delivery was of two owners, not at any past day. The averages are told and
post nothing (checklist P36, P37, P52).
"""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from consigned.accounting.costs import average_of, perpetual_average
from consigned.measure.money import Price
from consigned.measure.quantity import Micros, Quantity
from consigned_service.queries.core.figures import Amount
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.accounting import cost_pages
from consigned_service.records.accounting.cost_pages import Asked


class ValueLine(NamedTuple):
    """What the viewer owns of an item at one of its organizations."""

    item: str
    item_name: str
    organization: str
    quantity: Quantity
    value: Amount
    """At what these very goods cost, layer by layer."""
    average: Price | None
    """The moving average of what became ours; None where none of it had a price."""


def stock_value(
    viewer: Viewer,
    item: str | None = None,
    organization: str | None = None,
    as_of: date | None = None,
    *,
    lot: str | None = None,
) -> list[ValueLine]:
    """The viewer's own goods and their value, now or at the end of the day `as_of`."""
    asked = Asked(viewer.party_id, item, organization, lot)
    averages = _perpetual(asked, as_of)
    return [
        ValueLine(
            row.item,
            row.item_name,
            row.organization,
            Quantity(Micros(row.quantity), row.unit),
            Amount(row.cost, row.currency),
            averages.get((row.item_id, row.organization_id, row.currency)),
        )
        for row in cost_pages.read_values(asked, as_of)
    ]


class AverageCost(NamedTuple):
    """What an item costs on average at one of the viewer's organizations, in one currency."""

    item: str
    item_name: str
    organization: str
    currency: str
    perpetual: Price | None
    """The moving average of what became the viewer's."""
    informational: Price | None
    """What all that was put away came at, whosever it was; it is told and posts nothing."""


def average_costs(
    viewer: Viewer, item: str | None = None, organization: str | None = None
) -> list[AverageCost]:
    """The averages of items at the viewer's organizations, one for each currency."""
    asked = Asked(viewer.party_id, item, organization)
    perpetual = _perpetual(asked, None)
    came = defaultdict(list)
    for row in cost_pages.read_came(asked):
        key = (row.item_id, row.organization_id, row.currency)
        came[key].append((row.quantity, Price(row.price, row.currency, row.per)))
    named = cost_pages.read_names(asked)
    averages = [
        AverageCost(*named[key[:2]], key[2], perpetual.get(key), average_of(came[key], key[2]))
        for key in perpetual.keys() | came.keys()
    ]
    return sorted(averages, key=lambda one: (one.item, one.organization, one.currency))


def _perpetual(asked: Asked, as_of: date | None) -> dict[tuple[int, int, str], Price | None]:
    changes = defaultdict(list)
    for row in cost_pages.read_changes(asked, as_of):
        key = (row.item_id, row.organization_id, row.currency)
        changes[key].append((row.quantity, row.averaged, row.cost))
    return {key: perpetual_average(made, key[2]) for key, made in changes.items()}
