"""Whose goods are, as people speak of it: owned, non-owned or consigned.

An item is designated, and each organization may designate it otherwise for itself. The
designation decides what a line of an order, or of a receipt without one, may be:

    the item is here     the supplier is                       the line may be
    consigned            its consignor here                    consigned (if nothing is said), owned
    consigned            somebody else                         owned
    owned                anybody                               owned
    non-owned            anybody                               non-owned

Its consignor here is the one that is assigned to it; where an organization takes an item from
several, it is anybody with an agreement. Whether the agreement has a price of the item yet does not
matter: goods do not become ours because nobody said what they cost. Goods under an agreement whose
title never passes come in as non-owned.

Goods that are put away are what the place says first, and the item second: in an owned place they
are ours, elsewhere they stay whose they are, consigned where the item is consigned. Goods at the
dock, in inspection, in quarantine or on their way are not put away yet.

Refuses: NotDesignatedSo, OtherConsignor, OtherConsignorSite, NoConsignorAssigned, OtherPlacesOnly,
TransferToOwnedOff.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from consigned.master_data.agreements import Agreement, TitleRule
from consigned.measure.identity import PartyId
from consigned.measure.refusal import Refusal
from consigned.title.layer import Ownership
from consigned.title.position import UNPICKED_ZONES, Place


@dataclass(eq=False)
class NotDesignatedSo(Refusal):
    item: str
    organization: str
    designation: Ownership
    said: Ownership
    code: ClassVar[str] = "not-designated-so"
    remedy: ClassVar[str] = "Leave the ownership away, or change the item's designation first."

    def __str__(self) -> str:
        is_consigned = self.designation is Ownership.CONSIGNED
        may_be = "consigned or owned" if is_consigned else f"{self.designation} only"
        return (
            f"{self.item} is designated {self.designation} at {self.organization}; a line of it "
            f"may be {may_be}, not {self.said}"
        )


@dataclass(eq=False)
class OtherConsignor(Refusal):
    item: str
    organization: str
    assigned: str
    said: str
    code: ClassVar[str] = "other-consignor"
    remedy: ClassVar[str] = "Buy the goods as owned, or assign the other consignor first."

    def __str__(self) -> str:
        return (
            f"{self.organization} takes one consignor's goods of each item, and of {self.item} "
            f"those of {self.assigned}, not of {self.said}"
        )


@dataclass(eq=False)
class OtherConsignorSite(Refusal):
    item: str
    organization: str
    assigned: str
    agreement: str
    code: ClassVar[str] = "other-consignor-site"
    remedy: ClassVar[str] = "Name an agreement of that site, or assign the other site first."

    def __str__(self) -> str:
        return (
            f"{self.organization} takes {self.item} from {self.assigned}; agreement "
            f"{self.agreement} is not of that site"
        )


@dataclass(eq=False)
class NoConsignorAssigned(Refusal):
    item: str
    organization: str
    said: str
    code: ClassVar[str] = "no-consignor-assigned"
    remedy: ClassVar[str] = "Assign the item's consignor first, or buy the goods as owned."

    def __str__(self) -> str:
        return (
            f"{self.organization} takes one consignor's goods of each item, and none is assigned "
            f"to {self.item}; {self.said} ships it"
        )


@dataclass(eq=False)
class OtherPlacesOnly(Refusal):
    goods: str
    ownership: Ownership
    place: str
    offered: tuple[str, ...]
    code: ClassVar[str] = "other-places-only"
    remedy: ClassVar[str] = "Put them away at one of the places that are offered."

    def __str__(self) -> str:
        side = "is no owned place" if self.ownership is Ownership.OWNED else "is an owned place"
        return (
            f"{self.goods} are {self.ownership}, and {self.place} {side}; they can go to "
            f"{', '.join(self.offered) or 'no place here'}"
        )


@dataclass(eq=False)
class TransferToOwnedOff(Refusal):
    goods: str
    place: str
    code: ClassVar[str] = "transfer-to-owned-off"
    remedy: ClassVar[str] = (
        "Move them to a place that is not owned, or let the organization transfer to owned places."
    )

    def __str__(self) -> str:
        return (
            f"{self.goods} are consigned, {self.place} is an owned place, and transfers to owned "
            "places are not allowed here"
        )


class ItemHere(NamedTuple):
    """An item as one organization keeps it."""

    item: str
    organization: str
    designation: Ownership
    takes_one_consignor: bool = False
    consignor: PartyId | None = None
    consignor_code: str = ""
    consignor_site: int | None = None
    consignor_site_code: str = ""

    @property
    def assigned(self) -> str:
        """The assigned consignor and its site, as people call them; nothing where there is none."""
        return with_site(self.consignor_code, self.consignor_site_code)


def with_site(party: str, site: str) -> str:
    return f"{party} at {site}" if site else party


def decide_ownership(
    here: ItemHere,
    *,
    supplier: PartyId,
    supplier_code: str,
    is_agreed: bool = False,
    said: Ownership | None = None,
    ordered: Ownership | None = None,
) -> Ownership:
    """Whose the goods of a line are, of an order or of a receipt; nothing else decides it.

    `is_agreed` says whether the supplier has an agreement with us. What comes on an order line is
    what the line was `ordered` as (checklist P20-P23, P28, P29, P33, P34).
    """
    if ordered is not None:
        ownership = _staged(here, ordered)
        if ownership is Ownership.CONSIGNED:
            check_consignor(here, supplier=supplier, supplier_code=supplier_code)
        return ownership
    if here.designation is not Ownership.CONSIGNED:
        if said not in (None, here.designation):
            raise NotDesignatedSo(here.item, here.organization, here.designation, said)
        return here.designation
    if said is Ownership.NON_OWNED:
        raise NotDesignatedSo(here.item, here.organization, here.designation, said)
    if said is Ownership.OWNED or (said is None and not _is_consignor(here, supplier, is_agreed)):
        return Ownership.OWNED
    check_consignor(here, supplier=supplier, supplier_code=supplier_code)
    return Ownership.CONSIGNED


def comes_in_as(ownership: Ownership, agreement: Agreement | None) -> Ownership:
    """How goods of a line come in: consigned ones whose title never passes are only held for their
    owner (checklist E28)."""
    if agreement and agreement.title_rule is TitleRule.NEVER and ownership is Ownership.CONSIGNED:
        return Ownership.NON_OWNED
    return ownership


def _staged(here: ItemHere, ordered: Ownership) -> Ownership:
    """Goods that come on an order line are consigned if the line is, otherwise owned, unless the
    item is non-owned here."""
    if ordered is Ownership.CONSIGNED:
        if here.designation is not Ownership.CONSIGNED:
            raise NotDesignatedSo(here.item, here.organization, here.designation, ordered)
        return ordered
    is_non_owned = here.designation is Ownership.NON_OWNED
    return Ownership.NON_OWNED if is_non_owned else Ownership.OWNED


def _is_consignor(here: ItemHere, supplier: PartyId, is_agreed: bool) -> bool:
    if here.takes_one_consignor and here.consignor is not None:
        return supplier == here.consignor
    return is_agreed


def check_consignor(here: ItemHere, *, supplier: PartyId, supplier_code: str) -> None:
    """Refuse consigned goods of another than the one consignor that an organization takes an
    item from (checklist P14)."""
    if not here.takes_one_consignor or supplier == here.consignor:
        return
    if here.consignor is None:
        raise NoConsignorAssigned(here.item, here.organization, supplier_code)
    raise OtherConsignor(here.item, here.organization, here.assigned, supplier_code)


def check_site(here: ItemHere, *, site: int | None, agreement: str) -> None:
    """Refuse an agreement of another site than the one that the item is assigned to (P14)."""
    if here.takes_one_consignor and here.consignor_site not in (None, site):
        raise OtherConsignorSite(here.item, here.organization, here.assigned, agreement)


# --- places ------------------------------------------------------------------------------


def is_put_away(place: Place) -> bool:
    """Whether goods at a place are put away; elsewhere inside the walls they are staged."""
    return not place.is_outer and (place.is_owned or place.zone not in UNPICKED_ZONES)


def putaway_places(places: Iterable[Place], ownership: Ownership) -> list[Place]:
    """The places that goods of a status may be put away at (checklist P18, P30, P38)."""
    is_owned = ownership is Ownership.OWNED
    return [place for place in places if is_put_away(place) and place.is_owned is is_owned]


def check_putaway(
    place: Place, ownership: Ownership, *, goods: str, places: Iterable[Place]
) -> None:
    """Refuse to put goods away at a place of the other class.

    Consigned goods in an owned place are a transfer to owned (P39), which custody decides on.
    """
    if not is_put_away(place) or ownership is Ownership.CONSIGNED:
        return
    offered = putaway_places(places, ownership)
    if place not in offered:
        codes = tuple(one.code for one in offered)
        raise OtherPlacesOnly(goods, ownership, place.code, codes)
