"""What a use is, what it was for, and the transfers of title that it brings about.

Refuses: NotEnoughOnHand, NotEnoughIssued.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar, NamedTuple

from consigned.inventory.stock import Holding
from consigned.measure.identity import (
    ConsumptionNumber,
    EntryNumber,
    ItemId,
    PartyId,
    PlaceNumber,
)
from consigned.measure.quantity import MICROS, show_micros
from consigned.measure.refusal import Refusal
from consigned.title.position import Zone
from consigned.title.post import Book


class UseKind(StrEnum):
    """What the goods were used for; it decides where they go and what the cost is."""

    SALE = "sale"
    ISSUE = "issue"
    EXPRESS_ISSUE = "express-issue"
    SAMPLE = "sample"
    SCRAP = "scrap"
    ADJUSTMENT = "adjustment"
    COUNT = "count"
    PRODUCTION = "production"
    BACKFLUSH = "backflush"
    KIT = "kit"
    WORK_ORDER = "work-order"
    TRANSFER_TO_OWNED = "transfer-to-owned"


GOES_TO: Mapping[str, Zone | None] = {
    UseKind.SALE: Zone.CUSTOMER,
    UseKind.ISSUE: Zone.CUSTOMER,
    UseKind.EXPRESS_ISSUE: Zone.CUSTOMER,
    UseKind.SAMPLE: Zone.CUSTOMER,
    UseKind.SCRAP: Zone.LOSS,
    UseKind.ADJUSTMENT: Zone.LOSS,
    UseKind.COUNT: Zone.LOSS,
    UseKind.PRODUCTION: Zone.PRODUCTION,
    UseKind.BACKFLUSH: Zone.PRODUCTION,
    UseKind.KIT: Zone.PRODUCTION,
    UseKind.WORK_ORDER: Zone.PRODUCTION,
    UseKind.TRANSFER_TO_OWNED: None,
}
"""Where used goods leave the walls; goods transferred to owned stay where they are (O33)."""


TAKES_EXPIRED = frozenset(
    {UseKind.SCRAP, UseKind.ADJUSTMENT, UseKind.COUNT, UseKind.TRANSFER_TO_OWNED}
)
"""The uses that goods which have expired are still good for."""


IS_LOST = frozenset({UseKind.SCRAP, UseKind.ADJUSTMENT, UseKind.COUNT})
"""The uses of goods that are nowhere any more."""


@dataclass(eq=False)
class NotEnoughOnHand(Refusal):
    item: str
    unit: str
    where: str
    asked: int
    held: int
    owner: str | None = None
    promised: int = 0
    """Of what is held: promised to others than the asker."""
    came_later: int = 0
    on: date | None = None
    """The day of use, before which nothing of what came later can have been used."""
    expired: int = 0
    """Of what is held: not to be used any more on that day."""
    on_hold: int = 0
    """Beside what is held: there, and not to be used until it is released."""
    counted: int = 0
    """Of what is held: counted since that day, under an agreement that is settled by counts."""
    on_the_way: int = 0
    """Beside what is held: on its way there."""
    awaits: int = 0
    """Of what is held: it stays its consignor's until the product is complete, or has passed."""
    code: ClassVar[str] = "not-enough-on-hand"
    remedy: ClassVar[str] = "Receive or count what is missing, then resubmit."

    def __str__(self) -> str:
        unit = self.unit
        goods = f"{self.item} owned by {self.owner}" if self.owner else self.item
        holds, later = "holds", ""
        if self.came_later:
            holds = "held"
            later = f" on {self.on} ({show_micros(self.came_later)} {unit} came later)"
        said = f"{self.where} {holds} {show_micros(self.held)} {unit} of {goods}{later}"
        if self.promised:
            said += f", {show_micros(self.promised)} {unit} of it promised to others"
        if self.expired:
            said += f", {show_micros(self.expired)} {unit} of it expired by {self.on}"
        if self.counted:
            said += (
                f", {show_micros(self.counted)} {unit} of it counted since {self.on}, and what was "
                "used is charged by that count"
            )
        if self.on_the_way:
            said += f", and {show_micros(self.on_the_way)} {unit} on the way, not to be used yet"
        if self.on_hold:
            said += f", and {show_micros(self.on_hold)} {unit} on hold or blocked"
        if self.awaits:
            said += (
                f", {show_micros(self.awaits)} {unit} of it a consignor's until what is made of it "
                "is complete, or has passed its test"
            )
        return f"{said}; {show_micros(self.asked)} {unit} asked"


@dataclass(eq=False)
class NotEnoughIssued(Refusal):
    item: str
    unit: str
    where: str
    asked: int
    issued: int
    supplier: str | None = None
    went_later: int = 0
    on: date | None = None
    """The day of the return, on which nothing of what went out later can have come back."""
    code: ClassVar[str] = "not-enough-issued"
    remedy: ClassVar[str] = "Report the sale that the return belongs to, then resubmit."

    def __str__(self) -> str:
        unit = self.unit
        goods = f"{self.item} from {self.supplier}" if self.supplier else self.item
        issued, later = "issued", ""
        if self.went_later:
            issued = "had issued"
            later = f" by {self.on} ({show_micros(self.went_later)} {unit} went out later)"
        return (
            f"{self.where} {issued} {show_micros(self.issued)} {unit} of {goods}{later} that did "
            f"not come back; a return of {show_micros(self.asked)} {unit} asked"
        )


class Sale(NamedTuple):
    """What goods were sold for: so many millionths of a currency for `per` of the item's unit."""

    price: int
    currency: str | None
    per: int = MICROS


class Use(NamedTuple):
    """One line of consumption, in the item's own unit; below zero it is a return."""

    number: ConsumptionNumber
    kind: str
    item: ItemId
    quantity: int
    happened_on: date
    place: PlaceNumber | None = None
    consignor: PartyId | None = None
    lot: str | None = None
    serial: str | None = None
    price: int | None = None
    currency: str | None = None
    reservation: str | None = None
    per: int = MICROS
    """What a price said with the use is for: so many millionths of the item's unit."""
    work_order: str | None = None
    """The production order, work order or kit that the goods were used for."""
    account: str | None = None
    """The account that bears the cost, where a work order names its own (checklist P50)."""
    sale: Sale | None = None
    told: int | None = None
    """How much the line said that this is the rest of, which is what a scale of prices looks at."""
    reported_on: date | None = None
    """The day on which it was recorded first, where it had to wait."""
    voids_source: str | None = None
    voids: str | None = None
    """The use that the line takes back because it never happened: by whom it was reported, and
    under which reference."""
    because: str | None = None
    """Why, where a person says it."""


class TitleTransfer(NamedTuple):
    """Title that passed from a consignor to us: the entry, the use behind it, and the goods.

    A use that is told late keeps its own day, and what is owed for it; its entry may be of a later
    one.
    """

    entry: EntryNumber
    use: Use
    holding: Holding
    quantity: int
    back_to_back_progress: date | None = None
    """The day of its entry, where that is no entry of this posting."""

    def on(self, book: Book) -> date:
        """The day from which the goods are ours."""
        return book.day_of(self.entry, self.back_to_back_progress or self.use.happened_on)


class OwnedIssue(NamedTuple):
    """Goods that were ours already when they were used, or that came back (below zero)."""

    use: Use
    holding: Holding
    quantity: int
    entry: EntryNumber = EntryNumber(0)

    def on(self, book: Book) -> date:
        """The day from which the goods are gone, or here again."""
        return book.day_of(self.entry, self.use.happened_on)


class Issued(NamedTuple):
    """Goods outside the walls that did not come back yet, and by which day they had gone out."""

    holding: Holding
    went_on: date


class Shortage(NamedTuple):
    """The part of a line that could not be posted, and what was there instead."""

    use: Use
    missing: int
    held: int
    promised: int = 0
    """Of what was there: promised to others."""
    came_later: int = 0
    """Not there on the day of use, but since; of a return, what went out after its day."""
    expired: int = 0
    """Of what was there: not to be used any more on that day."""
    counted: int = 0
    """Of what was there: counted since, and charged by what is counted."""
    awaits: int = 0
    """Of what was there: a consignor's until what is made of it is complete, or has passed."""
    theirs: int = 0
    """Of a return to an owned place, what went out and stays others'."""


@dataclass
class Used:
    """What came of a batch of uses."""

    transfers: list[TitleTransfer] = field(default_factory=list)
    own_issues: list[OwnedIssue] = field(default_factory=list)
    lent: list[OwnedIssue] = field(default_factory=list)
    """Used goods that stay somebody else's."""
    shortages: list[Shortage] = field(default_factory=list)
