"""What our own goods are worth, item by item, now or at the end of a day; and what they cost on
average. Goods of others never come here: nothing of theirs was ever ours to cost."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from consigned.title.position import Zone
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


def read_values(asked: Asked, as_of: date | None) -> list[Value]:
    """What a party's own goods cost, by item and organization, now or at the end of a day."""
    where = _where(asked)
    if asked.lot is not None:
        where.also("l.lot = %s", asked.lot)
    if as_of is not None:
        where.also("c.happened_on <= %s", as_of)
    costs = "owned_cost" if as_of is None else "cost_entry"
    return VALUES.read(where, order=("item", "organization", "currency"), pieces={"costs": costs})


def read_changes(asked: Asked, as_of: date | None) -> Sequence[Change]:
    """Every change of what a party's own goods cost, in the order of their recording."""
    where = _where(asked)
    if as_of is not None:
        where.also("c.happened_on <= %s", as_of)
    return CHANGES.read(where, order=("quantity",), pieces={"costs": "cost_entry"})


def read_came(asked: Asked) -> list[Came]:
    """What a party put away, whosever it was, at the prices it came with."""
    return CAME.read(_where(asked).also("l.price IS NOT NULL"))


def read_names(asked: Asked) -> dict[tuple[int, int], tuple[str, str, str]]:
    """The code and name of each item that came to an organization, and the organization's code."""
    return {
        (row.item_id, row.organization_id): (row.item, row.item_name, row.organization)
        for row in NAMED.read(_where(asked))
    }


def _where(asked: Asked) -> Where:
    where = Where().also("o.party_id = %s", asked.party)
    return where.equals(i__code=asked.item, o__code=asked.organization)
