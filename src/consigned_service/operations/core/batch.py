"""Recording many written lines by one operation: what every door does with what it was given.

The good lines are recorded and each bad one is refused, with every field that is wrong. The lines
of one organization are recorded in the order in which they stand; organizations in one and the
same order always, so that two doors never wait for each other in a ring.

Refuses line by line: Required, UnknownOrganization; what the fields' types refuse, and the act.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from consigned.master_data.parties import UnknownOrganization
from consigned.measure.identity import OrganizationId
from consigned.measure.refusal import Refusal
from consigned_service.operations.core.idempotency import refuse_twice
from consigned_service.operations.core.lines import fingerprint, read_line, read_lines
from consigned_service.operations.core.operation import ORGANIZATION, Operation, Request
from consigned_service.operations.core.outcome import Incomplete, Required, Result
from consigned_service.records.master_data import agreements as agreement_records
from consigned_service.records.sql.transaction import done_or_planned, together


class Written(NamedTuple):
    """A line as it came in: the organization it names, and the text of its fields in order."""

    organization: str
    fields: Sequence[str]


def record(
    operation: Operation, lines: Sequence[Written], request: Request, *, is_split: bool = True
) -> Result:
    """Record lines, each under the organization it names where the operation is one's; the
    request's own organization counts where it is given. Lines that an act refuses as a whole are
    split until those at fault stand alone; or else that refusal is raised, and none is recorded."""
    outcome = Result()
    places, read = read_lines(operation.line, [line.fields for line in lines], outcome)
    good = dict(zip(places, read, strict=True))
    if operation.whole and len(places) < len(lines):
        places = _of_whole_documents(operation, lines, places, outcome)
    if not operation.is_of_organization or request.organization:
        _record(operation, places, good, request, outcome, is_split=is_split)
        return outcome
    for organization, chosen in _by_organization(lines, places, outcome):
        asked = request._replace(organization=organization)
        _record(operation, chosen, good, asked, outcome, is_split=is_split)
    return outcome


def _of_whole_documents(
    operation: Operation, lines: Sequence[Written], places: Sequence[int], outcome: Result
) -> list[int]:
    """The places of the lines of whose document none is wrong; the others are refused with it."""
    columns = [operation.line._fields.index(name) for name in operation.whole]

    def document(place: int) -> tuple[str, ...]:
        return tuple(lines[place].fields[column].strip() for column in columns)

    wrong = {document(line.index) for line in outcome.refused}
    what = operation.whole[-1].replace("_", " ")
    for place in places:
        if document(place) in wrong:
            outcome.refuse(place, Incomplete(what, document(place)[-1]))
    return [place for place in places if document(place) not in wrong]


def preview(
    operation: Operation, lines: Sequence[Written], request: Request, *, is_split: bool = True
) -> Result:
    """What would come of recording lines; nothing stands of it."""
    with done_or_planned(is_plan=True):
        return record(operation, lines, request, is_split=is_split)


def refuse_alike(operation: Operation, lines: Sequence[Written], outcome: Result) -> None:
    """Refuse the lines that repeat an earlier one of the same request: repeated is only what was
    recorded before."""
    if not outcome.again:
        return
    refused = {line.index for line in outcome.refused}
    said = {
        place: fingerprint(read_line(operation.line, line.fields), ())
        for place, line in enumerate(lines)
        if place not in refused
    }
    first: dict[int, int] = {}
    for place, says in said.items():
        first.setdefault(says, place)
    earlier = {place: first[said[place]] for place in outcome.again}
    refuse_twice(outcome, {at: one + 1 for at, one in earlier.items() if one != at})


def _by_organization(
    lines: Sequence[Written], places: Sequence[int], outcome: Result
) -> list[tuple[OrganizationId, list[int]]]:
    ids = agreement_records.organization_ids({lines[place].organization for place in places})
    chosen: dict[OrganizationId, list[int]] = defaultdict(list)
    for place in places:
        code = lines[place].organization
        if code in ids:
            chosen[ids[code]].append(place)
        elif code:
            outcome.refuse(place, UnknownOrganization(code), ORGANIZATION)
        else:
            outcome.refuse(place, Required(ORGANIZATION), ORGANIZATION)
    return sorted(chosen.items())


def _record(
    operation: Operation,
    chosen: Sequence[int],
    lines: dict[int, Any],
    request: Request,
    outcome: Result,
    *,
    is_split: bool,
) -> None:
    """Record the chosen lines. Where an act refuses them as a whole, each half is recorded alone,
    down to the line that is at fault."""
    if not chosen:
        return
    try:
        with together():
            part = operation.do([lines[place] for place in chosen], request)
    except Refusal as refusal:
        if not is_split:
            raise
        if len(chosen) == 1:
            outcome.refuse(chosen[0], refusal)
            return
        middle = len(chosen) // 2
        for half in (chosen[:middle], chosen[middle:]):
            _record(operation, half, lines, request, outcome, is_split=True)
        return
    outcome.add(part, chosen)
