"""What goes back leaves everything as it was before, goes back once, and is told once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consigned.measure.identity import PartyId
from consigned.measure.quantity import show_micros
from consigned.measure.refusal import Refusal
from consigned_service.operations.audit.audit import audit
from consigned_service.operations.consumption import issues as consumption
from consigned_service.operations.core.lines import written
from consigned_service.operations.inbound import receipts
from consigned_service.operations.master_data import agreements
from consigned_service.operations.returns import returns
from consigned_service.operations.settlement import advices
from consigned_service.queries.core.viewers import viewer_of_party
from consigned_service.queries.settlement import payables as owed_queries
from consigned_service.records import models
from tests.service.console import Console
from tests.service.lawful import broken_laws
from tests.service.shop import BY, open_shop, organization_id


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(tmp_path)


FIRST = datetime(2026, 3, 6, 9, tzinfo=UTC)


class Shop:
    """One shop on a day, and what is done in it; every line has a reference of its own."""

    def __init__(self) -> None:
        open_shop("S1", shelf=200)
        models.Item.objects.update(counted_by="weight")  # so that parts of one go back, too
        self.id = organization_id("S1")
        self.at = FIRST
        self.number = 0
        self.priced = self.day

    def reference(self) -> str:
        self.number += 1
        return f"n{self.number}"

    @property
    def day(self) -> str:
        return self.at.date().isoformat()

    def days_pass(self, days: int) -> None:
        self.at += timedelta(days=days)

    def price(self, price: str) -> None:
        """A new price from today on; one a day."""
        if self.priced == self.day:
            return
        self.priced = self.day
        for code in ("acme", "bolts"):
            agreements.register_prices(
                lines=[written(agreements.PriceLine, f"A-{code}", "BOLT", self.day, price)]
            ).or_raise()

    def use(self, quantity: str, kind: str, consignor: str = "", **named: str) -> None:
        line = written(
            consumption.Reported,
            self.reference(),
            "BOLT",
            quantity,
            self.day,
            kind=kind,
            consignor=consignor,
            **named,
        )
        self._do(consumption.record_consumption, line, source="till")

    def receive(self, receipt: str, quantity: str) -> None:
        line = written(
            receipts.ReceiptLine,
            receipt,
            "1",
            self.day,
            agreement="A-acme",
            item="BOLT",
            quantity=quantity,
        )
        self._do(receipts.record_receipts, line)

    def turn_back(self, quantity: str, **named: str) -> None:
        line = written(
            returns.ToConsignedLine, self.reference(), "BOLT", quantity, self.day, **named
        )
        self._do(returns.transfer_to_consigned, line)

    def send_back(self, quantity: str, **named: str) -> None:
        line = written(returns.ReturnLine, self.reference(), "BOLT", quantity, self.day, **named)
        self._do(returns.return_to_supplier, line)

    def brings_back(self, quantity: str, **named: str) -> None:
        line = written(
            returns.CustomerReturnLine, self.reference(), "BOLT", quantity, self.day, **named
        )
        self._do(returns.take_back, line)

    def reverse(self, receipt: str) -> None:
        line = written(
            returns.ReceiptReversalLine, self.reference(), receipt, "1", self.day, "received twice"
        )
        self._do(returns.reverse_receipts, line)

    def advise(self) -> None:
        northwind = PartyId(models.Party.objects.get(code="northwind").pk)
        advices.run_advices(
            consignee=northwind, on=self.at.date(), by=BY, at=self.at + timedelta(days=1)
        )

    def _do(self, act: Callable, line: object, **more: object) -> None:
        act(organization=self.id, lines=[line], by=BY, at=self.at, **more).or_raise()


def everything() -> dict[str, object]:
    """Balances, advices owed, the accounts of everybody, and what our own goods cost."""
    positions = {
        p.number: (p.owner_id, p.place, p.condition) for p in models.Position.objects.all()
    }
    accounts: dict[tuple[int, str], int] = {}
    for row in models.Journal.objects.all():
        for account, amount in ((row.debit, row.amount), (row.credit, -row.amount)):
            key = (row.book, account)
            accounts[key] = accounts.get(key, 0) + amount
    viewer = viewer_of_party("northwind")
    assert viewer
    return {
        "balances": {
            (positions[b.position], b.layer): b.quantity
            for b in models.Balance.objects.all()
            if b.quantity
        },
        "owed": owed_queries.owed(viewer),
        "accounts": {key: amount for key, amount in accounts.items() if amount},
        "costs": {
            c.layer: (c.quantity, c.cost) for c in models.OwnedCost.objects.all() if c.quantity
        },
        "waiting": models.WaitingException.objects.count() - models.Resolution.objects.count(),
    }


@pytest.mark.rows("O34", "X20")
@pytest.mark.parametrize("seed", range(6))
def test_acts_and_then_their_reversals_leave_everything_as_it_was(database, seed):
    """Goods are taken over, sold and received by mistake on different days at different prices,
    in any order; then all of it goes back, in any order."""
    chance = Random(seed)
    shop = Shop()
    shop.use("7.5", "transfer-to-owned")
    shop.use("3", "sale", "acme")
    shop.days_pass(10)
    shop.advise()  # what happened before is told, and stays
    before = everything()
    backwards: list[Callable[[], None]] = []
    for nth in range(chance.randint(3, 7)):
        shop.days_pass(chance.choice((0, 1)))
        if chance.random() < 0.4:
            shop.price(chance.choice(("0.335", "1.005", "7.77")))
        consignor = chance.choice(("acme", "bolts"))
        quantity = show_micros(chance.randint(1, 40) * 250_000)
        match chance.choice(("keep", "sell", "receive")):
            case "keep":
                shop.use(quantity, "transfer-to-owned", consignor)
                backwards.append(lambda c=consignor, q=quantity: shop.turn_back(q, consignor=c))
            case "sell":
                kind = chance.choice(("sale", "issue", "work-order"))
                shop.use(quantity, kind, consignor)
                backwards.append(
                    lambda c=consignor, q=quantity, k=kind: shop.brings_back(
                        q, kind=k, consignor=c, to_original_owner="yes"
                    )
                )
            case _:
                shop.receive(f"M{nth}", str(chance.randint(1, 9)))
                backwards.append(lambda n=nth: shop.reverse(f"M{n}"))
    chance.shuffle(backwards)
    for turn in backwards:
        shop.days_pass(chance.choice((0, 1)))
        turn()
    after = everything()
    # what was received by mistake has been at the supplier, and is there again
    assert {name: after[name] == before[name] for name in after} == dict.fromkeys(after, True)
    assert audit().breaches == []
    assert broken_laws() == []


@pytest.mark.rows("O34")
def test_trap_sold_and_returned_in_one_billing_period_makes_no_invoice_line(database):
    """Issue and return in one billing period nets to zero and makes no invoice line (S20)."""
    shop = Shop()
    shop.use("3", "sale", "acme")
    shop.days_pass(1)
    shop.use("2", "sale", "bolts")
    shop.brings_back("3", consignor="acme", to_original_owner="yes")
    shop.days_pass(10)
    shop.advise()
    lines = models.AdviceLine.objects.select_related("advice__consignor")
    assert [(line.advice.consignor.code, line.quantity) for line in lines] == [("bolts", 2_000_000)]
    told = models.Total.objects.filter(told_on__isnull=False, quantity=0)
    assert models.Total.objects.filter(told_on__isnull=True).count() == 0
    assert [total.advice_line for total in told] == [None]


def refused(act: Callable[[], None]) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.code


@pytest.mark.rows("O51")
def test_a_refused_return_changes_nothing(database):
    shop = Shop()
    shop.use("3", "transfer-to-owned", "acme")
    before = everything()
    assert refused(lambda: shop.send_back("3", owned="yes")) == "transfer-first"
    assert refused(lambda: shop.send_back("300")) == "transfer-first"
    assert refused(lambda: shop.send_back("300", owned="no")) == "not-enough-on-hand"
    assert refused(lambda: shop.turn_back("4")) == "not-enough-on-hand"
    assert refused(lambda: shop.brings_back("1")) == "not-enough-issued"
    shop.days_pass(10)
    shop.advise()
    assert refused(lambda: shop.turn_back("1")) == "already-advised"
    assert everything()["balances"] == before["balances"]


@pytest.mark.rows("O53")
def test_debit_requests_of_one_advice_line_come_to_its_amount(database):
    """However small the parts in which the goods go back: no cent more, and none less."""
    shop = Shop()
    shop.use("9", "transfer-to-owned", "acme")
    shop.days_pass(10)
    shop.advise()
    line = models.AdviceLine.objects.get()
    for part in ("1", "0.5", "2.5", "3", "2"):
        shop.send_back(part, owned="yes")
    requests = models.DebitRequest.objects.all()
    assert {request.advice_line for request in requests} == {line.pk}
    assert sum(request.quantity for request in requests) == line.quantity
    assert sum(request.amount for request in requests) == line.amount
    assert refused(lambda: shop.send_back("1", owned="yes")) == "not-enough-on-hand"
    assert audit().breaches == []


@contextmanager
def statements() -> Iterator[Callable[[], int]]:
    with CaptureQueriesContext(connection) as caught:
        yield lambda: len(caught)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_batch_of_returns_takes_a_handful_of_statements_whatever_its_length(database):
    shop = Shop()
    shop.use("40", "transfer-to-owned")

    def act(lines: int) -> int:
        told = [
            written(
                returns.ReturnLine, shop.reference(), "BOLT", "0.25", shop.day,
                with_title_transfer="yes",
                               owned="yes")
            for _ in range(lines)
        ]  # fmt: skip
        with statements() as counted:
            returns.return_to_supplier(
                organization=shop.id, lines=told, by=BY, at=shop.at
            ).or_raise()
            return counted()

    few, many = act(2), act(60)
    assert many <= few + 8


@pytest.mark.rows("O49", "O50", "O52", "P41")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_everything_that_goes_back_comes_in_files(database, console: Console):
    shop = Shop()
    shop.use("5", "transfer-to-owned", "acme")
    shop.use("6", "sale", "acme")

    def bring_in(kind: str, *lines: str) -> str:
        console.file(f"{kind}.csv", "\n".join(lines) + "\n")
        return console("import", kind, f"{kind}.csv").out

    head = "organization,reference,item,quantity,happened_on"
    said = bring_in(
        "transfers-to-consigned", f"{head},consignor",
        "S1,t1,BOLT,3,2026-03-06,acme", "S1,t2,BOLT,9,2026-03-06,acme",
    )  # fmt: skip
    assert "1 new" in said
    assert "1 refused" in said
    assert "1 new" in bring_in("customer-returns", f"{head},condition,to_original_owner",
                               "S1,c1,BOLT,2,2026-03-06,on-hold,yes")  # fmt: skip
    assert "2 new" in bring_in(
        "returns", f"{head},place,owned,with_title_transfer,because",
        "S1,r1,BOLT,4,2026-03-06,STORE,no,,bent", "S1,r2,BOLT,1,2026-03-06,,yes,yes,unsold",
    )  # fmt: skip
    assert "1 new" in bring_in(
        "receipt-reversals", "organization,reference,receipt,line,happened_on,because",
        "S1,v1,R3,1,2026-03-06,received twice",
    )  # fmt: skip
    shown = console("returns", "--as", "northwind", "--json").answer
    assert sorted((one["direction"], one["quantity"]["number"]) for one in shown) == [
        ("as-issued", "2"), ("receipt-reversed", "50"), ("to-consigned", "3"),
        ("to-supplier", "1"), ("to-supplier", "4"),
    ]  # fmt: skip
    assert console("debits", "--as", "northwind", "--json").answer == []
    assert audit().breaches == []
