"""What waits: taken up alone, closed with a reason, or corrected."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from consigned_service.operations.consumption import corrections
from consigned_service.operations.core.lines import written
from consigned_service.operations.settlement import exceptions
from consigned_service.queries.consumption import exceptions as exception_queries
from consigned_service.queries.consumption.exceptions import Waiting
from consigned_service.queries.settlement import advices as advice_queries
from tests.daybooks import words
from tests.daybooks.acts import BY, at
from tests.daybooks.acts.returning import WHEN

SENTENCES = {
    "close_waiting": ["close what waits of {waiting} because {because*}"],
    "resubmit_one": ["resubmit what waits of {waiting}"],
    "correct": [
        "till corrects {waiting} to {quantity} {unit} of {item}[ lot {lot}]" + WHEN,
    ],
    "correct_void": [
        "till corrects {waiting} to void {quantity} {unit} of {item} of {voids}" + WHEN,
    ],
    "some_exceptions": [
        "exceptions of {item}",
        "exceptions since {since}",
        "exceptions until {until}",
        "exceptions for {reason}",
        "exceptions by {source}",
    ],
    "ended_exceptions": ["ended exceptions[ seen by {viewer}]"],
    "lines_to_correct": ["lines to correct"],
    "corrected": ["corrected on {number}[ seen by {viewer}]"],
}


class Acts:
    def close_waiting(self: Any, day: date, waiting: str, because: str) -> list[str]:
        number = self._exception(waiting)
        outcome = corrections.close_exceptions(
            organization=self._in(""), lines=[written(
                corrections.ClosingLine, str(number), because)],
            by=BY, at=at(day), all_or_none=True,
        )  # fmt: skip
        return [*self._entries(), *self._waiting()] or (
            words.NOTHING_CHANGES if outcome.repeated else ["closed"]
        )

    def resubmit_one(self: Any, day: date, waiting: str) -> list[str]:
        tried = exceptions.resubmit(
            organization=self._in(""), by=BY, at=at(day), exceptions=[self._exception(waiting)]
        )
        return [*self._entries(), *self._waiting(),
                f"{tried.resolved} resolved, {tried.waiting} waiting still"]  # fmt: skip

    def correct(self: Any, day: date, waiting: str, **said: str) -> list[str]:
        return self._correct(day, waiting, **said)

    def correct_void(self: Any, day: date, waiting: str, quantity: str, **said: str) -> list[str]:
        return self._correct(day, waiting, quantity=f"-{quantity}", **said)

    def _correct(self: Any, day: date, waiting: str, **said: str) -> list[str]:
        said = {"corrects": str(self._exception(waiting)), **said}
        return self._use(day, said, source="till", queue_shortages=True)

    def some_exceptions(self: Any, day: date, **asked: str) -> list[str]:
        days = {name: date.fromisoformat(asked[name]) for name in ("since", "until") & asked.keys()}
        return _told(exception_queries.exceptions(self._viewer(""), **{**asked, **days}).rows)

    def ended_exceptions(self: Any, day: date, viewer: str) -> list[str]:
        page = exception_queries.exceptions(self._viewer(viewer), ended=True)
        return [
            f"{row.reference}: {row.quantity} of {row.item}, {row.how} on {row.ended_on} "
            f"by {row.ended_by}" + (f" because {row.ended_because}" if row.ended_because else "")
            for row in page.rows
        ] or words.NOTHING

    def lines_to_correct(self: Any, day: date) -> list[str]:
        return [
            f"{line.reference}: {line.quantity} {line.unit} of {line.item}"
            for line in exception_queries.lines_to_correct(self._viewer(""))
        ] or words.NOTHING

    def corrected(self: Any, day: date, number: str, viewer: str) -> list[str]:
        told = advice_queries.advice_transactions(self._viewer(viewer), number)
        return [
            f"{row.internal_number}: {row.consumed} of {row.item}, {row.amount}"
            for row in told.rows
            if row.internal_number
        ] or words.NOTHING

    def _exception(self: Any, reference: str) -> int:
        """The last exception of a line, whether it waits or not."""
        seen = self._viewer("")
        rows = [
            row
            for ended in (False, True)
            for row in exception_queries.exceptions(seen, ended=ended).rows
            if row.reference.endswith(f" {reference}")
        ]
        return max((row.number for row in rows), default=99)


def _told(rows: Iterable[Waiting]) -> list[str]:
    return [
        f"{row.quantity} of {row.item} by {row.reference}, {row.reason}" for row in rows
    ] or words.NOTHING
