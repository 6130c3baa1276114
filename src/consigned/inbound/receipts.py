"""Goods receipts: the consignee takes custody, a layer opens, and nothing is owed.

Consigned goods stay the consignor's (checklist C09, L02, L03, O21). Ordinary goods, on an order
line that is not consigned, become ours at receipt: a second entry passes the title on the spot.
Non-owned goods stay whose they are and are never settled. So do consigned goods whose agreement
passes title at the dock or before (E04, E05).

    receive 100 EA of Acme's, consigned     received               supplier > dock   (Acme's)
    receive 100 EA bought from Acme         received               supplier > dock
                                            purchased              Acme > us, on the dock
    receive 100 EA, title on receipt        received               supplier > dock
                                            transferred-to-owned   Acme > us, on the dock

Goods that came onto the books when they were shipped are moved from where they are in transit;
their layer is open already, and what has not come stays in transit.

Refuses: OverReceipt, NothingReceived, NotShippedYet, FixedByOrder, NotBought, NothingStaged,
BeforeAgreement, ExpiredBefore.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

from consigned.inventory.stock import Holding
from consigned.inventory.title_transfers import TitleTransfer, Use, UseKind
from consigned.master_data.agreements import Agreement, TitleRule
from consigned.measure.identity import (
    ConsumptionNumber,
    EntryNumber,
    LayerNumber,
    PartyId,
    PositionNumber,
)
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
    maximum_quantity: int
    received: int
    asked: int
    unit: str
    code: ClassVar[str] = "over-receipt"
    remedy: ClassVar[str] = "Receive what was ordered, and order the rest on a line of its own."

    def __str__(self) -> str:
        most = ""
        if self.maximum_quantity > self.ordered:
            most = f" and lets in {show_micros(self.maximum_quantity)} {self.unit} at the most"
        return (
            f"order {self.order} asks for {show_micros(self.ordered)} {self.unit} of {self.item}"
            f"{most}; {show_micros(self.received)} came before, {show_micros(self.asked)} more "
            "would be too many"
        )


@dataclass(eq=False)
class NothingReceived(Refusal):
    item: str
    code: ClassVar[str] = "nothing-received"
    remedy: ClassVar[str] = "Give a quantity above zero, or leave the line out."

    def __str__(self) -> str:
        return f"a receipt line of {self.item} receives nothing"


@dataclass(eq=False)
class FixedByOrder(Refusal):
    order: str
    name: str
    ordered: str
    said: str
    code: ClassVar[str] = "fixed-by-order"
    remedy: ClassVar[str] = "Leave it away: a receipt on an order takes it from there."

    def __str__(self) -> str:
        return f"the line of order {self.order} says {self.name} {self.ordered}, not {self.said}"


@dataclass(eq=False)
class NotBought(Refusal):
    item: str
    ownership: Ownership
    code: ClassVar[str] = "price-only-for-owned"
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


@dataclass(eq=False)
class NotShippedYet(Refusal):
    item: str
    received_on: date
    shipped_on: date
    code: ClassVar[str] = "not-shipped-yet"
    remedy: ClassVar[str] = "Correct the day of the receipt."

    def __str__(self) -> str:
        return f"{self.item} was shipped on {self.shipped_on}, and received on {self.received_on}"


@dataclass(eq=False)
class BeforeAgreement(Refusal):
    item: str
    agreement: str
    starts_on: date
    came_on: date
    code: ClassVar[str] = "before-agreement"
    remedy: ClassVar[str] = (
        "Correct the day. What came before it is taken in as initial stock, from which it ages."
    )

    def __str__(self) -> str:
        return (
            f"{self.item} is said to come on {self.came_on}; agreement {self.agreement} begins on "
            f"{self.starts_on}"
        )


@dataclass(eq=False)
class ExpiredBefore(Refusal):
    item: str
    came_on: date
    expires_on: date
    code: ClassVar[str] = "expired-before-it-came"
    remedy: ClassVar[str] = "Correct the day; goods that have expired are not taken in."

    def __str__(self) -> str:
        return f"{self.item} of {self.came_on} is said to expire on {self.expires_on} already"


def check_had_begun(agreement: Agreement, item: str, came_on: date) -> None:
    """Refuse goods of a day on which their agreement had not begun: they would be the oldest ones
    and go first, and no price would hold for them."""
    if came_on < agreement.period.start:
        raise BeforeAgreement(item, agreement.number, agreement.period.start, came_on)


def check_expiry(item: str, *, came_on: date, expires_on: date | None) -> None:
    """Refuse a last day of use before the day on which goods come, are made or are sent."""
    if expires_on and expires_on < came_on:
        raise ExpiredBefore(item, came_on, expires_on)


class Arrival(NamedTuple):
    """What came of one layer: of one it opens, or of one that was in transit (and where)."""

    layer: Layer
    quantity: int
    in_transit: PositionNumber | None = None


def check_tolerance(
    *,
    item: str,
    unit: str,
    order: str,
    ordered: int,
    maximum_quantity: int | None,
    received: int,
    asked: int,
) -> None:
    """Refuse more of an order line than it lets in (checklist P63)."""
    if maximum_quantity is not None and received + asked > maximum_quantity:
        raise OverReceipt(item, order, ordered, maximum_quantity, received, asked, unit)


TITLE_PASSES_AT_THE_DOCK = frozenset(
    {TitleRule.ON_SHIPMENT, TitleRule.ON_SHIP_NOTICE, TitleRule.ON_RECEIPT}
)
"""Title rules under which goods are ours once they are received, if they were not before: of some
shipments nobody tells us (E04, E05)."""


def is_ours_at_the_dock(agreement: Agreement | None) -> bool:
    """Whether goods of an agreement are ours once they are received."""
    return agreement is not None and agreement.title_rule in TITLE_PASSES_AT_THE_DOCK


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
        layer, source = arrival.layer.number, arrival.in_transit
        item, owner = arrival.layer.item, arrival.layer.supplier
        if source is None:
            layer = book.open_layer(arrival.layer._replace(receipt=receipt, receipt_line=line))
            source = book.position(Position(item, owner, supplier_place.number))
        owner = book.describe(source).owner
        on_dock = book.position(Position(item, owner, dock.number))
        layers.append(layer)
        steps = [(EntryKind.RECEIVED, source, on_dock)]
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


class Taken(NamedTuple):
    """Goods whose title passes where they are: the document and line that say so."""

    holding: Holding
    document: int
    line: int
    happened_on: date


def take_title(
    book: Book, goods: Iterable[Taken], *, ours: PartyId, cause: Cause
) -> list[TitleTransfer]:
    """Make a consignor's goods ours where they are, without a use; they become our holdings."""
    entries: list[Entry] = []
    transfers = []
    for number, (holding, document, line, happened_on) in enumerate(goods, book.next_entry):
        here = book.describe(holding.position)
        owned = book.position(here._replace(owner=ours))
        entries.append(
            Entry(
                EntryNumber(number), EntryKind.TRANSFERRED_TO_OWNED.value, holding.layer,
                holding.left, holding.position, owned, happened_on, cause.value, document, line,
            )
        )  # fmt: skip
        use = Use(
            ConsumptionNumber(0), UseKind.TRANSFER_TO_OWNED, holding.item, holding.left,
            happened_on, here.place,
        )  # fmt: skip
        was = holding.lying(holding.position, holding.place, holding.owner, holding.left)
        transfers.append(TitleTransfer(EntryNumber(number), use, was, holding.left))
        holding.owner, holding.position = ours, owned
    post(book, entries)
    return transfers
