"""Counts: what lies there against what the book says, and which goods a difference is of.

    the book on the evening of the count    counted    difference
    Acme's    50 EA under A-1                             2 EA fewer
    Bolt's    30 EA under B-1                             -
    together  80 EA                          78 EA

A line that names an owner is about its goods alone. One that names none counts all owners'
together: what is missing is missing in the order in which goods are picked, as if it had been
used; what is too much can be anybody's, so then one owner must be named. Goods on the way are not
counted; those on hold and blocked are.

A count is by one of the two parties. Its second count of the same thing replaces the first, as
far as nothing was decided; two parties that counted differently wait until somebody decides.

Refuses: OneOwnerNeeded, NeverHad, CountOvertaken, ReasonDoesNotFit, UnknownDifference,
DifferenceSettled, MoreThanDiffers.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, NamedTuple

from consigned.counting.losses import Part, Reason
from consigned.inventory.stock import Holding
from consigned.master_data.agreements import Agreement, CountMethod
from consigned.measure.identity import AgreementId, ItemId, PartyId, PlaceNumber
from consigned.measure.quantity import show_micros
from consigned.measure.refusal import Refusal


@dataclass(eq=False)
class OneOwnerNeeded(Refusal):
    item: str
    unit: str
    where: str
    booked: int
    owners: tuple[str, ...]
    counted: int
    code: ClassVar[str] = "owner-required"
    remedy: ClassVar[str] = "Count each owner's goods apart, and name the owner."

    def __str__(self) -> str:
        more, unit = show_micros(self.counted - self.booked), self.unit
        return (
            f"{self.where} should hold {show_micros(self.booked)} {unit} of {self.item} owned by "
            f"{' and '.join(self.owners)}; {show_micros(self.counted)} {unit} counted are {more} "
            f"{unit} more, and it is not said whose"
        )


@dataclass(eq=False)
class NeverHad(Refusal):
    item: str
    unit: str
    where: str
    owner: str | None
    counted: int
    code: ClassVar[str] = "owner-never-stocked"
    remedy: ClassVar[str] = "Receive the goods, or name the owner whose they are."

    def __str__(self) -> str:
        goods = f"{self.item} of {self.owner}" if self.owner else self.item
        return (
            f"{show_micros(self.counted)} {self.unit} of {goods} counted at {self.where}, which "
            "never received any"
        )


@dataclass(eq=False)
class CountOvertaken(Refusal):
    item: str
    unit: str
    where: str
    missing: int
    left: int
    counted_on: date
    code: ClassVar[str] = "count-overtaken"
    remedy: ClassVar[str] = "Count again; the later count replaces this one."

    def __str__(self) -> str:
        return (
            f"{show_micros(self.missing)} {self.unit} of {self.item} were missing at {self.where} "
            f"on {self.counted_on}; since then all but {show_micros(self.left)} {self.unit} of "
            "what was there has been used or moved"
        )


@dataclass(eq=False)
class ReasonDoesNotFit(Refusal):
    reason: str
    more: int
    unit: str
    item: str
    code: ClassVar[str] = "reason-does-not-fit"
    remedy: ClassVar[str] = "Say miscount, customer-return or unknown."

    def __str__(self) -> str:
        return (
            f"{show_micros(self.more)} {self.unit} of {self.item} more than booked cannot be "
            f"{self.reason}"
        )


@dataclass(eq=False)
class UnknownDifference(Refusal):
    said: str
    organization: str
    code: ClassVar[str] = "unknown-difference"
    remedy: ClassVar[str] = "Those that are open are listed by consigned counts."

    def __str__(self) -> str:
        return f"{self.organization} has no counted difference {self.said!r}"


@dataclass(eq=False)
class DifferenceSettled(Refusal):
    number: int
    item: str
    code: ClassVar[str] = "difference-settled"
    remedy: ClassVar[str] = "What turns up again is counted again."

    def __str__(self) -> str:
        return (
            f"difference {self.number} of {self.item} is settled, what was told since explains it, "
            "or a later count replaced it"
        )


@dataclass(eq=False)
class MoreThanDiffers(Refusal):
    number: int
    item: str
    unit: str
    asked: int
    still_open: int
    code: ClassVar[str] = "exceeds-difference"

    def __str__(self) -> str:
        return (
            f"difference {self.number} leaves {show_micros(self.still_open)} {self.unit} of "
            f"{self.item} to be explained; {show_micros(self.asked)} {self.unit} told"
        )


class Scope(NamedTuple):
    """What a line counts: an item, and of it all that fits what is named."""

    item: ItemId
    owner: PartyId | None = None
    place: PlaceNumber | None = None
    lot: str | None = None
    serial: str | None = None

    def holds(self, holding: Holding) -> bool:
        return (
            self.item == holding.item
            and self.owner in (None, holding.owner)
            and self.place in (None, holding.place)
            and self.lot in (None, holding.lot)
            and self.serial in (None, holding.serial)
        )

    def covers(self, other: "Scope") -> bool:
        """Whether all that the other counts is counted by this one too."""
        return self.item == other.item and all(
            mine is None or mine == theirs for mine, theirs in zip(self[1:], other[1:], strict=True)
        )


class Lying(NamedTuple):
    """One layer's goods at one position: as they are now, and what was there on the evening of
    the count."""

    holding: Holding
    was: int


class Compared(NamedTuple):
    """What the book said of one owner's goods under one agreement, and what the count says."""

    owner: PartyId
    agreement: AgreementId | None
    booked: int
    counted: int

    @property
    def difference(self) -> int:
        return self.counted - self.booked


def compare(lying: Sequence[Lying], counted: int) -> list[Compared] | None:
    """The count against the book, owner by owner; what is missing is so in picking order.

    `lying` is what the line counts, in picking order. More goods than booked cannot be told to
    one of several owners, nor to any where nothing was booked: the answer is None.
    """
    booked: dict[tuple[PartyId, AgreementId | None], int] = {}
    for holding, was in lying:
        key = (holding.owner, holding.agreement)
        booked[key] = booked.get(key, 0) + was
    gap = counted - sum(booked.values())
    found = dict(booked)
    if gap > 0:
        if len({owner for owner, _ in booked}) != 1:
            return None
        newest = max((one.holding for one in lying), key=lambda h: (h.received_on, h.layer))
        found[newest.owner, newest.agreement] += gap
    for holding, was in lying if gap < 0 else ():
        part = min(max(was, 0), -gap)
        found[holding.owner, holding.agreement] -= part
        gap += part
        if not gap:
            break
    return [Compared(*key, was, found[key]) for key, was in booked.items()]


def goods_missing(
    holdings: Iterable[Holding],
    scope: Scope,
    of: Compared,
    missing: int,
    on: date,
    agreement_of: Callable[[Holding], AgreementId | None],
) -> tuple[list[Part], int]:
    """The goods that a difference is of, in picking order, and how much of it is not there any
    more. `agreement_of` answers under which agreement goods lay when they were missed."""
    parts = []
    for holding in holdings:
        if not missing:
            break
        if (
            holding.left > 0
            and scope.holds(holding)
            and (holding.owner, agreement_of(holding)) == (of.owner, of.agreement)
            and holding.received_on <= on
        ):
            part = min(holding.left, missing)
            parts.append(Part(holding, part))
            missing -= part
    return parts, missing


# --- plans -------------------------------------------------------------------------------


def is_due(agreement: Agreement, last: date | None, on: date) -> bool:
    """Whether goods under an agreement are to be counted by a day, as often as agreed (E20)."""
    every = agreement.count_every_days
    if agreement.count_method is None or every is None or not agreement.period.holds(on):
        return False
    return last is None or last + timedelta(days=every) <= on


def items_by_turn(
    agreement: Agreement, items: Iterable[tuple[ItemId, str, date | None]]
) -> list[ItemId]:
    """The items that are to be counted now: all, or the agreed share, longest uncounted first.

    `items` says of each item its code and when it was last on a sheet of the agreement.
    """
    listed = sorted(items, key=lambda item: (item[2] or date.min, item[1]))
    method = agreement.count_method or CountMethod.FULL
    if method.is_by_turn:
        share = agreement.cycle_count_percent or 100
        listed = listed[: -(-len(listed) * share // 100)]
    return [item for item, _, _ in listed]


UPWARD = frozenset({Reason.MISCOUNT, Reason.CUSTOMER_RETURN, Reason.UNKNOWN})
"""Why there can be more than booked."""
