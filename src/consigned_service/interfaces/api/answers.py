"""What the addresses for programs have in common: how figures are asked and answered, how lists are
cut, and what is said where nothing is done."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Annotated, Any, TypeVar

from django.http import HttpRequest
from ninja import Query, Schema
from ninja.operation import Operation
from ninja.utils import contribute_operation_callback
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictStr, WithJsonSchema
from pydantic_core import PydanticCustomError

from consigned.measure.money import Price, show_amount, show_price
from consigned.measure.quantity import Quantity, show_micros
from consigned_service.interfaces.api.refusals import (
    KeyWithoutParty,
    RepeatedParameter,
    UnknownParameter,
)
from consigned_service.queries.core.figures import Amount
from consigned_service.queries.core.viewers import Viewer

# --- what is asked -----------------------------------------------------------------------


class Fields(BaseModel):
    """What a program sends; a name that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


def _exact(said: Any) -> Any:
    """A figure as text. JSON's numbers with decimals have been through a float when they come."""
    if isinstance(said, int) and not isinstance(said, bool):
        return str(said)
    if isinstance(said, float):
        raise PydanticCustomError(
            "not_exact", 'a number with decimals is not exact in JSON; write it as text: "0.125"'
        )
    return said


Exact = Annotated[
    StrictStr,
    BeforeValidator(_exact),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
]


# --- what is answered --------------------------------------------------------------------


class RefusedField(BaseModel):
    field: str
    code: str
    sentence: str


class RefusedLine(BaseModel):
    line: int = Field(description="which line of the request it was, the first being 1")
    reference: str
    code: str
    sentence: str
    fields: list[RefusedField] = Field(description="each field that is wrong, where it is known")


class Refused(BaseModel):
    code: str = Field(description="for programs; docs/REFERENCE.md lists them")
    sentence: str = Field(description="for people: what is wrong, and what can be done")
    refused: list[RefusedLine] = Field([], description="where every line was refused: each of them")


Limit = Annotated[int, Query(ge=1, le=1000, description="at most so many")]
Offset = Annotated[int, Query(ge=0, le=10**9, description="after so many")]
NOT_TOLD = (401, 403, 404, 422, 429)
"""The statuses under which an address that answers something may refuse."""


class _Answer(Schema):
    """A refusal as the framework keeps the shape of an answer. It would make one for each status of
    each address, of which there are seven hundred."""

    response: Refused


Address = TypeVar("Address", bound=Callable[..., Any])


def refusing(*statuses: int) -> Callable[[Address], Address]:
    """Declares the statuses under which an address answers a refusal, and lets it refuse what it
    takes no parameter for."""

    def declare(view: Address) -> Address:
        def add(operation: Operation) -> None:
            operation.response_models.update(dict.fromkeys(statuses, _Answer))
            operation.view_func = _strict(operation)

        contribute_operation_callback(view, add)
        return view

    return declare


def _strict(operation: Operation) -> Callable[..., Any]:
    """The view of an operation, asked with the parameters that it has, each once. What it did not
    know would otherwise be left out, and a list answer more than was asked for."""
    view = operation.view_func
    known = sorted(
        name
        for model in operation.models
        if model.__ninja_param_source__ == "query"
        for name in model.__ninja_flatten_map__
    )

    @wraps(view)
    def answer(request: HttpRequest, **values: Any) -> Any:
        for name, given in request.GET.lists():
            if name not in known:
                raise UnknownParameter(name[:40], known)
            if len(given) > 1:
                raise RepeatedParameter(name)
        return view(request, **values)

    return answer


class QuantityTold(BaseModel):
    number: str
    unit: str


class AmountTold(BaseModel):
    amount: str
    currency: str


class PriceTold(BaseModel):
    price: str
    currency: str
    per: str = Field("1", description="for so much of the item's unit")


def viewer_of(request: HttpRequest) -> Viewer:
    viewer: Viewer | None = request.auth.viewer  # type: ignore[attr-defined]
    if viewer is None:
        raise KeyWithoutParty
    return viewer


def plain(value: object) -> Any:
    """Figures as text, each with its unit or currency."""
    match value:
        case Quantity():
            return {"number": show_micros(value.micros), "unit": value.unit}
        case Amount():
            return {"amount": show_amount(*value), "currency": value.currency}
        case Price():
            per = show_micros(value.per)
            return {"price": show_price(value.micros), "currency": value.currency, "per": per}
        case tuple() if hasattr(value, "_asdict"):
            said: Mapping[str, object] = value._asdict()
            return {name: plain(one) for name, one in said.items()}
        case list():
            return [plain(one) for one in value]
        case _:
            return value
