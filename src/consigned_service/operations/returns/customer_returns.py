"""What customers, or work orders, bring back: what it is taken from and into, and what follows.

A customer's return and a line of consumption below zero are taken in by one rule; here is what
that rule needs of the ledger, and what is booked of what it answers.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from consigned.inventory.title_transfers import GOES_TO, Issued, Use, Used
from consigned.master_data.agreements import CustomerReturns
from consigned.master_data.parties import default_place
from consigned.measure.identity import (
    AgreementId,
    EntryNumber,
    ItemId,
    LayerNumber,
    PlaceNumber,
)
from consigned.returns import entries as trade
from consigned.returns.lines import ComingBack, Goods, Passed
from consigned.title.position import Condition, Zone
from consigned_service.operations.accounting import reversals
from consigned_service.operations.ledger.recoveries import Leaving, before_leaving
from consigned_service.records.inventory.stock import (
    OnHand,
    read_issued,
    read_on_hand,
    suppliers_of,
)
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.returns import returns as return_records
from consigned_service.records.returns.returns import Standing


class Lying(NamedTuple):
    """What lies inside the walls of some items, and what stands behind it."""

    on_hand: OnHand
    goods: Goods
    stands: Mapping[EntryNumber, Standing]


class Gone(NamedTuple):
    """What of some items went out and is still out, newest first, and where each kind goes."""

    issued: Mapping[ItemId, Sequence[Issued]]
    outer: Mapping[Zone, PlaceNumber]


def read_lying(
    posting: OpenPosting,
    items: Iterable[ItemId],
    standing_of: Iterable[LayerNumber] | None = None,
    leaving: Iterable[Leaving] = (),
) -> Lying:
    """Everything of some items that has arrived and lies here, and the transfers of title behind
    what of it is ours; or, where they are named, behind some layers alone. Of what is `leaving`,
    what counts only wrote off lies here too."""
    organization, places = posting.organization, posting.places
    ours = organization.party
    on_hand = read_on_hand(
        posting.book, items, places=[place._replace(is_nettable=True) for place in places],
        ours=ours, conditions=frozenset(Condition),
    )  # fmt: skip
    before_leaving(posting, on_hand, leaving)
    on_the_way = {place.number for place in places if place.zone is Zone.IN_TRANSIT}
    mine = (
        {h.layer for h in on_hand.pickable if h.owner == ours}
        if standing_of is None
        else set(standing_of)
    )
    stands = return_records.standing(organization.id, mine)
    passed: dict[LayerNumber, list[Passed]] = defaultdict(list)
    for standing in stands.values():
        passed[standing.passed.layer].append(standing.passed)
    layers = {holding.layer for holding in on_hand.pickable} | mine
    goods = Goods(
        ours, [h for h in on_hand.pickable if h.place not in on_the_way], passed,
        suppliers_of(organization.id, layers),
        return_records.outside(organization.id, mine, ours),
        frozenset(place.number for place in places if place.is_owned),
        default_place(places, Zone.CONSIGNED_STORE).number,
        default_place(places, Zone.SUPPLIER).number,
    )  # fmt: skip
    return Lying(on_hand, goods, stands)


def read_gone(posting: OpenPosting, lines: Sequence[ComingBack | Use]) -> Gone:
    """What went out of the items that come back, so that it can."""
    outer = {place.zone: place.number for place in posting.places if place.is_outer}
    goes_to = {outer[zone] for zone in GOES_TO.values() if zone}
    items = {line.item for line in lines}
    ledger.read_positions(posting.book, items)
    since = min(line.happened_on for line in lines)
    issued = read_issued(posting.book, items, outer_places=goes_to, since=since)
    return Gone(issued | {item: [] for item in items - issued.keys()}, outer)


def read_coming_back(posting: OpenPosting, gone: Gone, lines: Iterable[ComingBack]) -> Lying:
    """What lies here of the items that come back, and the transfers of title that may go back with
    them: of the layers that the lines can reach, and no others."""
    every = {one.holding.layer for out in gone.issued.values() for one in out}
    suppliers = suppliers_of(posting.organization.id, every)
    reached = trade.reached(
        posting.book, lines, issued=gone.issued, outer=gone.outer, suppliers=suppliers
    )
    lying = read_lying(posting, gone.issued, {holding.layer for holding in reached})
    for holding in reached:
        if holding.order_price:
            lying.on_hand.values[holding.layer] = holding.order_price
    agreements = agreement_records.read_agreements(
        {holding.agreement for holding in reached if holding.agreement}
    )
    lying.goods.suppliers |= suppliers
    lying.goods.stay_ours = frozenset(
        AgreementId(id)
        for id, one in agreements.items()
        if one.customer_returns is CustomerReturns.OWNED
    )
    return lying


def take_in(posting: OpenPosting, uses: Sequence[Use]) -> Used:
    """Take in what lines of consumption below zero report, and book it; answers what came of them.

    What never went out, or went out later, is answered as a shortage.
    """
    gone = read_gone(posting, uses)
    store = default_place(posting.places, Zone.CONSIGNED_STORE).number
    lying = read_coming_back(posting, gone, [trade.as_coming_back(use, store) for use in uses])
    used, turned = trade.bring_back(
        posting.book, lying.goods, uses, issued=gone.issued, outer=gone.outer
    )
    reversals.turn_back(posting, turned, lying.stands, lying.on_hand, were_kept=False)
    return used
