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
    RECEIVED = "received"
    PUT_AWAY = "put-away"
    MOVED = "moved"
    ISSUED = "issued"
    RETURNED_BY_CUSTOMER = "returned-by-customer"
    PURCHASED = "purchased"
    TRANSFERRED_TO_OWNED = "transferred-to-owned"


TITLE_KINDS = frozenset({EntryKind.PURCHASED.value, EntryKind.TRANSFERRED_TO_OWNED.value})
"""The kinds that change the owner and leave the goods where they are; all others move them."""


class Cause(StrEnum):
    """The kind of document or act that stands behind an entry."""

    RECEIPT = "receipt"
    PUTAWAY = "putaway"
    TRANSFER = "transfer"
    CONSUMPTION = "consumption"


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
