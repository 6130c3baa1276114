"""Counting, differences, and who bears them."""

from datetime import date

from consigned_service.operations.core.lines import written
from consigned_service.operations.counting import count_sheets as count_plans
from consigned_service.operations.counting import counts, differences, dispositions
from consigned_service.queries.counting import counts as count_queries
from consigned_service.queries.counting import dispositions as disposition_queries
from consigned_service.records import models
from tests.daybooks import words
from tests.daybooks.acts import BY, at

COUNTED = (
    "{quantity} {unit} of {item}[ of {consignor}][ at {place}][ lot {lot}][ serial {serial}]"
    "[ on {on}][, {reason}]"
)
SENTENCES = {
    "plan_counts": ["plan counts[ of {organization}]"],
    "count": [
        "count {count}[ by {side}][ again {recount}][ in {organization}]: " + COUNTED,
    ],
    "explain": ["difference {number}: [{quantity} {unit} ]{reason}"],
    "sheet": ["sheet {number}[ seen by {viewer}]"],
    "sheets": ["sheets[ seen by {viewer}]"],
    "differences": ["differences[ seen by {viewer}]"],
    "what_was_it": ["what was difference {number}[ seen by {viewer}]"],
    "count_usage": ["usage by count under {agreement}[ seen by {viewer}]"],
    "shrinkage": ["shrinkage[ from {first}][ to {last}][ seen by {viewer}]"],
    "shrinkage_cost": ["cost of shrinkage[ seen by {viewer}]"],
    "dispose": [
        "{outcome} {quantity} {unit} of {item}[ of {consignor}][ at {place}][, {reason}]"
        "[ as {reference}]"
    ],
    "dispositions": ["dispositions[ seen by {viewer}]"],
    "liability": ["liability under {agreement}[ seen by {viewer}]"],
}


class Acts:
    def plan_counts(self, day: date, organization: str) -> list[str]:
        planned = count_plans.plan_counts(
            organization=self._in(organization), on=day, by=BY, at=at(day)
        )
        return [*planned.sheets] or ["nothing is due"]

    def count(
        self, day: date, count: str, side: str, recount: str, organization: str, quantity: str,
        unit: str, item: str, consignor: str, place: str, lot: str, serial: str, on: str,
        reason: str,
    ) -> list[str]:  # fmt: skip
        line = written(counts.CountLine,
            count, item, quantity, on or day.isoformat(), consignor, place, lot, serial, unit,
            side, "", recount, reason,
        )  # fmt: skip
        outcome = counts.record_counts(
            organization=self._in(organization), lines=[line], by=BY, at=at(day)
        )
        return self._counted(outcome.or_raise())

    def explain(self, day: date, number: str, quantity: str, unit: str, reason: str) -> list[str]:
        line = written(differences.SettlingLine, number, reason, quantity, unit)
        outcome = differences.settle_differences(
            organization=self._in(""), lines=[line], by=BY, at=at(day)
        )
        return self._counted(outcome.or_raise())

    def dispose(
        self, day: date, outcome: str, quantity: str, unit: str, item: str, consignor: str,
        place: str, reason: str, reference: str,
    ) -> list[str]:  # fmt: skip
        line = written(dispositions.DispositionLine,
            self._reference(reference), item, quantity, outcome, day.isoformat(), reason,
            consignor, place, unit=unit,
        )  # fmt: skip
        done = dispositions.dispose_of(organization=self._in(""), lines=[line], by=BY, at=at(day))
        return self._news(done.or_raise())

    def dispositions(self, day: date, viewer: str) -> list[str]:
        found = disposition_queries.dispositions(self._viewer(viewer))
        return [
            f"{whose}: {row.outcome} {row.quantity} of {row.item}, {words.whose(row.owner_name)}"
            + (f", {row.reason}" if row.reason else "")
            + (
                f", {row.consignee_percent} percent the consignee's"
                if row.consignee_percent is not None
                else ""
            )
            + (f", on {row.happened_on}" if row.happened_on else "")
            for whose, lines in (("consigned", found.consigned), ("owned", found.owned))
            for row in lines
        ] or words.NOTHING

    def _counted(self, outcome) -> list[str]:  # an outcome of many lines
        if outcome.repeated and not outcome.new:
            return words.NOTHING_CHANGES
        news = []
        for organization in self.organizations.values():
            for row in self._new(models.CountDifference, organization):
                gap = row.counted - row.booked
                counting = models.StockCount.objects.select_related("item").get(
                    organization_id=organization, number=row.stock_count
                )
                unit, code = counting.item.unit, counting.item.code
                owner = models.Party.objects.get(pk=row.owner).name
                goods = f"{words.whose(owner)} {code}"
                booked, counted = (
                    words.amount(figure, unit, "")[:-4] for figure in (row.booked, row.counted)
                )
                name = f"difference {row.number}: " if gap else ""
                news.append(f"{name}{goods}, {booked} booked, {counted} counted")
            for row in self._new(models.CountSettlement, organization):
                gap = models.CountDifference.objects.get(
                    organization_id=organization, number=row.difference
                )
                if row.reason == "recounted" and row.quantity * (gap.counted - gap.booked) > 0:
                    news.append(f"difference {row.difference} is replaced by another count")
        return [*news, *self._entries(), *self._waiting()]

    # --- questions -----------------------------------------------------------------------

    def sheets(self, day: date, viewer: str) -> list[str]:
        return [
            f"{row.number} under {row.agreement}: {row.consignor_name} at {row.place}, "
            f"{row.method}, drawn up on {row.drawn_on}, {row.lines} lines, "
            f"{row.counted_by_consignee} counted by the consignee, "
            f"{row.counted_by_consignor} by the consignor"
            for row in count_queries.count_sheets(self._viewer(viewer)).rows
        ] or words.NOTHING

    def sheet(self, day: date, number: str, viewer: str) -> list[str]:
        found = count_queries.count_sheet(self._viewer(viewer), number)
        if found is None:
            return words.NOTHING
        return [
            f"{row.line}: {row.item}"
            + (f" lot {row.lot}" if row.lot else "")
            + (f", {row.booked} booked" if row.booked is not None else ", not told")
            + (f", {row.by_consignee} by the consignee" if row.by_consignee is not None else "")
            + (f", {row.by_consignor} by the consignor" if row.by_consignor is not None else "")
            for row in found.lines
        ]

    def differences(self, day: date, viewer: str) -> list[str]:
        return [
            f"{row.number}: {words.whose(row.owner_name)} {row.item}"
            + (f" at {row.place}" if row.place else "")
            + f" on {row.counted_on}, {row.booked} booked, {row.counted} counted by the "
            f"{row.counted_by_party} for {row.count_number}, {row.still_open} open"
            + (
                f"; the other side counted {row.other_side_counted}"
                if row.other_side_counted is not None
                else ""
            )
            for row in count_queries.open_differences(self._viewer(viewer)).rows
        ] or words.NOTHING

    def what_was_it(self, day: date, number: str, viewer: str) -> list[str]:
        return [
            f"{answer.reason}: {answer.consignee_percent} percent the consignee's, "
            f"{answer.consignee_pays or 'no price'}"
            for row in count_queries.open_differences(self._viewer(viewer)).rows
            if row.number == int(number)
            for answer in row.answers
        ] or words.NOTHING

    def count_usage(self, day: date, agreement: str, viewer: str) -> list[str]:
        return [
            f"{row.organization} {row.item} on {row.counted_on}: {row.opening} opening "
            f"+ {row.received} received - {row.returned} returned - {row.counted} counted "
            f"= {row.used} used" + (f", {row.lost} of it lost" if row.lost.micros else "")
            for row in count_queries.count_usage(self._viewer(viewer), agreement)
        ] or words.NOTHING

    def shrinkage(self, day: date, first: str, last: str, viewer: str) -> list[str]:
        found = count_queries.shrinkage(
            self._viewer(viewer),
            first=date.fromisoformat(first) if first else None,
            last=date.fromisoformat(last) if last else None,
        )
        return [
            f"{row.organization} {row.item} under {row.agreement}: {row.missing} missing of "
            f"{row.opening} opening + {row.received} received, {row.percent} percent"
            + (f", too much: {row.warns_at} percent are allowed" if row.is_warning else "")
            for row in found
        ] or words.NOTHING

    def shrinkage_cost(self, day: date, viewer: str) -> list[str]:
        return [
            f"{row.organization} {row.quantity} of {row.item} under {row.agreement}, "
            f"{row.reason}, borne by the {row.borne_by}: {row.cost}"
            for row in count_queries.shrinkage_cost(self._viewer(viewer))
        ] or words.NOTHING

    def liability(self, day: date, agreement: str, viewer: str) -> list[str]:
        found = count_queries.liability(self._viewer(viewer), agreement)
        return [
            line
            for row in found
            for line in (
                *(
                    f"{reason}: {percent} percent the consignee's"
                    for reason, percent in row.consignee_percent.items()
                ),
                *([row.liability] if row.liability else []),
            )
        ] or words.NOTHING
