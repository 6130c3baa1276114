"""Items: what is traded, how it is counted, and whose it is by designation.

An item is owned, non-owned or consigned (checklist P02): every use of an owned item costs
something (P03), a use of a non-owned one never (P04), and of a consigned one at the moment it is
used (P05).

An item is counted by the piece, by the container or by weight (E34). Pieces and containers are
whole, whatever is done with them: a file, a form or a program that says half a piece is refused.
What a container actually weighs may be said in place of what one usually holds, and what is taken
out of one is weighed.

    2 DRUM of ACID, 200 KG each                 400 KG
    2 DRUM of ACID, weighing 396.5 KG           396.5 KG
    0.5 BX of BOLT, 12 EA each                  6 EA
    0.5 EA of BOLT                              refused

Refuses: UnknownItem, UnknownUnit, NotWhole, NotOnePiece, NotWeighed, LotMissing,
SerialsMissing, SameSerial.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, NamedTuple

from consigned.measure.identity import ItemId, PartyId
from consigned.measure.quantity import (
    MICROS,
    ONE,
    Micros,
    UnknownUnit,
    convert,
    show_micros,
)
from consigned.measure.refusal import Refusal
from consigned.title.layer import Ownership


@dataclass(eq=False)
class UnknownItem(Refusal):
    said: str
    code: ClassVar[str] = "unknown-item"
    remedy: ClassVar[str] = "Import the item first, or correct its code."

    def __str__(self) -> str:
        return f"no item has the code {self.said!r}"


@dataclass(eq=False)
class NotWhole(Refusal):
    item: str
    said: int
    unit: str
    counted_by: str
    code: ClassVar[str] = "not-whole"
    remedy: ClassVar[str] = "Count whole ones, or have the item counted by weight."

    def __str__(self) -> str:
        return (
            f"{self.item} is counted by the {self.counted_by}, and {show_micros(self.said)} "
            f"{self.unit} is no whole number of them"
        )


@dataclass(eq=False)
class NotOnePiece(Refusal):
    item: str
    serial: str
    said: int
    unit: str
    code: ClassVar[str] = "not-one-piece"
    remedy: ClassVar[str] = "Name one serial in a line, and 1 as its quantity."

    def __str__(self) -> str:
        return (
            f"{self.item} {self.serial} is one piece, and {show_micros(self.said)} {self.unit} are "
            "said of it"
        )


@dataclass(eq=False)
class NotWeighed(Refusal):
    item: str
    unit: str
    counted_by: str
    code: ClassVar[str] = "not-weighed"
    remedy: ClassVar[str] = "Say the quantity in the unit it is counted in, without a weight."

    def __str__(self) -> str:
        return f"{self.unit} of {self.item} has no weight of its own: {self.counted_by}"


@dataclass(eq=False)
class LotMissing(Refusal):
    item: str
    code: ClassVar[str] = "lot-missing"
    remedy: ClassVar[str] = "Name the lot; a line for each."

    def __str__(self) -> str:
        return f"{self.item} is tracked by lot, and none is named"


@dataclass(eq=False)
class SerialsMissing(Refusal):
    item: str
    unit: str
    quantity: int
    serials: int
    code: ClassVar[str] = "serials-missing"
    remedy: ClassVar[str] = "Name one serial for each piece, with ; between them."

    def __str__(self) -> str:
        return (
            f"{self.item} is tracked by serial: {show_micros(self.quantity)} {self.unit} came "
            f"with {self.serials} of them"
        )


@dataclass(eq=False)
class SameSerial(Refusal):
    item: str
    serial: str
    where: str
    code: ClassVar[str] = "same-serial"
    remedy: ClassVar[str] = "Correct the serial, or find out where the other piece is."

    def __str__(self) -> str:
        return f"{self.item} {self.serial} lies at {self.where} already"


class CountedBy(StrEnum):
    """How a quantity of the item is determined (checklist E34)."""

    PIECE = "piece"
    CONTAINER = "container"
    WEIGHT = "weight"


_WEIGHT = "G GR GRM KG KGM MG MGM T TO TNE LB LBR OZ ONZ"
_VOLUME = "ML MLT CL CLT DL DLT L LT LTR HL HLT GAL GLL M3 MTQ CBM"
_LENGTH_AND_AREA = "MM MMT CM CMT DM DMT M MTR KM KMT IN INH FT FOT YD YRD M2 MTK SQM FTK"
MEASURED = frozenset(f"{_WEIGHT} {_VOLUME} {_LENGTH_AND_AREA}".split())
"""Units of weight, volume, length and area, as people and UN/ECE Recommendation 20 write them: an
item that is counted in one of them is measured, where nothing else is said."""


def counted_in(unit: str) -> CountedBy:
    """How an item is counted that is kept in a unit, where it does not say so itself."""
    return CountedBy.WEIGHT if unit.upper() in MEASURED else CountedBy.PIECE


class Tracking(StrEnum):
    """Whether each receipt of the item names its lot, or each piece its serial (O38)."""

    NONE = "none"
    LOT = "lot"
    SERIAL = "serial"


class ItemSetting(NamedTuple):
    """What one organization says of an item where it differs from the item itself (P12).

    Nothing said leaves what the item, or the organization, says.
    """

    ownership: Ownership | None = None
    consignor: PartyId | None = None
    """The one party that consigns the item here, where there is only one (checklist P14)."""
    pick_order: str = ""
    owner_sequence: str = ""
    is_approved: bool = False
    """Whether its designation is settled here; where the item is approved, it is everywhere."""
    consignor_code: str = ""
    consignor_site: int | None = None
    """The one site of the consignor that the goods come from, where one is named."""
    consignor_site_code: str = ""
    is_inspected: bool = False
    """Whether what comes of it is inspected before it is put away (checklist P26)."""


class Item(NamedTuple):
    """An item with its own unit and what its other units hold of it."""

    id: ItemId
    code: str
    name: str
    unit: str
    ownership: Ownership
    units: Mapping[str, int] = {}
    """Other units: how many millionths of the own unit one of them holds."""
    counted_by: CountedBy = CountedBy.PIECE
    tracking: Tracking = Tracking.NONE
    is_hazardous: bool = False
    is_approved: bool = True

    def show(self, micros: int) -> str:
        """A quantity of the item in words: 10 EA of BOLT."""
        return f"{show_micros(micros)} {self.unit} of {self.code}"

    def one(self, unit: str) -> int:
        """How many millionths of the item's own unit one `unit` holds."""
        if unit in ("", self.unit):
            return MICROS
        held = self.units.get(unit)
        if held is None:
            raise UnknownUnit(self.code, unit, (self.unit, *self.units))
        return held

    def quantity(
        self, asked: int, unit: str = "", *, serial: str = "", weight: int | None = None
    ) -> Micros:
        """A quantity of the item that a line asks for, in its own unit: whole where pieces or
        containers are counted, and one where one piece is named by its serial.

        Every act reads the quantities of its lines here.
        """
        quantity = self.counted(asked, unit, weight)
        if serial and self.tracking is Tracking.SERIAL and abs(quantity) > ONE:
            raise NotOnePiece(self.code, serial[:60], quantity, self.unit)
        return quantity

    @property
    def is_whole(self) -> bool:
        """Whether it lies on the shelves in whole numbers of its own unit."""
        return self.counted_by is CountedBy.PIECE or self.tracking is Tracking.SERIAL

    def counted(self, said: int, unit: str, weighed: int | None = None) -> Micros:
        """A quantity as the item is counted, in its own unit (checklist E34)."""
        quantity = self.in_own_unit(said, unit)
        by, is_own = self.counted_by, unit in ("", self.unit)
        if self.is_whole and quantity % MICROS:
            raise NotWhole(self.code, said, unit or self.unit, CountedBy.PIECE)
        if by is CountedBy.CONTAINER and said % MICROS and not (is_own and self.units):
            raise NotWhole(self.code, said, unit or self.unit, by)
        if weighed is None:
            return quantity
        if by is CountedBy.PIECE:
            raise NotWeighed(self.code, unit or self.unit, "it is counted by the piece")
        if unit in ("", self.unit):
            raise NotWeighed(self.code, self.unit, "it is what the item is counted in")
        return Micros(weighed)

    def told_apart(
        self, quantity: int, lot: str | None, serials: Sequence[str]
    ) -> list[tuple[str | None, int]]:
        """The serials and quantities that one line's goods are told apart by (checklist O38)."""
        if self.tracking is Tracking.LOT and not lot:
            raise LotMissing(self.code)
        if self.tracking is not Tracking.SERIAL:
            return [("; ".join(serials) or None, quantity)]
        once = set(serials)
        if len(once) * MICROS != quantity or len(once) != len(serials):
            raise SerialsMissing(self.code, self.unit, quantity, len(once))
        return [(serial, MICROS) for serial in serials]

    def in_own_unit(self, micros: int, unit: str) -> Micros:
        """A quantity said in any of the item's units, in its own."""
        held = self.one(unit)
        return Micros(micros) if held == MICROS else convert(micros, held)
