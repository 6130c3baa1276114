"""Telling rates of exchange: what a currency is worth in another, from a day on (checklist X12).

A rate is never edited. One that is told late holds for what is recorded after it; what was kept
with a transfer of title before stands.

Refuses: UnknownCurrency, NotAnExchangeRate, Differs; what a field may not say.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Annotated, NamedTuple

from consigned.master_data.exchange_rates import Rate, show_rate
from consigned_service.operations.core import fields
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.core.upsert import read_lines, settle_fields, tell
from consigned_service.records.master_data import exchange_rates as rate_records


class ExchangeRateLine(NamedTuple):
    """A rate."""

    kind: Annotated[
        str, fields.Text("whose rate it is, as ecb; organizations name the kind that they keep", 20)
    ]
    currency: Annotated[str, fields.CURRENCY, "the currency that is worth so much, as EUR"]
    functional_currency: Annotated[
        str, fields.CURRENCY, "the currency that it is worth it in, as USD"
    ]
    valid_from: Annotated[
        date, fields.DAY, "the first day on which it holds; it holds until the next one"
    ]
    rate: Annotated[int, fields.ExchangeRate("what one unit of the currency is worth, as 1.0834")]


def register_exchange_rates(*, lines: Sequence[ExchangeRateLine], at: datetime) -> Result:
    """Tell rates of exchange, many at once; one that is known with another rate is refused."""
    outcome = Result()
    tell(
        read_lines(lines, lambda line: Rate(*line), outcome),
        outcome,
        key=rate_records.key,
        add=partial(rate_records.add_rates, told_at=at),
        standing=rate_records.rates,
        settle=lambda stands, said: settle_fields(
            "rate", f"{said.kind} {said.currency}/{said.functional_currency} of {said.valid_from}",
            stands, said, show={"rate": show_rate},
        ),
    )  # fmt: skip
    return outcome
