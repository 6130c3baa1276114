"""One immutable fact of the ledger: so much of a layer from one position to another.

Quantities are positive; direction is from source to target. An entry changes the owner or the
place, never both: a consumption is two entries, first the title, then the movement
(checklist O37), exactly so that the two can be told apart.
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from consigned.measure.identity import EntryNumber, LayerNumber, PositionNumber


class EntryKind(StrEnum):
    # of the goods: where they are and in which condition
    SHIPPED = "shipped"
    RECEIVED = "received"
    PUT_AWAY = "put-away"
    MOVED = "moved"
    HELD = "held"
    RELEASED = "released"
    REJECTED = "rejected"
    ISSUED = "issued"
    VOIDED = "voided"
    RETURNED_BY_CUSTOMER = "returned-by-customer"
    RETURNED_FROM_PRODUCTION = "returned-from-production"
    RETURNED_TO_SUPPLIER = "returned-to-supplier"
    PRODUCED = "produced"
    LOST = "lost"
    FOUND = "found"
    NEVER_CAME = "never-came"
    SENT = "sent"
    ARRIVED = "arrived"
    RENEWED = "renewed"
    # of the title: whose they are
    PURCHASED = "purchased"
    TRANSFERRED_TO_OWNED = "transferred-to-owned"
    TRANSFERRED_TO_CONSIGNED = "transferred-to-consigned"
    SOLD_BACK = "sold-back"


TITLE_KINDS = frozenset(
    kind.value
    for kind in (
        EntryKind.PURCHASED,
        EntryKind.TRANSFERRED_TO_OWNED,
        EntryKind.TRANSFERRED_TO_CONSIGNED,
        EntryKind.SOLD_BACK,
    )
)
"""The kinds that change the owner and leave the goods where they are; all others move them."""


class Cause(StrEnum):
    """The kind of document or act that stands behind an entry."""

    SHIP_NOTICE = "ship-notice"
    RECEIPT = "receipt"
    INSPECTION = "inspection"
    QUALITY = "quality"
    PUTAWAY = "putaway"
    TRANSFER = "transfer"
    CONSUMPTION = "consumption"
    PRODUCTION = "production"
    RETURN = "return"
    AGING = "aging"
    COUNT = "count"
    DISPOSITION = "disposition"
    RENEWAL = "renewal"


class Entry(NamedTuple):
    """A title entry. `document` and `line` name the one thing that caused it."""

    number: EntryNumber
    kind: str
    layer: LayerNumber
    quantity: int
    source: PositionNumber
    target: PositionNumber
    happened_on: date
    cause: str
    document: int
    line: int
