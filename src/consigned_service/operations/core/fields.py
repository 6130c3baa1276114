"""What the fields of a line hold: how each is written, read, checked and described.

A line is a NamedTuple, and each field is declared once, with its type and, where the type's own
words do not do, what it says:

    class TransferLine(NamedTuple):
        reference: Annotated[str, REFERENCE]
        item: Annotated[str, ITEM]
        quantity: Annotated[Micros, QUANTITY]
        to_place: Annotated[str, PLACE, "code of the place the goods go to"]
        lot: Annotated[str, LOT] = ""

A field without a default is required. From the declaration derive the columns of a file and its
template, the body of a request, the form, the reference, what a field may be refused for, and
what a repeated line is compared by. Every door reads its lines here, so that the same text means
the same, and is refused for the same, wherever it comes in.

Refuses: InvalidText, InvalidChoice, InvalidNumber (from outcome); InvalidQuantity, InvalidAmount,
UnknownCurrency, CurrencyWithdrawn, InvalidDate (from measure).
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum

from consigned.master_data.exchange_rates import parse_rate
from consigned.measure.money import check_currency, parse_decimal, parse_price
from consigned.measure.period import Moment, parse_day, parse_end, parse_moment
from consigned.measure.quantity import parse_micros
from consigned_service.operations.core.outcome import one_of, text, whole_number, yes_or_no


class FieldType:
    """How a field is written, and what it is read as."""

    shape = "text"
    """What a form draws for it: text, code, figure, whole, day, time, choice, yes-no, reason."""
    may_be_blank = False
    """Whether nothing may stand in a required column: what stands there already is left."""
    is_figure = False
    """Whether it says how much, and may be written with a decimal comma where a file does so."""

    def __init__(self, says: str) -> None:
        self.says = says

    def read(self, written: str, name: str) -> object:
        """What was written, which is not blank, as a value; or the refusal of it."""
        raise NotImplementedError


class Text(FieldType):
    """Printable text of at most so many characters."""

    def __init__(
        self, says: str, most: int = 120, *, is_figure: bool = False, may_be_blank: bool = False
    ) -> None:
        super().__init__(says)
        self.most = most
        self.is_figure = is_figure
        self.may_be_blank = may_be_blank

    def read(self, written: str, name: str) -> str:
        return text(written, name, self.most)


class Code(Text):
    """The code or number of something that is kept here, called by its `noun`."""

    shape = "code"

    def __init__(self, noun: str, says: str, most: int = 40) -> None:
        super().__init__(says, most)
        self.noun = noun


class Reason(Text):
    """Why, in words."""

    shape = "reason"


class Choice(FieldType):
    """One of the words that are known; `empty` is the one that is meant where none is written."""

    shape = "choice"

    def __init__(self, choices: Iterable[StrEnum], says: str, empty: StrEnum | None = None) -> None:
        self.choices = tuple(choices)
        self.empty = empty
        super().__init__(says if ": " in says else f"{says}: {self._listed()}")

    def read(self, written: str, name: str) -> StrEnum:
        return one_of(written, self.choices, name)

    def _listed(self) -> str:
        words = [f"{one} (if empty)" if one is self.empty else str(one) for one in self.choices]
        return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


class YesOrNo(FieldType):
    """Yes or no."""

    shape = "yes-no"

    def read(self, written: str, name: str) -> bool:
        return yes_or_no(written, name)


class Figure(FieldType):
    """A number that says how much: digits with a decimal point at the most."""

    shape = "figure"
    is_figure = True


class Quantity(Figure):
    """So much of an item, in millionths of the unit that is said."""

    is_of_item = True
    """Whether it is whole where the item is counted by the piece."""

    def read(self, written: str, name: str) -> int:
        return parse_micros(written)


class Share(Quantity):
    """A quantity, rate or percentage that may be a part of a piece, in millionths."""

    is_of_item = False


class ExchangeRate(Figure):
    """What one unit of a currency is worth in another, in billionths."""

    def read(self, written: str, name: str) -> int:
        return parse_rate(written)


class UnitPrice(Figure):
    """What one unit costs, in millionths of the currency."""

    def read(self, written: str, name: str) -> int:
        return parse_price(written)


class Amount(Figure):
    """An amount of money in a currency that another field says."""

    def read(self, written: str, name: str) -> Decimal:
        return parse_decimal(written).normalize()


class Whole(FieldType):
    """A whole number within bounds."""

    shape = "whole"

    def __init__(self, says: str, least: int = 1, most: int = 1_000_000) -> None:
        super().__init__(says)
        self.least, self.most = least, most

    def read(self, written: str, name: str) -> int:
        return whole_number(written, name, least=self.least, most=self.most)


class LineNumber(Whole):
    """The number of a line of a document, from 1 on."""


class Currency(FieldType):
    """The code of a currency, as USD."""

    def read(self, written: str, name: str) -> str:
        return check_currency(written)


class Day(FieldType):
    """A day, or the day of a time."""

    shape = "day"

    def read(self, written: str, name: str) -> date:
        return parse_day(written)


class Happened(Day):
    """When something happened: a day, or a time on it, which is a day where it happened."""

    def read(self, written: str, name: str) -> Moment:  # type: ignore[override]
        return parse_moment(written)


class End(Day):
    """The first day on which something no longer holds, or the last day of use; 9999-12-31 is as
    good as none."""

    def read(self, written: str, name: str) -> date | None:  # type: ignore[override]
        return parse_end(written)


class Time(Happened):
    """A day, or a time on it."""

    shape = "time"


ON = "as 2026-03-31"
AS_WRITTEN = "as 3 or 0.125"

NAME = Text("its full name", 200, may_be_blank=True)
REFERENCE = Text("a number of its own, so that it is recorded once")
SHORT_REFERENCE = Text(REFERENCE.says, 100)
ACT_NUMBER = Text("number of the act under the agreement, so that it is recorded once", 60)
ITEM = Code("item", "code of the item, or its GTIN", 60)
PARTY = Code("party", "code of the party")
CONSIGNOR = Code("party", "code of the party whose goods are meant; empty: by pick order")
ORGANIZATION = Code("organization", "code of the organization")
PLACE = Code("place", "code of the place where they lie; empty: wherever")
AGREEMENT = Code("agreement", "number of the agreement")
RECEIPT = Code("receipt", "number of the goods receipt", 60)
LINE = LineNumber("number of the line")
QUANTITY = Quantity("how much, " + AS_WRITTEN)
SHARE = Share("how much, " + AS_WRITTEN)
UNIT = Text("unit of the quantity; empty: the item's own", 12)
LOT = Text("the maker's mark of a batch", 60)
SERIAL = Text("the maker's mark of one piece", 60)
SERIALS = Text("the maker's mark of one piece", 4000)
DAY = Day(ON)
HAPPENED_ON = Happened(ON)
END = End("first day on which it no longer holds, " + ON)
EXPIRY = End("last day on which the goods may be used, " + ON)
PRICE = UnitPrice("price of one unit, as 4.99")
AMOUNT = Amount("without tax, as 12.50")
CURRENCY = Currency("as USD")
BECAUSE = Reason("why, in words", 200)
YES_OR_NO = YesOrNo("yes or no")
CUSTOMS_DOCUMENT = Text("number of the customs document", 60)
COUNTRY = Text("country of origin, as DE", 60)
AMENDED = Text("as in a file of agreements; empty: as it is; none: not agreed any more", 500)
AMENDED_FIGURE = Text(AMENDED.says, 40, is_figure=True)
