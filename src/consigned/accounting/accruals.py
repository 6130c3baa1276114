"""Running totals: what is owed, kept up to the moment by every consumption.

A charge says which total one transfer of title counts in; a total is the quantity of one item,
used on one day, in one way, at one price and tax, in one billing cycle of one agreement. So the
amount owed is known before any invoice arrives (checklist L31), and an advice costs its lines and
not its consumptions. Where the agreement pays on use, each use has totals of its own.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from consigned.accounting.prices import price_transfer
from consigned.inventory.title_transfers import TitleTransfer, Use
from consigned.master_data.agreements import Agreement, CycleBy, Terms
from consigned.measure.identity import AgreementId, EntryNumber, ItemId
from consigned.measure.money import Minor, Price
from consigned.measure.refusal import Refusal


class TotalKey(NamedTuple):
    """What one running total counts."""

    agreement: AgreementId
    closes_on: date
    item: ItemId
    happened_on: date
    kind: str
    price: Price
    source: str
    alone: int = 0
    """Where the agreement pays on use: the first transfer of title of the use that it counts."""
    tax: str = ""
    """The tax that comes on top of the price, as `taxes.Tax` says it; empty: none."""


class Charge(NamedTuple):
    """One transfer of title counts in one total."""

    entry: EntryNumber
    total: TotalKey
    quantity: int


class Unpriced(NamedTuple):
    """A transfer of title that could not be charged, and why (decision 0061)."""

    transfer: TitleTransfer
    because: Refusal


class Charged(NamedTuple):
    charges: list[Charge]
    totals: dict[TotalKey, int]
    unpriced: list[Unpriced]


def charge(
    transfers: Iterable[TitleTransfer],
    terms: Terms,
    *,
    recorded_on: date,
    closed_through: Mapping[AgreementId, date],
) -> Charged:
    """Charge transfers of title to the totals of the cycles that they fall in.

    Transfers of one layer, day and use share their price, so each is worked out once; where the
    price depends on the use itself, of one quantity and sale, too.
    """
    charges: list[Charge] = []
    totals: dict[TotalKey, int] = {}
    unpriced: list[Unpriced] = []
    known: dict[object, TotalKey | Refusal] = {}
    closings = _Closings(recorded_on, closed_through)
    looks_at_use = terms.looks_at_use
    pay_on_use = {id for id, one in terms.agreements.items() if one.on(recorded_on).pays_on_use}
    first: dict[int, EntryNumber] = {}
    for transfer in transfers:
        entry, use, holding, quantity, _ = transfer
        alike: tuple[object, ...] = (
            holding.layer, use.happened_on, use.reported_on, use.kind, use.price, use.currency,
            use.per,
        )  # fmt: skip
        if looks_at_use:
            alike += (use.quantity, use.sale)
        alone = 0
        if pay_on_use and holding.agreement in pay_on_use:
            alone = first.setdefault(use.number, entry) if use.number else entry
            alike += (alone,)
        key = known.get(alike)
        if key is None:
            key = known[alike] = _total_key(transfer, terms, closings, alone)
        if isinstance(key, Refusal):
            unpriced.append(Unpriced(transfer, key))
            continue
        totals[key] = totals.get(key, 0) + quantity
        charges.append(Charge(entry, key, quantity))
    return Charged(charges, totals, unpriced)


class _Closings:
    """When the cycles close that uses of one posting fall in, each worked out once."""

    def __init__(self, recorded_on: date, closed_through: Mapping[AgreementId, date]) -> None:
        self.recorded_on = recorded_on
        self.closed_through = closed_through
        self.known: dict[tuple[AgreementId, date | None], date] = {}

    def of(self, agreement: Agreement, use: Use) -> date:
        """Under an agreement that pays on use a use is told at once. Another day than that of
        recording counts where the agreement says so, its own; and where it had to wait, the one on
        which it was reported, unless each use was paid by itself then and no cycle told it."""
        if agreement.on(self.recorded_on).pays_on_use:
            return self.recorded_on
        by_own_day = agreement.cycle_by is CycleBy.HAPPENED
        counts_on = use.happened_on if by_own_day else use.reported_on
        closing = self.known.get((agreement.id, counts_on))
        if closing is None:
            closed = self.closed_through.get(agreement.id)
            had_cycles = counts_on is None or not agreement.on(counts_on).pays_on_use
            closing = agreement.cycle(
                self.recorded_on, closed, counts_on if had_cycles else None
            ).closes_on
            self.known[agreement.id, counts_on] = closing
        return closing


def _total_key(
    transfer: TitleTransfer, terms: Terms, closings: _Closings, alone: int
) -> TotalKey | Refusal:
    use = transfer.use
    try:
        agreement, price, source, tax = price_transfer(transfer, terms)
    except Refusal as refusal:
        return refusal
    return TotalKey(
        agreement.id,
        closings.of(agreement, use),
        use.item,
        use.happened_on,
        use.kind,
        price,
        source,
        alone,
        tax,
    )


def growth(price: Price, before: int, after: int) -> Minor:
    """By how much a total's rounded amount grows when its quantity does.

    Booked step by step, the steps always sum to the rounded amount of the whole total.
    """
    return Minor(price.extend(after) - (price.extend(before) if before else 0))
