"""An address for each list that can be asked for: its parameters, its rows and their description
derive from the question."""

import ast
from collections.abc import Mapping, Sequence
from functools import partial
from inspect import Parameter, Signature, getsource
from itertools import pairwise
from textwrap import dedent
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from django.http import HttpRequest
from django.utils.timezone import now
from ninja import Query, Router
from pydantic import BaseModel, create_model

from consigned.measure.money import Price
from consigned.measure.quantity import Quantity
from consigned_service.interfaces.api.answers import (
    NOT_TOLD,
    AmountTold,
    Limit,
    Offset,
    PriceTold,
    QuantityTold,
    plain,
    refusing,
    viewer_of,
)
from consigned_service.queries.core import days
from consigned_service.queries.core.figures import Amount
from consigned_service.queries.core.question import Narrowing, Question
from consigned_service.queries.registry import QUESTIONS, question

FIGURES: Mapping[Any, Any] = {Quantity: QuantityTold, Amount: AmountTold, Price: PriceTold}


# --- what is answered --------------------------------------------------------------------

_models: dict[Any, type[BaseModel]] = {}


def model_of(shape: Any) -> type[BaseModel]:
    """A row of this shape in JSON."""
    if shape not in _models:
        hints = get_type_hints(shape)
        described: dict[str, Any] = {name: (_json(hints[name]), ...) for name in shape._fields}
        _models[shape] = create_model(
            shape.__name__,
            __doc__=_does(shape),
            __cls_kwargs__={"json_schema_extra": partial(_describe, shape)},
            **described,
        )
    return _models[shape]


def page_of(shape: Any, rows: str) -> type[BaseModel]:
    """A part of a list of such rows, and how many there are."""
    listed: Any = list[model_of(shape)]  # type: ignore[misc]
    described: dict[str, Any] = {"total": (int, ...), rows: (listed, ...)}
    return create_model(f"{shape.__name__}Page", **described)


def _describe(shape: Any, schema: dict[str, Any], model: type[BaseModel]) -> None:
    """Describe the fields of a row by the sentences below them in its shape. Only the schema needs
    them, so the source is read when it is asked for."""
    for name, sentence in sayings(shape).items():
        schema["properties"][name]["description"] = sentence


def sayings(shape: Any) -> dict[str, str]:
    """What stands below the fields of a shape, by their names."""
    (declared,) = ast.parse(dedent(getsource(shape))).body
    said: dict[str, str] = {}
    for field, below in pairwise(getattr(declared, "body", ())):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                said[name] = " ".join(text.split()).removesuffix(".")
    return said


def _does(shape: Any) -> str:
    """What a shape says of itself, where it says anything."""
    said = shape.__doc__ or ""
    return "" if said.startswith(f"{shape.__name__}(") else said


def _json(hint: Any) -> Any:
    """What JSON holds for a field of a row."""
    origin, inside = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        kinds = [_json(one) for one in inside if one is not NoneType]
        return Union[(*kinds, None)] if NoneType in inside else Union[tuple(kinds)]  # noqa: UP007
    if origin in (list, tuple, Sequence):
        return list[_json(inside[0])]  # type: ignore[misc]
    if hint in FIGURES:
        return FIGURES[hint]
    if hasattr(hint, "_fields"):
        return model_of(hint)
    return getattr(hint, "__supertype__", hint)


# --- the addresses -----------------------------------------------------------------------


TEXT = {"max_length": 120, "pattern": r"^[^\x00-\x1f\x7f]*$"}
"""What a filter by text takes."""


def _parameter(one: Narrowing) -> Parameter:
    bounds: dict[str, Any] = TEXT if one.type is str else {}
    kind: Any = bool if one.type is bool else one.type | None
    described: Any = Annotated[kind, Query(description=one.says, **bounds)]
    default = False if one.type is bool else None
    return Parameter(one.called, Parameter.KEYWORD_ONLY, default=default, annotation=described)


def _add(router: Router, asked: Question) -> None:
    """Give a question its address."""
    rows = asked.name.replace("-", "_")

    def listed(request: HttpRequest, limit: int, offset: int, **filters: Any) -> Any:
        viewer = viewer_of(request)
        words = {one.name: filters[one.called] for one in asked.filters}
        page = asked.answer(
            viewer, words, today=days.today(viewer, now()), limit=limit, offset=offset
        )
        return {"total": page.total, rows: plain(page.rows)}

    listed.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter("request", Parameter.POSITIONAL_OR_KEYWORD, annotation=HttpRequest),
            *map(_parameter, asked.filters),
            Parameter("limit", Parameter.KEYWORD_ONLY, default=100, annotation=Limit),
            Parameter("offset", Parameter.KEYWORD_ONLY, default=0, annotation=Offset),
        ]
    )
    router.get(
        f"/{asked.name}",
        response={200: page_of(asked.shape, rows)},
        summary=asked.says.partition(".")[0],
        description=asked.says,
        operation_id=f"list_{rows}",
        tags=["lists"],
    )(refusing(*NOT_TOLD)(listed))


def add_to(router: Router) -> None:
    """Give every question its address."""
    for name in QUESTIONS:
        _add(router, question(name))
