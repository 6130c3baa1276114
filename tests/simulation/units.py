"""A month in which goods go back before and after their advice and invoice, prices change for days
gone by, and runs are struck down and asked again; at its end each unit is settled exactly once.

The month is played as the other one is, from a seed and over the same channels; what comes of it is
read from the raw rows alone, unit by unit: so many pieces of an item, used in one organization on
one day, under one agreement.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import NamedTuple

from consigned.measure.refusal import Refusal
from consigned_service.operations.consumption import issues as consumption
from consigned_service.operations.consumption.issues import Reported
from consigned_service.operations.core.lines import written
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.inbound import receipts
from consigned_service.operations.inbound.receipts import ReceiptLine
from consigned_service.operations.returns import returns
from consigned_service.operations.settlement import (
    advices,
    exceptions,
    invoices,
    payments,
    price_changes,
)
from consigned_service.records import models
from tests.simulation.model import Asked
from tests.simulation.month import BY, ITEMS, LAST, PRICES, Month, done, organization, party

CLOSINGS = (LAST + timedelta(days=40), LAST + timedelta(days=80))
"""By the first all cycles of the month have closed, by the second all cycles of its corrections."""
PAID_BY = LAST + timedelta(days=150)


class MonthOfUnits(Month):
    """The month without a model beside it, and with what goes back or changes later."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.acts: Counter[str] = Counter()

    def play(self) -> None:
        self.open()
        while self.today <= LAST:
            self.play_day()
            self.today += timedelta(days=1)
        self.close()

    def play_day(self) -> None:
        chance = self.chance
        self.learn_prices()
        for code in self.houses:
            self.happen(code)
            self.hear_deliveries(code, self.deliveries[code].deliver())
            self.hear_sales(code, self.sales[code].deliver())
            for act in (self.keep, self.keep, self.turn_back, self.send_back, self.send_back):
                if chance.random() < 0.5:
                    act(code)
            if chance.random() < 0.25:
                self.resubmit(code)
        if chance.random() < 0.3:
            self.change_price()
        if chance.random() < 0.7:
            self.advise()
        self.settle(self.bills.deliver())
        if self.today.weekday() == 4:
            self.pay()

    def hear_deliveries(self, code: str, lines: list[tuple]) -> None:
        for batch in self.batches(lines):
            said = [
                written(
                    ReceiptLine, reference, "1", day.isoformat(), agreement=agreement, item=item,
                            quantity=str(quantity))
                for reference, item, quantity, agreement, day in batch
            ]  # fmt: skip
            done(
                self.certainly(
                    lambda said=said: receipts.record_receipts(
                        organization=organization(code), lines=said, by=BY, at=self.at
                    ),
                    count=True,
                )
            )

    def hear_sales(self, code: str, lines: list[Asked]) -> None:
        for batch in self.batches(lines):
            said = [
                written(Reported,
                    a.reference, a.item, str(a.quantity), a.day.isoformat(), "", a.kind, "",
                         a.consignor, price=a.price)
                for a in batch
            ]  # fmt: skip
            self.certainly(
                lambda said=said: consumption.record_consumption(
                    organization=organization(code), lines=said, source="till", by=BY, at=self.at,
                    queue_shortages=True,
                ),
                count=True,
            )  # fmt: skip

    def keep(self, code: str) -> None:
        """Goods become ours and stay, so that they can go back."""
        line = written(
            Reported, self.name("K"), self.item(), "4", self.day(), kind="transfer-to-owned"
        )
        self.attempt(
            "kept",
            lambda: consumption.record_consumption(
                organization=organization(code), lines=[line], source="keeper", by=BY, at=self.at
            ),
        )

    def turn_back(self, code: str) -> None:
        line = written(returns.ToConsignedLine, self.name("X"), self.item(), self.few(), self.day())
        self.attempt(
            "title turned back",
            lambda: returns.transfer_to_consigned(
                organization=organization(code), lines=[line], by=BY, at=self.at
            ),
        )

    def send_back(self, code: str, item: str = "") -> None:
        """Goods that are ours go to their supplier, told by an advice or not; where an item is
        named, one piece of it goes back as what an advice has told."""
        line = written(returns.ReturnLine,
            self.name("G"), item or self.item(), "1" if item else self.few(), self.day(),
            owned="yes", with_title_transfer="" if item else self.chance.choice(["", "yes"]),
        )  # fmt: skip
        self.attempt(
            "sent back",
            lambda: returns.return_to_supplier(
                organization=organization(code), lines=[line], by=BY, at=self.at
            ),
        )

    def change_price(self) -> None:
        terms = self.chance.choice(list(self.model.terms.values()))
        since = self.today - timedelta(days=self.chance.randint(1, 12))
        line = written(price_changes.PriceChangeLine,
            terms.number, self.name("C"), self.item(), since.isoformat(),
            self.chance.choice(PRICES),
        )  # fmt: skip
        self.attempt(
            "price changed",
            lambda: price_changes.change_prices_retroactively(lines=[line], by=BY, at=self.at),
        )

    def resubmit(self, code: str) -> None:
        self.certainly(
            lambda: exceptions.resubmit(organization=organization(code), by=BY, at=self.at)
        )

    def advise(self) -> None:
        known = set(models.Advice.objects.values_list("number", flat=True))
        run = {"consignee": party("northwind"), "on": self.today, "by": BY}
        run["at"] = self.at + timedelta(days=1)
        self.certainly(lambda: advices.run_advices(**run))
        self.certainly(lambda: advices.run_advices(**run))
        for advice in models.Advice.objects.exclude(number__in=known):
            if advice.settlement_method == "supplier-invoice":
                self.bills.send(advice.number)

    def close(self) -> None:
        """All that was under way arrives, every price is told, and every cycle closes."""
        for code in self.houses:
            self.hear_deliveries(code, self.deliveries[code].flush())
            self.hear_sales(code, self.sales[code].flush())
            self.hear_sales(code, list(self.sales[code].arrived))
        for self.today in CLOSINGS:
            self.learn_prices()
            for code in self.houses:
                self.resubmit(code)
            self.advise()
            self.settle(self.bills.flush())
            for code in self.houses:
                for item in ITEMS:  # advices have told all that is ours
                    self.send_back(code, item)
        for staged in models.Invoice.objects.filter(is_self_billed=True, settlement=None):
            invoices.accept_invoice(
                consignor=staged.consignor_id, number=staged.number, by=BY, at=self.at
            )
        self.today = PAID_BY
        for _ in range(2):
            payments.run_payments(consignee=party("northwind"), on=self.today, by=BY, at=self.at)

    def attempt(self, name: str, act: Callable[[], Result]) -> None:
        """What cannot be done is refused; what can is counted, so that each is known to come."""
        with suppress(Refusal):
            self.acts[name] += self.certainly(act).new

    def item(self) -> str:
        return self.chance.choice(ITEMS)

    def few(self) -> str:
        return str(self.chance.randint(1, 3))

    def day(self) -> str:
        return self.today.isoformat()


# --- what the rows say -----------------------------------------------------------------------


class Unit(NamedTuple):
    """Goods alike: used in one organization, on one day, under one agreement."""

    organization: int
    agreement: int
    item: int
    used_on: date


class Settled(NamedTuple):
    """What the rows say of each unit: used, gone back before its advice, after it, and on advice
    lines, which are on accepted invoices and these on payments."""

    used: Counter[Unit]
    turned_back: Counter[Unit]
    sold_back: Counter[Unit]
    advised: Counter[Unit]
    prices: dict[Unit, Counter[tuple[int, int]]]
    """On advice lines at each price that an agreement gave."""


def read_units() -> Settled:
    found = Settled(Counter(), Counter(), Counter(), Counter(), defaultdict(Counter))
    totals = {(t.organization_id, t.number): t for t in models.Total.objects.all()}
    entries = {(e.organization_id, e.number): e for e in models.Entry.objects.all()}
    charges = {(c.organization_id, c.entry): c for c in models.Charge.objects.all()}
    back = {(r.organization_id, r.entry): r for r in models.Reversal.objects.all()}
    layers = {(x.organization_id, x.number): x for x in models.Layer.objects.all()}

    def unit(entry: models.Entry) -> Unit:
        layer = layers[entry.organization_id, entry.layer]
        return Unit(entry.organization_id, layer.agreement, layer.item_id, entry.happened_on)

    def on_its_line(organization: int, number: int, used_on: date, quantity: int) -> None:
        total = totals[organization, number]
        if total.advice_line is not None:
            it = Unit(organization, total.agreement, total.item_id, used_on)
            found.advised[it] += quantity
            if total.price_source != "transaction":
                found.prices[it][total.price, total.per] += quantity

    for (ledger, number), entry in entries.items():
        if entry.kind == "transferred-to-owned":
            found.used[unit(entry)] += entry.quantity
            if charge := charges.get((ledger, number)):
                on_its_line(ledger, charge.total, entry.happened_on, charge.quantity)
    for (ledger, number), reversal in back.items():
        passed = entries[ledger, reversal.reverses]
        it = unit(passed)
        if entries[ledger, number].kind == "transferred-to-consigned":
            found.turned_back[it] += reversal.quantity
            if charge := charges.get((ledger, number)):
                assert charge.quantity == -reversal.quantity
                on_its_line(ledger, charge.total, passed.happened_on, charge.quantity)
        else:
            found.sold_back[it] += reversal.quantity
    for moved in models.PriceCorrection.objects.all():
        on_its_line(moved.organization_id, moved.total, moved.used_on, moved.quantity)
    return found


def every_unit_is_settled_once() -> Settled:
    """Each used unit is on exactly one advice line, or its title went back before one told it; each
    advice is on exactly one accepted invoice of its own amount, and that on exactly one payment.
    Prices changed later take off what they put on, so that each day's goods end at one price."""
    found = read_units()
    for it, used in found.used.items():
        assert found.advised[it] == used - found.turned_back[it], it
        assert 0 <= found.sold_back[it] <= found.advised[it], it
        assert sum(bool(quantity) for quantity in found.prices[it].values()) <= 1, it
    assert +found.advised == Counter({it: n for it, n in found.advised.items() if found.used[it]})
    told: Counter[int] = Counter()
    for total in models.Total.objects.exclude(advice_line=None):
        told[total.advice_line] += total.quantity
    waiting: dict[int, int] = {}
    lines = list(models.AdviceLine.objects.all())
    assert told == Counter({line.pk: line.quantity for line in lines})
    assert sum(told.values()) == sum(found.advised.values())
    for line in lines:
        (invoice,) = models.Invoice.objects.filter(
            advice=line.advice_id, decisions__standing="accepted"
        )
        assert invoice.pk == models.Settlement.objects.get(advice=line.advice_id).invoice_id
        (billed,) = invoice.lines.filter(line=line.line)
        assert (billed.quantity, billed.amount) == (line.quantity, line.amount)
        paid_by = models.PaymentLine.objects.filter(invoice=invoice).first()
        if paid_by is None:  # what comes to less than nothing waits for a payment it fits into
            assert invoice.amount < 0
            assert not models.Payment.objects.filter(
                consignor=invoice.consignor_id, paid_on__gte=invoice.due_on,
                amount__gte=-invoice.amount,
            ).exists(), invoice.number  # fmt: skip
            waiting[invoice.pk] = invoice.amount
        else:
            assert paid_by.amount == invoice.amount
    asked = sum(request.quantity for request in models.DebitRequest.objects.all())
    assert asked == sum(found.sold_back.values())
    paid = sum(payment.amount for payment in models.Payment.objects.all())
    assert paid == sum(line.amount for line in lines) - sum(waiting.values())
    return found
