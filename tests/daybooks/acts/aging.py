"""Aging, the end of a term, and what is to be decided in time."""

from datetime import date

from consigned.measure.identity import PartyId
from consigned_service.operations.core.lines import written
from consigned_service.operations.inventory import aging
from consigned_service.queries.inventory import aging as aging_queries
from consigned_service.queries.settlement import agreements as agreement_queries
from consigned_service.records import models
from tests.daybooks import words
from tests.daybooks.acts import BY, at

SENTENCES = {
    "buy_aged": ["buy aged {receipt}[ line {line}]: {quantity} {unit}[ as {reference}]"],
    "extend_aging": [
        'extend {deadline} of {receipt}[ line {line}] by {days} days with consent "{consent}"',
        'extend {deadline} of {receipt}[ line {line}] until {until} with consent "{consent}"',
    ],
    "run_aging": ["run aging"],
    "aging": ["aging[ seen by {viewer}]"],
    "extensions": ["extensions[ seen by {viewer}]"],
    "ends_of_term": ["ends of term[ seen by {viewer}]"],
    "action_items": ["action items[ seen by {viewer}]"],
    "expiring": ["expiring within {days} days[ seen by {viewer}]"],
    "terms_of_time": ["terms of {agreement}"],
}


class Acts:
    def buy_aged(
        self, day: date, receipt: str, line: str, quantity: str, unit: str, reference: str
    ) -> list[str]:
        said = written(
            aging.AgedLine,
            self._reference(reference),
            day.isoformat(),
            receipt,
            line or "1",
            "",
            quantity,
            unit,
        )
        outcome = aging.buy_aged(organization=self._in(""), lines=[said], by=BY, at=at(day))
        return self._news(outcome.or_raise())

    def extend_aging(
        self, day: date, deadline: str, receipt: str, line: str, consent: str, days: str = "",
        until: str = "",
    ) -> list[str]:  # fmt: skip
        said = written(aging.ExtensionLine,
            self._reference(""), day.isoformat(), consent, receipt, line or "1", "", deadline,
            days, until,
        )  # fmt: skip
        aging.extend(organization=self._in(""), lines=[said], by=BY, at=at(day)).or_raise()
        return []

    def run_aging(self, day: date) -> list[str]:
        news = []
        for holder in dict.fromkeys(self.holders.values()):
            run = aging.run_aging(consignee=_party(holder), on=day, by=BY, at=at(day))
            news.append(
                f"{run.bought} bought, {run.rolled_over} rolled over, {run.given_up} given up"
            )
        return [*self._entries(), *news]

    def aging(self, day: date, viewer: str) -> list[str]:
        found = aging_queries.aging(self._viewer(viewer), today=day)
        return [
            f"{_goods(line)}, {line.age_days} days old ({line.age})"
            + (f", aged on {line.aged_on}: {_left(line.days_left)}" if line.aged_on else "")
            + (", more time agreed" if line.has_more_time else "")
            for line in found
        ] or words.NOTHING

    def extensions(self, day: date, viewer: str) -> list[str]:
        return [
            f"{one.deadline} of {one.item} ({self._layer(one.organization, one.layer)}) of "
            f"{one.owner} until {one.until}: {one.consent}, recorded by {one.recorded_by}"
            for one in aging_queries.extensions(self._viewer(viewer))
        ] or words.NOTHING

    def ends_of_term(self, day: date, viewer: str) -> list[str]:
        found = aging_queries.ends_of_term(self._viewer(viewer), today=day)
        return [
            f"{_goods(line)}, ends on {line.term_ends_on}, {line.end_of_term} on {line.due_on}"
            for line in found
        ] or words.NOTHING

    def action_items(self, day: date, viewer: str) -> list[str]:
        found = aging_queries.action_items(self._viewer(viewer), today=day)
        return [
            f"{_goods(one.line)}, {one.because} on {one.on}, before the period closes on "
            f"{one.period_closes_on}: {', '.join(one.choices)}"
            for one in found
        ] or words.NOTHING

    def expiring(self, day: date, days: str, viewer: str) -> list[str]:
        found = aging_queries.expiring(self._viewer(viewer), today=day, within_days=int(days))
        return [
            f"{one.stock.quantity} of {one.stock.item} "
            f"({self._layer(one.stock.organization, one.stock.layer)}), "
            f"{words.whose(one.stock.owner_name)}, expires on {one.expires_on}: "
            f"{_left(one.days_left)}"
            for one in found
        ] or words.NOTHING

    def terms_of_time(self, day: date, agreement: str) -> list[str]:
        found = agreement_queries.agreement(self._viewer(""), agreement, today=day)
        assert found
        said = found.line
        return [
            f"ages after {said.aging_days} days from {said.aging_onset}, aged goods "
            f"{said.aged_outcome}",
            f"rotates {said.rotation_percent} percent every {said.rotation_every_days} days",
        ]


def _goods(line: aging_queries.AgingLine) -> str:
    receipt = line.receipt.removesuffix("/1")
    return f"{line.quantity} of {line.item} ({receipt}) of {line.owner_name}"


def _left(days: int | None) -> str:
    if days is None or days > 0:
        return f"{days} {'day' if days == 1 else 'days'} left"
    return f"{-days} {'day' if days == -1 else 'days'} over" if days else "today"


def _party(code: str) -> PartyId:
    return PartyId(models.Party.objects.get(code=code).pk)
