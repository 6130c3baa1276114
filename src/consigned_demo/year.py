"""The year, played day by day: the day is the clock, and everything of a day goes in batches.

Each day the goods that arrived are received, put away and moved, the tills report what was sold
and what came back, advices are made as their cycles close, suppliers bill, staged invoices are
released; once a week what waits is tried again and what is due is paid.

Every act may be told twice, so a year that broke off goes on with the day it broke off in.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from consigned.master_data.agreements import SettlementMethod
from consigned.measure.identity import OrganizationId, PartyId
from consigned.measure.refusal import Refusal
from consigned.settlement.invoices import Standing
from consigned_demo import suppliers, upkeep
from consigned_demo.chance import falls
from consigned_demo.programme import (
    OPENING,
    THOUSANDTH,
    Programme,
    Supply,
)
from consigned_demo.sales import Sales, TillLine
from consigned_demo.suppliers import Act, Desk, Error, ToDo
from consigned_demo.supply import Supplies, ordered_on
from consigned_service.operations.consumption import issues as consumption
from consigned_service.operations.consumption.issues import Reported
from consigned_service.operations.core.lines import written
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.core.statistics import take_stock_of_tables
from consigned_service.operations.core.upsert import RecordedBy
from consigned_service.operations.inbound import orders, putaway, receipts, shipments
from consigned_service.operations.inventory import aging
from consigned_service.operations.inventory import transfers as custody
from consigned_service.operations.master_data import agreements
from consigned_service.operations.master_data.parties import party_named
from consigned_service.operations.returns import returns
from consigned_service.operations.settlement import advices, exceptions, invoices, payments
from consigned_service.operations.settlement import credit_notes as credits
from consigned_service.operations.settlement import debit_memos as debits
from consigned_service.operations.settlement.invoices import FromConsignor, NamedInvoice
from consigned_service.queries.accounting import billing
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.settlement.debit_memos import credit_notes

BY = "demo"
FIRST_DAY = ordered_on(OPENING)
AFTER_IT = timedelta(hours=2)
"""How long after the evening of a day the cycles that close on it are told."""
RETURNED = 0.01
RETURNED_AFTER = timedelta(4)
MONDAY, FRIDAY = 0, 4
BILLED = (SettlementMethod.SUPPLIER_INVOICE, SettlementMethod.SELF_BILL_STAGED)


class Store(NamedTuple):
    """A store as an organization, and what comes to it."""

    number: int
    code: str
    organization: OrganizationId
    supplies: Supplies


class Stage(NamedTuple):
    """Everything that a day is played with."""

    grocer: Viewer
    programme: Programme
    sales: Sales
    stores: tuple[Store, ...]
    desk: Desk

    @property
    def consignee(self) -> PartyId:
        return PartyId(self.grocer.party_id)


def play(stage: Stage, since: date, progress: Callable[[date], None]) -> None:
    """Play every day from one on to the last day on which anything was sold."""
    before = billing.advices_made(
        stage.grocer, since - suppliers.LATEST, since - timedelta(1), BILLED
    )
    stage.desk.take(before)
    for day in days(since, stage.sales.last_day):
        _play_day(stage, day)
        if day.day == 1:
            take_stock_of_tables()
        progress(day)


def day_of(recorded_at: datetime) -> date:
    """The day that was played when something was recorded."""
    return (recorded_at - AFTER_IT).date()


def days(first: date, last: date) -> Iterator[date]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


def _play_day(stage: Stage, day: date) -> None:
    at = datetime.combine(day, time(23), UTC)
    for store in stage.stores:
        _receive(store, day, at)
        _sell(stage, store, day, at)
        _keep_up(stage, store, day, at)
    _agree(stage.programme, day, at)
    if day.weekday() == MONDAY:
        for store in stage.stores:
            exceptions.resubmit(organization=store.organization, by=BY, at=at)
        aging.run_aging(consignee=stage.consignee, on=day, by=BY, at=at)
    _close(stage, day, at)
    if day.weekday() in suppliers.MAIL_DAYS:
        made = billing.advices_made(stage.grocer, day - timedelta(6), day, BILLED)
        stage.desk.take(made)
        _settle(stage.desk.on(day), at)
    if day.weekday() == FRIDAY:
        _credit(stage, day, at)
        payments.run_payments(consignee=stage.consignee, on=day, by=BY, at=at)


def _close(stage: Stage, day: date, at: datetime) -> None:
    """The advices of the cycles that close on a day, made when it is over."""
    advices.run_advices(consignee=stage.consignee, on=day, by=BY, at=at + AFTER_IT)


def _credit(stage: Stage, day: date, at: datetime) -> None:
    """The suppliers credit what they were asked for by now; what went back since is asked for, and
    what the grocer writes for them itself is released."""
    notes = [
        credits.CreditNote(
            memo.consignor, f"C-{memo.number}", day, memo.currency, memo.lines, memo.number
        )
        for memo in billing.memos_to_credit(stage.grocer)
    ]
    if notes:
        done(credits.record_credit_notes(notes=notes, by=BY, at=at))
    debits.run_debit_memos(consignee=stage.consignee, on=day, by=BY, at=at)
    for note in credit_notes(stage.grocer, standing=Standing.STAGED).rows:
        credits.accept_credit_note(
            consignor=party_named(note.consignor), number=note.number, by=BY, at=at
        )


def _receive(store: Store, day: date, at: datetime) -> None:
    """The documents and the goods of a day, from the order to the shop floor."""
    organization, supplies = store.organization, store.supplies
    if ordered := supplies.orders(day):
        done(orders.place_orders(organization=organization, lines=ordered, at=at))
    if shipped := supplies.notices(day):
        done(shipments.record_ship_notices(organization=organization, lines=shipped, by=BY, at=at))
    if received := supplies.receipts(day):
        done(receipts.record_receipts(organization=organization, lines=received, by=BY, at=at))
    if staged := supplies.put_away(day):
        done(putaway.put_away(organization=organization, lines=staged, by=BY, at=at))
    if moved := supplies.transfers(day):
        done(custody.transfer_goods(organization=organization, lines=moved, by=BY, at=at))
    if mistaken := supplies.mistaken(day):
        done(returns.transfer_to_consigned(organization=organization, lines=mistaken, by=BY, at=at))


def _sell(stage: Stage, store: Store, day: date, at: datetime) -> None:
    """One day's till lines of a store, and what customers bring back, in one batch."""
    lines = [_sold(stage.programme, line) for line in stage.sales.of_day(store.number, day)]
    lines += [
        _returned(line)
        for line in stage.sales.of_day(store.number, day - RETURNED_AFTER)
        if _comes_back(stage.programme, line)
    ]
    if lines:
        done(
            consumption.record_consumption(
                organization=store.organization, lines=lines, source="till", by=BY, at=at,
                queue_shortages=True,
            )
        )  # fmt: skip


def _keep_up(stage: Stage, store: Store, day: date, at: datetime) -> None:
    """What lies in a store is counted, looked through, and what differs is explained."""
    shop = upkeep.Shop(
        stage.grocer, store.organization, store.code, store.supplies.last_sold,
        stage.programme.never_bought, stage.programme.seed,
    )  # fmt: skip
    for act in upkeep.ACTS:
        done(act(shop, day, at))


def _sold(programme: Programme, line: TillLine) -> Reported:
    goods = programme.goods[line.product]
    price = programme.said_price(goods, line)
    return written(
        Reported,
        reference=line.reference,
        item=goods.item.code,
        quantity=str(line.quantity),
        occurred_at=line.at.isoformat(),
        unit=THOUSANDTH if goods.is_petrol else "",
        price=price,
        currency=programme.consignors[goods.consignors[0]].terms.currency if price else "",
        customer=f"household {line.household}",
    )


def _comes_back(programme: Programme, line: TillLine) -> bool:
    goods = programme.goods[line.product]
    return (
        line.quantity > 0
        and goods.supply is not Supply.NOT_AGREED
        and not goods.is_petrol
        and falls(RETURNED, programme.seed, "returned", line.reference)
    )


def _returned(line: TillLine) -> Reported:
    return written(
        Reported,
        reference=f"{line.reference}-R",
        item=str(line.product),
        quantity="-1",
        occurred_at=(line.at + RETURNED_AFTER).isoformat(),
        customer=f"household {line.household}",
    )


def _agree(programme: Programme, day: date, at: datetime) -> None:
    """What the parties agree on late: prices that were missing, agreements that go on."""
    if told := programme.prices_told_on(day):
        done(agreements.register_prices(lines=told))
    if extended := programme.agreements_extended_on(day):
        done(agreements.register_agreements(lines=extended, told_by=RecordedBy(BY, at)))


def _settle(todo: list[ToDo], at: datetime) -> None:
    """The suppliers' invoices of a day, and what is released, disputed, accepted or sent back."""
    wrong: dict[tuple[Act, Error | None], list[NamedInvoice]] = defaultdict(list)
    for one in todo:
        if one.act in (Act.DISPUTE, Act.CORRECT, Act.ACCEPT):
            named = NamedInvoice(one.advice.consignor, f"I-{one.advice.number}")
            wrong[one.act, one.error].append(named)
    for (act, error), together in wrong.items():
        because = suppliers.WRITTEN[error] if error else ""
        match act:
            case Act.DISPUTE:
                invoices.dispute_invoices(
                    invoices=together, by=BY, at=at, because=because,
                    evidence="the advice that the invoice names, and each use that it tells",
                )  # fmt: skip
            case Act.CORRECT:
                invoices.reject_invoices(invoices=together, by=BY, at=at, because=because)
            case Act.ACCEPT:
                why = "a few cents: accepted as billed, as the buyer says"
                invoices.accept_invoices(invoices=together, by=BY, at=at, because=why)
    released = [one for one in todo if one.act is Act.RELEASE]
    billed = [one for one in todo if one.act in suppliers.BRINGS_AN_INVOICE]
    if released:
        staged = [NamedInvoice(one.advice.consignor, f"SB-{one.advice.number}") for one in released]
        invoices.accept_invoices(invoices=staged, by=BY, at=at)
    if billed:
        incoming = [FromConsignor(one.advice.consignor, suppliers.invoice(one)) for one in billed]
        invoices.record_incoming(invoices=incoming, by=BY, at=at)


def done(outcome: Result) -> None:
    """Nothing of a demonstration may be refused: that would be a defect, and is said as one."""
    if outcome.refused:
        refused = outcome.refused[0]
        raise NotPlayed(refused.index, refused.refusal, len(outcome.refused))


class NotPlayed(AssertionError):
    def __init__(self, index: int, refusal: Refusal, count: int) -> None:
        super().__init__(f"{count} lines were refused; line {index}: {refusal.sentence()}")
