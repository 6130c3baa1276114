"""What both parties' books must say, kept in plain dictionaries by somebody who has not seen the
product's code: quantities in pieces, money in whole cents, rounded once by fractions."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction


@dataclass
class Terms:
    """An agreement."""

    number: str
    consignor: str
    frequency: str
    first_closing: date
    level: str
    method: str
    payment_days: int
    takes_said_prices: bool
    prices: dict[str, list[tuple[date, str]]] = field(default_factory=dict)
    forgotten_until: dict[str, date] = field(default_factory=dict)

    def price(self, item: str, day: date, today: date) -> str | None:
        if today < self.forgotten_until.get(item, today):
            return None
        come = [price for start, price in sorted(self.prices[item]) if start <= day]
        return come[-1] if come else None

    def closing(self, day: date) -> date:
        """The day on which the cycle closes that a day lies in."""
        if self.frequency == "daily":
            return day
        if self.frequency == "weekly":
            closing = self.first_closing
            while closing < day:
                closing += timedelta(days=7)
            while closing - timedelta(days=7) >= day:
                closing -= timedelta(days=7)
            return closing
        last = month_end = day
        while month_end.month == day.month:
            last, month_end = month_end, month_end + timedelta(days=1)
        this = last.replace(day=min(last.day, self.first_closing.day))
        if day <= this:
            return this
        next_last = (month_end.replace(day=28) + timedelta(days=4)).replace(day=1)
        next_last -= timedelta(days=1)
        return next_last.replace(day=min(next_last.day, self.first_closing.day))


@dataclass
class Goods:
    """What came with one receipt line, and where it is by now."""

    item: str
    agreement: str
    received_on: date
    theirs: int
    ours: int = 0
    made: int = 0
    sold: list[tuple[date, int]] = field(default_factory=list)
    """What went out on which day, and what came back, below zero."""

    def out(self, since: date) -> int:
        """What is out on a day and on every day after it."""
        days = {since} | {day for day, _ in self.sold if day > since}
        return min(sum(part for day, part in self.sold if day <= until) for until in days)


@dataclass
class Asked:
    reference: str
    item: str
    quantity: int
    day: date
    kind: str
    consignor: str = ""
    price: str = ""


@dataclass
class Charge:
    """Used goods of a consignor: so many of an item at a price, in a cycle."""

    closes_on: date
    item: str
    day: date
    kind: str
    price: str


@dataclass
class Advice:
    agreement: str
    closes_on: date
    scope: tuple[object, ...]
    lines: dict[tuple[str, str, str], int]

    @property
    def cents(self) -> int:
        return sum(cents(quantity, price) for (*_, price), quantity in self.lines.items())


class House:
    """One organization: its goods, in the order in which they were received, and what waits."""

    def __init__(self, code: str, own_first: bool) -> None:
        self.code = code
        self.own_first = own_first
        self.goods: list[Goods] = []
        self.told: set[str] = set()
        self.waiting: list[Asked] = []
        self.unpriced: list[tuple[Asked, str, int, date]] = []


class Model:
    def __init__(self, terms: list[Terms], houses: list[House]) -> None:
        self.terms = {one.number: one for one in terms}
        self.houses = {house.code: house for house in houses}
        self.running: dict[tuple[str, str], Counter[tuple[object, ...]]] = defaultdict(Counter)
        self.closed: dict[tuple[str, str], date] = {}
        self.advices: list[Advice] = []
        self.shipped: Counter[tuple[str, str, str]] = Counter()

    # --- goods -------------------------------------------------------------------------

    def receive(self, code: str, lines: list[tuple[str, str, int, str, date]]) -> int:
        """Receipt lines (reference, item, quantity, agreement, day); answers how many are new."""
        house = self.houses[code]
        new = 0
        for reference, item, quantity, agreement, day in sorted(lines):
            if f"receipt {reference}" in house.told:
                continue
            house.told.add(f"receipt {reference}")
            house.goods.append(Goods(item, agreement, day, quantity))
            self.shipped[self.terms[agreement].consignor, code, item] += quantity
            new += 1
        return new

    def use(self, code: str, lines: list[Asked], today: date) -> int:
        house = self.houses[code]
        new = 0
        for asked in lines:
            if asked.reference not in house.told:
                house.told.add(asked.reference)
                new += 1
                left = self._use(house, asked, today)
                if left:
                    house.waiting.append(_with(asked, left))
        return new

    def _use(self, house: House, asked: Asked, today: date) -> int:
        """Take what a line asks for; answers what is missing (below zero of a return)."""
        if asked.quantity < 0:
            return self._take_back(house, asked)
        left = asked.quantity
        for goods, whose in self._in_order(house, asked):
            part = min(left, getattr(goods, whose))
            if not part or goods.received_on > asked.day:
                continue
            setattr(goods, whose, getattr(goods, whose) - part)
            if asked.kind == "sale":
                goods.sold.append((asked.day, part))
            else:
                place = {"production": "made", "transfer-to-owned": "ours"}[asked.kind]
                setattr(goods, place, getattr(goods, place) + part)
            if whose == "theirs":
                self._charge(house, asked, goods.agreement, part, today)
            left -= part
        return left

    def _in_order(self, house: House, asked: Asked) -> list[tuple[Goods, str]]:
        goods = [g for g in house.goods if g.item == asked.item]
        goods.sort(key=lambda g: g.received_on)
        theirs = [
            (g, "theirs")
            for g in goods
            if asked.consignor in ("", self.terms[g.agreement].consignor)
        ]
        if asked.consignor or asked.kind == "transfer-to-owned":
            return theirs
        ours = [(g, "ours") for g in goods]
        return ours + theirs if house.own_first else theirs + ours

    def _take_back(self, house: House, asked: Asked) -> int:
        left = -asked.quantity
        for goods in reversed([g for g in house.goods if g.item == asked.item]):
            part = min(left, goods.out(asked.day))
            goods.sold.append((asked.day, -part))
            goods.ours += part
            left -= part
        return -left

    def can_take_over(self, code: str, asked: Asked) -> bool:
        there = sum(
            goods.theirs
            for goods, _ in self._in_order(self.houses[code], asked)
            if goods.received_on <= asked.day
        )
        return there >= asked.quantity

    def resubmit(self, code: str, today: date) -> None:
        house = self.houses[code]
        before, house.waiting = house.waiting, []
        for asked in before:
            left = self._use(house, asked, today)
            if left:
                house.waiting.append(_with(asked, left))
        self._try_prices_again(house, today)

    def _try_prices_again(self, house: House, today: date) -> None:
        unpriced, house.unpriced = house.unpriced, []
        for asked, agreement, quantity, told_on in unpriced:
            self._charge(house, asked, agreement, quantity, today, told_on)

    # --- what is owed ------------------------------------------------------------------

    def _charge(
        self, house: House, asked: Asked, agreement: str, quantity: int, today: date,
        told_on: date | None = None,
    ) -> None:  # fmt: skip
        """What had to wait for its price falls in the cycle in which it was told, while that is
        not advised."""
        told_on = told_on or today
        terms = self.terms[agreement]
        said = asked.price if terms.takes_said_prices else ""
        price = said or terms.price(asked.item, asked.day, today)
        if price is None:
            house.unpriced.append((asked, agreement, quantity, told_on))
            return
        closes_on = terms.closing(told_on)
        closed = self.closed.get((agreement, self._calendar(terms, house.code)))
        if closed and closes_on <= closed:
            closes_on = terms.closing(closed + timedelta(days=1))
        source = "said" if said else "agreed"
        key = (closes_on, asked.item, asked.day, asked.kind, price, source)
        self.running[agreement, house.code][key] += quantity

    def _calendar(self, terms: Terms, code: str) -> str:
        return "" if terms.level == "all-organizations" else code

    def advise(self, on: date) -> list[Advice]:
        """The run takes up what has a price now, and tells what is due."""
        for house in self.houses.values():
            self._try_prices_again(house, on)
        made: dict[tuple[object, ...], Advice] = {}
        for (agreement, code), totals in self.running.items():
            terms = self.terms[agreement]
            for key in [key for key in totals if key[0] <= on]:
                closes_on, item, day, _, price, _ = key
                scope: tuple[object, ...] = {
                    "organization-item-day": (code, item, day),
                    "organization-item": (code, item),
                    "organization": (code,),
                    "all-organizations": (),
                }[terms.level]
                advice = made.setdefault(
                    (agreement, closes_on, scope), Advice(agreement, closes_on, scope, {})
                )
                line = (code, item, price)
                advice.lines[line] = advice.lines.get(line, 0) + totals.pop(key)
                calendar = (agreement, self._calendar(terms, code))
                self.closed[calendar] = max(closes_on, self.closed.get(calendar, closes_on))
        self.advices += made.values()
        return list(made.values())

    # --- what both sides know at the end -----------------------------------------------

    def on_hand(self) -> Counter[tuple[str, str, str]]:
        """By house, item and owner."""
        held: Counter[tuple[str, str, str]] = Counter()
        for house in self.houses.values():
            for goods in house.goods:
                held[house.code, goods.item, self.terms[goods.agreement].consignor] += goods.theirs
                held[house.code, goods.item, "northwind"] += goods.ours
        return +held

    def owed(self) -> Counter[tuple[str, str]]:
        """What runs, by agreement and house, each total rounded once."""
        sums: Counter[tuple[str, str]] = Counter()
        for (agreement, code), totals in self.running.items():
            for (*_, price, _), quantity in totals.items():
                sums[agreement, code] += cents(quantity, price)
        return +sums


def cents(quantity: int, price: str) -> int:
    """Quantity times price in whole cents, half to even."""
    return round(Fraction(price) * 100 * quantity)


def _with(asked: Asked, quantity: int) -> Asked:
    return Asked(
        asked.reference, asked.item, quantity, asked.day, asked.kind, asked.consignor, asked.price
    )
