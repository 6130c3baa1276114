"""What goes back, and what came of it: lines, goods, parts, and why a line cannot be done.

Refuses: AlreadyAdvised, TransferFirst, NothingGoesBack, OwnedLocation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar, NamedTuple

from consigned.inventory.stock import Holding
from consigned.inventory.title_transfers import GOES_TO, UseKind
from consigned.measure.identity import (
    AgreementId,
    EntryNumber,
    ItemId,
    LayerNumber,
    PartyId,
    PlaceNumber,
)
from consigned.measure.quantity import show_micros
from consigned.measure.refusal import Refusal
from consigned.title.position import Condition, Zone


@dataclass(eq=False)
class AlreadyAdvised(Refusal):
    item: str
    unit: str
    asked: int
    could: int
    advices: tuple[str, ...]
    code: ClassVar[str] = "already-advised"
    remedy: ClassVar[str] = (
        "Ask for no more than that; what an advice told stays ours, and goes back as ours."
    )

    def __str__(self) -> str:
        told = " and ".join(self.advices) or "an advice run"
        return (
            f"{show_micros(self.could)} {self.unit} of {self.item} can become consigned again, the "
            f"rest was told by {told}; {show_micros(self.asked)} {self.unit} asked"
        )


@dataclass(eq=False)
class TransferFirst(Refusal):
    item: str
    unit: str
    asked: int
    could: int
    ours: int
    code: ClassVar[str] = "transfer-first"
    remedy: ClassVar[str] = "Transfer them to consigned first, or ask for both in one act."

    def __str__(self) -> str:
        return (
            f"{show_micros(self.could)} {self.unit} of {self.item} can go back as they are, "
            f"{show_micros(self.ours)} {self.unit} became ours and are on no advice yet; "
            f"{show_micros(self.asked)} {self.unit} asked"
        )


@dataclass(eq=False)
class NothingGoesBack(Refusal):
    item: str
    code: ClassVar[str] = "nothing-goes-back"
    remedy: ClassVar[str] = "Give a quantity above zero, or leave the line out."

    def __str__(self) -> str:
        return f"a return of {self.item} returns nothing"


@dataclass(eq=False)
class OwnedLocation(Refusal):
    place: str
    code: ClassVar[str] = "owned-location"
    remedy: ClassVar[str] = "Name a place that is not owned."

    def __str__(self) -> str:
        return f"{self.place} keeps only goods that are ours"


class Direction(StrEnum):
    """Which way goods, or their title, go back."""

    TO_CONSIGNED = "to-consigned"
    TO_SUPPLIER = "to-supplier"
    RECEIPT_REVERSED = "receipt-reversed"
    FROM_CUSTOMER = "from-customer"
    AS_ISSUED = "as-issued"


@dataclass(slots=True, eq=False)
class Passed:
    """A transfer of title that made a consignor's goods ours, and what of it still stands."""

    entry: EntryNumber
    layer: LayerNumber
    kind: str
    happened_on: date
    left: int
    is_told: bool
    """Whether an advice has told it, so that it cannot be taken back any more."""


class GoingBack(NamedTuple):
    """One line of what goes back, in the item's own unit, and what it names of the goods."""

    line: int
    item: ItemId
    quantity: int
    happened_on: date
    place: PlaceNumber | None = None
    consignor: PartyId | None = None
    lot: str | None = None
    serial: str | None = None
    layers: frozenset[LayerNumber] | None = None
    """The goods of the receipt line that is named."""
    condition: str | None = None
    is_owned: bool | None = None
    """Only goods that are ours, or only goods that are not; nothing said takes theirs first."""
    turns_title: bool = False
    """Whether only title goes back, and the goods stay."""
    transfers_first: bool = False
    """Whether goods that are ours and not told yet become consigned again on their way."""
    target: PlaceNumber | None = None
    """Where goods lie afterwards that become their consignor's again."""


class ComingBack(NamedTuple):
    """One line of what a customer, or production, brings back."""

    line: int
    item: ItemId
    quantity: int
    happened_on: date
    kind: str
    place: PlaceNumber
    condition: str = Condition.UNRESTRICTED.value
    consignor: PartyId | None = None
    lot: str | None = None
    serial: str | None = None
    layers: frozenset[LayerNumber] | None = None
    to_original_owner: bool | None = None
    """Whether its first owner's again, as far as no advice has told it, or ours; None leaves it to
    the agreement."""


class Part(NamedTuple):
    """Goods of one layer that one line sends back: a document of its own, behind its entries."""

    document: int
    line: int
    layer: LayerNumber
    quantity: int
    is_owned: bool
    """Whether they are ours once they went back, or came back."""
    turns_title: bool
    """Whether their title went back with them."""
    happened_on: date


class TurnedBack(NamedTuple):
    """Title of our goods that went back to the consignor: for which transfer, and by which part."""

    entry: EntryNumber
    passed: Passed
    holding: Holding
    """The goods as their consignor's again."""
    quantity: int
    document: int
    happened_on: date


class CameBack(NamedTuple):
    """Our own goods that came in again from where they had gone."""

    holding: Holding
    quantity: int
    line: ComingBack


class Short(NamedTuple):
    """A line that cannot go back in full: how much could, and what stands against the rest."""

    line: int
    could: int
    untold: int = 0
    """Ours, and to be transferred to consigned first."""
    told: tuple[EntryNumber, ...] = ()
    """The transfers of title that an advice has told."""
    later: int = 0
    """What came, or went, only after the day."""
    theirs: int = 0
    """Of what went out: others', which an owned place does not take."""


@dataclass
class Goods:
    """What lies inside the walls of the items that go back, whosever it is."""

    ours: PartyId
    holdings: Sequence[Holding]
    passed: Mapping[LayerNumber, Sequence[Passed]]
    suppliers: dict[LayerNumber, PartyId]
    outside: Mapping[tuple[LayerNumber, Zone], int]
    """Of our goods: what went out of each layer and did not come back, by the zone it is in."""
    owned_places: frozenset[PlaceNumber]
    consigned_store: PlaceNumber
    supplier_place: PlaceNumber
    stay_ours: frozenset[AgreementId] = frozenset()
    """The agreements under which what customers bring back is ours in any case."""


@dataclass
class ReturnedQuantity:
    """What came of a batch."""

    parts: list[Part] = field(default_factory=list)
    turned: list[TurnedBack] = field(default_factory=list)
    """Title that went back and was on no advice."""
    sold: list[TurnedBack] = field(default_factory=list)
    """Title that went back after an advice had told it: it is to be credited."""
    theirs: list[tuple[Holding, int, date]] = field(default_factory=list)
    """Consigned goods that left for the supplier."""
    bought: list[tuple[Holding, int, date]] = field(default_factory=list)
    """Goods that were bought and left for the supplier."""
    came: list[CameBack] = field(default_factory=list)
    shortages: list[Short] = field(default_factory=list)


IN_PROCESS = frozenset(kind.value for kind in (UseKind.PRODUCTION, UseKind.BACKFLUSH, UseKind.KIT))
"""What production keeps books of its own about, which part is where."""

BROUGHT_BACK = tuple(
    kind
    for kind in UseKind
    if kind not in IN_PROCESS and GOES_TO[kind] in (Zone.CUSTOMER, Zone.PRODUCTION)
)
"""The uses that goods come back from by themselves; components come back through production."""
