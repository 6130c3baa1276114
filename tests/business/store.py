"""One store with an empty ledger and no database: what the tests of the rules act upon.

It remembers what the service would: positions, layers, entries, the kept balances. Each act
makes a fresh book from that memory, asks the rule, and carries over what the book says changed.

    store = Store()
    store.receives(each(100))
    store.uses(each(40))
    assert store.owners() == {"Acme": each(60)}
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from functools import partial
from itertools import groupby

from consigned.consumption import issues as consumption
from consigned.consumption.issues import Floor, days_out
from consigned.inbound import receipts
from consigned.inbound.receipts import Arrival
from consigned.inventory import quality
from consigned.inventory import transfers as custody
from consigned.inventory.quality import Change
from consigned.inventory.reservations import Promise
from consigned.inventory.stock import Holding, PickOrder, Shelves
from consigned.inventory.title_transfers import Issued, Use, Used, UseKind
from consigned.inventory.transfers import Move, Moved
from consigned.master_data.agreements import TitleRule
from consigned.master_data.consumption_rules import NO_RULES
from consigned.measure.identity import OrganizationId
from consigned.measure.quantity import MICROS
from consigned.returns import entries as returns
from consigned.returns.lines import Goods
from consigned.title.entry import Cause, Entry, EntryKind
from consigned.title.layer import Layer, Ownership
from consigned.title.past import Slot
from consigned.title.position import OUTER_ZONES, Place, Position, Zone
from consigned.title.post import Book

US, ACME, ZETA = 1, 2, 3
NAMES = {US: "us", ACME: "Acme", ZETA: "Zeta"}

BOLT, NUT, OIL = 11, 12, 13

DOCK = Place(1, "DOCK", Zone.DOCK)
SHELF = Place(2, "SHELF", Zone.CONSIGNED_STORE)
STOCKROOM = Place(3, "STOCKROOM", Zone.STOCKROOM)
OWNED_ROOM = Place(4, "OWNED", Zone.STOCKROOM, is_owned=True)
CAGE = Place(5, "CAGE", Zone.CONSIGNED_STORE, is_nettable=False)
SUPPLIER = Place(6, "SUPPLIER", Zone.SUPPLIER)
CUSTOMER = Place(7, "CUSTOMER", Zone.CUSTOMER)
PRODUCTION = Place(8, "PRODUCTION", Zone.PRODUCTION)
LOSS = Place(9, "LOSS", Zone.LOSS)
LINE = Place(10, "LINE", Zone.SHOP_FLOOR)
FINISHED = Place(11, "FINISHED", Zone.FINISHED_GOODS)
PLACES = {
    place.number: place
    for place in (
        *(DOCK, SHELF, STOCKROOM, OWNED_ROOM, CAGE),
        *(SUPPLIER, CUSTOMER, PRODUCTION, LOSS),
        *(LINE, FINISHED),
    )
}
OUTER = {place.zone: place.number for place in PLACES.values() if place.zone in OUTER_ZONES}
OUTER_PLACES = frozenset(OUTER.values())

DAY_ONE = date(2026, 3, 2)
AGREEMENT_OF = {ACME: 21, ZETA: 22}


def each(units: float) -> int:
    """So many pieces (halves and quarters are fine), in millionths."""
    return int(units * MICROS)


def day(number: int) -> date:
    """Day 1 is the day the store opens."""
    return DAY_ONE + timedelta(days=number - 1)


def moved_by_day(entries: Iterable[Entry], slot: Slot) -> list[tuple[date, int]]:
    """What came to a slot on each day, less what left it."""
    days: Counter[date] = Counter()
    for entry in entries:
        days[entry.happened_on] += entry.quantity * (
            ((entry.target, entry.layer) == slot) - ((entry.source, entry.layer) == slot)
        )
    return sorted(days.items())


def came_on(entries: Iterable[Entry]) -> dict[Slot, date]:
    """The last day on which goods came to each slot."""
    came: dict[Slot, date] = {}
    for entry in entries:
        slot = (entry.target, entry.layer)
        came[slot] = max(entry.happened_on, came.get(slot, entry.happened_on))
    return came


def moved_after(
    entries: Iterable[Entry], layers: Collection[int], since: date
) -> dict[Slot, Counter[date]]:
    """What of some layers came to each slot, less what left it, on each day after one."""
    moved: dict[Slot, Counter[date]] = defaultdict(Counter)
    for entry in entries:
        if entry.layer in layers and entry.happened_on > since:
            moved[entry.source, entry.layer][entry.happened_on] -= entry.quantity
            moved[entry.target, entry.layer][entry.happened_on] += entry.quantity
    return moved


def as_promise(said: int | Promise) -> Promise:
    return said if isinstance(said, Promise) else Promise(said)


class Store:
    def __init__(
        self,
        pick_order: PickOrder = PickOrder.OWN_FIRST,
        title_rules: Mapping[int, TitleRule] | None = None,
    ) -> None:
        self.pick_order = pick_order
        self.title_rules = dict(title_rules or {})
        self.rules = NO_RULES
        self.waits: set[int] = set()
        """The agreements under which title waits for quality."""
        self.positions: dict[Position, int] = {}
        self.where: dict[int, Position] = {}
        self.layers: dict[int, Layer] = {}
        self.entries: list[Entry] = []
        self.balances: Counter[Slot] = Counter()
        self.documents = 0

    # --- acts --------------------------------------------------------------------------

    def receives(self, quantity, item=BOLT, *, of=ACME, on=1, at=SHELF, **about) -> int:
        """Goods come in at a place; consigned under its consignor's agreement if nothing is
        said."""
        about.setdefault("ownership", Ownership.CONSIGNED)
        if about["ownership"] is Ownership.CONSIGNED:
            about.setdefault("agreement", AGREEMENT_OF[of])
        layer = Layer(0, item, of, day(on), **about)
        book = self.book()
        numbers = receipts.receive(
            book,
            [Arrival(layer, quantity)],
            consignee=US,
            supplier_place=SUPPLIER,
            dock=at,
            happened_on=day(on),
            receipt=self.next_document(),
        )
        self.remember(book)
        return numbers[0]

    def uses(self, quantity, item=BOLT, *, on=100, kind=UseKind.SALE, reserved=None, **use) -> Used:
        """One line is used; below zero it is a return."""
        number = self.next_document()
        return self.uses_all([Use(number, kind, item, quantity, day(on), **use)], reserved=reserved)

    def uses_all(self, uses: Iterable[Use], *, reserved=None) -> Used:
        """Lines are used, and taken in where they are returns, each after what came before it."""
        came = Used()
        for are_returns, alike in groupby(uses, lambda use: use.quantity < 0):
            same = list(alike)
            used = self._come_back(same) if are_returns else self._use(same, reserved)
            for name in ("transfers", "own_issues", "lent", "shortages"):
                getattr(came, name).extend(getattr(used, name))
        return came

    def _use(self, uses: Iterable[Use], reserved) -> Used:
        book = self.book()
        used = consumption.consume(
            book,
            self.shelves(),
            uses,
            floor=Floor(US, OUTER),
            reserved={
                item: {name: as_promise(said) for name, said in by_name.items()}
                for item, by_name in (reserved or {}).items()
            },
        )
        self.remember(book)
        return used

    def _come_back(self, uses: list[Use]) -> Used:
        book = self.book()
        goods = Goods(
            US, [], {}, {n: layer.supplier for n, layer in self.layers.items()}, {}, frozenset(),
            SHELF.number, SUPPLIER.number,
        )  # fmt: skip
        issued = {use.item: self.gone_out(use.item) for use in uses}
        used, _ = returns.bring_back(book, goods, uses, issued=issued, outer=OUTER)
        self.remember(book)
        return used

    def moves(
        self, quantity, item=BOLT, *, source=SHELF, target=STOCKROOM, on=100, **what
    ) -> Moved:
        book, shelves = self.book(), self.shelves(nettable_only=False)
        line = Move(self.next_document(), 1, item, quantity, source, target, day(on), **what)
        kind, cause = EntryKind.MOVED, Cause.TRANSFER
        if source is DOCK:
            kind, cause = EntryKind.PUT_AWAY, Cause.PUTAWAY
        moved = custody.move(
            book, shelves, [line], ours=US, title_rule_of=self.title_rule_of,
            waits_of=lambda h: h.agreement in self.waits, rules=self.rules, kind=kind, cause=cause,
        )  # fmt: skip
        self.remember(book)
        return moved

    def holds(self, quantity, item=BOLT, **named) -> Moved:
        return self._change(EntryKind.HELD, quantity, item, **named)

    def releases(self, quantity, item=BOLT, **named) -> Moved:
        return self._change(EntryKind.RELEASED, quantity, item, **named)

    def _change(self, kind: EntryKind, quantity, item: int, *, on=100, **named) -> Moved:
        book, shelves = self.book(), self.shelves(nettable_only=False)
        line = Change(self.next_document(), 1, item, quantity, day(on), **named)
        done = quality.change_condition(
            book, shelves, [line], kind=kind, ours=US, places=PLACES,
            title_rule_of=self.title_rule_of, waits_of=lambda h: h.agreement in self.waits,
        )  # fmt: skip
        self.remember(book)
        return done

    def title_rule_of(self, holding: Holding) -> TitleRule:
        return self.title_rules.get(holding.agreement, TitleRule.ON_USE)

    # --- memory ------------------------------------------------------------------------

    def next_document(self) -> int:
        self.documents += 1
        return self.documents

    def book(self) -> Book:
        """A fresh book, as far as it goes: the goods inside the walls."""
        return Book(
            OrganizationId(1),
            OUTER_PLACES,
            positions=dict(self.positions),
            balances={
                slot: left for slot, left in self.balances.items() if self.is_inside(slot[0])
            },
            next_entry=len(self.entries) + 1,
            next_layer=len(self.layers) + 1,
            next_position=len(self.positions) + 1,
            came_on=came_on(self.entries),
            moved_after=partial(moved_after, tuple(self.entries)),
        )

    def remember(self, book: Book) -> None:
        self.where.update(book.new_positions)
        self.positions.update((where, number) for number, where in book.new_positions.items())
        self.layers.update((layer.number, layer) for layer in book.new_layers)
        self.entries.extend(book.entries)
        self.balances.update(book.changes)

    def shelves(self, *, nettable_only: bool = True) -> Shelves:
        inside = [
            self._holding(number, layer, left)
            for (number, layer), left in self.balances.items()
            if left > 0 and self.is_inside(number)
            if PLACES[self.where[number].place].is_nettable or not nettable_only
        ]
        return Shelves(inside, ours=US, pick_order=self.pick_order, owners=(ZETA,))

    def gone_out(self, item: int) -> list[Issued]:
        """What went out of the walls and did not come back, newest first."""
        slots = (
            (entry.target, entry.layer)
            for entry in reversed(self.entries)
            if entry.kind == EntryKind.ISSUED and self.where[entry.target].item == item
        )
        return [
            gone
            for slot in dict.fromkeys(slots)
            if self.balances[slot] > 0
            for gone in days_out(
                self._holding(*slot, self.balances[slot]), moved_by_day(self.entries, slot)
            )
        ]

    def _holding(self, number: int, layer: int, left: int) -> Holding:
        where, about = self.where[number], self.layers[layer]
        return Holding(
            where.item, where.owner, where.place, number, layer, about.received_on, left,
            about.ownership, about.agreement, about.price, about.lot, about.serial,
            about.expires_on,
        )  # fmt: skip

    # --- questions ---------------------------------------------------------------------

    def is_inside(self, number: int) -> bool:
        return self.where[number].place not in OUTER_PLACES

    def on_hand(self, item: int | None = None) -> int:
        return sum(self.owners(item=item).values())

    def owners(self, *, at: Place | None = None, item: int | None = None) -> dict[str, int]:
        """What everybody owns inside the walls, or at one place, inside or outside."""
        sums: Counter[str] = Counter()
        for (number, _), left in self.balances.items():
            where = self.where[number]
            here = self.is_inside(number) if at is None else where.place == at.number
            if here and item in (None, where.item):
                sums[NAMES[where.owner]] += left
        return {name: left for name, left in sums.items() if left}

    def layers_left(self) -> dict[int, int]:
        sums: Counter[int] = Counter()
        for (number, layer), left in self.balances.items():
            if self.is_inside(number):
                sums[layer] += left
        return {layer: left for layer, left in sums.items() if left}

    def tells(self, since: int = 0) -> list[tuple[object, ...]]:
        """The entries after the first so many, as (kind, layer, quantity, from, to)."""
        return [
            (str(e.kind), e.layer, e.quantity, self._said(e.source), self._said(e.target))
            for e in self.entries[since:]
        ]

    def _said(self, number: int) -> str:
        where = self.where[number]
        return f"{NAMES[where.owner]} {PLACES[where.place].code}"
