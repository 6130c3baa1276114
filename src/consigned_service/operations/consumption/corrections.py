"""What waits because it was told wrong: it is closed with a reason, or a corrected line stands in
its place (decision 0031).

Either is a fact of its own, with who and when, and what waited stays as it was told. A corrected
line is a line of consumption like any other, under a reference of its own, and may be a use, a
return or a void. It is settled in the cycle that is open when it is told; a scale of prices goes
on looking at all that its line told.

Refuses: UnknownException, WaitsNoMore, TitleHasPassed (from exceptions).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, NamedTuple

from consigned.consumption.exceptions import Ending, Named, UnknownException
from consigned.inventory.title_transfers import Use
from consigned.measure.identity import OrganizationId
from consigned.measure.refusal import Refusal
from consigned_service.operations.accounting import accruals as charges
from consigned_service.operations.accounting.accruals import Ended
from consigned_service.operations.core import fields
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.ledger import posting as postings
from consigned_service.operations.ledger.consumption_lines import Read
from consigned_service.records.consumption import issues as records
from consigned_service.records.ledger.posting import OpenPosting


class ClosingLine(NamedTuple):
    """An exception that is closed, and why."""

    exception: Annotated[int, fields.Whole("number of the exception", 1, 99_999_999_999)]
    because: Annotated[str, fields.BECAUSE, "why nothing of it is to be posted, in words"]


def close_exceptions(
    *,
    organization: OrganizationId,
    lines: Sequence[ClosingLine],
    by: str,
    at: datetime,
    all_or_none: bool = False,
) -> Result:
    """Close exceptions of one organization, each with a reason: nothing of them is posted any more.

    An exception that is closed for that reason already is counted as repeated. Refuses one that has
    ended otherwise, and one whose goods have changed owner and are owed for.
    """
    outcome, closed = Result(), dict[int, Named]()
    with postings.posting(organization, cause="closing", recorded_at=at, recorded_by=by) as posting:
        named = records.exceptions_named(organization, [number for number, _ in lines])
        for index, (number, because) in enumerate(lines):
            try:
                one = closed.get(number) or _known(posting, named, number)
                if (one.how, one.because) == (Ending.CLOSED, because):
                    outcome.repeat(index)
                    continue
                one.check_can_end()
                closed[number] = one._replace(
                    how=Ending.CLOSED, ended_on=posting.recorded_on, because=because
                )
            except Refusal as refusal:
                outcome.refuse(index, refusal)
        if all_or_none:
            outcome.or_raise()
        charges.end(
            posting,
            [
                Ended(one.number, Ending.CLOSED, abs(one.quantity), because=one.because or "")
                for one in closed.values()
            ],
        )
    outcome.new = len(closed)
    return outcome


def _known(posting: OpenPosting, named: Mapping[int, Named], number: int) -> Named:
    if number not in named:
        raise UnknownException(number, posting.organization.code)
    return named[number]


def find(posting: OpenPosting, numbers: Iterable[int | None]) -> Mapping[int, Named]:
    """The exceptions in whose place some lines are to stand, as far as there are any."""
    said = set(filter(None, numbers))
    return records.exceptions_named(posting.organization.id, said) if said else {}


def why_not(posting: OpenPosting, named: Mapping[int, Named], number: int) -> Refusal | None:
    """Why no line can stand in the place of an exception; None where one can."""
    try:
        _known(posting, named, number).check_can_end()
    except Refusal as refusal:
        return refusal
    return None


def stand_in(posting: OpenPosting, named: Mapping[int, Named], told: Sequence[Read]) -> list[Read]:
    """End the exceptions in whose place lines stand; answers the lines, each with what a scale of
    prices is to look at."""
    correcting = {line.corrects for line in told if line.corrects}
    if not correcting:
        return list(told)
    organization = posting.organization.id
    uses = records.uses_numbered(
        organization, [one.consumption for n in correcting if (one := named[n]).consumption]
    )
    charges.end(
        posting,
        [
            Ended(
                line.corrects, Ending.REPLACED, abs(named[line.corrects].quantity),
                line.use.number, line.use.because or "",
            )
            for line in told
            if line.corrects
        ],
    )  # fmt: skip
    return [
        line._replace(use=_in_place(line.use, named[line.corrects], uses))
        if line.corrects
        else line
        for line in told
    ]


def _in_place(use: Use, exception: Named, uses: Mapping[int | None, Use]) -> Use:
    was = uses.get(exception.consumption)
    if was is None or was.item != use.item or min(was.quantity, use.quantity) < 0:
        return use
    return use._replace(told=use.quantity + (was.told or was.quantity) - exception.quantity)
