"""Counts: sheets to count by, differences to be explained, usage by count, and shrinkage.

The holder sees its own counts and sheets, an owner those of its goods. Who counts by a blind sheet
is told neither what the book says nor what the other party counted, until its own count is told.
Shrinkage is what is missing and was neither sold nor never there (checklist L20-L24).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from consigned.counting.losses import ALL, Bearer, Reason, consignee_share
from consigned.master_data.agreements import CountMethod, PriceList, UsageBasis
from consigned.measure.identity import AgreementId, ItemId
from consigned.measure.money import Price
from consigned.measure.quantity import MICROS, Micros, Quantity, divide_half_even, show_micros
from consigned.title.position import Zone
from consigned_service.queries.core.figures import Amount, Page, page
from consigned_service.queries.core.question import OfItem, OfOrganization, Question
from consigned_service.queries.core.viewers import Viewer, organization_held_by
from consigned_service.records.inventory.holdings import OUTER
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.sql import bulk
from consigned_service.records.sql.select import Listing, Where, rows

# --- sheets ------------------------------------------------------------------------------


class SheetRow(NamedTuple):
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
    SheetRow,
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


def _sheets(
    party: int,
    *,
    organization: str | None = None,
    reference: str | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> Page[SheetRow]:
    """The sheets that a party may count by: of its organizations, or of its goods."""
    where = Where().also("o.party_id = %s OR s.consignor = %s", party, party)
    where.equals(o__code=organization, s__reference=reference)
    return page(SHEETS, where, order=("drawn_on", "reference"), limit=limit, offset=offset)


class SheetLineRow(NamedTuple):
    line: int
    item_id: int
    item: str
    item_name: str
    unit: str
    lot: str | None
    serial: str | None
    booked: int


def _sheet_lines(organization: int, sheet: int) -> list[SheetLineRow]:
    return rows(
        SheetLineRow,
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


def _counts_for(organization: int, references: Iterable[str]) -> list[Count]:
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


def _differences(
    asked: Asked, *, is_open: bool = False, limit: int | None = None, offset: int = 0
) -> Page[Difference]:
    """What was counted of goods that a party holds or owns, in the order it was told; all of it, or
    what nobody explained."""
    where = Where().also("o.party_id = %s OR d.owner = %s", asked.party, asked.party)
    where.equals(o__code=asked.organization, a__number=asked.agreement, i__code=asked.item)
    if asked.first:
        where.also("c.counted_on >= %s", asked.first)
    if asked.last:
        where.also("c.counted_on <= %s", asked.last)
    if is_open:
        booked, explained = DIFFERENCES.columns["booked"], DIFFERENCES.columns["explained"]
        where.also(f"d.counted - ({booked}) <> {explained}")
    order = ("organization", "number")
    return page(DIFFERENCES, where, order=order, limit=limit, offset=offset)


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


def _borne(asked: Asked) -> list[Borne]:
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
    then = bulk.then()
    head = (
        "SELECT o.code, a.number, i.code, i.unit, z.reason, c.counted_on, {whose}, {quantity}, "
        "{price} FROM organization o "
        f"{then} count_settlement z ON z.organization_id = o.id "
        f"{then} count_difference d ON d.organization_id = z.organization_id "
        "AND d.number = z.difference "
        f"{then} stock_count c ON c.organization_id = d.organization_id "
        "AND c.number = d.stock_count "
        f"{then} item i ON i.id = c.item_id LEFT JOIN agreement a ON a.id = d.agreement "
        f"{then} posting g ON g.organization_id = z.organization_id AND g.number = z.posting "
        f"{then} title_entry e ON e.organization_id = z.organization_id "
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
    whose = f"{then} position p ON p.organization_id = e.organization_id AND p.number = e.source "
    consignors = head.format(
        whose="0",
        quantity="CASE e.kind WHEN 'found' THEN -e.quantity ELSE e.quantity END",
        price="l.price, l.currency, l.per",
        entry=found,
    ) + (
        f"{then} layer l ON l.organization_id = e.organization_id AND l.number = e.layer "
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


WHOSE = "o.code, o.party_id, i.code, i.name, i.unit, w.id, w.code, w.name, a.number"
SEEN = "o.party_id = %s OR w.id = %s"
TAKEN_BACK = (
    "COALESCE((SELECT SUM(b.quantity) FROM count_settlement b "
    "WHERE b.organization_id = z.organization_id AND b.difference = z.difference "
    "AND b.takes_back = z.number), 0)"
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
    "organization o {then} layer y ON o.id IN ({organizations}) AND y.organization_id = o.id "
    "AND y.item_id IN ({items}) "
    "{then} agreement a ON a.id = y.agreement "
    "{then} title_entry e ON e.organization_id = y.organization_id AND e.layer = y.number "
    "{then} position sp ON sp.organization_id = e.organization_id AND sp.number = e.source "
    "{then} place sl ON sl.organization_id = sp.organization_id AND sl.number = sp.place "
    "{then} position tp ON tp.organization_id = e.organization_id AND tp.number = e.target "
    "{then} place tl ON tl.organization_id = tp.organization_id AND tl.number = tp.place "
    "{then} item i ON i.id = y.item_id"
)
"""Every movement of some items' goods under agreements, from where to where."""


def _moved(counted: Iterable[Difference]) -> tuple[str, list[Any]]:
    """Where the movements of what was counted are read from, with the parameters of that."""
    places = {(row.organization_id, row.item_id) for row in counted}
    organizations, wanted = bulk.among({organization for organization, _ in places})
    items, chosen = bulk.among({item for _, item in places})
    moved = _MOVED.format(then=bulk.then(), organizations=organizations, items=items)
    return moved, [wanted, chosen]


def _flows(party: int, agreement: str, counted: Iterable[Difference]) -> list[Flow]:
    """Day by day, what came in and went back of the items that were counted under an agreement, and
    by how much they grew; `party` is one of its two."""
    moved, wanted = _moved(counted)
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
        f"FROM {moved} WHERE a.number = %s AND (a.consignor_id = %s OR a.consignee_id = %s) "
        "GROUP BY e.organization_id, o.code, y.item_id, i.code, i.unit, e.happened_on "
        "ORDER BY o.code, i.code, e.happened_on",
        [*wanted, agreement, party, party],
    )


class Available(NamedTuple):
    """What of one item under one agreement could have been missed in a period."""

    agreement: str
    organization: str
    item: str
    unit: str
    opening: int
    received: int


def _available(asked: Asked, counted: Iterable[Difference]) -> list[Available]:
    """What lay there of consignors' items that were counted when a period began, and what came in
    it. Goods on the way come when they leave it, wherever they go; what never came counts below
    zero."""
    moved, wanted = _moved(counted)
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
        f"FROM {moved} WHERE {where} "
        "GROUP BY a.number, o.code, i.code, i.unit ORDER BY a.number, o.code, i.code",
        [first, first, *wanted, *where.parameters],
    )


class Terms(NamedTuple):
    """What an agreement says of losses and counts."""

    id: int
    number: str
    consignor: str
    consignee: str
    loss_responsibility: str
    liability: str
    usage_basis: str
    count_method: str
    count_every_days: int | None
    cycle_count_percent: int | None
    shrinkage_warning_percent: int | None


def _terms(party: int, agreement: str | None = None) -> list[Terms]:
    """The agreements of a party, by what they say of losses and counts."""
    where = Where().also("a.consignor_id = %s OR a.consignee_id = %s", party, party)
    where.equals(a__number=agreement)
    return rows(
        Terms,
        "SELECT a.id, a.number, w.name, h.name, a.loss_responsibility, a.liability, a.usage_basis, "
        "a.count_method, a.count_every_days, a.cycle_count_percent, a.shrinkage_warning_percent "
        "FROM agreement a JOIN party w ON w.id = a.consignor_id "
        f"JOIN party h ON h.id = a.consignee_id WHERE {where} ORDER BY a.number",
        where.parameters,
    )


class SheetHead(NamedTuple):
    """A sheet, and how many of its lines each side has counted."""

    number: str
    organization: str
    agreement: str
    consignor: str
    consignor_name: str
    place: str
    method: CountMethod
    drawn_on: date
    lines: int
    counted_by_consignee: int
    counted_by_consignor: int


class SheetLine(NamedTuple):
    """A thing to be counted."""

    line: int
    item: str
    item_name: str
    unit: str
    lot: str | None
    serial: str | None
    booked: Quantity | None
    """What the book said when the sheet was drawn up; None where its counter is not told."""
    by_consignee: Quantity | None
    by_consignor: Quantity | None


class Sheet(NamedTuple):
    head: SheetHead
    side: Bearer
    """For which side the viewer counts."""
    lines: list[SheetLine]


def count_sheets(
    viewer: Viewer,
    organization: OfOrganization = None,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> Page[SheetHead]:
    """The sheets that the viewer may count by, the oldest first."""
    found = _sheets(viewer.party_id, organization=organization, limit=limit, offset=offset)
    times = _times_counted(found.rows)
    return Page([_head(row, times) for row in found.rows], found.total)


COUNT_SHEET_LIST = Question(
    "count-sheets",
    "List the sheets that may be counted by, the oldest first.",
    count_sheets, "sheet",
    (

    ),
)  # fmt: skip


def count_sheet(viewer: Viewer, number: str) -> Sheet | None:
    """One sheet with its lines; a blind one hides what its counter may not know yet."""
    row = next(iter(_sheets(viewer.party_id, reference=number).rows), None)
    return _sheet(viewer, row) if row else None


def _sheet(viewer: Viewer, row: SheetRow) -> Sheet:
    side = Bearer.CONSIGNOR if row.consignor_id == viewer.party_id else Bearer.CONSIGNEE
    counted: dict[tuple[object, ...], dict[str, Count]] = defaultdict(dict)
    for count in _counts_for(row.organization_id, [row.reference]):
        counted[count.item_id, count.lot, count.serial][count.side] = count
    method = CountMethod(row.method)
    lines = []
    for line in _sheet_lines(row.organization_id, row.number):
        told = counted.get((line.item_id, line.lot, line.serial), {})
        is_hidden = method.is_blind and side not in told
        figures = {
            one: Quantity(Micros(count.counted), line.unit)
            for one, count in told.items()
            if not is_hidden
        }
        lines.append(
            SheetLine(
                line.line, line.item, line.item_name, line.unit, line.lot, line.serial,
                None if is_hidden else Quantity(Micros(line.booked), line.unit),
                figures.get(Bearer.CONSIGNEE), figures.get(Bearer.CONSIGNOR),
            )
        )  # fmt: skip
    return Sheet(_head(row, _times_counted([row])), side, lines)


Sided = tuple[int, str, str]
"""What one side counted by a sheet: the organization, the sheet and the side."""


def _times_counted(sheets: Iterable[SheetRow]) -> dict[Sided, int]:
    """How many things each side has counted by some sheets."""
    by_organization: dict[int, list[str]] = defaultdict(list)
    for sheet in sheets:
        by_organization[sheet.organization_id].append(sheet.reference)
    found: dict[Sided, int] = {}
    for organization, references in by_organization.items():
        chosen, named = bulk.among(references, "text")
        for reference, side, times in bulk.fetch(
            "SELECT c.reference, c.side, COUNT(*) FROM (SELECT DISTINCT reference, side, item_id, "
            "lot, serial FROM stock_count WHERE organization_id = %s "
            f"AND reference IN ({chosen})) c GROUP BY c.reference, c.side",
            [organization, named],
        ):
            found[organization, reference, side] = times
    return found


def _head(row: SheetRow, times: Mapping[Sided, int]) -> SheetHead:
    by_consignee, by_consignor = (
        times.get((row.organization_id, row.reference, side), 0)
        for side in (Bearer.CONSIGNEE, Bearer.CONSIGNOR)
    )
    return SheetHead(
        row.reference, row.organization, row.agreement, row.consignor, row.consignor_name,
        row.place, CountMethod(row.method), row.drawn_on, row.lines, by_consignee, by_consignor,
    )  # fmt: skip


def is_counted(viewer: Viewer, organization: str, count_number: str) -> bool:
    """Whether anything was counted under a number in an organization of the viewer's own."""
    found = organization_held_by(viewer, organization)
    return found is not None and bool(_counts_for(found, [count_number]))


# --- differences -------------------------------------------------------------------------


class Answer(NamedTuple):
    """What it would mean if missing goods had gone for a reason (checklist L23)."""

    reason: Reason
    consignee_percent: int
    consignee_pays: Amount | None
    """What the consignee would owe for it; None where there is no price on that day."""


class OpenDifference(NamedTuple):
    """Goods of which the book and a count say different things, and nobody has said why."""

    organization: str
    number: int
    count_number: str
    counted_by_party: Bearer
    counted_by: str | None
    """Of the consignee's people its own side alone is told."""
    counted_on: date
    item: str
    item_name: str
    owner: str
    owner_name: str
    agreement: str | None
    place: str | None
    lot: str | None
    serial: str | None
    booked: Quantity
    counted: Quantity
    still_open: Quantity
    """Below zero so much is missing, above zero so much is too much."""
    other_side_counted: Quantity | None
    """What the other party counted for the same count, where it is something else."""
    answers: list[Answer]
    """What was it? Sold, broken, stolen, never shipped …, and who would bear it."""


def open_differences(
    viewer: Viewer,
    organization: OfOrganization = None,
    *,
    item: OfItem = None,
    limit: int | None = None,
    offset: int = 0,
) -> Page[OpenDifference]:
    """The differences that wait for somebody to say why, each with what the answers would mean."""
    asked = Asked(viewer.party_id, organization, item=item)
    found, total = _differences(asked, is_open=True, limit=limit, offset=offset)
    terms = agreement_records.read_terms(
        {row.agreement_id for row in found if row.agreement_id}, {row.item_id for row in found}
    )
    others: dict[tuple[int, str], list[Count]] = {}
    for organization_id in {row.organization_id for row in found}:
        references = {r.reference for r in found if r.organization_id == organization_id}
        for count in _counts_for(organization_id, references):
            others.setdefault((organization_id, count.reference), []).append(count)
    answered = []
    for row in found:
        prices = terms.prices.get((AgreementId(row.agreement_id or 0), ItemId(row.item_id)))
        agreement = terms.agreements.get(AgreementId(row.agreement_id or 0))
        agreed = agreement.on(row.counted_on).loss_responsibility if agreement else ""
        is_own = row.owner_id == row.holder_id
        answers = [] if is_own else _answers(row, agreed, prices)
        answered.append(_open(viewer, row, _other_side(row, others), answers))
    return Page(answered, total)


DIFFERENCE_LIST = Question(
    "differences",
    "List counted differences that wait for somebody to say why.",
    open_differences, "difference",
    (

    ),
)  # fmt: skip


def _answers(row: Difference, agreed: str, prices: PriceList | None) -> list[Answer]:
    missing = row.booked - row.counted + row.explained
    price = prices.price_on(row.counted_on) if prices else None
    answers = []
    for reason in Reason if missing > 0 else ():
        share = consignee_share(agreed, reason)
        pays = divide_half_even(missing * share, ALL)
        amount = Amount(price.extend(pays), price.currency) if price else None
        answers.append(Answer(reason, share, amount))
    return answers


def _other_side(row: Difference, others: dict[tuple[int, str], list[Count]]) -> Quantity | None:
    theirs = [
        count
        for count in others.get((row.organization_id, row.reference), ())
        if count.side != row.side
        and (count.item_id, count.lot, count.serial) == (row.item_id, row.lot, row.serial)
        and count.owner in (None, row.owner_id)
    ]
    if not theirs or theirs[-1].counted == row.counted:
        return None
    return Quantity(Micros(theirs[-1].counted), row.unit)


def _open(
    viewer: Viewer, row: Difference, other: Quantity | None, answers: list[Answer]
) -> OpenDifference:
    is_told_who = row.side == Bearer.CONSIGNOR or row.holder_id == viewer.party_id
    still_open = row.counted - row.booked - row.explained
    booked, counted, left = (
        Quantity(Micros(figure), row.unit) for figure in (row.booked, row.counted, still_open)
    )
    return OpenDifference(
        row.organization, row.number, row.reference, Bearer(row.side),
        row.counted_by if is_told_who else None, row.counted_on, row.item, row.item_name,
        row.owner, row.owner_name, row.agreement, row.place, row.lot, row.serial,
        booked, counted, left, other, answers,
    )  # fmt: skip


# --- usage by count ----------------------------------------------------------------------


class CountUsage(NamedTuple):
    """What was used of an item between two counts: opening + received - returned - counted."""

    organization: str
    item: str
    counted_on: date
    opening: Quantity
    """What the count before found; nothing before the first."""
    received: Quantity
    returned: Quantity
    counted: Quantity
    used: Quantity
    lost: Quantity
    """Of what was used: lost at the consignor's risk, and not owed for."""


def count_usage(viewer: Viewer, agreement: str, *, item: str | None = None) -> list[CountUsage]:
    """What was used under an agreement by its counts, count by count (checklist L11)."""
    party = viewer.party_id
    counted = _differences(Asked(party, agreement=agreement, item=item)).rows
    flows: dict[tuple[int, int], list[Flow]] = defaultdict(list)
    for flow in _flows(party, agreement, counted):
        flows[flow.organization_id, flow.item_id].append(flow)
    days: dict[tuple[int, int], dict[date, int]] = defaultdict(dict)
    for row in (one for one in counted if not one.replaced):
        days[row.organization_id, row.item_id].setdefault(row.counted_on, 0)
    for row, still_open in _open_once(counted):
        days[row.organization_id, row.item_id][row.counted_on] += still_open
    return [
        usage for key, moved in flows.items() for usage in _usages(moved, sorted(days[key].items()))
    ]


def _usages(flows: Sequence[Flow], counts: Iterable[tuple[date, int]]) -> Iterable[CountUsage]:
    """Each count closes what came and went since the one before."""
    opening, since = 0, date.min
    for day, still_open in counts:
        between = [flow for flow in flows if since < flow.happened_on <= day]
        received = sum(flow.received for flow in between)
        returned = sum(flow.returned for flow in between)
        counted = still_open + sum(flow.net for flow in flows if flow.happened_on <= day)
        unit = flows[0].unit
        used = opening + received - returned - counted
        lost = sum(flow.lost for flow in between)
        figures = (opening, received, returned, counted, used, lost)
        yield CountUsage(
            flows[0].organization, flows[0].item, day,
            *(Quantity(Micros(figure), unit) for figure in figures),
        )  # fmt: skip
        opening, since = counted, day


def _open_once(rows: Iterable[Difference]) -> list[tuple[Difference, int]]:
    """What differs still and by how much. Of what both parties counted for one count and nobody
    decided, what the consignee counted."""
    alike: dict[tuple[object, ...], list[tuple[Difference, int]]] = defaultdict(list)
    for row in rows:
        if still_open := row.counted - row.booked - row.explained:
            key = (row.organization_id, row.reference, row.item_id, row.owner_id,
                   row.agreement_id, row.place, row.lot, row.serial)  # fmt: skip
            alike[key].append((row, still_open))
    return [
        ([one for one in told if one[0].side == Bearer.CONSIGNEE] or told)[-1]
        for told in alike.values()
    ]


# --- shrinkage ---------------------------------------------------------------------------


class Shrinkage(NamedTuple):
    """What the counts of a period found missing of one item under one agreement."""

    organization: str
    agreement: str
    item: str
    opening: Quantity
    """On hand when the period began."""
    received: Quantity
    """In the period, without what turned out never to have come."""
    missing: Quantity
    """By the counts of the period, without what turned out to be sold or never to have come; what
    is missing still when it is counted again is missing once."""
    percent: str | None
    """missing / (opening + received) x 100, exact to six decimals; None where nothing was there."""
    warns_at: str | None
    is_warning: bool


def shrinkage(
    viewer: Viewer,
    *,
    first: date | None = None,
    last: date | None = None,
    agreement: str | None = None,
    organization: str | None = None,
) -> list[Shrinkage]:
    """Shrinkage by agreement and item in a period, with a warning where it is too much.

    Items that nobody counted in the period are not listed.
    """
    asked = Asked(viewer.party_id, organization, agreement, None, first, last)
    found = [
        row
        for row in _differences(asked).rows
        if row.agreement is not None and row.owner_id != row.holder_id
    ]
    missing: dict[tuple[str | None, str, str], int] = defaultdict(int)
    for row in found:
        missing[row.agreement, row.organization, row.item] -= (
            row.explained - row.replaced - row.used
        )
    for row, still_open in _open_once(found):
        missing[row.agreement, row.organization, row.item] -= still_open
    warns_at = {
        row.number: row.shrinkage_warning_percent for row in _terms(viewer.party_id, agreement)
    }
    return [
        _shrinkage(row, missing[row.agreement, row.organization, row.item], warns_at)
        for row in _available(asked, found)
        if (row.agreement, row.organization, row.item) in missing
    ]


def _shrinkage(row: Available, missing: int, warns: Mapping[str, int | None]) -> Shrinkage:
    available, warns_at = row.opening + row.received, warns.get(row.agreement)
    percent = None
    if available > 0:
        percent = show_micros(divide_half_even(missing * 100 * MICROS, available))
    return Shrinkage(
        row.organization,
        row.agreement,
        row.item,
        opening=Quantity(Micros(row.opening), row.unit),
        received=Quantity(Micros(row.received), row.unit),
        missing=Quantity(Micros(missing), row.unit),
        percent=percent,
        warns_at=None if warns_at is None else show_micros(warns_at),
        is_warning=warns_at is not None and missing * 100 * MICROS > warns_at * available,
    )


class ShrinkageCost(NamedTuple):
    """What counted losses cost one party, for one reason."""

    organization: str
    agreement: str
    item: str
    reason: Reason
    borne_by: Bearer
    quantity: Quantity
    cost: Amount | None
    """What the consignee is charged, or what the consignor's goods came in at; None without a
    price."""


def shrinkage_cost(
    viewer: Viewer,
    *,
    first: date | None = None,
    last: date | None = None,
    agreement: str | None = None,
    organization: str | None = None,
) -> list[ShrinkageCost]:
    """The cost of counted losses by reason and by who bears it (checklist L22)."""
    asked = Asked(viewer.party_id, organization, agreement, None, first, last)
    sums: dict[tuple[str, ...], tuple[int, int | None, str]] = {}
    units: dict[str, str] = {}
    for row in _borne(asked):
        bearer = Bearer.CONSIGNEE if row.is_consignees else Bearer.CONSIGNOR
        key = (row.organization, row.agreement or "", row.item, row.reason, bearer)
        quantity, cost, currency = sums.get(key, (0, 0, row.currency or ""))
        amount = _cost(row)
        total = None if cost is None or amount is None else cost + amount
        sums[key] = (quantity + row.quantity, total, currency)
        units[row.item] = row.unit
    return [
        ShrinkageCost(
            code, agreed, item, Reason(reason), Bearer(bearer),
            Quantity(Micros(quantity), units[item]),
            None if cost is None else Amount(cost, currency),
        )
        for (code, agreed, item, reason, bearer), (quantity, cost, currency) in sorted(
            sums.items()
        )
        if quantity
    ]  # fmt: skip


def _cost(row: Borne) -> int | None:
    if row.price is None or row.currency is None or row.per is None:
        return None
    return Price(row.price, row.currency, row.per).extend(row.quantity)


# --- what is agreed ----------------------------------------------------------------------


class Liability(NamedTuple):
    """What an agreement says of losses: who bears them, and what may be billed (E18)."""

    agreement: str
    consignor_name: str
    consignee_name: str
    consignee_percent: dict[Reason, int]
    """The consignee's share of each loss; it may be billed that much of the price."""
    liability: str
    usage_basis: UsageBasis
    count_method: CountMethod | None
    count_every_days: int | None
    cycle_count_percent: int | None
    shrinkage_warning_percent: str | None


def liability(viewer: Viewer, agreement: str | None = None) -> list[Liability]:
    """Who bears which loss under the viewer's agreements, and how their goods are counted."""
    return [
        Liability(
            row.number,
            row.consignor,
            row.consignee,
            {reason: consignee_share(row.loss_responsibility, reason) for reason in Reason},
            row.liability,
            UsageBasis(row.usage_basis),
            CountMethod(row.count_method) if row.count_method else None,
            row.count_every_days,
            row.cycle_count_percent,
            None
            if row.shrinkage_warning_percent is None
            else show_micros(row.shrinkage_warning_percent),
        )
        for row in _terms(viewer.party_id, agreement)
    ]
