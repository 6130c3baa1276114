"""A small world for tests of reading: two holders, two consignors with one item in common, and a
stranger; everything in it is done by the operations.

    Northwind holds at L1 and L2     Acme consigns BOLT and NUT, Bolt Brothers BOLT and OIL
    Contoso holds at C1              Acme consigns BOLT
    Nobody                           trades with none of them
"""

from datetime import UTC, date, datetime, timedelta
from functools import cached_property, partial

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User

from consigned.measure.identity import OrganizationId, PartyId
from consigned.settlement.invoices import Billed
from consigned_service.operations.consumption import issues as consumption
from consigned_service.operations.consumption.issues import Reported
from consigned_service.operations.core.lines import written
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.counting import count_sheets as count_plans
from consigned_service.operations.counting import counts
from consigned_service.operations.inbound import orders, receipts, shipments
from consigned_service.operations.inventory import reservations
from consigned_service.operations.inventory import transfers as custody
from consigned_service.operations.master_data import agreements, items, parties
from consigned_service.operations.settlement import advices, invoices, payments
from consigned_service.queries.core.viewers import Viewer, viewer_of_party
from consigned_service.records import models
from consigned_service.records.settlement import advices as settlement

TODAY = date(2026, 3, 31)

ORDER_LINES = [
    ("PO-1", "1", "2026-02-20", "acme", "BOLT", "200", "A-ACME", "", "", "1.25", "USD"),
    ("PO-1", "2", "2026-02-20", "acme", "NUT", "500", "A-ACME", "", "", "0.0333", "USD"),
    ("PO-2", "1", "2026-02-20", "bolts", "BOLT", "60", "A-BOLT", "", "", "1.10", "USD"),
    ("PO-3", "1", "2026-02-20", "acme", "PAPER", "20", "", "", "owned", "3.00", "USD"),
]


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC)


def after(day: str) -> datetime:
    """When a day is over."""
    return at(day) + timedelta(days=1)


def done(outcome: Result) -> Result:
    """Every line of it was done."""
    outcome.or_raise()
    return outcome


class World:
    """The names in it, and what is done in it."""

    TODAY = TODAY

    def party(self, code: str) -> PartyId:
        return PartyId(models.Party.objects.get(code=code).pk)

    def organization(self, code: str) -> OrganizationId:
        return OrganizationId(models.Organization.objects.get(code=code).pk)

    def viewer(self, code: str) -> Viewer:
        viewer = viewer_of_party(code)
        assert viewer, code
        return viewer

    @cached_property
    def northwind(self) -> Viewer:
        return self.viewer("northwind")

    @cached_property
    def contoso(self) -> Viewer:
        return self.viewer("contoso")

    @cached_property
    def acme(self) -> Viewer:
        return self.viewer("acme")

    @cached_property
    def bolts(self) -> Viewer:
        return self.viewer("bolts")

    @cached_property
    def nobody(self) -> Viewer:
        return self.viewer("nobody")

    def user(self, name: str) -> User:
        return User.objects.get(username=name)

    def give_accounts(self, password: str) -> None:
        """One for each party, named for it, and one that acts for none."""
        hashed = make_password(password)
        for party in models.Party.objects.all():
            user = User.objects.create(username=party.code, password=hashed)
            models.Membership.objects.create(user=user, party=party)
        User.objects.create(username="lost", password=hashed)

    def use(
        self, organization: str, day: str, *lines: Reported, source: str = "till", by: str = "cass"
    ) -> Result:
        return done(
            consumption.record_consumption(
                organization=self.organization(organization),
                lines=lines,
                source=source,
                by=by,
                at=at(day),
                queue_shortages=True,
            )
        )

    def receive(
        self, organization: str, *said: tuple[str, ...] | receipts.ReceiptLine, by: str = "dora"
    ) -> Result:
        lines = [
            one if isinstance(one, receipts.ReceiptLine) else written(receipts.ReceiptLine, *one)
            for one in said
        ]
        return done(
            receipts.record_receipts(
                organization=self.organization(organization),
                lines=lines,
                by=by,
                at=at(str(lines[0].received_on)),
            )
        )

    def move(
        self, organization: str, reference: str, item: str, quantity: str, source: str,
        target: str, day: str,
    ) -> Result:  # fmt: skip
        line = written(custody.TransferLine, reference, item, quantity, source, target, day)
        return done(
            custody.transfer_goods(
                organization=self.organization(organization), lines=[line], by="dora", at=at(day)
            )
        )

    def advise(self, consignee: str, day: str) -> advices.AdviceRun:
        return advices.run_advices(
            consignee=self.party(consignee), on=date.fromisoformat(day), by="paul", at=after(day)
        )

    def invoice(
        self, consignor: str, advice: str, number: str, day: str, more: int = 0, by: str = "edi"
    ) -> Result:
        """Bill an advice as it was told, or each line so much `more` of the minor unit."""
        told = settlement.read_advices([advice])[advice]
        lines = [line._replace(amount=line.amount + more) for line in told.lines]
        invoice = invoices.SupplierInvoice(
            number, advice, date.fromisoformat(day), told.currency, [Billed(*b) for b in lines]
        )
        return done(
            invoices.record_invoices(
                consignor=self.party(consignor), invoices=[invoice], by=by, at=at(day)
            )
        )

    def pay(self, consignee: str, day: str, by: str = "paul") -> payments.PaymentRun:
        return payments.run_payments(
            consignee=self.party(consignee), on=date.fromisoformat(day), by=by, at=at(day)
        )


def build(shared: str = "12") -> World:
    """The world on the evening of the last of March; `shared` is what one line of consumption
    uses of two consignors' goods, the first 10 of Acme's."""
    world = World()
    register(world)
    order_and_ship(world)
    receive(world)
    use_and_settle(world, shared)
    return world


def register(world: World) -> None:
    names = {
        "northwind": "Northwind Stores", "contoso": "Contoso Plants", "acme": "Acme Fasteners",
        "bolts": "Bolt Brothers", "nobody": "Nobody Ltd",
    }  # fmt: skip
    done(
        parties.register_parties(
            lines=[written(parties.PartyLine, *line) for line in names.items()]
        )
    )
    done(
        parties.register_organizations(
            lines=[
                written(
                    parties.OrganizationLine, "L1", "Lyon", "northwind", "USD", "consigned-first"
                ),
                written(parties.OrganizationLine, "L2", "Lille", "northwind", "USD"),
                written(parties.OrganizationLine, "C1", "Cork", "contoso", "USD"),
            ],
            by="ines",
            at=at("2026-01-02"),
        )
    )
    done(
        items.register_items(
            lines=[
                written(items.ItemLine, "BOLT", "Hex bolt M8", "EA"),
                written(items.ItemLine, "NUT", "Hex nut M8", "EA"),
                written(items.ItemLine, "OIL", "Cutting oil", "LTR"),
                written(items.ItemLine, "PAPER", "Copy paper", "EA", "owned"),
                written(items.ItemLine, "SECRET", "Not traded by anybody", "EA"),
            ]
        )
    )
    terms = partial(written, agreements.AgreementLine)
    done(
        agreements.register_agreements(
            lines=[
                terms("A-ACME", "acme", "northwind", "USD", "2026-01-01", frequency="weekly",
                      first_closing_on="2026-03-08", payment_days="10", count_method="full",
                      count_every_days="30"),
                terms("A-BOLT", "bolts", "northwind", "USD", "2026-01-01", frequency="monthly",
                      first_closing_on="2026-03-15", summary_level="all-organizations",
                      settlement_method="self-bill-staged", aging_days="90"),
                terms("A-CON", "acme", "contoso", "USD", "2026-01-01", frequency="daily",
                      count_method="blind", count_every_days="30"),
            ]
        )
    )  # fmt: skip
    price = partial(written, agreements.PriceLine)
    done(
        agreements.register_prices(
            lines=[
                price("A-ACME", "BOLT", "2026-01-01", "1.25"),
                price("A-ACME", "NUT", "2026-01-01", "0.0333"),
                price("A-BOLT", "BOLT", "2026-01-01", "1.10"),
                price("A-BOLT", "OIL", "2026-03-20", "7.90"),
                price("A-CON", "BOLT", "2026-01-01", "1.40"),
            ]
        )
    )


def order_and_ship(world: World) -> None:
    done(
        orders.place_orders(
            organization=world.organization("L1"),
            lines=[written(orders.OrderLine, *line) for line in ORDER_LINES],
            at=at("2026-02-20"),
        )
    )
    notice = partial(written, shipments.ShipNoticeLine)
    done(
        shipments.record_ship_notices(
            organization=world.organization("L1"),
            lines=[
                notice("SN-1", "1", "2026-02-25", "PO-1", "1", "150"),
                notice("SN-1", "2", "2026-02-25", "PO-1", "2", "500"),
            ],
            by="dora",
            at=at("2026-02-25"),
        )
    )


def receive(world: World) -> None:
    world.receive(
        "L1",
        ("R-1", "1", "2026-03-01", "SN-1", "1", "", "", "", "", "100", "", "LOT-A"),
        ("R-1", "2", "2026-03-01", "SN-1", "2", "", "", "", "", "500"),
    )
    world.receive("L1", ("R-2", "1", "2026-03-02", "", "", "PO-2", "1", "", "", "60"))
    world.receive("L1", ("R-3", "1", "2026-03-02", "", "", "PO-3", "1", "", "", "20"))
    world.receive("L1", ("R-4", "1", "2026-03-02", "", "", "", "", "A-BOLT", "OIL", "10"))
    world.receive("L2", ("R-1", "1", "2026-01-05", "", "", "", "", "A-ACME", "BOLT", "40"))
    world.receive("C1", ("R-1", "1", "2026-03-03", "", "", "", "", "A-CON", "BOLT", "30"))
    reservations.reserve(
        organization=world.organization("L1"), reference="SO-7", item="BOLT", quantity="15",
        by="dora", at=at("2026-03-03"),
    )  # fmt: skip


def use_and_settle(world: World, shared: str) -> None:
    line = partial(written, Reported)
    world.use(
        "L1", "2026-03-04",
        line("T1", "BOLT", "90", "2026-03-04T09:15", customer="Mrs Miller"),
        line("T2", "NUT", "3", "2026-03-04"),
        line("T3", "PAPER", "5", "2026-03-04"),
        line("T4", "OIL", "2", "2026-03-04"),
    )  # fmt: skip
    world.use("C1", "2026-03-05", line("T1", "BOLT", "4", "2026-03-05", customer="Cork Yard"))
    world.advise("northwind", "2026-03-08")
    world.use("L1", "2026-03-10", line("T5", "BOLT", shared, "2026-03-10"))
    world.use("L2", "2026-03-11", line("T1", "BOLT", "6", "2026-03-11"))
    moved = written(
        custody.TransferLine, "M-1", "BOLT", "20", "STORE", "DOCK", "2026-03-12", consignor="bolts"
    )
    done(
        custody.transfer_goods(
            organization=world.organization("L1"),
            lines=[moved],
            by="dora",
            at=at("2026-03-12"),
        )
    )
    world.invoice("acme", "northwind-000001", "INV-1", "2026-03-09")
    world.advise("northwind", "2026-03-15")
    world.invoice("acme", "northwind-000003", "INV-2", "2026-03-16", more=100)
    world.pay("northwind", "2026-03-20")
    world.use("L1", "2026-03-30", line("T6", "NUT", "10", "2026-03-30"))
    world.use("L1", "2026-03-30", line("T7", "OIL", "50", "2026-03-30"))
    count(world)


def count(world: World) -> None:
    """What is counted differs, and nobody has said why yet."""
    for organization, item, counted in (("L1", "NUT", "480"), ("C1", "BOLT", "25")):
        planned = count_plans.plan_counts(
            organization=world.organization(organization), on=TODAY, by="cass", at=at("2026-03-31")
        )
        done(
            counts.record_counts(
                organization=world.organization(organization),
                lines=[written(counts.CountLine, planned.sheets[0], item, counted, "2026-03-31")],
                by="cass",
                at=at("2026-03-31"),
            )
        )
