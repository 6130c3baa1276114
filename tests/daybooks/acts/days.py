"""Whose day it is: time zones, uses at an instant, and the cycles that they fall in."""

from datetime import date, datetime
from typing import Any

from consigned.measure.identity import PartyId
from consigned.measure.money import show_amount
from consigned_service.operations.consumption import issues as consumption
from consigned_service.operations.core.lines import written
from consigned_service.operations.settlement import advices
from consigned_service.queries.core import days
from consigned_service.records import models
from tests.daybooks import words
from tests.daybooks.acts import BY, at

SENTENCES = {
    "time_zone": ["{organization} keeps the time of {zone}"],
    "use_at": [
        "{quantity} {unit} of {item} are used in {organization} at {instant*}",
        "{quantity} {unit} of {item} are used in {organization} at {instant*} and told as {told*}",
    ],
    "cycles_of_uses": ["cycles of what was used in {organization}"],
    "advise_now": ["advise while the day goes on", "advise for {on} while the day goes on"],
    "plan": ["plan the advices of {on}"],
    "day_of": ["day of {party} at {instant*}"],
}


class Acts:
    def time_zone(self: Any, day: date, organization: str, zone: str) -> list[str]:
        settled: list[str] = self._settle(day, organization, time_zone=zone)
        return settled

    def use_at(
        self: Any, day: date, instant: str, quantity: str, unit: str, item: str,
        organization: str, told: str = "",
    ) -> list[str]:  # fmt: skip
        """Told in the moment in which it happens."""
        line = written(
            consumption.Reported, self._reference(""), item, quantity, told or instant, unit
        )
        consumption.record_consumption(
            organization=self._in(organization), lines=[line], source="till", by=BY,
            at=datetime.fromisoformat(instant),
        ).or_raise()  # fmt: skip
        list(self._entries())
        return []

    def cycles_of_uses(self: Any, day: date, organization: str) -> list[str]:
        totals = models.Total.objects.filter(organization=self._in(organization)).select_related(
            "item"
        )
        return [
            f"{words.amount(total.quantity, total.item.unit, total.item.code)} used on "
            f"{total.happened_on}: cycle closes on {total.closes_on}"
            for total in totals.order_by("number")
        ] or words.NOTHING

    def advise_now(self: Any, day: date, on: str = "") -> list[str]:
        self._run(day, date.fromisoformat(on) if on else day, is_plan=False)
        return [*self._advices(), *self._invoices()] or ["nothing is due"]

    def plan(self: Any, day: date, on: str) -> list[str]:
        run = self._run(day, date.fromisoformat(on), is_plan=True)
        assert not [*self._advices(), *self._invoices()]
        return [
            f"{one.agreement}, {one.starts_on} to {one.closes_on}, {one.organization}: "
            f"{show_amount(one.amount, one.currency)} {one.currency}"
            for one in run.planned
        ] or words.NOTHING

    def _run(self: Any, day: date, on: date, *, is_plan: bool) -> advices.AdviceRun:
        holder = models.Party.objects.get(code=next(iter(self.holders.values())))
        return advices.run_advices(
            consignee=PartyId(holder.pk), on=on, by=BY, at=at(day), is_plan=is_plan
        )

    def day_of(self: Any, day: date, party: str, instant: str) -> list[str]:
        return [str(days.today(self._viewer(party), datetime.fromisoformat(instant)))]
