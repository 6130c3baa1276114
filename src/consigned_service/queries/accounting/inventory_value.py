"""What the viewer's own goods are worth, now or on any day gone by, and what they cost on average.

Goods that are somebody else's are worth nothing to their holder, whatever lies on its shelves: not
by lot, not where one delivery was of two owners, not at any past day. The averages are told and
post nothing (checklist P36, P37, P52).
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from consigned.accounting.costs import average_of, perpetual_average
from consigned.measure.money import Price
from consigned.measure.quantity import Micros, Quantity
from consigned.title.position import Zone
from consigned_service.queries.core.figures import Amount, Page, total
from consigned_service.queries.core.viewers import Viewer
from consigned_service.records.sql import bulk
from consigned_service.records.sql.select import Listing, Where

NOT_PUT_AWAY = ", ".join(f"'{zone}'" for zone in (Zone.DOCK, Zone.INSPECTION, Zone.IN_TRANSIT))


class Value(NamedTuple):
    """What an organization owns of an item, and what it cost."""

    item_id: int
    item: str
    item_name: str
    unit: str
    organization_id: int
    organization: str
    quantity: int
    cost: int
    currency: str


class Change(NamedTuple):
    """By how much an organization's own goods of an item changed, and their cost."""

    item_id: int
    organization_id: int
    currency: str
    quantity: int
    averaged: int
    cost: int


class Came(NamedTuple):
    """What an organization put away of an item, at one price."""

    item_id: int
    organization_id: int
    price: int
    currency: str
    per: int
    quantity: int


_TABLES = (
    "organization o {then} {costs} c ON c.organization_id = o.id "
    "{then} layer l ON l.organization_id = c.organization_id AND l.number = c.layer "
    "JOIN item i ON i.id = l.item_id"
)
VALUES = Listing(
    Value,
    {
        "item_id": "i.id",
        "item": "i.code",
        "item_name": "i.name",
        "unit": "i.unit",
        "organization_id": "o.id",
        "organization": "o.code",
        "quantity": "SUM(c.quantity)",
        "cost": "SUM(c.cost)",
        "currency": "c.currency",
    },
    _TABLES,
    group="i.id, i.code, i.name, i.unit, o.id, o.code, c.currency "
    "HAVING SUM(c.quantity) <> 0 OR SUM(c.cost) <> 0",
)


class Worth(NamedTuple):
    """What goods cost in one currency."""

    cost: Amount


WORTH = Listing(
    Worth,
    {"cost": ("SUM(c.cost)", "c.currency")},
    _TABLES,
    group="c.currency HAVING SUM(c.quantity) <> 0 OR SUM(c.cost) <> 0",
    order={"cost": "c.currency"},
)
CHANGES = Listing(
    Change,
    {
        "item_id": "l.item_id",
        "organization_id": "o.id",
        "currency": "c.currency",
        "quantity": "c.quantity",
        "averaged": "c.averaged",
        "cost": "c.cost",
    },
    _TABLES,
    order={"quantity": "c.organization_id, c.number"},
)
CAME = Listing(
    Came,
    {
        "item_id": "l.item_id",
        "organization_id": "o.id",
        "price": "l.price",
        "currency": "l.currency",
        "per": "l.per",
        "quantity": "SUM(l.quantity) - COALESCE(SUM(d.quantity), 0)",
    },
    "organization o {then} layer l ON l.organization_id = o.id JOIN item i ON i.id = l.item_id "
    "LEFT JOIN (SELECT b.organization_id, b.layer, SUM(b.quantity) AS quantity FROM place pl "
    "JOIN position p ON p.organization_id = pl.organization_id AND p.place = pl.number "
    "JOIN balance b ON b.organization_id = p.organization_id AND b.position = p.number "
    f"WHERE pl.zone IN ({NOT_PUT_AWAY}) GROUP BY b.organization_id, b.layer) d "
    "ON d.organization_id = l.organization_id AND d.layer = l.number",
    group="l.item_id, o.id, l.price, l.currency, l.per",
)


class Named(NamedTuple):
    item_id: int
    organization_id: int
    item: str
    item_name: str
    organization: str


NAMED = Listing(
    Named,
    {
        "item_id": "i.id",
        "organization_id": "o.id",
        "item": "i.code",
        "item_name": "i.name",
        "organization": "o.code",
    },
    "organization o {then} layer l ON l.organization_id = o.id JOIN item i ON i.id = l.item_id",
    group="i.id, o.id, i.code, i.name, o.code",
)


class Asked(NamedTuple):
    """Of whose organizations, and of what, something is asked; None asks nothing."""

    party: int
    item: str | None = None
    organization: str | None = None
    lot: str | None = None


def _valued(asked: Asked, as_of: date | None) -> tuple[Where, dict[str, str]]:
    """Which of a party's own goods are valued, and by what: now or at the end of a day."""
    where = _where(asked)
    if asked.lot is not None:
        where.also("l.lot = %s", asked.lot)
    if as_of is not None:
        where.also("c.happened_on <= %s", as_of)
    return where, {"costs": "inventory_cost" if as_of is None else "cost_entry"}


def _read_changes(
    asked: Asked, as_of: date | None, items: Collection[int] | None = None
) -> Sequence[Change]:
    """Every change of what a party's own goods cost, in the order of their recording."""
    where = _where(asked)
    if items is not None:
        chosen, wanted = bulk.among(items)
        where.also(f"l.item_id IN ({chosen})", wanted)
    if as_of is not None:
        where.also("c.happened_on <= %s", as_of)
    return CHANGES.read(where, order=("quantity",), pieces={"costs": "cost_entry"})


def _read_came(asked: Asked) -> list[Came]:
    """What a party put away, whosever it was, at the prices it came with."""
    return CAME.read(_where(asked).also("l.price IS NOT NULL"))


def _read_names(asked: Asked) -> dict[tuple[int, int], tuple[str, str, str]]:
    """The code and name of each item that came to an organization, and the organization's code."""
    return {
        (row.item_id, row.organization_id): (row.item, row.item_name, row.organization)
        for row in NAMED.read(_where(asked))
    }


def _where(asked: Asked) -> Where:
    where = Where().also("o.party_id = %s", asked.party)
    return where.equals(i__code=asked.item, o__code=asked.organization)


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
    limit: int | None = None,
    offset: int = 0,
) -> Page[ValueLine]:
    """The viewer's own goods and their value, now or at the end of the day `as_of`. An average
    takes every change that its item ever had: it is made of the items of the part alone."""
    asked = Asked(viewer.party_id, item, organization, lot)
    where, pieces = _valued(asked, as_of)
    order = ("item", "organization", "currency")
    found = VALUES.read(where, order=order, limit=limit, offset=offset, pieces=pieces)
    items = {row.item_id for row in found}
    averages = _perpetual(asked, as_of, None if limit is None else items)
    lines = [
        ValueLine(
            row.item,
            row.item_name,
            row.organization,
            Quantity(Micros(row.quantity), row.unit),
            Amount(row.cost, row.currency),
            averages.get((row.item_id, row.organization_id, row.currency)),
        )
        for row in found
    ]
    return Page(lines, total(VALUES, where, len(lines), limit, offset, pieces))


def value_of_stock(
    viewer: Viewer,
    item: str | None = None,
    organization: str | None = None,
    as_of: date | None = None,
    *,
    lot: str | None = None,
) -> list[Amount]:
    """What all of it comes to, one sum for each currency."""
    where, pieces = _valued(Asked(viewer.party_id, item, organization, lot), as_of)
    return [row.cost for row in WORTH.read(where, order=("cost",), pieces=pieces)]


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
    for row in _read_came(asked):
        key = (row.item_id, row.organization_id, row.currency)
        came[key].append((row.quantity, Price(row.price, row.currency, row.per)))
    named = _read_names(asked)
    averages = [
        AverageCost(*named[key[:2]], key[2], perpetual.get(key), average_of(came[key], key[2]))
        for key in perpetual.keys() | came.keys()
    ]
    return sorted(averages, key=lambda one: (one.item, one.organization, one.currency))


def _perpetual(
    asked: Asked, as_of: date | None, items: Collection[int] | None = None
) -> dict[tuple[int, int, str], Price | None]:
    changes = defaultdict(list)
    for row in _read_changes(asked, as_of, items):
        key = (row.item_id, row.organization_id, row.currency)
        changes[key].append((row.quantity, row.averaged, row.cost))
    return {key: perpetual_average(made, key[2]) for key, made in changes.items()}
