"""Goods are looked at: inspected, held as they came, counted from sheets, set apart, put away."""

from consigned.counting.dispositions import DispositionOutcome
from consigned.counting.losses import Reason
from consigned.inbound.inspections import INSPECTED_AS
from consigned.measure.quantity import show_micros
from consigned_service.operations.core.lines import written
from consigned_service.operations.counting import count_sheets as count_plans
from consigned_service.operations.counting import counts, dispositions
from consigned_service.operations.inbound import inspections, putaway
from consigned_service.records import models
from tests.simulation.chance import BY, PLACES, Chance


class Checks(Chance):
    def inspect(self) -> None:
        inspected = models.GoodsReceiptLine.objects.filter(is_inspected=True)
        arrived = self._one(inspected.order_by("-organization_id", "-number")[:40])
        if arrived is None:
            return
        house, receipt = self._came_with(arrived)
        lines = [
            written(inspections.InspectionLine,
                self._name(), receipt, str(arrived.line),
                self.chance.choice((self._quantity(5), self._part(arrived.quantity))),
                self.chance.choice(INSPECTED_AS), self._day(),
                place=self.chance.choice(("", "", *PLACES)), because="by chance",
            )
            for _ in range(self.chance.randint(1, 2))
        ]  # fmt: skip
        self._done_in_part(
            inspections.record_inspections(
                organization=self.houses[house], lines=lines, by=BY, at=self.at
            )
        )

    def mark_receipt(self) -> None:
        arrived = self._staged()
        if arrived is None:
            return
        house, receipt = self._came_with(arrived)
        act = self.chance.choice((inspections.hold_receipts, inspections.release_receipts))
        line = written(
            inspections.ReceiptHoldLine,
            self._name(),
            receipt,
            self._day(),
            self.chance.choice(("", str(arrived.line))),
        )
        act(organization=self.houses[house], lines=[line], by=BY, at=self.at).or_raise()

    def load_staged(self) -> None:
        putaway.load_staged(organization=self.houses[self._house()], on=self.today, at=self.at)

    def put_all_away(self) -> None:
        putaway.complete_putaway(
            organization=self.houses[self._house()], happened_on=self.today, by=BY, at=self.at
        )

    def plan_counts(self) -> None:
        count_plans.plan_counts(
            organization=self.houses[self._house()], on=self.today, by=BY, at=self.at
        )

    def count_from_sheet(self) -> None:
        """By either party, some lines of a sheet, mostly as the book said when it was drawn up."""
        sheets = models.CountSheet.objects.order_by("-organization_id", "-number")
        sheet = self._one(sheets[:6])
        if sheet is None:
            return
        wanted = models.CountSheetLine.objects.select_related("item").filter(
            organization_id=sheet.organization_id, sheet=sheet.number
        )
        lines = [
            written(counts.CountLine,
                sheet.reference, line.item.code,
                show_micros(max(0, line.booked + self.chance.choice((0, 0, 0, -1, 2)) * 1_000_000)),
                self._day(), lot=line.lot or "",
                counted_by_party=self.chance.choice(("", "consignee", "consignor")),
                recount=self.chance.choice(("", "", "1")),
                reason=self.chance.choice(("", "", *Reason)),
            )
            for line in wanted.order_by("number")
            if self.chance.random() < 0.8
        ]  # fmt: skip
        self._done_in_part(
            counts.record_counts(
                organization=self._organization(sheet), lines=lines, by=BY, at=self.at
            )
        )

    def dispose(self) -> None:
        fate = self.chance.choice((*DispositionOutcome, DispositionOutcome.BLOCK))
        lying = self._lying(
            is_ours=self.chance.random() < 0.3,
            condition="unrestricted" if fate is DispositionOutcome.BLOCK else "blocked",
        )
        if lying is None:
            return
        house, item, place, left = lying
        line = written(dispositions.DispositionLine,
            self._name(), item, self._part(left), fate, self._day(),
            self.chance.choice(("", *Reason)), place=self.chance.choice(("", place)),
        )  # fmt: skip
        dispositions.dispose_of(
            organization=self.houses[house], lines=[line], by=BY, at=self.at
        ).or_raise()

    def _staged(self) -> models.GoodsReceiptLine | None:
        """Goods that wait to be put away, and what they came with."""
        places = models.Place.objects.filter(zone__in=putaway.STAGING)
        balances = models.Balance.objects.filter(quantity__gt=0).order_by("-layer", "position")
        waiting = [
            (place.organization_id, layer)
            for place in places.order_by("organization_id", "number")
            for layer in balances.filter(
                organization_id=place.organization_id,
                position__in=models.Position.objects.filter(
                    organization_id=place.organization_id, place=place.number
                ).values("number"),
            ).values_list("layer", flat=True)[:5]
        ]
        if not waiting:
            return None
        organization, layer = self.chance.choice(waiting)
        arrived = models.GoodsReceiptLine.objects.filter(organization_id=organization, layer=layer)
        return arrived.order_by("number").first()

    def _came_with(self, arrived: models.GoodsReceiptLine) -> tuple[str, str]:
        """The organization and the receipt that goods came with."""
        receipt = models.GoodsReceipt.objects.select_related("organization").get(
            organization_id=arrived.organization_id, number=arrived.receipt
        )
        return receipt.organization.code, receipt.reference
