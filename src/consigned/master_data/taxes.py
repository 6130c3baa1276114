"""Tax on what is used: the code that holds on the day of use, its rate, what of it is recovered.

An agreement that is taxed names a tax code for all its items or for one of them, from a day on; the
item's own stands before the agreement's. A code has a rate from a day on, until its next. Prices
are without tax. The tax of the day of use is kept with what is used, in words that say it, and a
later rate changes nothing that was used before (checklist X13):

    V19 19%                      all of it is recovered by the consignee
    V7 7% recoverable=50%        half of it is, the rest is a cost

The tax of an advice line is rounded once, half to even, from what the line comes to; what is
recovered of it, too.

Refuses: TaxCodeMissing, TaxRateMissing, NotATaxCode.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

from consigned.measure.identity import AgreementId, ItemId
from consigned.measure.money import Minor, Price
from consigned.measure.quantity import MICROS, divide_half_even, show_micros
from consigned.measure.refusal import Refusal

WHOLE = 100 * MICROS
"""A hundred percent, in millionths of one."""


@dataclass(eq=False)
class TaxCodeMissing(Refusal):
    agreement: str
    item: str
    happened_on: date
    code: ClassVar[str] = "tax-code-missing"
    remedy: ClassVar[str] = "Import the tax code that holds on that day, then resubmit."

    def __str__(self) -> str:
        return (
            f"agreement {self.agreement} is taxed and has no tax code for {self.item} "
            f"on {self.happened_on}"
        )


@dataclass(eq=False)
class TaxRateMissing(Refusal):
    tax_code: str
    happened_on: date
    code: ClassVar[str] = "tax-rate-missing"
    remedy: ClassVar[str] = "Import a rate of the tax code that holds on that day, then resubmit."

    def __str__(self) -> str:
        return f"tax code {self.tax_code} has no rate on {self.happened_on}"


@dataclass(eq=False)
class NotATaxCode(Refusal):
    said: str
    code: ClassVar[str] = "not-a-tax-code"
    remedy: ClassVar[str] = "Write it as V19: letters, figures, dots and dashes, 20 at the most."

    def __str__(self) -> str:
        return f"{self.said[:40]!r} is not a tax code"


class Tax(NamedTuple):
    """A tax code at its rate of some day; rates are in percent, in millionths."""

    code: str
    rate: int
    recoverable: int = WHOLE

    def of(self, amount: int) -> Minor:
        """The tax of an amount without it, rounded once."""
        return Minor(divide_half_even(amount * self.rate, WHOLE))

    def recovered(self, tax: int) -> Minor:
        """What the consignee recovers of a tax; the rest is a cost."""
        return Minor(divide_half_even(tax * self.recoverable, WHOLE))

    def on_top_of(self, price: Price) -> Price:
        """A unit price with its tax, to the millionth."""
        return price._replace(micros=divide_half_even(price.micros * (WHOLE + self.rate), WHOLE))

    def __str__(self) -> str:
        said = f"{self.code} {show_micros(self.rate)}%"
        if self.recoverable == WHOLE:
            return said
        return f"{said} recoverable={show_micros(self.recoverable)}%"


UNTAXED = Tax("", 0, 0)
"""What no agreement taxes. Where it is billed all the same, nobody said that it is recovered."""


def read_tax(said: str) -> Tax:
    """A tax from the words that were kept of it; of no words, none."""
    if not said:
        return UNTAXED
    code, rate, *part = said.split()
    recoverable = _percent(part[0].removeprefix("recoverable=")) if part else WHOLE
    return Tax(code, _percent(rate), recoverable)


def _percent(kept: str) -> int:
    """A percentage as it was kept, in millionths."""
    whole, _, decimals = kept.removesuffix("%").partition(".")
    return int(whole) * MICROS + int(decimals.ljust(6, "0"))


def check_tax_code(said: str) -> str:
    """A tax code as we keep it, or a refusal: one word, so that it can stand among others."""
    code = said.strip()
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]{0,19}", code):
        raise NotATaxCode(said)
    return code


class DatedTax(NamedTuple):
    """What a tax code comes to from a day on."""

    valid_from: date
    tax: Tax


class DatedCode(NamedTuple):
    """Which tax code an agreement has from a day on, for an item or for all that have no other."""

    starts_on: date
    tax_code: str


EVERY_ITEM = ItemId(0)


class Taxes(NamedTuple):
    """The tax codes of some agreements, and what these codes come to."""

    codes: Mapping[tuple[AgreementId, ItemId], Sequence[DatedCode]]
    """By agreement and item, or EVERY_ITEM."""
    rates: Mapping[str, Sequence[DatedTax]]

    def in_force(
        self, agreement: AgreementId, number: str, item: ItemId, item_code: str, day: date
    ) -> Tax:
        """The tax that holds on a day, or a refusal where a code or its rate is missing."""
        code = self._code(agreement, item, day) or self._code(agreement, EVERY_ITEM, day)
        if code is None:
            raise TaxCodeMissing(number, item_code, day)
        told = [one for one in self.rates.get(code, ()) if one.valid_from <= day]
        if not told:
            raise TaxRateMissing(code, day)
        return max(told, key=lambda one: one.valid_from).tax

    def _code(self, agreement: AgreementId, item: ItemId, day: date) -> str | None:
        named = [one for one in self.codes.get((agreement, item), ()) if one.starts_on <= day]
        return max(named).tax_code if named else None


NO_TAXES = Taxes({}, {})
