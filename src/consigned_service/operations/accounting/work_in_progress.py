"""What the acts of production have in common: reading their lines, and what is in process."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from consigned.accounting import journals
from consigned.accounting.work_in_progress import Part, Taken
from consigned.master_data.items import Item, UnknownItem
from consigned.master_data.parties import UnknownPlace, default_place
from consigned.measure.identity import ItemId, PlaceNumber
from consigned.production.completions import NothingProduced
from consigned.title.position import Place, Zone
from consigned_service.operations.accounting.costs import Kept
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.production import production as production_records

Line = TypeVar("Line")
Value = TypeVar("Value")


def keep_used(posting: OpenPosting, used: Sequence[tuple[int, Taken]]) -> None:
    """Keep which components are in which completion now, and what is left of them in process."""
    organization = posting.organization.id
    first = posting.take_numbers("component_use", len(used))
    posting.add(
        "component_used",
        [
            (organization, number, posting.number, taken.part.number, production,
             taken.quantity, taken.cost)
            for number, (production, taken) in enumerate(used, start=first)
        ],
    )  # fmt: skip
    parts = {taken.part.number: taken.part for _, taken in used}
    production_records.write_left(posting, parts.values())


def book_out_of_process(posting: OpenPosting, kept: Iterable[Kept]) -> None:
    """What comes out of production is worth what it took there."""
    sums: dict[tuple[str, date], int] = defaultdict(int)
    for goods in kept:
        sums[goods.currency, goods.on or posting.recorded_on] += goods.cost
    for (currency, on), cost in sums.items():
        posting.add_journals(
            journals.taken_from_process(posting.organization.party, cost, currency, on)
        )


def by_order(parts: Iterable[Part]) -> dict[tuple[str, ItemId], list[Part]]:
    found: dict[tuple[str, ItemId], list[Part]] = defaultdict(list)
    for part in parts:
        found[part.work_order, part.item].append(part)
    return found


def item_named(items: Mapping[str, Item], code: str) -> Item:
    if code not in items:
        raise UnknownItem(code)
    return items[code]


def quantity_made(item: Item, quantity: int, unit: str, serial: str) -> int:
    micros = item.quantity(quantity, unit, serial=serial)
    if micros <= 0:
        raise NothingProduced(item.code)
    return micros


def place_named(posting: OpenPosting, code: str) -> Place:
    for place in posting.places:
        if place.code == code and not place.is_outer:
            return place
    raise UnknownPlace(code, posting.organization.code)


def store_of(posting: OpenPosting) -> Place:
    return default_place(posting.places, Zone.CONSIGNED_STORE)


def production_of(posting: OpenPosting) -> PlaceNumber:
    return default_place(posting.places, Zone.PRODUCTION).number
