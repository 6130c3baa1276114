"""What was told after counts: the facts of a posting that happened by a counted evening, the counts
that they meet, and what those wrote off."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from consigned.counting.counts import Scope
from consigned.counting.late_records import (
    CameBack,
    Difference,
    Fact,
    Gone,
    Line,
    Move,
    WrittenOff,
    left_as_own,
    order,
)
from consigned.counting.laws import RECOUNTED
from consigned.counting.losses import CONSUMED_AS, Reason
from consigned.inventory.stock import Holding
from consigned.inventory.title_transfers import UseKind
from consigned.measure.identity import (
    AgreementId,
    EntryNumber,
    ItemId,
    LayerNumber,
    PartyId,
    PlaceNumber,
    PositionNumber,
)
from consigned.measure.money import Price
from consigned.title.entry import Cause, Entry, EntryKind
from consigned.title.past import Slot
from consigned.title.position import Position, Zone
from consigned_service.records.inventory.open_differences import STILL_OPEN
from consigned_service.records.ledger.posting import FACTS, OpenPosting
from consigned_service.records.returns import returns as return_records
from consigned_service.records.returns.returns import Standing
from consigned_service.records.sql import bulk
from consigned_service.records.sql.select import as_day, rows

# --- what a posting told ---------------------------------------------------------------------


def facts_told(posting: OpenPosting) -> list[Fact]:
    """By how much a posting changes what lay there on evenings that were counted before. A use
    counts on its own day, whenever its goods were issued."""
    through = posting.ledger.counted_through
    if through is None:
        return []
    days = _days_of_use(posting, through)
    dated = [(entry, _own_day(entry, days)) for entry in posting.book.entries]
    late = [(entry, on) for entry, on in dated if on <= through]
    return list(_facts(posting, late)) if late else []


def _own_day(entry: Entry, days: Mapping[int, date]) -> date:
    """The day of an entry; of one that is of a use, the day of that, if it is earlier. What other
    entries name by the same number is no use."""
    if entry.cause != Cause.CONSUMPTION:
        return entry.happened_on
    return min(entry.happened_on, days.get(entry.document, entry.happened_on))


def _days_of_use(posting: OpenPosting, through: date) -> dict[int, date]:
    """The uses of a posting that happened by a day, by their numbers."""
    number, happened_on = (FACTS["consumption"].index(name) for name in ("number", "happened_on"))
    last = through.isoformat()
    kept = posting.facts.get("consumption", ())
    days = {
        row[number]: date.fromisoformat(row[happened_on])
        for row in kept
        if row[happened_on] <= last
    }
    if posting.cause != "resubmission":
        return days
    subquery, wanted = bulk.among(
        {e.document for e in posting.book.entries if e.cause == Cause.CONSUMPTION}
    )
    return days | {
        use: as_day(on)
        for use, on in bulk.fetch(
            "SELECT number, happened_on FROM consumption WHERE organization_id = %s "
            f"AND happened_on <= %s AND number IN ({subquery})",
            [posting.organization.id, through, wanted],
        )
    }


def _facts(posting: OpenPosting, late: Sequence[tuple[Entry, date]]) -> Iterator[Fact]:
    layers = _layers(posting, {entry.layer for entry, _ in late})
    settles, counted = _lines_settled(posting)
    outer, on_the_way = posting.book.outer_places, places_on_the_way(posting)
    moved: dict[tuple[LayerNumber, ItemId, PlaceNumber, date, int], dict[PartyId, int]] = {}
    for entry, on in late:
        line = settles.get((entry.cause, entry.document), 0)
        for position, quantity in ((entry.source, -entry.quantity), (entry.target, entry.quantity)):
            where = posting.book.describe(position)
            if where.place not in outer:
                key = (entry.layer, where.item, where.place, on, line)
                owners = moved.setdefault(key, {})
                owners[where.owner] = owners.get(where.owner, 0) + quantity
    for (layer, item, place, on, line), owners in moved.items():
        agreement, lot, serial = layers[layer]
        for owner, quantity, is_title in _by_owner(owners):
            yield Fact(
                item, owner, agreement, place, lot, serial, on, quantity, posting.number, line,
                place in on_the_way, is_title, counted[line].evening if line else None,
            )  # fmt: skip
    yield from _left_as_own(posting, late, layers, settles, counted)


def _left_as_own(
    posting: OpenPosting,
    late: Sequence[tuple[Entry, date]],
    layers: Mapping[LayerNumber, "Marks"],
    settles: Mapping[tuple[str, int], int],
    counted: Mapping[int, "_Counted"],
) -> Iterator[Fact]:
    """What was taken back for this posting of what lines missed that name the consignor, and left
    as the consignee's own: as the consignor's it is, for each such line alone."""
    back = {
        (Cause.COUNT.value, row[1])
        for row in posting.facts.get("count_settlement", ())
        if row[-1] is not None
    }
    if not back:
        return
    moves = [
        Move(
            (entry.cause, entry.document, entry.line), on, (entry.source, entry.layer),
            (entry.target, entry.layer), entry.quantity,
        )
        for entry, on in late
        if (entry.cause, entry.document) not in back
    ]  # fmt: skip
    came = _came_back(posting, {one: settles[one] for one in back}, counted)
    for one, quantity in left_as_own(came, moves):
        position, layer = one.slot
        where, (agreement, lot, serial) = posting.book.describe(position), layers[layer]
        yield Fact(
            where.item, counted[one.line].owner, agreement, where.place, lot, serial, one.evening,
            -quantity, posting.number, alone=one.line,
        )  # fmt: skip


def _came_back(
    posting: OpenPosting,
    back: Mapping[tuple[str, int], int],
    counted: Mapping[int, "_Counted"],
) -> Iterator[CameBack]:
    """What came back as the consignee's own of what lines missed that name the consignor."""
    book, consignee = posting.book, posting.organization.party
    came: Counter[tuple[int, Slot]] = Counter()
    for entry in book.entries:
        number = back.get((entry.cause, entry.document))
        if number is None or counted[number].owner in (None, consignee):
            continue
        for position, way in ((entry.source, -1), (entry.target, 1)):
            where = book.describe(position)
            if where.owner == consignee and where.place not in book.outer_places:
                came[number, (position, entry.layer)] += way * entry.quantity
    for (number, slot), quantity in came.items():
        yield CameBack(number, counted[number].evening, slot, quantity)


def _by_owner(owners: Mapping[PartyId, int]) -> Iterator[tuple[PartyId, int, bool]]:
    """Whose goods came or left, apart from what only became another's and stayed."""
    left = sum(owners.values())
    way = 1 if left > 0 else -1
    for owner, quantity in owners.items():
        gone = min(abs(left), max(0, quantity * way)) * way
        left -= gone
        if gone:
            yield owner, gone, False
        if quantity != gone:
            yield owner, quantity - gone, True


def places_on_the_way(posting: OpenPosting) -> frozenset[PlaceNumber]:
    return frozenset(p.number for p in posting.places if p.zone is Zone.IN_TRANSIT)


Marks = tuple[AgreementId | None, str | None, str | None]
"""The agreement, the lot and the serial of a layer."""


def _layers(posting: OpenPosting, layers: set[LayerNumber]) -> dict[LayerNumber, Marks]:
    found: dict[LayerNumber, Marks] = {
        layer.number: (layer.agreement, layer.lot, layer.serial)
        for layer in posting.book.new_layers
    }
    subquery, wanted = bulk.among(layers - found.keys())
    for number, *marks in bulk.fetch(
        "SELECT number, agreement, lot, serial FROM layer "
        f"WHERE organization_id = %s AND number IN ({subquery})",
        [posting.organization.id, wanted],
    ):
        found[LayerNumber(number)] = tuple(marks)
    return found


class _Counted(NamedTuple):
    owner: PartyId | None
    evening: date


def _lines_settled(
    posting: OpenPosting,
) -> tuple[dict[tuple[str, int], int], dict[int, _Counted]]:
    """Which line of a count the entries of each settlement of a posting belong to, by the cause
    and the document of the entries; and whose goods each line counted, and on which evening."""
    settlements = posting.facts.get("count_settlement", ())
    if not settlements:
        return {}, {}
    lines = {row[1]: row[3] for row in posting.facts.get("count_difference", ())}
    subquery, wanted = bulk.among({row[3] for row in settlements} - lines.keys())
    lines |= dict(
        bulk.fetch(
            "SELECT number, stock_count FROM count_difference "
            f"WHERE organization_id = %s AND number IN ({subquery})",
            [posting.organization.id, wanted],
        )
    )
    settles = {}
    for _, number, _, difference, _, _, _, consumption, *_ in settlements:
        settles[Cause.COUNT.value, number] = lines[difference]
        if consumption:
            settles[Cause.CONSUMPTION.value, consumption] = lines[difference]
    subquery, wanted = bulk.among(set(settles.values()))
    counted = bulk.fetch(
        "SELECT number, owner, counted_on FROM stock_count "
        f"WHERE organization_id = %s AND number IN ({subquery})",
        [posting.organization.id, wanted],
    )
    return settles, {line: _Counted(owner, as_day(on)) for line, owner, on in counted}


# --- the counts that it meets ----------------------------------------------------------------


class _Line(NamedTuple):
    number: int
    posting: int
    reference: str
    side: str
    item: int
    owner: int | None
    place: int | None
    lot: str | None
    serial: str | None
    counted_on: date
    reason: str | None


def lines_counted(
    posting: OpenPosting, items: Collection[ItemId], since: date
) -> tuple[list[Line], frozenset[PlaceNumber]]:
    """What was counted of some items on a day or later, by its evening; and the places of goods
    that are on their way."""
    organization = posting.organization.id
    on_the_way = places_on_the_way(posting)
    subquery, wanted = bulk.among(items)
    lines = {
        row.number: Line(
            row.number, row.posting, row.reference, row.side,
            Scope(ItemId(row.item), *row[5:9]), row.counted_on,  # type: ignore[arg-type]
            row.reason, is_on_the_way=row.place in on_the_way,
        )
        for row in rows(
            _Line,
            "SELECT number, posting, reference, side, item_id, owner, place, lot, serial, "
            "counted_on, reason FROM stock_count WHERE organization_id = %s AND counted_on >= %s "
            f"AND item_id IN ({subquery})",
            [organization, since, wanted],
        )
    }  # fmt: skip
    if lines:
        _read_differences(posting, lines)
    return order(lines.values()), on_the_way


def _read_differences(posting: OpenPosting, lines: Mapping[int, Line]) -> None:
    subquery, wanted = bulk.among(lines)
    differences: dict[int, tuple[Line, Difference]] = {}
    for number, line, owner, agreement, still_open, closed in bulk.fetch(
        f"SELECT d.number, d.stock_count, d.owner, d.agreement, {STILL_OPEN}, "
        "COALESCE((SELECT SUM(z.quantity) FROM count_settlement z "
        "WHERE z.organization_id = d.organization_id AND z.difference = d.number "
        f"AND z.reason = '{RECOUNTED}'), 0) FROM count_difference d "
        f"WHERE d.organization_id = %s AND d.stock_count IN ({subquery}) ORDER BY d.number",
        [posting.organization.id, wanted],
    ):
        one = Difference(number, owner, agreement, int(still_open), int(closed))
        lines[line].differences.append(one)
        differences[number] = lines[line], one
    _read_settlements(posting, differences)


class _Settlement(NamedTuple):
    number: int
    posting: int
    difference: int
    reason: str
    quantity: int
    share: int
    consumption: int | None
    happened_on: date
    takes_back: int | None


def _read_settlements(
    posting: OpenPosting, differences: Mapping[int, tuple[Line, Difference]]
) -> None:
    subquery, wanted = bulk.among(differences)
    told = rows(
        _Settlement,
        "SELECT number, posting, difference, reason, quantity, share, consumption, happened_on, "
        "takes_back FROM count_settlement WHERE organization_id = %s "
        f"AND reason <> '{RECOUNTED}' AND difference IN ({subquery}) ORDER BY number",
        [posting.organization.id, wanted],
    )
    written_off: dict[int, WrittenOff] = {}
    for one in told:
        line, difference = differences[one.difference]
        line.was_decided = True
        if one.takes_back is None:
            if one.posting > line.posting:
                line.decided_in = max(line.decided_in, one.posting)
            settled = WrittenOff(
                one.number, line, difference, one.reason,
                CONSUMED_AS.get(Reason(one.reason), UseKind.COUNT), one.share, one.happened_on,
                posting.organization.open_day(one.happened_on), is_find=one.quantity > 0,
            )  # fmt: skip
            written_off[one.number] = settled
            line.settled.append(settled)
    if written_off:
        _read_parts(posting, told, written_off)


def _read_parts(
    posting: OpenPosting, told: Sequence[_Settlement], written_off: Mapping[int, WrittenOff]
) -> None:
    """Which goods some settlements wrote off, as the entries of their postings tell, without what
    was taken back of them."""
    entries = {(Cause.COUNT.value, one.number): one for one in told} | {
        (Cause.CONSUMPTION.value, one.consumption): one for one in told if one.consumption
    }
    subquery, wanted = bulk.among({one.posting for one in told})
    items, named = bulk.among({one.line.scope.item for one in written_off.values()})
    gone: dict[tuple[object, ...], Gone] = {}
    for row in rows(
        _Part,
        "SELECT e.cause, e.document, e.kind, e.number, e.quantity, e.layer, l.received_on, "
        "l.ownership, l.agreement, l.order_line, l.price, l.currency, l.per, l.lot, l.serial, "
        "l.expires_on, e.source, s.item_id, s.owner_id, s.place, s.condition, e.target, t.item_id, "
        f"t.owner_id, t.place, t.condition FROM posting g {bulk.then()} title_entry e "
        "ON e.organization_id = g.organization_id "
        "AND e.number >= g.first_entry AND e.number < g.end_entry "
        "JOIN layer l ON l.organization_id = e.organization_id AND l.number = e.layer "
        "JOIN position s ON s.organization_id = e.organization_id AND s.number = e.source "
        "JOIN position t ON t.organization_id = e.organization_id AND t.number = e.target "
        f"WHERE g.organization_id = %s AND g.number IN ({subquery}) "
        f"AND l.item_id IN ({items}) AND e.cause IN ('count', 'consumption') ORDER BY e.number",
        [posting.organization.id, wanted, named],
    ):
        one = entries.get((row.cause, row.document))
        settled = one and written_off.get(one.takes_back or one.number)
        if settled:
            _add_part(posting, settled, gone, row)
    _keep_what_stands(posting, gone.values())


class _Part(NamedTuple):
    cause: str
    document: int
    kind: str
    number: int
    quantity: int
    layer: int
    received_on: date
    ownership: str
    agreement: int | None
    order_line: int | None
    price: int | None
    currency: str | None
    per: int | None
    lot: str | None
    serial: str | None
    expires_on: date | None
    source: int
    source_item: int
    source_owner: int
    source_place: int
    source_condition: str
    target: int
    target_item: int
    target_owner: int
    target_place: int
    target_condition: str


_LEFT = frozenset({EntryKind.ISSUED, EntryKind.LOST, EntryKind.NEVER_CAME})


def _add_part(
    posting: OpenPosting, settled: WrittenOff, gone: dict[tuple[object, ...], Gone], row: _Part
) -> None:
    """Count an entry to the goods of its settlement, by their layer and where they lay."""
    ways = (
        (PositionNumber(row.source), Position(*row[17:21])),  # type: ignore[arg-type]
        (PositionNumber(row.target), Position(*row[22:26])),  # type: ignore[arg-type]
    )
    for number, where in ways:
        posting.book.know(number, where)
    position, lay = ways[row.kind == EntryKind.FOUND]
    is_title = row.kind == EntryKind.TRANSFERRED_TO_OWNED
    if row.kind not in _LEFT and row.kind != EntryKind.FOUND and not is_title:
        return
    ours = posting.organization.party
    key: tuple[object, ...] = (settled.number, row.layer, lay.place, lay.condition)
    if settled.is_find:
        key = (*key, lay.owner)
    one = gone.get(key)
    if one is None:
        price = None if row.price is None else Price(row.price, row.currency or "", row.per or 0)
        holding = Holding(
            lay.item, lay.owner, lay.place, position, LayerNumber(row.layer), row.received_on, 0,
            row.ownership, row.agreement, price if row.order_line else None, row.lot, row.serial,  # type: ignore[arg-type]
            row.expires_on,
        )  # fmt: skip
        one = gone[key] = Gone(holding, value=price)
        settled.parts.append(one)
    if lay.owner != ours and one.holding.owner == ours:
        one.holding.owner, one.holding.position = lay.owner, position
    sign = 1 if (row.kind in _LEFT) is not settled.is_find else -1
    if is_title:
        one.transfer = EntryNumber(row.number)
    elif lay.owner == ours:
        one.ours += sign * row.quantity
    else:
        one.theirs += sign * row.quantity


def _keep_what_stands(posting: OpenPosting, gone: Collection[Gone]) -> None:
    """Of a consignee's share only the title that was not turned back meanwhile can be."""
    stands = transfers_of(posting, gone)
    for one in gone:
        if one.transfer is not None:
            standing = stands.get(one.transfer)
            one.ours = min(one.ours, standing.passed.left) if standing else 0
            one.stays_ours = standing is not None and standing.passed.is_told


def transfers_of(posting: OpenPosting, gone: Iterable[Gone]) -> dict[EntryNumber, Standing]:
    """The transfers of title that some goods which are gone became ours by, and still stand."""
    layers = {one.holding.layer for one in gone if one.transfer is not None}
    return return_records.standing(posting.organization.id, layers) if layers else {}


# --- keeping it --------------------------------------------------------------------------------


def number(posting: OpenPosting, line: Line, difference: Difference) -> None:
    """Keep a difference that nobody told of yet, as one of nothing."""
    if not difference.number:
        difference.number = posting.take_numbers("difference", 1)
        posting.add(
            "count_difference",
            [(posting.organization.id, difference.number, posting.number, line.number,
              difference.owner, difference.agreement, 0, 0)],
        )  # fmt: skip


def keep(posting: OpenPosting, line: Line, changed: Iterable[tuple[Difference, int]]) -> None:
    """Keep by how much what was told changes the book of each difference of a line."""
    sums: dict[int, int] = defaultdict(int)
    for difference, quantity in changed:
        number(posting, line, difference)
        sums[difference.number] += quantity
    found = [(difference, quantity) for difference, quantity in sums.items() if quantity]
    first = posting.take_numbers("told_after", len(found))
    posting.add(
        "told_after_count",
        [
            (posting.organization.id, nth, posting.number, difference, quantity)
            for nth, (difference, quantity) in enumerate(found, start=first)
        ],
    )
