"""Aging: goods that were kept too long are bought, given more time, or what else was agreed.

A line names the goods by their receipt and its line, or by the number of their layer as lists show
it. Buying them is a transfer to owned like any other, settled on the next advice (checklist O29).

Refuses: AgingNotAgreed, NotEnoughOnConsignment, NotMoreTime, UnknownReceipt; what
a field may not say.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, ClassVar, NamedTuple, TypeVar

from consigned.inventory import aging as trade
from consigned.inventory.aging import (
    AgingNotAgreed,
    Deadline,
    Extensions,
    Fate,
    NotEnoughOnConsignment,
    NotMoreTime,
    Wanted,
)
from consigned.inventory.stock import Holding
from consigned.master_data.parties import check_has_come, default_place
from consigned.measure.identity import ItemId, LayerNumber, OrganizationId, PartyId
from consigned.measure.period import Moment
from consigned.measure.quantity import Micros
from consigned.measure.refusal import Refusal
from consigned.title.position import Zone
from consigned_service.operations.accounting import accruals as charges
from consigned_service.operations.core import fields
from consigned_service.operations.core.idempotency import tell_once
from consigned_service.operations.core.outcome import Required, Result
from consigned_service.operations.ledger import posting as postings
from consigned_service.records.inbound.receipts import staged
from consigned_service.records.inventory import aging as aging_records
from consigned_service.records.inventory import renewals as renewal_records
from consigned_service.records.inventory.aging import Aging, NewExtension
from consigned_service.records.inventory.holdings import Visibility
from consigned_service.records.inventory.stock import OnHand, read_on_hand
from consigned_service.records.ledger import posting as ledger
from consigned_service.records.ledger.days import day_of_party
from consigned_service.records.ledger.posting import OpenPosting
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.sql.transaction import done_or_planned

Line = TypeVar("Line", "AgedLine", "ExtensionLine")


@dataclass(eq=False)
class UnknownReceipt(Refusal):
    said: str
    organization: str
    code: ClassVar[str] = "unknown-receipt"
    remedy: ClassVar[str] = "Correct the receipt and its line, or name the layer."

    def __str__(self) -> str:
        return f"{self.organization} has no goods on consignment from {self.said}"


class AgedLine(NamedTuple):
    """Goods to be bought from the aging list; without a quantity all that is left."""

    reference: Annotated[str, fields.REFERENCE]
    happened_on: Annotated[
        Moment, fields.HAPPENED_ON, "day on which the goods become ours, as 2026-03-31"
    ]
    receipt: Annotated[str, fields.RECEIPT, "reference of their receipt"] = ""
    line: Annotated[int | None, fields.LINE, "its line; empty: 1"] = None
    layer: Annotated[
        str, fields.Text("or the number of their layer as consigned aging shows it")
    ] = ""
    quantity: Annotated[
        Micros | None, fields.QUANTITY, "how much; empty: all that is left on consignment"
    ] = None
    unit: Annotated[str, fields.UNIT] = ""


class ExtensionLine(NamedTuple):
    """More time for some goods: so many days, or until a day."""

    reference: Annotated[str, fields.REFERENCE]
    agreed_on: Annotated[Moment, fields.HAPPENED_ON, "day on which both agreed, as 2026-03-31"]
    consent: Annotated[str, fields.Text("who of the consignor agreed, and how", 200)]
    receipt: Annotated[str, fields.RECEIPT, "reference of the goods' receipt"] = ""
    line: Annotated[int | None, fields.LINE, "its line; empty: 1"] = None
    layer: Annotated[
        str, fields.Text("or the number of their layer as consigned aging shows it")
    ] = ""
    deadline: Annotated[
        Deadline, fields.Choice(Deadline, "which end is moved", empty=Deadline.AGING)
    ] = Deadline.AGING
    days: Annotated[int | None, fields.Whole("by so many days", 1, 3650)] = None
    until: Annotated[date | None, fields.DAY, "or until this day, as 2026-03-31"] = None


class AgingRun(NamedTuple):
    """What a run did by itself, in receipt lines."""

    bought: int
    rolled_over: int
    given_up: int


def buy_aged(
    *, organization: OrganizationId, lines: Sequence[AgedLine], by: str, at: datetime
) -> Result:
    """Transfer goods to owned from the aging list, many lines at once, all in one posting.

    Refuses more than is left on consignment and free to use.
    """
    outcome = Result()
    with postings.posting(organization, cause="aging", recorded_at=at, recorded_by=by) as posting:
        named = _Named(posting, lines)

        def read(index: int, line: AgedLine) -> Wanted:
            return _wanted(posting, named, index, line)

        wanted = tell_once(
            posting, enumerate(lines), read, outcome, day="happened_on", is_paperless=True
        )
        outcome.waiting = _buy(posting, wanted, named.on_hand)
        outcome.new = len(wanted)
    return outcome


def _wanted(posting: OpenPosting, named: "_Named", index: int, line: AgedLine) -> Wanted:
    """What a line asks for, of what the lines before it leave."""
    goods = named.goods(line)
    first, said = goods[0], named.asked(line, goods[0])
    lying = [holding for one in goods for holding in named.lying(one)]
    free = sum(named.free(holding) for holding in lying)
    asked = free if said is None else said
    if not 0 < asked <= free:
        raise NotEnoughOnConsignment(first.item, first.unit, named.said(line), asked, free)
    named.promise(lying, asked)
    on = posting.organization.day_here(line.happened_on)
    return Wanted(posting.number, index + 1, asked, on, tuple(lying))


def extend(
    *, organization: OrganizationId, lines: Sequence[ExtensionLine], by: str, at: datetime
) -> Result:
    """Give goods more time before they age, or before their term ends, with the consignor's
    consent on record; many layers at once (checklist X11)."""
    outcome = Result()
    with postings.posting(
        organization, cause="extension", recorded_at=at, recorded_by=by
    ) as posting:
        named = _Named(posting, lines)

        def read(_: int, line: ExtensionLine) -> list[NewExtension]:
            return _more_time(named, line)

        told = tell_once(posting, enumerate(lines), read, outcome, day="agreed_on")
        aging_records.add_extensions(posting, [one for more in told for one in more])
        outcome.new = len(told)
    return outcome


def _more_time(named: "_Named", line: ExtensionLine) -> list[NewExtension]:
    """What a line gives each of the layers that it names, beyond what those before it gave."""
    goods = named.goods(line)
    deadline = line.deadline
    more = [
        NewExtension(one.layer, deadline, named.until(one, deadline, line), line.consent)
        for one in goods
    ]
    for one, given in zip(goods, more, strict=True):
        named.extensions[one.key] = named.extensions[one.key]._replace(
            **{deadline.value: given.until}
        )
    return more


def run_aging(
    *, consignee: PartyId, on: date, by: str, at: datetime, is_plan: bool = False
) -> AgingRun:
    """Do what agreements have done by themselves on a day: buy aged goods, begin the next display
    period, convert or give up what is unsold (checklist L14, L15, X22). Safe to repeat."""
    if not is_plan:
        check_has_come(on, today=day_of_party(consignee, at))
    rows = aging_records.read(
        Visibility(consignee, own_side="held"), aging_records.BY_ITSELF, on=on
    )
    extensions = aging_records.extensions(rows)
    due: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        if _fate(row, extensions[row.key], on):
            due[row.organization_id].append(row.layer)
    with done_or_planned(is_plan=is_plan):
        runs = [_run(OrganizationId(one), layers, on, by, at) for one, layers in due.items()]
    return AgingRun(*map(sum, zip(*runs, strict=True))) if runs else AgingRun(0, 0, 0)


def _fate(row: Aging, more: Extensions, on: date) -> Fate | None:
    return trade.fate(row.terms, row.received_on, row.shipped_on, more, on)


def _run(
    organization: OrganizationId, layers: Iterable[int], on: date, by: str, at: datetime
) -> AgingRun:
    """What is due in one organization, seen again under its lock."""
    with postings.posting(
        organization, cause="aging", reference=f"run of {on}", recorded_at=at, recorded_by=by
    ) as posting:
        posting.organization.check_day(on, today=max(on, posting.recorded_on))
        named = _Goods(posting, map(LayerNumber, layers))
        fates: dict[Fate, list[Aging]] = defaultdict(list)
        for goods in named.by_layer.values():
            if found := _fate(goods, named.extensions[goods.key], on):
                fates[found].append(goods)

        def wanted(rows: Iterable[Aging]) -> list[Wanted]:
            return [
                Wanted(posting.number, line, row.usable, on, named.lying(row))
                for line, row in enumerate(rows, start=1)
                if row.usable
            ]

        bought, given = wanted(fates[Fate.BUY]), wanted(fates[Fate.GIVE_UP])
        _buy(posting, bought, named.on_hand)
        _give_up(posting, given, named.on_hand)
        rolled = [_roll_over(row, named.extensions[row.key], on) for row in fates[Fate.ROLL_OVER]]
        aging_records.add_extensions(posting, rolled)
    return AgingRun(len(bought), len(rolled), len(given))


def _roll_over(row: Aging, more: Extensions, on: date) -> NewExtension:
    ends_on = trade.term_ends_on(row.terms, row.received_on, more)
    assert ends_on
    until = trade.rolled_over(row.terms, ends_on, on)
    return NewExtension(row.layer, Deadline.TERM, until, f"as agreement {row.agreement} says")


def _buy(posting: OpenPosting, wanted: Sequence[Wanted], on_hand: OnHand) -> int:
    transfers = trade.buy(posting.book, wanted, ours=posting.organization.party)
    waiting = charges.settle(posting, transfers, on_hand)
    charges.queue(posting, waiting)
    return len(waiting)


def _give_up(posting: OpenPosting, wanted: Sequence[Wanted], on_hand: OnHand) -> None:
    lost_at = default_place(ledger.read_places(posting.organization.id), Zone.LOSS)
    given = trade.give_up(posting.book, wanted, lost_at=lost_at.number)
    charges.write_off(posting, given, on_hand)


class _Goods:
    """Some layers of one organization: what is left on consignment of each, and where it lies."""

    def __init__(self, posting: OpenPosting, layers: Iterable[LayerNumber]) -> None:
        self.organization = organization = posting.organization
        self.by_layer = aging_records.of_layers(organization.id, layers, on=posting.recorded_on)
        self.extensions = aging_records.extensions(self.by_layer.values())
        items = {ItemId(goods.item_id) for goods in self.by_layer.values()}
        self.items = agreement_records.items_by_id(items)
        places = ledger.read_places(organization.id)
        ledger.read_positions(posting.book, items)
        self.on_hand = read_on_hand(
            posting.book, items, places=[place._replace(is_nettable=True) for place in places],
            ours=organization.party,
        )  # fmt: skip
        self._lying: dict[int, list[Holding]] = defaultdict(list)
        for holding in self.on_hand.pickable:
            if holding.owner != organization.party:
                self._lying[holding.layer].append(holding)

    def lying(self, goods: Aging) -> tuple[Holding, ...]:
        return tuple(self._lying[goods.layer])


class _Named(_Goods):
    """The goods that lines name by receipt and line, or by layer."""

    def __init__(self, posting: OpenPosting, lines: Sequence[Line]) -> None:
        self._came = staged(
            posting.organization.id,
            {line.receipt for line in lines if line.receipt},
        )
        self._promised: dict[tuple[int, LayerNumber], int] = defaultdict(int)
        self._became = renewal_records.became(
            posting.organization.id,
            {layer for came in self._came.values() for layer in came.layers},
        )
        super().__init__(posting, {layer for line in lines for layer in self._layers(line)})

    def said(self, line: AgedLine | ExtensionLine) -> str:
        """The goods as people call them: the receipt and its line, or the layer."""
        if line.receipt:
            return f"{line.receipt}/{line.line or 1}"
        return line.layer

    def goods(self, line: AgedLine | ExtensionLine) -> list[Aging]:
        """What is left on consignment of the layers that a line names."""
        left = [self.by_layer[layer] for layer in self._layers(line) if layer in self.by_layer]
        if not left:
            raise UnknownReceipt(self.said(line), self.organization.code)
        return left

    def asked(self, line: AgedLine, goods: Aging) -> int | None:
        """How much a line asks for, in the item's own unit; None for all that is left."""
        if line.quantity is None:
            return None
        return self.items[ItemId(goods.item_id)].quantity(line.quantity, line.unit)

    def free(self, holding: Holding) -> int:
        """What the lines so far leave of goods."""
        return holding.left - self._promised[holding.position, holding.layer]

    def promise(self, lying: Iterable[Holding], quantity: int) -> None:
        """Keep from the lines that follow what a line is to have."""
        for holding in lying:
            part = min(self.free(holding), quantity)
            self._promised[holding.position, holding.layer] += part
            quantity -= part

    def _layers(self, line: AgedLine | ExtensionLine) -> tuple[LayerNumber, ...]:
        if line.receipt:
            came = self._came.get((line.receipt, line.line or 1))
            layers = set(came.layers) if came else set()
            return tuple(sorted(layers.union(*(self._became.get(one, ()) for one in layers))))
        said = line.layer.removeprefix("lay_")
        return (LayerNumber(int(said)),) if said.isascii() and said.isdigit() else ()

    def until(self, goods: Aging, deadline: Deadline, line: ExtensionLine) -> date:
        more = self.extensions[goods.key]
        terms, received_on = goods.terms, goods.received_on
        stands = (
            trade.aged_on(terms, received_on, goods.shipped_on, more)
            if deadline is Deadline.AGING
            else trade.term_ends_on(terms, received_on, more)
        )
        if stands is None:
            raise AgingNotAgreed(goods.agreement, deadline)
        if line.until is None and line.days is None:
            raise Required("days")
        until = line.until or stands + timedelta(days=line.days or 0)
        if until <= stands:
            raise NotMoreTime(self.said(line), deadline, stands, until)
        return until
