"""Holds and recalls in the database: which stand, and how each posting changes them.

Whatever an act does to goods on hold, its posting keeps the holds true: what comes on hold has a
reason, what is no longer on hold ends one, and what of a recalled lot lies free is held. So no act
can forget it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Any, NamedTuple, Protocol

from consigned.inventory.holds import Hold, Lot, end
from consigned.master_data.parties import Organization
from consigned.measure.identity import (
    EntryNumber,
    ItemId,
    LayerNumber,
    OrganizationId,
    PartyId,
    PlaceNumber,
    PositionNumber,
)
from consigned.title.entry import Cause, Entry, EntryKind
from consigned.title.past import Slot
from consigned.title.position import Condition
from consigned.title.post import Book, post
from consigned_service.records.sql import bulk
from consigned_service.records.sql.select import as_day

RECALL = "recall"
"""The cause of the postings in which recalls begin and end."""


class Posting(Protocol):
    """A posting that is about to be written."""

    organization: Organization
    number: int
    cause: str
    reference: str
    recorded_on: date
    book: Book
    facts: dict[str, list[bulk.Row]]
    named_holds: dict[int, str]
    reasons: dict[int, str]

    def take_numbers(self, counter: str, how_many: int) -> int: ...
    def add(self, table: str, rows: Iterable[bulk.Row]) -> None: ...


class StandingRecall(NamedTuple):
    number: int
    lot: Lot
    because: str


STANDS = (
    "NOT EXISTS (SELECT 1 FROM recall_end x WHERE x.organization_id = r.organization_id "
    "AND x.recall = r.number)"
)


ENDED = (
    "COALESCE((SELECT SUM(x.quantity) FROM hold_end x "
    "WHERE x.organization_id = h.organization_id AND x.hold = h.number), 0)"
)
"""How much of a hold `h` has ended."""


def standing_recalls(organization: OrganizationId) -> list[StandingRecall]:
    return [
        StandingRecall(number, Lot(ItemId(item), PartyId(supplier), lot), because)
        for number, item, supplier, lot, because in bulk.fetch(
            "SELECT r.number, r.item_id, r.supplier_id, r.lot, r.because FROM recall r "
            f"WHERE r.organization_id = %s AND {STANDS} ORDER BY r.number",
            [organization],
        )
    ]


def standing_holds(organization: OrganizationId, layers: Iterable[LayerNumber]) -> list[Hold]:
    """The holds of some layers that stand, the oldest first."""
    return _standing(organization, layers, "bigint", "h.layer")


def holds_named(organization: OrganizationId, references: Iterable[str]) -> list[Hold]:
    """The holds of some references that stand."""
    return _standing(organization, references, "text", "h.reference")


def _standing(
    organization: OrganizationId, values: Iterable[object], type: str, column: str
) -> list[Hold]:
    rows = bulk.look_up(
        set(values),
        type,
        f"h.number, h.layer, h.place, h.quantity - {ENDED}, h.reference",
        "goods_hold h",
        f"h.organization_id = %s AND {column} = w.value AND h.quantity > {ENDED}",
        [organization],
    )
    return sorted(
        Hold(number, LayerNumber(layer), PlaceNumber(place), int(left), reference)
        for number, layer, place, left, reference in rows
    )


def lots_of(organization: OrganizationId, layers: Iterable[LayerNumber]) -> dict[LayerNumber, Lot]:
    """The lots of some layers that have one."""
    return {
        LayerNumber(layer): Lot(ItemId(item), PartyId(supplier), lot)
        for layer, item, supplier, lot in bulk.look_up(
            set(layers),
            "bigint",
            "l.number, l.item_id, l.supplier_id, l.lot",
            "layer l",
            "l.organization_id = %s AND l.number = w.value AND l.lot IS NOT NULL",
            [organization],
        )
    }


def on_hold(organization: OrganizationId, layers: Iterable[LayerNumber]) -> dict[LayerNumber, int]:
    """How much of some layers is on hold, as it stands in the database."""
    then = bulk.then()
    found: dict[LayerNumber, int] = defaultdict(int)
    for layer, quantity in bulk.look_up(
        set(layers),
        "bigint",
        "b.layer, b.quantity",
        f"layer l {then} position p ON p.organization_id = l.organization_id "
        f"AND p.item_id = l.item_id {then} balance b ON b.organization_id = p.organization_id "
        "AND b.position = p.number AND b.layer = l.number",
        "l.organization_id = %s AND l.number = w.value AND p.condition = %s AND NOT b.is_outer",
        [organization, Condition.ON_HOLD.value],
    ):
        found[LayerNumber(layer)] += quantity
    return found


# --- what a posting changes --------------------------------------------------------------------


def keep(posting: Posting, know_positions: Callable[[Book, Collection[ItemId]], None]) -> None:
    """Hold what of recalled lots lies free, and keep the holds of what is on hold and is not any
    more, just before a posting is written."""
    book = posting.book
    if not book.entries:
        return
    by_recall = _hold_recalled(posting, know_positions)
    held = {
        number
        for where, number in book.positions.items()
        if where.condition == Condition.ON_HOLD and not book.is_outer(number)
    }
    layers = {layer for position, layer in book.changes if position in held} if held else set()
    if layers:
        _keep_holds(posting, held, layers, by_recall)


def _hold_recalled(
    posting: Posting, know_positions: Callable[[Book, Collection[ItemId]], None]
) -> set[int]:
    """Hold what of a recalled lot would lie free after a posting; answers the entries."""
    book = posting.book
    came = [
        slot
        for slot, change in book.changes.items()
        if change > 0
        and not book.is_outer(slot[0])
        and book.describe(slot[0]).condition == Condition.UNRESTRICTED
    ]
    if not came or not (of_recall := recalled(posting, {layer for _, layer in came})):
        return set()
    slots = [slot for slot in came if slot[1] in of_recall]
    know_positions(book, {book.describe(position).item for position, _ in slots})
    return _hold(posting, slots)


def _hold(posting: Posting, slots: Iterable[Slot]) -> set[int]:
    book = posting.book
    entries: list[Entry] = []
    last: dict[Slot, date] = {}
    for entry in book.entries:
        for position in (entry.source, entry.target):
            slot = (position, entry.layer)
            last[slot] = max(entry.happened_on, last.get(slot, entry.happened_on))
    for position, layer in slots:
        on = last[position, layer]
        there = book.describe(position)._replace(condition=Condition.ON_HOLD.value)
        entries.append(
            Entry(
                EntryNumber(book.next_entry + len(entries)), EntryKind.HELD.value, layer,
                book.balances[position, layer], position, book.position(there), on,
                Cause.QUALITY.value, posting.number, 0,
            )
        )  # fmt: skip
    post(book, entries)
    return {entry.number for entry in entries}


def recalled(posting: Posting, layers: Collection[LayerNumber]) -> set[LayerNumber]:
    """Which of some layers are of lots that are recalled once the posting is written."""
    organization = posting.organization.id
    told = [
        StandingRecall(row[1], Lot(*row[3:6]), row[6]) for row in posting.facts.get("recall", ())
    ]
    ended = {row[1] for row in posting.facts.get("recall_end", ())}
    standing = [*standing_recalls(organization), *told]
    lots_recalled = {recall.lot for recall in standing if recall.number not in ended}
    if not lots_recalled:
        return set()
    lots: dict[LayerNumber, Any] = lots_of(organization, layers)
    for layer in posting.book.new_layers:
        lots[layer.number] = Lot(layer.item, layer.supplier, layer.lot or "")
    return {layer for layer in layers if lots.get(layer) in lots_recalled}


def _keep_holds(
    posting: Posting,
    held: set[PositionNumber],
    layers: set[LayerNumber],
    by_recall: set[int],
) -> None:
    """Give a reason to what came on hold, and end one for what is not on hold any more."""
    organization, book = posting.organization.id, posting.book
    opened = _open(posting, held, by_recall)
    standing: dict[LayerNumber, list[Hold]] = defaultdict(list)
    ended_before: dict[int, int] = defaultdict(int)
    for row in posting.facts.get("hold_end", ()):
        ended_before[row[3]] += row[4]
    for hold in [*standing_holds(organization, layers), *opened]:
        left = hold.quantity - ended_before[hold.number]
        if left:
            standing[hold.layer].append(hold._replace(quantity=left))
    after = on_hold(organization, layers)
    for (position, layer), change in book.changes.items():
        if position in held:
            after[layer] = after.get(layer, 0) + change
    of_recall = recalled(posting, layers)
    missing = []
    for layer in sorted(layers):
        stands = sum(hold.quantity for hold in standing[layer])
        surplus = stands - after.get(layer, 0)
        let_go = max(surplus, _let_go(posting, held, layer))
        if let_go > 0:
            places, named = _left(posting, held, layer)
            ended = end(standing[layer], let_go, places=places, references=named)
            add_ends(posting, [(one.hold, one.quantity) for one in ended])
        elif surplus < 0 and layer not in of_recall:
            missing.append((layer, -surplus))
    _add(
        posting,
        [
            (layer, _where(posting, held, layer), posting.recorded_on, posting.cause, "", quantity)
            for layer, quantity in missing
        ],
    )


def _open(posting: Posting, held: set[PositionNumber], by_recall: set[int]) -> list[Hold]:
    """The holds of what a posting put on hold, but for a recall."""
    if posting.cause == RECALL:
        return []
    book = posting.book
    passed = _passed_on(posting, held)
    came: dict[tuple[LayerNumber, PlaceNumber, date, int], int] = defaultdict(int)
    for entry in book.entries:
        if entry.kind == EntryKind.RENEWED or entry.number in by_recall:
            continue
        if entry.target in held and entry.source not in held:
            place = book.describe(entry.target).place
            came[entry.layer, place, entry.happened_on, entry.line] += entry.quantity
    references = {row[1]: row[3] for row in posting.facts.get("entry_reference", ())}
    opened = _add(
        posting,
        [
            (layer, place, on, references.get(line, posting.reference or posting.cause),
             posting.reasons.get(line, ""), quantity)
            for (layer, place, on, line), quantity in came.items()
        ],
    )  # fmt: skip
    return [*passed, *opened]


def _passed_on(posting: Posting, held: set[PositionNumber]) -> list[Hold]:
    """The holds of what passed to another agreement on hold: they go on with the goods, by the same
    reference and since the same day."""
    book = posting.book
    left = [e for e in book.entries if e.kind == EntryKind.RENEWED and e.source in held]
    if not left:
        return []
    goes_on_in = {e.number - 1: e.layer for e in book.entries if e.kind == EntryKind.RENEWED}
    standing: dict[LayerNumber, list[Hold]] = defaultdict(list)
    for hold in standing_holds(posting.organization.id, {entry.layer for entry in left}):
        standing[hold.layer].append(hold)
    rows: list[tuple[Any, ...]] = []
    ends: list[tuple[int, int]] = []
    said = _said(posting.organization.id, standing.values())
    for entry in left:
        place, stands = book.describe(entry.source).place, standing[entry.layer]
        ended = dict(end(stands, entry.quantity, places={place: entry.quantity}))
        standing[entry.layer] = [
            hold._replace(quantity=hold.quantity - ended.get(hold.number, 0)) for hold in stands
        ]
        ends += ended.items()
        rows += [
            (goes_on_in[entry.number], hold.place, said[hold.number][1], hold.reference,
             said[hold.number][0], ended[hold.number])
            for hold in stands
            if hold.number in ended
        ]  # fmt: skip
    add_ends(posting, ends)
    return _add(posting, rows)


def _said(
    organization: OrganizationId, standing: Iterable[Iterable[Hold]]
) -> dict[int, tuple[str, date]]:
    """Why some holds stand, and since when."""
    return {
        number: (because, as_day(held_on))
        for number, because, held_on in bulk.look_up(
            {hold.number for holds in standing for hold in holds},
            "bigint",
            "h.number, h.because, h.held_on",
            "goods_hold h",
            "h.organization_id = %s AND h.number = w.value",
            [organization],
        )
    }


def _where(posting: Posting, held: set[PositionNumber], layer: LayerNumber) -> PlaceNumber:
    """Where goods of a layer lie on hold whose reason no entry of the posting tells."""
    changed = (position for position, found in posting.book.changes if found == layer)
    return posting.book.describe(next(p for p in changed if p in held)).place


def _add(posting: Posting, rows: list[tuple[Any, ...]]) -> list[Hold]:
    if not rows:
        return []
    organization = posting.organization.id
    first = posting.take_numbers("hold", len(rows))
    posting.add(
        "goods_hold",
        [
            (organization, number, posting.number, reference, because, layer, place, quantity,
             on.isoformat())
            for number, (layer, place, on, reference, because, quantity) in enumerate(rows, first)
        ],
    )  # fmt: skip
    return [
        Hold(number, layer, place, quantity, reference)
        for number, (layer, place, _, reference, _, quantity) in enumerate(rows, first)
    ]


def _let_go(posting: Posting, held: set[PositionNumber], layer: LayerNumber) -> int:
    """How much of a layer was released or rejected by its holds' own end, wherever it lies now: of
    a recalled lot it is on hold again."""
    if posting.cause == RECALL:
        return 0
    return sum(
        entry.quantity
        for entry in posting.book.entries
        if entry.layer == layer
        and entry.source in held
        and entry.kind in (EntryKind.RELEASED, EntryKind.REJECTED)
    )


def _left(
    posting: Posting, held: set[PositionNumber], layer: LayerNumber
) -> tuple[dict[PlaceNumber, int], set[str]]:
    """From which places goods of a layer left that were on hold, and which holds were named."""
    places: dict[PlaceNumber, int] = defaultdict(int)
    named = set()
    for entry in posting.book.entries:
        if entry.layer == layer and entry.source in held:
            places[posting.book.describe(entry.source).place] += entry.quantity
            if entry.line in posting.named_holds:
                named.add(posting.named_holds[entry.line])
    return places, named


def add_ends(posting: Posting, ended: Iterable[tuple[int, int]]) -> None:
    """End so much of some holds."""
    rows = list(ended)
    if not rows:
        return
    first = posting.take_numbers("hold_end", len(rows))
    posting.add(
        "hold_end",
        [
            (posting.organization.id, number, posting.number, hold, quantity,
             posting.recorded_on.isoformat())
            for number, (hold, quantity) in enumerate(rows, first)
        ],
    )  # fmt: skip


def add_recall(posting: Posting, lot: Lot, because: str) -> None:
    number = posting.take_numbers("recall", 1)
    posting.add(
        "recall",
        [(posting.organization.id, number, posting.number, *lot, because,
          posting.recorded_on.isoformat())],
    )  # fmt: skip


def end_recall(posting: Posting, recall: int, because: str) -> None:
    posting.add(
        "recall_end",
        [(posting.organization.id, recall, posting.number, because,
          posting.recorded_on.isoformat())],
    )  # fmt: skip
