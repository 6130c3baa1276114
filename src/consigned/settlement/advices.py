"""Consumption advices: what was used in a billing cycle, told to the consignor, once.

    weekly, first closing 7 November 2014
    run for  2 November   nothing is due
    run for  7 November   on the 7th, nothing is due: its day is not over
                          after it, 1-7 November; the next closes on the 14th
    run for 10 November   nothing is due
    run for 14 November   after it, 8-14 November; the next closes on the 21st    (checklist O16)

The agreement's summary level says what one advice holds: an item's day, an item, an organization,
or everything (O09-O12). A line is one item of one organization at one price and tax; its amount
is rounded once, and so is its tax. Where the run is asked to, each kind of use has lines of its
own (O06); a return counts under the kind that it undoes. What corrects the price of goods that
were told before has lines of its own. What nets to nothing makes no line; what its uses have
accrued nevertheless, by rounding, is told beside the advices, to be booked back. An agreement that
pays on use has an advice for each use, made in the moment in which the use is recorded (O22).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from consigned.master_data.agreements import Agreement, SummaryLevel
from consigned.master_data.taxes import read_tax
from consigned.measure.identity import AgreementId, ItemId, OrganizationId, TotalNumber
from consigned.measure.money import Minor, Price
from consigned.measure.period import DAY, Cycle


class Total(NamedTuple):
    """A running total as the ledger keeps it."""

    organization: OrganizationId
    number: TotalNumber
    agreement: AgreementId
    closes_on: date
    item: ItemId
    happened_on: date
    kind: str
    price: Price
    quantity: int
    is_correction: bool = False
    """Whether it corrects the price of what an advice told before."""
    alone: int = 0
    """Which use it counts alone, where the agreement pays on use."""
    tax: str = ""
    """The tax that comes on top of its price, in words; empty: none."""


class LineKind(StrEnum):
    CONSUMPTION = "consumption"
    PRICE_CORRECTION = "price-correction"
    """Debits or credits what an advice told before at another price (checklist X06)."""


class AdviceLine(NamedTuple):
    """One item of one organization at one price and tax; `booked` is what its uses have accrued,
    without tax."""

    organization: OrganizationId
    item: ItemId
    happened_on: date | None
    price: Price
    quantity: int
    amount: Minor
    booked: int
    totals: tuple[TotalNumber, ...]
    kind: LineKind = LineKind.CONSUMPTION
    use_kind: str | None = None
    """The kind of use it tells, where the kinds are told apart."""
    tax: str = ""
    """The tax that comes on top of its price, in words; empty: none."""

    @property
    def tax_amount(self) -> Minor:
        """The tax on its amount, rounded once."""
        return read_tax(self.tax).of(self.amount)


class Layout(NamedTuple):
    """How a run is asked to tell what was used; each advice keeps how it was told."""

    by_kind: bool = False
    """Whether each kind of use has lines of its own (checklist O06)."""
    shows_lots: bool = True
    """Whether lots and serials are told to whoever reads the advice (checklist O07)."""


AS_EVER = Layout()


class Advice(NamedTuple):
    """An advice drawn up, not yet numbered."""

    agreement: Agreement
    cycle: Cycle
    organization: OrganizationId | None
    item: ItemId | None
    happened_on: date | None
    lines: tuple[AdviceLine, ...]
    layout: Layout = AS_EVER

    @property
    def amount(self) -> Minor:
        return Minor(sum(line.amount for line in self.lines))

    @property
    def tax_amount(self) -> Minor:
        return Minor(sum(line.tax_amount for line in self.lines))


def is_due(agreement: Agreement, closes_on: date, *, on: date, today: date) -> bool:
    """Whether a run for a day tells the cycle that closes on one: the cycle, and the days of grace
    after it, are over where the goods lie, and by the day of the run (decision 0038)."""
    over_on = closes_on + agreement.advice_grace_days * DAY
    return over_on <= on and over_on < today


def draw_up(
    agreement: Agreement, totals: Iterable[Total], layout: Layout = AS_EVER
) -> Iterator[Advice]:
    """The advices of one agreement for the totals of its closed cycles, oldest cycle first.

    A missed run makes one advice for each cycle missed (decision 0056), by the terms of the day on
    which the cycle closes.
    """
    for stands, of_cycle in _by_cycle(agreement, totals):
        yield from _draw_up_cycle(stands, of_cycle, layout)


def _draw_up_cycle(
    agreement: Agreement, totals: Iterable[Total], layout: Layout
) -> Iterator[Advice]:
    level = agreement.summary_level
    ordered = sorted(
        totals, key=lambda total: (_advice_key(level, total), _line_key(level, total, layout))
    )
    for (closes_on, *scope), group in groupby(ordered, lambda total: _advice_key(level, total)):
        lines = tuple(_lines(level, group, layout))
        if lines:
            cycle = agreement.cycle_of(closes_on)
            organization, item, happened_on = (*scope, None, None, None)[:3]
            yield Advice(agreement, cycle, organization, item, happened_on, lines, layout)


def _by_cycle(
    agreement: Agreement, totals: Iterable[Total]
) -> Iterator[tuple[Agreement, list[Total]]]:
    """The totals of each cycle, with the agreement as it stands on its closing day."""
    in_order = sorted(totals, key=lambda total: total.closes_on)
    for closes_on, group in groupby(in_order, lambda total: total.closes_on):
        yield agreement.on(closes_on), list(group)


def draw_up_each_use(agreement: Agreement, totals: Iterable[Total]) -> Iterator[Advice]:
    """An advice for each use by itself, on the day that its totals close on."""
    ordered = sorted(totals, key=lambda total: (total.alone, total.number))
    for _, group in groupby(ordered, lambda total: total.alone):
        counted = list(group)
        first = counted[0]
        lines = tuple(_line(SummaryLevel.ITEM_AND_DAY, [total]) for total in counted)
        cycle = Cycle(first.closes_on, first.closes_on)
        stands = agreement.on(first.closes_on)
        yield Advice(stands, cycle, first.organization, first.item, first.happened_on, lines)


def cancelling(
    agreement: Agreement, totals: Iterable[Total], layout: Layout = AS_EVER
) -> Iterator[AdviceLine]:
    """What of an agreement's totals nets to nothing: no advice tells it, nothing is owed for it."""
    for stands, of_cycle in _by_cycle(agreement, totals):
        yield from _cancelling_in_cycle(stands.summary_level, of_cycle, layout)


def _cancelling_in_cycle(
    level: SummaryLevel, totals: Iterable[Total], layout: Layout
) -> Iterator[AdviceLine]:
    def key(total: Total) -> tuple:  # type: ignore[type-arg]
        return (_advice_key(level, total), _line_key(level, total, layout))

    for _, group in groupby(sorted(totals, key=key), key):
        line = _line(level, list(group))
        if line.quantity == 0:
            yield line


def _advice_key(level: SummaryLevel, total: Total) -> tuple:  # type: ignore[type-arg]
    match level:
        case SummaryLevel.ITEM_AND_DAY:
            return (total.closes_on, total.organization, total.item, total.happened_on)
        case SummaryLevel.ITEM:
            return (total.closes_on, total.organization, total.item)
        case SummaryLevel.ORGANIZATION:
            return (total.closes_on, total.organization)
        case SummaryLevel.ALL_ORGANIZATIONS:
            return (total.closes_on,)


def _line_key(level: SummaryLevel, total: Total, layout: Layout) -> tuple:  # type: ignore[type-arg]
    key = (
        total.organization, total.kind if layout.by_kind else "", total.item, total.is_correction,
        total.price, total.tax,
    )  # fmt: skip
    return (*key, total.happened_on) if level is SummaryLevel.ITEM_AND_DAY else key


def _lines(level: SummaryLevel, totals: Iterable[Total], layout: Layout) -> Iterator[AdviceLine]:
    for (_, kind, *_), group in groupby(totals, lambda total: _line_key(level, total, layout)):
        line = _line(level, list(group))
        if line.quantity:
            yield line._replace(use_kind=kind or None)


def _line(level: SummaryLevel, alike: Sequence[Total]) -> AdviceLine:
    first = alike[0]
    quantity = sum(total.quantity for total in alike)
    return AdviceLine(
        organization=first.organization,
        item=first.item,
        happened_on=first.happened_on if level is SummaryLevel.ITEM_AND_DAY else None,
        price=first.price,
        quantity=quantity,
        amount=first.price.extend(quantity),
        booked=sum(first.price.extend(total.quantity) for total in alike),
        totals=tuple(total.number for total in alike),
        kind=LineKind.PRICE_CORRECTION if first.is_correction else LineKind.CONSUMPTION,
        tax=first.tax,
    )
