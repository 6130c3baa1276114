"""Counts as they are asked for: sheets, differences, usage by count, and what was lost."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from consigned.title.position import Zone
from consigned_service.records.inventory.holdings import OUTER
from consigned_service.records.sql import bulk
from consigned_service.records.sql.select import Listing, Where, rows

# --- sheets ------------------------------------------------------------------------------


class Sheet(NamedTuple):
    organization_id: int
    organization: str
    number: int
    reference: str
    agreement: str
    consignor_id: int
    consignor: str
    consignor_name: str
    place: str
    method: str
    drawn_on: date
    lines: int


SHEETS = Listing(
    Sheet,
    {
        "organization_id": "s.organization_id",
        "organization": "o.code",
        "number": "s.number",
        "reference": "s.reference",
        "agreement": "a.number",
        "consignor_id": "s.consignor",
        "consignor": "w.code",
        "consignor_name": "w.name",
        "place": "pl.code",
        "method": "s.method",
        "drawn_on": "s.drawn_on",
        "lines": "(SELECT COUNT(*) FROM count_sheet_line l "
        "WHERE l.organization_id = s.organization_id AND l.sheet = s.number)",
    },
    "count_sheet s JOIN organization o ON o.id = s.organization_id "
    "JOIN party w ON w.id = s.consignor JOIN agreement a ON a.id = s.agreement "
    "JOIN place pl ON pl.organization_id = s.organization_id AND pl.number = s.place",
)


def sheets(
    party: int, *, organization: str | None = None, reference: str | None = None
) -> list[Sheet]:
    """The sheets that a party may count by: of its organizations, or of its goods."""
    where = Where().also("o.party_id = %s OR s.consignor = %s", party, party)
    where.equals(o__code=organization, s__reference=reference)
    return SHEETS.read(where, order=["drawn_on", "reference"])


class SheetLine(NamedTuple):
    line: int
    item_id: int
    item: str
    item_name: str
    unit: str
    lot: str | None
    serial: str | None
    booked: int


def sheet_lines(organization: int, sheet: int) -> list[SheetLine]:
    return rows(
        SheetLine,
        "SELECT l.line, l.item_id, i.code, i.name, i.unit, l.lot, l.serial, l.booked "
        "FROM count_sheet_line l JOIN item i ON i.id = l.item_id "
        "WHERE l.organization_id = %s AND l.sheet = %s ORDER BY l.line",
        [organization, sheet],
    )


class Count(NamedTuple):
    """What one side counted last for a count, of one thing."""

    organization_id: int
    reference: str
    side: str
    recount: int
    counted_by: str | None
    item_id: int
    owner: int | None
    place: int | None
    lot: str | None
    serial: str | None
    counted: int
    counted_on: date


def counts_for(organization: int, references: Iterable[str]) -> list[Count]:
    """Everything that was counted for some counts, in the order it was told."""
    chosen, named = bulk.among(references, "text")
    return rows(
        Count,
        "SELECT organization_id, reference, side, recount, counted_by, item_id, owner, place, lot, "
        f"serial, counted, counted_on FROM stock_count WHERE organization_id = %s "
        f"AND reference IN ({chosen}) ORDER BY number",
        [organization, named],
    )


# --- differences -------------------------------------------------------------------------


class Difference(NamedTuple):
    """What the book said of one owner's goods, what was counted, and what is decided of it."""

    organization_id: int
    organization: str
    holder_id: int
    number: int
    reference: str
    side: str
    counted_by: str | None
    counted_on: date
    item_id: int
    item: str
    item_name: str
    unit: str
    owner_id: int
    owner: str
    owner_name: str
    agreement_id: int | None
    agreement: str | None
    place: str | None
    lot: str | None
    serial: str | None
    booked: int
    """What the book says of the evening of the count as it is known now."""
    counted: int
    explained: int
    """What of the difference was settled, for whatever reason."""
    replaced: int
    """What of it was closed by another count."""
    used: int
    """What of it turned out to be sold, or never to have come."""


DIFFERENCES = Listing(
    Difference,
    {
        "organization_id": "c.organization_id",
        "organization": "o.code",
        "holder_id": "o.party_id",
        "number": "d.number",
        "reference": "c.reference",
        "side": "c.side",
        "counted_by": "c.counted_by",
        "counted_on": "c.counted_on",
        "item_id": "c.item_id",
        "item": "i.code",
        "item_name": "i.name",
        "unit": "i.unit",
        "owner_id": "d.owner",
        "owner": "w.code",
        "owner_name": "w.name",
        "agreement_id": "d.agreement",
        "agreement": "a.number",
        "place": "pl.code",
        "lot": "c.lot",
        "serial": "c.serial",
        "booked": "d.booked + COALESCE((SELECT SUM(t.quantity) FROM told_after_count t "
        "WHERE t.organization_id = d.organization_id AND t.difference = d.number), 0)",
        "counted": "d.counted",
        "explained": "COALESCE((SELECT SUM(z.quantity) FROM count_settlement z "
        "WHERE z.organization_id = d.organization_id AND z.difference = d.number), 0)",
        "replaced": "COALESCE((SELECT SUM(z.quantity) FROM count_settlement z "
        "WHERE z.organization_id = d.organization_id AND z.difference = d.number "
        "AND z.reason = 'recounted'), 0)",
        "used": "COALESCE((SELECT SUM(z.quantity) FROM count_settlement z "
        "WHERE z.organization_id = d.organization_id AND z.difference = d.number "
        "AND z.reason IN ('sold', 'mis-shipped')), 0)",
    },
    "count_difference d "
    "JOIN stock_count c ON c.organization_id = d.organization_id AND c.number = d.stock_count "
    "JOIN organization o ON o.id = c.organization_id JOIN item i ON i.id = c.item_id "
    "JOIN party w ON w.id = d.owner LEFT JOIN agreement a ON a.id = d.agreement "
    "LEFT JOIN place pl ON pl.organization_id = c.organization_id AND pl.number = c.place",
)


class Asked(NamedTuple):
    """Which differences are asked for; None asks nothing."""

    party: int
    organization: str | None = None
    agreement: str | None = None
    item: str | None = None
    first: date | None = None
    last: date | None = None


def differences(asked: Asked) -> list[Difference]:
    """What was counted of goods that a party holds or owns, in the order it was told."""
    where = Where().also("o.party_id = %s OR d.owner = %s", asked.party, asked.party)
    where.equals(o__code=asked.organization, a__number=asked.agreement, i__code=asked.item)
    if asked.first:
        where.also("c.counted_on >= %s", asked.first)
    if asked.last:
        where.also("c.counted_on <= %s", asked.last)
    return DIFFERENCES.read(where, order=["organization", "number"])


# --- what was lost, and who bears it -----------------------------------------------------


class Borne(NamedTuple):
    """Counted goods of one layer that one party bears, at one price."""

    organization: str
    agreement: str | None
    item: str
    unit: str
    reason: str
    counted_on: date
    is_consignees: bool
    quantity: int
    price: int | None
    currency: str | None
    per: int | None


def borne(asked: Asked) -> list[Borne]:
    """What the consignee was charged for counted differences, and what consignors lost by them;
    what was sold and what never came are no losses."""
    where = Where().also("o.party_id = %s OR d.owner = %s", asked.party, asked.party)
    where.also("d.owner <> o.party_id")
    where.also("z.reason NOT IN ('sold', 'mis-shipped', 'recounted')")
    where.equals(o__code=asked.organization, a__number=asked.agreement, i__code=asked.item)
    if asked.first:
        where.also("c.counted_on >= %s", asked.first)
    if asked.last:
        where.also("c.counted_on <= %s", asked.last)
    head = (
        "SELECT o.code, a.number, i.code, i.unit, z.reason, c.counted_on, {whose}, {quantity}, "
        "{price} FROM count_settlement z "
        "JOIN count_difference d ON d.organization_id = z.organization_id "
        "AND d.number = z.difference "
        "JOIN stock_count c ON c.organization_id = d.organization_id AND c.number = d.stock_count "
        "JOIN organization o ON o.id = z.organization_id JOIN item i ON i.id = c.item_id "
        "LEFT JOIN agreement a ON a.id = d.agreement "
        "JOIN posting g ON g.organization_id = z.organization_id AND g.number = z.posting "
        "JOIN title_entry e ON e.organization_id = z.organization_id "
        "AND e.number >= g.first_entry AND e.number < g.end_entry AND {entry} "
    )
    consignees = head.format(
        whose="1", quantity="e.quantity", price="t.price, t.currency, t.per",
        entry="e.cause = 'consumption' AND e.document = z.consumption "
        "AND e.kind = 'transferred-to-owned'",
    ) + (
        "LEFT JOIN charge h ON h.organization_id = e.organization_id AND h.entry = e.number "
        "LEFT JOIN running_total t ON t.organization_id = h.organization_id AND t.number = h.total "
    )  # fmt: skip
    found = "e.cause = 'count' AND e.document = z.number"
    whose = "JOIN position p ON p.organization_id = e.organization_id AND p.number = e.source "
    consignors = head.format(
        whose="0",
        quantity="CASE e.kind WHEN 'found' THEN -e.quantity ELSE e.quantity END",
        price="l.price, l.currency, l.per",
        entry=found,
    ) + (
        "JOIN layer l ON l.organization_id = e.organization_id AND l.number = e.layer "
        f"{whose}AND p.owner_id <> o.party_id "
    )  # fmt: skip
    turned_back = head.format(
        whose="1", quantity="-e.quantity", price="t.price, t.currency, t.per",
        entry=f"{found} AND e.kind = 'transferred-to-consigned'",
    ) + (
        "LEFT JOIN charge h ON h.organization_id = e.organization_id AND h.entry = e.number "
        "LEFT JOIN running_total t ON t.organization_id = h.organization_id AND t.number = h.total "
    )  # fmt: skip
    stays = (
        "NOT EXISTS (SELECT 1 FROM title_entry x WHERE x.organization_id = e.organization_id "
        "AND x.number = e.number + 1 AND x.number < g.end_entry AND x.cause = 'count' "
        "AND x.document = z.number AND x.kind = 'transferred-to-consigned')"
    )
    found_again = head.format(
        whose="1",
        quantity="CASE e.kind WHEN 'found' THEN -e.quantity ELSE e.quantity END",
        price="t.price, t.currency, t.per",
        entry=f"{found} AND e.kind IN ('found', 'lost') AND {stays}",
    ) + (
        f"{whose}AND p.owner_id = o.party_id "
        "LEFT JOIN running_total t ON t.organization_id = e.organization_id AND t.number = ("
        "SELECT h.total FROM title_entry x JOIN charge h ON h.organization_id = x.organization_id "
        "AND h.entry = x.number WHERE x.organization_id = e.organization_id AND x.layer = e.layer "
        "AND x.number < e.number ORDER BY x.number DESC LIMIT 1) "
    )  # fmt: skip
    return [
        row
        for sql in (consignees, consignors, turned_back, found_again)
        for row in rows(Borne, f"{sql} WHERE {where} ORDER BY e.number", where.parameters)
    ]


# --- damaged and lost goods ----------------------------------------------------------------


class Disposed(NamedTuple):
    """What became of damaged or missing goods of one owner, or that they lie apart still."""

    organization: str
    holder_id: int
    item: str
    item_name: str
    unit: str
    owner_id: int
    owner: str
    owner_name: str
    agreement: str | None
    outcome: str
    reason: str | None
    share: int
    quantity: int
    happened_on: date | None


_WHOSE = "o.code, o.party_id, i.code, i.name, i.unit, w.id, w.code, w.name, a.number"
_SEEN = "o.party_id = %s OR w.id = %s"
_TAKEN_BACK = (
    "COALESCE((SELECT SUM(b.quantity) FROM count_settlement b "
    "WHERE b.organization_id = z.organization_id AND b.difference = z.difference "
    "AND b.takes_back = z.number), 0)"
)


def disposed(party: int, organization: str | None = None) -> list[Disposed]:
    """What became of damaged goods, and of those that were counted missing."""
    where = Where().also(_SEEN, party, party).equals(o__code=organization)
    return rows(
        Disposed,
        f"SELECT {_WHOSE}, z.outcome, z.reason, z.share, z.quantity, z.happened_on "
        "FROM disposition z JOIN organization o ON o.id = z.organization_id "
        "JOIN item i ON i.id = z.item_id JOIN party w ON w.id = z.owner "
        f"LEFT JOIN agreement a ON a.id = z.agreement WHERE {where} UNION ALL "
        f"SELECT {_WHOSE}, 'counted', z.reason, z.share, -z.quantity - {_TAKEN_BACK}, "
        "z.happened_on "
        "FROM count_settlement z JOIN count_difference d ON d.organization_id = z.organization_id "
        "AND d.number = z.difference JOIN stock_count c ON c.organization_id = d.organization_id "
        "AND c.number = d.stock_count JOIN organization o ON o.id = z.organization_id "
        "JOIN item i ON i.id = c.item_id JOIN party w ON w.id = d.owner "
        f"LEFT JOIN agreement a ON a.id = d.agreement WHERE {where} "
        "AND z.reason NOT IN ('sold', 'mis-shipped', 'recounted') AND z.takes_back IS NULL "
        f"AND z.quantity + {_TAKEN_BACK} <> 0 "
        "ORDER BY 14, 1, 3, 7, 10, 11, 13",
        [*where.parameters, *where.parameters],
    )


def lying_apart(party: int, organization: str | None = None) -> list[Disposed]:
    """Goods that are blocked now and wait for somebody to say what becomes of them."""
    where = Where().also(_SEEN, party, party).equals(o__code=organization)
    where.also(f"p.condition = 'blocked' AND pl.zone NOT IN ({OUTER})")
    then = bulk.then()
    return rows(
        Disposed,
        f"SELECT {_WHOSE}, 'waiting', NULL, 0, SUM(b.quantity), NULL "
        f"FROM organization o {then} position p ON p.organization_id = o.id "
        f"{then} place pl ON pl.organization_id = p.organization_id AND pl.number = p.place "
        f"{then} balance b ON b.organization_id = p.organization_id AND b.position = p.number "
        f"{then} layer l ON l.organization_id = b.organization_id AND l.number = b.layer "
        "JOIN item i ON i.id = p.item_id JOIN party w ON w.id = p.owner_id "
        f"LEFT JOIN agreement a ON a.id = l.agreement WHERE {where} "
        f"GROUP BY {_WHOSE} ORDER BY 1, 3, 7",
        where.parameters,
    )


# --- usage by count ----------------------------------------------------------------------


class Flow(NamedTuple):
    """What came to and went from one consignor's goods of an item here, on one day."""

    organization_id: int
    organization: str
    item_id: int
    item: str
    unit: str
    happened_on: date
    received: int
    returned: int
    lost: int
    net: int


_HERE = "({0}p.owner_id = a.consignor_id AND {0}l.zone NOT IN ({outer}) AND {0}l.zone <> '{way}')"
_BEYOND = "{0}l.zone IN ('{supplier}', '{elsewhere}', '{way}')"

_MOVED = (
    "agreement a JOIN layer y ON y.agreement = a.id "
    "JOIN title_entry e ON e.organization_id = y.organization_id AND e.layer = y.number "
    "JOIN position sp ON sp.organization_id = e.organization_id AND sp.number = e.source "
    "JOIN place sl ON sl.organization_id = sp.organization_id AND sl.number = sp.place "
    "JOIN position tp ON tp.organization_id = e.organization_id AND tp.number = e.target "
    "JOIN place tl ON tl.organization_id = tp.organization_id AND tl.number = tp.place "
    "JOIN organization o ON o.id = e.organization_id JOIN item i ON i.id = y.item_id"
)
"""Every movement of the goods under agreements, from where to where."""


def flows(party: int, agreement: str) -> list[Flow]:
    """Day by day, what came in and went back of the goods under an agreement, and by how much
    they grew; `party` is one of its two."""
    words = {
        "outer": OUTER, "way": Zone.IN_TRANSIT.value, "supplier": Zone.SUPPLIER.value,
        "elsewhere": Zone.ELSEWHERE.value,
    }  # fmt: skip
    from_here, to_here = _HERE.format("s", **words), _HERE.format("t", **words)
    from_beyond, to_beyond = _BEYOND.format("s", **words), _BEYOND.format("t", **words)
    return rows(
        Flow,
        "SELECT e.organization_id, o.code, y.item_id, i.code, i.unit, e.happened_on, "
        f"SUM(CASE WHEN {to_here} AND {from_beyond} THEN e.quantity ELSE 0 END), "
        f"SUM(CASE WHEN {from_here} AND {to_beyond} THEN e.quantity ELSE 0 END), "
        f"SUM(CASE WHEN {from_here} AND tl.zone = '{Zone.LOSS}' THEN e.quantity "
        f"WHEN {to_here} AND sl.zone = '{Zone.LOSS}' THEN -e.quantity ELSE 0 END), "
        f"SUM(CASE WHEN {to_here} THEN e.quantity ELSE 0 END "
        f"- CASE WHEN {from_here} THEN e.quantity ELSE 0 END) "
        f"FROM {_MOVED} WHERE a.number = %s AND (a.consignor_id = %s OR a.consignee_id = %s) "
        "GROUP BY e.organization_id, o.code, y.item_id, i.code, i.unit, e.happened_on "
        "ORDER BY o.code, i.code, e.happened_on",
        [agreement, party, party],
    )


class Available(NamedTuple):
    """What of one item under one agreement could have been missed in a period."""

    agreement: str
    organization: str
    item: str
    unit: str
    opening: int
    received: int


def available(asked: Asked) -> list[Available]:
    """What lay there of consignors' goods when a period began, and what came in it. Goods on the
    way come when they leave it, wherever they go; what never came counts below zero."""
    way = f"'{Zone.IN_TRANSIT}'"
    whose = "p.owner_id = a.consignor_id"
    from_here, to_here = (
        f"({one}{whose} AND {one}l.zone NOT IN ({OUTER}, {way}))" for one in ("s", "t")
    )
    on_the_way = f"(s{whose} AND sl.zone = {way})"
    beyond = f"'{Zone.SUPPLIER}', '{Zone.ELSEWHERE}'"
    came = (
        f"CASE WHEN {to_here} AND sl.zone IN ({beyond}, {way}) THEN e.quantity "
        f"WHEN {on_the_way} AND NOT (t{whose} AND tl.zone IN ({beyond}, {way})) THEN e.quantity "
        f"WHEN e.kind = 'never-came' AND {from_here} THEN -e.quantity ELSE 0 END"
    )
    grew = (
        f"CASE WHEN {to_here} THEN e.quantity ELSE 0 END "
        f"- CASE WHEN {from_here} THEN e.quantity ELSE 0 END"
    )
    first, last = asked.first or date.min, asked.last or date.max
    where = Where().also("a.consignor_id = %s OR a.consignee_id = %s", asked.party, asked.party)
    where.equals(o__code=asked.organization, a__number=asked.agreement, i__code=asked.item)
    where.also("e.happened_on <= %s", last)
    return rows(
        Available,
        "SELECT a.number, o.code, i.code, i.unit, "
        f"SUM(CASE WHEN e.happened_on < %s THEN {grew} ELSE 0 END), "
        f"SUM(CASE WHEN e.happened_on >= %s THEN {came} ELSE 0 END) "
        f"FROM {_MOVED} WHERE {where} "
        "GROUP BY a.number, o.code, i.code, i.unit ORDER BY a.number, o.code, i.code",
        [first, first, *where.parameters],
    )


class Terms(NamedTuple):
    """What an agreement says of losses and counts."""

    id: int
    number: str
    consignor: str
    consignee: str
    loss_bearers: str
    liability: str
    usage_basis: str
    count_method: str
    count_every_days: int | None
    count_share_percent: int | None
    shrinkage_warning_percent: int | None


def terms(party: int, agreement: str | None = None) -> list[Terms]:
    """The agreements of a party, by what they say of losses and counts."""
    where = Where().also("a.consignor_id = %s OR a.consignee_id = %s", party, party)
    where.equals(a__number=agreement)
    return rows(
        Terms,
        "SELECT a.id, a.number, w.name, h.name, a.loss_bearers, a.liability, a.usage_basis, "
        "a.count_method, a.count_every_days, a.count_share_percent, a.shrinkage_warning_percent "
        "FROM agreement a JOIN party w ON w.id = a.consignor_id "
        f"JOIN party h ON h.id = a.consignee_id WHERE {where} ORDER BY a.number",
        where.parameters,
    )
