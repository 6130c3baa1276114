"""The title ledger of each organization, and what each posting wrote beside it.

Every table here is keyed by the organization first and numbered within it (no sequences), holds
whole numbers only, and is append-only in the database too, save for the few that are derived and
checked by replay: the counters, balances, running totals and own costs (docs/decisions).
"""

from django.db import models
from django.db.models import CompositePrimaryKey

from consigned.consumption.exceptions import Ending
from consigned.counting.dispositions import DispositionOutcome
from consigned.counting.laws import RECOUNTED
from consigned.counting.losses import Bearer, Reason
from consigned.inbound.customs import CustomsStatus
from consigned.inbound.inspections import Decision
from consigned.inventory.aging import Deadline
from consigned.inventory.title_transfers import UseKind
from consigned.master_data.agreements import CountMethod
from consigned.production.completions import StaysOwned
from consigned.returns.lines import Direction
from consigned.title.entry import Cause, EntryKind
from consigned.title.layer import Ownership
from consigned.title.position import Condition, Zone
from consigned_service.records.models.agreements import Item, Organization, Party
from consigned_service.records.models.choices import ChoiceField


class LedgerTable(models.Model):
    """A table of an organization's ledger."""

    unsealed: frozenset[str] = frozenset()
    """The fields that no posting seals."""
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        abstract = True


class HotTable(models.Model):
    """A ledger table written by the thousand: its keys are kept by the ledger, not per row."""

    unsealed: frozenset[str] = frozenset()
    """The fields that no posting seals."""
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )

    class Meta:
        abstract = True


class Ledger(models.Model):
    """The organization's counters and last seal; its row is the lock of the whole ledger."""

    organization = models.OneToOneField(Organization, on_delete=models.PROTECT, primary_key=True)
    next_place = models.BigIntegerField(default=1)
    next_posting = models.BigIntegerField(default=1)
    next_entry = models.BigIntegerField(default=1)
    next_position = models.BigIntegerField(default=1)
    next_layer = models.BigIntegerField(default=1)
    next_receipt = models.BigIntegerField(default=1)
    next_arrival = models.BigIntegerField(default=1)
    next_inspection = models.BigIntegerField(default=1)
    next_hold = models.BigIntegerField(default=1)
    next_hold_end = models.BigIntegerField(default=1)
    next_recall = models.BigIntegerField(default=1)
    next_consumption = models.BigIntegerField(default=1)
    next_total = models.BigIntegerField(default=1)
    next_journal = models.BigIntegerField(default=1)
    next_exception = models.BigIntegerField(default=1)
    next_reservation = models.BigIntegerField(default=1)
    next_extension = models.BigIntegerField(default=1)
    next_renewal = models.BigIntegerField(default=1)
    next_price_correction = models.BigIntegerField(default=1)
    next_cost = models.BigIntegerField(default=1)
    next_standard_cost = models.BigIntegerField(default=1)
    next_production = models.BigIntegerField(default=1)
    next_component = models.BigIntegerField(default=1)
    next_component_use = models.BigIntegerField(default=1)
    next_component_return = models.BigIntegerField(default=1)
    next_sheet = models.BigIntegerField(default=1)
    next_sheet_line = models.BigIntegerField(default=1)
    next_count = models.BigIntegerField(default=1)
    next_difference = models.BigIntegerField(default=1)
    next_count_settlement = models.BigIntegerField(default=1)
    next_told_after = models.BigIntegerField(default=1)
    next_disposition = models.BigIntegerField(default=1)
    next_return = models.BigIntegerField(default=1)
    next_debit_request = models.BigIntegerField(default=1)
    next_period_close = models.BigIntegerField(default=1)
    next_purchase_invoice = models.BigIntegerField(default=1)
    seal = models.CharField(max_length=64, default="0" * 64)
    counted_through = models.DateField(null=True)
    """The last evening that was counted: what happens later changes nothing of any count."""
    renewed_through = models.DateField(null=True)
    """The last day on which goods passed to another agreement: from it on no use is of a day before
    that."""

    class Meta:
        db_table = "ledger"


class Place(LedgerTable):
    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200, blank=True)
    zone = ChoiceField(Zone, max_length=20)
    is_owned = models.BooleanField(default=False)
    is_nettable = models.BooleanField(default=True)

    class Meta:
        db_table = "place"
        constraints = [models.UniqueConstraint(fields=["organization", "code"], name="place_code")]


class Posting(LedgerTable):
    """A set of facts put in together; its seal covers them and the seal before it."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    cause = models.CharField(max_length=20)
    reference = models.CharField(max_length=120, blank=True)
    recorded_at = models.DateTimeField()
    recorded_on = models.DateField()
    recorded_by = models.CharField(max_length=150)
    first_entry = models.BigIntegerField()
    end_entry = models.BigIntegerField()
    seal = models.CharField(max_length=64)

    class Meta:
        db_table = "posting"


class Position(LedgerTable):
    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    place = models.BigIntegerField()
    condition = ChoiceField(Condition, max_length=12)

    class Meta:
        db_table = "position"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "item", "owner", "place", "condition"],
                name="position_is_one",
            )
        ]
        indexes = [models.Index(fields=["owner", "organization"], name="position_of_owner")]


class Layer(LedgerTable):
    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    supplier = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    received_on = models.DateField()
    ownership = ChoiceField(Ownership, max_length=12)
    agreement = models.BigIntegerField(null=True)
    order_line = models.BigIntegerField(null=True)
    receipt = models.BigIntegerField(null=True)
    receipt_line = models.BigIntegerField(null=True)
    shipped_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    lot = models.CharField(max_length=60, null=True)
    serial = models.CharField(max_length=60, null=True)
    price = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, null=True)
    per = models.BigIntegerField(null=True)
    customs_status = ChoiceField(CustomsStatus, max_length=12, null=True)
    customs_document = models.CharField(max_length=60, null=True)
    origin = models.CharField(max_length=2, null=True)
    from_organization = models.BigIntegerField(null=True)
    from_layer = models.BigIntegerField(null=True)
    quantity = models.BigIntegerField()

    class Meta:
        db_table = "layer"
        indexes = [
            models.Index(fields=["organization", "item"], name="layer_of_item"),
            models.Index(fields=["organization", "order_line"], name="layer_of_order_line"),
            models.Index(fields=["organization", "receipt"], name="layer_of_receipt"),
            models.Index(
                fields=["organization", "lot"],
                name="layer_of_lot",
                condition=models.Q(lot__isnull=False),
            ),
        ]


class Entry(HotTable):
    """One immutable fact: so much of a layer from one position to another."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    kind = ChoiceField(EntryKind, max_length=24)
    layer = models.BigIntegerField()
    quantity = models.BigIntegerField()
    source = models.BigIntegerField()
    target = models.BigIntegerField()
    happened_on = models.DateField()
    cause = ChoiceField(Cause, max_length=16)
    document = models.BigIntegerField()
    line = models.BigIntegerField()
    posting = models.BigIntegerField()
    seal = models.BigIntegerField()

    class Meta:
        db_table = "title_entry"
        indexes = [
            models.Index(fields=["organization", "layer", "number"], name="title_entry_of_layer")
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0), name="title_entry_takes_something"
            )
        ]


class Balance(HotTable):
    """What lies at a position of one layer: derived from the entries, kept for speed.

    Inside the walls a row exists only while something is there, and says on which day goods last
    came to it; outer places may be below zero.
    """

    pk = CompositePrimaryKey("organization_id", "position", "layer")
    position = models.BigIntegerField()
    layer = models.BigIntegerField()
    quantity = models.BigIntegerField()
    is_outer = models.BooleanField()
    came_on = models.DateField(null=True)

    class Meta:
        db_table = "balance"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_outer=True) | models.Q(quantity__gt=0),
                name="balance_is_not_below_nothing",
            )
        ]
        indexes = [
            models.Index(
                fields=["organization", "layer"],
                name="balance_on_hand",
                condition=models.Q(is_outer=False),
            )
        ]


class Key(HotTable):
    """What was told under a source's own reference, so that telling it again changes nothing."""

    pk = CompositePrimaryKey("organization_id", "reference", "source")
    reference = models.CharField(max_length=120)
    posting = models.BigIntegerField()
    source = models.CharField(max_length=40)
    document = models.BigIntegerField(null=True)
    fingerprint = models.BigIntegerField()

    class Meta:
        db_table = "idempotency_key"


class EntryReference(LedgerTable):
    """The reference that a line of a posting was told under, where no paper has it: a transfer, a
    hold, a release."""

    pk = CompositePrimaryKey("organization_id", "posting", "line")
    line = models.BigIntegerField()
    posting = models.BigIntegerField()
    reference = models.CharField(max_length=120)

    class Meta:
        db_table = "entry_reference"


class Consumption(HotTable):
    """A line of consumption as it was reported, in the item's own unit; below zero, a return."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    source = models.CharField(max_length=40)
    reference = models.CharField(max_length=120)
    kind = ChoiceField(UseKind, max_length=20)
    item = models.ForeignKey(
        Item, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    quantity = models.BigIntegerField()
    said = models.CharField(max_length=60, null=True)
    happened_on = models.DateField()
    occurred_at = models.CharField(max_length=40)
    place = models.BigIntegerField(null=True)
    consignor = models.BigIntegerField(null=True)
    lot = models.CharField(max_length=60, null=True)
    serial = models.CharField(max_length=60, null=True)
    price = models.BigIntegerField(null=True)
    per = models.BigIntegerField(default=1_000_000)
    currency = models.CharField(max_length=3, null=True)
    customer = models.CharField(max_length=120, null=True)
    reservation = models.CharField(max_length=120, null=True)
    voids_source = models.CharField(max_length=40, null=True)
    voids = models.CharField(max_length=120, null=True)
    because = models.CharField(max_length=200, null=True)

    class Meta:
        db_table = "consumption"
        indexes = [
            models.Index(
                fields=["organization", "voids"],
                name="consumption_that_voids",
                condition=models.Q(voids__isnull=False),
            )
        ]


class Total(HotTable):
    """A running total: what was used of one item, on one day, at one price, in one cycle."""

    pk = CompositePrimaryKey("organization_id", "number")
    unsealed = frozenset(("quantity", "told_on", "advice_line"))
    """Kept beside what was sealed, and worked out again by the audit."""
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    agreement = models.BigIntegerField()
    closes_on = models.DateField()
    item = models.ForeignKey(
        Item, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    happened_on = models.DateField()
    kind = ChoiceField(UseKind, max_length=20)
    price = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    per = models.BigIntegerField()
    price_source = models.CharField(max_length=120)
    alone = models.BigIntegerField(default=0)
    tax = models.CharField(max_length=60, default="")
    quantity = models.BigIntegerField()
    told_on = models.DateField(null=True)
    advice_line = models.BigIntegerField(null=True)

    class Meta:
        db_table = "running_total"
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "organization",
                    "agreement",
                    "closes_on",
                    "item",
                    "happened_on",
                    "kind",
                    "price",
                    "per",
                    "price_source",
                    "alone",
                    "tax",
                ],
                name="running_total_is_one",
            )
        ]
        indexes = [
            models.Index(
                fields=["organization", "closes_on"],
                name="running_total_untold",
                condition=models.Q(told_on__isnull=True),
            ),
            models.Index(fields=["advice_line"], name="running_total_of_line"),
        ]


class Charge(HotTable):
    """Which running total a transfer of title counts in: exactly one, or it is an exception."""

    pk = CompositePrimaryKey("organization_id", "entry")
    entry = models.BigIntegerField()
    posting = models.BigIntegerField()
    total = models.BigIntegerField()
    quantity = models.BigIntegerField()

    class Meta:
        db_table = "charge"
        indexes = [models.Index(fields=["organization", "total"], name="charge_of_total")]


class RuleApplied(LedgerTable):
    """Which consumption rule decided on an entry: that title passed, or that it did not."""

    pk = CompositePrimaryKey("organization_id", "entry")
    entry = models.BigIntegerField()
    posting = models.BigIntegerField()
    rule = models.BigIntegerField()

    class Meta:
        db_table = "rule_applied"


class GoodsReceipt(LedgerTable):
    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    reference = models.CharField(max_length=120)
    supplier = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    ship_notice = models.BigIntegerField(null=True)
    received_on = models.DateField()

    class Meta:
        db_table = "goods_receipt"


class GoodsReceiptLine(LedgerTable):
    """What of one layer came in with one receipt line; `said` is how it was counted."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    receipt = models.BigIntegerField()
    line = models.BigIntegerField()
    layer = models.BigIntegerField()
    quantity = models.BigIntegerField()
    said = models.CharField(max_length=80)
    is_inspected = models.BooleanField()

    class Meta:
        db_table = "goods_receipt_line"
        indexes = [
            models.Index(fields=["organization", "layer"], name="arrived_goods_of_layer"),
            models.Index(fields=["organization", "receipt"], name="arrived_goods_of_receipt"),
        ]


class ShippedGoods(LedgerTable):
    """A layer that opened when its consignor shipped it, and the ship notice line that said so."""

    pk = CompositePrimaryKey("organization_id", "layer")
    layer = models.BigIntegerField()
    posting = models.BigIntegerField()
    ship_notice = models.BigIntegerField()
    line = models.BigIntegerField()

    class Meta:
        db_table = "in_transit_layer"
        indexes = [
            models.Index(fields=["organization", "ship_notice"], name="shipped_goods_of_notice")
        ]


class Inspection(LedgerTable):
    """What somebody decided of received goods: they are accepted, rejected, or wait."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    reference = models.CharField(max_length=120)
    receipt = models.BigIntegerField()
    line = models.BigIntegerField()
    outcome = ChoiceField(Decision, max_length=20)
    quantity = models.BigIntegerField()
    because = models.CharField(max_length=200)
    inspected_on = models.DateField()

    class Meta:
        db_table = "inspection"
        indexes = [models.Index(fields=["organization", "receipt"], name="inspection_of_receipt")]


class LoadedGoods(LedgerTable):
    """Received goods in the putaway queue: a plan of what goes from the dock to which place."""

    pk = CompositePrimaryKey("organization_id", "layer")
    layer = models.BigIntegerField()
    place = models.BigIntegerField()
    loaded_on = models.DateField()

    class Meta:
        db_table = "putaway_task"


class OwnedCost(LedgerTable):
    """What the goods of a layer that are ours and on hand have cost; derived, kept for speed."""

    pk = CompositePrimaryKey("organization_id", "layer")
    layer = models.BigIntegerField()
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.BigIntegerField()
    cost = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    changed_on = models.DateField()

    class Meta:
        db_table = "inventory_cost"
        indexes = [
            models.Index(
                fields=["organization", "item"],
                name="owned_cost_of_item",
                condition=models.Q(quantity__gt=0),
            )
        ]


class CostEntry(LedgerTable):
    """By how much the goods of a layer that are ours, and their cost, grew or shrank on a day, and
    by which kind of use they went out or from which they came back, if by one."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    layer = models.BigIntegerField()
    happened_on = models.DateField()
    quantity = models.BigIntegerField()
    cost = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    averaged = models.BigIntegerField()
    kind = ChoiceField(UseKind, max_length=20, blank=True, default="")

    class Meta:
        db_table = "cost_entry"
        indexes = [
            models.Index(
                fields=["organization", "layer", "happened_on"], name="cost_entry_of_layer"
            )
        ]


class StandardCost(LedgerTable):
    """What an organization says that an item costs, from the posting that said it on."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    cost = models.BigIntegerField()
    per = models.BigIntegerField()
    valid_from = models.DateField()
    because = models.CharField(max_length=200)

    class Meta:
        db_table = "standard_cost"
        indexes = [models.Index(fields=["organization", "item"], name="standard_cost_of_item")]


class WorkOrderUse(LedgerTable):
    """What a use of goods was for: a production order, a work order, a kit; its own account."""

    pk = CompositePrimaryKey("organization_id", "consumption")
    consumption = models.BigIntegerField()
    posting = models.BigIntegerField()
    work_order = models.CharField(max_length=60, null=True)
    account = models.CharField(max_length=32, null=True)
    production = models.BigIntegerField(null=True)

    class Meta:
        db_table = "work_order_issue"


class Sale(LedgerTable):
    """What the goods of a use were sold for, where it was said."""

    pk = CompositePrimaryKey("organization_id", "consumption")
    consumption = models.BigIntegerField()
    posting = models.BigIntegerField()
    price = models.BigIntegerField()
    currency = models.CharField(max_length=3, null=True)
    per = models.BigIntegerField()

    class Meta:
        db_table = "sale"


class PriceCorrection(LedgerTable):
    """What a retroactive price change took out of a running total (below zero) or put into one:
    goods that were used on a day."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    price_change = models.BigIntegerField()
    total = models.BigIntegerField()
    used_on = models.DateField()
    quantity = models.BigIntegerField()

    class Meta:
        db_table = "price_correction"
        indexes = [models.Index(fields=["organization", "total"], name="price_correction_of_total")]


class ChargeRate(LedgerTable):
    """The rate of exchange in force on the day of consumption of a transfer of title that is
    charged in another currency than the organization's."""

    pk = CompositePrimaryKey("organization_id", "entry")
    entry = models.BigIntegerField()
    posting = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    functional_currency = models.CharField(max_length=3)
    valid_from = models.DateField()
    rate = models.BigIntegerField()

    class Meta:
        db_table = "charge_rate"


class Production(LedgerTable):
    """A product that was completed: so much of it, in a layer of its own, at its parts' cost."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    reference = models.CharField(max_length=120)
    work_order = models.CharField(max_length=60)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.BigIntegerField()
    happened_on = models.DateField()
    layer = models.BigIntegerField()
    cost = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    has_passed = models.BooleanField(default=False)

    class Meta:
        db_table = "production"
        indexes = [models.Index(fields=["organization", "layer"], name="production_of_layer")]


class ComponentIssued(LedgerTable):
    """Goods of one layer that went into production, whose they were, and what they cost.

    What is left of them in process is derived, and audited.
    """

    pk = CompositePrimaryKey("organization_id", "number")
    unsealed = frozenset(("quantity_left", "cost_left"))
    """Kept beside what was sealed, and worked out again by the audit."""
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    consumption = models.BigIntegerField()
    work_order = models.CharField(max_length=60)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    layer = models.BigIntegerField()
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.BigIntegerField()
    cost = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    transfer = models.BigIntegerField(null=True)
    quantity_left = models.BigIntegerField()
    cost_left = models.BigIntegerField()

    class Meta:
        db_table = "component_issued"
        indexes = [
            models.Index(
                fields=["organization", "work_order"],
                name="component_in_process",
                condition=models.Q(quantity_left__gt=0) | ~models.Q(cost_left=0),
            ),
            models.Index(
                fields=["organization", "transfer"],
                name="component_of_transfer",
                condition=models.Q(transfer__isnull=False),
            ),
            models.Index(fields=["organization", "layer"], name="component_of_layer"),
        ]


class ComponentUsed(LedgerTable):
    """So much of a component that is in a product now, and its cost with it."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    component = models.BigIntegerField()
    production = models.BigIntegerField()
    quantity = models.BigIntegerField()
    cost = models.BigIntegerField()

    class Meta:
        db_table = "component_used"
        indexes = [
            models.Index(fields=["organization", "component"], name="component_used_of_component"),
            models.Index(fields=["organization", "production"], name="component_used_in_product"),
        ]


class ComponentReturned(LedgerTable):
    """So much of a component that came back, out of process or out of a product taken apart."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    component = models.BigIntegerField()
    used = models.BigIntegerField(null=True)
    reference = models.CharField(max_length=120)
    quantity = models.BigIntegerField()
    cost = models.BigIntegerField()
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    because = ChoiceField(StaysOwned, max_length=40, blank=True)
    happened_on = models.DateField()

    class Meta:
        db_table = "component_returned"
        indexes = [models.Index(fields=["organization", "component"], name="component_returned_of")]


class Journal(HotTable):
    """One debit and one credit of one amount in the books of one party."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    book = models.BigIntegerField()
    debit = models.CharField(max_length=32)
    credit = models.CharField(max_length=32)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    happened_on = models.DateField()
    agreement = models.BigIntegerField(null=True)

    class Meta:
        db_table = "journal"
        indexes = [
            models.Index(fields=["organization", "agreement"], name="journal_of_agreement"),
            models.Index(fields=["organization", "posting"], name="journal_of_posting"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="journal_books_something")
        ]


class WaitingException(LedgerTable):
    """A part of what was reported that waits, with the reason in words (decisions 0061, 0062).

    `entry` names a transfer of title that could not be charged; without it, `quantity` is what
    could not be posted at all.
    """

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    consumption = models.BigIntegerField(null=True)
    entry = models.BigIntegerField(null=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.BigIntegerField()
    reason = models.CharField(max_length=40)
    sentence = models.CharField(max_length=500)
    opened_on = models.DateField()

    class Meta:
        db_table = "open_exception"
        indexes = [
            models.Index(fields=["organization", "consumption"], name="waiting_exception_of_use"),
            models.Index(
                fields=["organization", "entry"],
                name="waiting_exception_of_entry",
                condition=models.Q(entry__isnull=False),
            ),
            models.Index(
                fields=["organization"],
                name="waiting_void",
                condition=models.Q(reason="unknown-use"),
            ),
        ]


class Resolution(LedgerTable):
    """The end of an exception's waiting: how it ended, how much of it nobody will post any more,
    and by which line of consumption; what still could not be done waits as a new one."""

    pk = CompositePrimaryKey("organization_id", "exception")
    exception = models.BigIntegerField()
    posting = models.BigIntegerField()
    resolved_on = models.DateField()
    how = ChoiceField(Ending, max_length=12)
    quantity = models.BigIntegerField()
    consumption = models.BigIntegerField(null=True)
    because = models.CharField(max_length=200)

    class Meta:
        db_table = "exception_resolution"
        indexes = [
            models.Index(
                fields=["organization", "consumption"],
                name="exception_resolution_by_line",
                condition=models.Q(consumption__isnull=False),
            )
        ]


class GoodsReturn(LedgerTable):
    """Goods of one layer that went back, or their title alone: by whose word, when and why."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    reference = models.CharField(max_length=120)
    direction = ChoiceField(Direction, max_length=20)
    layer = models.BigIntegerField()
    quantity = models.BigIntegerField()
    is_owned = models.BooleanField()
    happened_on = models.DateField()
    because = models.CharField(max_length=200)
    reopens_order = models.BooleanField()
    customer = models.CharField(max_length=120, null=True)

    class Meta:
        db_table = "goods_return"
        indexes = [models.Index(fields=["organization", "layer"], name="goods_return_of_layer")]


class Reversal(LedgerTable):
    """So much of a transfer of title to us was turned back, or sold back, by an entry."""

    pk = CompositePrimaryKey("organization_id", "entry")
    entry = models.BigIntegerField()
    posting = models.BigIntegerField()
    reverses = models.BigIntegerField()
    quantity = models.BigIntegerField()

    class Meta:
        db_table = "reversal"
        indexes = [models.Index(fields=["organization", "reverses"], name="reversal_of_entry")]


class DebitRequest(LedgerTable):
    """What a consignor is to credit: for goods that an advice told and that went back; for a use
    that was invoiced and voided, by the line of consumption that voids it; or, without a layer, for
    too much that its invoice billed."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    goods_return = models.BigIntegerField(null=True)
    agreement = models.BigIntegerField()
    advice_line = models.BigIntegerField(null=True)
    layer = models.BigIntegerField(null=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.BigIntegerField()
    price = models.BigIntegerField()
    per = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    happened_on = models.DateField()
    because = models.CharField(max_length=200)
    consumption = models.BigIntegerField(null=True)

    class Meta:
        db_table = "debit_request"
        indexes = [
            models.Index(fields=["organization", "layer"], name="debit_request_of_layer"),
            models.Index(fields=["advice_line"], name="debit_request_of_line"),
        ]


class Reservation(LedgerTable):
    """Goods promised to a customer's order; picking for it may use them, others may not."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    reference = models.CharField(max_length=120)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.BigIntegerField()
    quantity_open = models.BigIntegerField()
    owner = models.BigIntegerField(null=True)
    lot = models.CharField(max_length=60, null=True)
    serial = models.CharField(max_length=60, null=True)
    made_on = models.DateField()

    class Meta:
        db_table = "reservation"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "reference", "item"], name="reservation_is_one"
            )
        ]
        indexes = [
            models.Index(
                fields=["organization", "item"],
                name="reservation_open",
                condition=models.Q(quantity_open__gt=0),
            )
        ]


class Extension(LedgerTable):
    """More time that both parties agreed on for the goods of a layer; the last one holds."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    layer = models.BigIntegerField()
    deadline = ChoiceField(Deadline, max_length=8)
    until = models.DateField()
    consent = models.CharField(max_length=200)

    class Meta:
        db_table = "extension"
        indexes = [models.Index(fields=["organization", "layer"], name="extension_of_layer")]


class Renewal(LedgerTable):
    """So much of a layer that passed to another agreement, where it goes on as another layer: from
    which day on, by whose consent. `takes_back` names the renewal of which it is so much taken
    back, because it was used before."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    reference = models.CharField(max_length=120)
    layer = models.BigIntegerField()
    becomes = models.BigIntegerField()
    quantity = models.BigIntegerField()
    happened_on = models.DateField()
    consent = models.CharField(max_length=200)
    agreed_on = models.DateField(null=True)
    agreed_by = models.CharField(max_length=150)
    because = models.CharField(max_length=200)
    takes_back = models.BigIntegerField(null=True)

    class Meta:
        db_table = "renewal"
        indexes = [
            models.Index(fields=["organization", "layer"], name="renewal_of_layer"),
            models.Index(fields=["organization", "becomes"], name="renewal_to_layer"),
            models.Index(fields=["organization", "takes_back"], name="renewal_taken_back"),
            models.Index(fields=["organization", "happened_on"], name="renewal_by_day"),
        ]


class CountSheet(LedgerTable):
    """What is to be counted of one consignor's goods at one place, under one agreement."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    reference = models.CharField(max_length=60)
    agreement = models.BigIntegerField()
    consignor = models.BigIntegerField()
    place = models.BigIntegerField()
    method = ChoiceField(CountMethod, max_length=12)
    drawn_on = models.DateField()

    class Meta:
        db_table = "count_sheet"
        constraints = [
            models.UniqueConstraint(fields=["organization", "reference"], name="count_sheet_is_one")
        ]


class CountSheetLine(LedgerTable):
    """One thing to be counted, and what the book said of it when the sheet was drawn up."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    sheet = models.BigIntegerField()
    line = models.BigIntegerField()
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    lot = models.CharField(max_length=60, null=True)
    serial = models.CharField(max_length=60, null=True)
    booked = models.BigIntegerField()

    class Meta:
        db_table = "count_sheet_line"
        indexes = [models.Index(fields=["organization", "sheet"], name="count_sheet_line_of_sheet")]


class StockCount(LedgerTable):
    """A line of a count as it was told: what was counted, by which side, and perhaps why."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    reference = models.CharField(max_length=60)
    recount = models.BigIntegerField()
    side = ChoiceField(Bearer, max_length=10)
    counted_by = models.CharField(max_length=120, null=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    owner = models.BigIntegerField(null=True)
    place = models.BigIntegerField(null=True)
    lot = models.CharField(max_length=60, null=True)
    serial = models.CharField(max_length=60, null=True)
    counted = models.BigIntegerField()
    said = models.CharField(max_length=60, null=True)
    counted_on = models.DateField()
    reason = ChoiceField(Reason, max_length=16, null=True)

    class Meta:
        db_table = "stock_count"
        indexes = [
            models.Index(fields=["organization", "reference"], name="stock_count_of_reference"),
            models.Index(fields=["organization", "item"], name="stock_count_of_item"),
        ]


class CountDifference(LedgerTable):
    """What the book said of one owner's goods and what a count says; the same says nothing."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    stock_count = models.BigIntegerField()
    owner = models.BigIntegerField()
    agreement = models.BigIntegerField(null=True)
    booked = models.BigIntegerField()
    counted = models.BigIntegerField()

    class Meta:
        db_table = "count_difference"
        indexes = [
            models.Index(fields=["organization", "stock_count"], name="count_difference_of_count")
        ]


class CountSettlement(LedgerTable):
    """What became of a difference, or a part of it: why, and the consignee's share in percent.

    `recounted` closes a difference without any entry, because another count took its place.
    `takes_back` names the settlement of which so much is taken back, because what was told after
    the count explains it.
    """

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    difference = models.BigIntegerField()
    reason = ChoiceField((*Reason, RECOUNTED), max_length=16)
    quantity = models.BigIntegerField()
    share = models.BigIntegerField()
    consumption = models.BigIntegerField(null=True)
    happened_on = models.DateField()
    takes_back = models.BigIntegerField(null=True)

    class Meta:
        db_table = "count_settlement"
        indexes = [
            models.Index(
                fields=["organization", "difference", "reason"],
                name="count_settlement_of_reason",
            )
        ]


class ToldAfterCount(LedgerTable):
    """By how much facts that were told after a count change what the book said on its evening of
    the goods of a difference."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    difference = models.BigIntegerField()
    quantity = models.BigIntegerField()

    class Meta:
        db_table = "told_after_count"
        indexes = [
            models.Index(fields=["organization", "difference"], name="told_after_count_of_diff")
        ]


class Disposition(LedgerTable):
    """What became of damaged goods of one owner under one agreement, and the consignee's share."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    reference = models.CharField(max_length=120)
    outcome = ChoiceField(DispositionOutcome, max_length=10)
    reason = ChoiceField(Reason, max_length=16)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    owner = models.BigIntegerField()
    agreement = models.BigIntegerField(null=True)
    place = models.BigIntegerField(null=True)
    quantity = models.BigIntegerField()
    share = models.BigIntegerField()
    consumption = models.BigIntegerField(null=True)
    happened_on = models.DateField()

    class Meta:
        db_table = "disposition"


class PeriodClose(LedgerTable):
    """The books of an organization were closed through a day; its posting says by whom and when."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    closed_through = models.DateField()

    class Meta:
        db_table = "period_close"


class PurchaseInvoice(LedgerTable):
    """So much of a layer of bought goods was invoiced: what was accrued, and what is billed."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    supplier = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    invoice = models.CharField(max_length=60)
    invoiced_on = models.DateField()
    layer = models.BigIntegerField()
    quantity = models.BigIntegerField()
    accrued = models.BigIntegerField()
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        db_table = "purchase_invoice"
        indexes = [models.Index(fields=["organization", "layer"], name="purchase_invoice_of_layer")]


class GoodsHold(LedgerTable):
    """A reason why goods of a layer may not be used: how much of it, where, by which reference."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    reference = models.CharField(max_length=120)
    because = models.CharField(max_length=200)
    layer = models.BigIntegerField()
    place = models.BigIntegerField()
    quantity = models.BigIntegerField()
    held_on = models.DateField()

    class Meta:
        db_table = "goods_hold"
        indexes = [
            models.Index(fields=["organization", "layer"], name="goods_hold_of_layer"),
            models.Index(fields=["organization", "reference"], name="goods_hold_of_reference"),
        ]


class HoldEnd(LedgerTable):
    """The end of a hold, or of a part of it: it was released, or its goods went."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    hold = models.BigIntegerField()
    quantity = models.BigIntegerField()
    ended_on = models.DateField()

    class Meta:
        db_table = "hold_end"
        indexes = [models.Index(fields=["organization", "hold"], name="hold_end_of_hold")]


class Recall(LedgerTable):
    """A lot of one item and maker that may not be used here, whatever of it lies here or comes."""

    pk = CompositePrimaryKey("organization_id", "number")
    number = models.BigIntegerField()
    posting = models.BigIntegerField()
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    supplier = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    lot = models.CharField(max_length=60)
    because = models.CharField(max_length=120)
    recalled_on = models.DateField()

    class Meta:
        db_table = "recall"


class RecallEnd(LedgerTable):
    """The end of a recall."""

    pk = CompositePrimaryKey("organization_id", "recall")
    recall = models.BigIntegerField()
    posting = models.BigIntegerField()
    because = models.CharField(max_length=120)
    ended_on = models.DateField()

    class Meta:
        db_table = "recall_end"
