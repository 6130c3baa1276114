"""What lies on the shelves of one organization, in the order in which it is taken.

The pick rule (decision D14) decides whether our own goods or consigned ones go first; within one
kind the oldest layer goes first, and the order of receipt breaks ties. Only unrestricted goods in
nettable places inside the walls are picked (checklist P07), and never goods that had not arrived
on the day of use.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from enum import StrEnum

from consigned.measure.identity import (
    AgreementId,
    ItemId,
    LayerNumber,
    PartyId,
    PlaceNumber,
    PositionNumber,
)
from consigned.measure.money import Price
from consigned.title.layer import Ownership


class PickOrder(StrEnum):
    OWN_FIRST = "own-first"
    CONSIGNED_FIRST = "consigned-first"
    OLDEST_FIRST = "oldest-first"


class Holding:
    """What is left of one layer at one position."""

    __slots__ = (
        "agreement", "item", "layer", "left", "lot", "order_price", "owner", "ownership", "place",
        "position", "received_on", "serial",
    )  # fmt: skip

    def __init__(
        self,
        item: ItemId,
        owner: PartyId,
        place: PlaceNumber,
        position: PositionNumber,
        layer: LayerNumber,
        received_on: date,
        left: int,
        ownership: str = Ownership.CONSIGNED,
        agreement: AgreementId | None = None,
        order_price: Price | None = None,
        lot: str | None = None,
        serial: str | None = None,
    ) -> None:
        self.item = item
        self.owner = owner
        self.place = place
        self.position = position
        self.layer = layer
        self.received_on = received_on
        self.left = left
        self.ownership = ownership
        self.agreement = agreement
        self.order_price = order_price
        self.lot = lot
        self.serial = serial


class Shelves:
    """The holdings of the items of one batch, each item's in picking order."""

    def __init__(
        self, holdings: Iterable[Holding], *, ours: PartyId, pick_order: str = PickOrder.OWN_FIRST
    ) -> None:
        self.ours = ours
        self.pick_order = pick_order
        self._by_item: dict[ItemId, list[Holding]] = defaultdict(list)
        for holding in holdings:
            self._by_item[holding.item].append(holding)
        order = self._order()
        for queue in self._by_item.values():
            if len(queue) > 1:
                queue.sort(key=order)

    def _order(self) -> Callable[[Holding], tuple[object, ...]]:
        ours = self.ours
        match self.pick_order:
            case PickOrder.OWN_FIRST:
                return lambda h: (h.owner != ours, h.received_on, h.layer, h.position)
            case PickOrder.CONSIGNED_FIRST:
                return lambda h: (h.owner == ours, h.received_on, h.layer, h.position)
            case _:
                return lambda h: (h.received_on, h.layer, h.position)

    def queue(self, item: ItemId) -> list[Holding]:
        """Everything of an item in picking order, empty holdings perhaps among it."""
        return self._by_item.get(item) or []

    def put(self, holding: Holding) -> None:
        """Lay down goods that came back or moved within the batch, in their picking order."""
        queue = self._by_item[holding.item]
        queue.append(holding)
        queue.sort(key=self._order())

    def is_consigned(self, holding: Holding) -> bool:
        """Whether goods are still a consignor's, to be settled when used."""
        return holding.owner != self.ours and holding.ownership == Ownership.CONSIGNED

    def of(
        self,
        item: ItemId,
        *,
        owner: PartyId | None = None,
        place: PlaceNumber | None = None,
        lot: str | None = None,
        serial: str | None = None,
    ) -> Iterator[Holding]:
        """The holdings of an item that fit what the user named, in picking order."""
        for holding in tuple(self.queue(item)):
            if (
                holding.left > 0
                and owner in (None, holding.owner)
                and place in (None, holding.place)
                and lot in (None, holding.lot)
                and serial in (None, holding.serial)
            ):
                yield holding
