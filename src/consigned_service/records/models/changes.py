"""What was changed of what stands: facts of their own, each by whom and when; never edited."""

from django.db import models

from consigned.master_data.amendments import AMENDABLE, END
from consigned.master_data.changes import MasterKind
from consigned_service.records.models.agreements import Agreement, Item, Party
from consigned_service.records.models.choices import ChoiceField


class PriceWithdrawal(models.Model):
    """A price that was withdrawn before its first day, and why."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=60)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    starts_on = models.DateField()
    from_quantity = models.BigIntegerField(default=0)
    because = models.CharField(max_length=200)
    recorded_by = models.CharField(max_length=150)
    recorded_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "price_withdrawal"
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "reference"], name="price_withdrawal_is_one"
            )
        ]


class MasterChange(models.Model):
    """One field of a master that was told anew: what it was and what it is, by whom and when.

    `what` and `name` say of which master; the party, item or agreement decides who may read it.
    """

    what = ChoiceField(MasterKind, max_length=20)
    name = models.CharField(max_length=200)
    field = models.CharField(max_length=40)
    was = models.CharField(max_length=500, blank=True)
    became = models.CharField(max_length=500, blank=True)
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    item = models.ForeignKey(
        Item, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    recorded_by = models.CharField(max_length=150)
    recorded_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "master_change"
        indexes = [models.Index(fields=["what", "name", "field"], name="master_change_of")]


class AgreementAmendment(models.Model):
    """One term of an agreement that is another one from a day on, as a file says it; or, of
    `ends_on`, its earlier end. By whose consent, who told it and when."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=60)
    starts_on = models.DateField()
    term = ChoiceField((*AMENDABLE, END), max_length=40)
    was = models.CharField(max_length=500, blank=True)
    became = models.CharField(max_length=500, blank=True)
    consent = models.CharField(max_length=200)
    because = models.CharField(max_length=200, blank=True)
    recorded_by = models.CharField(max_length=150)
    recorded_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "agreement_amendment"
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "reference", "term"], name="agreement_amendment_is_one"
            )
        ]
