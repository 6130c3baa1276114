"""What waits, for programs: the list with each reason, taking up again, and closing. A corrected
line is told as consumption that names the exception (`corrects`)."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router
from pydantic import BaseModel, Field, StrictInt, StrictStr

from consigned.master_data.parties import UnknownOrganization
from consigned.measure.identity import OrganizationId
from consigned_service.interfaces.api.answers import (
    NOT_TOLD,
    Code,
    Fields,
    Limit,
    Offset,
    QuantityTold,
    plain,
    viewer_of,
)
from consigned_service.operations.consumption.corrections import ClosingLine, close_exceptions
from consigned_service.operations.registry import OPERATIONS
from consigned_service.operations.settlement.exceptions import resubmit
from consigned_service.queries.consumption import exceptions
from consigned_service.queries.core.viewers import own_organization

MOST = 10_000
Numbers = Annotated[list[Annotated[StrictInt, Field(ge=1, lt=10**11)]], Field(max_length=MOST)]

router = Router(tags=["exceptions"])


class TakeUp(Fields):
    """Exceptions that are tried again."""

    exceptions: Numbers | None = Field(None, description="their numbers; none: all that wait")


class Close(Fields):
    """Exceptions that are closed, for one reason."""

    exceptions: Numbers = Field(min_length=1)
    because: StrictStr = Field(description=OPERATIONS["exceptions-closed"].columns["because"].says)


class Waiting(BaseModel):
    organization: str
    number: int
    opened_on: date
    item: str
    quantity: QuantityTold
    reason: str = Field(description="the code of what stands against it")
    sentence: str = Field(description="for people: what stands against it, and what can be done")
    consumption: int | None = Field(description="number of the line that was reported")
    reference: str = Field(description="its source and reference")
    happened_on: date | None
    entry: int | None = Field(description="the transfer of title that waits for a price")
    agreement: str | None
    how: str | None = Field(description="how its waiting ended; none while it waits")
    ended_on: date | None
    ended_by: str
    ended_because: str
    replaced_by: int | None = Field(description="the line of consumption in its place")


class Exceptions(BaseModel):
    total: int
    exceptions: list[Waiting]


class TakenUp(BaseModel):
    resolved: int = Field(description="those that were taken up, at least in part")
    waiting: int = Field(description="those that wait still, and new ones of what is left")


class Closed(BaseModel):
    closed: int
    repeated: int = Field(description="those that were closed for that reason already")


@router.get(
    "/exceptions",
    response={200: Exceptions} | NOT_TOLD,
    summary="List what waits",
    operation_id="list_exceptions",
)
def listed(
    request: HttpRequest,
    organization: Code = None,
    reason: Code = None,
    item: Code = None,
    source: Code = None,
    since: date | None = None,
    until: date | None = None,
    ended: bool = False,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Any:
    """What was reported and waits, the oldest first; or what waited and `ended`, the newest first.
    `since` and `until` are the first and the last day on which it was opened, or ended."""
    page = exceptions.exceptions(
        viewer_of(request), organization=organization, reason=reason, item=item, source=source,
        since=since, until=until, ended=ended, limit=limit, offset=offset,
    )  # fmt: skip
    return {"total": page.total, "exceptions": plain(page.rows)}


@router.post(
    "/organizations/{code}/exceptions/resubmit",
    response={200: TakenUp} | NOT_TOLD,
    summary="Take up what waits",
    operation_id="resubmit_exceptions",
)
def take_up(request: HttpRequest, code: str, told: TakeUp) -> Any:
    """Try exceptions again, all of an organization's or the named ones. One whose reason still
    stands goes on waiting."""
    done = resubmit(
        organization=_own(request, code), by=_who(request), at=now(), exceptions=told.exceptions
    )
    return done._asdict()


@router.post(
    "/organizations/{code}/exceptions/close",
    response={200: Closed} | NOT_TOLD,
    summary="Close what waits",
    operation_id="close_exceptions",
)
def close(request: HttpRequest, code: str, told: Close) -> Any:
    """Close exceptions with a reason, all or none: nothing of them is posted any more."""
    outcome = close_exceptions(
        organization=_own(request, code),
        lines=[ClosingLine(str(number), told.because) for number in told.exceptions],
        by=_who(request),
        at=now(),
        all_or_none=True,
    )
    return {"closed": outcome.new, "repeated": outcome.repeated}


def _own(request: HttpRequest, code: str) -> OrganizationId:
    organization = own_organization(viewer_of(request), code)
    if organization is None:
        raise UnknownOrganization(code)
    return organization


def _who(request: HttpRequest) -> str:
    name: str = request.auth.name  # type: ignore[attr-defined]
    return name
