"""Being used: what our own goods are worth, and what is made of components."""

from datetime import date
from typing import Any

from consigned_service.operations.core.lines import written
from consigned_service.operations.core.upsert import RecordedBy
from consigned_service.operations.master_data import bills_of_material as bills
from consigned_service.operations.production import completions as production
from consigned_service.operations.production import disassembly as taking_apart
from consigned_service.operations.production import unused_components as production_returns
from consigned_service.queries.accounting import inventory_value as value_queries
from consigned_service.queries.production import completions as production_queries
from tests.daybooks import words
from tests.daybooks.acts import BY, at

MADE = "[ for order {work_order}][ taken from {source}][ into {place}][ lot {lot}][, {passed}]"

SENTENCES = {
    "value": ["value[ of {item}][ lot {lot}][ as of {as_of}][ seen by {viewer}]"],
    "bill": ["bill of {product}: {lines*}"],
    "complete": ["complete {reference}: {quantity} {unit} of {product}" + MADE],
    "line_completes": ["line completes {reference}: {quantity} {unit} of {product}" + MADE],
    "bring_back": [
        "bring back {quantity} {unit} of {item} from order {work_order}[ into {place}]"
        "[ lot {lot}][ as {reference}]"
    ],
    "take_apart": [
        "take apart {quantity} {unit} of {product}[ from {place}][ lot {lot}][ into {target}]"
        "[ as {reference}]"
    ],
    "components": ["components of {reference}"],
    "in_process": ["in process"],
    "averages": ["average costs of {item}[ in {organization}]"],
}


class Acts:
    def value(self: Any, day: date, item: str, lot: str, as_of: str, viewer: str) -> list[str]:
        lines = value_queries.stock_value(
            self._viewer(viewer), item or None, lot=lot or None,
            as_of=date.fromisoformat(as_of) if as_of else None,
        )  # fmt: skip
        return [
            f"{line.quantity} of {line.item} at {line.organization}: {line.value}"
            + (f", {line.average} on average" if line.average else "")
            for line in lines.rows
        ] or words.NOTHING

    def averages(self: Any, day: date, item: str, organization: str) -> list[str]:
        return [
            f"perpetual {line.perpetual or 'none'}, informational {line.informational or 'none'}"
            for line in value_queries.average_costs(
                self._viewer(""), item, organization or self._first()
            )
        ] or words.NOTHING

    # --- what is made of components ------------------------------------------------------

    def bill(self: Any, day: date, product: str, lines: str) -> list[str]:
        """'2 EA of BOLT, 1 LTR of PAINT and 10 % spoilt'."""
        said = []
        for line in lines.split(", "):
            needed, _, spoilt = line.partition(" and ")
            quantity, unit, _, component = needed.split()
            said.append(
                written(
                    bills.BillLine, product, component, quantity, unit, spoilt.partition(" %")[0]
                )
            )
        bills.register_bills(
            organization=self._in(""), lines=said, told_by=RecordedBy(BY, at(day))
        ).or_raise()
        return []

    def complete(self: Any, day: date, **said: str) -> list[str]:
        return self._complete(day, **said)

    def line_completes(self: Any, day: date, **said: str) -> list[str]:
        return self._complete(day, **said, queue_shortages=True)

    def _complete(
        self: Any, day: date, reference: str, quantity: str, unit: str, product: str,
        work_order: str, source: str, place: str, lot: str, passed: str,
        queue_shortages: bool = False,
    ) -> list[str]:  # fmt: skip
        line = written(production.CompletionLine,
            reference, product, quantity, day.isoformat(), work_order, unit, place, source, lot,
            passed="yes" if passed else "",
        )  # fmt: skip
        outcome = production.record_production(
            organization=self._in(""), lines=[line], by=BY, at=at(day),
            queue_shortages=queue_shortages,
        ).or_raise()  # fmt: skip
        return self._news(outcome)

    def bring_back(
        self: Any, day: date, quantity: str, unit: str, item: str, work_order: str, place: str,
        lot: str, reference: str,
    ) -> list[str]:  # fmt: skip
        line = written(production_returns.ComponentReturnLine,
            self._reference(reference), work_order, item, quantity, day.isoformat(), unit, place,
            lot,
        )  # fmt: skip
        outcome = production_returns.return_from_production(
            organization=self._in(""), lines=[line], by=BY, at=at(day)
        ).or_raise()
        return [*self._news(outcome), *outcome.notes]

    def take_apart(
        self: Any, day: date, quantity: str, unit: str, product: str, place: str, lot: str,
        target: str, reference: str,
    ) -> list[str]:  # fmt: skip
        line = written(taking_apart.TakeApartLine,
            self._reference(reference), product, quantity, day.isoformat(), unit, place, lot, "",
            target,
        )  # fmt: skip
        outcome = taking_apart.take_apart(
            organization=self._in(""), lines=[line], by=BY, at=at(day)
        ).or_raise()
        return [*self._news(outcome), *outcome.notes]

    def components(self: Any, day: date, reference: str) -> list[str]:
        found = production_queries.completion(self._viewer(""), self._first(), reference)
        if found is None:
            return words.NOTHING
        return [
            f"{found.quantity} of {found.product}, made on {found.completed_on}: {found.cost}",
            *(
                f"{part.quantity} of {part.item}, {words.whose(part.owner_name)}: {part.cost}"
                + (f", {part.returned} came back" if part.returned.micros else "")
                for part in found.components
            ),
        ]

    def in_process(self: Any, day: date) -> list[str]:
        return [
            f"{part.work_order}: {part.quantity} of {part.item}, {words.whose(part.owner_name)}: "
            f"{part.cost}"
            for part in production_queries.in_process(self._viewer(""))
        ] or words.NOTHING
