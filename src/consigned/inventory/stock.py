"""What lies on the shelves of one organization, in the order in which it is taken.

The pick rule (decision 0063) decides whose goods go first: our own, the consigned ones, those of
owners in an order that is named, simply the oldest, or what expires first. Within that the oldest
layer goes first, and the order of receipt breaks ties. An organization has one pick rule, and an
item there may have another. Only unrestricted goods in nettable places inside the walls are picked
(checklist P07), and never goods that had not arrived on the day of use.

    first-expiring-first   what never expires goes last
    named-owners           owners who are not named come last, oldest first
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

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
    FIRST_EXPIRING_FIRST = "first-expiring-first"
    NAMED_OWNERS = "named-owners"


class PickRule(NamedTuple):
    """Which goods go first, and for `named-owners` whose."""

    order: str
    owners: tuple[PartyId, ...] = ()


class Holding:
    """What is left of one layer at one position."""

    __slots__ = (
        "agreement", "expires_on", "item", "layer", "left", "lot", "order_price", "owner",
        "ownership", "place", "position", "received_on", "serial",
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
        expires_on: date | None = None,
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
        self.expires_on = expires_on

    def lying(
        self, position: PositionNumber, place: PlaceNumber, owner: PartyId, quantity: int
    ) -> "Holding":
        """So much of the same layer, lying elsewhere or another's."""
        return Holding(
            self.item, owner, place, position, self.layer, self.received_on, quantity,
            self.ownership, self.agreement, self.order_price, self.lot, self.serial,
            self.expires_on,
        )  # fmt: skip


class Shelves:
    """The holdings of the items of one batch, each item's in picking order."""

    def __init__(
        self,
        holdings: Iterable[Holding],
        *,
        ours: PartyId,
        pick_order: str = PickOrder.OWN_FIRST,
        owners: tuple[PartyId, ...] = (),
        of_items: Mapping[ItemId, PickRule] = MappingProxyType({}),
    ) -> None:
        self.ours = ours
        self._order = _order(PickRule(pick_order, owners), ours)
        self._of_items = {item: _order(rule, ours) for item, rule in of_items.items()}
        self.expiring: set[ItemId] = set()
        """The items of which something expires."""
        self._by_item: dict[ItemId, list[Holding]] = defaultdict(list)
        for holding in holdings:
            self._by_item[holding.item].append(holding)
            if holding.expires_on:
                self.expiring.add(holding.item)
        for item, queue in self._by_item.items():
            if len(queue) > 1:
                queue.sort(key=self._of_items.get(item, self._order))

    def queue(self, item: ItemId) -> list[Holding]:
        """Everything of an item in picking order, empty holdings perhaps among it."""
        return self._by_item.get(item) or []

    def put(self, holding: Holding) -> None:
        """Lay down goods that came back or moved within the batch, in their picking order."""
        queue = self._by_item[holding.item]
        queue.append(holding)
        queue.sort(key=self._of_items.get(holding.item, self._order))
        if holding.expires_on:
            self.expiring.add(holding.item)

    def rank(self, holding: Holding) -> tuple[object, ...]:
        """Where goods stand in picking order: the last part of it is their position alone."""
        return self._of_items.get(holding.item, self._order)(holding)

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


def _order(rule: PickRule, ours: PartyId) -> Callable[[Holding], tuple[object, ...]]:
    """How one pick rule sorts holdings."""
    match rule.order:
        case PickOrder.OWN_FIRST:
            return lambda h: (h.owner != ours, h.received_on, h.layer, h.position)
        case PickOrder.CONSIGNED_FIRST:
            return lambda h: (h.owner == ours, h.received_on, h.layer, h.position)
        case PickOrder.FIRST_EXPIRING_FIRST:
            return lambda h: (h.expires_on or date.max, h.received_on, h.layer, h.position)
        case PickOrder.NAMED_OWNERS:
            place = {owner: nth for nth, owner in enumerate(rule.owners)}
            last = len(place)
            return lambda h: (place.get(h.owner, last), h.received_on, h.layer, h.position)
        case _:
            return lambda h: (h.received_on, h.layer, h.position)
