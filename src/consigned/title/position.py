"""A position says what the goods are, whose, where and in which condition, all at once.

Who holds them follows from the place: every place has one keeper. Places outside the walls
(the supplier, the customer, production, loss) close the system, so that every entry takes
exactly what it gives; only they may stand below nothing.
"""

from enum import StrEnum
from typing import NamedTuple

from consigned.measure.identity import ItemId, PartyId, PlaceNumber


class Zone(StrEnum):
    """What kind of place it is; the last five lie outside the walls."""

    IN_TRANSIT = "in-transit"
    DOCK = "dock"
    INSPECTION = "inspection"
    CONSIGNED_STORE = "consigned-store"
    STOCKROOM = "stockroom"
    SHOP_FLOOR = "shop-floor"
    FINISHED_GOODS = "finished-goods"
    QUARANTINE = "quarantine"
    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    PRODUCTION = "production"
    LOSS = "loss"
    ELSEWHERE = "elsewhere"
    """With another organization, whose own ledger tells where; or here still, in a layer of another
    agreement."""

    @property
    def is_outer(self) -> bool:
        return self in OUTER_ZONES


OUTER_ZONES = frozenset({Zone.SUPPLIER, Zone.CUSTOMER, Zone.PRODUCTION, Zone.LOSS, Zone.ELSEWHERE})

UNPICKED_ZONES = frozenset({Zone.IN_TRANSIT, Zone.DOCK, Zone.INSPECTION, Zone.QUARANTINE})
"""Zones whose places nothing is picked from unless they are said to be nettable."""


class Condition(StrEnum):
    """Whether goods may be used: only unrestricted ones are picked (checklist P07)."""

    UNRESTRICTED = "unrestricted"
    ON_HOLD = "on-hold"
    BLOCKED = "blocked"


class Place(NamedTuple):
    """A place of one organization. Owned places hold only goods that are ours (checklist P45)."""

    number: PlaceNumber
    code: str
    zone: Zone
    is_owned: bool = False
    is_nettable: bool = True

    @property
    def is_outer(self) -> bool:
        return self.zone in OUTER_ZONES


class Position(NamedTuple):
    """Item, owner, place and condition, taken together."""

    item: ItemId
    owner: PartyId
    place: PlaceNumber
    condition: str = Condition.UNRESTRICTED.value
