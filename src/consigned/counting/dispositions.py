"""Dispositions: what becomes of damaged goods, ours and others', each told apart (checklist E38).

    block 3 EA        rejected              on the shelf, from now on blocked
    scrap 3 EA        as it is agreed: the consignee's share is used as scrap, the rest is lost
    return 3 EA       returned-to-supplier  still the consignor's; nothing is owed
    keep 3 EA         transferred-to-owned  blocked as before, and ours

Goods are first set apart, so that nobody picks them, and then disposed of. Whose loss it is
follows from the agreement and the reason, as for goods that are counted missing.

Refuses: NotSetApart, NotConsigned.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, NamedTuple

from consigned.counting.counts import Scope
from consigned.counting.losses import Part
from consigned.inventory.stock import Holding
from consigned.measure.identity import EntryNumber
from consigned.measure.quantity import show_micros
from consigned.measure.refusal import Refusal
from consigned.title.entry import Cause, Entry, EntryKind
from consigned.title.position import Condition, Position
from consigned.title.post import Book, post


class DispositionOutcome(StrEnum):
    """What becomes of damaged goods."""

    BLOCK = "block"
    SCRAP = "scrap"
    RETURN = "return"
    KEEP = "keep"


@dataclass(eq=False)
class NotSetApart(Refusal):
    item: str
    unit: str
    where: str
    outcome: str
    asked: int
    held: int
    condition: str
    code: ClassVar[str] = "not-enough-blocked"
    remedy: ClassVar[str] = "Block damaged goods first; then say what becomes of them."

    def __str__(self) -> str:
        return (
            f"{self.where} holds {show_micros(self.held)} {self.unit} of {self.item} that are "
            f"{self.condition}; {self.outcome} of {show_micros(self.asked)} {self.unit} asked"
        )


@dataclass(eq=False)
class NotConsigned(Refusal):
    item: str
    unit: str
    outcome: str
    asked: int
    code: ClassVar[str] = "not-consigned"
    remedy: ClassVar[str] = "Name the consignor, or scrap what is your own."

    def __str__(self) -> str:
        return (
            f"{self.outcome} of {show_micros(self.asked)} {self.unit} of {self.item} would take "
            "goods of our own; that is for consigned ones"
        )


class Setting(NamedTuple):
    """Goods that are set apart, so that nobody picks them."""

    document: int
    happened_on: date
    parts: tuple[Part, ...]


def needs(outcome: DispositionOutcome) -> Condition:
    """The condition goods must be in for an outcome."""
    return Condition.UNRESTRICTED if outcome is DispositionOutcome.BLOCK else Condition.BLOCKED


def choose(
    holdings: Iterable[Holding], scope: Scope, quantity: int, on: date
) -> tuple[list[Part], int]:
    """The goods that are meant, in picking order, and how much of them is not there."""
    parts = []
    for holding in holdings:
        if quantity and holding.left > 0 and scope.holds(holding) and holding.received_on <= on:
            part = min(holding.left, quantity)
            parts.append(Part(holding, part))
            quantity -= part
    return parts, quantity


def set_apart(book: Book, settings: Iterable[Setting]) -> None:
    """Block goods where they lie: whose they are does not change."""
    entries: list[Entry] = []
    for document, on, parts in settings:
        for holding, quantity in parts:
            item, owner, place, _ = book.describe(holding.position)
            blocked = book.position(Position(item, owner, place, Condition.BLOCKED.value))
            entries.append(
                Entry(
                    EntryNumber(book.next_entry + len(entries)), EntryKind.REJECTED.value,
                    holding.layer, quantity, holding.position, blocked, on,
                    Cause.DISPOSITION.value, document, 1,
                )
            )  # fmt: skip
    post(book, entries)
