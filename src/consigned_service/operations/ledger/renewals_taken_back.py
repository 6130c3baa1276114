"""What of the goods on the shelf was renewed after a day of which something is recorded late, and
what is taken back of it: by uses, by dispositions and by what counts missed.
"""

from collections.abc import Collection
from datetime import date

from consigned.inventory.renewed_layers import NONE_RENEWED, Passed, Renewals
from consigned.master_data.parties import default_place
from consigned.measure.identity import ItemId, PlaceNumber
from consigned.title.layer import Ownership
from consigned.title.position import Place, Zone
from consigned_service.operations.accounting import accruals as charges
from consigned_service.records.inventory import renewals as records
from consigned_service.records.inventory.renewals import TAKEN_BACK
from consigned_service.records.inventory.stock import OnHand
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.posting import OpenPosting


def elsewhere(places: list[Place]) -> PlaceNumber:
    """By way of which place goods go from one layer to another."""
    return default_place(places, Zone.ELSEWHERE).number


def book_passed(posting: OpenPosting, passed: Collection[Passed], on_hand: OnHand) -> None:
    """Take goods off both parties' books under the one agreement and put them there under the
    other, at what they are carried at in each."""
    for one in passed:
        on_hand.consigned.setdefault(one.after.layer, 0)
    charges.pass_on(
        posting,
        [
            (holding, quantity, one.on)
            for one in passed
            for holding, quantity in ((one.before, one.quantity), (one.after, -one.quantity))
            if holding.ownership == Ownership.CONSIGNED
        ],
        on_hand,
    )


def of_days_before(
    posting: OpenPosting, on_hand: OnHand, used: Collection[tuple[ItemId, date]]
) -> Renewals:
    """What of some items was renewed only after days on which they were used; nothing is asked
    where nothing was renewed after them."""
    through = posting.ledger.renewed_through
    late = {(item, on) for item, on in used if through and on < through}
    if not late:
        return NONE_RENEWED
    items = {item for item, _ in late}
    found = records.origins(posting.organization.id, items, min(on for _, on in late))
    if not found:
        return NONE_RENEWED
    outside = elsewhere(posting.places)
    ledger.read_ways_out(posting.book, items, ours=posting.organization.party, outside=[outside])
    for origin in found.values():
        if origin.was.price:
            on_hand.values.setdefault(origin.was.number, origin.was.price)
    return Renewals(found, outside, posting.ledger.next_renewal)


def take_back(posting: OpenPosting, renewed: Renewals, on_hand: OnHand) -> None:
    """Keep what late uses took back of renewals, and undo it in both parties' books."""
    if not renewed.taken_back:
        return
    posting.take_numbers("renewal", len(renewed.taken_back))
    records.add(posting, [(one, TAKEN_BACK) for one in renewed.taken_back])
    book_passed(posting, renewed.taken_back, on_hand)
