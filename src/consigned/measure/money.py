"""Money is exact: amounts in whole minor units, prices in millionths of the currency per unit.

An amount is rounded once, half to even, to the currency's minor unit, at the moment a quantity
is multiplied by its price (decision D16). Nothing between a door and the database is a float.

    9.99 USD      an amount of 999 minor units
    0.0125 USD    a price of 12,500 millionths, per one unit of the item

Refuses: NotMoney, UnknownCurrency.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, NamedTuple, NewType

from consigned.measure.quantity import MICROS, divide_half_even, plain_number, show_micros
from consigned.measure.refusal import Refusal

Minor = NewType("Minor", int)
"""An amount in the minor unit of its currency: cents for USD, yen for JPY."""

_TWO_DECIMALS = (
    "AED ARS AUD BDT BGN BRL CAD CHF CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR KES LKR MAD "
    "MXN MYR NGN NOK NZD PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TRY TWD UAH USD UYU ZAR"
)
_NO_DECIMALS = "CLP ISK JPY KRW PYG UGX VND XAF XOF XPF"
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"

MINOR_DIGITS = {
    **dict.fromkeys(_TWO_DECIMALS.split(), 2),
    **dict.fromkeys(_NO_DECIMALS.split(), 0),
    **dict.fromkeys(_THREE_DECIMALS.split(), 3),
}
"""Decimals of each currency's minor unit (ISO 4217)."""

_MINOR_SCALE = {currency: 10**digits for currency, digits in MINOR_DIGITS.items()}

LARGEST_AMOUNT = 10**15
LARGEST_PRICE = 10**9 * MICROS


@dataclass(eq=False)
class UnknownCurrency(Refusal):
    said: str
    code: ClassVar[str] = "unknown-currency"
    remedy: ClassVar[str] = "Use a three-letter ISO 4217 code such as USD or EUR."

    def __str__(self) -> str:
        return f"{self.said!r} is not a currency we know"


@dataclass(eq=False)
class NotMoney(Refusal):
    said: str
    why: str
    code: ClassVar[str] = "not-money"

    def __str__(self) -> str:
        return f"{self.said!r} is not an amount of money: {self.why}"


class Price(NamedTuple):
    """What one lot of `per` millionths of the item's unit costs, in millionths of a currency.

    A price of 12.00 EUR for a box of 12 pieces is `Price(12_000_000, "EUR", 12_000_000)`.
    """

    micros: int
    currency: str
    per: int = MICROS

    def extend(self, quantity: int) -> Minor:
        """The amount for a quantity (millionths of the item's unit), rounded once, half to even."""
        micros, currency, per = self
        return Minor(divide_half_even(quantity * micros * _MINOR_SCALE[currency], per * MICROS))

    def __str__(self) -> str:
        per = "" if self.per == MICROS else f" per {show_micros(self.per)}"
        return f"{show_price(self.micros)} {self.currency}{per}"


def price_of(amount: int, currency: str, quantity: int) -> Price:
    """What one unit costs where a quantity costs an amount, rounded to a millionth."""
    micros = divide_half_even(amount * MICROS * MICROS, quantity * _MINOR_SCALE[currency])
    return Price(micros, currency)


def exact_price(amount: int, currency: str, quantity: int) -> Price:
    """A price that gives the amount to the cent for the quantity, whatever one unit of it costs."""
    return Price(amount * MICROS // _MINOR_SCALE[currency], currency, quantity)


def check_currency(said: str) -> str:
    """The currency's code as we keep it, or a refusal."""
    code = said.strip().upper()
    if code not in MINOR_DIGITS:
        raise UnknownCurrency(said)
    return code


def parse_price(said: str) -> int:
    """Read a written unit price ('4.99', '0.0125') exactly, as millionths of the currency.

    Refuses what is not a plain number, is negative, or has more than six decimals.
    """
    scaled = _decimal(said) * MICROS
    if scaled != int(scaled):
        raise NotMoney(said, "a price keeps six decimals at the most")
    if scaled < 0:
        raise NotMoney(said, "a price is not negative")
    if scaled > LARGEST_PRICE:
        raise NotMoney(said, "it is more than a thousand million")
    return int(scaled)


def parse_amount(said: str, currency: str) -> Minor:
    """Read a written amount ('19.98') exactly, in minor units of the currency."""
    digits = MINOR_DIGITS[currency]
    scaled = _decimal(said).scaleb(digits)
    if scaled != int(scaled):
        raise NotMoney(said, f"{currency} has {digits} decimals")
    if abs(scaled) > LARGEST_AMOUNT:
        raise NotMoney(said, "it is too large")
    return Minor(int(scaled))


def show_amount(minor: int, currency: str) -> str:
    """An amount as people write it: 1998 USD minor units are '19.98'."""
    digits = MINOR_DIGITS[currency]
    sign = "-" if minor < 0 else ""
    if digits == 0:
        return f"{sign}{abs(minor)}"
    whole, part = divmod(abs(minor), 10**digits)
    return f"{sign}{whole}.{part:0{digits}d}"


def show_price(micros: int) -> str:
    """A unit price with at least two decimals and no superfluous zeros: '4.99', '0.0125'."""
    whole, part = divmod(micros, MICROS)
    decimals = f"{part:06d}".rstrip("0").ljust(2, "0")
    return f"{whole}.{decimals}"


def _decimal(said: str) -> Decimal:
    number = plain_number(said.strip())
    if number is None:
        raise NotMoney(said[:40], "write it as 4.99")
    return number
