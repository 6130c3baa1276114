"""What our own goods leave at: the cost method, and standards that are told."""

from datetime import date
from typing import Any

from consigned_service.operations.accounting import standard_costs
from consigned_service.operations.core.lines import written
from tests.daybooks.acts import BY, at

SENTENCES = {
    "keeps_costs": ["{organization} keeps its own goods by {method}"],
    "standard_cost": [
        "standard cost of {item} in {organization} is {cost}[ per {unit}][ as {reference}] "
        "because {because*}"
    ],
}


class Acts:
    def keeps_costs(self: Any, day: date, organization: str, method: str) -> list[str]:
        return self._settle(day, organization, cost_method=method)

    def standard_cost(
        self: Any,
        day: date,
        item: str,
        organization: str,
        cost: str,
        unit: str,
        reference: str,
        because: str,
    ) -> list[str]:
        reference = reference or f"{item} {day}"
        line = written(standard_costs.StandardCostLine, reference, item, cost, because, unit)
        return self._register(
            standard_costs.set_standard_costs(
                organization=self._in(organization), lines=[line], by=BY, at=at(day)
            )
        )
