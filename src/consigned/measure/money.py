"""Money is exact: amounts in whole minor units, prices in millionths of the currency per unit.

An amount is rounded once, half to even, to the currency's minor unit, at the moment a quantity
is multiplied by its price (decision 0065). Nothing between a door and the database is a float.

    9.99 USD      an amount of 999 minor units
    0.0125 USD    a price of 12,500 millionths, per one unit of the item

A currency is one of ISO 4217 that has decimals of its own, so units of account are some (CLF, COU)
and metals, test codes and the code for none are not (XAU, XTS, XXX).

Refuses: InvalidAmount, UnknownCurrency, CurrencyWithdrawn.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, NamedTuple, NewType

from consigned.measure.currencies import BY_DECIMALS
from consigned.measure.quantity import MICROS, divide_half_even, plain_number, show_micros
from consigned.measure.refusal import Refusal

Minor = NewType("Minor", int)
"""An amount in the minor unit of its currency: cents for USD, yen for JPY."""

MINOR_DIGITS = {code: digits for digits, codes in BY_DECIMALS.items() for code in codes.split()}
"""Decimals of each currency's minor unit (ISO 4217)."""

WITHDRAWN = {
    "ANG": "XCG", "AZM": "AZN", "BGN": "EUR", "BYR": "BYN", "CUC": "CUP", "CYP": "EUR",
    "DEM": "EUR", "EEK": "EUR", "ESP": "EUR", "FRF": "EUR", "GHC": "GHS", "GRD": "EUR",
    "HRK": "EUR", "IEP": "EUR", "ITL": "EUR", "LTL": "EUR", "LVL": "EUR", "MRO": "MRU",
    "MTL": "EUR", "MZM": "MZN", "NLG": "EUR", "PTE": "EUR", "ROL": "RON", "SIT": "EUR",
    "SKK": "EUR", "SLL": "SLE", "STD": "STN", "TMM": "TMT", "TRL": "TRY", "VEB": "VES",
    "VEF": "VES", "ZMK": "ZMW", "ZWD": "ZWG", "ZWL": "ZWG", "ATS": "EUR", "BEF": "EUR",
    "FIM": "EUR", "LUF": "EUR",
}  # fmt: skip
"""Currencies that were withdrawn since 2000, and what took their place."""

_MINOR_SCALE = {currency: 10**digits for currency, digits in MINOR_DIGITS.items()}

LARGEST_AMOUNT = 10**15
LARGEST_PRICE = 10**9 * MICROS


@dataclass(eq=False)
class UnknownCurrency(Refusal):
    said: str
    code: ClassVar[str] = "unknfunctional-currency"
    remedy: ClassVar[str] = "Use a three-letter ISO 4217 code such as USD or EUR."

    def __str__(self) -> str:
        return f"{self.said!r} is not a currency we know"


@dataclass(eq=False)
class CurrencyWithdrawn(Refusal):
    said: str
    successor: str
    code: ClassVar[str] = "currency-withdrawn"
    remedy: ClassVar[str] = "Agree on the currency that took its place."

    def __str__(self) -> str:
        return f"{self.said} was withdrawn, and {self.successor} took its place"


@dataclass(eq=False)
class InvalidAmount(Refusal):
    said: str
    why: str
    code: ClassVar[str] = "invalid-amount"

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

    def extend_down(self, quantity: int) -> Minor:
        """The amount for a quantity without the part of a minor unit that is left over."""
        micros, currency, per = self
        return Minor(quantity * micros * _MINOR_SCALE[currency] // (per * MICROS))

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
    """The currency's code as we keep it, in capitals, or a refusal."""
    code = said.strip().upper()
    if code in WITHDRAWN:
        raise CurrencyWithdrawn(code, WITHDRAWN[code])
    if code not in MINOR_DIGITS:
        raise UnknownCurrency(said)
    return code


def parse_price(said: str) -> int:
    """Read a written unit price ('4.99', '0.0125') exactly, as millionths of the currency.

    Refuses what is not a plain number, is negative, or has more than six decimals.
    """
    scaled = parse_decimal(said) * MICROS
    if scaled != int(scaled):
        raise InvalidAmount(said, "a price keeps six decimals at the most")
    if scaled < 0:
        raise InvalidAmount(said, "a price is not negative")
    if scaled > LARGEST_PRICE:
        raise InvalidAmount(said, "it is more than a thousand million")
    return int(scaled)


def parse_amount(said: str, currency: str) -> Minor:
    """Read a written amount ('19.98') exactly, in minor units of the currency."""
    return in_minor(parse_decimal(said), check_currency(currency))


def in_minor(amount: Decimal, currency: str) -> Minor:
    """An amount exactly in minor units of its currency. Refuses more decimals than it has."""
    digits = MINOR_DIGITS[currency]
    scaled = amount.scaleb(digits)
    if scaled != int(scaled):
        raise InvalidAmount(f"{amount:f}", f"{currency} has {digits} decimals")
    if abs(scaled) > LARGEST_AMOUNT:
        raise InvalidAmount(f"{amount:f}", "it is too large")
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


def parse_decimal(said: str) -> Decimal:
    number = plain_number(said.strip())
    if number is None:
        raise InvalidAmount(said[:40], "write it as 4.99")
    return number
