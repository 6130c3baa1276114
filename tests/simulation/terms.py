"""What is agreed changes, and what is agreed with others follows: prices, programmes, bills."""

from datetime import timedelta

from consigned.measure.identity import PartyId
from consigned_service.operations.consumption import back_to_back as passing_on
from consigned_service.operations.core.lines import written
from consigned_service.operations.inbound import initial_stock as programmes
from consigned_service.operations.inbound import orders, receipts
from consigned_service.operations.master_data import designations, parties
from consigned_service.operations.settlement import invoices, price_changes
from consigned_service.records import models
from consigned_service.records.master_data.agreements import party_ids
from tests.simulation.chance import BY, HOUSES, HUB, UNSETTLED, Chance

PRICES = ("0.90", "1.25", "1.3333", "7.005", "0")


class Terms(Chance):
    def change_price(self) -> None:
        starts_on = self.today - timedelta(days=self.chance.randint(0, 15))
        ends_on = starts_on + timedelta(days=self.chance.randint(1, 20))
        line = written(price_changes.PriceChangeLine,
            self.chance.choice((*(f"A-{self._consignor()}" for _ in range(4)), "M-acme")),
            self._name(), self._item(), starts_on.isoformat(), self.chance.choice(PRICES),
            self.chance.choice(("", ends_on.isoformat())),
        )  # fmt: skip
        price_changes.change_prices_retroactively(lines=[line], by=BY, at=self.at).or_raise()

    def supply(self) -> None:
        """The depot gets goods of Acme's, which its own customer uses."""
        line = written(receipts.ReceiptLine,
            self._name(), "1", self._day(), agreement="M-acme", item=self._item(),
            quantity=self._quantity(40), lot=self.chance.choice(("", "L1")),
        )  # fmt: skip
        receipts.record_receipts(
            organization=self.houses[HUB], lines=[line], by=BY, at=self.at
        ).or_raise()

    def pass_on(self) -> None:
        (depot,) = party_ids(["depot"]).values()
        passing_on.pass_on_use(consignor=depot, by=BY, at=self.at)

    def stock(self) -> None:
        self._tell(
            programmes.stock_programme,
            lambda: written(programmes.ProgrammeLine,
                self._name(), "1", self.today.isoformat(), f"A-{self._consignor()}", self._item(),
                self._quantity(10), self.chance.choice(("", self._day())),
                price=self.chance.choice(("", "", "1.10")),
                currency="USD",
            ),
        )  # fmt: skip

    def close_order(self) -> None:
        line = self._one(models.OrderLine.objects.select_related("order").order_by("pk"))
        if line is None:
            return
        said = written(
            orders.ClosingLine,
            line.order.number,
            str(line.line),
            self.today.isoformat(),
            "by chance",
        )
        orders.close_order_lines(
            organization=self._organization(line.order), lines=[said], by=BY, at=self.at
        ).or_raise()

    def designate(self) -> None:
        line = written(designations.DesignationLine,
            self.chance.choice(UNSETTLED), self.chance.choice(("owned", "consigned")), "by chance",
            self.chance.choice(("", *HOUSES)),
        )  # fmt: skip
        designations.change_designation(lines=[line], by=BY, at=self.at).or_raise()

    def assign(self) -> None:
        self._tell(
            designations.assign_consignor,
            lambda: written(
                designations.AssignmentLine, self.chance.choice(UNSETTLED), self._consignor()
            ),
        )

    def decide_invoice(self) -> None:
        found = self._one(models.Invoice.objects.order_by("-pk")[:6])
        if found is None:
            return
        act = self.chance.choice(
            (invoices.accept_invoice, invoices.dispute_invoice, invoices.reject_invoice)
        )
        act(
            consignor=PartyId(found.consignor_id), number=found.number, by=BY, at=self.at,
            because="by chance",
        )  # fmt: skip

    def close_period(self) -> None:
        through = self.today - timedelta(days=self.chance.randint(3, 9))
        parties.close_period(
            organization=self.houses[self._house()], through=through, by=BY, at=self.at
        )
