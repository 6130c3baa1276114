"""Items: what is traded, how it is counted, and whose it is by designation.

An item is owned, non-owned or consigned (checklist P02): every use of an owned item costs
something (P03), a use of a non-owned one never (P04), and of a consigned one at the moment it is
used (P05).

Refuses: UnknownItem, UnitDoesNotConvert.
"""

from collections.abc import Mapping
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

    def in_own_unit(self, micros: int, unit: str) -> Micros:
        """A quantity said in any of the item's units, in its own."""
        held = self.one(unit)
        return Micros(micros) if held == MICROS else convert(micros, held)
