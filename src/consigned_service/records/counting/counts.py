"""Counts in the database: sheets, what was counted, differences, and what a count is held
against."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from consigned.counting.counts import Compared, Scope
from consigned.inventory.stock import Holding
from consigned.measure.identity import (
    AgreementId,
    ItemId,
    LayerNumber,
    OrganizationId,
    PartyId,
    PlaceNumber,
    PositionNumber,
)
from consigned.measure.money import Price
from consigned.title.past import Slot
from consigned.title.position import Place, Position, Zone
from consigned.title.post import Book
from consigned_service.records.inventory.holdings import OUTER
from consigned_service.records.inventory.open_differences import STILL_OPEN
from consigned_service.records.master_data.amendments import is_amended
from consigned_service.records.sql import bulk
from consigned_service.records.sql.select import as_day, rows

# --- sheets ------------------------------------------------------------------------------


def agreements_counted(consignee: PartyId) -> list[AgreementId]:
    """The agreements of a consignee that say, on any day, how often goods are counted."""
    return [
        AgreementId(id)
        for (id,) in bulk.fetch(
            "SELECT a.id FROM agreement a WHERE a.consignee_id = %s AND (a.count_every_days "
            f"IS NOT NULL OR {is_amended(['count_every_days'])}) ORDER BY a.number",
            [consignee],
        )
    ]


def last_drawn(organization: OrganizationId) -> dict[AgreementId, date]:
    """When the last sheet was drawn up under each agreement."""
    found = rows(
        _Drawn,
        "SELECT agreement, MAX(drawn_on) FROM count_sheet WHERE organization_id = %s "
        "GROUP BY agreement",
        [organization],
    )
    return {AgreementId(row.agreement): row.drawn_on for row in found}


class _Drawn(NamedTuple):
    agreement: int
    drawn_on: date


class ItemHeld(NamedTuple):
    """What lies of one item, lot and serial under an agreement at one place."""

    agreement: AgreementId
    owner: PartyId
    place: PlaceNumber
    item: ItemId
    code: str
    lot: str | None
    serial: str | None
    quantity: int


def held_under(
    organization: OrganizationId, agreements: Iterable[AgreementId], ours: PartyId
) -> list[ItemHeld]:
    """The goods of others that lie here under some agreements and can be counted."""
    chosen, ids = bulk.among(agreements)
    then = bulk.then()
    return [
        ItemHeld(*row)._replace(quantity=int(row[-1]))
        for row in bulk.fetch(
            "SELECT l.agreement, p.owner_id, p.place, p.item_id, i.code, l.lot, l.serial, "
            f"SUM(b.quantity) FROM position p {then} place pl "
            "ON pl.organization_id = p.organization_id AND pl.number = p.place "
            f"{then} balance b ON b.organization_id = p.organization_id AND b.position = p.number "
            f"{then} layer l ON l.organization_id = b.organization_id AND l.number = b.layer "
            "JOIN item i ON i.id = p.item_id WHERE p.organization_id = %s AND p.owner_id <> %s "
            f"AND pl.zone NOT IN ({OUTER}) AND pl.zone <> %s AND l.agreement IN ({chosen}) "
            "GROUP BY l.agreement, p.owner_id, p.place, p.item_id, i.code, l.lot, l.serial "
            "ORDER BY p.place, i.code, l.lot, l.serial",
            [organization, ours, Zone.IN_TRANSIT.value, ids],
        )
    ]


def last_on_sheet(organization: OrganizationId) -> dict[tuple[AgreementId, ItemId], date]:
    """When each item was last on a sheet of each agreement."""
    found = rows(
        _OnSheet,
        "SELECT s.agreement, l.item_id, MAX(s.drawn_on) FROM count_sheet s "
        "JOIN count_sheet_line l ON l.organization_id = s.organization_id AND l.sheet = s.number "
        "WHERE s.organization_id = %s GROUP BY s.agreement, l.item_id",
        [organization],
    )
    return {(AgreementId(row.agreement), ItemId(row.item)): row.drawn_on for row in found}


class _OnSheet(NamedTuple):
    agreement: int
    item: int
    drawn_on: date


def scopes_on_sheets(
    organization: OrganizationId, references: Iterable[str]
) -> dict[str, list[Scope]]:
    """What each of some sheets asks to be counted, in its order."""
    chosen, named = bulk.among(references, "text")
    asked: dict[str, list[Scope]] = {}
    for reference, *scope in bulk.fetch(
        "SELECT s.reference, l.item_id, s.consignor, s.place, l.lot, l.serial FROM count_sheet s "
        "JOIN count_sheet_line l ON l.organization_id = s.organization_id AND l.sheet = s.number "
        f"WHERE s.organization_id = %s AND s.reference IN ({chosen}) ORDER BY s.number, l.line",
        [organization, named],
    ):
        asked.setdefault(reference, []).append(Scope(*scope))
    return asked


# --- what was counted before -------------------------------------------------------------


class Counting(NamedTuple):
    """A line of a count as it stands."""

    number: int
    reference: str
    recount: int
    side: str
    counted_by: str | None
    scope: Scope
    counted: int
    said: str | None
    counted_on: date
    reason: str | None


class _Counting(NamedTuple):
    number: int
    reference: str
    recount: int
    side: str
    counted_by: str | None
    item: int
    owner: int | None
    place: int | None
    lot: str | None
    serial: str | None
    counted: int
    said: str | None
    counted_on: date
    reason: str | None


COUNTING = (
    "number, reference, recount, side, counted_by, item_id, owner, place, lot, serial, counted, "
    "said, counted_on, reason"
)


def counted_before(organization: OrganizationId, references: Iterable[str]) -> list[Counting]:
    """The lines of some counts that were told before, in the order they were told."""
    chosen, named = bulk.among(references, "text")
    return [
        Counting(
            row.number, row.reference, row.recount, row.side, row.counted_by,
            Scope(ItemId(row.item), *row[6:10]), *row[10:],  # type: ignore[arg-type]
        )
        for row in rows(
            _Counting,
            f"SELECT {COUNTING} FROM stock_count WHERE organization_id = %s "
            f"AND reference IN ({chosen}) ORDER BY number",
            [organization, named],
        )
    ]  # fmt: skip


def counted_later(
    organization: OrganizationId, items: Iterable[ItemId], day: date
) -> list[tuple[Scope, date]]:
    """What of some items was counted on later evenings, and when last."""
    subquery, wanted = bulk.among(items)
    return [
        (Scope(*scope), as_day(on))
        for *scope, on in bulk.fetch(
            "SELECT item_id, owner, place, lot, serial, MAX(counted_on) FROM stock_count "
            f"WHERE organization_id = %s AND counted_on > %s AND item_id IN ({subquery}) "
            "GROUP BY item_id, owner, place, lot, serial",
            [organization, day, wanted],
        )
    ]


class OpenDifference(NamedTuple):
    """A difference of which something is not explained yet."""

    number: int
    counting: int
    reference: str
    side: str
    scope: Scope
    """What the line counted, under the owner whose goods differ."""
    compared: Compared
    counted_on: date
    still_open: int
    """Above zero so much is too much, below zero so much is missing."""


class _OpenDifference(NamedTuple):
    number: int
    counting: int
    reference: str
    side: str
    item: int
    owner: int
    place: int | None
    lot: str | None
    serial: str | None
    agreement: int | None
    booked: int
    counted: int
    counted_on: date
    still_open: int


OPEN = (
    "SELECT d.number, c.number, c.reference, c.side, c.item_id, d.owner, c.place, c.lot, c.serial, "
    f"d.agreement, d.booked, d.counted, c.counted_on, {STILL_OPEN} "
    "FROM stock_count c {then} count_difference d "
    "ON d.organization_id = c.organization_id AND d.stock_count = c.number "
    "WHERE c.organization_id = %s AND {chosen}"
)
"""A recount settles with all that is still open, so that what is open is never counted twice."""
DIFFERS = (
    "(d.booked <> d.counted OR EXISTS (SELECT 1 FROM told_after_count t "
    "WHERE t.organization_id = d.organization_id AND t.difference = d.number))"
)


def differences_of_items(
    organization: OrganizationId, items: Iterable[ItemId]
) -> list[OpenDifference]:
    """The open differences of some items, the oldest first."""
    subquery, wanted = bulk.among(items)
    return _open(organization, f"c.item_id IN ({subquery}) AND {DIFFERS}", wanted)


def differences_numbered(
    organization: OrganizationId, numbers: Iterable[int]
) -> dict[int, OpenDifference]:
    """Some differences by number, whether anything of them is still open or not."""
    subquery, wanted = bulk.among(numbers)
    found = _open(organization, f"d.number IN ({subquery})", wanted, even_closed=True)
    return {one.number: one for one in found}


def _open(
    organization: OrganizationId, chosen: str, wanted: object, *, even_closed: bool = False
) -> list[OpenDifference]:
    sql = OPEN.format(then=bulk.then(), chosen=chosen)
    return [
        OpenDifference(
            row.number,
            row.counting,
            row.reference,
            row.side,
            Scope(ItemId(row.item), PartyId(row.owner), *row[6:9]),  # type: ignore[arg-type]
            Compared(PartyId(row.owner), row.agreement, row.booked, row.counted),  # type: ignore[arg-type]
            row.counted_on,
            int(row.still_open),
        )
        for row in rows(_OpenDifference, f"{sql} ORDER BY d.number", [organization, wanted])
        if even_closed or row.still_open
    ]


class SettledBefore(NamedTuple):
    """How much of a difference was explained by a reason, as it was told, and what of it was not
    taken back."""

    told: int
    stands: int


def settled_before(
    organization: OrganizationId, differences: Iterable[int]
) -> dict[tuple[int, str], SettledBefore]:
    """How much of each of some differences was explained by which reason."""
    subquery, wanted = bulk.among(differences)
    return {
        (difference, reason): SettledBefore(int(told), int(stands))
        for difference, reason, told, stands in bulk.fetch(
            "SELECT difference, reason, "
            "SUM(CASE WHEN takes_back IS NULL THEN quantity ELSE 0 END), SUM(quantity) "
            f"FROM count_settlement WHERE organization_id = %s AND difference IN ({subquery}) "
            "GROUP BY difference, reason",
            [organization, wanted],
        )
    }


# --- what a count is held against --------------------------------------------------------


class Moved(NamedTuple):
    """What came to one layer at one position after a day, less what left it."""

    slot: Slot
    happened_on: date
    quantity: int


def moved_since(book: Book, items: Iterable[ItemId], since: date) -> list[Moved]:
    """The movements of some items after a day, wherever they went. A use counts on its own day,
    whenever its goods were issued.

    Nothing is recorded more than a day before it happens, so that only the entries of the last
    postings need be looked at.
    """
    subquery, wanted = bulk.among(items)
    sums: dict[tuple[Slot, date], int] = defaultdict(int)
    for row in rows(
        _Movement,
        "SELECT e.layer, e.source, e.target, e.quantity, CASE WHEN u.happened_on < e.happened_on "
        "THEN u.happened_on ELSE e.happened_on END FROM title_entry e "
        "JOIN layer l ON l.organization_id = e.organization_id AND l.number = e.layer "
        "LEFT JOIN consumption u ON e.cause = 'consumption' "
        "AND u.organization_id = e.organization_id AND u.number = e.document "
        "WHERE e.organization_id = %s AND e.happened_on > %s "
        "AND COALESCE(u.happened_on, e.happened_on) > %s AND e.number >= COALESCE(("
        "SELECT end_entry FROM posting WHERE organization_id = %s AND recorded_on < %s "
        f"ORDER BY number DESC LIMIT 1), 0) AND l.item_id IN ({subquery})",
        [book.organization, since, since, book.organization, since, wanted],
    ):
        layer = LayerNumber(row.layer)
        sums[(PositionNumber(row.source), layer), row.happened_on] -= row.quantity
        sums[(PositionNumber(row.target), layer), row.happened_on] += row.quantity
    return [Moved(slot, on, quantity) for (slot, on), quantity in sums.items() if quantity]


class _Movement(NamedTuple):
    layer: int
    source: int
    target: int
    quantity: int
    happened_on: date


class Kept(NamedTuple):
    """A layer under one of the owners it has had here."""

    owner: PartyId
    item: ItemId
    layer: LayerNumber
    received_on: date
    ownership: str
    agreement: AgreementId | None
    is_ordered: bool
    price: Price | None
    lot: str | None
    serial: str | None
    last_lost: int
    """The entry by which goods of it were last lost and are still gone; 0 where there is none."""
    lost: int
    """How much of it is lost under its owner's name; below zero what was found unmissed."""

    def lies(self, place: Place, position: PositionNumber) -> Holding:
        """Its goods at a position, none of them there yet."""
        return Holding(
            self.item, self.owner, place.number, position, self.layer, self.received_on, 0,
            self.ownership, self.agreement, self.price if self.is_ordered else None, self.lot,
            self.serial,
        )  # fmt: skip


def layers_of(book: Book, items: Iterable[ItemId], lost_to: PlaceNumber) -> list[Kept]:
    """Every layer of some items that was ever here, with each owner it had."""
    subquery, wanted = bulk.among(items)
    then = bulk.then()
    sql = (
        "SELECT p.owner_id, p.item_id, l.number, l.received_on, l.ownership, l.agreement, "
        "CASE WHEN l.order_line IS NULL THEN 0 ELSE 1 END, l.price, l.currency, l.per, l.lot, "
        "l.serial, COALESCE(MAX(CASE WHEN p.place = %s AND b.quantity > 0 THEN (SELECT "
        "MAX(e.number) FROM title_entry e WHERE e.organization_id = b.organization_id "
        "AND e.layer = b.layer AND e.target = b.position) END), 0), "
        "SUM(CASE WHEN p.place = %s THEN b.quantity ELSE 0 END) "
        f"FROM position p {then} balance b "
        "ON b.organization_id = p.organization_id AND b.position = p.number "
        f"{then} layer l ON l.organization_id = b.organization_id AND l.number = b.layer "
        f"WHERE p.organization_id = %s AND p.item_id IN ({subquery}) "
        "GROUP BY p.owner_id, p.item_id, l.number, l.received_on, l.ownership, l.agreement, "
        "l.order_line, l.price, l.currency, l.per, l.lot, l.serial"
    )
    return [
        Kept(
            PartyId(row.owner), ItemId(row.item), LayerNumber(row.layer), row.received_on,
            row.ownership, row.agreement, row.is_ordered,  # type: ignore[arg-type]
            None if row.price is None else Price(row.price, row.currency or "", row.per or 0),
            row.lot, row.serial, row.last_lost, int(row.lost),
        )
        for row in rows(_Kept, sql, [lost_to, lost_to, book.organization, wanted])
    ]  # fmt: skip


class _Kept(NamedTuple):
    owner: int
    item: int
    layer: int
    received_on: date
    ownership: str
    agreement: int | None
    is_ordered: bool
    price: int | None
    currency: str | None
    per: int | None
    lot: str | None
    serial: str | None
    last_lost: int
    lost: int


def borne_by_us(
    organization: OrganizationId, items: Iterable[ItemId], ours: PartyId
) -> dict[LayerNumber, tuple[int, int]]:
    """What of others' layers became ours because counts missed it, less what was found of it, and
    the last entry by which it went."""
    subquery, wanted = bulk.among(items)
    then = bulk.then()
    borne: dict[LayerNumber, tuple[int, int]] = {}
    for number, quantity, last in bulk.fetch(
        "SELECT e.layer, SUM(CASE e.kind WHEN 'found' THEN -e.quantity ELSE e.quantity END), "
        "MAX(CASE e.kind WHEN 'found' THEN 0 ELSE e.number END) "
        f"FROM stock_count c {then} count_difference d "
        "ON d.organization_id = c.organization_id AND d.stock_count = c.number "
        f"{then} count_settlement z ON z.organization_id = d.organization_id "
        f"AND z.difference = d.number {then} posting g ON g.organization_id = z.organization_id "
        f"AND g.number = z.posting {then} title_entry e ON e.organization_id = g.organization_id "
        "AND e.number >= g.first_entry AND e.number < g.end_entry AND ("
        "(e.kind IN ('found', 'lost') AND e.cause = 'count' AND e.document = z.number) OR "
        "(e.kind = 'issued' AND e.cause = 'consumption' AND e.document = z.consumption)) "
        f"{then} position p ON p.organization_id = e.organization_id AND p.number = e.source "
        f"WHERE c.organization_id = %s AND c.item_id IN ({subquery}) AND d.owner <> %s "
        "AND p.owner_id = %s AND z.reason <> 'sold' GROUP BY e.layer",
        [organization, wanted, ours, ours],
    ):
        borne[LayerNumber(number)] = (int(quantity), last)
    return borne


def know_positions(book: Book, numbers: Iterable[PositionNumber]) -> None:
    """Bring positions into the book by their numbers."""
    subquery, wanted = bulk.among(set(numbers))
    for number, *where in bulk.fetch(
        "SELECT number, item_id, owner_id, place, condition FROM position "
        f"WHERE organization_id = %s AND number IN ({subquery})",
        [book.organization, wanted],
    ):
        book.know(number, Position(*where))


def places_counted(places: Sequence[Place]) -> list[Place]:
    """The places whose goods can be counted: inside the walls, and on the way."""
    return [place for place in places if not place.is_outer]


def net(moved: Iterable[Moved], after: date) -> Counter[Slot]:
    """What came to each layer at each position after a day, less what left it."""
    sums: Counter[Slot] = Counter()
    for slot, on, quantity in moved:
        if on > after:
            sums[slot] += quantity
    return sums
