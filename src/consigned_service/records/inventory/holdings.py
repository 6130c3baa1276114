"""What lies on the shelves, row by row and in sums: balances, never a fold of all entries.

Only a question about a day gone by folds the entries up to that day. Every question names the
party whose sight bounds it: it sees what it owns, and what lies in its own organizations.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from consigned.title.layer import Ownership
from consigned.title.position import OUTER_ZONES
from consigned_service.records.master_data.party_pages import KEEPING
from consigned_service.records.sql import bulk
from consigned_service.records.sql.select import Listing, Where, rows

OUTER = ", ".join(f"'{zone}'" for zone in sorted(OUTER_ZONES))


class Holding(NamedTuple):
    """What is left of one layer at one position inside the walls."""

    item: str
    item_name: str
    unit: str
    owner: str
    owner_name: str
    holder_id: int
    holder: str
    holder_name: str
    organization: str
    organization_name: str
    place: str
    condition: str
    order: str | None
    order_line: int | None
    agreement: str | None
    layer: int
    ownership: str
    is_holders: bool
    is_nettable: bool
    received_on: date
    expires_on: date | None
    lot: str | None
    serial: str | None
    is_hazardous: bool
    customs_status: str | None
    customs_document: str | None
    origin: str | None
    quantity: int
    before: int
    """What of the layer lies, of the same owner, at positions before this one: the value of a
    layer is rounded once, and its rows share it in this order."""
    price: int | None
    currency: str | None
    per: int | None
    total: int | None
    """How many rows there are in all, of a day gone by: it is folded once for both."""


# From the positions, which are few, to what lies there: never through the balances of outer
# places, of which there are more with every layer that was ever used up.
NOW = (
    "organization o "
    "{then} position p ON p.organization_id = o.id "
    "{then} place pl ON pl.organization_id = p.organization_id AND pl.number = p.place "
    "{then} balance b ON b.organization_id = p.organization_id AND {lying} "
)
# From what was folded, which is small, to the position of each: the fold has no index.
ON_A_DAY = (
    "{fold} b "
    "{then} position p ON p.organization_id = b.organization_id AND p.number = b.position "
    "{then} organization o ON o.id = p.organization_id "
    "{then} place pl ON pl.organization_id = p.organization_id AND pl.number = p.place "
)
LAYER = "{then} layer l ON l.organization_id = b.organization_id AND l.number = b.layer "
TABLES = "{lies} " + LAYER
NAMES = (
    "JOIN item i ON i.id = p.item_id "
    "JOIN party w ON w.id = p.owner_id "
    "JOIN party h ON h.id = o.party_id "
    "LEFT JOIN order_line ol ON ol.id = l.order_line "
    "LEFT JOIN consigned_order co ON co.id = ol.order_id "
    "LEFT JOIN agreement a ON a.id = l.agreement"
)
HOLDINGS = Listing(
    Holding,
    {
        "item": "i.code",
        "item_name": "i.name",
        "unit": "i.unit",
        "owner": "w.code",
        "owner_name": "w.name",
        "holder_id": "o.party_id",
        "holder": "h.code",
        "holder_name": "h.name",
        "organization": "o.code",
        "organization_name": "o.name",
        "place": "pl.code",
        "condition": "p.condition",
        "order": "co.number",
        "order_line": "ol.line",
        "agreement": "a.number",
        "layer": "l.number",
        "ownership": "l.ownership",
        "is_holders": "p.owner_id = o.party_id",
        "is_nettable": "pl.is_nettable",
        "received_on": "l.received_on",
        "expires_on": "l.expires_on",
        "lot": "l.lot",
        "serial": "l.serial",
        "is_hazardous": "i.is_hazardous",
        "customs_status": "l.customs_status",
        "customs_document": "l.customs_document",
        "origin": "l.origin",
        "quantity": "b.quantity",
        "before": "{before}",
        "price": "l.price",
        "currency": "l.currency",
        "per": "l.per",
        "total": "{total}",
    },
    TABLES + NAMES,
)

AS_OF = (
    "(SELECT organization_id, position, layer, SUM(quantity) AS quantity FROM ("
    "SELECT organization_id, target AS position, layer, quantity FROM title_entry "
    "WHERE happened_on <= %s AND organization_id IN ({organizations}) {of_item}UNION ALL "
    "SELECT organization_id, source, layer, -quantity FROM title_entry "
    "WHERE happened_on <= %s AND organization_id IN ({organizations}) {of_item}"
    ") moved GROUP BY organization_id, position, layer HAVING SUM(quantity) <> 0)"
)
OF_ITEM = (
    "AND (organization_id, layer) IN (SELECT l.organization_id, l.number FROM layer l "
    "WHERE l.item_id = (SELECT id FROM item WHERE code = %s)) "
)
SHARED_AS_OF = (
    "(SELECT f.organization_id, f.position, f.layer, f.quantity, SUM(f.quantity) OVER ("
    f"PARTITION BY f.organization_id, f.layer, fp.owner_id, fl.zone IN ({OUTER}) "
    "ORDER BY f.position) - f.quantity AS before FROM {fold} f "
    "JOIN position fp ON fp.organization_id = f.organization_id AND fp.number = f.position "
    "JOIN place fl ON fl.organization_id = fp.organization_id AND fl.number = fp.place)"
)
SHARED_NOW = (
    "(SELECT COALESCE(SUM(fb.quantity), 0) FROM position fp {then} balance fb "
    "ON fb.organization_id = fp.organization_id AND fb.position = fp.number "
    "AND fb.layer = l.number "
    "WHERE fp.organization_id = p.organization_id AND fp.item_id = p.item_id "
    "AND fp.owner_id = p.owner_id AND fp.number + 0 < p.number AND NOT fb.is_outer)"
)
"""The positions of one owner's item are few and found by index; a bare `fp.number <` would have
SQLite go through all positions made before, for every row."""
SEEN_ORGANIZATIONS = (
    "SELECT id FROM organization WHERE party_id = %s UNION "
    "SELECT organization_id FROM position WHERE owner_id = %s"
)


KEPT = f"o.id IN (SELECT organization FROM appointment WHERE party_id = %s AND role IN ({KEEPING}))"
TOLD_ONCE = (
    "o.party_id = %s OR (p.owner_id = %s AND NOT EXISTS (SELECT 1 FROM agreement ho "
    "WHERE ho.id = l.agreement AND NOT (ho.supplied_from = '')))"
)
"""What a party holds, and its goods in others' hands; of goods that it hands on for another party
(E14) only what its own organization says, so that they are not counted where they went, too."""
ORDERED = (
    "l.order_line IN (SELECT ol.id FROM order_line ol "
    "JOIN consigned_order co ON co.id = ol.order_id WHERE co.number = %s)"
)


class Sight(NamedTuple):
    """What of the shelves is asked for; None asks nothing."""

    party: int
    item: str | None = None
    owner: str | None = None
    holder: str | None = None
    organization: str | None = None
    place: str | None = None
    order: str | None = None
    agreement: str | None = None
    ownership: str | None = None
    """consigned or non-owned: somebody else's in the holder's hands; owned: the holder's."""
    own_side: str | None = None
    """held: in the party's own organizations; off-site: the party's goods in others' hands;
    kept: in the organizations of others whose goods it keeps."""
    received_from: date | None = None
    received_through: date | None = None
    expires_through: date | None = None
    lot: str | None = None


def read(
    sight: Sight,
    *,
    as_of: date | None = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> list[Holding]:
    """The goods inside the walls that a party may see, now or at the end of a day."""
    pieces, before = _balance(sight, as_of)
    order = (*order, "item", "organization", "received_on", "layer", "place", "owner")
    return HOLDINGS.read(
        seen(sight), order=order, limit=limit, offset=offset, pieces=pieces, before=before
    )


def count(sight: Sight, *, as_of: date | None = None) -> int:
    pieces, before = _balance(sight, as_of)
    return HOLDINGS.count(seen(sight), pieces=pieces, before=before)


def _balance(sight: Sight, as_of: date | None) -> tuple[dict[str, str], list[object]]:
    if as_of is None:
        return standing() | {"before": SHARED_NOW.format(then=bulk.then()), "total": "NULL"}, []
    scope: list[object] = [as_of, sight.party, sight.party]
    of_item = ""
    if sight.item is not None:
        of_item = OF_ITEM
        scope.append(sight.item)
    fold = AS_OF.format(organizations=SEEN_ORGANIZATIONS, of_item=of_item)
    lies = ON_A_DAY.format(then=bulk.then(), fold=SHARED_AS_OF.format(fold=fold))
    return {"lies": lies, "before": "b.before", "total": "COUNT(*) OVER ()"}, scope * 2


def standing() -> dict[str, str]:
    """The balances as they are kept. To an equality SQLite would first make an index of its own
    over all of them, each time; a span of one number it looks up in the index that there is."""
    lying = "b.position = p.number"
    if not bulk.is_postgres():
        lying = "b.position BETWEEN p.number AND p.number"
    return {"lies": NOW.format(then=bulk.then(), lying=lying)}


def seen(sight: Sight) -> Where:
    """What rows must keep so that a party sees what it may and what it asks for."""
    where = Where()
    match sight.own_side:
        case "held":
            where.also("o.party_id = %s", sight.party)
        case "off-site":
            where.also("p.owner_id = %s AND o.party_id <> %s", sight.party, sight.party)
        case "kept":
            where.also(KEPT, sight.party)
        case _ if any((sight.owner, sight.holder, sight.organization, sight.agreement)):
            where.also("o.party_id = %s OR p.owner_id = %s", sight.party, sight.party)
        case _:
            where.also(TOLD_ONCE, sight.party, sight.party)
    where.also(f"pl.zone NOT IN ({OUTER})")
    for asked, condition in (
        (sight.item, "p.item_id = (SELECT id FROM item WHERE code = %s)"),
        (sight.owner, "p.owner_id = (SELECT id FROM party WHERE code = %s)"),
        (sight.holder, "o.party_id = (SELECT id FROM party WHERE code = %s)"),
        (sight.organization, "o.code = %s"),
        (sight.place, "pl.code = %s"),
        (sight.order, ORDERED),
        (sight.agreement, "l.agreement = (SELECT id FROM agreement WHERE number = %s)"),
        (sight.lot, "l.lot = %s"),
        (sight.received_from, "l.received_on >= %s"),
        (sight.received_through, "l.received_on <= %s"),
        (sight.expires_through, "l.expires_on <= %s"),
    ):
        if asked is not None:
            where.also(condition, asked)
    if sight.ownership == Ownership.OWNED:
        where.also("p.owner_id = o.party_id")
    elif sight.ownership:
        where.also("p.owner_id <> o.party_id AND l.ownership = %s", sight.ownership)
    return where


class Alike(NamedTuple):
    """So many layers that are alike in owner, holder, day, quantity and price, each as a whole."""

    owner: str
    owner_name: str
    holder: str
    holder_name: str
    received_on: date
    quantity: int
    price: int | None
    currency: str | None
    per: int | None
    times: int
    lines: int
    """At so many positions they lie."""


def read_alike(sight: Sight) -> list[Alike]:
    """Layers counted by what decides their value and age, so that each is valued once, as the
    books value it: wherever its parts lie."""
    where = seen(sight)
    tables = TABLES.format(then=bulk.then(), **standing())
    return rows(
        Alike,
        "SELECT w.code, w.name, h.code, h.name, y.received_on, y.quantity, y.price, y.currency, "
        "y.per, COUNT(*), SUM(y.lines) FROM ("
        "SELECT p.owner_id, o.party_id, l.received_on, SUM(b.quantity) AS quantity, l.price, "
        f"l.currency, l.per, COUNT(*) AS lines FROM {tables} WHERE {where} "
        "GROUP BY p.organization_id, l.number, p.owner_id, o.party_id, l.received_on, l.price, "
        "l.currency, l.per"
        ") y JOIN party w ON w.id = y.owner_id JOIN party h ON h.id = y.party_id "
        "GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9",
        where.parameters,
    )


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


def read_by_item(sight: Sight, items: Iterable[int]) -> list[ItemStock]:
    """What is held of each of some items, by organization and owner; not what is on its way."""
    where = seen(sight._replace(item=None)).also("pl.zone <> 'in-transit'")
    wanted = list(items)
    marks = ", ".join(["%s"] * len(wanted))
    where.also(f"p.item_id IN ({marks})", *wanted) if wanted else where.also("false")
    return ITEM_STOCK.read(where, pieces=standing())
