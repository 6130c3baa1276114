"""Changing what an item is designated as, and who consigns it.

The company's designation is the default of every organization; each may designate the item
otherwise for itself. Goods keep what they came in as, so nothing may lie about that would be
called by the new name. An item that is not approved yet may always change. An approved one may
change in an organization only when nothing there is left of the old:

    owned -> consigned, non-owned          no quantity in an owned place
    consigned, non-owned -> any other      no quantity in a place that is not owned
    always                                 nothing staged, no open order line, no use that waits,
                                           is on no advice yet, or advised and not invoiced

A change of the company's default touches no organization that keeps the item already.

A consigned item has one assigned consignor. It changes only while no consigned goods of the item
are present or staged; the first one is assigned while there are no other consignor's.

Refuses: DesignationStands, ConsignorStands, NotConsignedHere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, NamedTuple

from consigned.master_data.items import Item
from consigned.master_data.ownership import ItemHere, is_put_away
from consigned.measure.identity import PartyId
from consigned.measure.quantity import show_micros
from consigned.measure.refusal import Refusal
from consigned.title.layer import Ownership
from consigned.title.position import Place


class Decided(StrEnum):
    """What a decision on an item is about."""

    DESIGNATION = "designation"
    APPROVAL = "approval"
    CONSIGNOR = "consignor"


@dataclass(eq=False)
class DesignationStands(Refusal):
    item: str
    organization: str
    stands: Ownership
    said: Ownership
    in_the_way: tuple[str, ...]
    code: ClassVar[str] = "designation-locked"
    remedy: ClassVar[str] = "Clear these first."

    def __str__(self) -> str:
        return (
            f"{self.item} stays {self.stands} at {self.organization} and does not become "
            f"{self.said}: {'; '.join(self.in_the_way)}"
        )


@dataclass(eq=False)
class ConsignorStands(Refusal):
    item: str
    organization: str
    stands: str
    said: str
    in_the_way: tuple[str, ...]
    code: ClassVar[str] = "consignor-locked"
    remedy: ClassVar[str] = "Use them, buy them or send them back first."

    def __str__(self) -> str:
        who = f"is consigned by {self.stands}" if self.stands else "has no consignor yet"
        return (
            f"{self.item} {who} at {self.organization}, and {self.said} cannot be assigned: "
            f"{'; '.join(self.in_the_way)}"
        )


@dataclass(eq=False)
class NotConsignedHere(Refusal):
    item: str
    organization: str
    designation: Ownership
    code: ClassVar[str] = "not-consigned-here"
    remedy: ClassVar[str] = "Designate the item as consigned there first."

    def __str__(self) -> str:
        return f"{self.item} is {self.designation} at {self.organization}; nobody consigns it there"


class Lying(NamedTuple):
    """What lies of an item at one place: ours, a consignor's, or only kept for somebody."""

    place: Place
    quantity: int
    ownership: Ownership
    owner: PartyId
    owner_code: str


class OpenLine(NamedTuple):
    order: str
    line: int
    quantity: int
    """Still to come; nothing on a blanket line that has brought all it names and stays open."""


class Unsettled(NamedTuple):
    """What was used and is not settled to the end, and where it stands."""

    quantity: int
    where: str


class Kept(NamedTuple):
    """What there is of an item in one organization."""

    lying: Sequence[Lying] = ()
    open_lines: Sequence[OpenLine] = ()
    unsettled: Sequence[Unsettled] = ()


def check_designation(
    item: Item, here: ItemHere, kept: Kept, said: Ownership, *, is_approved: bool
) -> None:
    """Refuse to change what an item is in an organization while anything is in the way
    (checklist P09, P10)."""
    if said is here.designation or not is_approved:
        return
    is_owned = here.designation is Ownership.OWNED
    there = [lying for lying in kept.lying if lying.place.is_owned is is_owned]
    in_the_way = (
        *_put_away(item, there),
        *_staged(item, kept.lying),
        *_few(
            (f"order {one.order} line {one.line}{_awaits(item, one)}" for one in kept.open_lines),
            "open order lines",
        ),
        *_few((f"{_show(item, one.quantity)} used {one.where}" for one in kept.unsettled), "uses"),
    )
    if in_the_way:
        raise DesignationStands(
            here.item, here.organization, here.designation, said, tuple(in_the_way)
        )


def check_assignment(item: Item, here: ItemHere, kept: Kept, consignor: PartyId, name: str) -> None:
    """Refuse to assign another consignor, or another site of it, while consigned goods are
    present or staged (checklist P14, P15)."""
    if here.designation is not Ownership.CONSIGNED:
        raise NotConsignedHere(here.item, here.organization, here.designation)
    first = here.consignor is None
    goods = [
        lying
        for lying in kept.lying
        if lying.ownership is Ownership.CONSIGNED and not (first and lying.owner == consignor)
    ]
    in_the_way = (*_put_away(item, goods, by_owner=True), *_staged(item, goods, by_owner=True))
    if in_the_way:
        raise ConsignorStands(here.item, here.organization, here.assigned, name, tuple(in_the_way))


# --- in words ------------------------------------------------------------------------------


def _put_away(item: Item, lying: Iterable[Lying], *, by_owner: bool = False) -> Iterable[str]:
    found = _sums((one for one in lying if is_put_away(one.place)), by_owner)
    said = (f"{_show(item, micros)}{whose} lie at {place}" for place, whose, micros in found)
    return _few(said, "places")


def _staged(item: Item, lying: Iterable[Lying], *, by_owner: bool = False) -> Iterable[str]:
    found = _sums((one for one in lying if not is_put_away(one.place)), by_owner)
    said = (f"{_show(item, micros)}{whose} are staged at {place}" for place, whose, micros in found)
    return _few(said, "places")


def _sums(lying: Iterable[Lying], by_owner: bool) -> list[tuple[str, str, int]]:
    sums: dict[tuple[str, str], int] = {}
    for one in lying:
        key = (one.place.code, f" of {one.owner_code}'s" if by_owner else "")
        sums[key] = sums.get(key, 0) + one.quantity
    return [(*key, micros) for key, micros in sorted(sums.items())]


MOST_NAMED = 3


def _few(said: Iterable[str], names: str) -> list[str]:
    """The first few of a list, and how many more there are."""
    every = list(said)
    if len(every) <= MOST_NAMED + 1:
        return every
    return [*every[:MOST_NAMED], f"{len(every) - MOST_NAMED} more {names}"]


def _show(item: Item, micros: int) -> str:
    return f"{show_micros(micros)} {item.unit}"


def _awaits(item: Item, line: OpenLine) -> str:
    return f" awaits {_show(item, line.quantity)}" if line.quantity > 0 else " is open"
