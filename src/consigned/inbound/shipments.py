"""Ship notices: what a consignor says is on its way, line by line of the orders it answers.

Goods announced are in transit: not yet in the consignee's custody, and nothing is owed. A notice
may announce more than was ordered; what is too much is refused at receipt, where it is counted.

Some agreements look further than the dock: title passes when the consignor ships, or when its
notice is recorded (checklist E04), or goods on the way are covered like those on the shelf (E15).
Then a layer opens already in transit, and the receipt moves it.

    title on shipment      shipped                supplier > transit   (Acme's)
                           transferred-to-owned   Acme > us, in transit, on the day of shipment
    transit is covered     shipped                supplier > transit   (Acme's throughout)

Refuses: NotOnOrder, OtherItemOrdered, OtherConsignorOrdered, ShipsNothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

from consigned.inventory.stock import Holding
from consigned.master_data.agreements import Agreement, TitleRule
from consigned.measure.identity import EntryNumber
from consigned.measure.refusal import Refusal
from consigned.title.entry import Cause, Entry, EntryKind
from consigned.title.layer import Layer
from consigned.title.position import Place, Position
from consigned.title.post import Book, post


@dataclass(eq=False)
class NotOnOrder(Refusal):
    order: str
    line: int
    organization: str
    code: ClassVar[str] = "not-on-order"
    remedy: ClassVar[str] = "Import the order first, or correct its number and line."

    def __str__(self) -> str:
        return f"{self.organization} has no line {self.line} on an order {self.order!r}"


@dataclass(eq=False)
class OtherItemOrdered(Refusal):
    order: str
    line: int
    ordered: str
    said: str
    code: ClassVar[str] = "other-item-ordered"

    def __str__(self) -> str:
        return f"line {self.line} of order {self.order} asks for {self.ordered}, not {self.said}"


@dataclass(eq=False)
class OtherConsignorOrdered(Refusal):
    order: str
    ordered_of: str
    said: str
    code: ClassVar[str] = "other-consignor-ordered"

    def __str__(self) -> str:
        return f"order {self.order} was placed with {self.ordered_of}, not with {self.said}"


@dataclass(eq=False)
class ShipsNothing(Refusal):
    item: str
    code: ClassVar[str] = "ships-nothing"
    remedy: ClassVar[str] = "Give a quantity above zero, or leave the line out."

    def __str__(self) -> str:
        return f"a ship notice line of {self.item} ships nothing"


def is_on_the_books_in_transit(agreement: Agreement | None) -> bool:
    """Whether goods of an agreement are in our ledger from the day on which they are shipped."""
    return agreement is not None and (
        agreement.includes_in_transit or title_passes_on(agreement, date.min, date.min) is not None
    )


def title_passes_on(agreement: Agreement, shipped_on: date, recorded_on: date) -> date | None:
    """The day on which shipped goods become ours before they arrive; None where they do not."""
    match agreement.title_rule:
        case TitleRule.ON_SHIPMENT:
            return shipped_on
        case TitleRule.ON_SHIP_NOTICE:
            return max(shipped_on, recorded_on)
        case _:
            return None


class Shipped(NamedTuple):
    """What is on its way of one layer, by the line of the notice that says so."""

    layer: Layer
    quantity: int
    notice: int
    line: int


def ship(
    book: Book, shipped: Iterable[Shipped], *, supplier_place: Place, transit: Place
) -> list[Holding]:
    """Bring goods on the way onto the books: a layer opens for each, in transit and theirs."""
    entries: list[Entry] = []
    holdings = []
    for number, (layer, quantity, notice, line) in enumerate(shipped, book.next_entry):
        opened = book.open_layer(layer)
        outside = book.position(Position(layer.item, layer.supplier, supplier_place.number))
        on_the_way = book.position(Position(layer.item, layer.supplier, transit.number))
        entries.append(
            Entry(
                EntryNumber(number), EntryKind.SHIPPED.value, opened, quantity, outside,
                on_the_way, layer.received_on, Cause.SHIP_NOTICE.value, notice, line,
            )
        )  # fmt: skip
        holdings.append(
            Holding(
                layer.item, layer.supplier, transit.number, on_the_way, opened,
                layer.received_on, quantity, layer.ownership, layer.agreement, layer.price,
                layer.lot, layer.serial, layer.expires_on,
            )
        )  # fmt: skip
    post(book, entries)
    return holdings
