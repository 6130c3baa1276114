"""Master data: parties, sites, organizations, items, and the agreements between parties."""

from django.db import models

from consigned.inventory.stock import PickOrder
from consigned.master_data.agreements import (
    AgedOutcome,
    AgingOnset,
    CountMethod,
    CustomerReturns,
    CycleBy,
    EndOfTerm,
    SettlementMethod,
    SummaryLevel,
    TitleRule,
    UsageBasis,
)
from consigned.master_data.consumption_rules import Transaction, Verdict
from consigned.master_data.designation import Decided
from consigned.master_data.items import CountedBy, Tracking
from consigned.master_data.parties import CostMethod, RulePrecedence
from consigned.master_data.roles import Role
from consigned.measure.period import Frequency
from consigned.settlement.delivery import AdviceBy
from consigned.title.layer import Ownership
from consigned.title.position import Zone
from consigned_service.records.models.choices import ChoiceField


class Party(models.Model):
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)

    class Meta:
        db_table = "party"
        verbose_name_plural = "parties"

    def __str__(self) -> str:
        return self.name


class OwnAccount(models.Model):
    """What a party calls an account of its books in its own chart."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.CharField(max_length=32)
    number = models.CharField(max_length=20)
    name = models.CharField(max_length=100, blank=True)

    class Meta:
        db_table = "account_mapping"
        constraints = [
            models.UniqueConstraint(fields=["party", "account"], name="own_account_is_one")
        ]


class Site(models.Model):
    """An address of a party where goods stand or leave from; GLN where there is one."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="sites")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    gln = models.CharField(max_length=13, blank=True)

    class Meta:
        db_table = "site"
        constraints = [
            models.UniqueConstraint(fields=["party", "code"], name="site_is_one_of_its_party")
        ]

    def __str__(self) -> str:
        return self.name


class Organization(models.Model):
    """A place of stock with books of its own; it has exactly one ledger."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="organizations")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True)
    currency = models.CharField(max_length=3)
    pick_order = ChoiceField(PickOrder, max_length=24, default="own-first")
    owner_sequence = models.CharField(max_length=500, blank=True, default="")
    one_consignor_per_item = models.BooleanField(default=False)
    allows_transfer_to_owned = models.BooleanField(default=True)
    rule_precedence = ChoiceField(RulePrecedence, max_length=16, default="specific-first")
    two_step_receiving = models.BooleanField(default=False)
    exchange_rate_type = models.CharField(max_length=20, blank=True, default="")
    cost_method = ChoiceField(CostMethod, max_length=8, default="fifo")
    payables_unit = models.CharField(max_length=40, blank=True, default="")
    time_zone = models.CharField(max_length=40, blank=True, default="")
    closed_through = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "organization"

    def __str__(self) -> str:
        return self.name


class ExchangeRate(models.Model):
    """What a currency is worth in another from a day on, in billionths; never edited."""

    kind = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    functional_currency = models.CharField(max_length=3)
    valid_from = models.DateField()
    rate = models.BigIntegerField()
    told_at = models.DateTimeField()

    class Meta:
        db_table = "exchange_rate"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "currency", "functional_currency", "valid_from"],
                name="exchange_rate_is_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.currency}/{self.functional_currency} {self.valid_from}"


class Item(models.Model):
    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    unit = models.CharField(max_length=12)
    ownership = ChoiceField(Ownership, max_length=12, default="consigned")
    gtin = models.CharField(max_length=14, blank=True)
    counted_by = ChoiceField(CountedBy, max_length=12, default="piece")
    tracking = ChoiceField(Tracking, max_length=8, default="none")
    is_hazardous = models.BooleanField(default=False)
    is_approved = models.BooleanField(default=True)

    class Meta:
        db_table = "item"

    def __str__(self) -> str:
        return self.code


class ItemUnit(models.Model):
    """Another unit of an item: one of it holds so many millionths of the item's own unit."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="units")
    unit = models.CharField(max_length=12)
    micros = models.BigIntegerField()

    class Meta:
        db_table = "item_unit"
        constraints = [
            models.UniqueConstraint(fields=["item", "unit"], name="item_unit_is_said_once")
        ]


class ItemSetting(models.Model):
    """What one organization says of an item where it differs from the item itself."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    ownership = ChoiceField(Ownership, max_length=12, blank=True)
    consignor = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    consignor_site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    pick_order = ChoiceField(PickOrder, max_length=24, blank=True)
    owner_sequence = models.CharField(max_length=500, blank=True)
    is_approved = models.BooleanField(default=False)
    is_inspected = models.BooleanField(default=False)

    class Meta:
        db_table = "item_setting"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "item"], name="item_setting_of_organization"
            )
        ]


class BillLine(models.Model):
    """How much of a component one unit of a product takes in an organization."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    component = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    quantity_per = models.BigIntegerField()
    scrap_percent = models.BigIntegerField(default=0)

    class Meta:
        db_table = "bill_line"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "product", "component"], name="bill_line_is_one"
            )
        ]


class ItemChange(models.Model):
    """A change of what an item is designated as, of its approval or of who consigns it: for the
    company, or in one organization; by whom and why."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    what = ChoiceField(Decided, max_length=12)
    before = models.CharField(max_length=90)
    after = models.CharField(max_length=90)
    because = models.CharField(max_length=200, blank=True)
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "designation_change"


class Agreement(models.Model):
    """The terms between one consignor and one consignee."""

    number = models.CharField(max_length=40, unique=True)
    consignor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    consignor_site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True)
    consignee = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    title_rule = ChoiceField(TitleRule, max_length=20)
    frequency = ChoiceField(Frequency, max_length=20)
    first_closing_on = models.DateField()
    closing_days = models.CharField(max_length=300, blank=True, default="")
    cycle_by = ChoiceField(CycleBy, max_length=10, default="recorded")
    advice_grace_days = models.PositiveSmallIntegerField(default=0)
    summary_level = ChoiceField(SummaryLevel, max_length=30)
    settlement_method = ChoiceField(SettlementMethod, max_length=30)
    price_sources = models.CharField(max_length=60)
    payment_days = models.PositiveSmallIntegerField(default=30)
    aging_days = models.PositiveSmallIntegerField(null=True, blank=True)
    aging_onset = ChoiceField(AgingOnset, max_length=10, blank=True)
    aged_outcome = ChoiceField(AgedOutcome, max_length=12, default="by-hand")
    display_days = models.PositiveSmallIntegerField(null=True, blank=True)
    return_by = models.DateField(null=True, blank=True)
    end_of_term = ChoiceField(EndOfTerm, max_length=12, blank=True, default="")
    grace_days = models.PositiveSmallIntegerField(default=0)
    rotation_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    rotation_every_days = models.PositiveSmallIntegerField(null=True, blank=True)
    includes_in_transit = models.BooleanField(default=False)
    title_after_inspection = models.BooleanField(default=False)
    over_receipt_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    under_receipt_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    sourced_from = models.CharField(max_length=40, blank=True, default="")
    sourced_from_place = models.CharField(max_length=40, blank=True, default="")
    loss_responsibility = models.CharField(max_length=200, blank=True, default="")
    liability = models.CharField(max_length=500, blank=True, default="")
    usage_basis = ChoiceField(UsageBasis, max_length=10, default="reported")
    count_method = ChoiceField(CountMethod, max_length=12, blank=True, default="")
    count_every_days = models.PositiveSmallIntegerField(null=True, blank=True)
    cycle_count_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    shrinkage_warning_percent = models.BigIntegerField(null=True, blank=True)
    price_terms = models.CharField(max_length=200, blank=True, default="")
    bill_to = models.CharField(max_length=40, blank=True, default="")
    invoice_tolerance = models.CharField(max_length=200, blank=True, default="")
    advice_channel = ChoiceField(AdviceBy, max_length=8, blank=True, default="")
    advice_address = models.CharField(max_length=200, blank=True, default="")
    taxed = models.BooleanField(default=False)
    customer_returns = ChoiceField(CustomerReturns, max_length=10, default="as-issued")

    class Meta:
        db_table = "agreement"
        indexes = [
            models.Index(
                fields=["consignee"],
                name="agreement_handed_on",
                condition=~models.Q(sourced_from=""),
            )
        ]

    def __str__(self) -> str:
        return self.number


class TaxRate(models.Model):
    """What a tax code comes to from a day on, in millionths of a percent; never edited."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    rate = models.BigIntegerField()
    recoverable = models.BigIntegerField()
    valid_from = models.DateField()
    told_at = models.DateTimeField()

    class Meta:
        db_table = "tax_rate"
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="tax_rate_is_one")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from}"


class AgreementTax(models.Model):
    """Which tax code an agreement has from a day on, for one item or for all (0); never edited."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="taxes")
    item = models.BigIntegerField(default=0)
    tax_code = models.CharField(max_length=20)
    starts_on = models.DateField()

    class Meta:
        db_table = "agreement_tax"
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "item", "starts_on"], name="agreement_tax_is_one"
            )
        ]


class Appointment(models.Model):
    """A party's role: in general, under one agreement, or at one organization (0: none)."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    role = ChoiceField(Role, max_length=30)
    agreement = models.BigIntegerField(default=0)
    organization = models.BigIntegerField(default=0)

    class Meta:
        db_table = "appointment"
        constraints = [
            models.UniqueConstraint(
                fields=["party", "role", "agreement", "organization"], name="appointment_is_one"
            )
        ]


class AgreementLine(models.Model):
    """One item's terms under one agreement."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey(Item, on_delete=models.PROTECT)
    supplier_item = models.CharField(max_length=60, blank=True)

    class Meta:
        db_table = "agreement_line"
        constraints = [
            models.UniqueConstraint(fields=["agreement", "item"], name="agreement_line_per_item")
        ]


class AgreementPrice(models.Model):
    """A dated price: `price` millionths of the currency for `per` millionths of the item's unit,
    for uses of so much or more, by its own terms; a share of the sale needs no price.

    What was told later for the same days, by a retroactive change, has a higher revision. One that
    was withdrawn names its withdrawal, and holds on no day."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="prices")
    item = models.ForeignKey(Item, on_delete=models.PROTECT)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    price = models.BigIntegerField(null=True, blank=True)
    per = models.BigIntegerField(default=1_000_000)
    from_quantity = models.BigIntegerField(default=0)
    price_terms = models.CharField(max_length=200, blank=True, default="")
    revision = models.PositiveIntegerField(default=0)
    withdrawal = models.BigIntegerField(default=0)
    told_at = models.DateTimeField(null=True)
    """Unknown for what stood before it was kept."""

    class Meta:
        db_table = "agreement_price"
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "agreement",
                    "item",
                    "starts_on",
                    "from_quantity",
                    "revision",
                    "withdrawal",
                ],
                name="agreement_price_starts_once",
            )
        ]


class ConsumptionRule(models.Model):
    """A holder's own say on whether goods that move become its own; what is empty is left open.

    Places are named by code, because a rule may hold in every organization of its party.
    """

    code = models.CharField(max_length=40, unique=True)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    verdict = ChoiceField(Verdict, max_length=8)
    kind = ChoiceField(Transaction, max_length=32, blank=True)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    owner = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    item = models.ForeignKey(
        Item, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    from_place = models.CharField(max_length=40, blank=True)
    from_zone = ChoiceField(Zone, max_length=20, blank=True)
    to_place = models.CharField(max_length=40, blank=True)
    to_zone = ChoiceField(Zone, max_length=20, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        db_table = "consumption_rule"

    def __str__(self) -> str:
        return self.code
