"""Who consigns what to the grocer and on which terms: decided by a seed from what was sold.

Every manufacturer has one agreement with the grocer. The largest go through every kind there is:
each common frequency with each summary level and each settlement method. Some goods of the
grocer's own brand are bought outright, a few are both bought and consigned, a few consigned by two
at once, a few have no price at first, and a few agreements end before the goods are used up.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from itertools import product as every
from typing import NamedTuple

from consigned.master_data.agreements import AgedOutcome, SettlementMethod, SummaryLevel, TitleRule
from consigned.measure.money import show_price
from consigned.measure.period import Frequency
from consigned.measure.quantity import MICROS
from consigned_demo.chance import chance, falls, some
from consigned_demo.sales import Product, TillLine
from consigned_service.operations.core.lines import written
from consigned_service.operations.master_data.agreements import AgreementLine, PriceLine
from consigned_service.operations.master_data.items import ItemLine

GROCER = "GROCER"
GALLON, THOUSANDTH = "GAL", "GAL/1000"
PIECE, CASE = "EA", "CS"
IN_A_CASE = 12

AGREED_ON = date(2016, 12, 1)
OPENING = date(2016, 12, 19)
"""The Monday on which the shelves begin to be filled."""
DELIVERY_DAYS = (0, 2, 4)
"""Goods are delivered on Mondays, Wednesdays and Fridays, each consignor's on one of them."""
PRICE_CHANGES = (date(2017, 4, 1), date(2017, 7, 1), date(2017, 10, 1))

LARGEST = 150
"""So many manufacturers are large: their terms go through every kind."""
METHODS = tuple(one for one in SettlementMethod if one is not SettlementMethod.PAY_ON_USE)
"""How the year is settled: paid on use, every till line would be an advice of its own."""
COMMON = (Frequency.DAILY, Frequency.WEEKLY, Frequency.MONTHLY)
RARE = tuple(one for one in Frequency if one not in COMMON)
"""The largest close every day, week or month; one smaller manufacturer each by the others."""
RARE_FROM = 100
"""The first of them, counted from the largest."""
EVERY_KIND = tuple(every(COMMON, SummaryLevel, METHODS))
COARSE_KINDS = tuple(
    every(
        (Frequency.WEEKLY, Frequency.MONTHLY),
        (SummaryLevel.ORGANIZATION, SummaryLevel.ALL_ORGANIZATIONS),
        METHODS,
    )
)
"""For the few who sell most, so that an advice of theirs is worth its paper."""

CLOSING_DAYS = {Frequency.FIXED_DATES: "03-26 06-25 09-24 12-24", Frequency.WEEKS_4_4_5: "12-31"}

PRICE_SOURCES = (
    "agreement order-line", "agreement order-line", "agreement", "order-line agreement",
    "transaction agreement order-line",
)  # fmt: skip


LOSS_BEARERS = (
    "", "broken=consignor", "broken=50 stolen=consignee sample=consignor",
    "stolen=50 unknown=50 miscount=consignor",
)  # fmt: skip
"""Who bears what a count finds missing."""


class Supply(StrEnum):
    """Whose goods are when they arrive."""

    CONSIGNED = "consigned"
    BOUGHT = "bought"
    IN_TURN = "in turn"
    """Consigned and bought in turn, so that both lie on one shelf."""
    TWO_CONSIGNORS = "two consignors"
    NOT_AGREED = "not agreed"


class Consignor(NamedTuple):
    """A manufacturer, its agreement, and the days on which it delivers."""

    terms: AgreementLine
    name: str
    rank: int
    first_delivery_on: date
    extended_on: date | None = None
    """When an agreement that ended is made to last, if it is."""

    @property
    def code(self) -> str:
        return self.terms.consignor

    @property
    def ends_on(self) -> date | None:
        return self.terms.ends_on


class Goods(NamedTuple):
    """One item of the programme."""

    item: ItemLine
    product: Product
    supply: Supply
    consignors: tuple[str, ...]
    pieces_in_a_unit: int
    """How many of what the till counts are one of the item's unit."""
    cost: int
    """What one unit costs at first, in millionths."""
    price_decimals: int
    priced_from: date
    price_told_on: date | None = None
    """When a price is told that was missing, if it is."""

    @property
    def comes_in_cases(self) -> bool:
        return self.item.units.startswith(CASE)

    @property
    def is_petrol(self) -> bool:
        return self.product.is_petrol


class Programme(NamedTuple):
    seed: int
    consignors: Mapping[str, Consignor]
    goods: Mapping[int, Goods]
    """By product."""
    never_bought: frozenset[str]
    """The items that only ever come on consignment."""

    def prices(self) -> Iterator[PriceLine]:
        """Every price that is agreed at the start."""
        for goods in self.goods.values():
            for consignor in goods.consignors:
                yield from _prices(self.seed, goods, self.consignors[consignor])

    def prices_told_on(self, day: date) -> list[PriceLine]:
        """Prices that were missing and are told on a day."""
        return [
            _price(goods, self.consignors[goods.consignors[0]], AGREED_ON, goods.cost)
            for goods in self.goods.values()
            if goods.price_told_on == day
        ]

    def agreements_extended_on(self, day: date) -> list[AgreementLine]:
        return [
            consignor.terms._replace(ends_on=None)
            for consignor in self.consignors.values()
            if consignor.extended_on == day
        ]

    def said_price(self, goods: Goods, line: TillLine) -> str:
        """The price a till says with a line, where the agreement settles by it: seven tenths of
        what the customer paid."""
        if goods.supply is not Supply.CONSIGNED or not line.cents or line.quantity <= 0:
            return ""
        if not self.consignors[goods.consignors[0]].terms.price_sources.startswith("transaction"):
            return ""
        per_piece = line.cents * 10_000 * 7 // 10 // line.quantity
        return show_price(_rounded(per_piece * goods.pieces_in_a_unit, 4))


def draw_up(seed: int, products: Iterable[Product]) -> Programme:
    """The programme of some products."""
    products = list(products)
    consignors = {
        consignor.code: consignor
        for rank, manufacturer in enumerate(_by_size(products))
        for consignor in [_consignor(seed, rank, manufacturer)]
    }
    consignors |= {c.code: c for c in _ending(seed, list(consignors.values()))}
    goods = {product.number: _goods(seed, product, consignors) for product in products}
    for change in (_in_turn, _with_two_consignors, _without_price):
        goods |= {one.product.number: one for one in change(seed, list(goods.values()), consignors)}
    consigned = (Supply.CONSIGNED, Supply.TWO_CONSIGNORS)
    never_bought = frozenset(g.item.code for g in goods.values() if g.supply in consigned)
    return Programme(seed, consignors, goods, never_bought)


# --- the consignors and their terms ---------------------------------------------------------


def _by_size(products: Iterable[Product]) -> list[int]:
    """The manufacturers, the one whose products are bought most often first."""
    lines: dict[int, int] = {}
    for product in products:
        if product.manufacturer is not None:
            lines[product.manufacturer] = lines.get(product.manufacturer, 0) + product.lines
    return sorted(lines, key=lambda manufacturer: (-lines[manufacturer], manufacturer))


def _consignor(seed: int, rank: int, manufacturer: int) -> Consignor:
    chosen = chance(seed, "terms", manufacturer)
    frequency, level, method = _kind(seed, rank, manufacturer)
    aging_days = chosen.choice((None, None, 60, 90, 180))
    code = f"M{manufacturer}"
    terms = written(
        AgreementLine,
        number=f"A-{code}",
        consignor=code,
        consignee=GROCER,
        currency="CAD" if rank < LARGEST and rank % 40 == 17 else "USD",
        starts_on=AGREED_ON.isoformat(),
        title_rule=TitleRule.ON_WITHDRAWAL if chosen.random() < 0.15 else TitleRule.ON_USE,
        frequency=frequency,
        first_closing_on=_first_closing(frequency, chosen.randrange(7)),
        closing_days=CLOSING_DAYS.get(frequency, ""),
        summary_level=level,
        settlement_method=method,
        price_sources=chosen.choice(PRICE_SOURCES),
        payment_days=str(chosen.choice((7, 10, 14, 30, 30, 45, 60))),
        aging_days=str(aging_days) if aging_days else "",
        aging_onset=chosen.choice(("receipt", "shipment")) if aging_days else "",
        consignor_site="PLANT" if rank < LARGEST else "",
        aged_outcome=AgedOutcome.AUTOMATIC if chosen.random() < 0.2 else AgedOutcome.BY_HAND,
        loss_responsibility=chosen.choice(LOSS_BEARERS),
    )
    weekday, week = chosen.choice(DELIVERY_DAYS), chosen.randrange(2)
    return Consignor(
        terms, f"Manufacturer {manufacturer}", rank, OPENING + timedelta(weekday + 7 * week)
    )


def _kind(
    seed: int, rank: int, manufacturer: int
) -> tuple[Frequency, SummaryLevel, SettlementMethod]:
    if rank < 5:
        return chance(seed, "coarse kinds").sample(COARSE_KINDS, 5)[rank]
    if rank < LARGEST:
        kinds = chance(seed, "kinds").sample(EVERY_KIND, len(EVERY_KIND))
        frequency, level, method = kinds[rank % len(EVERY_KIND)]
        if RARE_FROM <= rank < RARE_FROM + len(RARE):
            frequency = RARE[rank - RARE_FROM]
        return frequency, level, method
    chosen = chance(seed, "kind", manufacturer)
    return (
        chosen.choices((Frequency.MONTHLY, Frequency.WEEKLY), (4, 1))[0],
        chosen.choices(tuple(SummaryLevel), (0, 2, 7, 1))[0],
        chosen.choices(METHODS, (3, 12, 1, 4))[0],
    )


def _first_closing(frequency: Frequency, chosen: int) -> str:
    match frequency:
        case Frequency.DAILY | Frequency.FIXED_DATES:
            return ""
        case Frequency.WEEKLY | Frequency.FORTNIGHTLY:
            return date(2017, 1, 1 + chosen).isoformat()
        case Frequency.WEEKS_4_4_5:
            return date(2017, 1, 28).isoformat()
        case Frequency.TWICE_MONTHLY | Frequency.MONTHLY | Frequency.QUARTERLY:
            return date(2017, 1, (31, 31, 31, 15, 10, 20, 25)[chosen]).isoformat()


def _ending(seed: int, consignors: Sequence[Consignor]) -> Iterator[Consignor]:
    """A few agreements of middling size that end in the year; some are extended afterwards."""
    middling = [c for c in consignors if 20 <= c.rank < 120 and c.terms.currency == "USD"]
    for place, consignor in enumerate(some(middling, 0, 5, seed, "ending")):
        ends_on = date(2017, 5 + place, 1)
        yield consignor._replace(
            terms=consignor.terms._replace(ends_on=ends_on, title_rule=TitleRule.ON_USE),
            extended_on=ends_on + timedelta(25) if place < 3 else None,
        )


# --- the goods ------------------------------------------------------------------------------


def _goods(seed: int, product: Product, consignors: Mapping[str, Consignor]) -> Goods:
    chosen = chance(seed, "goods", product.number)
    code = f"M{product.manufacturer}"
    if product.manufacturer is None:
        supply = Supply.NOT_AGREED
    elif product.is_private and not product.is_petrol and chosen.random() < 0.25:
        supply = Supply.BOUGHT
    else:
        supply = Supply.CONSIGNED
    decimals = 4 if product.is_petrol else chosen.choice((2, 2, 2, 3, 4))
    pieces = 1000 if product.is_petrol else 1
    cost = _cost(product, pieces, chosen.randrange(55, 86))
    in_cases = pieces == 1 and product.quantity >= 60 and product.quantity < 2 * product.lines
    return Goods(
        item=written(ItemLine,
            code=str(product.number),
            name=product.name,
            unit=GALLON if product.is_petrol else PIECE,
            ownership="owned" if supply is Supply.BOUGHT else "consigned",
            units=f"{THOUSANDTH}=0.001" if product.is_petrol
            else f"{CASE}={IN_A_CASE}" if in_cases else "",
        ),
        product=product,
        supply=supply,
        consignors=(code,) if code in consignors else (),
        pieces_in_a_unit=pieces,
        cost=_rounded(cost, decimals),
        price_decimals=decimals,
        priced_from=AGREED_ON,
    )  # fmt: skip


def _cost(product: Product, pieces: int, percent: int) -> int:
    """A part of what customers paid for one unit on average."""
    if product.quantity <= 0 or product.cents <= 0:
        return MICROS
    return product.cents * 10_000 * pieces * percent // 100 // product.quantity


def _rounded(micros: int, decimals: int) -> int:
    """A price with so many decimals, and never nothing."""
    step: int = 10 ** (6 - decimals)
    return max(micros // step * step, step)


def _in_turn(
    seed: int, goods: Sequence[Goods], consignors: Mapping[str, Consignor]
) -> Iterator[Goods]:
    """A few goods are bought and consigned in turn."""
    candidates = _plain(goods, consignors, lines=4)
    for one in some(candidates, 0.01, 2, seed, "in turn"):
        yield one._replace(supply=Supply.IN_TURN)


def _with_two_consignors(
    seed: int, goods: Sequence[Goods], consignors: Mapping[str, Consignor]
) -> Iterator[Goods]:
    """A few goods come from a second consignor, too."""
    seconds = sorted(c.code for c in consignors.values() if _is_plain(c) and c.rank < LARGEST)
    candidates = _plain(goods, consignors, lines=4)
    for one in some(candidates, 0.01, 2, seed, "two consignors"):
        others = [code for code in seconds if code not in one.consignors]
        if others:
            second = chance(seed, "second", one.product.number).choice(others)
            yield one._replace(supply=Supply.TWO_CONSIGNORS, consignors=(*one.consignors, second))


def _without_price(
    seed: int, goods: Sequence[Goods], consignors: Mapping[str, Consignor]
) -> Iterator[Goods]:
    """A few goods have no price until the summer; half of these prices are told in spring."""
    candidates = [
        one
        for one in _plain(goods, consignors, lines=3)
        if "agreement" in consignors[one.consignors[0]].terms.price_sources.split()[:1]
    ]
    for place, one in enumerate(some(candidates, 0.005, 4, seed, "without price")):
        yield one._replace(
            priced_from=date(2017, 7, 1),
            price_told_on=date(2017, 4, 3 + place % 5) if place % 2 else None,
        )


def _plain(
    goods: Iterable[Goods], consignors: Mapping[str, Consignor], *, lines: int
) -> list[Goods]:
    """Consigned goods that nothing else is special about, sold so often at least."""
    return [
        one
        for one in goods
        if one.supply is Supply.CONSIGNED
        and not one.is_petrol
        and one.product.lines >= lines
        and _is_plain(consignors[one.consignors[0]])
    ]


def _is_plain(consignor: Consignor) -> bool:
    return not consignor.terms.ends_on and consignor.terms.currency == "USD"


# --- the prices -----------------------------------------------------------------------------


def _prices(seed: int, goods: Goods, consignor: Consignor) -> Iterator[PriceLine]:
    yield _price(goods, consignor, goods.priced_from, goods.cost)
    if goods.product.lines > 2 and falls(0.6, seed, "price change", goods.item.code):
        changed_on = PRICE_CHANGES[consignor.rank % len(PRICE_CHANGES)]
        if changed_on > goods.priced_from:
            yield _price(goods, consignor, changed_on, cost_on(seed, goods, consignor, changed_on))


def cost_on(seed: int, goods: Goods, consignor: Consignor, day: date) -> int:
    """What one unit costs on a day, in millionths."""
    changed_on = PRICE_CHANGES[consignor.rank % len(PRICE_CHANGES)]
    if day < changed_on:
        return goods.cost
    percent = chance(seed, "price change", goods.item.code).randrange(96, 109)
    return _rounded(goods.cost * percent // 100, goods.price_decimals)


def _price(goods: Goods, consignor: Consignor, starts_on: date, cost: int) -> PriceLine:
    """A price as it is agreed: for a case where the goods come in cases and it is even."""
    by_case = goods.comes_in_cases and goods.price_decimals == 2
    return written(
        PriceLine,
        agreement=consignor.terms.number,
        item=goods.item.code,
        starts_on=starts_on.isoformat(),
        price=show_price(cost * IN_A_CASE if by_case else cost),
        unit=CASE if by_case else "",
    )
