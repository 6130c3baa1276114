"""Renewals: goods that lie under one agreement pass to another of the same two parties, by the
consent of both.

Nothing moves and nobody's title changes: what passes goes out of its layer and, in the same
place, into a layer of its own under the other agreement. That one keeps what the goods are and how
old they are (receipt, lot, serial, expiry, customs, holds) and names the layer that it was. The
order they came by, and its price, were of the agreement before.

    renew 70 EA of A-1 to A-2    renewed  layer 1  70 EA  STORE > elsewhere, Acme's
                                 renewed  layer 2  70 EA  elsewhere > STORE, Acme's

Each part passes on the day of the renewal, or, where it came to its place later than that, on the
first day from which it stays free there. What came in later than the renewal does not pass.

From its day on goods are used under the new agreement. A use of a day before, told later, takes
so much of the renewal back, on the renewal's own day, and is of the old agreement:

    renewed 70 EA on the 10th    told on the 12th: 5 EA were used on the 8th
                                 the 10th: 5 EA pass back; the 8th: 5 EA are used under A-1

Refuses: SameAgreement, OtherParties, SuppliedOtherwise, NothingToRenew, TitleWouldHavePassed,
DifferenceIsOpen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

from consigned.inventory.renewed_layers import Passed, pass_on, under
from consigned.inventory.stock import Holding
from consigned.master_data.agreements import Agreement
from consigned.measure.identity import AgreementId, ItemId, LayerNumber, PlaceNumber
from consigned.measure.money import Price
from consigned.measure.refusal import Refusal
from consigned.title.layer import Layer
from consigned.title.position import Zone
from consigned.title.post import Book, post

NOT_PUT_AWAY = frozenset({Zone.IN_TRANSIT, Zone.DOCK, Zone.INSPECTION})
"""Where goods wait to be received, inspected or put away, under the agreement they came by."""


@dataclass(eq=False)
class SameAgreement(Refusal):
    agreement: str
    code: ClassVar[str] = "same-agreement"
    remedy: ClassVar[str] = "Name the agreement that the goods pass to."

    def __str__(self) -> str:
        return f"the goods are to pass from {self.agreement} to {self.agreement}"


@dataclass(eq=False)
class OtherParties(Refusal):
    agreement: str
    becomes: str
    code: ClassVar[str] = "other-parties"
    remedy: ClassVar[str] = "Name an agreement of the same consignor and consignee."

    def __str__(self) -> str:
        return f"{self.becomes} is not between the parties of {self.agreement}"


@dataclass(eq=False)
class SuppliedOtherwise(Refusal):
    agreement: str
    becomes: str
    code: ClassVar[str] = "supplied-otherwise"
    remedy: ClassVar[str] = "Agree that the new one is supplied from the same place."

    def __str__(self) -> str:
        return (
            f"what is used under {self.agreement} is passed on to where its goods came out of, "
            f"and under {self.becomes} it would not be, or elsewhere"
        )


@dataclass(eq=False)
class NothingToRenew(Refusal):
    goods: str
    agreement: str
    organization: str
    on: date
    not_put_away: str = ""
    """What is there and does not pass yet, in words: 12 EA of BOLT."""
    code: ClassVar[str] = "nothing-to-renew"
    remedy: ClassVar[str] = "Look what lies under it: consigned stock --agreement NUMBER."

    def __str__(self) -> str:
        said = (
            f"no {self.goods} that lay at {self.organization} under {self.agreement} on {self.on} "
            "can pass"
        )
        return f"{said}; {self.not_put_away}" if self.not_put_away else said


@dataclass(eq=False)
class TitleWouldHavePassed(Refusal):
    becomes: str
    rule: str
    item: str
    place: str
    code: ClassVar[str] = "title-would-have-passed"
    remedy: ClassVar[str] = "Buy these goods (transfer to owned), or move them back first."

    def __str__(self) -> str:
        return (
            f"under {self.becomes} title passes {self.rule}, and {self.item} at {self.place} has "
            "come as far as that; a renewal changes nobody's title"
        )


@dataclass(eq=False)
class DifferenceIsOpen(Refusal):
    agreement: str
    item: str
    difference: int
    code: ClassVar[str] = "difference-is-open"
    remedy: ClassVar[str] = "Settle what the count missed first (differences)."

    def __str__(self) -> str:
        return (
            f"difference {self.difference} says that {self.item} is missing under "
            f"{self.agreement}, and nobody has said why"
        )


def check_agreements(old: Agreement, new: Agreement, on: date) -> None:
    """Refuse a renewal between agreements that goods do not pass between."""
    if old.id == new.id:
        raise SameAgreement(old.number)
    if (old.consignor, old.consignee) != (new.consignor, new.consignee):
        raise OtherParties(old.number, new.number)
    new.check_in_force(on)


class Renewing(NamedTuple):
    """One line of a renewal: what passes, from which agreement to which, on which day."""

    line: int
    old: AgreementId
    new: Agreement
    happened_on: date
    item: ItemId | None = None
    place: PlaceNumber | None = None
    lot: str | None = None
    serial: str | None = None

    def means(self, holding: Holding) -> bool:
        return (
            holding.agreement == self.old
            and self.item in (None, holding.item)
            and self.place in (None, holding.place)
            and self.lot in (None, holding.lot)
            and self.serial in (None, holding.serial)
        )


def renew(
    book: Book,
    renewing: Renewing,
    lying: Iterable[tuple[Holding, Layer]],
    *,
    first: int,
    elsewhere: PlaceNumber,
) -> list[Passed]:
    """Let goods pass to another agreement where they lie.

    `lying` says of each holding what its layer is to be there; `first` is the number of the first
    renewal.
    """
    passed: list[Passed] = []
    for holding, layer in lying:
        slot = (holding.position, holding.layer)
        for on, some in list(book.leaving(slot, holding.left, renewing.happened_on)):
            number = book.open_layer(layer)
            after = under(holding, number, some, layer)
            one = Passed(first + len(passed), renewing.line, holding, after, some, on)
            pass_on(book, one, elsewhere)
            passed.append(one)
            holding.left -= some
    post(book, book.drafts)
    return passed


def as_renewed(layer: Layer, new: Agreement, price: Price | None, book: Book) -> Layer:
    """The layer that goods go on in under another agreement: what they are and how old they are
    stays; what they are carried at is the new agreement's price."""
    return layer._replace(
        number=LayerNumber(0), agreement=new.id, order_line=None, price=price,
        from_organization=book.organization, from_layer=layer.number,
    )  # fmt: skip
