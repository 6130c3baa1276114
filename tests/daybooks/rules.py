"""The world of the bare rules: no database and no operations, only what the business says.

It keeps in plain dictionaries what the service keeps in tables, and tells every story that needs
no documents (orders, ship notices, invoices, journals).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from consigned.accounting.accruals import TotalKey, charge
from consigned.consumption.issues import Floor, consume
from consigned.inbound.receipts import Arrival, receive
from consigned.inventory import transfers as custody
from consigned.inventory.reservations import Promise, Scope
from consigned.inventory.stock import Holding, PickOrder, Shelves
from consigned.inventory.title_transfers import NotEnoughOnHand, Shortage, TitleTransfer, Use
from consigned.master_data.agreements import (
    DEFAULT_PRICE_SOURCES,
    Agreement,
    DatedPrice,
    PriceList,
    PriceSource,
    SettlementMethod,
    SummaryLevel,
    Terms,
    TitleRule,
)
from consigned.master_data.items import Item
from consigned.master_data.ownership import comes_in_as
from consigned.master_data.parties import OUTER_PLACES, Organization, default_place
from consigned.measure.identity import AgreementId, OrganizationId
from consigned.measure.money import Price, parse_price
from consigned.measure.period import Frequency, Period, parse_year_days
from consigned.measure.quantity import parse_micros
from consigned.measure.refusal import Refusal
from consigned.settlement.advices import Advice, Total, draw_up
from consigned.title.entry import Cause, Entry, EntryKind
from consigned.title.layer import Layer, Ownership
from consigned.title.past import Slot
from consigned.title.position import OUTER_ZONES, Place, Position, Zone
from consigned.title.post import Book
from tests.business.store import came_on, moved_after
from tests.daybooks import words
from tests.daybooks.words import End


@dataclass
class House:
    """One organization: its ledger, and what waits in it."""

    about: Organization
    places: list[Place] = field(default_factory=list)
    positions: dict[Position, int] = field(default_factory=dict)
    where: dict[int, Position] = field(default_factory=dict)
    layers: dict[int, Layer] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    balances: Counter[Slot] = field(default_factory=Counter)
    entries: list[Entry] = field(default_factory=list)
    reserved: dict[int, dict[str, Promise]] = field(default_factory=dict)
    waiting: list["Waiting"] = field(default_factory=list)
    told: set[str] = field(default_factory=set)


@dataclass
class Waiting:
    use: Use
    quantity: int
    transfer: TitleTransfer | None
    because: Refusal


class Rules:
    @classmethod
    def can_tell(cls, verbs: set[str]) -> bool:
        return all(hasattr(cls, verb) for verb in verbs)

    def __init__(self) -> None:
        self.parties: dict[str, int] = {}
        self.party_names: dict[int, str] = {}
        self.items: dict[str, Item] = {}
        self.houses: dict[str, House] = {}
        self.agreements: dict[str, Agreement] = {}
        self.dated: dict[tuple[int, int], list[DatedPrice]] = {}
        self.totals: dict[tuple[int, TotalKey], int] = {}
        self.advised: dict[tuple[int, TotalKey], int] = {}
        self.owed_on_advices: Counter[tuple[int, int]] = Counter()
        self.closed: dict[tuple[int, int], date] = {}
        self.advice_numbers: Counter[int] = Counter()
        self.documents = 0

    # --- who there is, what is traded, what was agreed ---------------------------------

    def party(self, day: date, code: str, name: str) -> list[str]:
        self.parties[code] = len(self.parties) + 1
        self.party_names[self.parties[code]] = name or code
        return []

    def organization(
        self, day: date, code: str, name: str, party: str, currency: str, pick_order: str
    ) -> list[str]:
        about = Organization(
            OrganizationId(len(self.houses) + 1), code, self.parties[party], currency,
            pick_order or PickOrder.OWN_FIRST,
        )  # fmt: skip
        self.houses[code] = house = House(about)
        for zone, place in OUTER_PLACES.items():
            house.places.append(Place(len(house.places) + 1, place, zone))
        for place, zone in (
            ("DOCK", Zone.DOCK), ("STORE", Zone.CONSIGNED_STORE), ("STOCK", Zone.STOCKROOM)
        ):  # fmt: skip
            self.place(day, place, code, zone, "")
        return []

    def place(self, day: date, code: str, organization: str, zone: str, owned: str) -> list[str]:
        places = self.houses[organization].places
        is_owned = owned == "owned" if owned else zone == Zone.STOCKROOM
        places.append(Place(len(places) + 1, code, Zone(zone), is_owned, zone != Zone.DOCK))
        return []

    def item(
        self, day: date, code: str, name: str, unit: str, ownership: str, units: str
    ) -> list[str]:
        held = dict(pair.split("=") for pair in units.split())
        self.items[code] = Item(
            len(self.items) + 1, code, name, unit, Ownership(ownership or Ownership.CONSIGNED),
            {unit: parse_micros(micros) for unit, micros in held.items()},
        )  # fmt: skip
        return []

    def agreement(
        self, day: date, number: str, consignor: str, consignee: str, currency: str, terms: str
    ) -> list[str]:
        said = words.terms(terms)
        starts_on = date.fromisoformat(said.starts_on)
        self.agreements[number] = Agreement(
            AgreementId(len(self.agreements) + 1),
            number,
            self.parties[consignor],
            self.parties[consignee],
            currency,
            Period(starts_on, date.fromisoformat(said.ends_on) if said.ends_on else None),
            TitleRule(said.title_rule or TitleRule.ON_USE),
            Frequency(said.frequency),
            date.fromisoformat(said.first_closing_on) if said.first_closing_on else starts_on,
            SummaryLevel(said.summary_level or SummaryLevel.ITEM),
            SettlementMethod(said.settlement_method or SettlementMethod.SUPPLIER_INVOICE),
            tuple(map(PriceSource, said.price_sources.split())) or DEFAULT_PRICE_SOURCES,
            title_after_inspection=said.title_after_inspection == "yes",
            closing_days=parse_year_days(said.closing_days),
        )
        return []

    def price(
        self, day: date, item: str, agreement: str, price: str, unit: str, starts_on: str,
        ends_on: str,
    ) -> list[str]:  # fmt: skip
        about, agreed = self.items[item], self.agreements[agreement]
        self.dated.setdefault((agreed.id, about.id), []).append(
            DatedPrice(
                date.fromisoformat(starts_on),
                date.fromisoformat(ends_on) if ends_on else None,
                Price(parse_price(price), agreed.currency, about.one(unit)),
            )
        )
        return []

    def extend(self, day: date, agreement: str, ends_on: str) -> list[str]:
        stands = self.agreements[agreement]
        period = Period(stands.period.start, date.fromisoformat(ends_on))
        self.agreements[agreement] = stands._replace(period=period)
        return []

    # --- goods arrive ------------------------------------------------------------------

    def receive(
        self, day: date, receipt: str, line: str, quantity: str, unit: str, item: str,
        agreement: str, place: str, lot: str, serial: str, expires_on: str, on: str,
        organization: str,
    ) -> list[str]:  # fmt: skip
        house, about, agreed = self._in(organization), self.items[item], self.agreements[agreement]
        if words.layer(receipt, int(line or 1)) in house.names.values():
            return words.NOTHING_CHANGES
        received_on = self._day(house, on, day)
        prices = self._terms().prices.get((agreed.id, about.id))
        layer = Layer(
            0, about.id, agreed.consignor, received_on, comes_in_as(Ownership.CONSIGNED, agreed),
            agreement=agreed.id,
            receipt_line=int(line or 1), lot=lot or None, serial=serial or None,
            price=prices.price_on(received_on) if prices else None,
        )  # fmt: skip
        dock = default_place(house.places, Zone.DOCK)
        book = self._book(house)
        number = receive(
            book, [Arrival(layer, about.in_own_unit(parse_micros(quantity), unit))],
            consignee=house.about.party, supplier_place=default_place(house.places, Zone.SUPPLIER),
            dock=dock, happened_on=received_on, receipt=self._document(),
        )[0]  # fmt: skip
        house.names[number] = words.layer(receipt, int(line or 1))
        told = self._remember(house, book)
        target = self._place(house, place or "STORE")
        if target == dock:
            return told
        return told + self._move(
            house, about, book.entries[0].quantity, dock, target, received_on, day, layer=number
        )

    def put_away(
        self, day: date, receipt: str, line: str, quantity: str, unit: str, place: str
    ) -> list[str]:
        house = self._in("")
        layer = {name: number for number, name in house.names.items()}[
            words.layer(receipt, int(line or 1))
        ]
        item = self._item(house.layers[layer].item)
        return self._move(
            house, item, item.in_own_unit(parse_micros(quantity), unit),
            default_place(house.places, Zone.DOCK), self._place(house, place), day, day,
            layer=layer,
        )  # fmt: skip

    # --- goods are used ----------------------------------------------------------------

    def use(self, day: date, **said: str) -> list[str]:
        return self._use(day, **said)

    def till(self, day: date, **said: str) -> list[str]:
        return self._use(day, **said, waits=True)

    def _use(
        self, day: date, quantity: str, unit: str, item: str, place: str, consignor: str,
        kind: str, price: str, currency: str, lot: str, serial: str, reservation: str, on: str,
        organization: str, reference: str, work_order: str, account: str, sale_price: str,
        waits: bool = False,
    ) -> list[str]:  # fmt: skip
        house, about = self._in(organization), self.items[item]
        if self._is_told(house, reference):
            return words.NOTHING_CHANGES
        use = Use(
            self._document(), kind or "sale", about.id,
            about.in_own_unit(parse_micros(quantity), unit), self._day(house, on, day),
            self._place(house, place).number if place else None,
            self.parties[consignor] if consignor else None, lot or None, serial or None,
            parse_price(price) if price else None, currency or None, reservation or None,
        )  # fmt: skip
        told, shortages = self._consume(house, [use], day, waits=waits)
        waiting = [self._wait(house, use, s.missing, None, self._missing(house, s))
                   for s in shortages]  # fmt: skip
        return told + waiting or words.NOTHING_MOVES

    def _consume(
        self, house: House, uses: list[Use], day: date, *, waits: bool
    ) -> tuple[list[str], list[Shortage]]:
        book = self._book(house)
        outer = {place.zone: place.number for place in house.places if place.is_outer}
        used = consume(
            book,
            self._shelves(house),
            uses,
            floor=Floor(house.about.party, outer),
            reserved=house.reserved,
        )
        if used.shortages and not waits:
            raise self._missing(house, used.shortages[0])
        return self._remember(house, book) + self._charge(house, used.transfers, day), (
            used.shortages
        )

    def move(
        self, day: date, quantity: str, unit: str, item: str, source: str, target: str,
        consignor: str, lot: str, on: str, organization: str, reference: str,
    ) -> list[str]:  # fmt: skip
        house, about = self._in(organization), self.items[item]
        if self._is_told(house, reference):
            return words.NOTHING_CHANGES
        return self._move(
            house, about, about.in_own_unit(parse_micros(quantity), unit),
            self._place(house, source), self._place(house, target), self._day(house, on, day), day,
            consignor=self.parties[consignor] if consignor else None, lot=lot or None,
        )  # fmt: skip

    def _move(
        self, house: House, item: Item, quantity: int, source: Place, target: Place,
        happened_on: date, day: date, **what: object,
    ) -> list[str]:  # fmt: skip
        book = self._book(house)
        line = custody.Move(
            self._document(), 1, item.id, quantity, source, target, happened_on, **what
        )
        by_id = {agreed.id: agreed for agreed in self.agreements.values()}
        at_dock = source.zone is Zone.DOCK
        moved = custody.move(
            book,
            self._shelves(house, nettable_only=False),
            [line],
            ours=house.about.party,
            title_rule_of=lambda holding: custody.title_rule(by_id, holding),
            waits_of=lambda holding: custody.waits_for_quality(by_id, holding),
            kind=EntryKind.PUT_AWAY if at_dock and line.layer else EntryKind.MOVED,
            cause=Cause.PUTAWAY if at_dock else Cause.TRANSFER,
        )
        for short in moved.shortages:
            raise self._missing(house, short)
        return self._remember(house, book) + self._charge(house, moved.transfers, day)

    def reserve(
        self, day: date, quantity: str, unit: str, item: str, consignor: str, lot: str,
        serial: str, reference: str, organization: str,
    ) -> list[str]:  # fmt: skip
        about = self.items[item]
        promised = self._in(organization).reserved.setdefault(about.id, {})
        owner = self.parties[consignor] if consignor else None
        promised[reference] = Promise(
            about.in_own_unit(parse_micros(quantity), unit),
            Scope(owner, lot or None, serial or None),
        )
        return []

    def close(self, day: date, organization: str, through: str) -> list[str]:
        house = self._in(organization)
        house.about = house.about._replace(closed_through=date.fromisoformat(through))
        return []

    def resubmit(self, day: date, organization: str) -> list[str]:
        house = self._in(organization)
        before, house.waiting = house.waiting, []
        short = sorted(
            (w for w in before if w.transfer is None), key=lambda waiting: waiting.use.number
        )
        told, missing = self._consume(
            house, [w.use._replace(quantity=w.quantity) for w in short], day, waits=True
        )
        left = {s.use.number: s for s in missing}
        waiting = [w for w in short if w.use.number in left
                   and left[w.use.number].missing == w.quantity]  # fmt: skip
        for w in short:
            s = left.get(w.use.number)
            if s and s.missing != w.quantity:
                told.append(self._wait(house, w.use, s.missing, None, self._missing(house, s)))
        for w in before:
            if w.transfer and self._charge(house, [w.transfer], day):
                house.waiting.pop()
                waiting.append(w)
        house.waiting = waiting + house.waiting
        return [
            *told, f"{len(before) - len(waiting)} resolved, {len(house.waiting)} waiting still"
        ]  # fmt: skip

    # --- what was used is settled ------------------------------------------------------

    def _charge(self, house: House, transfers: Iterable[TitleTransfer], day: date) -> list[str]:
        charged = charge(
            transfers, self._terms(), recorded_on=day, closed_through=self._closed(house)
        )
        for key, quantity in charged.totals.items():
            total = (house.about.id, key)
            self.totals[total] = self.totals.get(total, 0) + quantity
        return [
            self._wait(house, t.transfer.use, t.transfer.quantity, t.transfer, t.because)
            for t in charged.unpriced
        ]

    def _wait(
        self, house: House, use: Use, quantity: int, transfer: TitleTransfer | None, why: Refusal
    ) -> str:
        house.waiting.append(Waiting(use, quantity, transfer, why))
        return words.waiting(why.code, self._goods(use.item, quantity))

    def advise(self, day: date) -> list[str]:
        told = []
        numbered = list(self.totals)
        for agreed in self.agreements.values():
            due = [
                Total(organization, nth, key.agreement, key.closes_on, key.item, key.happened_on,
                      key.kind, key.price, self.totals[organization, key])
                for nth, (organization, key) in enumerate(numbered)
                if key.agreement == agreed.id and key.closes_on <= day
                and (organization, key) not in self.advised
            ]  # fmt: skip
            self.advised |= dict.fromkeys((numbered[total.number] for total in due), 0)
            for advice in draw_up(agreed, due):
                told.extend(self._tell(advice))
        return told or ["nothing is due"]

    def _tell(self, advice: Advice) -> Iterator[str]:
        agreed, cycle, organization, item, happened_on, lines, _ = advice
        self.advice_numbers[agreed.consignee] += 1
        holder = {number: code for code, number in self.parties.items()}[agreed.consignee]
        codes = {house.about.id: code for code, house in self.houses.items()}
        scope = (codes.get(organization), item and self._item(item).code, happened_on)
        yield words.advice(
            f"{holder}-{self.advice_numbers[agreed.consignee]:06d}",
            self.party_names[agreed.consignor], agreed.number, cycle.starts_on, cycle.closes_on,
            scope, advice.amount, agreed.currency,
        )  # fmt: skip
        everywhere = agreed.summary_level is SummaryLevel.ALL_ORGANIZATIONS
        for number, line in enumerate(lines, start=1):
            self.closed[agreed.id, 0 if everywhere else line.organization] = cycle.closes_on
            self.owed_on_advices[agreed.id, line.organization] += line.amount
            yield words.advice_line(
                number, self._goods(line.item, line.quantity), codes[line.organization],
                line.price.micros, line.amount, agreed.currency,
            )  # fmt: skip

    def _closed(self, house: House) -> dict[AgreementId, date]:
        latest: dict[AgreementId, date] = {}
        for (agreement, organization), day in self.closed.items():
            if organization in (0, house.about.id):
                latest[agreement] = max(day, latest.get(agreement, day))
        return latest

    # --- questions ---------------------------------------------------------------------

    def on_hand(self, day: date, item: str, as_of: str, viewer: str) -> list[str]:
        assert not as_of, "the rules keep no earlier days"
        told = []
        for house in self.houses.values():
            for (position, layer), quantity in house.balances.items():
                where = house.where[position]
                place = house.places[where.place - 1]
                sees = self.parties.get(viewer) in (None, house.about.party, where.owner)
                about = self._item(where.item)
                if place.is_outer or not quantity or not sees or item not in ("", about.code):
                    continue
                key = (about.code, house.about.code, house.layers[layer].received_on, layer,
                       place.code, self.party_names[where.owner])  # fmt: skip
                text = words.holding(
                    self._goods(where.item, quantity), house.names[layer],
                    self.party_names[where.owner], self._at(house, where.place),
                )  # fmt: skip
                told.append((key, text))
        return [text for _, text in sorted(told)] or words.NOTHING

    def owed(self, day: date, viewer: str) -> list[str]:
        sums: dict[tuple[str, str, str], list[int]] = {}
        codes = {house.about.id: code for code, house in self.houses.items()}
        agreed = {a.id: a for a in self.agreements.values()}

        def column(agreement: int, organization: int) -> list[int]:
            about = agreed[agreement]
            key = (self.party_names[about.consignor], about.number, codes[organization])
            return sums.setdefault(key, [0, 0])

        for (organization, key), quantity in self.totals.items():
            if (organization, key) not in self.advised and quantity:
                column(key.agreement, organization)[0] += key.price.extend(quantity)
        for (agreement, organization), amount in self.owed_on_advices.items():
            column(agreement, organization)[1] += amount
        return [
            words.owed(number, code, self.agreements[number].currency, running, advised, 0)
            for (_, number, code), (running, advised) in sorted(sums.items())
        ] or words.NOTHING

    def exceptions(self, day: date, viewer: str) -> list[str]:
        return [
            words.exception(self._goods(w.use.item, w.quantity), w.because.code,
                            w.because.sentence())
            for house in self.houses.values()
            for w in house.waiting
        ] or words.NOTHING  # fmt: skip

    def next_closing(self, day: date, agreement: str) -> list[str]:
        agreed = self.agreements[agreement]
        closed = [on for (one, _), on in self.closed.items() if one == agreed.id]
        return [str(agreed.cycle(day, min(closed, default=None)).closes_on)]

    # --- memory ------------------------------------------------------------------------

    def _book(self, house: House) -> Book:
        return Book(
            house.about.id,
            frozenset(place.number for place in house.places if place.is_outer),
            positions=dict(house.positions),
            balances={s: q for s, q in house.balances.items() if not self._is_outer(house, s[0])},
            next_entry=len(house.entries) + 1,
            next_layer=len(house.layers) + 1,
            next_position=len(house.positions) + 1,
            came_on=came_on(house.entries),
            moved_after=partial(moved_after, tuple(house.entries)),
        )

    def _remember(self, house: House, book: Book) -> list[str]:
        house.where.update(book.new_positions)
        house.positions.update((where, number) for number, where in book.new_positions.items())
        house.layers.update((layer.number, layer) for layer in book.new_layers)
        house.balances.update(book.changes)
        house.entries += book.entries
        return [
            words.entry(
                str(e.kind), self._goods(house.where[e.source].item, e.quantity),
                house.names[e.layer], self._end(house, e.source), self._end(house, e.target),
            )
            for e in book.entries
        ]  # fmt: skip

    def _shelves(self, house: House, *, nettable_only: bool = True) -> Shelves:
        def is_pickable(position: int) -> bool:
            place = house.places[house.where[position].place - 1]
            return not place.is_outer and (place.is_nettable or not nettable_only)

        return Shelves(
            self._holdings(house, is_pickable),
            ours=house.about.party,
            pick_order=house.about.pick_order,
        )

    def _holdings(self, house: House, wanted: Callable[[int], bool]) -> list[Holding]:
        holdings = []
        for (number, layer), left in house.balances.items():
            where, about = house.where[number], house.layers[layer]
            if left > 0 and wanted(number):
                holdings.append(
                    Holding(
                        where.item, where.owner, where.place, number, layer, about.received_on,
                        left, about.ownership, about.agreement, None, about.lot, about.serial,
                        about.expires_on,
                    )
                )  # fmt: skip
        return holdings

    def _terms(self) -> Terms:
        return Terms(
            {agreed.id: agreed for agreed in self.agreements.values()},
            {key: PriceList(dated) for key, dated in self.dated.items()},
            {item.id: item.code for item in self.items.values()},
        )

    def _missing(self, house: House, short: Shortage) -> Refusal:
        use, _, held, promised, came_later, expired, *_ = short
        item, code = self._item(use.item), house.about.code
        consignors = {number: party for party, number in self.parties.items()}
        where = f"{code} {house.places[use.place - 1].code}" if use.place else code
        return NotEnoughOnHand(
            item.code, item.unit, where, use.quantity, held, consignors.get(use.consignor or 0),
            promised, came_later, use.happened_on, expired,
        )  # fmt: skip

    def _day(self, house: House, on: str, day: date) -> date:
        happened_on = date.fromisoformat(on) if on else day
        house.about.check_day(happened_on, today=day)
        return happened_on

    def _is_told(self, house: House, reference: str) -> bool:
        is_told = reference in house.told
        house.told.update([reference] if reference else [])
        return is_told

    def _document(self) -> int:
        self.documents += 1
        return self.documents

    # --- names -------------------------------------------------------------------------

    def _in(self, code: str) -> House:
        return self.houses[code or next(iter(self.houses))]

    def _item(self, number: int) -> Item:
        return next(item for item in self.items.values() if item.id == number)

    def _goods(self, item: int, quantity: int) -> str:
        about = self._item(item)
        return words.amount(quantity, about.unit, about.code)

    def _place(self, house: House, code: str) -> Place:
        return next(place for place in house.places if place.code == code)

    def _is_outer(self, house: House, position: int) -> bool:
        return house.places[house.where[position].place - 1].zone in OUTER_ZONES

    def _end(self, house: House, position: int) -> End:
        where = house.where[position]
        return End(self.party_names[where.owner], self._at(house, where.place))

    def _at(self, house: House, place: int) -> str:
        code = house.places[place - 1].code
        return f"{house.about.code} {code}" if len(self.houses) > 1 else code
