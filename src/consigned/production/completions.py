"""Production: components are used, a product comes in that is ours, and can be taken apart again.

A bill of materials says what one unit of a product is made of, and how much more is spoilt as a
rule. Completing a product takes its components: first what was issued to its order beforehand,
then what lies on the shelves, by the pick order; where that is a consignor's, its title passes.

    KIT = 2 BOLT + 1 PLATE       transferred-to-owned   layer 1   20 BOLT   Acme > us, at STORE
    complete 10 KIT              issued                 layer 1   20 BOLT   STORE > PRODUCTION
                                 issued                 layer 2   10 PLATE  STOCK > PRODUCTION
                                 produced               layer 3   10 KIT    PRODUCTION > GOODS

A consignor's components stay to the event that their agreement names (checklist E08-E10):

    title passes      issued to an order ahead    completed           completed, and passed its test
    on use            ours then                   ours then           ours then
    on completion     refused                     ours then           ours then
    held for quality  refused                     refused             ours then

What is refused lies on the shop floor as its owner's, until the product is told as complete.

What was issued and not needed comes back into the layer that it left, and so does what is in a
product that is taken apart. It becomes its first owner's again (checklist X20, trap Q8), unless an
advice has told its title: then it stays ours.

Refuses: NoBill, ComponentOfItself, NothingProduced, CostsInSeveralCurrencies, NotInProcess,
NotMadeHere, ReturnOfComponents.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, NamedTuple

from consigned.inventory.stock import Holding
from consigned.inventory.title_transfers import UseKind
from consigned.master_data.agreements import Agreement, TitleRule
from consigned.measure.identity import (
    AgreementId,
    EntryNumber,
    ItemId,
    LayerNumber,
    PartyId,
    PlaceNumber,
    PositionNumber,
)
from consigned.measure.quantity import MICROS, divide_half_even, show_micros
from consigned.measure.refusal import Refusal
from consigned.title.entry import Cause, Entry, EntryKind
from consigned.title.layer import Layer
from consigned.title.position import Position
from consigned.title.post import Book, post


class StaysOwned(StrEnum):
    """Why a component that was a consignor's, and comes back, stays ours."""

    ADVISED = "advised"
    """Its title was advised."""
    OWNED_PLACE = "owned-place"
    """It goes to a place that keeps only ours."""
    TURNED_BEFORE = "turned-before"
    """As much of the title went back already."""


@dataclass(eq=False)
class NoBill(Refusal):
    product: str
    organization: str
    code: ClassVar[str] = "no-bill"
    remedy: ClassVar[str] = "Import what it is made of first (consigned import bills)."

    def __str__(self) -> str:
        return f"{self.organization} has no bill of materials for {self.product}"


@dataclass(eq=False)
class ComponentOfItself(Refusal):
    product: str
    code: ClassVar[str] = "component-of-itself"

    def __str__(self) -> str:
        return f"{self.product} is said to be made of itself"


@dataclass(eq=False)
class NothingProduced(Refusal):
    item: str
    code: ClassVar[str] = "nothing-produced"
    remedy: ClassVar[str] = "Give a quantity above zero, or leave the line out."

    def __str__(self) -> str:
        return f"a line of production says that nothing of {self.item} was made or came back"


@dataclass(eq=False)
class CostsInSeveralCurrencies(Refusal):
    product: str
    reference: str
    currencies: tuple[str, ...]
    code: ClassVar[str] = "costs-in-several-currencies"
    remedy: ClassVar[str] = "Agree on prices in one currency for the components of a product."

    def __str__(self) -> str:
        return (
            f"the components of {self.product} ({self.reference}) cost "
            f"{' and '.join(self.currencies)}; what goods of ours cost is kept in one currency"
        )


@dataclass(eq=False)
class NotInProcess(Refusal):
    item: str
    unit: str
    work_order: str
    asked: int
    in_process: int
    code: ClassVar[str] = "not-in-process"
    remedy: ClassVar[str] = "Name the order that they were issued to, and no more than is left."

    def __str__(self) -> str:
        return (
            f"order {self.work_order} has {show_micros(self.in_process)} {self.unit} of "
            f"{self.item} in process; {show_micros(self.asked)} {self.unit} asked back"
        )


@dataclass(eq=False)
class NotMadeHere(Refusal):
    item: str
    unit: str
    where: str
    asked: int
    made: int
    code: ClassVar[str] = "not-made-here"
    remedy: ClassVar[str] = "Only what was completed here can be taken apart into its components."

    def __str__(self) -> str:
        return (
            f"{self.where} holds {show_micros(self.made)} {self.unit} of {self.item} that was made "
            f"here; {show_micros(self.asked)} {self.unit} asked"
        )


@dataclass(eq=False)
class ReturnOfComponents(Refusal):
    item: str
    kind: str
    code: ClassVar[str] = "return-of-components"
    remedy: ClassVar[str] = "Report it as a return from production, with its order."

    def __str__(self) -> str:
        return f"{self.item} that went into {self.kind} comes back out of its order, not as a use"


def awaits(agreements: Iterable[Agreement]) -> dict[str, frozenset[AgreementId]]:
    """Under which agreements goods that are a consignor's do not go into a kind of use yet, because
    their title passes only when the product is complete, or has passed its test."""
    passing = [one for one in agreements if one.title_rule is not TitleRule.NEVER]
    untested = frozenset(one.id for one in passing if one.title_after_inspection)
    late = untested | {one.id for one in passing if one.title_rule is TitleRule.ON_COMPLETION}
    waits = {
        UseKind.PRODUCTION.value: late, UseKind.KIT.value: late,
        UseKind.BACKFLUSH.value: untested,
    }  # fmt: skip
    return {kind: ids for kind, ids in waits.items() if ids}


class BillLine(NamedTuple):
    """How much of a component one unit of a product takes."""

    component: ItemId
    quantity_per: int
    scrap_percent: int = 0
    """How much more is spoilt as a rule, in millionths of a percent."""
    is_whole: bool = False
    """Whether the component is taken in whole pieces."""

    def needed(self, quantity: int) -> int:
        """How much a quantity of the product takes, what is spoilt included: of what is counted by
        the piece a whole number, rounded once for the completion."""
        whole, step = 100 * MICROS, MICROS if self.is_whole else 1
        return step * divide_half_even(
            quantity * self.quantity_per * (whole + self.scrap_percent), MICROS * whole * step
        )


class Completed(NamedTuple):
    """A product that came in: the layer it opens, how much, and where it is put."""

    layer: Layer
    quantity: int
    place: PlaceNumber
    happened_on: date
    document: int


def bring_in(
    book: Book, completed: Iterable[Completed], *, ours: PartyId, production: PlaceNumber
) -> list[LayerNumber]:
    """Bring products in from production, as ours, each into a layer of its own."""
    layers, entries = [], []
    for number, (layer, quantity, place, on, document) in enumerate(completed, book.next_entry):
        opened = book.open_layer(layer)
        layers.append(opened)
        source = book.position(Position(layer.item, ours, production))
        target = book.position(Position(layer.item, ours, place))
        entries.append(
            Entry(EntryNumber(number), EntryKind.PRODUCED.value, opened, quantity, source, target,
                  on, Cause.PRODUCTION.value, document, 1)
        )  # fmt: skip
    post(book, entries)
    return layers


class ComesBack(NamedTuple):
    """Components that come back out of production: whose they are there, and where they go."""

    item: ItemId
    owner: PartyId
    layer: LayerNumber
    quantity: int
    place: PlaceNumber
    happened_on: date
    document: int
    line: int


def come_back(book: Book, coming: Iterable[ComesBack], *, production: PlaceNumber) -> None:
    """Bring components back from production into the layers that they left."""
    post(
        book,
        [
            Entry(EntryNumber(number), EntryKind.RETURNED_FROM_PRODUCTION.value, layer, quantity,
                  book.position(Position(item, owner, production)),
                  book.position(Position(item, owner, place)), on, Cause.PRODUCTION.value,
                  document, line)
            for number, (item, owner, layer, quantity, place, on, document, line)
            in enumerate(coming, book.next_entry)
        ],
    )  # fmt: skip


class TurnsBack(NamedTuple):
    """Components that became ours as they were used, and become their consignor's again."""

    item: ItemId
    consignor: PartyId
    layer: LayerNumber
    quantity: int
    place: PlaceNumber
    happened_on: date
    document: int
    line: int


def turn_back(
    book: Book, turning: Iterable[TurnsBack], *, ours: PartyId
) -> list[tuple[EntryNumber, PositionNumber]]:
    """Make components their consignor's again where they lie; answers the entries, and where the
    goods lie then."""
    turned, entries = [], []
    for number, (item, consignor, layer, quantity, place, on, document, line) in enumerate(
        turning, book.next_entry
    ):
        source = book.position(Position(item, ours, place))
        target = book.position(Position(item, consignor, place))
        turned.append((EntryNumber(number), target))
        entries.append(
            Entry(EntryNumber(number), EntryKind.TRANSFERRED_TO_CONSIGNED.value, layer, quantity,
                  source, target, on, Cause.PRODUCTION.value, document, line)
        )  # fmt: skip
    post(book, entries)
    return turned


class TakenApart(NamedTuple):
    """So much of one layer of a product that is to be taken apart."""

    holding: Holding
    quantity: int
    happened_on: date
    document: int
    line: int


def send_in(
    book: Book, taken: Iterable[TakenApart], *, production: PlaceNumber
) -> list[TakenApart]:
    """Send products into production, to be taken apart there; answers them on the days on which
    they went."""
    went = []
    for one in taken:
        here = book.describe(one.holding.position)
        entry = book.draft(
            EntryKind.ISSUED.value, one.holding.layer, one.quantity, one.holding.position,
            book.position(Position(here.item, here.owner, production)), one.happened_on,
            Cause.PRODUCTION.value, one.document, one.line,
        )  # fmt: skip
        went.append(one._replace(happened_on=entry.happened_on))
    post(book, book.drafts)
    return went
