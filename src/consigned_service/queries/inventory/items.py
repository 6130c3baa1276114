"""Items: consigned, owned, on order and in transit side by side (checklist L35, C04).

What is consigned is never counted as owned (P06), and is available like any other goods where
they are unrestricted, in a nettable place and not promised to a customer (P07). To an owner whose
goods lie elsewhere nothing is available (E31).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from consigned.measure.quantity import Micros, Quantity
from consigned.title.layer import Ownership
from consigned_service.queries.core.figures import Page
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.inventory.stock import StockLine, on_hand
from consigned_service.records.inventory import holdings
from consigned_service.records.inventory.holdings import Sight
from consigned_service.records.master_data import designations, item_pages
from consigned_service.records.master_data.item_pages import Item, ToCome


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
    designation: Ownership | None = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[ItemLine]:
    """The items that the viewer trades, with their figures; sorted by code, name or designation."""
    party = viewer.party_id
    rows = item_pages.read(
        party,
        search=search,
        ownership=designation,
        order=[name.replace("designation", "ownership") for name in order],
        limit=limit,
        offset=offset,
    )
    count = item_pages.count(party, search=search, ownership=designation)
    figures = _figures(viewer, rows)
    return Page([_sum(row, figures[row.id].values()) for row in rows], count)


def item_360(viewer: Viewer, item_code: str, *, today: date, lines: int = 200) -> Item360 | None:
    """One item with all that is known of it; None where the viewer does not trade it."""
    item = item_pages.read_one(viewer.party_id, item_code)
    if item is None:
        return None
    at = _figures(viewer, [item])[item.id]
    to_come = item_pages.read_to_come(viewer.party_id, [item.id])
    for kept in designations.as_kept(viewer.party_id, item.id):
        if one := at.get(kept.organization):
            at[kept.organization] = one._replace(
                designation=Ownership(kept.ownership), assigned_consignor=kept.consignor
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
    for held in holdings.read_by_item(Sight(party), units):
        column = held.ownership.replace("-", "_")
        is_own = held.holder_id == party
        at = _at(books, held.item, units, held.organization, held.organization_name,
                 held.holder_name, is_own)  # fmt: skip
        at = _plus(at, column, held.quantity)
        books[held.item][held.organization] = _plus(at, "available", held.usable) if is_own else at
    for row in item_pages.read_to_come(party, units):
        at = _at(books, row.item, units, row.organization, row.organization_name,
                 row.holder_name, row.holder_id == party)  # fmt: skip
        at = _plus(at, "on_order", row.open)
        books[row.item][row.organization] = _plus(at, "in_transit", row.in_transit)
    for promise in item_pages.read_reserved(party, units):
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
