"""A yard where everything happens: any act on any goods, drawn from one seed, every law after each.

    S1, S2     two organizations of Northwind; the goods of S2 are kept by Stowaway, a warehouse
    Acme       weekly, title on use, supplier's invoice; bears what is broken, ages after 9 days
    Bolts      daily, title on withdrawal once quality is passed, self-billed; bears nothing
    Carver     monthly, title on use, reported only; shares losses, aged goods bought by the run

Goods that go from S1 to the store of S2 stay consigned, by a rule, and to a shop floor Carver's are
consumed. N1 is a neighbour's, to whom goods are sold.

What an act is asked for is chance, and much of it cannot be done: then it is refused, and nothing
has changed. What can be done is done, and every law holds after it.
"""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from django.db.models import QuerySet

from consigned.measure.identity import OrganizationId, PartyId
from consigned.measure.quantity import show_micros
from consigned.measure.refusal import Refusal
from consigned.trade.consumption import UseKind
from consigned.trade.losses import Reason
from consigned_service.operations import (
    advices,
    aging,
    agreements,
    between,
    bills,
    consumption,
    counts,
    custody,
    differences,
    exceptions,
    invoices,
    items,
    lots,
    orders,
    parties,
    payments,
    production,
    putaway,
    quality,
    receipts,
    reservations,
    returns,
    roles,
    rules,
    shipments,
)
from consigned_service.operations.lines import Outcome
from consigned_service.records import models
from consigned_service.records.agreements import party_ids
from consigned_service.records.settlement import read_advices

BY = "dora"
FIRST = date(2024, 2, 20)
HOUSES = ("S1", "S2")
CONSIGNORS = ("acme", "bolts", "carver", "dale")
ITEMS = ("BOLT", "NUT", "OIL")
PLACES = ("STORE", "STOCK", "FLOOR", "DOCK")
ORDERS = ("WO-1", "WO-2")
PRODUCTS = {
    "FRAME": (("BOLT", "2", ""), ("NUT", "0.5", "10")),
    "RACK": (("FRAME", "2", ""), ("OIL", "0.333333", "")),
}
"""What is made of how much of what, and how much of it is spoilt."""
LOTS = ("L1", "L2")
LINES = 3
"""At most so many lines come with one act."""

TERMS = {
    "acme": {
        "frequency": "weekly", "first_closing_on": "2024-02-25", "aging_days": "9",
        "loss_bearers": "broken=consignor stolen=consignee",
    },
    "bolts": {
        "frequency": "daily", "title_rule": "on-withdrawal", "holds_for_quality": "yes",
        "settlement_method": "self-bill-automatic", "loss_bearers": "unknown=consignee",
    },
    "carver": {
        "frequency": "monthly", "first_closing_on": "2024-02-29", "aging_days": "12",
        "aged_outcome": "automatic", "settlement_method": "report-only",
        "loss_bearers": "broken=50 miscount=consignor",
    },
    "dale": {"frequency": "daily", "settlement_method": "pay-on-use"},
}  # fmt: skip

ACTS = {
    "receive": 9, "use": 9, "till": 5, "come_back": 3, "move": 6, "put_away": 2, "order": 3,
    "receive_ordered": 4, "reserve": 2, "resubmit": 2, "buy_aged": 2, "extend": 1,
    "run_aging": 1, "count": 4, "settle_differences": 3, "advise": 2, "invoice": 2, "pay": 1,
    "send": 4, "hold": 2, "let_go": 2, "recall": 1, "take_back_promise": 1,
    "complete": 4, "bring_back": 2, "take_apart": 2, "turn_back": 4, "send_back": 5,
    "take_back": 4, "reverse_receipt": 2, "a_day_passes": 5,
}  # fmt: skip
"""Each act and how often it comes."""


class Changed(AssertionError):
    """A refused act has written something."""


class Yard:
    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.today = FIRST
        self.number = 0
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.houses: dict[str, OrganizationId] = {}

    # --- before the first day --------------------------------------------------------------

    def open(self) -> None:
        names = ("northwind", *CONSIGNORS, "stow", "neighbour")
        parties.register_parties(lines=[parties.PartyLine(name, "") for name in names])
        parties.register_organizations(
            lines=[parties.OrganizationLine(code, "", "northwind", "USD") for code in HOUSES],
            by=BY,
            at=self.at,
        )
        for code in HOUSES:
            self.houses[code] = OrganizationId(models.Organization.objects.get(code=code).pk)
            parties.register_places(
                organization=self.houses[code],
                lines=[parties.PlaceLine("FLOOR", "", "shop-floor")],
                by=BY,
                at=self.at,
            )
        parties.register_organizations(
            lines=[parties.OrganizationLine("N1", "", "neighbour", "USD")], by=BY, at=self.at
        )
        rules.register_rules(
            lines=[
                rules.RuleLine("KEEP", "northwind", "keep", "transfer-between-organizations",
                               "S1", to_place="STORE"),
                rules.RuleLine("FLOOR", "northwind", "consume", "transfer", owner="carver",
                               to_zone="shop-floor"),
            ]
        ).or_raise()  # fmt: skip
        roles.register_roles(lines=[roles.RoleLine("stow", "third-party-warehouse", "", "S2")])
        items.register_items(lines=[items.ItemLine(code, "", "EA") for code in ITEMS])
        items.register_items(
            lines=[items.ItemLine(code, "", "EA", "owned") for code in PRODUCTS]
        ).or_raise()
        for organization in self.houses.values():
            bills.register_bills(
                organization=organization,
                lines=[
                    bills.BillLine(product, component, quantity, "", spoilt)
                    for product, parts in PRODUCTS.items()
                    for component, quantity, spoilt in parts
                ],
            ).or_raise()
        for consignor, terms in TERMS.items():
            agreements.register_agreements(
                lines=[
                    agreements.AgreementLine(
                        f"A-{consignor}", consignor, "northwind", "USD", "2024-01-01", **terms
                    )
                ]
            ).or_raise()
        agreements.register_prices(
            lines=[
                agreements.PriceLine(f"A-{consignor}", item, "2024-01-01", price)
                for consignor, price in (("acme", "1.25"), ("bolts", "0.3333"), ("carver", "7.005"))
                for item in ITEMS
                if (consignor, item) != ("carver", "OIL")  # never agreed: it waits, priceless
            ]
        ).or_raise()
        self.northwind = party_ids(["northwind"])["northwind"]

    # --- one step ----------------------------------------------------------------------------

    def step(self) -> str:
        """Do one act by chance; a refused one must have changed nothing."""
        act = self.chance.choices(list(ACTS), list(ACTS.values()))[0]
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

    def a_day_passes(self) -> None:
        self.today += timedelta(days=1)

    # --- goods arrive --------------------------------------------------------------------------

    def receive(self) -> None:
        self._tell(
            receipts.record_receipts,
            lambda: receipts.ReceiptLine(
                self._name(), "1", self._day(), agreement=f"A-{self._consignor()}",
                item=self._item(), quantity=self._quantity(40),
                place=self.chance.choice(("", "", "", "DOCK", "FLOOR")),
                lot=self.chance.choice(("", *LOTS)),
                expires_on=self.chance.choice(
                    ("", "", (self.today + timedelta(days=9)).isoformat())
                ),
            ),
        )  # fmt: skip

    def order(self) -> None:
        house, number = self._house(), self._name()
        line = orders.OrderLine(
            number, "1", self.today.isoformat(), self._consignor(), self._item(),
            self._quantity(40),
        )  # fmt: skip
        orders.place_orders(organization=self.houses[house], lines=[line], at=self.at).or_raise()
        if self.chance.random() < 0.6:
            notice = shipments.ShipNoticeLine(
                f"N{number}", "1", self.today.isoformat(), number, "1", self._quantity(40)
            )
            shipments.record_ship_notices(
                organization=self.houses[house], lines=[notice], by=BY, at=self.at
            ).or_raise()

    def receive_ordered(self) -> None:
        line = self._one(models.OrderLine.objects.select_related("order").order_by("pk"))
        if line is None:
            return
        said = receipts.ReceiptLine(
            self._name(), "1", self.today.isoformat(), order=line.order.number,
            order_line=str(line.line), quantity=self._quantity(30),
        )  # fmt: skip
        receipts.record_receipts(
            organization=OrganizationId(line.order.organization_id), lines=[said], by=BY,
            at=self.at,
        ).or_raise()  # fmt: skip

    def put_away(self) -> None:
        receipt = self._receipt_at("DOCK")
        if receipt:
            house, number, line = receipt
            said = putaway.PutawayLine(
                self._name(), number, str(line), self._quantity(20), "STORE",
                self.today.isoformat(),
            )  # fmt: skip
            putaway.put_away(
                organization=self.houses[house], lines=[said], by=BY, at=self.at
            ).or_raise()

    # --- goods are used, moved, promised ----------------------------------------------------------

    def use(self) -> None:
        self._consume("desk", wait_for_missing=False)

    def till(self) -> None:
        self._consume("till", wait_for_missing=True)

    def come_back(self) -> None:
        self._consume("desk", wait_for_missing=False, sign="-")

    def _consume(self, source: str, *, wait_for_missing: bool, sign: str = "") -> None:
        def line() -> consumption.Reported:
            return consumption.Reported(
                self._name(), self._item(), sign + self._quantity(15), self._day(),
                kind=self.chance.choice(list(UseKind)) if not sign else "sale",
                consignor=self.chance.choice(("", "", self._consignor())),
                place=self.chance.choice(("", "", "", *PLACES)),
                reservation=self.chance.choice(("", "", "", "ORDER-1")) if not sign else "",
                work_order=self.chance.choice(("", *ORDERS)) if not sign else "",
            )  # fmt: skip

        self._tell(
            consumption.record_consumption, line, source=source, wait_for_missing=wait_for_missing
        )

    def move(self) -> None:
        self._tell(
            custody.transfer_goods,
            lambda: custody.TransferLine(
                self._name(), self._item(), self._quantity(15), self.chance.choice(PLACES),
                self.chance.choice(PLACES), self._day(),
                consignor=self.chance.choice(("", self._consignor())),
            ),
        )  # fmt: skip

    def reserve(self) -> None:
        reservations.reserve(
            organization=self.houses[self._house()], reference=f"ORDER-{self.chance.randint(1, 9)}",
            item=self._item(), quantity=self._quantity(10), by=BY, at=self.at,
        )  # fmt: skip

    def take_back_promise(self) -> None:
        self._tell(
            reservations.cancel_reservations,
            lambda: reservations.CancellationLine(
                f"ORDER-{self.chance.randint(1, 9)}", self._item()
            ),
        )

    def send(self) -> None:
        """To the other house, or to the neighbour; the neighbour sends nothing back."""

        def line() -> between.BetweenLine:
            here = self._house()
            there = self.chance.choice((*(code for code in HOUSES if code != here), "N1"))
            return between.BetweenLine(
                self._name(), here, self._item(), self._quantity(8), self.chance.choice(PLACES),
                there, self.chance.choice(("STORE", "STOCK", "DOCK")), self._day(),
                consignor=self.chance.choice(("", self._consignor())),
            )  # fmt: skip

        lines = [line() for _ in range(self.chance.randint(1, LINES))]
        outcome = between.transfer_between(lines=lines, by=BY, at=self.at)
        if not outcome.new:
            outcome.or_raise()

    def hold(self) -> None:
        self._tell(quality.hold_goods, self._goods_on_hold)

    def let_go(self) -> None:
        self._tell(quality.release_goods, self._goods_on_hold)

    def _goods_on_hold(self) -> quality.HoldLine:
        return quality.HoldLine(
            self._name(), self._item(), self._day(),
            self.chance.choice(("", self._quantity(5))),
            place=self.chance.choice(("", *PLACES)),
            consignor=self.chance.choice(("", self._consignor())),
        )  # fmt: skip

    def recall(self) -> None:
        act = self.chance.choice((lots.hold_lot, lots.release_lot, lots.release_lot))
        act(
            party=PartyId(self.northwind), lot=self.chance.choice(LOTS), because="by chance",
            by=BY, at=self.at,
        )  # fmt: skip

    def resubmit(self) -> None:
        exceptions.resubmit(organization=self.houses[self._house()], by=BY, at=self.at)

    # --- goods are made into others ---------------------------------------------------------------

    def complete(self) -> None:
        self._tell(
            production.record_production,
            lambda: production.CompletionLine(
                self._name(), self.chance.choice(list(PRODUCTS)), self._quantity(4), self._day(),
                self.chance.choice(("", *ORDERS)),
            ),
            wait_for_missing=self.chance.random() < 0.5,
        )  # fmt: skip

    def bring_back(self) -> None:
        self._tell(
            production.return_from_production,
            lambda: production.ComponentReturnLine(
                self._name(), self.chance.choice(ORDERS), self._item(), self._quantity(2),
                self._day(),
            ),
        )  # fmt: skip

    def take_apart(self) -> None:
        self._tell(
            production.take_apart,
            lambda: production.TakeApartLine(
                self._name(), self.chance.choice(list(PRODUCTS)), self._quantity(1), self._day()
            ),
        )

    # --- goods and title go back ------------------------------------------------------------------

    def turn_back(self) -> None:
        lying = self._lying(is_ours=True)
        if lying is None:
            return
        house, item, place, left = lying
        line = returns.ToConsignedLine(
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
        line = returns.ReturnLine(
            self._name(), item, self._part(left), self._day(),
            place=self.chance.choice(("", place)),
            owned=self.chance.choice(("", "yes" if is_ours else "no")),
            and_transfer=self.chance.choice(("", "yes")),
            replacement=self.chance.choice(("", "yes")),
        )  # fmt: skip
        returns.return_to_supplier(
            organization=self.houses[house], lines=[line], by=BY, at=self.at
        ).or_raise()

    def take_back(self) -> None:
        self._tell(
            returns.take_back,
            lambda: returns.CustomerReturnLine(
                self._name(), self._item(), self._quantity(1), self.today.isoformat(),
                kind=self.chance.choice(("", "", "sample", "work-order")),
                condition=self.chance.choice(("", "", "on-hold")),
                as_issued=self.chance.choice(("", "yes")),
            ),
        )  # fmt: skip

    def _lying(self, *, is_ours: bool) -> tuple[str, str, str, int] | None:
        """Goods inside the walls that came on consignment: house, item, place, and how much."""
        whose = {"owner_id": self.northwind}
        positions = models.Position.objects.select_related("item", "organization")
        rows = positions.filter(**whose) if is_ours else positions.exclude(**whose)
        layers = models.Layer.objects.filter(ownership="consigned")
        for position in self.chance.sample(sorted(rows, key=lambda row: row.pk), len(rows)):
            lying = models.Balance.objects.filter(
                organization_id=position.organization_id, position=position.number, is_outer=False,
                layer__in=layers.filter(organization_id=position.organization_id).values("number"),
            )  # fmt: skip
            left = sum(lying.values_list("quantity", flat=True))
            if left:
                place = models.Place.objects.get(
                    organization_id=position.organization_id, number=position.place
                )
                return position.organization.code, position.item.code, place.code, left
        return None

    def _part(self, quantity: int) -> str:
        return show_micros(max(1, quantity * self.chance.randint(1, 4) // 4))

    def reverse_receipt(self) -> None:
        if receipt := self._receipt_at(""):
            house, number, line = receipt
            said = returns.ReceiptReversalLine(
                self._name(), number, str(line), self.today.isoformat(), "received twice",
                self.chance.choice(("", self._quantity(5))),
            )  # fmt: skip
            returns.reverse_receipts(
                organization=self.houses[house], lines=[said], by=BY, at=self.at
            ).or_raise()

    # --- goods grow old ---------------------------------------------------------------------------

    def buy_aged(self) -> None:
        if layer := self._layer():
            line = aging.AgedLine(
                self._name(), self._day(), layer=str(layer.number),
                quantity=self.chance.choice(("", self._quantity(10))),
            )  # fmt: skip
            aging.buy_aged(
                organization=OrganizationId(layer.organization_id), lines=[line], by=BY, at=self.at
            ).or_raise()

    def extend(self) -> None:
        if layer := self._layer():
            line = aging.ExtensionLine(
                self._name(), self.today.isoformat(), "by mail", layer=str(layer.number),
                days=str(self.chance.randint(1, 9)),
            )  # fmt: skip
            aging.extend(
                organization=OrganizationId(layer.organization_id), lines=[line], by=BY, at=self.at
            ).or_raise()

    def run_aging(self) -> None:
        aging.run_aging(consignee=PartyId(self.northwind), on=self.today, by=BY, at=self.at)

    # --- goods are counted ------------------------------------------------------------------------

    def count(self) -> None:
        self._tell(
            counts.record_counts,
            lambda: counts.CountLine(
                self._name(), self._item(), str(self.chance.randint(0, 40)),
                self._day(), consignor=self._consignor(), place="STORE",
                counted_by_party=self.chance.choice(("", "consignor")),
                reason=self.chance.choice(("", *Reason)),
            ),
        )  # fmt: skip

    def settle_differences(self) -> None:
        found = self._one(models.CountDifference.objects.order_by("organization_id", "number"))
        if found:
            line = differences.SettlingLine(str(found.number), self.chance.choice(list(Reason)))
            differences.settle_differences(
                organization=OrganizationId(found.organization_id), lines=[line], by=BY, at=self.at
            ).or_raise()

    # --- what was used is settled -----------------------------------------------------------------

    def advise(self) -> None:
        advices.run_advices(consignee=PartyId(self.northwind), on=self.today, by=BY, at=self.at)

    def invoice(self) -> None:
        advice = self._one(models.Advice.objects.order_by("number"))
        if advice:
            (known,) = read_advices([advice.number]).values()
            said = invoices.SupplierInvoice(
                self._name(), advice.number, self.today, "USD", known.lines
            )
            invoices.record_invoices(
                consignor=known.consignor, invoices=[said], by=BY, at=self.at
            ).or_raise()

    def pay(self) -> None:
        payments.run_payments(consignee=PartyId(self.northwind), on=self.today, by=BY, at=self.at)

    # --- chance -----------------------------------------------------------------------------------

    def _tell(
        self, act: Callable[..., Outcome], line: Callable[[], object], **more: object
    ) -> None:
        """Tell an act some lines at one organization; the lines that are refused are refused."""
        lines = [line() for _ in range(self.chance.randint(1, LINES))]
        outcome = act(
            organization=self.houses[self._house()], lines=lines, by=BY, at=self.at, **more
        )
        if not outcome.new and not outcome.repeated:
            outcome.or_raise()

    @property
    def at(self) -> datetime:
        return datetime.combine(self.today, time(12), UTC)

    def _day(self) -> str:
        """Today, or a day gone by that is told late."""
        return (self.today - timedelta(days=self.chance.choice((0, 0, 0, 1, 3)))).isoformat()

    def _name(self) -> str:
        """A name of its own; now and then the one before, as when a line is sent twice."""
        if self.chance.random() < 0.95:
            self.number += 1
        return f"r{self.number}"

    def _house(self) -> str:
        return self.chance.choice(HOUSES)

    def _consignor(self) -> str:
        return self.chance.choice(CONSIGNORS)

    def _item(self) -> str:
        return self.chance.choice(ITEMS)

    def _quantity(self, most: int) -> str:
        return show_micros(self.chance.randint(1, 4 * most) * 250_000)

    def _one(self, rows: QuerySet) -> Any:
        """One of some rows, by the seed's chance and not by the database's."""
        count = rows.count()
        return rows[self.chance.randrange(count)] if count else None

    def _layer(self) -> models.Layer | None:
        layers = models.Layer.objects.filter(ownership="consigned")
        return self._one(layers.order_by("organization_id", "number"))

    def _receipt_at(self, place: str) -> tuple[str, str, int] | None:
        layers = models.Layer.objects.exclude(receipt=None)
        layer = self._one(layers.order_by("organization_id", "number"))
        if layer is None:
            return None
        receipt = models.GoodsReceipt.objects.get(
            organization_id=layer.organization_id, number=layer.receipt
        )
        code = models.Organization.objects.get(pk=layer.organization_id).code
        return code, receipt.reference, layer.receipt_line or 1


def _written() -> list[tuple[object, ...]]:
    """How far each ledger has been written."""
    return list(
        models.Ledger.objects.order_by("pk").values_list("pk", "next_posting", "next_entry", "seal")
    )
