"""What follows when title goes back, whatever act sent it: totals, books, costs, debit requests.

A transfer of title that no advice has told is turned back in the very running total it counts in,
or resolved where it waits for a price. One that an advice has told stays told: the goods are sold
back, and the consignor is asked to credit what was charged. Either way the reversal is kept, so
that nothing is turned back twice.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from consigned.accounting import journals
from consigned.accounting.accruals import TotalKey, growth
from consigned.accounting.costs import CostChanges, cost_of_a_part, cost_of_what_is_gone
from consigned.accounting.journals import IN_PROCESS, JournalEntry, Parties
from consigned.consumption.exceptions import Ending
from consigned.inventory.stock import Holding
from consigned.inventory.title_transfers import UseKind
from consigned.measure.identity import AgreementId, EntryNumber, ItemId, LayerNumber, PartyId
from consigned.measure.money import Price
from consigned.returns.lines import TurnedBack
from consigned_service.operations.accounting import accruals as charges
from consigned_service.operations.accounting import costs as own_costs
from consigned_service.operations.accounting.accruals import Ended
from consigned_service.records.accounting.accruals import add_to_totals
from consigned_service.records.accounting.costs import NOT_GONE, went_out_at
from consigned_service.records.inventory.stock import OnHand
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.returns import returns as return_records
from consigned_service.records.returns.returns import RequestedCredit, Standing
from consigned_service.records.settlement import advices as settlement_records
from consigned_service.records.settlement import price_changes as price_change_records


class Leaving(NamedTuple):
    """Goods that are ours no more, and what was charged for them; None where nobody knows."""

    layer: LayerNumber
    item: ItemId
    kind: str
    quantity: int
    amount: int | None
    currency: str
    happened_on: date
    account: str | None = None
    """What bore their use, where a work order named it."""


def turn_back(
    posting: OpenPosting,
    turned: Sequence[TurnedBack],
    stands: Mapping[EntryNumber, Standing],
    on_hand: OnHand,
    *,
    were_kept: bool = True,
) -> Mapping[EntryNumber, int]:
    """Turn transfers of title back that no invoice bills: in their totals, in what waits for a
    price, in what our own goods cost, and in both parties' books. What an advice has told comes off
    in the cycle that is open. `were_kept` says whether the goods were among our own; those that
    come back as issued are not for a moment. Answers what each had been charged at, if it was."""
    if not turned:
        return {}
    turned = _on_their_days(posting, turned)
    charged = _uncharge(posting, turned, stands)
    _wait_for_less(posting, [t for t in turned if t.entry not in charged])
    leaving = [_leaving(posting, t, stands, charged) for t in turned]
    if were_kept:
        _take_back_costs(posting, leaving)
    else:
        _take_back_use(posting, leaving)
    _keep_reversals(posting, turned)
    back = [(t.holding, t.quantity, t.happened_on) for t in turned]
    charges.put_back_on_consignment(posting, back, on_hand)
    return charged


def ask_back(
    posting: OpenPosting,
    sold: Sequence[TurnedBack],
    stands: Mapping[EntryNumber, Standing],
    on_hand: OnHand,
    because: Mapping[int, str],
) -> None:
    """Leave debit requests for goods that an advice has told and that were sold back: one for
    each advice line and layer, at what was charged. `because` gives each document's reason."""
    if not sold:
        return
    sold = _on_their_days(posting, sold)
    requests = _requests(posting, sold, stands)
    _keep_requests(posting, [(r, r.document, None, because[r.document]) for r in requests])
    _take_back_costs(posting, list(map(_sold, requests)))
    _keep_reversals(posting, sold)
    _book_sold_back(posting, requests)
    _book_came_home(posting, requests, on_hand)


def ask_back_unused(
    posting: OpenPosting,
    unused: Sequence[TurnedBack],
    stands: Mapping[EntryNumber, Standing],
    on_hand: OnHand,
    because: Mapping[int, str],
    *,
    were_kept: bool,
) -> None:
    """Leave debit requests for what an invoice bills and was never used: the goods stay, and are on
    consignment again. `because` gives each void's reason."""
    if not unused:
        return
    unused = _on_their_days(posting, unused)
    requests = _requests(posting, unused, stands)
    _keep_requests(posting, [(r, None, r.document, because[r.document]) for r in requests])
    leaving = [_sold(r)._replace(account=r.account) for r in requests]
    if were_kept:
        _take_back_costs(posting, leaving)
    else:
        _take_back_use(posting, leaving)
    _keep_reversals(posting, unused)
    _book_sold_back(posting, requests)
    back = [(t.holding, t.quantity, t.happened_on) for t in unused]
    charges.put_back_on_consignment(posting, back, on_hand)


def _keep_requests(
    posting: OpenPosting, requests: Sequence[tuple["Request", int | None, int | None, str]]
) -> None:
    """Keep debit requests, each with the return or the void behind it, and why."""
    number, organization = posting.number, posting.organization.id
    first = posting.take_numbers("debit_request", len(requests))
    posting.add(
        "debit_request",
        [
            (organization, nth, number, goods_return, r.agreement, r.advice_line, r.layer, r.item,
             r.quantity, r.price.micros, r.price.per, r.price.currency, r.amount,
             r.happened_on.isoformat(), because, void)
            for nth, (r, goods_return, void, because) in enumerate(requests, start=first)
        ],
    )  # fmt: skip


def _sold(request: "Request") -> Leaving:
    """What was sold back, as it leaves our goods."""
    return Leaving(
        request.layer, request.item, request.kind, request.quantity, request.amount,
        request.price.currency, request.happened_on,
    )  # fmt: skip


def _on_their_days(posting: OpenPosting, turned: Iterable[TurnedBack]) -> list[TurnedBack]:
    """Title goes back on the day of its entry, which may be later than it was told."""
    day_of = posting.book.day_of
    return [t._replace(happened_on=day_of(t.entry, t.happened_on)) for t in turned]


def return_bought(posting: OpenPosting, bought: Sequence[tuple[Holding, int, date]]) -> None:
    """Goods that were bought leave our inventory at what they cost, and are owed no longer."""
    if not bought:
        return
    organization = posting.organization
    changes = own_costs.open_costs(posting, {h.layer: h.item for h, _, _ in bought})
    for holding, quantity, on in bought:
        cost = changes.take(holding.layer, quantity, on)
        currency = changes.currency(holding.layer, organization.currency)
        posting.add_journals(journals.goods_bought(organization.party, -cost, currency, on))
    own_costs.keep_costs(posting, changes)


def _keep_reversals(posting: OpenPosting, turned: Sequence[TurnedBack]) -> None:
    """Once their costs are taken back: what is turned back has not gone out any more."""
    organization, number = posting.organization.id, posting.number
    posting.add(
        "reversal", [(organization, t.entry, number, t.passed.entry, t.quantity) for t in turned]
    )


# --- what no advice has told ---------------------------------------------------------------


def _uncharge(
    posting: OpenPosting, turned: Sequence[TurnedBack], stands: Mapping[EntryNumber, Standing]
) -> dict[EntryNumber, int]:
    """Count what went back below zero in the totals of the transfers it reverses, and book by how
    much they shrank; answers what each part was charged at. What price changes have charged anew
    comes back out of where it went first, at the price that it came to."""
    counts: dict[TotalKey, int] = defaultdict(int)
    keyed = _keys(posting, turned, stands)
    for t in turned:
        if t.entry in keyed:
            counts[keyed[t.entry]] -= t.quantity
    counted = add_to_totals(posting, counts)
    left = {key: after - counts[key] for key, (_, after) in counted.items()}
    charged: dict[EntryNumber, int] = {}
    owed: dict[tuple[PartyId, AgreementId, str, date], int] = defaultdict(int)
    for t in turned:
        if t.entry not in keyed:
            continue
        key = keyed[t.entry]
        charged[t.entry] = growth(key.price, left[key] - t.quantity, left[key])
        left[key] -= t.quantity
        booked = (t.holding.owner, key.agreement, key.price.currency, t.happened_on)
        owed[booked] += charged[t.entry]
    organization, number = posting.organization.id, posting.number
    posting.add(
        "charge",
        [
            (
                organization,
                t.entry,
                number,
                counted[keyed[t.entry]][0] if t.passed.is_told else stands[t.passed.entry].total,
                -t.quantity,
            )
            for t in turned
            if t.entry in keyed
        ],
    )
    _undo_price_changes(posting, turned, stands)
    posting.add_journals(
        entry
        for (consignor, agreement, currency, on), amount in owed.items()
        for entry in journals.title_turned_back(
            Parties(posting.organization.party, consignor, agreement), amount, currency, on
        )
    )
    return charged


def _keys(
    posting: OpenPosting, turned: Sequence[TurnedBack], stands: Mapping[EntryNumber, Standing]
) -> dict[EntryNumber, TotalKey]:
    """The totals in which what went back comes off: its own, or, where an advice has told that,
    one of the cycle that is open."""
    keys = {t.entry: (t.passed.is_told, key) for t in turned if (key := stands[t.passed.entry].key)}
    told = {key.agreement for is_told, key in keys.values() if is_told}
    if not told:
        return {entry: key for entry, (_, key) in keys.items()}
    through = settlement_records.closed_through(posting.organization.id, told)
    closes_on = {
        id: agreement.cycle(posting.recorded_on, through.get(id)).closes_on
        for id, agreement in agreement_records.read_agreements(told).items()
    }
    return {
        entry: key._replace(closes_on=closes_on[key.agreement], alone=0) if is_told else key
        for entry, (is_told, key) in keys.items()
    }


def _undo_price_changes(
    posting: OpenPosting, turned: Sequence[TurnedBack], stands: Mapping[EntryNumber, Standing]
) -> None:
    """Put what went back into the totals again that price changes took it out of, step by step."""
    undone = []
    for t in turned:
        if t.passed.is_told:
            continue
        standing = stands[t.passed.entry]
        here = standing.total
        for step in standing.recharged:
            assert here is not None, "only what is charged is charged anew"
            undone.append((step.change, here, step.key.happened_on, t.quantity))
            undone.append((step.change, step.total, step.key.happened_on, -t.quantity))
            here = step.total
    if undone:
        price_change_records.keep_corrections(posting, undone)


def _leaving(
    posting: OpenPosting,
    turned: TurnedBack,
    stands: Mapping[EntryNumber, Standing],
    charged: Mapping[EntryNumber, int],
) -> Leaving:
    passed, key = turned.passed, stands[turned.passed.entry].key
    amount = charged.get(turned.entry)
    if amount is None and passed.kind == UseKind.TRANSFER_TO_OWNED:
        amount = 0  # kept on the shelf without a price
    return Leaving(
        passed.layer, turned.holding.item, passed.kind, turned.quantity, amount,
        key.price.currency if key else posting.organization.currency, turned.happened_on,
        stands[passed.entry].account,
    )  # fmt: skip


def _wait_for_less(posting: OpenPosting, unpriced: Sequence[TurnedBack]) -> None:
    """What went back needs no price any more; the rest of a transfer goes on waiting for it."""
    if not unpriced:
        return
    organization, number = posting.organization.id, posting.number
    left = {t.passed.entry: t.passed.left for t in unpriced}
    waiting = return_records.waiting_for_price(organization, left)
    charges.end(posting, [Ended(w.number, Ending.WENT_BACK) for w in waiting])
    rest = [w for w in waiting if left[w.entry]]
    first = posting.take_numbers("exception", len(rest))
    posting.add(
        "open_exception",
        [
            (organization, new, number, w.consumption, w.entry, w.item, left[w.entry], w.reason,
             w.sentence, w.opened_on)
            for new, w in enumerate(rest, start=first)
        ],
    )  # fmt: skip


class Use(NamedTuple):
    """What bore the use of goods that are taken back, in which currency, and when they are."""

    kind: str
    account: str | None
    currency: str
    on: date


def _take_back_costs(posting: OpenPosting, leaving: Sequence[Leaving]) -> None:
    """Take goods that are ours no more out of our costs, at what was charged for them: without a
    price at nothing, as they came. The transfer stands no longer, so that it is as if goods that
    came back from a use had not been used."""
    changes = own_costs.open_costs(posting, {goods.layer: goods.item for goods in leaving})
    sums: dict[Use, int] = defaultdict(int)
    from_uses: list[tuple[Leaving, int]] = []
    for goods in leaving:
        layer, item, kind, quantity, amount, currency, on, account = goods
        came_from = kind if kind not in NOT_GONE else ""
        cost = changes.take_back(layer, item, quantity, amount or 0, currency, on, came_from)
        rest = (amount or 0) - cost
        if came_from and rest:
            from_uses.append((goods, rest))
        else:
            sums[Use(kind, account, changes.currency(layer, currency), on)] += rest
    _bear_differences(posting, changes, from_uses, sums)
    own_costs.keep_costs(posting, changes)
    _book_differences(posting, sums)


def _bear_differences(
    posting: OpenPosting,
    changes: CostChanges,
    differences: Sequence[tuple[Leaving, int]],
    sums: dict[Use, int],
) -> None:
    """Let the use bear what goods that came back from it cost less than is credited for them, as
    far as what is gone in uses like it cost anything; the adjustment account bears the rest."""
    out = went_out_at(posting, {goods.layer for goods, _ in differences}) if differences else {}
    for (layer, item, kind, _, _, currency, on, account), difference in differences:
        borne = cost_of_what_is_gone(own_costs.in_uses_like(out[layer], kind), difference)
        kept_in = changes.currency(layer, currency)
        sums[Use(kind, account, kept_in, on)] += borne
        if rest := difference - borne:
            sums[Use(UseKind.TRANSFER_TO_OWNED.value, None, kept_in, on)] += rest
            changes.went_out_otherwise(layer, item, rest, kept_in, on, kind)


def _take_back_use(posting: OpenPosting, leaving: Sequence[Leaving]) -> None:
    """Take what was charged for goods that come back as issued off what their use cost: out of
    process, where they went into production. A use never costs less than nothing: of goods that
    came back as ours and went out again at another cost, the adjustment account bears the rest."""
    sums: dict[Use, int] = defaultdict(int)
    out = went_out_at(posting, {goods.layer for goods in leaving})
    changes = own_costs.open_costs(posting, {goods.layer: goods.item for goods in leaving})
    for layer, item, kind, quantity, amount, currency, on, account in leaving:
        if kind in IN_PROCESS:
            party = posting.organization.party
            posting.add_journals(journals.taken_from_process(party, amount or 0, currency, on))
            continue
        like_it = own_costs.in_uses_like(out[layer], kind)
        cost = 0 if amount is None else cost_of_a_part(like_it, quantity, amount)
        sums[Use(kind, account, currency, on)] += cost
        if rest := (amount or 0) - cost:
            sums[Use(UseKind.TRANSFER_TO_OWNED.value, None, currency, on)] += rest
            changes.went_out_otherwise(layer, item, rest, currency, on, kind)
    own_costs.keep_costs(posting, changes)
    _book_differences(posting, sums)


def _book_differences(posting: OpenPosting, differences: Mapping[Use, int]) -> None:
    party = posting.organization.party
    for (kind, account, currency, on), difference in differences.items():
        posting.add_journals(
            journals.kept_at_other_cost(party, kind, difference, currency, on, account)
        )


# --- what an advice has told ---------------------------------------------------------------


class Request(NamedTuple):
    """What a consignor is to credit for one layer's goods of one advice line, used in one way."""

    document: int
    advice_line: int | None
    consignor: PartyId
    agreement: AgreementId
    layer: LayerNumber
    item: ItemId
    kind: str
    quantity: int
    price: Price
    amount: int
    happened_on: date
    sold_before: int
    """How much of the layer was sold back already."""
    account: str | None = None
    """What bore the use, where a work order named it."""


Asked = tuple[int, int | None, LayerNumber, str, Price, date]
"""What one request is for: a document, an advice line, a layer, how it was used, a price, a day."""


def _requests(
    posting: OpenPosting, sold: Sequence[TurnedBack], stands: Mapping[EntryNumber, Standing]
) -> list[Request]:
    """Requests by growth, so that those of one advice line come to its amount in the end."""
    grouped: dict[Asked, list[TurnedBack]] = defaultdict(list)
    for t in sold:
        standing = stands[t.passed.entry]
        assert standing.key, "an advice tells only what was charged"
        price = standing.key.price
        which = (t.document, standing.advice_line, t.passed.layer, t.passed.kind)
        grouped[*which, price, t.happened_on].append(t)
    before = _asked_before(posting, grouped)
    requests = []
    for (document, line, layer, kind, price, on), parts in grouped.items():
        first, quantity = parts[0], sum(t.quantity for t in parts)
        key = stands[first.passed.entry].key
        assert key
        asked, went = before.of_line.get(line or 0, 0), before.of_layer.get(layer, 0)
        requests.append(
            Request(
                document, line, first.holding.owner, key.agreement, layer, key.item,
                kind, quantity, price, growth(price, asked, asked + quantity), on,
                went, stands[first.passed.entry].account,
            )
        )  # fmt: skip
        before.of_line[line or 0] = asked + quantity
        before.of_layer[layer] = went + quantity
    return requests


def _asked_before(
    posting: OpenPosting,
    grouped: Iterable[Asked],
) -> RequestedCredit:
    lines = {line for _, line, *_ in grouped if line}
    layers = {layer for _, _, layer, *_ in grouped}
    return return_records.asked_back(posting.organization.id, lines, layers)


Sums = dict[tuple[PartyId, AgreementId, str, date], int]


def _book_sold_back(posting: OpenPosting, requests: Sequence[Request]) -> None:
    """The consignor is to credit what was charged."""
    owed: Sums = defaultdict(int)
    for r in requests:
        owed[r.consignor, r.agreement, r.price.currency, r.happened_on] += r.amount
    _book(posting, owed, journals.sold_back)


def _book_came_home(posting: OpenPosting, requests: Sequence[Request], on_hand: OnHand) -> None:
    """Goods that were sold back and left are the consignor's finished goods again."""
    worth: Sums = defaultdict(int)
    for r in requests:
        if price := on_hand.values.get(r.layer):
            value = growth(price, r.sold_before, r.sold_before + r.quantity)
            worth[r.consignor, r.agreement, price.currency, r.happened_on] += value
    _book(posting, worth, journals.sold_goods_came_home)


def _book(
    posting: OpenPosting,
    sums: Sums,
    booked: Callable[[Parties, int, str, date], Iterator[JournalEntry]],
) -> None:
    posting.add_journals(
        entry
        for (consignor, agreement, currency, on), amount in sums.items()
        for entry in booked(
            Parties(posting.organization.party, consignor, agreement), amount, currency, on
        )
    )
