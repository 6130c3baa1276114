"""Consumption told by a program: the same lines, the same act and the same answers as a file's."""

from collections.abc import Sequence
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Router
from pydantic import BaseModel, FailFast, Field, StrictBool, StrictStr

from consigned.master_data.parties import UnknownOrganization
from consigned_service.interfaces.api.answers import Asked, Exact, Refused, RefusedLine
from consigned_service.interfaces.api.refusals import refuse
from consigned_service.operations.consumption.issues import Reported, record_consumption
from consigned_service.operations.core.idempotency import fingerprint, refuse_twice
from consigned_service.operations.core.outcome import Outcome
from consigned_service.operations.registry import KINDS
from consigned_service.queries.core.viewers import Program, organization_held_by

MOST_LINES = 10_000
SAYS = KINDS["consumption"].columns
"""What each field says, in the words of the file's columns."""

router = Router(tags=["consumption"])


# --- what is asked -----------------------------------------------------------------------


class Line(Asked):
    """One use of goods; below zero it is a return."""

    reference: StrictStr = Field(description=SAYS["reference"])
    item: StrictStr = Field(description=SAYS["item"])
    quantity: Exact = Field(description=SAYS["quantity"], examples=["0.125"])
    happened_at: StrictStr = Field(description=SAYS["happened_at"])
    unit: StrictStr | None = Field(None, description=SAYS["unit"])
    kind: StrictStr | None = Field(None, description=SAYS["kind"])
    place: StrictStr | None = Field(None, description=SAYS["place"])
    consignor: StrictStr | None = Field(None, description=SAYS["consignor"])
    lot: StrictStr | None = Field(None, description=SAYS["lot"])
    serial: StrictStr | None = Field(None, description=SAYS["serial"])
    price: Exact | None = Field(None, description=SAYS["price"], examples=["1.25"])
    currency: StrictStr | None = Field(None, description=SAYS["currency"])
    customer: StrictStr | None = Field(None, description=SAYS["customer"])
    reservation: StrictStr | None = Field(None, description=SAYS["reservation"])
    work_order: StrictStr | None = Field(None, description=SAYS["work_order"])
    account: StrictStr | None = Field(None, description=SAYS["account"])
    sale_price: Exact | None = Field(None, description=SAYS["sale_price"], examples=["19.90"])
    voids: StrictStr | None = Field(None, description=SAYS["voids"])
    voids_source: StrictStr | None = Field(None, description=SAYS["voids_source"])
    because: StrictStr | None = Field(None, description=SAYS["because"])
    corrects: Exact | None = Field(None, description=SAYS["corrects"])


class Consumption(Asked):
    """Lines that one system reports, posted together."""

    source: StrictStr = Field(
        description="the system whose references the lines carry: told again under the same "
        "source and reference, a line changes nothing"
    )
    wait_for_missing: StrictBool = Field(
        False,
        description="what is not on hand: false refuses all lines; true, for a feed that reports "
        "what has happened already, posts what is there and lets the rest wait as an exception",
    )
    again: StrictBool = Field(
        False,
        description="whether a line that looks like one told under another source (reference, "
        "item, quantity and time) is another use: false refuses it, true takes it",
    )
    lines: Annotated[list[Line], FailFast()] = Field(min_length=1, max_length=MOST_LINES)


# --- what is answered --------------------------------------------------------------------


class Posted(BaseModel):
    new: int = Field(description="lines posted now")
    repeated: int = Field(description="lines that stood already, told again with the same content")
    waiting: int = Field(description="exceptions opened by the new lines")
    refused: list[RefusedLine] = Field(description="lines that were not posted, each with why")
    notes: list[str] = Field(
        description="what was done otherwise than one might expect, as a price that was not taken: "
        "the reference of the line, and why"
    )


@router.post(
    "/organizations/{code}/consumption",
    response={200: Posted, (400, 401, 403, 404, 409, 413, 422, 429): Refused},
    summary="Report consumption",
    operation_id="report_consumption",
)
def report(request: HttpRequest, code: str, told: Consumption) -> Any:
    """Use goods of an organization of the key's party: each good line is posted and each bad one
    refused with its reason. Under 409 and 422 nothing was posted. A request that got no answer
    can be sent again as it is."""
    program: Program = request.auth  # type: ignore[attr-defined]
    organization = program.viewer and organization_held_by(program.viewer, code)
    if organization is None:
        raise UnknownOrganization(code)
    lines = [_reported(line) for line in told.lines]
    outcome = record_consumption(
        organization=organization,
        lines=lines,
        source=told.source,
        by=program.name,
        at=now(),
        wait_for_missing=told.wait_for_missing,
        again=told.again,
    )
    refuse_twice(outcome, _earlier(lines, outcome))
    return _answer(request, told, outcome)


def _earlier(lines: Sequence[Reported], outcome: Outcome) -> dict[int, int]:
    """The numbers of the first lines of a request that say the same as its repeated ones."""
    if not outcome.again:
        return {}
    refused = {line.index for line in outcome.refused}
    first: dict[int, int] = {}
    for index, line in enumerate(lines):
        if index not in refused:
            first.setdefault(fingerprint(line, ()), index)
    found = {index: first[fingerprint(lines[index], ())] for index in outcome.again}
    return {index: earlier + 1 for index, earlier in found.items() if earlier != index}


def _reported(line: Line) -> Reported:
    return Reported(*(getattr(line, name) or "" for name in Reported._fields))


def _answer(request: HttpRequest, told: Consumption, outcome: Outcome) -> dict | HttpResponse:
    outcome.refused.sort(key=lambda line: line.index)
    refused: list[dict[str, object]] = [
        {
            "line": line.index + 1,
            "reference": told.lines[line.index].reference,
            "code": line.refusal.code,
            "sentence": line.refusal.sentence(),
        }
        for line in outcome.refused
    ]
    if not outcome.new and not outcome.repeated:
        return refuse(request, outcome.refused[0].refusal, refused)
    return {
        "new": outcome.new,
        "repeated": outcome.repeated,
        "waiting": outcome.waiting,
        "refused": refused,
        "notes": outcome.notes,
    }
