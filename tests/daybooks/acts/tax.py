"""Tax: codes with their rates, which agreement has which, and what of it advices tell."""

from datetime import date
from typing import Any

from consigned_service.operations.core.lines import written
from consigned_service.operations.master_data import taxes
from consigned_service.queries.settlement import advices
from tests.daybooks import words
from tests.daybooks.acts import at

SENTENCES = {
    "tax_code": [
        'tax code {code} "{name}" is {rate} % from {valid_from}[, {recoverable} % recovered]'
    ],
    "taxed_by": ["tax[ on {item}] under {agreement} is {tax_code}[ from {starts_on}]"],
    "taxed_lines": ["tax of {number}[ seen by {viewer}]"],
    "taxed_transactions": ["transactions with tax of {number}[ seen by {viewer}]"],
}


class Acts:
    def tax_code(
        self: Any, day: date, code: str, name: str, rate: str, valid_from: str, recoverable: str
    ) -> list[str]:
        line = written(taxes.TaxCodeLine, code, name, rate, valid_from, recoverable)
        return self._register(taxes.register_tax_codes(lines=[line], at=at(day)))

    def taxed_by(
        self: Any, day: date, item: str, agreement: str, tax_code: str, starts_on: str
    ) -> list[str]:
        line = written(taxes.TaxLine, agreement, tax_code, item, starts_on)
        return self._register(taxes.register_taxes(lines=[line]))

    def taxed_lines(self: Any, day: date, number: str, viewer: str) -> list[str]:
        found = advices.advice(self._viewer(viewer), number)
        if found is None:
            return words.NOTHING
        head = found.head
        return [
            *(
                f"{line.line}: {line.quantity} of {line.item} at {line.price}, "
                f"{line.price_with_tax} with {line.tax or 'no tax'}: "
                f"{line.amount} and {line.tax_amount}, {line.amount_with_tax}"
                for line in found.lines.rows
            ),
            f"{head.amount} and {head.tax_amount}, {head.amount_with_tax}",
        ]

    def taxed_transactions(self: Any, day: date, number: str, viewer: str) -> list[str]:
        page = advices.advice_transactions(self._viewer(viewer), number)
        assert page
        return [
            f"{row.line}: {row.happened_on} {row.consumed} of {row.item} at {row.price}, "
            f"{row.price_with_tax} with {row.tax or 'no tax'}: {row.amount} and {row.tax_amount}"
            for row in page.rows
        ]
