"""Why goods could not be taken, in the asker's own numbers: asked, held, where, whose."""

from collections.abc import Sequence

from consigned.inventory.title_transfers import (
    NotEnoughIssued,
    NotEnoughOnHand,
    Shortage,
    Use,
)
from consigned.measure.refusal import Refusal
from consigned.returns.lines import OwnedLocation
from consigned.title.position import Place, Zone
from consigned_service.records.inventory import on_hold as quality_records
from consigned_service.records.inventory.on_hold import OnHold
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records


def missing(
    posting: OpenPosting, places: Sequence[Place], shortages: Sequence[Shortage]
) -> list[Refusal]:
    """Why lines could not be posted in full, in the asker's numbers: asked, held, where, whose."""
    items = agreement_records.items_by_id({short.use.item for short in shortages})
    parties = agreement_records.party_codes(
        {short.use.consignor for short in shortages if short.use.consignor}
    )
    named = {place.number: place.code for place in places}
    on_hold = quality_records.read_on_hold(posting.organization.id, items) if items else []
    ways = {place.number for place in places if place.zone is Zone.IN_TRANSIT}
    meant = {short.use.item for short in shortages if short.use.place in ways}
    on_the_way = quality_records.read_on_the_way(posting.organization.id, meant) if meant else []
    organization = posting.organization.code
    refusals: list[Refusal] = []
    for use, _, held, promised, came_later, expired, counted, awaited, theirs in shortages:
        item = items[use.item]
        owner = parties[use.consignor] if use.consignor else None
        if theirs and use.place:
            refusals.append(OwnedLocation(named[use.place]))
            continue
        if use.quantity < 0:
            refusals.append(
                NotEnoughIssued(
                    item.code, item.unit, organization, -use.quantity, held, owner, came_later,
                    use.happened_on,
                )
            )  # fmt: skip
            continue
        where = f"{organization} {named[use.place]}" if use.place else organization
        refusals.append(
            NotEnoughOnHand(
                item.code, item.unit, where, use.quantity, held, owner, promised, came_later,
                use.happened_on, expired, sum(h.quantity for h in on_hold if _is_meant(h, use)),
                counted, sum(h.quantity for h in on_the_way if _is_meant(h, use)), awaited,
            )
        )  # fmt: skip
    return refusals


def _is_meant(goods: OnHold, use: Use) -> bool:
    """Whether goods that are on hold fit what a use names."""
    return (
        goods.item == use.item
        and use.place in (None, goods.place)
        and use.consignor in (None, goods.owner)
        and use.lot in (None, goods.lot)
        and use.serial in (None, goods.serial)
    )
