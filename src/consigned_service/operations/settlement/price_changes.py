"""Changing the price of an item for days gone by, and settling the difference (checklist X06).

From then on the new price holds on those days for whatever is told late, and what is settled
already is corrected: what no advice has told yet is charged anew, and what one has told is debited
or credited on the next advice. Advices, invoices and closed periods stay as they are.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, ClassVar, NamedTuple

from consigned.accounting import journals
from consigned.accounting.accruals import TotalKey, growth
from consigned.accounting.journals import Parties
from consigned.inventory.title_transfers import GOES_TO, UseKind
from consigned.master_data.agreements import Agreement, UnknownAgreement
from consigned.master_data.items import Item, UnknownItem
from consigned.measure.identity import LayerNumber, TotalNumber
from consigned.measure.money import Price, show_price
from consigned.measure.refusal import Refusal
from consigned.settlement.price_changes import (
    Moved,
    Used,
    correct,
    is_changed_with,
    of_what_is_gone,
    stands,
)
from consigned.title.position import Zone
from consigned_service.operations.accounting.costs import keep_costs, open_costs
from consigned_service.operations.core import fields
from consigned_service.operations.core.outcome import Result, one_by_one
from consigned_service.operations.master_data.agreements import EndsBeforeItStarts, PriceDiffers
from consigned_service.records.accounting import costs as own_costs
from consigned_service.records.accounting.accruals import add_to_totals
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.days import day_of_party
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.returns import returns as return_records
from consigned_service.records.returns.returns import Standing
from consigned_service.records.settlement import advices as settlement_records
from consigned_service.records.settlement import price_changes as records
from consigned_service.records.settlement.price_changes import Change


@dataclass(eq=False)
class NotGoneBy(Refusal):
    starts_on: date
    today: date
    code: ClassVar[str] = "start-date-in-future"
    remedy: ClassVar[str] = (
        "Import it as a price; where it takes the place of another one to come, withdraw that "
        "first (price-withdrawals)."
    )

    def __str__(self) -> str:
        return f"a price from {self.starts_on} changes nothing that is used by {self.today}"


class PriceChangeLine(NamedTuple):
    """A price of an item that is to hold on days gone by, for one `unit`."""

    agreement: Annotated[str, fields.AGREEMENT]
    reference: Annotated[
        str, fields.ACT_NUMBER, "number of the change under the agreement, so that it is done once"
    ]
    item: Annotated[str, fields.ITEM]
    starts_on: Annotated[
        date, fields.DAY, "first day gone by on which the price is to hold, as 2026-03-31"
    ]
    price: Annotated[
        int, fields.PRICE, "what one unit is settled at, in the agreement's currency, as 4.99"
    ]
    ends_on: Annotated[
        date | None,
        fields.END,
        "first day on which it no longer holds; empty: until a price that starts later",
    ] = None
    unit: Annotated[str, fields.UNIT, "the unit the price is for; empty: the item's own"] = ""


class Read(NamedTuple):
    """A change as it was understood."""

    agreement: Agreement
    item: Item
    change: Change

    @property
    def price(self) -> Price:
        return Price(self.change.price, self.agreement.currency, self.change.per)


def change_prices_retroactively(
    *, lines: Sequence[PriceChangeLine], by: str, at: datetime
) -> Result:
    """Change prices for days gone by, each line in a transaction of its own, and settle what that
    makes different in every organization of the agreement's consignee."""
    return one_by_one(lines, lambda line, _: _change(read_change(line, at=at), by, at))


def read_change(line: PriceChangeLine, *, at: datetime) -> Read:
    """Understand a line of a change, without doing anything."""
    number = line.agreement
    ids = agreement_records.agreement_ids([number])
    item = agreement_records.items_by_code([line.item]).get(line.item)
    if number not in ids:
        raise UnknownAgreement(number)
    if item is None:
        raise UnknownItem(line.item)
    agreement = agreement_records.read_agreements(ids.values())[ids[number]]
    starts_on, ends_on = line.starts_on, line.ends_on
    if ends_on and ends_on <= starts_on:
        raise EndsBeforeItStarts(f"the price of {item.code}", starts_on, ends_on)
    today = day_of_party(agreement.consignee, at)
    if starts_on > today:
        raise NotGoneBy(starts_on, today)
    change = Change(
        agreement.id, line.reference, item.id, starts_on, ends_on,
        line.price, item.one(line.unit),
    )  # fmt: skip
    return Read(agreement, item, change)


def _change(read: Read, by: str, at: datetime) -> bool:
    """Do one change; answers whether it is new."""
    agreement, item, change = read
    organizations = agreement_records.organizations_of(agreement.consignee)
    with ledger.writing(organizations) as ledgers:
        if stands := records.standing(agreement.id, change.reference):
            _check_same(read, stands)
            return False
        number = records.add(change, on=day_of_party(agreement.consignee, at), by=by)
        records.supersede_prices(change, agreement.number, item.code, told_at=at)
        for organization in records.organizations_that_used(agreement.id, item.id, ledgers):
            posting = ledger.open_posting(
                ledgers[organization], cause="price-change", reference=change.reference,
                recorded_at=at, recorded_by=by,
            )  # fmt: skip
            _settle_difference(posting, read, number)
            ledger.close_posting(posting)
    return True


def _check_same(read: Read, stands: Change) -> None:
    what = f"{read.change.reference} of {read.agreement.number}"
    for name, ours, theirs in zip(Change._fields, stands, read.change, strict=True):
        if ours != theirs:
            shown = [show_price(x) if name == "price" else str(x) for x in (ours, theirs)]  # type: ignore[arg-type]
            raise PriceDiffers("price change", what, name.replace("_", " "), *shown)


def _settle_difference(posting: OpenPosting, read: Read, number: int) -> None:
    """Move what is settled at other prices to the new one, and book by how much that changes
    what is owed."""
    moved = _moved(posting, read)
    totals: dict[TotalKey, int] = defaultdict(int)
    for total, _, quantity in moved:
        totals[total] += quantity
    counted = add_to_totals(posting, totals)
    numbers = {key: counted[key][0] for key in totals}
    records.add_corrections(posting, number, moved, numbers)
    _book(posting, read.agreement, totals, counted, _kept_by_us(posting, read))


def _moved(posting: OpenPosting, read: Read) -> list[Moved]:
    agreement, _, change = read
    organization = posting.organization
    closed = settlement_records.closed_through(organization.id, [agreement.id])
    used = records.read_used(
        organization.id, agreement.id, change.item, change.starts_on, change.ends_on
    )
    sums: dict[tuple[TotalKey, date], int] = defaultdict(int)
    for moved in correct(
        [one for one in used if is_changed_with(one.key.source)],
        read.price,
        change.reference,
        recorded_on=posting.recorded_on,
        open_cycle=agreement.cycle(posting.recorded_on, closed.get(agreement.id)).closes_on,
        closed_through=organization.closed_through,
    ):
        sums[moved.total, moved.used_on] += moved.quantity
    return [Moved(*key, quantity) for key, quantity in sums.items() if quantity]


def _kept_by_us(posting: OpenPosting, read: Read) -> dict[tuple[str, date], int]:
    """How much of the change falls on goods that customers brought back as ours, by the kind of use
    and the day that would bear it: they keep their cost, and the use bears nothing for them."""
    organization = posting.organization
    back = own_costs.came_back_as_ours(organization.id, read.agreement.id, read.item.id)
    standing: dict[LayerNumber, list[Standing]] = defaultdict(list)
    for one in return_records.standing(organization.id, back).values() if back else ():
        if one.key and GOES_TO[one.passed.kind] is Zone.CUSTOMER:
            standing[one.passed.layer].append(one)
    kept: dict[tuple[str, date], int] = defaultdict(int)
    changes = open_costs(posting, {layer: back[layer].item for layer in standing})
    for layer, of_it in standing.items():
        _, came_back, cost = back[layer]
        used = sum(one.passed.left for one in of_it)
        before = sum(_comes_to(one.key.price, one) for one in of_it if one.key)
        changed = [(one, _changed_by(read, one)) for one in of_it]
        change = sum(by for _, by in changed)
        ours = change - of_what_is_gone(change, used, used - max(0, came_back), before - cost)
        for one, by in changed:
            part = min(ours, by) if by > 0 else max(ours, by)
            if part and (part > 0) is (ours > 0):
                ours -= part
                on = _changes_on(posting, one)
                kept[one.passed.kind, on] += part
                currency = read.agreement.currency
                changes.went_out_otherwise(
                    layer, read.item.id, -part, currency, on, one.passed.kind
                )
    keep_costs(posting, changes)
    return kept


def _comes_to(price: Price, one: Standing) -> int:
    return price.extend_down(one.passed.left)


def _changed_by(read: Read, one: Standing) -> int:
    """By how much the change lets a transfer come to more."""
    key, change = one.key, read.change
    assert key is not None, "only what has a price is changed"
    is_meant = change.starts_on <= key.happened_on and (
        change.ends_on is None or key.happened_on < change.ends_on
    )
    if not is_meant or not is_changed_with(key.source):
        return 0
    return _comes_to(read.price, one) - _comes_to(key.price, one)


def _changes_on(posting: OpenPosting, one: Standing) -> date:
    """The day on which a transfer is charged otherwise: its own, if it is open still."""
    assert one.key is not None, "only what has a price is changed"
    closed = posting.organization.closed_through
    used = Used(TotalNumber(0), one.key, one.passed.is_told, one.key.happened_on, one.passed.left)
    return posting.recorded_on if stands(used, closed) else one.key.happened_on


def _book(
    posting: OpenPosting,
    agreement: Agreement,
    totals: Mapping[TotalKey, int],
    counted: Mapping[TotalKey, tuple[TotalNumber, int]],
    kept: Mapping[tuple[str, date], int],
) -> None:
    owed: dict[tuple[str, date], int] = defaultdict(int)
    for (kind, on), amount in kept.items():
        owed[kind, on] -= amount
        owed[UseKind.TRANSFER_TO_OWNED.value, on] += amount
    for key, quantity in totals.items():
        after = counted[key][1]
        owed[key.kind, key.happened_on] += growth(key.price, after - quantity, after)
    parties = Parties(posting.organization.party, agreement.consignor, agreement.id)
    posting.add_journals(
        entry
        for (kind, on), amount in owed.items()
        for entry in journals.price_corrected(parties, kind, amount, agreement.currency, on)
    )
