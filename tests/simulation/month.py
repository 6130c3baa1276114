"""One month from one seed: what happens in reality, and how service and model hear of it."""

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TypeVar

from django.db import transaction

from consigned.inventory.title_transfers import NotEnoughOnHand
from consigned.measure.identity import OrganizationId, PartyId
from consigned.settlement.invoices import AdviceAlreadySettled, Billed
from consigned_service.operations.consumption import issues as consumption
from consigned_service.operations.consumption.issues import Reported
from consigned_service.operations.core.lines import written
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.inbound import receipts
from consigned_service.operations.inbound.receipts import ReceiptLine
from consigned_service.operations.inventory import transfers as custody
from consigned_service.operations.master_data import agreements, items, parties
from consigned_service.operations.settlement import advices, exceptions, invoices, payments
from consigned_service.queries.core.viewers import viewer_of_party
from consigned_service.queries.inventory import stock
from consigned_service.queries.settlement import payables as owed_queries
from consigned_service.records import models
from consigned_service.records.settlement.advices import read_advices
from tests.simulation.channel import Channel
from tests.simulation.model import Advice, Asked, House, Model, Terms

Answer = TypeVar("Answer")

BY = "dora"
FIRST, LAST = date(2024, 2, 1), date(2024, 3, 2)
CONSIGNORS = ("acme", "bolts", "carver")
ITEMS = ("BOLT", "NUT", "OIL")
PRICES = ("1.25", "0.3333", "0.125", "7.005", "0.015")


class Crash(Exception):
    """The service is struck down in the middle of an act."""


class Month:
    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.today = FIRST
        self.model = Model(
            [self._terms(consignor) for consignor in CONSIGNORS],
            [House("S1", own_first=True), House("S2", own_first=self.chance.random() < 0.5)],
        )
        self.sales: dict[str, Channel[Asked]] = {c: Channel(self.chance) for c in self.houses}
        self.deliveries: dict[str, Channel[tuple]] = {c: Channel(self.chance) for c in self.houses}
        self.bills: Channel[str] = Channel(self.chance)
        self.coming_back: Counter[tuple[str, str]] = Counter()
        self.numbered = 0
        self.billed: dict[str, int] = {}
        self.planted = self.caught = 0

    # --- before the month --------------------------------------------------------------

    def _terms(self, consignor: str) -> Terms:
        chance = self.chance
        terms = Terms(
            f"A-{consignor}",
            consignor,
            chance.choice(["daily", "weekly", "weekly", "monthly"]),
            FIRST + timedelta(days=chance.choice([3, 6, 14, 28])),
            chance.choice(
                ["organization-item-day", "organization-item", "organization", "all-organizations"]
            ),
            chance.choice(
                ["supplier-invoice", "supplier-invoice", "self-bill-automatic", "self-bill-staged"]
            ),
            chance.choice([0, 5, 30]),
            chance.random() < 0.4,
        )
        for item in ITEMS:
            if chance.random() < 0.3:
                terms.forgotten_until[item] = FIRST + timedelta(days=chance.randint(4, 20))
            terms.prices[item] = [(FIRST - timedelta(days=40), chance.choice(PRICES))]
            if chance.random() < 0.5:
                change = FIRST + timedelta(days=chance.randint(9, 25))
                terms.prices[item].append((change, chance.choice(PRICES)))
        return terms

    @property
    def houses(self) -> Iterable[str]:
        return self.model.houses

    def open(self) -> None:
        """Who there is and what was agreed; a price comes in when its day has come."""
        at = self.at
        done(
            parties.register_parties(
                lines=[written(parties.PartyLine, code, "") for code in ("northwind", *CONSIGNORS)]
            )
        )
        done(
            parties.register_organizations(
                lines=[
                    written(parties.OrganizationLine,
                        house.code, "", "northwind", "USD",
                        "own-first" if house.own_first else "consigned-first",
                    )
                    for house in self.model.houses.values()
                ],
                by=BY, at=at,
            )
        )  # fmt: skip
        done(
            items.register_items(lines=[written(items.ItemLine, code, "", "EA") for code in ITEMS])
        )
        done(
            agreements.register_agreements(
                lines=[
                    written(agreements.AgreementLine,
                        terms.number, terms.consignor, "northwind", "USD", "2023-01-01",
                        terms.frequency, "", "on-use", terms.first_closing.isoformat(), terms.level,
                        terms.method,
                        "transaction agreement" if terms.takes_said_prices else "agreement",
                        str(terms.payment_days), customer_returns="owned",
                    )
                    for terms in self.model.terms.values()
                ]
            )
        )  # fmt: skip

    def learn_prices(self) -> None:
        """Prices are told beforehand, but some were forgotten; telling them again is harmless."""
        done(
            agreements.register_prices(
                lines=[
                    written(agreements.PriceLine, terms.number, item, start.isoformat(), price)
                    for terms in self.model.terms.values()
                    for item, dated in terms.prices.items()
                    if self.today >= terms.forgotten_until.get(item, self.today)
                    for start, price in dated
                ]
            )
        )

    # --- the month ---------------------------------------------------------------------

    def play(self) -> None:
        self.open()
        while self.today <= LAST:
            self.learn_prices()
            for code in self.houses:
                self.happen(code)
                self.hear_deliveries(code, self.deliveries[code].deliver())
                self.hear_sales(code, self.sales[code].deliver())
                if self.chance.random() < 0.3:
                    self.take_over(code)
                if self.chance.random() < 0.25:
                    self.resubmit(code)
            if self.chance.random() < 0.8:
                self.advise()
                for code in self.houses:  # the day goes on
                    self.hear_sales(code, self.sales[code].deliver())
            self.settle(self.bills.deliver())
            if self.today.weekday() == 4:
                self.pay()
            self.today += timedelta(days=1)
        self.close()

    def happen(self, code: str) -> None:
        """A day of reality: goods come, goods go, some come back."""
        chance = self.chance
        for _ in range(chance.randint(0, 2)):
            agreement = chance.choice(list(self.model.terms))
            line = (self.name("R"), chance.choice(ITEMS), chance.randint(5, 60), agreement,
                    self.today)  # fmt: skip
            self.deliveries[code].send(line)
        for _ in range(chance.randint(1, 9)):
            item = chance.choice(ITEMS)
            asked = Asked(self.name("T"), item, chance.choice([0, 1, 1, 2, 3, 5, 12]), self.today,
                          chance.choice(["sale", "sale", "sale", "production"]))  # fmt: skip
            if chance.random() < 0.1:
                asked.consignor = chance.choice(CONSIGNORS)
            if chance.random() < 0.15:
                asked.price = chance.choice(PRICES)
            self.sales[code].send(asked)
        item = chance.choice(ITEMS)
        out = sum(g.out(self.today) for g in self.model.houses[code].goods if g.item == item)
        if out > self.coming_back[code, item] and chance.random() < 0.4:
            back = chance.randint(1, out - self.coming_back[code, item])
            self.coming_back[code, item] += back
            self.sales[code].send(Asked(self.name("B"), item, -back, self.today, "sale"))

    def hear_deliveries(self, code: str, lines: list[tuple]) -> None:
        for batch in self.batches(lines):
            said = [
                written(
                    ReceiptLine, reference, "1", day.isoformat(), agreement=agreement, item=item,
                            quantity=str(quantity))
                for reference, item, quantity, agreement, day in batch
            ]  # fmt: skip
            told = self.certainly(
                lambda said=said: receipts.record_receipts(
                    organization=organization(code), lines=said, by=BY, at=self.at
                ),
                count=True,
            )
            new = self.model.receive(code, batch)
            assert told.new == new, (told, new)

    def hear_sales(self, code: str, lines: list[Asked]) -> None:
        returns = [asked for asked in lines if asked.quantity < 0]
        for group in ([asked for asked in lines if asked.quantity >= 0], returns):
            for batch in self.batches(group):
                said = [
                    written(Reported,
                        a.reference, a.item, str(a.quantity), a.day.isoformat(), "", a.kind,
                             "", a.consignor, price=a.price)
                    for a in batch
                ]  # fmt: skip
                told = self.certainly(
                    lambda said=said: consumption.record_consumption(
                        organization=organization(code), lines=said, source="till", by=BY,
                        at=self.at, queue_shortages=True,
                    ),
                    count=True,
                )  # fmt: skip
                for asked in batch:
                    if asked.quantity < 0 and asked.reference not in self.model.houses[code].told:
                        self.coming_back[code, asked.item] += asked.quantity
                new = self.model.use(code, batch, self.today)
                assert (told.new, told.new + told.repeated) == (new, len(batch)), (told, new)

    def take_over(self, code: str) -> None:
        """Goods of one owner move into the room of our own, or are refused as a whole."""
        chance = self.chance
        asked = Asked("", chance.choice(ITEMS), chance.randint(1, 15), self.today,
                      "transfer-to-owned", chance.choice(CONSIGNORS))  # fmt: skip
        line = written(custody.TransferLine,
            self.name("M"), asked.item, str(asked.quantity), "STORE", "STOCK",
            asked.day.isoformat(), "", asked.consignor,
        )  # fmt: skip
        can = self.model.can_take_over(code, asked)
        try:
            self.certainly(
                lambda: custody.transfer_goods(
                    organization=organization(code), lines=[line], by=BY, at=self.at
                )
            )
        except NotEnoughOnHand:
            assert not can, asked
        else:
            assert can, asked
            self.model.use(code, [Asked(line.reference, *list(vars(asked).values())[1:])],
                           self.today)  # fmt: skip

    def resubmit(self, code: str) -> None:
        self.certainly(
            lambda: exceptions.resubmit(organization=organization(code), by=BY, at=self.at)
        )
        self.model.resubmit(code, self.today)

    def advise(self) -> None:
        northwind, on, after = party("northwind"), self.today, self.at + timedelta(days=1)
        known = set(models.Advice.objects.values_list("number", flat=True))
        self.certainly(lambda: advices.run_advices(consignee=northwind, on=on, by=BY, at=after))
        made = [advice for advice in models.Advice.objects.all() if advice.number not in known]
        told, modelled = (
            Counter(map(said_by_service, made)),
            Counter(map(said_by_model, self.model.advise(on))),
        )
        assert told == modelled, ("DIFF", on, told - modelled, modelled - told)
        for advice in made:
            if advice.settlement_method == "supplier-invoice":
                self.bills.send(advice.number)

    def settle(self, numbers: list[str]) -> None:
        """Suppliers bill what they were told, some of them wrongly, some of them twice."""
        for number in numbers:
            told = read_advices([number])[number]
            wrong = self.chance.random() < 0.3 and number not in self.billed
            lines = [Billed(*line) for line in told.lines]
            if wrong:
                self.planted += 1
                lines[0] = lines[0]._replace(amount=lines[0].amount + self.chance.choice([-1, 7]))
            bill = invoices.SupplierInvoice(
                self.name("I"), number, self.today, told.currency, lines
            )
            outcome = self.bill(told.consignor, bill)
            if number in self.billed:
                assert isinstance(outcome.refused[0].refusal, AdviceAlreadySettled)
                continue
            self.billed[number] = sum(line.amount for line in told.lines)
            assert (outcome.new, outcome.waiting) == (1, int(wrong))
            again = self.bill(told.consignor, bill)
            assert (again.new, again.repeated, again.refused) == (0, 1, [])
            if wrong:
                self.caught += 1
                invoices.reject_invoice(
                    consignor=told.consignor, number=bill.number, by=BY, at=self.at, because="sum"
                )
                right = bill._replace(number=self.name("I"), lines=told.lines)
                done(self.bill(told.consignor, right))
        for staged in models.Invoice.objects.filter(is_self_billed=True):
            decided = staged.decisions.values_list("standing", flat=True)
            if list(decided) == ["staged"] and self.chance.random() < 0.5:
                invoices.accept_invoice(
                    consignor=PartyId(staged.consignor_id), number=staged.number, by=BY, at=self.at
                )

    def bill(self, consignor: PartyId, bill: invoices.SupplierInvoice) -> Result:
        return invoices.record_invoices(consignor=consignor, invoices=[bill], by=BY, at=self.at)

    def pay(self) -> None:
        self.certainly(
            lambda: payments.run_payments(
                consignee=party("northwind"), on=self.today, by=BY, at=self.at
            )
        )

    def close(self) -> None:
        """After the month all that was under way arrives, and everything is told and settled."""
        for code in self.houses:
            self.hear_deliveries(code, self.deliveries[code].flush())
            self.hear_sales(code, self.sales[code].flush())
            self.hear_sales(code, list(self.sales[code].arrived))
            self.resubmit(code)
        self.advise()
        self.settle(self.bills.flush())

    # --- how the service is asked ------------------------------------------------------

    def certainly(self, act: Callable[[], Answer], *, count: bool = False) -> Answer:
        """Do an act, though the service may be struck down before it is kept, or after: whoever
        asked does not know which, and asks again."""
        if self.chance.random() < 0.1:
            with suppress(Crash), transaction.atomic():
                act()
                raise Crash
        answer = act()
        if count and self.chance.random() < 0.1:
            again = act()
            assert again.new == 0, again
            assert again.repeated == answer.new + answer.repeated
        return answer

    def batches(self, lines: list[Answer]) -> Iterable[list[Answer]]:
        while lines:
            size = self.chance.randint(1, 8) if self.today <= LAST else 100
            yield lines[:size]
            lines = lines[size:]

    def name(self, kind: str) -> str:
        self.numbered += 1
        return f"{kind}{self.numbered:05d}"

    @property
    def at(self) -> datetime:
        return datetime.combine(self.today, time(9), UTC)

    # --- both books at the end ---------------------------------------------------------

    def compare(self) -> None:
        self.compare_goods()
        self.compare_what_waits()
        self.compare_money()

    def compare_goods(self) -> None:
        held: Counter[tuple[str, str, str]] = Counter()
        for line in stock.on_hand(viewer("northwind"), today=self.today).rows:
            held[line.organization, line.item, line.owner] += pieces(line.quantity.micros)
        assert held == self.model.on_hand()
        told: Counter[tuple[str, str, str]] = Counter()
        for advice in self.model.advices:
            for (code, item, _), quantity in advice.lines.items():
                told[self.model.terms[advice.agreement].consignor, code, item] += quantity
        for (agreement, code), totals in self.model.running.items():
            for (_, item, *_), quantity in totals.items():
                told[self.model.terms[agreement].consignor, code, item] += quantity
        for code, house in self.model.houses.items():
            for asked, agreement, quantity, _ in house.unpriced:
                told[self.model.terms[agreement].consignor, code, asked.item] += quantity
        for consignor in CONSIGNORS:
            elsewhere: Counter[tuple[str, str, str]] = Counter()
            for line in stock.off_site(viewer(consignor), today=self.today).rows:
                elsewhere[consignor, line.organization, line.item] += pieces(line.quantity.micros)
            shipped = Counter({k: n for k, n in self.model.shipped.items() if k[0] == consignor})
            shipped.subtract({k: n for k, n in told.items() if k[0] == consignor})
            assert elsewhere == +shipped, consignor

    def compare_what_waits(self) -> None:
        resolved = set(models.Resolution.objects.values_list("organization_id", "exception"))
        waiting: Counter[tuple[str, str, bool]] = Counter()
        for row in models.WaitingException.objects.select_related("organization", "item"):
            if (row.organization_id, row.number) not in resolved:
                key = (row.organization.code, row.item.code, row.entry is not None)
                waiting[key] += pieces(row.quantity)
        expected: Counter[tuple[str, str, bool]] = Counter()
        for code, house in self.model.houses.items():
            for asked in house.waiting:
                expected[code, asked.item, False] += asked.quantity
            for asked, _, quantity, _ in house.unpriced:
                expected[code, asked.item, True] += quantity
        assert waiting == expected

    def compare_money(self) -> None:
        running: Counter[tuple[str, str]] = Counter()
        total = 0
        for row in owed_queries.owed(viewer("northwind")):
            running[row.agreement, row.organization] = row.running.minor
            total += row.total.minor
        assert +running == self.model.owed()
        paid = sum(payment.amount for payment in models.Payment.objects.all())
        advised = sum(advice.cents for advice in self.model.advices)
        assert total + paid == advised + sum(self.model.owed().values())
        theirs = {c: sum(row.total.minor for row in owed_queries.owed(viewer(c)))
                  for c in CONSIGNORS}  # fmt: skip
        assert sum(theirs.values()) == total
        settled = models.Invoice.objects.filter(settlement__isnull=False, is_self_billed=False)
        assert {i.advice.number: i.amount for i in settled} == self.billed
        assert self.caught == self.planted


def said_by_model(advice: Advice) -> tuple[object, ...]:
    return (advice.agreement, advice.closes_on, advice.scope, advice.cents,
            tuple(sorted(advice.lines.items())))  # fmt: skip


def said_by_service(advice: models.Advice) -> tuple[object, ...]:
    scope = tuple(
        part
        for part in (
            advice.organization and advice.organization.code,
            advice.item and advice.item.code,
            advice.happened_on,
        )
        if part
    )
    lines = {}
    for line in advice.lines.select_related("organization", "item"):
        price = f"{line.price / 10**6:f}".rstrip("0")
        lines[line.organization.code, line.item.code, price] = pieces(line.quantity)
    return (advice.agreement.number, advice.closes_on, scope, advice.amount,
            tuple(sorted(lines.items())))  # fmt: skip


def pieces(micros: int) -> int:
    whole, part = divmod(micros, 10**6)
    assert part == 0
    return whole


def done(outcome: Result) -> None:
    outcome.or_raise()


def party(code: str) -> PartyId:
    return PartyId(models.Party.objects.get(code=code).pk)


def organization(code: str) -> OrganizationId:
    return OrganizationId(models.Organization.objects.get(code=code).pk)


def viewer(code: str):
    found = viewer_of_party(code)
    assert found
    return found
