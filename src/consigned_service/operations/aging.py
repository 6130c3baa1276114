"""Aging: goods that were kept too long are bought, given more time, or what else was agreed.

A line names the goods by their receipt and its line, or by the number of their layer as lists show
it. Buying them is a transfer to owned like any other, settled on the next advice (checklist O29).

Refuses: AgingNotAgreed, NotEnoughOnConsignment, NotMoreTime, ConsentMissing, UnknownReceipt; what
a field may not say.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar, NamedTuple, TypeVar

from consigned.measure.identity import ItemId, LayerNumber, OrganizationId, PartyId
from consigned.measure.period import parse_day
from consigned.measure.quantity import parse_micros
from consigned.measure.refusal import Refusal
from consigned.title.position import Zone
from consigned.trade import aging as trade
from consigned.trade.aging import (
    AgingNotAgreed,
    ConsentMissing,
    Deadline,
    Extensions,
    Fate,
    NotEnoughOnConsignment,
    NotMoreTime,
    Wanted,
)
from consigned.trade.parties import check_has_come, default_place
from consigned.trade.shelf import Holding
from consigned_service.operations import charges
from consigned_service.operations.lines import Outcome, one_of, required, text
from consigned_service.operations.register import whole_number
from consigned_service.operations.told import Told, tell_once
from consigned_service.records import aging as aging_records
from consigned_service.records import agreements as agreement_records
from consigned_service.records import ledger
from consigned_service.records.aging import Aging, NewExtension
from consigned_service.records.holdings import Sight
from consigned_service.records.ledger import OpenPosting
from consigned_service.records.shelf import OnHand, read_on_hand
from consigned_service.records.told import own_source, standing_keys

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
    """Goods to be bought from the aging list, as written; without a quantity all that is left."""

    reference: str
    happened_on: str
    receipt: str = ""
    line: str = ""
    layer: str = ""
    quantity: str = ""
    unit: str = ""


class ExtensionLine(NamedTuple):
    """More time for some goods, as written: so many days, or until a day."""

    reference: str
    agreed_on: str
    consent: str
    receipt: str = ""
    line: str = ""
    layer: str = ""
    deadline: str = ""
    days: str = ""
    until: str = ""


class AgingRun(NamedTuple):
    """What a run did by itself, in receipt lines."""

    bought: int
    rolled_over: int
    given_up: int


def buy_aged(
    *, organization: OrganizationId, lines: Sequence[AgedLine], by: str, at: datetime
) -> Outcome:
    """Transfer goods to owned from the aging list, many lines at once, all in one posting.

    Refuses more than is left on consignment and free to use.
    """
    outcome = Outcome()
    with ledger.posting(organization, cause="aging", recorded_at=at, recorded_by=by) as posting:
        named = _Named(posting, lines)

        def read(index: int, line: AgedLine) -> Told[Wanted]:
            goods = named.goods(line)
            on = parse_day(line.happened_on)
            said = parse_micros(line.quantity) if line.quantity.strip() else None
            asked = goods.usable if said is None else named.own_unit(goods, said, line.unit)
            if not 0 < asked <= goods.usable:
                raise NotEnoughOnConsignment(
                    goods.item, goods.unit, named.said(line), asked, goods.usable
                )
            wanted = Wanted(posting.number, index + 1, asked, on, named.lying(goods))
            return Told(index, line.reference, on, (goods.layer, said), wanted, index + 1)

        wanted = tell_once(posting, _read(lines, read, outcome), outcome)
        outcome.waiting = _buy(posting, wanted, named.on_hand)
        outcome.new = len(wanted)
    return outcome


def extend(
    *, organization: OrganizationId, lines: Sequence[ExtensionLine], by: str, at: datetime
) -> Outcome:
    """Give goods more time before they age, or before their term ends, with the consignor's
    consent on record; many layers at once (checklist X11)."""
    outcome = Outcome()
    with ledger.posting(organization, cause="extension", recorded_at=at, recorded_by=by) as posting:
        named = _Named(posting, lines)

        def read(index: int, line: ExtensionLine) -> Told[NewExtension]:
            goods = named.goods(line)
            consent = text(line.consent, "consent", 200)
            if not consent:
                raise ConsentMissing(named.said(line))
            deadline = one_of(line.deadline, Deadline, "deadline", Deadline.AGING)
            until = named.until(goods, deadline, line)
            more = NewExtension(goods.layer, deadline, until, consent)
            says = (goods.layer, deadline, line.days, line.until, consent)
            return Told(index, line.reference, parse_day(line.agreed_on), says, more)

        extended = tell_once(posting, _read(lines, read, outcome), outcome)
        aging_records.add_extensions(posting, extended)
        outcome.new = len(extended)
    return outcome


def run_aging(*, consignee: PartyId, on: date, by: str, at: datetime) -> AgingRun:
    """Do what agreements have done by themselves on a day: buy aged goods, begin the next display
    period, convert or give up what is unsold (checklist L14, L15, X22). Safe to repeat."""
    check_has_come(on, today=at.date())
    rows = aging_records.read(Sight(consignee, own_side="held"), aging_records.BY_ITSELF)
    extensions = aging_records.extensions(rows)
    due: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        if _fate(row, extensions[row.key], on):
            due[row.organization_id].append(row.layer)
    runs = [_run(OrganizationId(one), layers, on, by, at) for one, layers in due.items()]
    return AgingRun(*map(sum, zip(*runs, strict=True))) if runs else AgingRun(0, 0, 0)


def _fate(row: Aging, more: Extensions, on: date) -> Fate | None:
    return trade.fate(row.terms, row.received_on, row.shipped_on, more, on)


def _run(
    organization: OrganizationId, layers: Iterable[int], on: date, by: str, at: datetime
) -> AgingRun:
    """What is due in one organization, seen again under its lock."""
    with ledger.posting(
        organization, cause="aging", reference=f"run of {on}", recorded_at=at, recorded_by=by
    ) as posting:
        posting.organization.check_day(on, today=posting.recorded_on)
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
        self.by_layer = aging_records.of_layers(organization.id, layers)
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

    def own_unit(self, goods: Aging, quantity: int, unit: str) -> int:
        return self.items[ItemId(goods.item_id)].in_own_unit(quantity, unit.strip())


class _Named(_Goods):
    """The goods that lines name by receipt and line, or by layer."""

    def __init__(self, posting: OpenPosting, lines: Sequence[Line]) -> None:
        self._receipts = standing_keys(
            posting.organization.id,
            own_source("receipt"),
            {self.said(line) for line in lines if line.receipt},
        )
        layers = {layer for line in lines if (layer := self._layer(line))}
        super().__init__(posting, layers)

    def said(self, line: AgedLine | ExtensionLine) -> str:
        """The goods as people call them: the receipt and its line, or the layer."""
        if line.receipt.strip():
            return f"{line.receipt.strip()}/{line.line.strip().lstrip('0') or '1'}"
        return line.layer.strip()

    def goods(self, line: AgedLine | ExtensionLine) -> Aging:
        required(line.reference, "reference")
        layer = self._layer(line)
        if layer not in self.by_layer:
            raise UnknownReceipt(self.said(line), self.organization.code)
        return self.by_layer[layer]

    def _layer(self, line: AgedLine | ExtensionLine) -> LayerNumber | None:
        if line.receipt.strip():
            found = self._receipts.get(self.said(line))
            return LayerNumber(found) if found else None
        number = line.layer.strip().removeprefix("lay_")
        return LayerNumber(int(number)) if number.isascii() and number.isdigit() else None

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
        if line.until.strip():
            until = parse_day(line.until)
        else:
            until = stands + timedelta(days=whole_number(line.days, "days", least=1, most=3650))
        if until <= stands:
            raise NotMoreTime(self.said(line), deadline, stands, until)
        return until


Understood = TypeVar("Understood")


def _read(
    lines: Sequence[Line], read: Callable[[int, Line], Understood], outcome: Outcome
) -> list[Understood]:
    told = []
    for index, line in enumerate(lines):
        try:
            told.append(read(index, line))
        except Refusal as refusal:
            outcome.refuse(index, refusal)
    return told
