"""What was agreed changes from a day on, and what is known of the masters is told anew."""

from datetime import date, timedelta

from consigned.measure.quantity import show_micros
from consigned_service.operations.core.lines import written
from consigned_service.operations.core.upsert import RecordedBy
from consigned_service.operations.master_data import (
    agreements,
    amendments,
    item_settings,
    items,
    parties,
    price_withdrawals,
)
from consigned_service.operations.master_data import consumption_rules as rules
from consigned_service.operations.master_data.amendments import AgreementEndLine, AmendmentLine
from consigned_service.records import models
from consigned_service.records.master_data.agreements import agreements_by_number
from tests.simulation.chance import BY, CONSIGNORS, HUB, ITEMS, Chance

TERMS = {
    "acme": {
        "frequency": "weekly", "first_closing_on": "2024-02-25", "aging_days": "9",
        "loss_responsibility": "broken=consignor stolen=consignee", "count_method": "blind",
        "count_every_days": "3", "taxed": "yes",
    },
    "bolts": {
        "frequency": "daily", "title_rule": "on-withdrawal", "title_after_inspection": "yes",
        "settlement_method": "self-bill-automatic", "loss_responsibility": "unknown=consignee",
        "count_method": "cycle", "count_every_days": "1", "cycle_count_percent": "40",
        "taxed": "yes", "customer_returns": "owned",
    },
    "carver": {
        "frequency": "monthly", "first_closing_on": "2024-02-29", "aging_days": "12",
        "aged_outcome": "automatic", "settlement_method": "report-only",
        "loss_responsibility": "broken=50 miscount=consignor",
    },
    "dale": {
        "frequency": "daily", "settlement_method": "pay-on-use", "count_method": "full",
        "count_every_days": "2", "taxed": "yes",
    },
    "ferry": {
        "frequency": "weekly", "first_closing_on": "2024-02-25", "includes_in_transit": "yes",
        "loss_responsibility": "stolen=consignee broken=50", "customer_returns": "owned",
    },
    "depot": {
        "frequency": "daily", "sourced_from": HUB, "settlement_method": "self-bill-staged",
        "loss_responsibility": "broken=consignee",
    },
}  # fmt: skip
OF_A_DAY: tuple[dict[str, str], ...] = (
    {"aging_days": "4"}, {"aging_days": "15"}, {"aging_days": "none"},
    {"loss_responsibility": "stolen=50"}, {"loss_responsibility": "none"},
    {"count_method": "full", "count_every_days": "2"}, {"over_receipt_percent": "10"},
)  # fmt: skip
OF_A_USE: tuple[dict[str, str], ...] = (
    {"taxed": "yes"}, {"taxed": "none"}, {"price_sources": "transaction agreement order-line"},
)  # fmt: skip
OF_A_CYCLE: tuple[dict[str, str], ...] = (
    {"frequency": "daily"}, {"frequency": "weekly"}, {"frequency": "monthly"},
    {"settlement_method": "supplier-invoice"}, {"settlement_method": "self-bill-automatic"},
    {"settlement_method": "report-only"}, {"settlement_method": "pay-on-use"},
    {"payment_days": "3"}, {"summary_level": "organization"}, {"invoice_tolerance": "2%"},
)  # fmt: skip
"""What may be agreed otherwise, by what each term is about."""
KINDS = {
    "amended of a day": OF_A_DAY, "amended of a use": OF_A_USE, "amended of a cycle": OF_A_CYCLE,
}  # fmt: skip
LENGTHS = {"daily": 0, "weekly": 6, "monthly": 20}


def agreed(consignor: str, ends_on: str = "") -> agreements.AgreementLine:
    """What was agreed first with one of the consignors."""
    return written(
        agreements.AgreementLine,
        f"A-{consignor}",
        consignor,
        "northwind",
        "USD",
        "2024-01-01",
        ends_on=ends_on,
        **TERMS[consignor],
    )


class Agreeing(Chance):
    def amend(self) -> None:
        number = self.chance.choice((*(f"A-{one}" for one in CONSIGNORS), "M-acme"))
        kind = self.chance.choice(self._wanted_of(KINDS))
        self._amend(number, dict(self.chance.choice(kind)), is_cycle=kind is OF_A_CYCLE)

    def settle_elsewhere(self) -> None:
        self._amend(f"A-{self._consignor()}", {"settlement_method": "report-only"}, is_cycle=True)

    def _amend(self, number: str, changed: dict[str, str], *, is_cycle: bool) -> None:
        starts_on = self._from(number, is_cycle=is_cycle)
        if (length := LENGTHS.get(changed.get("frequency", ""))) is not None:
            changed["first_closing_on"] = (starts_on + timedelta(days=length)).isoformat()
        line = written(
            AmendmentLine,
            number,
            self._name(),
            starts_on.isoformat(),
            "by mail",
            "by chance",
            **changed,
        )
        amendments.amend_agreements(lines=[line], by=BY, at=self.at).or_raise()

    def _from(self, number: str, *, is_cycle: bool) -> date:
        """A day from which something changes: now and then one that does not do."""
        starts_on = self.today + timedelta(days=self.chance.choice((-1, 0, 1, 1, 2, 4)))
        if not is_cycle:
            return starts_on
        agreement = agreements_by_number([number])[number]
        return agreement.cycle_after(agreement.cycle_of(self.today).closes_on).starts_on

    def end_early(self) -> None:
        ends_on = self.today + timedelta(days=self.chance.choice((1, 2, 3)))
        line = written(
            AgreementEndLine, f"A-{self._consignor()}", self._name(), ends_on.isoformat(), "by mail"
        )
        amendments.end_agreements(lines=[line], by=BY, at=self.at).or_raise()

    def go_on(self) -> None:
        """An agreement that ends, or has ended, lasts longer."""
        ending = models.Agreement.objects.filter(ends_on__isnull=False)
        found = self._one(ending.select_related("consignor").order_by("pk"))
        if found is None:
            return
        ends_on = max(found.ends_on, self.today) + timedelta(days=self.chance.randint(3, 90))
        agreements.register_agreements(
            lines=[agreed(found.consignor.code, ends_on.isoformat())], told_by=self._teller
        ).or_raise()

    def price_to_come(self) -> None:
        """A price from a day to come on, of any quantity or for much of it alone."""
        starts_on = self.today + timedelta(days=self.chance.randint(1, 6))
        line = written(agreements.PriceLine,
            f"A-{self._consignor()}", self._item(), starts_on.isoformat(),
            f"{self.chance.randint(1, 900) / 100}",
            from_quantity=self.chance.choice(("", "", "3", "6")),
        )  # fmt: skip
        agreements.register_prices(lines=[line], told_by=self._teller).or_raise()

    def withdraw_price(self) -> None:
        prices = models.AgreementPrice.objects.order_by("-starts_on", "pk")
        price = self._one(prices.filter(starts_on__gte=self.today).select_related("agreement"))
        if price is None:
            return
        line = written(price_withdrawals.PriceWithdrawalLine,
            price.agreement.number, self._name(), price.item.code,
            price.starts_on.isoformat(), "by chance",
            from_quantity=show_micros(price.from_quantity) if price.from_quantity else "",
        )  # fmt: skip
        price_withdrawals.withdraw_prices(lines=[line], by=BY, at=self.at).or_raise()

    # --- masters -----------------------------------------------------------------------------

    def rename(self) -> None:
        code = self.chance.choice((*CONSIGNORS, "northwind"))
        parties.register_parties(
            lines=[written(parties.PartyLine, code, self._new_name())], told_by=self._teller
        ).or_raise()

    def tell_item(self) -> None:
        line = written(items.ItemLine,
            self.chance.choice(ITEMS), self._new_name(), "KG", counted_by="weight",
            hazardous=self.chance.choice(("", "yes", "no")),
        )  # fmt: skip
        items.register_items(lines=[line], told_by=self._teller).or_raise()

    def tell_settings(self) -> None:
        """Which goods go first, of a house or of one item there; and whether a rule is in force."""
        house = self._house()
        order = self.chance.choice(ORDERS)
        setting = written(
            item_settings.ItemSettingLine,
            self._item(),
            pick_order=order,
            inspected=self.chance.choice(("", "", "yes", "no")),
        )
        rule = written(rules.RuleLine,
            "FLOOR", "northwind", "consume", "transfer", owner="carver", to_zone="shop-floor",
            active=self.chance.choice(("yes", "no")),
        )  # fmt: skip
        match self.chance.randrange(3):
            case 0:
                item_settings.register_item_settings(
                    organization=self.houses[house], lines=[setting], by=BY, at=self.at
                ).or_raise()
            case 1:
                parties.register_organizations(
                    lines=[
                        written(parties.OrganizationLine,
                            house, self._new_name(), "northwind", "USD", order,
                            two_step_receiving=self.chance.choice(("", "yes", "no")),
                        )
                    ],
                    by=BY, at=self.at,
                ).or_raise()  # fmt: skip
            case _:
                rules.register_rules(lines=[rule], told_by=self._teller).or_raise()

    def _new_name(self) -> str:
        return f"Name {self.chance.randint(1, 99)}"

    @property
    def _teller(self) -> RecordedBy:
        return RecordedBy(BY, self.at)


ORDERS = ("own-first", "consigned-first", "oldest-first", "first-expiring-first")
"""Which goods may go first."""
