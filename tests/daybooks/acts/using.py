"""Being used: what our own goods are worth, and what is made of components."""

from datetime import date
from typing import Any

from consigned_service.queries import values as value_queries
from tests.daybooks import words

SENTENCES = {
    "value": ["value[ of {item}][ lot {lot}][ as of {as_of}][ seen by {viewer}]"],
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
            for line in lines
        ] or words.NOTHING

    def averages(self: Any, day: date, item: str, organization: str) -> list[str]:
        return [
            f"perpetual {line.perpetual or 'none'}, informational {line.informational or 'none'}"
            for line in value_queries.average_costs(
                self._viewer(""), item, organization or self._first()
            )
        ] or words.NOTHING
