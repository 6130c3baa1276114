"""Charging transfers of title, whatever act caused them: totals, both parties' books, exceptions.

Every act that passes title ends here, so that a sale, a transfer between places and a corrected
exception are settled by one rule.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from consigned.measure.identity import AgreementId, ItemId, LayerNumber, PartyId, TotalNumber
from consigned.measure.money import Price
from consigned.measure.refusal import Refusal
from consigned.settlement import journals
from consigned.settlement.costs import OwnedCost
from consigned.settlement.journals import JournalEntry, Parties
from consigned.settlement.prices import price_transfer
from consigned.settlement.totals import Charged, TotalKey, Unpriced, charge, growth
from consigned.trade.agreements import Terms
from consigned.trade.consumption import OwnIssue, TitleTransfer, UseKind
from consigned.trade.shelf import Holding
from consigned_service.records import agreements as agreement_records
from consigned_service.records import ledger
from consigned_service.records import settlement as settlement_records
from consigned_service.records.ledger import OnHand, OpenPosting


class Waiting(NamedTuple):
    """What is to wait in the exception queue, and why."""

    consumption: int | None
    entry: int | None
    item: ItemId
    quantity: int
    because: Refusal


class Kept(NamedTuple):
    """Goods that became ours and stayed on the shelf, and what they cost."""

    layer: LayerNumber
    quantity: int
    cost: int
    currency: str


Counted = Mapping[TotalKey, tuple[TotalNumber, int]]
"""The totals that charges went to: each one's number, and what it counts now."""


def settle(
    posting: OpenPosting,
    transfers: Sequence[TitleTransfer],
    on_hand: OnHand,
    own_issues: Sequence[OwnIssue] = (),
) -> list[Waiting]:
    """Settle what an act did to title: charge it, book it for both parties, keep own costs.

    Answers what could not be charged and must wait.
    """
    terms = read_terms(transfers)
    waiting, kept = charge_transfers(posting, transfers, terms)
    release_from_consignment(posting, transfers, on_hand)
    came_back = {issue.holding.layer for issue in own_issues if issue.quantity < 0}
    charged = {
        transfer.holding.layer: price
        for transfer in transfers
        if transfer.holding.layer in came_back and (price := _price(transfer, terms))
    }
    cost_own_goods(posting, own_issues, kept, charged)
    return waiting


def read_terms(transfers: Iterable[TitleTransfer]) -> Terms:
    """The terms a batch of transfers is settled by."""
    agreements, items = set(), set()
    for transfer in transfers:
        items.add(transfer.use.item)
        if transfer.holding.agreement:
            agreements.add(transfer.holding.agreement)
    return agreement_records.read_terms(agreements, items)


def charge_transfers(
    posting: OpenPosting, transfers: Sequence[TitleTransfer], terms: Terms
) -> tuple[list[Waiting], list[Kept]]:
    """Charge transfers to the running totals and book what they owe.

    Answers what could not be charged and must wait, and what of the goods stayed on the shelf,
    at the very amounts that were booked for them.
    """
    charged = charge(
        transfers,
        terms,
        recorded_on=posting.recorded_on,
        closed_through=settlement_records.closed_through(posting.organization.id, terms.agreements),
    )
    counted = _keep_charges(posting, charged, terms)
    waiting = [
        Waiting(
            transfer.use.number or None,
            transfer.entry,
            transfer.use.item,
            transfer.quantity,
            because,
        )
        for transfer, because in _named(charged.unpriced, terms)
    ]
    return waiting, _kept(transfers, charged, counted, posting.organization.currency)


def _named(unpriced: Sequence[Unpriced], terms: Terms) -> Iterator[tuple[TitleTransfer, Refusal]]:
    """Why transfers could not be charged, with the items called by their codes."""
    items = agreement_records.items_by_id({u.transfer.use.item for u in unpriced})
    named = terms._replace(item_codes={id: item.code for id, item in items.items()})
    for transfer, because in unpriced:
        try:
            price_transfer(transfer, named)
        except Refusal as by_name:
            yield transfer, by_name
        else:
            yield transfer, because


def _keep_charges(posting: OpenPosting, charged: Charged, terms: Terms) -> Counted:
    """Keep the charges and book by how much the totals' amounts grew; answers the totals."""
    counted = ledger.add_to_totals(posting, charged.totals)
    organization, number = posting.organization.id, posting.number
    posting.add(
        "charge",
        (
            (organization, entry, number, counted[key][0], quantity)
            for entry, key, quantity in charged.charges
        ),
    )
    owed: dict[tuple[AgreementId, str, date, str], int] = defaultdict(int)
    for key, quantity in charged.totals.items():
        agreement, _, _, on, kind, price, _ = key
        after = counted[key][1]
        owed[agreement, kind, on, price.currency] += growth(price, after - quantity, after)
    posting.add_journals(
        entry
        for (agreement, kind, on, currency), amount in owed.items()
        for entry in journals.title_charged(
            _parties(posting, terms.agreements[agreement].consignor, agreement),
            kind,
            amount,
            currency,
            on,
        )
    )
    return counted


def _kept(
    transfers: Iterable[TitleTransfer],
    charged: Charged,
    counted: Counted,
    default_currency: str,
) -> list[Kept]:
    """Goods that are still on the shelf, each at its share of what its total grew by.

    Without a price yet they cost nothing until there is one.
    """
    stayed = [t for t in transfers if t.use.kind == UseKind.TRANSFER_TO_OWNED]
    if not stayed:
        return []
    keys = {entry: key for entry, key, _ in charged.charges}
    so_far = {key: counted[key][1] - quantity for key, quantity in charged.totals.items()}
    kept = []
    for transfer in stayed:
        key, quantity = keys.get(transfer.entry), transfer.quantity
        if key is None:
            kept.append(Kept(transfer.holding.layer, quantity, 0, default_currency))
            continue
        cost = growth(key.price, so_far[key], so_far[key] + quantity)
        so_far[key] += quantity
        kept.append(Kept(transfer.holding.layer, quantity, cost, key.price.currency))
    return kept


def release_from_consignment(
    posting: OpenPosting, transfers: Iterable[TitleTransfer], on_hand: OnHand
) -> None:
    """Take goods whose title passed off the consignor's books, at the value they came in at."""
    gone = [(holding, quantity, use.happened_on) for _, use, holding, quantity in transfers]
    _take_off(posting, gone, on_hand, journals.goods_left_consignment)


def write_off(
    posting: OpenPosting, lost: Iterable[tuple[Holding, int, date]], on_hand: OnHand
) -> None:
    """Take goods that are gone, at their consignor's risk, off both parties' books; `lost` says
    what of which holding, and when. Nothing is charged."""
    _take_off(posting, lost, on_hand, journals.consigned_goods_lost)


def _take_off(
    posting: OpenPosting,
    gone: Iterable[tuple[Holding, int, date]],
    on_hand: OnHand,
    booked: Callable[[Parties, int, str, date], Iterator[JournalEntry]],
) -> None:
    """Book goods out of the consignor's stock that lies here, at the value they came in at.

    The value of what is left of a layer is worked out before and after, so that the last piece
    takes the last cent.
    """
    passed: dict[tuple[LayerNumber, date], int] = defaultdict(int)
    holdings = {}
    for holding, quantity, on in gone:
        passed[holding.layer, on] += quantity
        holdings[holding.layer] = holding
    values: dict[tuple[PartyId, AgreementId | None, date, str], int] = defaultdict(int)
    for (layer, on), quantity in passed.items():
        left = on_hand.consigned[layer]
        on_hand.consigned[layer] = left - quantity
        price = on_hand.values.get(layer)
        if price:
            holding = holdings[layer]
            values[holding.owner, holding.agreement, on, price.currency] += growth(
                price, left - quantity, left
            )
    posting.add_journals(
        entry
        for (consignor, agreement, on, currency), value in values.items()
        for entry in booked(_parties(posting, consignor, agreement), value, currency, on)
    )


def cost_own_goods(
    posting: OpenPosting,
    own_issues: Sequence[OwnIssue],
    kept: Sequence[Kept] = (),
    charged: Mapping[LayerNumber, Price] = MappingProxyType({}),
) -> None:
    """Keep what our own goods cost: those that became ours and stayed, were used, or came back.

    `charged` is what the title of layers was charged at in this very posting.
    """
    if not own_issues and not kept:
        return
    organization = posting.organization
    layers = {issue.holding.layer for issue in own_issues} | {goods.layer for goods in kept}
    costs = ledger.read_owned_costs(organization.id, layers)
    for layer, quantity, cost, currency in kept:
        costs.setdefault(layer, OwnedCost(layer, 0, 0, currency)).add(quantity, cost)
    came_back = [issue.holding.layer for issue in own_issues if issue.quantity < 0]
    returned_at = ledger.charged_unit_costs(organization.id, came_back) if came_back else {}
    returned_at |= charged
    booked: dict[tuple[str, str, date], int] = defaultdict(int)
    for use, holding, quantity in own_issues:
        owned = costs.get(holding.layer)
        if quantity < 0:
            price = returned_at.get(holding.layer) or holding.order_price
            currency = price.currency if price else organization.currency
            owned = costs.setdefault(holding.layer, OwnedCost(holding.layer, 0, 0, currency))
            amount = -(price.extend(-quantity) if price else 0)
            owned.add(-quantity, -amount)
        elif owned:
            amount = owned.take(quantity)
        else:
            continue
        booked[use.kind, owned.currency, use.happened_on] += amount
    for (kind, currency, on), amount in booked.items():
        posting.add_journals(
            journals.own_goods_used(organization.party, kind, amount, currency, on)
        )
    ledger.write_owned_costs(organization.id, costs.values())


def _price(transfer: TitleTransfer, terms: Terms) -> Price | None:
    try:
        return price_transfer(transfer, terms).price
    except Refusal:
        return None


def queue(posting: OpenPosting, waiting: Sequence[Waiting]) -> None:
    """Put what could not be posted or priced into the exception queue, with the reason in words."""
    first = posting.take_numbers("exception", len(waiting))
    organization, number = posting.organization.id, posting.number
    posting.add(
        "waiting_exception",
        (
            (organization, exception, number, w.consumption, w.entry, w.item, w.quantity,
             w.because.code, w.because.sentence()[:500], posting.recorded_on.isoformat())
            for exception, w in enumerate(waiting, start=first)
        ),
    )  # fmt: skip


def _parties(posting: OpenPosting, consignor: PartyId, agreement: AgreementId | None) -> Parties:
    return Parties(posting.organization.party, consignor, agreement)
