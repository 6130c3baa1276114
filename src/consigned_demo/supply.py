"""How the shelves of one store are filled: what is ordered, announced and received, and when.

Deliveries are derived from what will be sold until the next one, and the first leaves a margin, so
that something lies there at the end of the year. Now and then a delivery stands on the shelf while
its paper lies on a desk: the till sells what the books do not know yet, and these sales wait until
the receipt is recorded, under the day on which the goods came.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import count
from typing import NamedTuple

from consigned.master_data.agreements import TitleRule
from consigned.measure.money import show_price
from consigned_demo.chance import chance, falls
from consigned_demo.programme import (
    CASE,
    IN_A_CASE,
    Consignor,
    Goods,
    Programme,
    Supply,
    cost_on,
)
from consigned_demo.sales import Sold
from consigned_service.operations.core.lines import written
from consigned_service.operations.inbound.orders import OrderLine
from consigned_service.operations.inbound.putaway import PutawayLine
from consigned_service.operations.inbound.receipts import ReceiptLine
from consigned_service.operations.inbound.shipments import ShipNoticeLine
from consigned_service.operations.inventory.transfers import TransferLine
from consigned_service.operations.master_data.parties import PlaceLine
from consigned_service.operations.returns.returns import ToConsignedLine

DOCK, STORE, STOCK, FLOOR = "DOCK", "STORE", "STOCK", "FLOOR"
PLACES = (written(PlaceLine, FLOOR, "Shop floor", "shop-floor"),)

ORDER_DAY = 0
"""Orders are placed on Mondays for the week after."""
SHIPPING_DAYS = (0, 3)
"""The carriers leave on Mondays and Thursdays."""
STAGED = 0.10
RECORDED_LATE = 0.03
PUT_ON_THE_FLOOR, PUT_INTO_STOCK = 0.03, 0.01
TAKEN_BY_MISTAKE = 0.04
"""So much of what becomes ours by being taken out of the consigned store should have stayed there;
it is turned back on the same evening."""


def ordered_on(arrives_on: date) -> date:
    """The Monday of the week before the goods arrive."""
    return arrives_on - timedelta(arrives_on.weekday() + 7)


def shipped_on(arrives_on: date) -> date:
    """The last day before on which a carrier left."""
    return max(
        arrives_on - timedelta((arrives_on.weekday() - leaves - 1) % 7 + 1)
        for leaves in SHIPPING_DAYS
    )


def _after(day: date, first: int, end: int) -> Iterator[date]:
    return (day + timedelta(days) for days in range(first, end))


class Delivery(NamedTuple):
    """One line of a delivery, from its order to the shelf."""

    consignor: Consignor
    goods: Goods
    number: str
    """Of the order, the notice and the receipt, but for a letter before it."""
    line: int
    units: int
    is_bought: bool
    price: str
    arrives_on: date
    recorded_on: date
    is_staged: bool
    moved: int
    moved_to: str
    is_mistaken: bool
    """Whether what was moved became ours by mistake, and is turned back in the evening."""

    @property
    def receipt(self) -> str:
        return f"R{self.number}" + ("L" if self.recorded_on > self.arrives_on else "")

    def _asked(self) -> tuple[str, str]:
        """The quantity and unit in which the goods are ordered and shipped."""
        if self.goods.comes_in_cases:
            return str(self.units // IN_A_CASE), CASE
        return str(self.units), ""

    def order(self) -> OrderLine:
        quantity, unit = self._asked()
        return written(
            OrderLine,
            order=f"O{self.number}",
            line=str(self.line),
            ordered_on=ordered_on(self.arrives_on).isoformat(),
            consignor=self.consignor.code,
            item=self.goods.item.code,
            quantity=quantity,
            agreement="" if self.is_bought else self.consignor.terms.number,
            unit=unit,
            ownership="owned" if self.is_bought else "consigned",
            price=self.price,
            currency="USD" if self.is_bought else "",
            needed_on=self.arrives_on.isoformat(),
        )

    def notice(self) -> ShipNoticeLine:
        quantity, unit = self._asked()
        return written(
            ShipNoticeLine,
            ship_notice=f"N{self.number}",
            line=str(self.line),
            shipped_on=shipped_on(self.arrives_on).isoformat(),
            order=f"O{self.number}",
            order_line=str(self.line),
            quantity=quantity,
            unit=unit,
            expected_on=self.arrives_on.isoformat(),
        )

    def received(self) -> ReceiptLine:
        return written(
            ReceiptLine,
            receipt=self.receipt,
            line=str(self.line),
            received_on=self.arrives_on.isoformat(),
            ship_notice=f"N{self.number}",
            ship_notice_line=str(self.line),
            place=DOCK if self.is_staged else "",
        )

    def put_away(self) -> PutawayLine:
        return written(
            PutawayLine,
            reference=f"P{self.number}/{self.line}",
            receipt=self.receipt,
            line=str(self.line),
            quantity=str(self.units),
            to_place=STOCK if self.is_bought else STORE,
            happened_on=(self.arrives_on + timedelta(1)).isoformat(),
        )

    def transfer(self) -> TransferLine:
        return written(
            TransferLine,
            reference=f"T{self.number}/{self.line}",
            item=self.goods.item.code,
            quantity=str(self.moved),
            from_place=STORE,
            to_place=self.moved_to,
            happened_on=self.arrives_on.isoformat(),
            consignor=self.consignor.code,
        )

    def turn_back(self) -> ToConsignedLine:
        return written(
            ToConsignedLine,
            reference=f"B{self.number}/{self.line}",
            item=self.goods.item.code,
            quantity=str(self.moved),
            happened_on=self.arrives_on.isoformat(),
            place=self.moved_to,
            consignor=self.consignor.code,
            to_place=STORE,
            because="taken out of the consigned store by mistake",
        )


class Supplies:
    """Everything that comes to one store in the year, found by the day of each act."""

    def __init__(self, deliveries: Iterable[Delivery], last_sold: Mapping[str, date]) -> None:
        self.count = 0
        self.last_sold = last_sold
        """When each item is sold for the last time; nobody asks for it afterwards."""
        self._arriving: dict[date, list[Delivery]] = defaultdict(list)
        self._late: dict[date, list[Delivery]] = defaultdict(list)
        for delivery in deliveries:
            self.count += 1
            self._arriving[delivery.arrives_on].append(delivery)
            if delivery.recorded_on > delivery.arrives_on:
                self._late[delivery.recorded_on].append(delivery)

    def orders(self, day: date) -> list[OrderLine]:
        if day.weekday() != ORDER_DAY:
            return []
        return [one.order() for on in _after(day, 7, 14) for one in self._of(on)]

    def notices(self, day: date) -> list[ShipNoticeLine]:
        if day.weekday() not in SHIPPING_DAYS:
            return []
        return [
            one.notice()
            for on in _after(day, 1, 6)
            if shipped_on(on) == day
            for one in self._of(on)
        ]

    def receipts(self, day: date) -> list[ReceiptLine]:
        in_time = [one.received() for one in self._of(day) if one.recorded_on == day]
        return in_time + [one.received() for one in self._late.get(day, ())]

    def put_away(self, day: date) -> list[PutawayLine]:
        return [one.put_away() for one in self._of(day - timedelta(1)) if one.is_staged]

    def transfers(self, day: date) -> list[TransferLine]:
        return [one.transfer() for one in self._of(day) if one.moved]

    def mistaken(self, day: date) -> list[ToConsignedLine]:
        return [one.turn_back() for one in self._of(day) if one.is_mistaken]

    def _of(self, day: date) -> Sequence[Delivery]:
        return self._arriving.get(day, ())


def plan(
    programme: Programme, store: int, sold: Mapping[int, list[Sold]], last_day: date
) -> Supplies:
    """What must come to a store so that it can sell what it sold."""
    lines: dict[str, Iterator[int]] = defaultdict(lambda: count(1))
    deliveries = (
        _line(programme, store, needed, lines)
        for product, days in sold.items()
        if programme.goods[product].consignors
        for needed in _needed(programme, store, programme.goods[product], days, last_day)
    )
    last_sold = {programme.goods[product].item.code: days[-1].on for product, days in sold.items()}
    return Supplies(deliveries, last_sold)


class Needed(NamedTuple):
    """So many units of some goods, to be there by a day."""

    goods: Goods
    consignor: Consignor
    nth: int
    on: date
    units: int
    recorded_on: date


def _needed(
    programme: Programme, store: int, goods: Goods, sold: list[Sold], last_day: date
) -> Iterator[Needed]:
    consignors = [programme.consignors[code] for code in goods.consignors]
    margin = _margin(programme.seed, store, goods, sold)
    days = [one.on for one in sold]
    asked = _per_delivery(consignors[0], goods, sold, last_day)
    for nth, (on, until, pieces) in enumerate(asked):
        units = -(-(pieces + (0 if nth else margin)) // goods.pieces_in_a_unit)
        if goods.comes_in_cases:
            units = -(-units // IN_A_CASE) * IN_A_CASE
        between = sold[bisect_right(days, on) : bisect_right(days, until)]
        recorded_on = on
        if falls(RECORDED_LATE, programme.seed, "late", store, goods.item.code, on):
            recorded_on = _late(programme.seed, goods, on, between, margin if nth else 0)
        yield Needed(goods, consignors[nth % len(consignors)], nth, on, units, recorded_on)


def _margin(seed: int, store: int, goods: Goods, sold: list[Sold]) -> int:
    """What is to be left at the end, in pieces: one to three units and a twentieth."""
    units = chance(seed, "margin", store, goods.item.code).randrange(1, 4)
    return units * goods.pieces_in_a_unit + sum(one.quantity for one in sold) // 20


def _per_delivery(
    consignor: Consignor, goods: Goods, sold: list[Sold], last_day: date
) -> list[tuple[date, date, int]]:
    """The days of delivery, each with the day of the next and the pieces sold until then.

    What sells often is still ordered when the year ends, by what sold on average. After an
    agreement has ended nothing can be ordered under it: its last delivery brings the rest.
    """
    weeks = _weeks_between(goods, len(sold))
    step = timedelta(weeks * 7)
    days = [one.on for one in sold]
    total = sum(one.quantity for one in sold)
    found: list[tuple[date, date, int]] = []
    on = consignor.first_delivery_on
    while ordered_on(on) <= last_day:
        first, end = bisect_right(days, on), bisect_right(days, on + step)
        pieces = sum(one.quantity for one in sold[first:end])
        if on + step > last_day and weeks <= 4:
            pieces = max(pieces, total * weeks // 52)
        if pieces:
            found.append((on, on + step, pieces))
        on += step
    return _by_the_end(found, consignor)


def _weeks_between(goods: Goods, days_sold: int) -> int:
    if goods.is_petrol:
        return 2
    return next(weeks for least, weeks in ((24, 4), (8, 8), (3, 17), (0, 52)) if days_sold >= least)


def _by_the_end(
    found: list[tuple[date, date, int]], consignor: Consignor
) -> list[tuple[date, date, int]]:
    ends_on = consignor.ends_on
    if ends_on is None or not found:
        return found
    can_order = bisect_left(found, ends_on, key=lambda one: ordered_on(one[0]))
    before, rest = found[:can_order], found[can_order:]
    if not rest:
        return before
    on = before.pop() if before else (consignor.first_delivery_on, rest[0][0], 0)
    return [*before, (on[0], on[1], on[2] + sum(pieces for _, _, pieces in rest))]


def _late(seed: int, goods: Goods, on: date, between: Sequence[Sold], there: int) -> date:
    """When a receipt is recorded late: only if something is sold meanwhile that is not there."""
    if not between or between[0].on > on + timedelta(14):
        return on
    later = chance(seed, "late", goods.item.code, on).randrange(1, 9)
    recorded_on = between[0].on + timedelta(later)
    missed = sum(one.quantity for one in between if one.on < recorded_on)
    return recorded_on if missed > there else on


def _line(
    programme: Programme, store: int, needed: Needed, lines: Mapping[str, Iterator[int]]
) -> Delivery:
    goods, consignor, nth, on, units, recorded_on = needed
    seed = programme.seed
    number = f"{store}-{consignor.code}-{on:%y%m%d}"
    is_bought = goods.supply is Supply.BOUGHT or (goods.supply is Supply.IN_TURN and nth % 2 == 0)
    is_staged = recorded_on == on and falls(STAGED, seed, "staged", number)
    may_move = not (is_bought or is_staged or recorded_on > on or goods.is_petrol)
    moved_to = _moved_to(seed, consignor, number, goods) if may_move and units >= 2 else ""
    return Delivery(
        consignor=consignor,
        goods=goods,
        number=number,
        line=next(lines[number]),
        units=units,
        is_bought=is_bought,
        price=_said_price(seed, goods, consignor, on, is_bought),
        arrives_on=on,
        recorded_on=recorded_on,
        is_staged=is_staged,
        moved=units // 2 if moved_to else 0,
        moved_to=moved_to,
        is_mistaken=bool(moved_to)
        and (moved_to == STOCK or consignor.terms.title_rule == TitleRule.ON_WITHDRAWAL)
        and falls(TAKEN_BY_MISTAKE, seed, "mistaken", number, goods.item.code),
    )


def _moved_to(seed: int, consignor: Consignor, number: str, goods: Goods) -> str:
    """Where a part of a delivery is taken at once, if it is: where the agreement passes title on
    withdrawal, the shop floor; now and then, of others, too; and seldom our own stockroom."""
    if consignor.terms.title_rule == TitleRule.ON_WITHDRAWAL:
        return FLOOR
    if falls(PUT_ON_THE_FLOOR, seed, "floor", number, goods.item.code):
        return FLOOR
    return STOCK if falls(PUT_INTO_STOCK, seed, "stock", number, goods.item.code) else ""


def _said_price(seed: int, goods: Goods, consignor: Consignor, on: date, is_bought: bool) -> str:
    """The price an order line says: always of goods that are bought, and of a fifth of those
    whose agreement settles by the order."""
    by_order = consignor.terms.price_sources.startswith("order-line")
    if not is_bought and not (by_order and falls(0.2, seed, "order price", goods.item.code, on)):
        return ""
    cost = cost_on(seed, goods, consignor, on)
    if not is_bought:
        cost = cost * 97 // 100
    return show_price(cost * IN_A_CASE if goods.comes_in_cases else cost)
