"""What was changed of what stands: facts of their own, each by whom and when; never edited."""

from django.db import models

from consigned_service.records.models.agreements import Agreement, Item


class PriceWithdrawal(models.Model):
    """A price that was withdrawn before its first day, and why."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=60)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    starts_on = models.DateField()
    from_quantity = models.BigIntegerField(default=0)
    because = models.CharField(max_length=200)
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "price_withdrawal"
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "reference"], name="price_withdrawal_is_one"
            )
        ]
