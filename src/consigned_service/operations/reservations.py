"""Reservations: goods promised to a customer's order, consigned ones as well as our own.

Promised goods count as on hand but not as available (checklist P07); picking for the order takes
them, any other use may not (P08).

Refuses: NotEnoughAvailable, Differs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from consigned.measure.identity import ItemId, OrganizationId
from consigned.measure.quantity import parse_micros, show_micros
from consigned.measure.refusal import Refusal
from consigned.trade.consumption import Used
from consigned.trade.items import UnknownItem
from consigned_service.operations.lines import Differs, required
from consigned_service.records import agreements as agreement_records
from consigned_service.records import ledger
from consigned_service.records import reservations as reservation_records
from consigned_service.records.ledger import OpenPosting


@dataclass(eq=False)
class NotEnoughAvailable(Refusal):
    item: str
    unit: str
    organization: str
    asked: int
    on_hand: int
    reserved: int
    code: ClassVar[str] = "not-enough-available"
    remedy: ClassVar[str] = "Reserve what is available, or wait for the next receipt."

    def __str__(self) -> str:
        return (
            f"{self.organization} holds {show_micros(self.on_hand)} {self.unit} of {self.item}, "
            f"{show_micros(self.reserved)} of it reserved; {show_micros(self.asked)} asked"
        )


def reserve(
    *,
    organization: OrganizationId,
    reference: str,
    item: str,
    quantity: str,
    by: str,
    at: datetime,
) -> None:
    """Promise goods on hand to a customer's order; telling the same again changes nothing."""
    name = required(reference, "reference")
    found = agreement_records.items_by_code([item])
    if item not in found:
        raise UnknownItem(item)
    asked = parse_micros(quantity)
    with ledger.posting(
        organization, cause="reservation", reference=name, recorded_at=at, recorded_by=by
    ) as posting:
        wanted = found[item]
        standing = reservation_records.quantity_of(organization, name, wanted.id)
        if standing is not None:
            if standing != asked:
                raise Differs(
                    "reservation", name, "quantity", show_micros(standing), show_micros(asked)
                )
            return
        on_hand = reservation_records.pickable(organization, wanted.id)
        reserved = sum(read_open(organization, [wanted.id]).get(wanted.id, {}).values())
        if asked <= 0 or asked > on_hand - reserved:
            raise NotEnoughAvailable(
                wanted.code, wanted.unit, posting.organization.code, asked, on_hand, reserved
            )
        reservation_records.add(posting, name, wanted.id, asked)


def read_open(
    organization: OrganizationId, items: Iterable[ItemId]
) -> dict[ItemId, dict[str, int]]:
    """What is still promised of some items, by reservation."""
    return reservation_records.read_open(organization, items)


def pick(posting: OpenPosting, used: Used) -> None:
    """Take what was picked for an order off its reservation."""
    picked: dict[tuple[str, ItemId], int] = {}
    for use, _, quantity in used.own_issues:
        _count(picked, use.reservation, use.item, quantity)
    for _, use, _, quantity in used.transfers:
        _count(picked, use.reservation, use.item, quantity)
    if picked:
        reservation_records.lower(posting.organization.id, picked)


def _count(
    picked: dict[tuple[str, ItemId], int], reference: str | None, item: ItemId, quantity: int
) -> None:
    if reference and quantity > 0:
        picked[reference, item] = picked.get((reference, item), 0) + quantity
