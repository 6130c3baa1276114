"""What is renewed: goods that pass from one layer to another where they lie, and what uses of days
before take back of it.

An entry has one layer, so that passing is two of them, by way of the place outside where goods are
that another book tells of: out of the old layer, and into the new one at the same position. Each
position keeps what it holds, and each layer what it was.

A use of a day before the renewal is of the agreement that held then. So it takes so much of the
renewal back first, on the first day from which that stays free, and leaves on its own day as far as
the goods lay there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from consigned.inventory.stock import Holding
from consigned.measure.identity import AgreementId, LayerNumber, PlaceNumber
from consigned.title.entry import Cause, EntryKind
from consigned.title.layer import Layer
from consigned.title.position import Position
from consigned.title.post import Book


class Passed(NamedTuple):
    """So much of one holding that passed from one layer to another, on a day."""

    number: int
    """Of the renewal, or of what takes it back."""
    line: int
    before: Holding
    after: Holding
    quantity: int
    on: date
    takes_back: int | None = None
    """The renewal of which it is so much taken back."""


def under(holding: Holding, number: LayerNumber, quantity: int, layer: Layer) -> Holding:
    """Goods where they lie, as another layer's."""
    return Holding(
        holding.item, holding.owner, holding.place, holding.position, number, layer.received_on,
        quantity, layer.ownership, layer.agreement, layer.price if layer.order_line else None,
        layer.lot, layer.serial, layer.expires_on,
    )  # fmt: skip


def pass_on(book: Book, one: Passed, elsewhere: PlaceNumber) -> None:
    """Two entries: out of one layer, and into the other in the same place."""
    here = one.before.position
    item, owner, _, _ = book.describe(here)
    outside = book.position(Position(item, owner, elsewhere))
    steps = ((one.before.layer, here, outside), (one.after.layer, outside, here))
    for layer, source, target in steps:
        book.draft(
            EntryKind.RENEWED.value, layer, one.quantity, source, target, one.on,
            Cause.RENEWAL.value, one.number, 1,
        )  # fmt: skip


class Origin(NamedTuple):
    """What the goods of a layer were before they were renewed, and since when they are not."""

    renewal: int
    since: date
    was: Layer


@dataclass
class Renewals:
    """What of the goods on the shelf was renewed, for uses that are told late; and what of it such
    uses take back."""

    origins: Mapping[LayerNumber, Origin]
    elsewhere: PlaceNumber
    next_number: int
    taken_back: list[Passed] = field(default_factory=list)

    def is_later(self, holding: Holding, on: date) -> bool:
        """Whether goods were renewed only after a day."""
        return self._was(holding, on) is not None

    def agreement_on(self, holding: Holding, on: date) -> AgreementId | None:
        """The agreement that some goods lay under on a day."""
        was = self._was(holding, on)
        return was.agreement if was else holding.agreement

    def agreements(self) -> set[AgreementId]:
        """The agreements that goods on the shelf lay under before."""
        return {o.was.agreement for o in self.origins.values() if o.was.agreement}

    def _was(self, holding: Holding, on: date) -> Layer | None:
        """The layer that a consignor's goods were of on a day, if it was another one."""
        was, number = None, holding.layer
        while (origin := self.origins.get(number)) and on < origin.since:
            if holding.owner != origin.was.supplier:
                break
            was, number = origin.was, origin.was.number
        return was

    def as_before(
        self, book: Book, holding: Holding, quantity: int, on: date
    ) -> Iterator[tuple[Holding, date, int]]:
        """So much of some goods as they were on a day before they were renewed; with the days on
        which it can leave. So much of the renewal is taken back."""
        origin = self.origins[holding.layer]
        slot = (holding.position, holding.layer)
        for back_on, some in list(book.leaving(slot, quantity, on)):
            was = under(holding, origin.was.number, some, origin.was)
            one = Passed(self.next_number, 1, holding, was, some, back_on, origin.renewal)
            self.next_number += 1
            pass_on(book, one, self.elsewhere)
            self.taken_back.append(one)
            if self.is_later(was, on):
                yield from self.as_before(book, was, some, on)
            else:
                for day, part in list(book.leaving((was.position, was.layer), some, on)):
                    yield was, day, part


NONE_RENEWED = Renewals({}, PlaceNumber(0), 0)
