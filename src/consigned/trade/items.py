"""Items: what is traded, how it is counted, and whose it is by designation.

An item is owned, non-owned or consigned (checklist P02): every use of an owned item costs
something (P03), a use of a non-owned one never (P04), and of a consigned one at the moment it is
used (P05).

An item is counted by the piece, by the container or by weight (E34). Pieces and containers are
whole; what a container actually weighs may be said in place of what one usually holds.

    2 DRUM of ACID, 200 KG each                 400 KG
    2 DRUM of ACID, weighing 396.5 KG           396.5 KG

Refuses: UnknownItem, UnitDoesNotConvert, NotWhole, NotWeighed, LotMissing, SerialsMissing,
SameSerial.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, NamedTuple

from consigned.measure.identity import ItemId, PartyId
from consigned.measure.quantity import MICROS, Micros, UnitDoesNotConvert, convert, show_micros
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
    owner_order: str = ""
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
            raise UnitDoesNotConvert(self.code, unit, (self.unit, *self.units))
        return held

    def counted(self, said: int, unit: str, weighed: int | None = None) -> Micros:
        """A quantity as the item is counted, in its own unit (checklist E34)."""
        quantity = self.in_own_unit(said, unit)
        by, each = self.counted_by, quantity
        if by is CountedBy.CONTAINER:
            each = Micros(said)
        if by is not CountedBy.WEIGHT and each % MICROS:
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
