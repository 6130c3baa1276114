"""Reservations: goods promised to a customer's order, consigned ones as well as our own.

Promised goods count as on hand but not as available (checklist P07); picking for the order takes
them, any other use may not (P08).

Refuses: NotEnoughAvailable, Differs, UnknownItem.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, NamedTuple

from consigned.measure.identity import ItemId, OrganizationId
from consigned.measure.quantity import parse_micros, show_micros
from consigned.measure.refusal import Refusal
from consigned.trade.consumption import Used
from consigned.trade.items import Item, UnknownItem
from consigned_service.operations.lines import Differs, Outcome, required
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


class ReservationLine(NamedTuple):
    """A promise of one item to a customer's order, as written."""

    reference: str
    item: str
    quantity: str
    unit: str = ""


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
    line = ReservationLine(reference, item, quantity)
    reserve_many(organization=organization, lines=[line], by=by, at=at).or_raise()


def reserve_many(
    *, organization: OrganizationId, lines: Sequence[ReservationLine], by: str, at: datetime
) -> Outcome:
    """Promise goods on hand to customers' orders, many lines at once, in their order.

    Refuses what is not available any more, and another quantity of an item for the same order.
    """
    outcome = Outcome()
    with ledger.posting(
        organization, cause="reservation", recorded_at=at, recorded_by=by
    ) as posting:
        items = agreement_records.items_by_code({line.item.strip() for line in lines})
        ids = {item.id for item in items.values()}
        standing = reservation_records.quantities_of(
            organization, {line.reference.strip() for line in lines}
        )
        on_hand = reservation_records.pickable(organization, ids)
        open_now = read_open(organization, ids)
        reserved = Counter({item: sum(promised.values()) for item, promised in open_now.items()})
        new: dict[tuple[str, ItemId], int] = {}
        for index, line in enumerate(lines):
            try:
                item, key, asked = _read(items, line)
                if key in standing:
                    if standing[key] != asked:
                        before = show_micros(standing[key])
                        raise Differs("reservation", key[0], "quantity", before, show_micros(asked))
                    outcome.repeated += 1
                    continue
                there = on_hand.get(item.id, 0)
                if asked <= 0 or asked > there - reserved[item.id]:
                    raise NotEnoughAvailable(
                        item.code, item.unit, posting.organization.code, asked, there,
                        reserved[item.id],
                    )  # fmt: skip
            except Refusal as refusal:
                outcome.refuse(index, refusal)
                continue
            standing[key] = new[key] = asked
            reserved[item.id] += asked
        reservation_records.add(posting, new)
        outcome.new = len(new)
    return outcome


def _read(items: Mapping[str, Item], line: ReservationLine) -> tuple[Item, tuple[str, ItemId], int]:
    reference = required(line.reference, "reference")
    item = items.get(line.item.strip())
    if item is None:
        raise UnknownItem(line.item)
    asked = item.in_own_unit(parse_micros(line.quantity), line.unit.strip())
    return item, (reference, item.id), asked


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
