"""How a settlement price is made: fixed, less a discount, or a part of what the goods sold for.

An agreement says it in words, for all its items or with a dated price of one:

    discount=10%          so much off the fixed price
    share=60%             the consignor's part of the price the goods sold for, in place of a price
    from-100=70%          its part of what sold for 100 or more; as many steps as are agreed
    fee=3% fee=0.30       kept by the consignee out of the consignor's part: of it, or a sum a unit
    minimum=2.00          what the consignor gets for a unit at least
    regular=20.00         what a unit sells for while nothing is marked down
    off=25%               a markdown of the regular price that both agreed on, for the days of the
                          price; a sale that does not say its price is taken to be marked down so
    markdown=consignor    who bears the difference to the regular price: consignee, consignor, or
                          the consignee's share in percent

Who bears a markdown, told on goods that regularly sell for 20.00 and sold for 15.00:

    share=60%                       9.00    60% of 15.00: both bear it, as they share
    share=60% markdown=consignee   12.00    60% of 20.00
    share=60% markdown=consignor    7.00    60% of 20.00, less 5.00
    price 11.00                    11.00    the price stands
    price 11.00 markdown=50         8.50    less one half of 5.00

Every price is exact; only the amount of a line is rounded. A price that has more than six decimals
is told per 10, 100 ... units.

Refuses: NotAPriceTerm, NothingLeft, TooExact.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

from consigned.measure.money import LARGEST_PRICE, InvalidAmount, Price, parse_price, show_price
from consigned.measure.quantity import MICROS, divide_half_even, plain_number, show_micros
from consigned.measure.refusal import Refusal

WHOLE = 10_000
"""Parts are kept in hundredths of a percent."""
CONSIGNEE, CONSIGNOR = "consignee", "consignor"


@dataclass(eq=False)
class NotAPriceTerm(Refusal):
    said: str
    why: str
    code: ClassVar[str] = "not-a-price-term"
    remedy: ClassVar[str] = "Write them as discount=10%, or share=60% fee=3% minimum=2.00."

    def __str__(self) -> str:
        return f"{self.said!r} is no term of a price: {self.why}"


@dataclass(eq=False)
class NothingLeft(Refusal):
    terms: str
    left: str
    code: ClassVar[str] = "nothing-left"
    remedy: ClassVar[str] = "Agree on a minimum, or on who bears less of it, then resubmit."

    def __str__(self) -> str:
        return f"{self.left} a unit would be left for the consignor by {self.terms}"


@dataclass(eq=False)
class TooExact(Refusal):
    terms: str
    code: ClassVar[str] = "too-many-decimals"
    remedy: ClassVar[str] = "Agree on rounder figures, then resubmit."

    def __str__(self) -> str:
        return f"the price by {self.terms} has more decimals than can be kept"


class Step(NamedTuple):
    """The consignor's part of what sold for so much or more."""

    sold_from: int
    part: int


class PriceTerms(NamedTuple):
    """What is agreed beside, or in place of, a fixed price. Prices in millionths of a currency."""

    discount: int = 0
    steps: tuple[Step, ...] = ()
    fee_part: int = 0
    fee: int = 0
    minimum: int | None = None
    regular: int | None = None
    off: int = 0
    consignee_bears: int | None = None

    @property
    def is_share(self) -> bool:
        return bool(self.steps)

    @property
    def makes_price(self) -> bool:
        """Whether the price depends on what the goods sold for."""
        return self.is_share or self.consignee_bears not in (None, WHOLE)

    def __str__(self) -> str:
        return " ".join(self._words())

    def _words(self) -> Iterator[str]:
        if self.discount:
            yield f"discount={percent(self.discount)}"
        for at, part in self.steps:
            yield f"from-{_plain(at)}={percent(part)}" if at else f"share={percent(part)}"
        if self.fee_part:
            yield f"fee={percent(self.fee_part)}"
        for name, price in (("fee", self.fee or None), ("minimum", self.minimum),
                            ("regular", self.regular)):  # fmt: skip
            if price is not None:
                yield f"{name}={show_price(price)}"
        if self.off:
            yield f"off={percent(self.off)}"
        if self.consignee_bears is not None:
            yield f"markdown={_bearer(self.consignee_bears)}"


NO_TERMS = PriceTerms()


class Made(NamedTuple):
    """A settlement price, and the terms that made it."""

    price: Price
    because: str


def make_price(
    fixed: Price | None, terms: PriceTerms, *, sold_at: Price | None, per: int, currency: str
) -> Made | None:
    """The settlement price of goods by their terms; None where it lacks a price to start from.

    `per` is what prices in the terms are for; `sold_at` what the goods sold for, where it is known.
    """
    regular = Fraction(terms.regular, per) if terms.regular is not None else None
    sold = Fraction(sold_at.micros, sold_at.per) if sold_at else None
    if sold is None and regular is not None:
        sold = regular * Fraction(WHOLE - terms.off, WHOLE)
    marked_down = regular is not None and sold is not None and sold < regular
    because = []
    if terms.is_share:
        if sold is None:
            return None
        bears_apart = marked_down and terms.consignee_bears is not None
        base = regular if bears_apart and regular is not None else sold
        step = [s for s in terms.steps if Fraction(s.sold_from, per) <= base][-1]
        value = base * Fraction(step.part, WHOLE)
        because += [f"share={percent(step.part)}", f"sold={_unit_price(sold, per)}"]
    elif fixed is None:
        return None
    else:
        value = Fraction(fixed.micros, fixed.per) * Fraction(WHOLE - terms.discount, WHOLE)
        if terms.discount:
            because.append(f"discount={percent(terms.discount)}")
        if terms.makes_price and sold is not None:
            because.append(f"sold={_unit_price(sold, per)}")
    if marked_down and terms.consignee_bears is not None and regular is not None and sold:
        value -= (regular - sold) * Fraction(WHOLE - terms.consignee_bears, WHOLE)
        because.append(f"markdown={_bearer(terms.consignee_bears)}")
    if terms.fee_part or terms.fee:
        value -= value * Fraction(terms.fee_part, WHOLE) + Fraction(terms.fee, per)
        because += [f"fee={percent(terms.fee_part)}"] if terms.fee_part else []
        because += [f"fee={show_price(terms.fee)}"] if terms.fee else []
    if terms.minimum is not None and value < (least := Fraction(terms.minimum, per)):
        value = least
        because.append(f"minimum={show_price(terms.minimum)}")
    if value < 0:
        raise NothingLeft(str(terms), f"-{_unit_price(-value, per)} {currency}")
    return Made(_exact(value, fixed.per if fixed else per, currency, terms), " ".join(because))


def _exact(value: Fraction, per: int, currency: str, terms: PriceTerms) -> Price:
    """A price that is exactly this, per 1, 10, 100 … times what prices are for."""
    denominator = (value * per).denominator
    times = next((10**n for n in range(1, 9) if 10**n % denominator == 0), denominator)
    times = 1 if denominator == 1 else times
    price = Price(int(value * per * times), currency, per * times)
    if price.micros > LARGEST_PRICE or price.per > LARGEST_PRICE:
        raise TooExact(str(terms))
    return price


@lru_cache(maxsize=1024)
def read_price_terms(said: str) -> PriceTerms:
    """The terms of a price as an agreement says them."""
    read: dict[str, int] = {}
    steps: dict[int, int] = {}
    for word in said.replace(",", " ").replace(";", " ").split():
        name, _, value = word.partition("=")
        if name == "share" or name.startswith("from-"):
            at = 0 if name == "share" else _price(name.removeprefix("from-"), word)
            _once(steps, at, _part(value, word), word)
        elif name == "fee":
            is_part = value.endswith("%")
            fee = _part(value, word) if is_part else _price(value, word)
            _once(read, "fee_part" if is_part else "fee", fee, word)
        elif name in ("discount", "off"):
            _once(read, name, _part(value, word), word)
        elif name in ("minimum", "regular"):
            _once(read, name, _price(value, word), word)
        elif name == "markdown":
            named = {CONSIGNEE: WHOLE, CONSIGNOR: 0}
            bears = named[value] if value in named else _part(value, word)
            _once(read, "consignee_bears", bears, word)
        else:
            raise NotAPriceTerm(word[:40], "it is not known")
    terms = PriceTerms(steps=tuple(Step(*s) for s in sorted(steps.items())), **read)
    _check(terms, said)
    return terms


def _check(terms: PriceTerms, said: str) -> None:
    if terms.steps and terms.steps[0].sold_from:
        raise NotAPriceTerm(said[:60], "say the share of what sold for less, as share=50%")
    if terms.is_share and terms.discount:
        raise NotAPriceTerm(said[:60], "a discount is off a fixed price, and a share has none")
    if terms.regular is None and terms.off:
        raise NotAPriceTerm(said[:60], "off is off the regular price; say that too")
    if terms.regular is None and terms.consignee_bears is not None:
        raise NotAPriceTerm(said[:60], "a markdown is told by the regular price; say that too")


def _once(read: dict[Any, int], name: object, value: int, word: str) -> None:
    if name in read:
        raise NotAPriceTerm(word[:40], "it is said twice")
    read[name] = value


def _part(said: str, word: str) -> int:
    number = plain_number(said.removesuffix("%"))
    part = number * 100 if number is not None else None
    if part is None or part != int(part) or not 0 <= part <= WHOLE:
        raise NotAPriceTerm(word[:40], "it takes 0 to 100 percent, with two decimals at the most")
    return int(part)


def _price(said: str, word: str) -> int:
    try:
        return parse_price(said)
    except InvalidAmount as wrong:
        raise NotAPriceTerm(word[:40], wrong.why) from None


def percent(part: int) -> str:
    """A part of the whole as people write it: 10%, 7.5%."""
    return f"{show_micros(part * MICROS // 100)}%"


def _plain(price: int) -> str:
    return show_price(price).removesuffix(".00")


def _bearer(consignee_bears: int) -> str:
    named = {WHOLE: CONSIGNEE, 0: CONSIGNOR}
    return named.get(consignee_bears) or percent(consignee_bears)


def _unit_price(value: Fraction, per: int) -> str:
    """A price for what prices are for, to the sixth decimal, to be read by people."""
    return show_price(divide_half_even(value.numerator * per, value.denominator))
