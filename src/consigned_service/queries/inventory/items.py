"""Items: consigned, owned, on order and in transit side by side (checklist L35, C04).

What is consigned is never counted as owned (P06), and is available like any other goods where
they are unrestricted, in a nettable place and not promised to a customer (P07). To an owner whose
goods lie elsewhere nothing is available (E31).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Any, NamedTuple

from consigned.measure.quantity import Micros, Quantity
from consigned.title.layer import Ownership
from consigned_service.queries.core.figures import Page
from consigned_service.queries.core.question import Filter, Question
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.inventory.stock import StockLine, on_hand
from consigned_service.queries.master_data.designations import AtOrganization as AsKept
from consigned_service.queries.master_data.items import (
    Item,
    count_known_items,
    known_item,
    known_items,
)
from consigned_service.records.inbound.order_columns import IN_TRANSIT, ON_ORDER, RECEIVED
from consigned_service.records.inventory.holdings import TABLES, Visibility, seen, standing
from consigned_service.records.sql.select import Listing, Where


class ItemStock(NamedTuple):
    """What an organization holds of an item, by whose it is and whether it may be used."""

    item: int
    organization: str
    organization_name: str
    holder: str
    holder_name: str
    holder_id: int
    ownership: str
    owner: str
    owner_name: str
    quantity: int
    usable: int


ITEM_STOCK = Listing(
    ItemStock,
    {
        "item": "p.item_id",
        "organization": "o.code",
        "organization_name": "o.name",
        "holder": "h.code",
        "holder_name": "h.name",
        "holder_id": "o.party_id",
        "ownership": "CASE WHEN p.owner_id = o.party_id THEN 'owned' ELSE l.ownership END",
        "owner": "w.code",
        "owner_name": "w.name",
        "quantity": "SUM(b.quantity)",
        "usable": (
            "SUM(CASE WHEN p.condition = 'unrestricted' AND pl.is_nettable "
            "THEN b.quantity ELSE 0 END)"
        ),
    },
    TABLES + "JOIN party w ON w.id = p.owner_id JOIN party h ON h.id = o.party_id",
    group="1, 2, 3, 4, 5, 6, 7, 8, 9",
)


def _read_by_item(sight: Visibility, items: Iterable[int]) -> list[ItemStock]:
    """What is held of each of some items, by organization and owner; not what is on its way."""
    where = seen(sight._replace(item=None)).also("pl.zone <> 'in-transit'")
    wanted = list(items)
    marks = ", ".join(["%s"] * len(wanted))
    where.also(f"p.item_id IN ({marks})", *wanted) if wanted else where.also("false")
    return ITEM_STOCK.read(where, pieces=standing())


class ToCome(NamedTuple):
    """What an order line still brings, and how much of it is on its way."""

    item: int
    organization: str
    organization_name: str
    holder_id: int
    holder_name: str
    consignor: str
    consignor_name: str
    order: str
    line: int
    ownership: str
    ordered_on: date
    needed_on: date | None
    ordered: int
    received: int
    open: int
    in_transit: int


TO_COME = Listing(
    ToCome,
    {
        "item": "ol.item_id",
        "organization": "o.code",
        "organization_name": "o.name",
        "holder_id": "o.party_id",
        "holder_name": "h.name",
        "consignor": "w.code",
        "consignor_name": "w.name",
        "order": "co.number",
        "line": "ol.line",
        "ownership": "ol.ownership",
        "ordered_on": "co.ordered_on",
        "needed_on": "ol.needed_on",
        "ordered": "ol.quantity",
        "received": RECEIVED,
        "open": ON_ORDER,
        "in_transit": IN_TRANSIT,
    },
    "order_line ol JOIN purchase_order co ON co.id = ol.order_id "
    "JOIN organization o ON o.id = co.organization_id JOIN party h ON h.id = o.party_id "
    "JOIN party w ON w.id = co.consignor_id",
)


def _read_to_come(party: int, items: Iterable[int]) -> list[ToCome]:
    """The order lines of some items that are not wholly received."""
    wanted = list(items)
    if not wanted:
        return []
    marks = ", ".join(["%s"] * len(wanted))
    where = Where().also("o.party_id = %s OR co.consignor_id = %s", party, party)
    where.also(f"ol.item_id IN ({marks})", *wanted)
    where.also(f"{ON_ORDER} > 0 OR {IN_TRANSIT} > 0")
    return TO_COME.read(where, order=("needed_on", "ordered_on", "order", "line"))


class Reserved(NamedTuple):
    item: int
    organization: str
    quantity: int


RESERVED = Listing(
    Reserved,
    {"item": "v.item_id", "organization": "o.code", "quantity": "SUM(v.quantity_open)"},
    "reservation v JOIN organization o ON o.id = v.organization_id",
    group="1, 2",
)


def _read_reserved(party: int, items: Iterable[int]) -> list[Reserved]:
    """What is promised to customers, in the party's own organizations only."""
    wanted = list(items)
    if not wanted:
        return []
    marks = ", ".join(["%s"] * len(wanted))
    where = Where().also("o.party_id = %s AND v.quantity_open > 0", party)
    return RESERVED.read(where.also(f"v.item_id IN ({marks})", *wanted))


class ItemLine(NamedTuple):
    """One item with all its figures over the organizations that the viewer may see."""

    code: str
    name: str
    designation: Ownership
    gtin: str
    consigned: Quantity
    owned: Quantity
    non_owned: Quantity
    on_order: Quantity
    in_transit: Quantity
    available: Quantity


class AtOrganization(NamedTuple):
    """An item's figures at one organization."""

    organization: str
    organization_name: str
    holder_name: str
    is_own: bool
    """Whether the organization is the viewer's; elsewhere it sees only its own goods."""
    consigned: Quantity
    owned: Quantity
    non_owned: Quantity
    on_order: Quantity
    in_transit: Quantity
    reserved: Quantity
    available: Quantity
    designation: Ownership | None = None
    """What the item is designated as there; None at organizations of others."""
    assigned_consignor: str | None = None


class OpenOrderLine(NamedTuple):
    organization: str
    order: str
    line: int
    consignor_name: str
    ownership: Ownership
    ordered_on: date
    needed_on: date | None
    ordered: Quantity
    received: Quantity
    open: Quantity
    in_transit: Quantity


class Item360(NamedTuple):
    """Everything of one item on one page."""

    line: ItemLine
    organizations: list[AtOrganization]
    stock: Page[StockLine]
    """By owner, order and place; the first lines of it."""
    open_orders: list[OpenOrderLine]


def items(
    viewer: Viewer,
    search: str = "",
    *,
    designation: Annotated[Ownership | None, Filter("only of this designation")] = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[ItemLine]:
    """The items that the viewer trades, with their figures; sorted by code, name or designation."""
    rows = known_items(
        viewer,
        search=search,
        designation=designation,
        order=[name.replace("designation", "ownership") for name in order],
        limit=limit,
        offset=offset,
    )
    count = count_known_items(viewer, search=search, designation=designation)
    figures = _figures(viewer, rows)
    return Page([_sum(row, figures[row.id].values()) for row in rows], count)


ITEM_LIST = Question(
    "items",
    "List the items that are traded, with what is on hand and on order of each.",
    items, "item",
    (

    ),
)  # fmt: skip


def item_360(viewer: Viewer, item_code: str, *, today: date, lines: int = 200) -> Item360 | None:
    """One item with all that is known of it; None where the viewer does not trade it."""
    item = known_item(viewer, item_code)
    if item is None:
        return None
    at = _figures(viewer, [item])[item.id]
    to_come = _read_to_come(viewer.party_id, [item.id])
    for kept in AsKept.of_item(viewer.party_id, item.id):
        if one := at.get(kept.organization):
            at[kept.organization] = one._replace(
                designation=kept.designation, assigned_consignor=kept.consignor
            )
    return Item360(
        line=_sum(item, at.values()),
        organizations=sorted(at.values(), key=lambda one: (not one.is_own, one.organization)),
        stock=on_hand(viewer, item_code, today=today, limit=lines),
        open_orders=[_open_line(row, item.unit) for row in to_come],
    )


def _figures(viewer: Viewer, rows: Iterable[Item]) -> dict[int, dict[str, AtOrganization]]:
    """The figures of some items, by item and organization, in three statements."""
    party = viewer.party_id
    units = {row.id: row.unit for row in rows}
    books: dict[int, dict[str, AtOrganization]] = {item: {} for item in units}
    for held in _read_by_item(Visibility(party), units):
        column = held.ownership.replace("-", "_")
        is_own = held.holder_id == party
        at = _at(books, held.item, units, held.organization, held.organization_name,
                 held.holder_name, is_own)  # fmt: skip
        at = _plus(at, column, held.quantity)
        books[held.item][held.organization] = _plus(at, "available", held.usable) if is_own else at
    for row in _read_to_come(party, units):
        at = _at(books, row.item, units, row.organization, row.organization_name,
                 row.holder_name, row.holder_id == party)  # fmt: skip
        at = _plus(at, "on_order", row.open)
        books[row.item][row.organization] = _plus(at, "in_transit", row.in_transit)
    for promise in _read_reserved(party, units):
        if at_all := books[promise.item].get(promise.organization):
            at = _plus(at_all, "reserved", promise.quantity)
            books[promise.item][promise.organization] = _plus(at, "available", -promise.quantity)
    return books


def _at(
    books: dict[int, dict[str, AtOrganization]],
    item: int,
    units: dict[int, str],
    organization: str,
    organization_name: str,
    holder_name: str,
    is_own: bool,
) -> AtOrganization:
    nothing = Quantity(Micros(0), units[item])
    return books[item].get(organization) or AtOrganization(
        organization, organization_name, holder_name, is_own, nothing, nothing, nothing, nothing,
        nothing, nothing, nothing,
    )  # fmt: skip


def _plus(at: AtOrganization, column: str, micros: int) -> AtOrganization:
    so_far: Quantity = getattr(at, column)
    change: dict[str, Any] = {column: so_far + Quantity(Micros(micros), so_far.unit)}
    return at._replace(**change)


def _sum(item: Item, figures: Iterable[AtOrganization]) -> ItemLine:
    figures = list(figures)

    def total(column: str) -> Quantity:
        micros = sum(getattr(at, column).micros for at in figures)
        return Quantity(Micros(micros), item.unit)

    return ItemLine(
        code=item.code,
        name=item.name,
        designation=Ownership(item.ownership),
        gtin=item.gtin,
        consigned=total("consigned"),
        owned=total("owned"),
        non_owned=total("non_owned"),
        on_order=total("on_order"),
        in_transit=total("in_transit"),
        available=total("available"),
    )


def _open_line(row: ToCome, unit: str) -> OpenOrderLine:
    def quantity(micros: int) -> Quantity:
        return Quantity(Micros(micros), unit)

    return OpenOrderLine(
        organization=row.organization,
        order=row.order,
        line=row.line,
        consignor_name=row.consignor_name,
        ownership=Ownership(row.ownership),
        ordered_on=row.ordered_on,
        needed_on=row.needed_on,
        ordered=quantity(row.ordered),
        received=quantity(row.received),
        open=quantity(row.open),
        in_transit=quantity(row.in_transit),
    )
