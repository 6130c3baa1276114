"""Components that come back, out of process or out of a product, into the layers they left.

They become their first owner's again; what an advice has told stays ours, and a note says so.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from consigned.accounting import journals
from consigned.accounting.work_in_progress import share_of
from consigned.inventory.stock import Holding
from consigned.inventory.transfers import ConsignedInOwnedLocation
from consigned.measure.identity import EntryNumber, ItemId, LayerNumber, PartyId
from consigned.measure.quantity import show_micros
from consigned.production import completions as trade
from consigned.production.completions import ComesBack, StaysOwned, TurnsBack
from consigned.returns.lines import TurnedBack
from consigned.title.layer import Ownership
from consigned.title.position import Place
from consigned_service.operations.accounting import costs as own_costs
from consigned_service.operations.accounting import reversals
from consigned_service.operations.accounting.costs import Kept
from consigned_service.operations.accounting.work_in_progress import (
    book_out_of_process,
    production_of,
)
from consigned_service.records.inventory.stock import OnHand, read_on_hand
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.production import production as production_records
from consigned_service.records.returns import returns as return_records
from consigned_service.records.returns.returns import Standing


class Coming(NamedTuple):
    """So much of a component that comes back, out of process or out of a product."""

    component: int
    used: int | None
    reference: str
    item: ItemId
    layer: LayerNumber
    owner: PartyId
    """Whose it was until it was used."""
    transfer: int | None
    quantity: int
    cost: int
    currency: str
    place: Place
    happened_on: date
    line: int
    turns: bool = False
    """Whether it becomes its consignor's again."""
    was_expensed: bool = False
    """Whether the cost of goods sold bore what it cost, because its product is kept in another
    currency."""
    because: str = ""
    """Why it stays ours, where it was a consignor's."""


def load_components(posting: OpenPosting, items: Iterable[ItemId]) -> OnHand:
    """Bring what lies of some items into the book, and every position of theirs."""
    items = set(items)
    ledger.read_positions(posting.book, items)
    return read_on_hand(posting.book, items, places=posting.places, ours=posting.organization.party)


def let_components_in(posting: OpenPosting, coming: Sequence[Coming], on_hand: OnHand) -> list[str]:
    """Bring components back onto the shelf: as their first owner's, or as ours at what they cost
    where an advice has told that they became ours. Answers what stays ours therefore."""
    organization, ours = posting.organization.id, posting.organization.party
    stands = return_records.standing(
        organization, {back.layer for back in coming if back.transfer is not None}
    )
    for back in coming:
        if back.place.is_owned and not _is_ours(posting, back):
            raise ConsignedInOwnedLocation(back.place.code)
    pieces = [piece for back in coming for piece in _pieces(back, stands)]
    trade.come_back(
        posting.book,
        [
            ComesBack(back.item, ours if _is_ours(posting, back) else back.owner, back.layer,
                      back.quantity, back.place.number, back.happened_on, posting.number, back.line)
            for back in pieces
        ],
        production=production_of(posting),
    )  # fmt: skip
    _turn_back(posting, [back for back in pieces if back.turns], stands, on_hand)
    kept = [
        Kept(back.layer, back.item, back.quantity, back.cost, back.currency, back.happened_on, 0)
        for back in pieces
        if _is_ours(posting, back) and not back.turns
    ]
    own_costs.cost_own_goods(posting, (), kept)
    book_out_of_process(posting, kept)
    first = posting.take_numbers("component_return", len(pieces))
    posting.add(
        "component_returned",
        [
            (organization, number, posting.number, back.component, back.used, back.reference,
             back.quantity, back.cost,
             ours if _is_ours(posting, back) and not back.turns else back.owner, back.because,
             back.happened_on.isoformat())
            for number, back in enumerate(pieces, start=first)
        ],
    )  # fmt: skip
    return _notes(posting, pieces)


def _pieces(back: Coming, stands: Mapping[EntryNumber, Standing]) -> Iterator[Coming]:
    """The part of a component whose title goes back, and the part that stays ours, and why."""
    if back.transfer is None:
        yield back
        return
    standing = stands.get(EntryNumber(back.transfer))
    turns, because = 0, StaysOwned.TURNED_BEFORE
    if back.place.is_owned:
        because = StaysOwned.OWNED_PLACE
    elif standing and standing.passed.is_told:
        because = StaysOwned.ADVISED
    elif standing:
        turns = min(back.quantity, standing.passed.left)
        standing.passed.left -= turns
    cost = share_of(back.cost, 0, turns, back.quantity)
    if turns:
        yield back._replace(quantity=turns, cost=cost, turns=True)
    if turns < back.quantity:
        yield back._replace(quantity=back.quantity - turns, cost=back.cost - cost, because=because)


def _turn_back(
    posting: OpenPosting,
    turning: Sequence[Coming],
    stands: Mapping[EntryNumber, Standing],
    on_hand: OnHand,
) -> None:
    """Make components their consignor's again: title, totals and both parties' books."""
    organization = posting.organization
    layers = production_records.read_layers(organization.id, {back.layer for back in turning})
    entries = trade.turn_back(
        posting.book,
        [
            TurnsBack(back.item, back.owner, back.layer, back.quantity, back.place.number,
                      back.happened_on, posting.number, back.line)
            for back in turning
        ],
        ours=organization.party,
    )  # fmt: skip
    turned = []
    for back, (entry, position) in zip(turning, entries, strict=True):
        layer = layers[back.layer]
        if layer.price:
            on_hand.values[back.layer] = layer.price
        holding = Holding(
            back.item, back.owner, back.place.number, position, back.layer, layer.received_on,
            back.quantity, Ownership.CONSIGNED.value, layer.agreement,
        )  # fmt: skip
        passed = stands[EntryNumber(back.transfer or 0)].passed
        turned.append(
            TurnedBack(entry, passed, holding, back.quantity, posting.number, back.happened_on)
        )
    charged = reversals.turn_back(posting, turned, stands, on_hand, were_kept=False)
    for back, (entry, _) in zip(turning, entries, strict=True):
        difference = back.cost - charged.get(entry, 0)
        book = journals.late_cost if back.was_expensed else journals.process_rounded
        posting.add_journals(book(organization.party, difference, back.currency, back.happened_on))


def _notes(posting: OpenPosting, pieces: Iterable[Coming]) -> list[str]:
    """What had been a consignor's and stays ours, and why, in words."""
    stayed = [back for back in pieces if back.because]
    items = agreement_records.items_by_id({back.item for back in stayed})
    notes = []
    for back in stayed:
        item, why = items[back.item], "as much of their title went back before"
        if back.because == StaysOwned.OWNED_PLACE:
            why = f"{back.place.code} keeps only goods that are ours"
        elif back.because == StaysOwned.ADVISED:
            told = [EntryNumber(back.transfer or 0)]
            advices = return_records.advices_telling(posting.organization.id, told)
            why = f"{' and '.join(advices) or 'an advice run'} told that their title passed"
        notes.append(f"{show_micros(back.quantity)} {item.unit} of {item.code} stay ours: {why}")
    return notes


def _is_ours(posting: OpenPosting, back: Coming) -> bool:
    """Whether a component was ours while it was in production."""
    return back.transfer is not None or back.owner == posting.organization.party
