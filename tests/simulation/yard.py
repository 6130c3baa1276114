"""A yard where everything happens: any act on any goods, drawn from one seed, every law after each.

    S1, S2     two organizations of Northwind; the goods of S2 are kept by Stowaway, a warehouse
    Acme       weekly, title on use, supplier's invoice; bears what is broken, ages after 9 days
    Bolts      daily, title on withdrawal once quality is passed, self-billed; bears nothing
    Carver     monthly, title on use, reported only; shares losses, aged goods bought by the run
    Dale       pays on use, and never agreed on a price
    Ferry      weekly; its goods count as consigned from the day on which they leave its door
    Depot      a distributor, daily and staged; what it consigns comes from its HUB, and is Acme's

What customers bring back of Bolts' and Ferry's is Northwind's, of the others' as it was issued. Any
of their agreements may be amended from a day on, end early and go on after all. Acme agreed anew in
euros, Bolts on goods that stay its own, Carver on more time; what lies there passes to the new
agreements, and back again.

Goods that go from S1 to the store of S2 stay consigned, by a rule, and to a shop floor Carver's are
consumed. N1 is a neighbour's, to whom goods are sold.

What an act is asked for is chance, and much of it cannot be done: then it is refused, and nothing
has changed. What can be done is done, and every law holds after it.
"""

from datetime import timedelta

from consigned.counting.losses import Reason
from consigned.inventory.title_transfers import UseKind
from consigned.master_data.parties import CostMethod
from consigned.measure.identity import OrganizationId
from consigned.measure.refusal import Refusal
from consigned_service.interfaces.messages import email as letters
from consigned_service.operations.accounting import standard_costs
from consigned_service.operations.consumption import issues as consumption
from consigned_service.operations.core.lines import written
from consigned_service.operations.counting import counts, differences
from consigned_service.operations.exchange import delivery as communication
from consigned_service.operations.inbound import orders, putaway, receipts, shipments
from consigned_service.operations.inventory import aging, lots, quality, renewals, reservations
from consigned_service.operations.inventory import interorganization as between
from consigned_service.operations.inventory import transfers as custody
from consigned_service.operations.master_data import agreements, items, parties, roles, taxes
from consigned_service.operations.master_data import bills_of_material as bills
from consigned_service.operations.master_data import consumption_rules as rules
from consigned_service.operations.production import completions as production
from consigned_service.operations.production import disassembly as taking_apart
from consigned_service.operations.production import unused_components as production_returns
from consigned_service.operations.returns import returns
from consigned_service.operations.settlement import advices, exceptions, invoices, payments
from consigned_service.records import models
from consigned_service.records.master_data.agreements import party_ids
from consigned_service.records.settlement.advices import read_advices
from tests.simulation.agreeing import Agreeing, agreed
from tests.simulation.chance import (
    BY,
    CONSIGNORS,
    HOUSES,
    HUB,
    ITEMS,
    LINES,
    LOTS,
    ORDERS,
    PLACES,
    PRODUCTS,
    UNSETTLED,
)
from tests.simulation.checks import Checks
from tests.simulation.crediting import Crediting
from tests.simulation.mistakes import Mistakes
from tests.simulation.tally import SORTS, WAYS, tally
from tests.simulation.terms import Terms
from tests.simulation.waiting import Waiting

RENEWED: dict[str, dict[str, str]] = {
    "acme": {"currency": "EUR", "frequency": "daily", "loss_responsibility": "broken=50"},
    "bolts": {"currency": "USD", "frequency": "daily", "title_rule": "never"},
    "carver": {"currency": "USD", "frequency": "monthly", "first_closing_on": "2024-02-29",
               "aging_days": "30"},
}  # fmt: skip
"""What some of them agreed on anew, beside what they had; for some items only at a price."""

WORK = (UseKind.WORK_ORDER,) * 4
"""Goods are used for work orders more often than not."""
PRICES = {
    "acme": "1.25", "bolts": "0.3333", "carver": "7.005", "depot": "1.3", "ferry": "0.75",
}  # fmt: skip

ACTS = {
    "receive": 15, "use": 9, "use_ours": 2, "till": 5, "come_back": 3, "move": 6,
    "put_away": 2, "order": 3, "receive_ordered": 4, "reserve": 2, "resubmit": 2, "buy_aged": 2,
    "extend": 3,
    "run_aging": 1, "count": 4, "settle_differences": 3, "advise": 2, "invoice": 2, "pay": 1,
    "send": 4, "hold": 5, "let_go": 5, "recall": 1, "take_back_promise": 3,
    "complete": 4, "bring_back": 4, "take_apart": 2, "turn_back": 4, "send_back": 5,
    "take_back": 4, "reverse_receipt": 2, "a_day_passes": 5,
    "inspect": 5, "mark_receipt": 3, "load_staged": 1, "put_all_away": 1, "plan_counts": 2,
    "count_from_sheet": 4, "dispose": 3, "change_price": 3, "supply": 3, "pass_on": 3, "stock": 2,
    "close_order": 1, "designate": 1, "assign": 2, "decide_invoice": 2, "close_period": 1,
    "tell_standard": 2, "cancel_advice": 2, "ask_back": 3, "make_debit_memos": 2, "credit": 3,
    "decide_credit_note": 2, "receive_shipped": 5, "void": 16, "tell_file": 8, "amend": 8,
    "end_early": 1, "go_on": 2, "price_to_come": 4, "withdraw_price": 3, "rename": 1,
    "tell_item": 1, "tell_settings": 3, "renew": 4, "settle_elsewhere": 1, "voucher": 3,
    "close_waiting": 1, "correct": 3,
}  # fmt: skip
"""Each act and how often it comes."""


LONG, LOOKS = 400, 25
"""After so many acts it is looked what was never done, and then again after so many."""


class Changed(AssertionError):
    """A refused act has written something."""


class Yard(Checks, Terms, Crediting, Mistakes, Waiting, Agreeing):
    # --- before the first day --------------------------------------------------------------

    def open(self) -> None:
        names = ("northwind", *CONSIGNORS, "stow", "neighbour")
        parties.register_parties(lines=[written(parties.PartyLine, name, "") for name in names])
        parties.register_organizations(
            lines=[
                written(
                    parties.OrganizationLine,
                    code,
                    "",
                    "northwind",
                    "USD",
                    cost_method=self.chance.choice(list(CostMethod)),
                )
                for code in HOUSES
            ],
            by=BY,
            at=self.at,
        )
        for code in HOUSES:
            self.houses[code] = OrganizationId(models.Organization.objects.get(code=code).pk)
            parties.register_places(
                organization=self.houses[code],
                lines=[written(parties.PlaceLine, "FLOOR", "", "shop-floor")],
                by=BY,
                at=self.at,
            )
        parties.register_organizations(
            lines=[
                written(
                    parties.OrganizationLine, "N1", "", "neighbour", "USD", cost_method="average"
                ),
                written(parties.OrganizationLine, HUB, "", "depot", "USD"),
            ],
            by=BY,
            at=self.at,
        )
        rules.register_rules(
            lines=[
                written(
                    rules.RuleLine, "KEEP", "northwind", "keep", "transfer-between-organizations",
                               "S1", to_place="STORE"),
                written(rules.RuleLine, "FLOOR", "northwind", "consume", "transfer", owner="carver",
                               to_zone="shop-floor"),
            ]
        ).or_raise()  # fmt: skip
        roles.register_roles(
            lines=[written(roles.RoleLine, "stow", "third-party-warehouse", "", "S2")]
        )
        items.register_items(
            lines=[
                *(
                    written(items.ItemLine, code, "", "KG", counted_by="weight")
                    for code in (*ITEMS, *UNSETTLED)
                ),
                *(
                    written(items.ItemLine, code, "", "KG", "owned", counted_by="weight")
                    for code in PRODUCTS
                ),
            ]
        ).or_raise()
        for organization in self.houses.values():
            bills.register_bills(
                organization=organization,
                lines=[
                    written(bills.BillLine, product, component, quantity, "", spoilt)
                    for product, parts in PRODUCTS.items()
                    for component, quantity, spoilt in parts
                ],
            ).or_raise()
        agreements.register_agreements(lines=list(map(agreed, CONSIGNORS))).or_raise()
        agreements.register_agreements(
            lines=[
                written(
                    agreements.AgreementLine,
                    f"B-{consignor}",
                    consignor,
                    "northwind",
                    starts_on="2024-02-18",
                    **terms,
                )
                for consignor, terms in RENEWED.items()
            ]
        ).or_raise()
        agreements.register_agreements(
            lines=[
                written(
                    agreements.AgreementLine,
                    "M-acme",
                    "acme",
                    "depot",
                    "USD",
                    "2024-01-01",
                    frequency="daily",
                )
            ]
        ).or_raise()
        self._tax()
        agreements.register_prices(
            lines=[
                written(agreements.PriceLine, f"A-{consignor}", item, "2024-01-01", price)
                for consignor, price in PRICES.items()
                for item in ITEMS
                if (consignor, item) != ("carver", "OIL")  # never agreed: it waits, priceless
            ]
        ).or_raise()
        agreements.register_prices(
            lines=[
                written(agreements.PriceLine, f"B-{consignor}", item, "2024-02-18", "2.35")
                for consignor, item in (("acme", "NUT"), ("acme", "OIL"), ("carver", "NUT"))
            ]
        ).or_raise()
        agreements.register_prices(
            lines=[
                written(agreements.PriceLine, "M-acme", item, "2024-01-01", "1.10")
                for item in ITEMS
            ]
        ).or_raise()
        self.houses[HUB] = parties.organization_named(HUB)
        self.northwind = party_ids(["northwind"])["northwind"]

    # --- one step ----------------------------------------------------------------------------

    def step(self) -> str:
        """Do one act by chance; a refused one must have changed nothing."""
        act = self._drawn()
        self.acts += 1
        before = _written()
        try:
            getattr(self, act)()
        except Refusal as refusal:
            self.refused[act] += 1
            if _written() != before:
                raise Changed(f"{act} was refused ({refusal}) and changed something") from refusal
        else:
            self.done[act] += 1
        return act

    def _drawn(self) -> str:
        """By chance; once much was done, every other time what leads to what was never done yet."""
        self.steps += 1
        if self.steps >= LONG and self.steps % LOOKS == 0:
            counted = tally()
            self.wanted = [sort for sort in SORTS if not counted[sort]]
        if self.wanted and self.chance.random() < 0.5:
            return self.chance.choice(WAYS[self.chance.choice(self.wanted)])
        return self.chance.choices(list(ACTS), list(ACTS.values()))[0]

    def a_day_passes(self) -> None:
        self.today, self.acts = self.today + timedelta(days=1), 0

    # --- goods arrive --------------------------------------------------------------------------

    def receive(self) -> None:
        self._tell(
            receipts.record_receipts,
            lambda: written(receipts.ReceiptLine,
                self._name(), "1", self._day(), agreement=f"A-{self._consignor()}",
                item=self._item(), quantity=self._quantity(40),
                place=self.chance.choice(("", "", "", "DOCK", "FLOOR")),
                lot=self.chance.choice(("", *LOTS)),
                expires_on=self.chance.choice(
                    ("", "", (self.today + timedelta(days=9)).isoformat())
                ),
                inspected=self.chance.choice(("", "", "yes")),
            ),
        )  # fmt: skip

    def order(self) -> None:
        house, number = self._house(), self._name()
        line = written(orders.OrderLine,
            number, "1", self.today.isoformat(), self._consignor(), self._item(),
            self._quantity(40),
        )  # fmt: skip
        orders.place_orders(organization=self.houses[house], lines=[line], at=self.at).or_raise()
        if self.chance.random() < 0.6:
            notice = written(
                shipments.ShipNoticeLine,
                f"N{number}",
                "1",
                self.today.isoformat(),
                number,
                "1",
                self._quantity(40),
            )
            shipments.record_ship_notices(
                organization=self.houses[house], lines=[notice], by=BY, at=self.at
            ).or_raise()

    def receive_ordered(self) -> None:
        line = self._one(models.OrderLine.objects.select_related("order").order_by("pk"))
        if line is None:
            return
        said = written(receipts.ReceiptLine,
            self._name(), "1", self.today.isoformat(), order=line.order.number,
            order_line=str(line.line), quantity=self._quantity(30),
        )  # fmt: skip
        receipts.record_receipts(
            organization=self._organization(line.order), lines=[said], by=BY,
            at=self.at,
        ).or_raise()  # fmt: skip

    def put_away(self) -> None:
        if arrived := self._staged():
            house, number = self._came_with(arrived)
            said = written(putaway.PutawayLine,
                self._name(), number, str(arrived.line), self._quantity(8), "STORE",
                self.today.isoformat(),
            )  # fmt: skip
            putaway.put_away(
                organization=self.houses[house], lines=[said], by=BY, at=self.at
            ).or_raise()

    def tell_standard(self) -> None:
        self._tell(
            standard_costs.set_standard_costs,
            lambda: written(
                standard_costs.StandardCostLine,
                self._name(),
                self._item(),
                f"{self.chance.randint(1, 900) / 100}",
                "by chance",
            ),
        )

    # --- goods are used, moved, promised ----------------------------------------------------------

    def use(self) -> None:
        self._consume("desk", queue_shortages=False)

    def till(self) -> None:
        self._consume("till", queue_shortages=True)

    def _consume(self, source: str, *, queue_shortages: bool) -> None:
        def line() -> consumption.Reported:
            return written(consumption.Reported,
                self._name(), self._item(), self._quantity(8), self._day(),
                kind=self.chance.choice((*UseKind, *WORK)),
                consignor=self.chance.choice(("", "", self._consignor())),
                place=self.chance.choice(("", "", "", *PLACES)),
                reservation=self.chance.choice(("", "", "", "ORDER-1")),
                work_order=self.chance.choice(("", *ORDERS)),
            )  # fmt: skip

        self._tell(
            consumption.record_consumption, line, source=source, queue_shortages=queue_shortages
        )

    def come_back(self) -> None:
        """Below zero: of what was sold just now, or of anything."""
        house = self._house()

        def line() -> consumption.Reported:
            sold = self._sold(house, "sale")
            return written(consumption.Reported,
                self._name(), sold.item.code if sold else self._item(), "-" + self._quantity(2),
                self._day(), kind="sale", consignor=self.chance.choice(("", "", self._consignor())),
                place=self.chance.choice(("", "", "", *PLACES)),
            )  # fmt: skip

        lines = [line() for _ in range(self.chance.randint(1, LINES))]
        self._done_in_part(
            consumption.record_consumption(
                organization=self.houses[house], lines=lines, source="desk", by=BY, at=self.at,
                queue_shortages=False,
            )
        )  # fmt: skip

    def _sold(self, house: str, *kinds: str) -> models.Consumption | None:
        """As often as not, one of the last uses of some kinds."""
        uses = models.Consumption.objects.filter(
            organization_id=self.houses[house], quantity__gt=0, kind__in=kinds
        )
        last = uses.select_related("item").order_by("-number")
        return self._one(last[:12]) if self.chance.random() < 0.5 else None

    def use_ours(self) -> None:
        """Of what became ours, and lies there."""
        lying = self._lying(is_ours=True)
        if lying is None:
            return
        house, item, place, left = lying
        line = written(consumption.Reported,
            self._name(), item, self._part(left), self._day(), consignor="northwind",
            place=self.chance.choice(("", place)),
        )  # fmt: skip
        consumption.record_consumption(
            organization=self.houses[house], lines=[line], source="desk", by=BY, at=self.at,
            queue_shortages=False,
        ).or_raise()  # fmt: skip

    def move(self) -> None:
        self._tell(
            custody.transfer_goods,
            lambda: written(custody.TransferLine,
                self._name(), self._item(), self._quantity(8), self.chance.choice(PLACES),
                self.chance.choice(PLACES), self._day(),
                consignor=self.chance.choice(("", self._consignor())),
            ),
        )  # fmt: skip

    def reserve(self) -> None:
        reservations.reserve(
            organization=self.houses[self._house()], reference=f"ORDER-{self.chance.randint(1, 3)}",
            item=self._item(), quantity=self._quantity(10), by=BY, at=self.at,
        )  # fmt: skip

    def take_back_promise(self) -> None:
        self._tell(
            reservations.cancel_reservations,
            lambda: written(
                reservations.CancellationLine, f"ORDER-{self.chance.randint(1, 3)}", self._item()
            ),
        )

    def send(self) -> None:
        """To the other house, or to the neighbour; the neighbour sends nothing back."""

        def line() -> between.BetweenLine:
            here = self._house()
            there = self.chance.choice((*(code for code in HOUSES if code != here), "N1"))
            lying = self._lying(is_ours=self.chance.random() < 0.5)
            item, place = self._item(), self.chance.choice(PLACES)
            if lying and lying[0] == here:
                _, item, place, _ = lying
            return written(between.BetweenLine,
                self._name(), here, item, self._quantity(4), place,
                there, self.chance.choice(("STORE", "STOCK", "DOCK")), self._day(),
                consignor=self.chance.choice(("", self._consignor())),
            )  # fmt: skip

        lines = [line() for _ in range(self.chance.randint(1, LINES))]
        outcome = between.transfer_between(lines=lines, by=BY, at=self.at)
        if not outcome.new:
            outcome.or_raise()

    def hold(self) -> None:
        """Goods that lie there or, now and then, some of which it is not known whether they do."""
        lying = self._lying(is_ours=self.chance.random() < 0.3)
        if lying is None:
            return
        house, item, place, left = lying
        lines = [
            written(quality.HoldLine,
                self._name(), self.chance.choice((item, item, self._item())), self._day(),
                self.chance.choice(("", self._part(left))),
                place=self.chance.choice(("", place, *PLACES)),
                consignor=self.chance.choice(("", "", self._consignor())),
                because=self.chance.choice(
                    ("by chance", "scratched", *([] if self.wanted else [""]))
                ),
            )
            for _ in range(self.chance.randint(1, 2))
        ]  # fmt: skip
        self._done_in_part(
            quality.hold_goods(organization=self.houses[house], lines=lines, by=BY, at=self.at)
        )

    def let_go(self) -> None:
        """What a hold with a reason keeps, or of what lies on hold or waits to be inspected."""
        line = self._of_a_hold() if self.chance.random() < 0.5 else self._of_what_is_held()
        if line:
            house, said = line
            quality.release_goods(
                organization=self.houses[house], lines=[said], by=BY, at=self.at
            ).or_raise()

    def _of_a_hold(self) -> tuple[str, quality.ReleaseLine] | None:
        holds = models.GoodsHold.objects.exclude(because="").select_related("organization")
        hold = self._one(holds.order_by("-held_on", "organization_id", "-number")[:8])
        if hold is None:
            return None
        layer = models.Layer.objects.select_related("item").get(
            organization_id=hold.organization_id, number=hold.layer
        )
        return hold.organization.code, written(
            quality.ReleaseLine,
            self._name(),
            layer.item.code,
            self.today.isoformat(),
            hold=hold.reference,
        )

    def _of_what_is_held(self) -> tuple[str, quality.ReleaseLine] | None:
        lying = self._lying(is_ours=self.chance.random() < 0.3, condition="on-hold")
        if lying is None:
            return None
        house, item, place, left = lying
        layers = models.Layer.objects.filter(organization_id=self.houses[house], item__code=item)
        holds = models.GoodsHold.objects.filter(
            organization_id=self.houses[house], layer__in=layers.values("number")
        )
        hold = self._one(holds.order_by("-number")[:5])
        return house, written(quality.ReleaseLine,
            self._name(), item, self._day(), self.chance.choice(("", self._part(left))),
            place=self.chance.choice(("", place)),
            hold=self.chance.choice(("", hold.reference if hold else "")),
        )  # fmt: skip

    def recall(self) -> None:
        act = self.chance.choice((lots.hold_lot, lots.release_lot, lots.release_lot))
        act(
            party=self.northwind, lot=self.chance.choice(LOTS), because="by chance",
            by=BY, at=self.at,
        )  # fmt: skip

    def resubmit(self) -> None:
        exceptions.resubmit(organization=self.houses[self._house()], by=BY, at=self.at)

    # --- goods are made into others ---------------------------------------------------------------

    def complete(self) -> None:
        self._tell(
            production.record_production,
            lambda: written(production.CompletionLine,
                self._name(), self.chance.choice(list(PRODUCTS)), self._quantity(4), self._day(),
                self.chance.choice(("", *ORDERS)),
            ),
            queue_shortages=self.chance.random() < 0.5,
        )  # fmt: skip

    def bring_back(self) -> None:
        self._tell(
            production_returns.return_from_production,
            lambda: written(production_returns.ComponentReturnLine,
                self._name(), self.chance.choice(ORDERS), self._item(), self._quantity(1),
                self._day(),
            ),
        )  # fmt: skip

    def take_apart(self) -> None:
        self._tell(
            taking_apart.take_apart,
            lambda: written(
                taking_apart.TakeApartLine,
                self._name(),
                self.chance.choice(list(PRODUCTS)),
                self._quantity(1),
                self._day(),
            ),
        )

    # --- goods and title go back ------------------------------------------------------------------

    def turn_back(self) -> None:
        lying = self._lying(is_ours=True)
        if lying is None:
            return
        house, item, place, left = lying
        line = written(returns.ToConsignedLine,
            self._name(), item, self._part(left), self._day(),
            place=self.chance.choice(("", place)), to_place=self.chance.choice(("", "", "FLOOR")),
        )  # fmt: skip
        returns.transfer_to_consigned(
            organization=self.houses[house], lines=[line], by=BY, at=self.at
        ).or_raise()

    def send_back(self) -> None:
        is_ours = self.chance.random() < 0.6
        lying = self._lying(is_ours=is_ours)
        if lying is None:
            return
        house, item, place, left = lying
        line = written(returns.ReturnLine,
            self._name(), item, self._part(left), self._day(),
            place=self.chance.choice(("", place)),
            owned=self.chance.choice(("", "yes" if is_ours else "no")),
            with_title_transfer=self.chance.choice(("", "yes")),
            replacement=self.chance.choice(("", "yes")),
        )  # fmt: skip
        returns.return_to_supplier(
            organization=self.houses[house], lines=[line], by=BY, at=self.at
        ).or_raise()

    def take_back(self) -> None:
        """Of what was used just now, or of anything."""
        house = self._house()

        def line() -> returns.CustomerReturnLine:
            used = self._sold(house, "sale", "sample")
            item, kind = self._item(), self.chance.choice(("", "", "sample", "work-order"))
            if used:
                item, kind = used.item.code, used.kind
            return written(returns.CustomerReturnLine,
                self._name(), item, self._quantity(1), self.today.isoformat(), kind=kind,
                condition=self.chance.choice(("", "", "on-hold")),
                to_original_owner=self.chance.choice(("", "", "yes", "no")),
            )  # fmt: skip

        lines = [line() for _ in range(self.chance.randint(1, LINES))]
        self._done_in_part(
            returns.take_back(organization=self.houses[house], lines=lines, by=BY, at=self.at)
        )

    def reverse_receipt(self) -> None:
        if receipt := self._receipt():
            house, number, line = receipt
            said = written(returns.ReceiptReversalLine,
                self._name(), number, str(line), self.today.isoformat(), "received twice",
                self.chance.choice(("", self._quantity(5))),
            )  # fmt: skip
            returns.reverse_receipts(
                organization=self.houses[house], lines=[said], by=BY, at=self.at
            ).or_raise()

    # --- goods grow old ---------------------------------------------------------------------------

    def buy_aged(self) -> None:
        if layer := self._layer():
            line = written(aging.AgedLine,
                self._name(), self._day(), layer=str(layer.number),
                quantity=self.chance.choice(("", self._quantity(10))),
            )  # fmt: skip
            aging.buy_aged(
                organization=self._organization(layer), lines=[line], by=BY, at=self.at
            ).or_raise()

    def extend(self) -> None:
        if layer := self._layer():
            line = written(aging.ExtensionLine,
                self._name(), self.today.isoformat(), "by mail", layer=str(layer.number),
                days=str(self.chance.randint(1, 9)),
            )  # fmt: skip
            aging.extend(
                organization=self._organization(layer), lines=[line], by=BY, at=self.at
            ).or_raise()

    def renew(self) -> None:
        """From the old agreement to the new one, or back."""
        numbers = {one.pk: one.number for one in models.Agreement.objects.all()}
        pairs = {f"{a}-{one}": f"{b}-{one}" for one in RENEWED for a, b in ("AB", "BA")}
        among = [pk for pk, number in numbers.items() if number in pairs]
        layers = models.Layer.objects.filter(agreement__in=among).select_related("item")
        layer = self._one(layers.order_by("organization_id", "number"))
        if layer is None:
            return
        old = numbers[layer.agreement]
        line = written(renewals.RenewalLine,
            self._name(), old, pairs[old], self._day(), "by mail", self.today.isoformat(),
            item=self.chance.choice(("", layer.item.code)),
            place=self.chance.choice(("", "", *PLACES)),
        )  # fmt: skip
        renewals.renew_goods(
            organization=self._organization(layer), lines=[line], by=BY, at=self.at
        ).or_raise()

    def run_aging(self) -> None:
        aging.run_aging(consignee=self.northwind, on=self.today, by=BY, at=self.at)

    # --- goods are counted ------------------------------------------------------------------------

    def count(self) -> None:
        self._tell(
            counts.record_counts,
            lambda: written(counts.CountLine,
                self._name(), self._item(), str(self.chance.randint(0, 40)),
                self._day(), consignor=self._consignor(), place="STORE",
                counted_by_party=self.chance.choice(("", "consignor")),
                reason=self.chance.choice(("", *Reason)),
            ),
        )  # fmt: skip

    def settle_differences(self) -> None:
        found = self._one(models.CountDifference.objects.order_by("organization_id", "number"))
        if found:
            line = written(
                differences.SettlingLine, str(found.number), self.chance.choice(list(Reason))
            )
            differences.settle_differences(
                organization=self._organization(found), lines=[line], by=BY, at=self.at
            ).or_raise()

    # --- what was used is settled -----------------------------------------------------------------

    def advise(self) -> None:
        after_it = self.at + timedelta(days=1)
        advices.run_advices(consignee=self.northwind, on=self.today, by=BY, at=after_it)
        communication.send_advices(
            consignee=self.northwind,
            by=BY,
            at=self.at,
            write=letters.write,
            post=lambda letter: None,
        )

    def _tax(self) -> None:
        """Three agreements are taxed, at a rate that changes; of one of them oil has no code yet
        on the first days, and half of its tax is recovered."""
        told = [
            written(taxes.TaxCodeLine, "V19", "Standard", "19", "2023-01-01"),
            written(taxes.TaxCodeLine, "V19", "Standard", "16.5", "2024-02-24"),
            written(taxes.TaxCodeLine, "V7", "Reduced", "7", "2024-02-22", "50"),
        ]
        taxes.register_tax_codes(lines=told, at=self.at).or_raise()
        named = [written(taxes.TaxLine, f"A-{one}", "V19") for one in ("acme", "bolts", "dale")]
        taxes.register_taxes(
            lines=[*named, written(taxes.TaxLine, "A-acme", "V7", "OIL")]
        ).or_raise()

    def invoice(self) -> None:
        advice = self._one(
            models.Advice.objects.filter(agreement__settlement_method="supplier-invoice").order_by(
                "number"
            )
        )
        if advice:
            (known,) = read_advices([advice.number]).values()
            said = invoices.SupplierInvoice(
                self._name(), advice.number, self.today, "USD", known.lines
            )
            invoices.record_invoices(
                consignor=known.consignor, invoices=[said], by=BY, at=self.at
            ).or_raise()

    def pay(self) -> None:
        payments.run_payments(consignee=self.northwind, on=self.today, by=BY, at=self.at)


def _written() -> list[tuple[object, ...]]:
    """How far each ledger has been written."""
    return list(
        models.Ledger.objects.order_by("pk").values_list("pk", "next_posting", "next_entry", "seal")
    )
