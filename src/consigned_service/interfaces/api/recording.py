"""An address for each operation, by which a program records lines: the same lines, the same act and
the same refusals as in a file. All of it derives from the declarations of the operations."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Router
from pydantic import (
    BaseModel,
    BeforeValidator,
    FailFast,
    Field,
    StrictBool,
    StrictStr,
    WithJsonSchema,
    create_model,
)

from consigned_service.interfaces.access import recording
from consigned_service.interfaces.access.recording import Asker, record_for
from consigned_service.interfaces.api.answers import Exact, Fields, RefusedLine, refusing
from consigned_service.interfaces.api.refusals import refuse
from consigned_service.operations.core import fields, lines
from consigned_service.operations.core.operation import Operation
from consigned_service.operations.core.outcome import RefusedLine as Wrong
from consigned_service.operations.core.outcome import Result
from consigned_service.operations.registry import OPERATIONS
from consigned_service.queries.core.viewers import Program

MOST_LINES = 10_000
"""The most lines of one request."""


# --- what is asked -----------------------------------------------------------------------


def _as_text(said: Any) -> Any:
    return ("no", "yes")[said] if isinstance(said, bool) else said


YesOrNo = Annotated[
    StrictStr,
    BeforeValidator(_as_text),
    WithJsonSchema({"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no"]}]}),
]

_TYPES: dict[str, Any] = {"figure": Exact, "whole": Exact, "yes-no": YesOrNo}


def _type(field: lines.Field) -> Any:
    """What JSON holds for a field: text, in which a figure is exact."""
    if isinstance(field.type, fields.Choice):
        return Annotated[StrictStr, WithJsonSchema({"enum": [*map(str, field.type.choices)]})]
    return _TYPES.get(field.type.shape, StrictStr)


def _line(operation: Operation) -> type[BaseModel]:
    """A line of the operation in JSON. What it lacks is refused with all else that is wrong in it,
    where the line is read, so nothing is required of its shape but in the schema."""
    described: dict[str, Any] = {
        field.name: (
            _type(field) if field.is_required else _type(field) | None,
            Field(None, description=field.says),
        )
        for field in operation.fields
    }
    required = [field.name for field in operation.fields if field.is_required]
    return create_model(
        f"{_title(operation)}Line",
        __base__=Fields,
        __doc__=operation.line.__doc__,
        __cls_kwargs__={"json_schema_extra": {"required": required}},
        **described,
    )


OPTIONS: dict[str, tuple[Any, Any]] = {
    "source": (
        StrictStr,
        Field(
            description="the system whose references the lines carry: sent again under the same "
            "source and reference, a line changes nothing"
        ),
    ),
    "queue_shortages": (
        StrictBool,
        Field(
            False,
            description="what is not on hand: false refuses all lines; true, for a feed that "
            "reports what has happened already, posts what is there and lets the rest wait as an "
            "exception",
        ),
    ),
    "again": (
        StrictBool,
        Field(
            False,
            description="whether a line that looks like one recorded under another source "
            "(reference, item, quantity and time) is another use: false refuses it, true takes it",
        ),
    ),
}
"""What a request says beside its lines, of the operations that want to know."""


def _body(operation: Operation) -> type[BaseModel]:
    """Lines that are recorded together."""
    options: dict[str, Any] = {
        name: option for name, option in OPTIONS.items() if operation.takes(name)
    }
    line: Any = _line(operation)
    options["preview"] = (
        StrictBool,
        Field(False, description="whether to answer only what would come of it"),
    )
    options["lines"] = (
        Annotated[list[line], FailFast()], Field(min_length=1, max_length=MOST_LINES)
    )  # fmt: skip
    return create_model(
        _title(operation), __base__=Fields, __doc__=f"{operation.title}.", **options
    )


def _title(operation: Operation) -> str:
    return operation.name.title().replace("-", "")


# --- what is answered --------------------------------------------------------------------


class Recorded(BaseModel):
    new: int = Field(description="lines recorded now")
    changed: int = Field(description="lines that stood, and stand otherwise now")
    repeated: int = Field(description="lines that stood already, with the same content")
    waiting: int = Field(description="exceptions opened by the new lines")
    refused: list[RefusedLine] = Field(description="lines that were not recorded, each with why")
    notes: list[str] = Field(
        description="what was done otherwise than one might expect, as a price that was not taken: "
        "the reference of the line, and why"
    )


NOT_RECORDED = (400, 401, 403, 404, 409, 413, 422, 429)
"""The statuses under which nothing was recorded."""


def _answer(
    request: HttpRequest, operation: Operation, body: Any, organization: str = ""
) -> dict | HttpResponse:
    program: Program = request.auth  # type: ignore[attr-defined]
    assert program.viewer, "a program of no party is refused where it is let in"
    options = {name: getattr(body, name) for name in OPTIONS if operation.takes(name)}
    names = [field.name for field in operation.fields]
    asked = recording.Asked(
        [[getattr(line, name) or "" for name in names] for line in body.lines],
        organization, is_preview=body.preview, **options,
    )  # fmt: skip
    asker = Asker(program.viewer, program.name, program.is_operator)
    outcome = record_for(asker, operation, asked, now())
    refused = [_refused(line, body) for line in outcome.refused]
    if refused and len(refused) == len(body.lines):
        return refuse(request, outcome.refused[0].refusal, refused)
    return _recorded(outcome) | {"refused": refused}


def _recorded(outcome: Result) -> dict[str, Any]:
    return {
        name: getattr(outcome, name) for name in ("new", "changed", "repeated", "waiting", "notes")
    }


def _refused(line: Wrong, body: Any) -> dict[str, object]:
    return {
        "line": line.index + 1,
        "reference": getattr(body.lines[line.index], "reference", ""),
        "code": line.refusal.code,
        "sentence": line.refusal.sentence(),
        "fields": [
            {"field": name, "code": one.code, "sentence": one.sentence()}
            for name, one in line.wrong_fields
        ],
    }


# --- the addresses -----------------------------------------------------------------------


def _add(router: Router, operation: Operation) -> None:
    """Give an operation its address."""
    Body: Any = _body(operation)  # noqa: N806  # a class

    def at_organization(request: HttpRequest, code: str, asked: Body) -> Any:
        return _answer(request, operation, asked, code)

    def anywhere(request: HttpRequest, asked: Body) -> Any:
        return _answer(request, operation, asked)

    is_of = operation.is_of_organization
    address = f"/organizations/{{code}}/{operation.name}" if is_of else f"/{operation.name}"
    router.post(
        address,
        response={200: Recorded},
        summary=operation.title,
        description=f"{operation.title}: each good line is recorded and each bad one refused with "
        "its reason. Under 409 and 422 nothing was recorded. A request that got no answer can be "
        "sent again as it is.",
        operation_id=f"record_{operation.name.replace('-', '_')}",
        tags=["recording"],
    )(refusing(*NOT_RECORDED)(at_organization if is_of else anywhere))


def add_to(router: Router) -> None:
    """Give every operation its address."""
    for operation in OPERATIONS.values():
        _add(router, operation)
