"""Charging transfers of title, whatever act caused them: totals, both parties' books, exceptions.

Every act that passes title ends here, so that a sale, a transfer between places and a corrected
exception are settled by one rule.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from consigned.accounting import journals
from consigned.accounting.accruals import Charged, TotalKey, Unpriced, charge, growth
from consigned.accounting.journals import IN_PROCESS, JournalEntry, Parties
from consigned.accounting.prices import NotTaken, not_taken, price_transfer
from consigned.accounting.work_in_progress import Part
from consigned.consumption.exceptions import Ending
from consigned.inventory.stock import Holding
from consigned.inventory.title_transfers import OwnedIssue, TitleTransfer, UseKind
from consigned.master_data.agreements import Terms
from consigned.master_data.parties import Organization
from consigned.measure.identity import (
    AgreementId,
    EntryNumber,
    ItemId,
    LayerNumber,
    OrganizationId,
    PartyId,
    TotalNumber,
)
from consigned.measure.money import Price
from consigned.measure.refusal import Refusal
from consigned_service.operations.accounting import costs as own_costs
from consigned_service.operations.accounting import pay_on_use
from consigned_service.operations.accounting.costs import Kept, OwnCost
from consigned_service.records.accounting.accruals import add_to_totals
from consigned_service.records.inventory.stock import OnHand
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.master_data import exchange_rates as rate_records
from consigned_service.records.production import production as production_records
from consigned_service.records.settlement import advices as settlement_records


class Waiting(NamedTuple):
    """What is to wait in the exception queue, and why."""

    consumption: int | None
    entry: int | None
    item: ItemId
    quantity: int
    because: Refusal


class Settled(NamedTuple):
    """What an act's settlement leaves: what must wait, what went into production, and the prices
    sent with uses that do not settle them."""

    waiting: list[Waiting]
    parts: list[Part]
    not_taken: list[NotTaken]


class Share(NamedTuple):
    """What one transfer of title came to, of goods whose cost is still followed."""

    transfer: TitleTransfer
    amount: int
    currency: str
    is_priced: bool


class ChargedShares(NamedTuple):
    """What could not be charged and must wait, what each transfer came to of the goods whose cost
    is still followed, and the prices sent with uses that do not settle them."""

    waiting: list[Waiting]
    shares: list[Share]
    not_taken: list[NotTaken]


FOLLOWED = IN_PROCESS | {UseKind.TRANSFER_TO_OWNED.value, UseKind.WORK_ORDER.value}
"""The kinds of use after which it matters what each transfer came to, and not their sum alone."""


Counted = Mapping[TotalKey, tuple[TotalNumber, int]]
"""The totals that charges went to: each one's number, and what it counts now."""


def settle(
    posting: OpenPosting,
    transfers: Sequence[TitleTransfer],
    on_hand: OnHand,
    own_issues: Sequence[OwnedIssue] = (),
    lent: Sequence[OwnedIssue] = (),
) -> list[Waiting]:
    """Settle what an act did to title: charge it, book it for both parties, keep own costs, and
    what is in process.

    Answers what could not be charged and must wait.
    """
    return settle_parts(posting, transfers, on_hand, own_issues, lent).waiting


def settle_leaving(
    posting: OpenPosting, transfers: Sequence[TitleTransfer], on_hand: OnHand
) -> dict[EntryNumber, Share]:
    """Settle the title of goods that become ours as they leave and never lie among our own: they
    cost what they are charged at, whatever our own goods cost (decision 0037). What has no price
    waits for one. Answers what each transfer came to."""
    terms = read_terms(transfers, posting.organization, posting.recorded_at)
    waiting, shares, _ = charge_shares(posting, transfers, terms)
    release_from_consignment(posting, transfers, on_hand)
    queue(posting, waiting)
    return {share.transfer.entry: share for share in shares}


def settle_parts(
    posting: OpenPosting,
    transfers: Sequence[TitleTransfer],
    on_hand: OnHand,
    own_issues: Sequence[OwnedIssue] = (),
    lent: Sequence[OwnedIssue] = (),
) -> Settled:
    """Settle what an act did to title, as `settle`."""
    terms = read_terms(transfers, posting.organization, posting.recorded_at)
    waiting, shares, not_taken = charge_shares(posting, transfers, terms)
    release_from_consignment(posting, transfers, on_hand)
    costs = own_costs.cost_own_goods(posting, own_issues, kept_of(posting, shares))
    parts = sorted(
        (*_parts_bought(shares), *_parts_of_ours(costs), *_parts_lent(posting, lent)),
        key=lambda part: part.consumption,
    )
    production_records.add_parts(posting, parts)
    return Settled(waiting, parts, not_taken)


def _on_their_days(posting: OpenPosting, transfers: Iterable[TitleTransfer]) -> list[TitleTransfer]:
    """Transfers that come of no use have no other day than their entry's; a use keeps its own."""
    dated = []
    for transfer in transfers:
        use = transfer.use
        if not use.number and (on := transfer.on(posting.book)) != use.happened_on:
            dated.append(transfer._replace(use=use._replace(happened_on=on)))
        else:
            dated.append(transfer)
    return dated


def _parts_bought(shares: Iterable[Share]) -> Iterator[Part]:
    for (entry, use, holding, quantity, _), amount, currency, _ in shares:
        if use.kind in IN_PROCESS:
            yield Part(0, use.number, use.work_order or "", use.item, holding.layer, holding.owner,
                       quantity, amount, currency, entry)  # fmt: skip


def _parts_of_ours(costs: Iterable[OwnCost]) -> Iterator[Part]:
    for (use, holding, quantity, _), amount, currency in costs:
        yield Part(0, use.number, use.work_order or "", use.item, holding.layer, holding.owner,
                   quantity, amount, currency)  # fmt: skip


def _parts_lent(posting: OpenPosting, lent: Iterable[OwnedIssue]) -> Iterator[Part]:
    for use, holding, quantity, _ in lent:
        if use.kind in IN_PROCESS:
            yield Part(0, use.number, use.work_order or "", use.item, holding.layer, holding.owner,
                       quantity, 0, posting.organization.currency)  # fmt: skip


def read_terms(
    transfers: Iterable[TitleTransfer], organization: Organization, at: datetime
) -> Terms:
    """The terms a batch of transfers is settled by, with the rates of exchange that are known at a
    moment where the organization keeps them and an agreement has another currency."""
    agreements, items = set(), set()
    for transfer in transfers:
        items.add(transfer.use.item)
        if transfer.holding.agreement:
            agreements.add(transfer.holding.agreement)
    terms = agreement_records.read_terms(agreements, items)
    if organization.exchange_rate_type:
        others = {one.currency for one in terms.agreements.values()} - {organization.currency}
        if others:
            rates = rate_records.read_rates(organization, others, at)
            return terms._replace(rates=rates)
    return terms


def charge_shares(
    posting: OpenPosting,
    transfers: Sequence[TitleTransfer],
    terms: Terms,
    *,
    recorded_on: date | None = None,
) -> ChargedShares:
    """Charge transfers to the running totals and book what they owe."""
    transfers = _on_their_days(posting, transfers)
    charged = charge(
        transfers,
        terms,
        recorded_on=recorded_on or posting.recorded_on,
        closed_through=settlement_records.closed_through(posting.organization.id, terms.agreements),
    )
    counted = _keep_charges(posting, charged)
    _keep_rates(posting, charged, terms)
    shares = list(_shares(transfers, charged, counted, terms, posting.organization.currency))
    _book_charges(posting, charged, counted, shares, terms)
    pay_on_use.settle_at_once(posting, counted, terms)
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
    return ChargedShares(waiting, shares, _not_taken(transfers, charged, terms))


def _not_taken(
    transfers: Iterable[TitleTransfer], charged: Charged, terms: Terms
) -> list[NotTaken]:
    """The prices sent with uses that do not settle them, each once."""
    sent = [transfer for transfer in transfers if transfer.use.price is not None]
    keys = {entry: key for entry, key, _ in charged.charges} if sent else {}
    found: dict[NotTaken, None] = {}
    for transfer in sent:
        key = keys.get(transfer.entry)
        price, source = (key.price, key.source) if key else (None, "")
        if one := not_taken(transfer, terms, price, source):
            found[one] = None
    return list(found)


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


def _keep_charges(posting: OpenPosting, charged: Charged) -> Counted:
    """Keep the charges; answers the totals that they went to."""
    counted = add_to_totals(posting, charged.totals)
    organization, number = posting.organization.id, posting.number
    posting.add(
        "charge",
        (
            (organization, entry, number, counted[key][0], quantity)
            for entry, key, quantity in charged.charges
        ),
    )
    return counted


def _keep_rates(posting: OpenPosting, charged: Charged, terms: Terms) -> None:
    """Keep the rate of the day of consumption with what is charged in another currency."""
    rates = terms.rates
    if rates is None:
        return
    organization, number = posting.organization.id, posting.number
    kept = {
        key: rates.in_force(key.price.currency, key.happened_on)
        for key in charged.totals
        if rates.are_kept_of(key.price.currency)
    }
    posting.add(
        "charge_rate",
        (
            (organization, entry, number, one.kind, one.currency, one.functional_currency,
             one.valid_from.isoformat(), one.rate)
            for entry, key, _ in charged.charges
            if (one := kept.get(key))
        ),
    )  # fmt: skip


def _book_charges(
    posting: OpenPosting,
    charged: Charged,
    counted: Counted,
    shares: Iterable[Share],
    terms: Terms,
) -> None:
    """Book by how much the totals' amounts grew; what a work order bears, to its own account."""
    owed: dict[tuple[AgreementId, str, str | None, date, str], int] = defaultdict(int)
    for key, quantity in charged.totals.items():
        agreement, _, _, on, kind, price, *_ = key
        after = counted[key][1]
        owed[agreement, kind, None, on, price.currency] += growth(price, after - quantity, after)
    for transfer, amount, currency, _ in shares:
        _, use, holding, *_ = transfer
        on = use.happened_on
        if use.kind == UseKind.TRANSFER_TO_OWNED:  # in our inventory from the day they are ours
            on = transfer.on(posting.book)
        if holding.agreement and (use.account, on) != (None, use.happened_on):
            owed[holding.agreement, use.kind, None, use.happened_on, currency] -= amount
            owed[holding.agreement, use.kind, use.account, on, currency] += amount
    posting.add_journals(
        entry
        for (agreement, kind, account, on, currency), amount in owed.items()
        if amount
        for entry in journals.title_charged(
            _parties(posting, terms.agreements[agreement].consignor, agreement),
            kind,
            amount,
            currency,
            on,
            account,
        )
    )


def _shares(
    transfers: Iterable[TitleTransfer],
    charged: Charged,
    counted: Counted,
    terms: Terms,
    default_currency: str,
) -> Iterator[Share]:
    """What each transfer came to of the goods whose cost is followed: its share of what its total
    grew by. Without a price yet it is nothing until there is one."""
    followed = [t for t in transfers if t.use.kind in FOLLOWED]
    if not followed:
        return
    keys = {entry: key for entry, key, _ in charged.charges}
    so_far = {key: counted[key][1] - quantity for key, quantity in charged.totals.items()}
    for transfer in followed:
        key, quantity = keys.get(transfer.entry), transfer.quantity
        if key is None:
            agreement = terms.agreements.get(transfer.holding.agreement or AgreementId(0))
            currency = agreement.currency if agreement else default_currency
            yield Share(transfer, 0, currency, is_priced=False)
            continue
        amount = growth(key.price, so_far[key], so_far[key] + quantity)
        so_far[key] += quantity
        yield Share(transfer, amount, key.price.currency, is_priced=True)


def kept_of(posting: OpenPosting, shares: Iterable[Share]) -> list[Kept]:
    """Goods that are still on the shelf, at what they came to; the average takes them in once
    they have a price."""
    return [
        Kept(transfer.holding.layer, transfer.use.item, transfer.quantity, amount, currency,
             transfer.on(posting.book), transfer.quantity if is_priced else 0)
        for transfer, amount, currency, is_priced in shares
        if transfer.use.kind == UseKind.TRANSFER_TO_OWNED
    ]  # fmt: skip


def release_from_consignment(
    posting: OpenPosting, transfers: Iterable[TitleTransfer], on_hand: OnHand
) -> None:
    """Take goods whose title passed off the consignor's books, at the value they came in at."""
    gone = [(t.holding, t.quantity, t.on(posting.book)) for t in transfers]
    _take_off(posting, gone, on_hand, journals.goods_left_consignment)


def write_off(
    posting: OpenPosting, lost: Iterable[tuple[Holding, int, date]], on_hand: OnHand
) -> None:
    """Take goods that are gone, at their consignor's risk, off both parties' books; `lost` says
    what of which holding, and when. Nothing is charged."""
    _take_off(posting, lost, on_hand, journals.consigned_goods_lost)


def take_back_receipt(
    posting: OpenPosting, gone_back: Iterable[tuple[Holding, int, date]], on_hand: OnHand
) -> None:
    """Take goods off both parties' books that their consignor has again, or has still."""
    _take_off(posting, gone_back, on_hand, journals.consigned_taken_back)


def put_back_on_consignment(
    posting: OpenPosting, back: Iterable[tuple[Holding, int, date]], on_hand: OnHand
) -> None:
    """Put goods whose title went back on the consignor's books again, at the value they came in
    at; `back` says what of which holding, as the consignor's, and when."""
    turned = [(holding, -quantity, on) for holding, quantity, on in back]
    for holding, _, _ in turned:
        on_hand.consigned.setdefault(holding.layer, 0)
    _take_off(posting, turned, on_hand, journals.goods_left_consignment)


def send_consigned(
    posting: OpenPosting, sent: Iterable[tuple[Holding, int, date]], on_hand: OnHand
) -> None:
    """Take goods that go on to another organization, their consignor's still, off both parties'
    books here."""
    _take_off(posting, sent, on_hand, journals.consigned_taken_back)


def pass_on(
    posting: OpenPosting, passed: Iterable[tuple[Holding, int, date]], on_hand: OnHand
) -> None:
    """Take goods that pass to another agreement, their consignor's still, off both parties' books
    under the one, and put them there under the other, of which `passed` says so much less."""
    _take_off(posting, passed, on_hand, journals.consigned_taken_back)


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


def that_have_a_price(
    transfers: Iterable[TitleTransfer], organization: OrganizationId, at: datetime
) -> set[int]:
    """The entries of those transfers that can be priced as the agreements stand now."""
    asked = list(transfers)
    if not asked:
        return set()
    terms = read_terms(asked, ledger.read_organization(organization), at)
    return {transfer.entry for transfer in asked if _price(transfer, terms)}


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
        "open_exception",
        (
            (organization, exception, number, w.consumption, w.entry, w.item, w.quantity,
             w.because.code, w.because.sentence()[:500], posting.recorded_on.isoformat())
            for exception, w in enumerate(waiting, start=first)
        ),
    )  # fmt: skip


class Ended(NamedTuple):
    """An exception whose waiting ends: how, how much of it nobody will post any more, by which line
    of consumption, and why."""

    exception: int
    how: Ending
    quantity: int = 0
    consumption: int | None = None
    because: str = ""


def end(posting: OpenPosting, ended: Iterable[Ended]) -> None:
    """Keep how exceptions ended; who and when stand with the posting."""
    organization, number, on = posting.organization.id, posting.number, posting.recorded_on
    posting.add(
        "exception_resolution",
        [
            (organization, one.exception, number, on.isoformat(), one.how.value, one.quantity,
             one.consumption, one.because)
            for one in ended
        ],
    )  # fmt: skip


def _parties(posting: OpenPosting, consignor: PartyId, agreement: AgreementId | None) -> Parties:
    return Parties(posting.organization.party, consignor, agreement)
