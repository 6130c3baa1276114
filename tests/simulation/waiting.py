"""What waits because it was told wrong is closed with a reason, or a line stands in its place."""

from consigned.consumption.exceptions import Ending
from consigned.inventory.title_transfers import UseKind
from consigned.measure.quantity import show_micros
from consigned_service.operations.consumption import corrections
from consigned_service.operations.consumption import issues as consumption
from consigned_service.operations.core.lines import written
from consigned_service.records import models
from tests.simulation.chance import BY, LINES, Chance


class Waiting(Chance):
    def close_waiting(self) -> None:
        house = self._house()
        lines = [
            written(corrections.ClosingLine, str(one.number), "by chance")
            for _ in range(self.chance.randint(1, LINES))
            if (one := self._waits(house))
        ]
        self._done_in_part(
            corrections.close_exceptions(
                organization=self.houses[house], lines=lines, by=BY, at=self.at
            )
        )

    def correct(self) -> None:
        """As it was told, or of another item, kind, quantity or day; or it came back instead."""
        house = self._house()
        lines = [
            self._in_place(one)
            for _ in range(self.chance.randint(1, LINES))
            if (one := self._waits(house))
        ]
        self._done_in_part(
            consumption.record_consumption(
                organization=self.houses[house], lines=lines, source="desk", by=BY, at=self.at,
                queue_shortages=self.chance.random() < 0.5,
            )
        )  # fmt: skip

    def _in_place(self, one: models.WaitingException) -> consumption.Reported:
        sign = self.chance.choice(("", "", "", "-"))
        quantity = self.chance.choice((show_micros(abs(one.quantity)), self._quantity(3)))
        return written(consumption.Reported,
            self._name(), self.chance.choice((one.item.code, self._item())), sign + quantity,
            self._day(), kind="sale" if sign else self.chance.choice(("", *UseKind)),
            corrects=str(one.number), because=self.chance.choice(("", "by chance")),
        )  # fmt: skip

    def _waits(self, house: str) -> models.WaitingException | None:
        """What waits for goods; now and then for a price, or no more."""
        of_it = {"organization_id": self.houses[house]}
        waiting = models.WaitingException.objects.filter(**of_it).select_related("item")
        if self.chance.random() < 0.9:
            ended = models.Resolution.objects.exclude(how=Ending.CLOSED).filter(**of_it)
            waiting = waiting.filter(entry=None).exclude(number__in=ended.values("exception"))
        return self._one(waiting.order_by("number"))
