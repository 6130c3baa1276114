"""Settlement documents between two parties: advices, invoices, payments."""

from enum import StrEnum

from django.db import models

from consigned.inventory.title_transfers import UseKind
from consigned.master_data.agreements import SettlementMethod, SummaryLevel
from consigned.settlement.advices import LineKind
from consigned.settlement.delivery import AdviceBy
from consigned.settlement.invoices import Standing
from consigned_service.records.models.agreements import Agreement, Item, Organization, Party, Site
from consigned_service.records.models.choices import ChoiceField


class Numbered(StrEnum):
    """The kinds of documents that each party numbers for itself."""

    ADVICE = "advice"
    PAYMENT = "payment"
    DEBIT_MEMO = "debit-memo"


class Numbering(models.Model):
    """The next number of a kind of document of a party; its row is the lock of the numbers."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT)
    kind = ChoiceField(Numbered, max_length=20)
    next = models.BigIntegerField(default=1)

    class Meta:
        db_table = "numbering"
        constraints = [models.UniqueConstraint(fields=["party", "kind"], name="numbering_of_party")]


class BillingCalendar(models.Model):
    """Through which day an agreement's advices are made: for one organization, or for all of
    them (`organization_id` 0) where one advice covers all."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT)
    organization_id = models.BigIntegerField(default=0)
    closed_through = models.DateField()

    class Meta:
        db_table = "billing_calendar"
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "organization_id"], name="billing_calendar_is_one"
            )
        ]


class Advice(models.Model):
    """A consumption advice: what was used in a cycle, and what it comes to."""

    number = models.CharField(max_length=60, unique=True)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT)
    consignor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    consignee = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True)
    happened_on = models.DateField(null=True)
    starts_on = models.DateField()
    closes_on = models.DateField()
    made_on = models.DateField()
    recorded_on = models.DateField()
    summary_level = ChoiceField(SummaryLevel, max_length=30)
    settlement_method = ChoiceField(SettlementMethod, max_length=30)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    consignor_site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, db_index=False)
    bill_to = models.CharField(max_length=40, blank=True, default="")
    by_kind = models.BooleanField(default=False)
    shows_lots = models.BooleanField(default=True)
    tax_amount = models.BigIntegerField(default=0)

    class Meta:
        db_table = "advice"
        indexes = [
            models.Index(fields=["closes_on"], name="advice_closing"),
            models.Index(
                fields=["agreement"],
                name="advice_settled_elsewhere",
                condition=models.Q(settlement_method="report-only"),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class AdviceCommunication(models.Model):
    """How an advice reached its consignor, when, and at which address or whose portal."""

    advice = models.OneToOneField(Advice, on_delete=models.PROTECT, related_name="communication")
    way = ChoiceField(AdviceBy, max_length=8)
    told_to = models.CharField(max_length=200)
    told_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        db_table = "advice_communication"


class AdviceCancellation(models.Model):
    """That an advice was cancelled before anybody had invoiced it: when, by whom and why."""

    advice = models.OneToOneField(Advice, on_delete=models.PROTECT, related_name="cancellation")
    cancelled_on = models.DateField()
    cancelled_by = models.CharField(max_length=150)
    because = models.CharField(max_length=1000)

    class Meta:
        db_table = "advice_cancellation"


class CancelledTotal(models.Model):
    """What of a running total a line had told whose advice was cancelled."""

    advice_line = models.ForeignKey("AdviceLine", on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, db_index=False)
    total = models.BigIntegerField()
    quantity = models.BigIntegerField()

    class Meta:
        db_table = "cancelled_running_total"
        indexes = [models.Index(fields=["organization", "total"], name="cancelled_total_of")]


class PriceChange(models.Model):
    """A price that was changed for days gone by; its corrections stand in the ledgers."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT)
    reference = models.CharField(max_length=60)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, db_index=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    price = models.BigIntegerField()
    per = models.BigIntegerField()
    changed_on = models.DateField()
    changed_by = models.CharField(max_length=150)

    class Meta:
        db_table = "price_change"
        constraints = [
            models.UniqueConstraint(fields=["agreement", "reference"], name="price_change_is_one")
        ]


class AdviceLine(models.Model):
    advice = models.ForeignKey(Advice, on_delete=models.PROTECT, related_name="lines")
    line = models.PositiveIntegerField()
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, db_index=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, db_index=False)
    happened_on = models.DateField(null=True)
    quantity = models.BigIntegerField()
    price = models.BigIntegerField()
    per = models.BigIntegerField()
    amount = models.BigIntegerField()
    kind = ChoiceField(LineKind, max_length=20, default="consumption")
    use_kind = ChoiceField(UseKind, max_length=20, blank=True, default="")
    tax = models.CharField(max_length=60, blank=True, default="")
    tax_amount = models.BigIntegerField(default=0)

    class Meta:
        db_table = "advice_line"
        constraints = [
            models.UniqueConstraint(fields=["advice", "line"], name="advice_line_number")
        ]


class Invoice(models.Model):
    """An invoice as it was received, or as we wrote it on the consignor's behalf; its amount is
    what is to be paid, with tax."""

    consignor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    consignee = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=60)
    advice = models.ForeignKey(Advice, on_delete=models.PROTECT, related_name="invoices")
    invoiced_on = models.DateField()
    year = models.PositiveIntegerField()
    due_on = models.DateField()
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    is_self_billed = models.BooleanField(default=False)
    tax_amount = models.BigIntegerField(default=0)

    class Meta:
        db_table = "invoice"
        constraints = [
            models.UniqueConstraint(
                fields=["consignor", "number", "year"], name="invoice_number_of_consignor"
            )
        ]

    def __str__(self) -> str:
        return self.number


class InvoiceLine(models.Model):
    """A line as billed, its amount without tax; it names the line of the advice that it answers."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    line = models.PositiveIntegerField()
    item = models.CharField(max_length=60)
    quantity = models.BigIntegerField()
    price = models.BigIntegerField()
    per = models.BigIntegerField(default=0)
    amount = models.BigIntegerField()
    tax_amount = models.BigIntegerField(default=0)

    class Meta:
        db_table = "invoice_line"


class InvoiceDecision(models.Model):
    """What was decided about an invoice, when, by whom and why; the last one is its standing."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="decisions")
    standing = ChoiceField(Standing, max_length=12)
    decided_on = models.DateField()
    decided_by = models.CharField(max_length=150)
    because = models.TextField(blank=True)
    evidence = models.TextField(blank=True)

    class Meta:
        db_table = "invoice_decision"
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "standing"], name="invoice_is_decided_once_each_way"
            )
        ]


class Settlement(models.Model):
    """One advice, one invoice: what settles it (checklist O44)."""

    advice = models.OneToOneField(Advice, on_delete=models.PROTECT, related_name="settlement")
    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="settlement")

    class Meta:
        db_table = "settlement"


class Payment(models.Model):
    number = models.CharField(max_length=60, unique=True)
    consignor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    consignee = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    paid_on = models.DateField()
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()

    class Meta:
        db_table = "payment"


class PaymentLine(models.Model):
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="lines")
    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="payment_line")
    amount = models.BigIntegerField()

    class Meta:
        db_table = "payment_line"


class Voucher(models.Model):
    """What another system made of an advice that is settled there; its amount is without tax, in
    the advice's currency, and below zero where it takes back."""

    advice = models.ForeignKey(Advice, on_delete=models.PROTECT, related_name="vouchers")
    number = models.CharField(max_length=60)
    vouchered_on = models.DateField()
    amount = models.BigIntegerField()
    recorded_on = models.DateField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        db_table = "voucher"
        constraints = [
            models.UniqueConstraint(fields=["advice", "number"], name="voucher_number_of_advice")
        ]

    def __str__(self) -> str:
        return self.number


class VoucherLine(models.Model):
    """The part of a voucher that a line of its advice bears."""

    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, related_name="lines")
    line = models.PositiveIntegerField()
    amount = models.BigIntegerField()

    class Meta:
        db_table = "voucher_line"
        constraints = [
            models.UniqueConstraint(fields=["voucher", "line"], name="voucher_line_number")
        ]


class DebitMemo(models.Model):
    """What a consignor is asked to credit of one invoice (checklist O53); under an agreement that
    is settled elsewhere, of one advice."""

    number = models.CharField(max_length=60, unique=True)
    consignor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    consignee = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    advice = models.ForeignKey(Advice, on_delete=models.PROTECT, null=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True)
    settlement_method = ChoiceField(SettlementMethod, max_length=30)
    made_on = models.DateField()
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    tax_amount = models.BigIntegerField(default=0)

    class Meta:
        db_table = "debit_memo"

    def __str__(self) -> str:
        return self.number


class DebitMemoLine(models.Model):
    """One debit request, on the one memo that asks for it; it names the invoice's line."""

    debit_memo = models.ForeignKey(DebitMemo, on_delete=models.PROTECT, related_name="lines")
    line = models.PositiveIntegerField()
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, db_index=False)
    request = models.BigIntegerField()
    advice_line = models.PositiveIntegerField(null=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.BigIntegerField()
    price = models.BigIntegerField()
    per = models.BigIntegerField()
    amount = models.BigIntegerField()
    tax = models.CharField(max_length=60, blank=True, default="")
    tax_amount = models.BigIntegerField(default=0)

    class Meta:
        db_table = "debit_memo_line"
        constraints = [
            models.UniqueConstraint(fields=["debit_memo", "line"], name="debit_memo_line_number"),
            models.UniqueConstraint(
                fields=["organization", "request"], name="debit_request_is_asked_once"
            ),
        ]


class CreditNote(models.Model):
    """A supplier's credit note as received, or as we wrote it for it; it answers one memo."""

    consignor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    consignee = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=60)
    debit_memo = models.ForeignKey(DebitMemo, on_delete=models.PROTECT, related_name="credit_notes")
    credited_on = models.DateField()
    year = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    is_self_billed = models.BooleanField(default=False)
    tax_amount = models.BigIntegerField(default=0)

    class Meta:
        db_table = "credit_note"
        constraints = [
            models.UniqueConstraint(
                fields=["consignor", "number", "year"], name="credit_note_number_of_consignor"
            )
        ]

    def __str__(self) -> str:
        return self.number


class CreditNoteLine(models.Model):
    """A line as credited; it names the line of the debit memo that it answers."""

    credit_note = models.ForeignKey(CreditNote, on_delete=models.PROTECT, related_name="lines")
    line = models.PositiveIntegerField()
    item = models.CharField(max_length=60)
    quantity = models.BigIntegerField()
    price = models.BigIntegerField()
    per = models.BigIntegerField(default=0)
    amount = models.BigIntegerField()
    tax_amount = models.BigIntegerField(default=0)

    class Meta:
        db_table = "credit_note_line"


class CreditNoteDecision(models.Model):
    """What was decided about a credit note, when, by whom and why; the last is its standing."""

    credit_note = models.ForeignKey(CreditNote, on_delete=models.PROTECT, related_name="decisions")
    standing = ChoiceField(Standing, max_length=12)
    decided_on = models.DateField()
    decided_by = models.CharField(max_length=150)
    because = models.TextField(blank=True)
    evidence = models.TextField(blank=True)

    class Meta:
        db_table = "credit_note_decision"
        constraints = [
            models.UniqueConstraint(
                fields=["credit_note", "standing"], name="credit_note_is_decided_once_each_way"
            )
        ]


class MemoCredit(models.Model):
    """One debit memo, one credit note: what settles it."""

    debit_memo = models.OneToOneField(DebitMemo, on_delete=models.PROTECT, related_name="credit")
    credit_note = models.OneToOneField(CreditNote, on_delete=models.PROTECT, related_name="credit")

    class Meta:
        db_table = "credit_settlement"


class PaymentCredit(models.Model):
    """A credit note that a payment nets, whole and once."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="credits")
    credit_note = models.OneToOneField(
        CreditNote, on_delete=models.PROTECT, related_name="payment_credit"
    )
    amount = models.BigIntegerField()

    class Meta:
        db_table = "payment_credit"


class PassedOn(models.Model):
    """Through which entry of a holder's ledger use was passed on to the programme before it."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT)
    through_entry = models.BigIntegerField()

    class Meta:
        db_table = "back_to_back_progress"
        constraints = [
            models.UniqueConstraint(fields=["agreement", "organization"], name="passed_on_is_one")
        ]
