"""Other currencies: rates of exchange, and books read in the organization's own."""

from datetime import date
from typing import Any

from consigned_service.operations.core.lines import written
from consigned_service.operations.master_data import exchange_rates as rates
from consigned_service.queries.accounting import books
from tests.daybooks import words
from tests.daybooks.acts import at

SENTENCES = {
    "keeps_rates": ["{organization} keeps {kind} rates"],
    "exchange_rate": ["{kind} rate: 1 {currency} is {rate} {own} from {valid_from}"],
    "own_balance": ["trial balance in own currency of {party}"],
    "own_journals": ["journals in own currency of {party}"],
}


class Acts:
    def keeps_rates(self: Any, day: date, organization: str, kind: str) -> list[str]:
        return self._settle(day, organization, exchange_rate_type=kind)

    def exchange_rate(
        self: Any, day: date, kind: str, currency: str, rate: str, own: str, valid_from: str
    ) -> list[str]:
        line = written(rates.ExchangeRateLine, kind, currency, own, valid_from, rate)
        return self._register(rates.register_exchange_rates(lines=[line], at=at(day)))

    def own_balance(self: Any, day: date, party: str) -> list[str]:
        found = books.trial_balance(self._viewer(party), in_own_currency=True)
        return [
            *(
                f"{one.name}"
                + (f" debit {one.debit}" if one.debit else "")
                + (f" credit {one.credit}" if one.credit else "")
                + ("" if one.debit or one.credit else f" even in {one.debited.currency}")
                for one in found.accounts
            ),
            *(f"debits {both.debit}, credits {both.credit}" for both in found.sums),
        ] or words.NOTHING

    def own_journals(self: Any, day: date, party: str) -> list[str]:
        return [
            f"{line.happened_on} {line.debit_name} / {line.credit_name} {line.amount}"
            for line in books.journals(self._viewer(party), in_own_currency=True)
        ] or words.NOTHING
