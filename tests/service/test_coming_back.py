"""What is sold and comes back costs nothing in the end, whatever goods of its kind cost by then."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from random import Random
from unittest.mock import patch

import pytest
from django.db import connection, transaction

from consigned.measure.refusal import Refusal
from consigned_service.operations.accounting.standard_costs import (
    StandardCostLine,
    set_standard_costs,
)
from consigned_service.operations.audit.audit import audit
from consigned_service.operations.consumption.issues import Reported, record_consumption, void_use
from consigned_service.operations.core.lines import written
from consigned_service.operations.inbound import receipts
from consigned_service.operations.master_data import agreements, items, parties
from consigned_service.operations.returns import returns
from consigned_service.operations.settlement import advices
from consigned_service.operations.settlement.price_changes import (
    PriceChangeLine,
    change_prices_retroactively,
)
from consigned_service.records import models
from consigned_service.records.audit import facts as audit_records
from tests.service.shop import BY, organization_id
from tests.service.tampering import take_the_guards_away

METHODS = ("fifo", "average", "standard")


class Shop:
    """One item, bought and consigned, sold and brought back on days that go by."""

    def __init__(self, method: str) -> None:
        self.number, self.method = 0, method
        parties.register_parties(
            lines=[written(parties.PartyLine, "shop", ""), written(parties.PartyLine, "acme", "")]
        ).or_raise()
        parties.register_organizations(
            lines=[written(parties.OrganizationLine, "S1", "", "shop", "USD", cost_method=method)],
            by=BY, at=self.at(),
        ).or_raise()  # fmt: skip
        items.register_items(lines=[written(items.ItemLine, "BOLT", "", "EA")]).or_raise()
        terms = written(agreements.AgreementLine,
            "A-1", "acme", "shop", "USD", "2026-01-01", frequency="weekly",
            first_closing_on="2026-03-29",
        )  # fmt: skip
        agreements.register_agreements(lines=[terms]).or_raise()
        self.price("2.00")
        self.shop = organization_id("S1")

    def at(self) -> datetime:
        return datetime(2026, 1, 1, 9, tzinfo=UTC) + timedelta(days=self.number // 2)

    def on(self) -> str:
        return self.at().date().isoformat()

    def next(self) -> str:
        self.number += 1
        return f"N{self.number}"

    def price(self, price: str) -> None:
        line = written(agreements.PriceLine, "A-1", "BOLT", self.on(), price)
        agreements.register_prices(lines=[line]).or_raise()

    def change(self, price: str, since: int = 3) -> None:
        """The price of some days gone by, too."""
        starts_on = (self.at() - timedelta(days=since)).date().isoformat()
        line = written(PriceChangeLine, "A-1", self.next(), "BOLT", starts_on, price)
        change_prices_retroactively(lines=[line], by=BY, at=self.at()).or_raise()

    def advise(self) -> None:
        """A week later, what was used is told."""
        self.number += 16
        party, on = parties.party_named("shop"), self.at().date()
        advices.run_advices(consignee=party, on=on, by=BY, at=self.at() + timedelta(days=1))
        self.number += 2

    def standard(self, cost: str) -> None:
        line = written(StandardCostLine, self.next(), "BOLT", cost, "told anew")
        set_standard_costs(organization=self.shop, lines=[line], by=BY, at=self.at()).or_raise()

    def buy(self, quantity: int, price: str) -> None:
        number = self.next()
        line = written(receipts.ReceiptLine,
            number, "1", self.on(), item="BOLT", quantity=str(quantity), consignor="acme",
            ownership="owned", price=price,
        )  # fmt: skip
        self._receive(line)

    def take_in(self, quantity: int) -> None:
        line = written(
            receipts.ReceiptLine,
            self.next(),
            "1",
            self.on(),
            agreement="A-1",
            item="BOLT",
            quantity=str(quantity),
        )
        self._receive(line)

    def _receive(self, line: receipts.ReceiptLine) -> None:
        receipts.record_receipts(
            organization=self.shop, lines=[line], by=BY, at=self.at()
        ).or_raise()

    def sell(self, quantity: int, owner: str = "") -> None:
        line = written(Reported, self.next(), "BOLT", str(quantity), self.on(), consignor=owner)
        record_consumption(
            organization=self.shop, lines=[line], source="till", by=BY, at=self.at()
        ).or_raise()

    def void(self, quantity: int | None = None) -> None:
        """The last that was sold, or so much of it, was never sold."""
        void_use(
            organization=self.shop, source="till", reference=f"N{self.number}",
            because="told twice", quantity="" if quantity is None else str(quantity), by=BY,
            at=self.at(),
        )  # fmt: skip

    def back(self, quantity: int, *, to_original_owner: bool | None = None) -> None:
        said = {None: "", True: "yes", False: "no"}[to_original_owner]
        line = written(
            returns.CustomerReturnLine,
            self.next(),
            "BOLT",
            str(quantity),
            self.on(),
            to_original_owner=said,
        )
        returns.take_back(organization=self.shop, lines=[line], by=BY, at=self.at()).or_raise()

    def consign_again(self, quantity: int) -> None:
        line = written(returns.ToConsignedLine, self.next(), "BOLT", str(quantity), self.on())
        returns.transfer_to_consigned(
            organization=self.shop, lines=[line], by=BY, at=self.at()
        ).or_raise()

    def keep(self, quantity: int) -> None:
        line = written(Reported,
            self.next(), "BOLT", str(quantity), self.on(), kind="transfer-to-owned",
            consignor="acme",
        )  # fmt: skip
        record_consumption(
            organization=self.shop, lines=[line], source="till", by=BY, at=self.at()
        ).or_raise()

    def cost_of_goods_sold(self) -> int:
        cost = 0
        for debit, credit, amount in models.Journal.objects.filter(
            book=parties.party_named("shop")
        ).values_list("debit", "credit", "amount"):
            cost += amount * (debit == "cost-of-goods-sold")
            cost -= amount * (credit == "cost-of-goods-sold")
        return cost

    def out(self) -> int:
        places = models.Place.objects.filter(zone="customer").values("number")
        positions = models.Position.objects.filter(place__in=places).values("number")
        lying = models.Balance.objects.filter(position__in=positions)
        return sum(lying.values_list("quantity", flat=True)) // 1_000_000


def a_random_act(shop: Shop, chance: Random) -> None:
    price = f"{chance.randint(1, 900) / 100:.2f}"
    quantity = chance.randint(1, 6)
    act = chance.choice(
        ["buy", "take_in", "sell", "sell_own", "sell_theirs", "back", "back", "to_original_owner",
        "again",
         "keep", "price", "change", "advise", "not_as_issued", "standard"]
    )  # fmt: skip
    match act:
        case "buy":
            shop.buy(quantity, price)
        case "take_in":
            shop.take_in(quantity)
        case "sell":
            shop.sell(quantity)
        case "sell_own":
            shop.sell(quantity, "shop")
        case "sell_theirs":
            shop.sell(quantity, "acme")
        case "back":
            shop.back(quantity)
        case "to_original_owner":
            shop.back(quantity, to_original_owner=True)
        case "not_as_issued":
            shop.back(quantity, to_original_owner=False)
        case "change":
            shop.change(price)
        case "advise":
            shop.advise()
        case "again":
            shop.consign_again(quantity)
        case "keep":
            shop.keep(quantity)
        case "price":
            shop.next()
            shop.price(price)
        case "standard" if shop.method == "standard":
            shop.standard(price)


@pytest.mark.rows("P41", "X06")
@pytest.mark.parametrize("price", ["1.00", "5.00", "0"])
@pytest.mark.parametrize("is_told", [True, False])
@pytest.mark.parametrize("method", METHODS)
def test_what_came_back_keeps_its_cost_when_its_price_changes(
    database, method: str, is_told: bool, price: str
) -> None:
    """Of four at 2.00 three came back as ours; one is gone, at what it costs by now."""
    shop = Shop(method)
    if method == "standard":
        shop.standard("2.00")
    shop.take_in(10)
    shop.sell(4)
    if is_told:
        shop.advise()
    assert models.Advice.objects.exists() is is_told
    shop.back(3, to_original_owner=False)
    shop.change(price, since=90)
    assert shop.cost_of_goods_sold() == int(float(price) * 100)
    assert audit().breaches == []
    shop.back(1, to_original_owner=False)
    assert shop.cost_of_goods_sold() == 0
    assert audit().breaches == []


@pytest.mark.rows("P41", "X06")
@pytest.mark.parametrize("way", ["void", "void in parts", "return", "line below zero"])
@pytest.mark.parametrize("price", ["0.01", "20.00"])
@pytest.mark.parametrize("method", METHODS)
def test_ours_and_theirs_that_were_sold_together_come_back_each_at_its_own_cost(
    database, method: str, price: str, way: str
) -> None:
    """Four of theirs at 2.00 were sold and came back as ours. With one that was bought, and two
    of theirs, they are sold again, at what they cost by then, and come back once more."""
    shop = Shop(method)
    if method == "standard":
        shop.standard("2.00")
    shop.take_in(10)
    shop.sell(4)
    shop.back(4, to_original_owner=False)
    shop.buy(1, price)
    if method == "standard":
        shop.standard(price)
    shop.sell(7)
    match way:
        case "void":
            shop.void()
        case "void in parts":
            for part in (1, 4, 2):
                shop.void(part)
        case "return":
            shop.back(7, to_original_owner=True)
        case "line below zero":
            shop.sell(-7)
    assert (shop.cost_of_goods_sold(), audit().breaches) == (0, [])


@pytest.mark.rows("P41", "P46")
@pytest.mark.parametrize("method", METHODS)
def test_what_was_kept_and_what_came_back_go_back_to_the_supplier_each_at_its_own_cost(
    database, method: str
) -> None:
    """One line of the advice tells both; two of three that were kept, and two of four that were
    sold and came back, are sold back."""
    shop = Shop(method)
    if method == "standard":
        shop.standard("2.00")
    shop.take_in(10)
    shop.keep(3)
    shop.sell(4, "acme")
    shop.advise()
    shop.back(2, to_original_owner=False)
    line = written(returns.ReturnLine, "B", "BOLT", "4", shop.on(), owned="yes", because="too many")
    returns.return_to_supplier(organization=shop.shop, lines=[line], by=BY, at=shop.at()).or_raise()
    assert (shop.cost_of_goods_sold(), audit().breaches) == (4_00, [])
    shop.back(2, to_original_owner=False)
    assert (shop.cost_of_goods_sold(), audit().breaches) == (0, [])


@pytest.mark.rows("P41", "P46")
@pytest.mark.parametrize("method", METHODS)
def test_what_had_no_price_and_came_back_leaves_at_nothing(database, method: str) -> None:
    """Two were sold before they had a price, and two at 4.00; all came back as ours, and then the
    title of the first two, and of the others, goes back."""
    shop = Shop(method)
    if method == "standard":
        shop.standard("4.00")
    line = written(agreements.AgreementLine,
        "A-2", "acme", "shop", "USD", "2026-01-01", frequency="weekly",
        first_closing_on="2026-03-29",
    )  # fmt: skip
    agreements.register_agreements(lines=[line]).or_raise()
    shop._receive(
        written(
            receipts.ReceiptLine, "R", "1", shop.on(), agreement="A-2", item="BOLT", quantity="4"
        )
    )
    shop.sell(2)
    shop.number += 2
    price = written(agreements.PriceLine, "A-2", "BOLT", shop.on(), "4.00")
    agreements.register_prices(lines=[price]).or_raise()
    shop.sell(2)
    shop.back(4, to_original_owner=False)
    for _ in range(2):
        shop.consign_again(2)
        assert (shop.cost_of_goods_sold(), audit().breaches) == (0, [])


@pytest.mark.rows("P41", "X20", "P36", "P52")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("method", METHODS)
def test_goods_sold_and_brought_back_never_cost_less_than_nothing(
    database, method: str, seed: int
) -> None:
    shop, chance = Shop(method), Random(f"{method}{seed}")
    if method == "standard":
        shop.standard("3.00")
    shop.buy(10, "2.50")
    shop.take_in(10)
    for _ in range(40):
        try:
            a_random_act(shop, chance)
        except Refusal:
            continue
        assert shop.cost_of_goods_sold() >= 0
    assert audit().breaches == []
    if out := shop.out():
        shop.back(out)
    assert shop.out() == 0
    assert shop.cost_of_goods_sold() == 0
    assert audit().breaches == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_came_back_dearer_than_it_went_out_is_found(database) -> None:
    shop = Shop("fifo")
    shop.buy(10, "2.50")
    shop.sell(4)
    shop.back(4)
    assert audit().holds
    take_the_guards_away()
    dearer = "UPDATE cost_entry SET cost = cost + 100 WHERE kind = 'sale' AND quantity > 0"
    with transaction.atomic(), patch.object(audit_records, "snapshot", nullcontext):
        with connection.cursor() as cursor:
            cursor.execute(dearer)
            assert cursor.rowcount == 1
        found = audit().breaches
        transaction.set_rollback(True)
    assert "what came back cost what it went out at" in {b.law for b in found}
