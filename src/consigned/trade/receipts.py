"""Goods receipts: the consignee takes custody, a layer opens, and nothing is owed.

Consigned goods stay the consignor's (checklist C09, L02, L03, O21). Ordinary goods, on an order
line that is not consigned, become ours at receipt: a second entry passes the title on the spot.
Non-owned goods stay whose they are and are never settled.

    receive 100 EA of Acme's, consigned     received   supplier > dock   (Acme's throughout)
    receive 100 EA bought from Acme         received   supplier > dock
                                            purchased  Acme > us, on the dock

Refuses: OverReceipt, NothingReceived, FollowsOrder, NotBought, NothingStaged.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

from consigned.measure.identity import EntryNumber, LayerNumber, PartyId
from consigned.measure.quantity import show_micros
from consigned.measure.refusal import Refusal
from consigned.title.entry import Cause, Entry, EntryKind
from consigned.title.layer import Layer, Ownership
from consigned.title.position import Place, Position
from consigned.title.post import Book, post


@dataclass(eq=False)
class OverReceipt(Refusal):
    item: str
    order: str
    ordered: int
    received: int
    asked: int
    unit: str
    code: ClassVar[str] = "over-receipt"
    remedy: ClassVar[str] = "Receive what was ordered, and order the rest on a line of its own."

    def __str__(self) -> str:
        return (
            f"order {self.order} asks for {show_micros(self.ordered)} {self.unit} of {self.item}; "
            f"{show_micros(self.received)} came before, {show_micros(self.asked)} more would be "
            "too many"
        )


@dataclass(eq=False)
class NothingReceived(Refusal):
    item: str
    code: ClassVar[str] = "nothing-received"
    remedy: ClassVar[str] = "Give a quantity above zero, or leave the line out."

    def __str__(self) -> str:
        return f"a receipt line of {self.item} receives nothing"


@dataclass(eq=False)
class FollowsOrder(Refusal):
    order: str
    name: str
    ordered: str
    said: str
    code: ClassVar[str] = "follows-order"
    remedy: ClassVar[str] = "Leave it away: a receipt on an order takes it from there."

    def __str__(self) -> str:
        return f"the line of order {self.order} says {self.name} {self.ordered}, not {self.said}"


@dataclass(eq=False)
class NotBought(Refusal):
    item: str
    ownership: Ownership
    code: ClassVar[str] = "not-bought"
    remedy: ClassVar[str] = "Leave the price away, or receive the goods as owned."

    def __str__(self) -> str:
        return f"{self.item} comes as {self.ownership} here, and only what is bought has a price"


@dataclass(eq=False)
class NothingStaged(Refusal):
    receipt: str
    line: int
    organization: str
    code: ClassVar[str] = "nothing-staged"
    remedy: ClassVar[str] = "Correct the number of the receipt, or its line."

    def __str__(self) -> str:
        return f"{self.organization} has no line {self.line} on a receipt {self.receipt!r}"


class Arrival(NamedTuple):
    """One receipt line: the layer it opens and how much came."""

    layer: Layer
    quantity: int


def receive(
    book: Book,
    arrivals: Iterable[Arrival],
    *,
    consignee: PartyId,
    supplier_place: Place,
    dock: Place,
    happened_on: date,
    receipt: int,
) -> list[LayerNumber]:
    """Take goods into custody at the dock; a layer opens for each line, title stays or passes
    by the line's ownership (checklist C08, C09, L02)."""
    entries: list[Entry] = []
    layers = []
    number = book.next_entry
    for place_in_list, arrival in enumerate(arrivals, start=1):
        line = arrival.layer.receipt_line or place_in_list
        layer = book.open_layer(arrival.layer._replace(receipt=receipt, receipt_line=line))
        layers.append(layer)
        item, owner = arrival.layer.item, arrival.layer.supplier
        outside = book.position(Position(item, owner, supplier_place.number))
        on_dock = book.position(Position(item, owner, dock.number))
        steps = [(EntryKind.RECEIVED, outside, on_dock)]
        if arrival.layer.ownership == Ownership.OWNED:
            ours = book.position(Position(item, consignee, dock.number))
            steps.append((EntryKind.PURCHASED, on_dock, ours))
        for kind, source, target in steps:
            entries.append(
                Entry(
                    EntryNumber(number), kind, layer, arrival.quantity, source, target,
                    happened_on, Cause.RECEIPT, receipt, line,
                )
            )  # fmt: skip
            number += 1
    post(book, entries)
    return layers
