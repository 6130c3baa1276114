"""What waits, for programs: taking it up again, and closing it. A corrected line is recorded as
consumption that names the exception (`corrects`)."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Router
from pydantic import BaseModel, Field, StrictInt, StrictStr

from consigned.master_data.parties import UnknownOrganization
from consigned.measure.identity import OrganizationId
from consigned_service.interfaces.api.answers import NOT_TOLD, Fields, refusing, viewer_of
from consigned_service.operations.consumption.corrections import ClosingLine, close_exceptions
from consigned_service.operations.core.lines import written
from consigned_service.operations.registry import OPERATIONS
from consigned_service.operations.settlement.exceptions import resubmit
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
    because: StrictStr = Field(description=OPERATIONS["exception-closings"].columns["because"].says)


class TakenUp(BaseModel):
    resolved: int = Field(description="those that were taken up, at least in part")
    waiting: int = Field(description="those that wait still, and new ones of what is left")


class Closed(BaseModel):
    closed: int
    repeated: int = Field(description="those that were closed for that reason already")


@router.post(
    "/organizations/{code}/exceptions/resubmit",
    response={200: TakenUp},
    summary="Take up what waits",
    operation_id="resubmit_exceptions",
)
@refusing(*NOT_TOLD)
def take_up(request: HttpRequest, code: str, told: TakeUp) -> Any:
    """Try exceptions again, all of an organization's or the named ones. One whose reason still
    stands goes on waiting."""
    done = resubmit(
        organization=_own(request, code), by=_who(request), at=now(), exceptions=told.exceptions
    )
    return done._asdict()


@router.post(
    "/organizations/{code}/exceptions/close",
    response={200: Closed},
    summary="Close what waits",
    operation_id="close_exceptions",
)
@refusing(*NOT_TOLD)
def close(request: HttpRequest, code: str, told: Close) -> Any:
    """Close exceptions with a reason, all or none: nothing of them is posted any more."""
    outcome = close_exceptions(
        organization=_own(request, code),
        lines=[written(ClosingLine, str(number), told.because) for number in told.exceptions],
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
