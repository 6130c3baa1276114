"""Documents between the parties before goods arrive, and the imports that brought things in."""

from django.db import models

from consigned.inbound.customs import CustomsStatus
from consigned.title.layer import Ownership
from consigned_service.records.models.agreements import Agreement, Item, Organization, Party
from consigned_service.records.models.choices import ChoiceField


class ConsignedOrder(models.Model):
    """Asks for goods to fill the shelf. A consigned line creates no debt."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT)
    number = models.CharField(max_length=60)
    consignor = models.ForeignKey(Party, on_delete=models.PROTECT)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, null=True, blank=True)
    ordered_on = models.DateField()

    class Meta:
        db_table = "purchase_order"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "number"], name="order_number_of_organization"
            )
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    """One item of an order, in the item's own unit, with the price it was ordered at."""

    order = models.ForeignKey(ConsignedOrder, on_delete=models.PROTECT, related_name="lines")
    line = models.PositiveIntegerField()
    item = models.ForeignKey(Item, on_delete=models.PROTECT)
    quantity = models.BigIntegerField()
    ownership = ChoiceField(Ownership, max_length=12)
    price = models.BigIntegerField(null=True, blank=True)
    per = models.BigIntegerField(default=1_000_000)
    currency = models.CharField(max_length=3, blank=True)
    needed_on = models.DateField(null=True, blank=True)
    maximum_quantity = models.BigIntegerField(null=True, blank=True)
    complete_at = models.BigIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=12, blank=True)

    class Meta:
        db_table = "order_line"
        constraints = [models.UniqueConstraint(fields=["order", "line"], name="order_line_number")]


class OrderLineClosing(models.Model):
    """The end of waiting for an order line, by somebody's decision."""

    order_line = models.OneToOneField(OrderLine, on_delete=models.PROTECT, primary_key=True)
    closed_on = models.DateField()
    closed_by = models.CharField(max_length=150)
    because = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "order_line_closing"


class ShipNotice(models.Model):
    """What a consignor says is on its way."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT)
    consignor = models.ForeignKey(Party, on_delete=models.PROTECT)
    number = models.CharField(max_length=60)
    shipped_on = models.DateField()
    expected_on = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "ship_notice"
        constraints = [
            models.UniqueConstraint(
                fields=["consignor", "number"], name="ship_notice_number_of_consignor"
            )
        ]

    def __str__(self) -> str:
        return self.number


class ShipNoticeLine(models.Model):
    notice = models.ForeignKey(ShipNotice, on_delete=models.PROTECT, related_name="lines")
    line = models.PositiveIntegerField()
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT)
    quantity = models.BigIntegerField()
    lot = models.CharField(max_length=60, blank=True)
    serial = models.CharField(max_length=4000, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    customs_status = ChoiceField(CustomsStatus, max_length=12, blank=True)
    customs_document = models.CharField(max_length=60, blank=True)
    origin = models.CharField(max_length=2, blank=True)

    class Meta:
        db_table = "ship_notice_line"
        constraints = [
            models.UniqueConstraint(fields=["notice", "line"], name="ship_notice_line_number")
        ]


class Import(models.Model):
    """A file being brought in: how far it has come, so that it can go on after any stop."""

    kind = models.CharField(max_length=30)
    name = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    lines_done = models.BigIntegerField(default=0)
    lines_new = models.BigIntegerField(default=0)
    lines_changed = models.BigIntegerField(default=0)
    lines_repeated = models.BigIntegerField(default=0)
    lines_refused = models.BigIntegerField(default=0)
    lines_waiting = models.BigIntegerField(default=0)
    is_finished = models.BooleanField(default=False)
    started_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "import"
        constraints = [
            models.UniqueConstraint(fields=["kind", "fingerprint"], name="import_of_one_file")
        ]
