"""Stock: what lies where, whose it is, since when, and what it is worth at its receipt price.

The holder sees what it holds, its own and others' (checklist E29); the owner sees its goods on
its books but elsewhere, never as available (E30, E31). An age is counted from the day of receipt.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, NamedTuple

from consigned.measure.money import Price
from consigned.measure.quantity import Micros, Quantity
from consigned.title.layer import Ownership
from consigned.title.position import Condition
from consigned_service.queries.core.figures import Amount, Page
from consigned_service.queries.core.question import (
    Filter,
    OfAgreement,
    OfItem,
    OfLot,
    OfOrganization,
    Question,
)
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.core.worth import amount, fits
from consigned_service.queries.master_data.parties import SEEN
from consigned_service.records.inventory.holdings import (
    OUTER,
    TABLES,
    Visibility,
    balances_within,
    on_hand_within,
    seen,
)
from consigned_service.records.sql import bulk
from consigned_service.records.sql.select import Listing, rows


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
    total: int
    """How many rows there are in all."""

    @classmethod
    def page(
        cls,
        sight: Visibility,
        *,
        as_of: date | None = None,
        order: Sequence[str] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> Page["Holding"]:
        """The goods inside the walls that a party may see, now or at the end of a day: a part of
        them, and how many there are in all. Of a part it is found first which they are, and then
        what they say: how a layer's value is shared is asked of the layers of the part alone."""
        order = (*order, *UNTIL_ALONE)
        if limit is None or limit > MOST_AT_ONCE:
            found = _whole(sight, as_of, order, limit, offset)
            total = found[0].total if found and limit is not None else len(found)
            return Page(found, total or _how_many(sight, as_of))
        lies, before = _lying(sight, as_of)
        keys = KEYS.read(
            seen(sight), order=order, limit=limit, offset=offset, pieces=lies, before=before
        )
        if not keys:
            return Page([], _how_many(sight, as_of) if offset else 0)
        return Page(_named(sight, as_of, order, keys), keys[0].total)


class Key(NamedTuple):
    """A layer at a position, and how many there are in all: they are gone through once for both."""

    organization_id: int
    position: int
    layer: int
    total: int


# From what was folded, which is small, to the position of each: the fold has no index.
ON_A_DAY = (
    "{fold} b "
    "{then} position p ON p.organization_id = b.organization_id AND p.number = b.position "
    "{then} organization o ON o.id = p.organization_id "
    "{then} place pl ON pl.organization_id = p.organization_id AND pl.number = p.place "
)
NAMES = (
    "JOIN item i ON i.id = p.item_id "
    "JOIN party w ON w.id = p.owner_id "
    "JOIN party h ON h.id = o.party_id "
    "LEFT JOIN order_line ol ON ol.id = l.order_line "
    "LEFT JOIN purchase_order co ON co.id = ol.order_id "
    "LEFT JOIN agreement a ON a.id = l.agreement"
)
UNTIL_ALONE = ("item", "organization", "received_on", "layer", "place", "owner", "position")
"""By these no two rows are alike, so that each is on one page."""
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
        "total": "COUNT(*) OVER ()",
    },
    TABLES + NAMES,
    order={"position": "b.position"},
)
KEYS = Listing(
    Key,
    {
        "organization_id": "b.organization_id",
        "position": "b.position",
        "layer": "b.layer",
        "total": "COUNT(*) OVER ()",
    },
    TABLES + NAMES,
    order={name: str(said) for name, said in HOLDINGS.columns.items()} | dict(HOLDINGS.order),
)
MOST_AT_ONCE = 1000
"""So many rows may be named in one statement."""
NAMED_NOW = (
    "(VALUES {keys}) k {then} balance b ON b.organization_id = k.column1 "
    "AND b.position = k.column2 AND b.layer = k.column3 "
    "{then} position p ON p.organization_id = b.organization_id AND p.number = b.position "
    "{then} organization o ON o.id = p.organization_id "
    "{then} place pl ON pl.organization_id = p.organization_id AND pl.number = p.place "
)
NAMED_ON_A_DAY = NAMED_NOW.replace(" balance b ", " {fold} b ")
AS_OF = (
    "(SELECT organization_id, position, layer, SUM(quantity) AS quantity FROM ("
    "SELECT e.organization_id, e.target AS position, e.layer, e.quantity FROM {entries} "
    "WHERE e.happened_on <= %s AND {organization} {is_seen} {of_item}UNION ALL "
    "SELECT e.organization_id, e.source, e.layer, -e.quantity FROM {entries} "
    "WHERE e.happened_on <= %s AND {organization} {is_seen} {of_item}"
    ") moved GROUP BY organization_id, position, layer HAVING SUM(quantity) <> 0)"
)
OF_LAYERS = (
    "(VALUES {layers}) n {then} title_entry e "
    "ON e.organization_id = n.column1 AND e.layer = n.column2"
)
OF_ITEM = (
    "layer n {then} title_entry e ON e.organization_id = n.organization_id AND e.layer = n.number"
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
SEEN_ORGANIZATIONS = f"SELECT o.id FROM organization o WHERE {SEEN}"


def _whole(
    sight: Visibility, as_of: date | None, order: Sequence[str], limit: int | None, offset: int
) -> list[Holding]:
    if as_of is None:
        pieces = on_hand_within(sight) | {"before": SHARED_NOW.format(then=bulk.then())}
        return HOLDINGS.read(seen(sight), order=order, limit=limit, offset=offset, pieces=pieces)
    fold, before = _fold(sight, as_of)
    pieces = _on_a_day(SHARED_AS_OF.format(fold=fold)) | {"before": "b.before"}
    return HOLDINGS.read(
        seen(sight), order=order, limit=limit, offset=offset, pieces=pieces, before=before
    )


def _how_many(sight: Visibility, as_of: date | None) -> int:
    lies, before = _lying(sight, as_of)
    return KEYS.count(seen(sight), pieces=lies, before=before)


def _named(
    sight: Visibility, as_of: date | None, order: Sequence[str], keys: Sequence[Key]
) -> list[Holding]:
    """What the layers at some positions say."""
    then = bulk.then()
    marks = ", ".join(["(%s, %s, %s)"] * len(keys))
    named: list[object] = [value for key in keys for value in key[:3]]
    if as_of is None:
        pieces = {
            "lies": NAMED_NOW.format(then=then, keys=marks),
            "before": SHARED_NOW.format(then=then),
        }
        return HOLDINGS.read(seen(sight), order=order, pieces=pieces, before=named)
    layers = sorted({(key.organization_id, key.layer) for key in keys})
    fold, folded = _fold(sight, as_of, layers)
    shared = SHARED_AS_OF.format(fold=fold)
    pieces = {
        "lies": NAMED_ON_A_DAY.format(then=then, keys=marks, fold=shared),
        "before": "b.before",
    }
    return HOLDINGS.read(seen(sight), order=order, pieces=pieces, before=[*named, *folded])


def _lying(sight: Visibility, as_of: date | None) -> tuple[dict[str, str], list[object]]:
    if as_of is None:
        return on_hand_within(sight), []
    fold, before = _fold(sight, as_of)
    return _on_a_day(fold), before


def _on_a_day(fold: str) -> dict[str, str]:
    return {"lies": ON_A_DAY.format(then=bulk.then(), fold=fold)}


def _fold(
    sight: Visibility, as_of: date, layers: Sequence[tuple[int, int]] = ()
) -> tuple[str, list[object]]:
    """The entries of the organizations that a party sees, summed up to the end of a day; of one
    item or of some layers where they are named. Without, SQLite reads the table from end to end:
    by the index of an organization it would look up each entry by itself."""
    scope: list[object] = [as_of, sight.party, sight.party]
    entries, organization, of_item = "title_entry e", "e.organization_id", ""
    if layers:
        marks = ", ".join(["(%s, %s)"] * len(layers))
        entries = OF_LAYERS.format(then=bulk.then(), layers=marks)
        scope = [number for layer in layers for number in layer] + scope
    elif sight.item is not None:
        entries, organization = OF_ITEM.format(then=bulk.then()), "n.organization_id"
        of_item = "AND n.item_id = (SELECT id FROM item WHERE code = %s) "
        scope.append(sight.item)
    elif not bulk.is_postgres():
        organization = "+e.organization_id"
    fold = AS_OF.format(
        entries=entries,
        organization=organization,
        is_seen=bulk.one_of(SEEN_ORGANIZATIONS),
        of_item=of_item,
    )
    return fold, scope * 2


class Age(StrEnum):
    """How long goods have lain, in days."""

    MONTH = "0-30"
    TWO_MONTHS = "31-60"
    QUARTER = "61-90"
    HALF_YEAR = "91-180"
    OLDER = ">180"

    @classmethod
    def of(cls, days: int) -> "Age":
        for age, last in ((cls.MONTH, 30), (cls.TWO_MONTHS, 60), (cls.QUARTER, 90)):
            if days <= last:
                return age
        return cls.HALF_YEAR if days <= 180 else cls.OLDER


FIRST_AND_LAST_DAY: dict[Age, tuple[int | None, int | None]] = {
    Age.MONTH: (None, 30),
    Age.TWO_MONTHS: (31, 60),
    Age.QUARTER: (61, 90),
    Age.HALF_YEAR: (91, 180),
    Age.OLDER: (181, None),
}


class StockLine(NamedTuple):
    """What is left of one receipt at one place, in one condition."""

    item: str
    item_name: str
    owner: str
    owner_name: str
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
    received_on: date
    age_days: int
    expires_on: date | None
    lot: str | None
    serial: str | None
    is_hazardous: bool
    customs_status: str | None
    customs_document: str | None
    origin: str | None
    quantity: Quantity
    value: Amount | None
    """At the price it was received at, a share of what its layer comes to, rounded once for the
    whole of it; None where it was received without one."""
    ownership: Ownership
    """Owned by its holder, consigned to it, or non-owned."""
    is_available: bool
    """Whether the viewer may use or promise it: unrestricted, in a nettable place of its own."""


def on_hand(
    viewer: Viewer,
    item: OfItem = None,
    owner: Annotated[str | None, Filter("only of this owner")] = None,
    organization: OfOrganization = None,
    as_of: Annotated[date | None, Filter("at the end of this day")] = None,
    *,
    today: date,
    holder: Annotated[str | None, Filter("only with this party")] = None,
    place: Annotated[str | None, Filter("only at this place")] = None,
    order_number: Annotated[str | None, Filter("only of this order", "NUMBER")] = None,
    agreement: OfAgreement = None,
    ownership: Annotated[Ownership | None, Filter("only goods of this status")] = None,
    age: Age | None = None,
    elsewhere: bool | None = None,
    expires_through: date | None = None,
    lot: OfLot = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[StockLine]:
    """Stock on hand line by line, now or at the end of the day `as_of` (checklist E29, E37).

    Parties, items and organizations are named by code. `order` names fields of the line, each
    with `-` before it to sort downwards. `elsewhere` asks for the viewer's goods in others' hands
    only, or (False) for what lies in its own organizations only.
    """
    sight = _aged(
        Visibility(
            viewer.party_id, item, owner, holder, organization, place, order_number, agreement,
            ownership, SIDES[elsewhere], expires_through=expires_through, lot=lot,
        ),
        age,
        as_of or today,
    )  # fmt: skip
    return _page(sight, as_of, today, order, limit, offset)


STOCK_LIST = Question(
    "stock",
    "List stock on hand line by line, now or at the end of a day.",
    on_hand, "line",
    (

    ),
)  # fmt: skip


def off_site(
    viewer: Viewer,
    *,
    today: date,
    holder: Annotated[str | None, Filter("only with this party")] = None,
    item: OfItem = None,
    organization: OfOrganization = None,
    age: Age | None = None,
    as_of: Annotated[date | None, Filter("at the end of this day")] = None,
    order: Sequence[str] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Page[StockLine]:
    """The viewer's goods on its books but in others' hands, by customer, organization, place and
    order (checklist E30). None of them is available, nor may be allocated (E31)."""
    sight = Visibility(viewer.party_id, item, None, holder, organization, own_side="off-site")
    return _page(_aged(sight, age, as_of or today), as_of, today, order, limit, offset)


OFF_SITE_LIST = Question(
    "elsewhere",
    "List own goods that lie with others, line by line.",
    off_site, "line",
    (

    ),
)  # fmt: skip


class Held(NamedTuple):
    """What lies of one owner with one holder, of one age, in one currency."""

    owner: str
    owner_name: str
    holder: str
    holder_name: str
    age: Age
    value: Amount | None
    """None for goods received without a price."""
    lines: int


class Sum(NamedTuple):
    """What layers of one owner, holder and age come to that are priced in one currency; where the
    database cannot work it out, so many layers of one quantity and price."""

    owner: str
    owner_name: str
    holder: str
    holder_name: str
    age: Age
    currency: str | None
    amount: int | None
    price: int | None
    per: int | None
    quantity: int
    times: int
    lines: int
    """At so many positions they lie."""


def held_by_consignor(viewer: Viewer, today: date) -> list[Held]:
    """What the viewer holds that is consigned to it, by consignor and age."""
    return _by_age(Visibility(viewer.party_id, own_side="held"), today)


def off_site_by_holder(viewer: Viewer, today: date) -> list[Held]:
    """What others hold that the viewer consigned to them, by holder and age."""
    return _by_age(Visibility(viewer.party_id, own_side="off-site"), today)


def _page(
    sight: Visibility,
    as_of: date | None,
    today: date,
    order: Sequence[str],
    limit: int | None,
    offset: int,
) -> Page[StockLine]:
    order = [_SORTED.get(name, name) for name in order]
    found = Holding.page(sight, as_of=as_of, order=order, limit=limit, offset=offset)
    return Page([_line(row, sight.party, as_of or today) for row in found.rows], found.total)


SIDES = {None: None, True: "off-site", False: "held"}
_SORTED = {"age_days": "-received_on", "-age_days": "received_on"}


def _aged(sight: Visibility, age: Age | None, day: date) -> Visibility:
    if age is None:
        return sight
    first, last = FIRST_AND_LAST_DAY[age]
    return sight._replace(
        received_from=None if last is None else date.fromordinal(day.toordinal() - last),
        received_through=None if first is None else date.fromordinal(day.toordinal() - first),
    )


def _line(row: Holding, party: int, day: date) -> StockLine:
    return StockLine(
        item=row.item,
        item_name=row.item_name,
        owner=row.owner,
        owner_name=row.owner_name,
        holder=row.holder,
        holder_name=row.holder_name,
        organization=row.organization,
        organization_name=row.organization_name,
        place=row.place,
        condition=row.condition,
        order=row.order,
        order_line=row.order_line,
        agreement=row.agreement,
        layer=row.layer,
        received_on=row.received_on,
        age_days=max(0, (day - row.received_on).days),
        expires_on=row.expires_on,
        lot=row.lot,
        serial=row.serial,
        is_hazardous=bool(row.is_hazardous),
        customs_status=row.customs_status,
        customs_document=row.customs_document,
        origin=row.origin,
        quantity=Quantity(Micros(row.quantity), row.unit),
        value=_share(row),
        ownership=Ownership.OWNED if row.is_holders else Ownership(row.ownership),
        is_available=row.holder_id == party
        and row.is_nettable
        and row.condition == Condition.UNRESTRICTED,
    )


def _share(row: Holding) -> Amount | None:
    """A row's share of its layer's value: the shares of all rows come to the rounded whole."""
    whole = _value(row.before + row.quantity, row.price, row.currency, row.per)
    before = _value(row.before, row.price, row.currency, row.per)
    return Amount(whole.minor - before.minor, whole.currency) if whole and before else None


def _value(
    quantity: int, price: int | None, currency: str | None, per: int | None
) -> Amount | None:
    if price is None or currency is None or per is None:
        return None
    return Amount(Price(price, currency, per).extend(quantity), currency)


PRICED = f"l.price IS NULL OR {fits('y.quantity', 'l.price')}"
APART = ", ".join(
    f"CASE WHEN {PRICED} THEN {nothing} ELSE {of}.{column} END AS {column}"
    for of, column, nothing in (
        ("l", "price", "NULL"),
        ("l", "per", "NULL"),
        ("y", "quantity", "0"),
    )
)


def _by_age(sight: Visibility, today: date) -> list[Held]:
    """What layers come to by owner, holder and age. Each is valued once and as a whole, as the
    books value it, wherever its parts lie: they are put together before anything else of a layer
    is looked up."""
    then = bulk.then()
    whole = bulk.whole_number("SUM(b.quantity)")
    ages = " ".join(
        f"WHEN l.received_on >= '{date.fromordinal(today.toordinal() - last)}' THEN '{age}'"
        for age, (_, last) in FIRST_AND_LAST_DAY.items()
        if last is not None
    )
    found = rows(
        Sum,
        "SELECT w.code, w.name, h.code, h.name, z.age, z.currency, z.amount, z.price, z.per, "
        "z.quantity, z.times, z.lines FROM ("
        f"SELECT y.owner_id, o.party_id, CASE {ages} ELSE '{Age.OLDER}' END AS age, l.currency, "
        f"SUM(CASE WHEN l.price IS NOT NULL AND {fits('y.quantity', 'l.price')} "
        f"THEN {amount('y.quantity', 'l.price', 'l.currency', 'l.per')} END) AS amount, {APART}, "
        "COUNT(*) AS times, SUM(y.lines) AS lines FROM ("
        f"SELECT b.organization_id, b.layer, p.owner_id, {whole} AS quantity, COUNT(*) AS lines "
        f"FROM ({balances_within(sight)}) b {then} position p "
        "ON p.organization_id = b.organization_id AND p.number = b.position GROUP BY 1, 2, 3) y "
        f"{then} organization o ON o.id = y.organization_id AND o.party_id <> y.owner_id {then} "
        "layer l ON l.organization_id = y.organization_id AND l.number = y.layer "
        "WHERE l.ownership = %s GROUP BY 1, 2, 3, 4, 6, 7, 8"
        ") z JOIN party w ON w.id = z.owner_id JOIN party h ON h.id = z.party_id",
        [Ownership.CONSIGNED],
    )
    return _gather(found)


def _gather(found: Iterable[Sum]) -> list[Held]:
    sums: dict[tuple[str, str, Age, str | None], Held] = {}
    for row in found:
        minor = row.amount
        if each := _value(row.quantity, row.price, row.currency, row.per):
            minor = each.minor * row.times
        key = (row.owner, row.holder, row.age, row.currency)
        so_far = sums.get(key)
        value = None
        if minor is not None and row.currency is not None:
            value = Amount(
                minor + (so_far.value.minor if so_far and so_far.value else 0), row.currency
            )
        sums[key] = Held(
            row.owner, row.owner_name, row.holder, row.holder_name, row.age, value,
            row.lines + (so_far.lines if so_far else 0),
        )  # fmt: skip
    ages = list(Age)
    return sorted(
        sums.values(),
        key=lambda held: (held.owner_name, held.owner, held.holder_name, ages.index(held.age)),
    )
