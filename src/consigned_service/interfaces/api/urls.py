"""The addresses for programs, and the page that describes them, which anybody may read."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page, require_GET
from ninja import NinjaAPI, Router, Swagger
from ninja.errors import HttpError, ValidationError

from consigned.measure.refusal import Refusal
from consigned_service.interfaces.access.headers import CONTENT_SECURITY_POLICY
from consigned_service.interfaces.api import advices, exceptions, questions, recording
from consigned_service.interfaces.api.body import StrictJson
from consigned_service.interfaces.api.keys import ProgramKey
from consigned_service.interfaces.api.refusals import (
    MethodNotAllowed,
    NothingHere,
    NotUnderstood,
    TooLarge,
    refuse,
)


class Page(Swagger):
    """Draws its signs from data in its own style sheet."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        page = super().render_page(request, api, **kwargs)
        page.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace(
            "img-src 'self'", "img-src 'self' data:"
        )
        return page


class Api(NinjaAPI):
    """Describes itself once: the description is public, and making it takes seconds."""

    _described: Any = None

    def get_openapi_schema(self, **asked: Any) -> Any:
        if any(asked.values()):
            return super().get_openapi_schema(**asked)
        if self._described is None:
            self._described = super().get_openapi_schema()
        return self._described


api = Api(
    title="consigned",
    version="1",
    description="Whose goods they are, where they lie, and what is owed once they are used.",
    urls_namespace="api",
    auth=ProgramKey(),
    parser=StrictJson(),
    docs=Page(),
)
router = Router()
recording.add_to(router)
questions.add_to(router)
api.add_router("", router)
api.add_router("", advices.router)
api.add_router("", exceptions.router)


# --- whatever is wrong, it is said in one shape --------------------------------------------


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return refuse(request, refusal)


@api.exception_handler(HttpError)
def not_read(request: HttpRequest, wrong: HttpError) -> HttpResponse:
    """The body could not be parsed; what our parser said stands behind the framework's word."""
    if isinstance(wrong.__cause__, Refusal):
        return refuse(request, wrong.__cause__)
    raise wrong


@api.exception_handler(RequestDataTooBig)
def too_large(request: HttpRequest, wrong: RequestDataTooBig) -> HttpResponse:
    return refuse(request, TooLarge(settings.DATA_UPLOAD_MAX_MEMORY_SIZE))


@api.exception_handler(ValidationError)
def not_understood(request: HttpRequest, wrong: ValidationError) -> HttpResponse:
    first = wrong.errors[0]
    part, *where = first["loc"]  # in a body, the argument's name comes before where in it
    return refuse(
        request, NotUnderstood(_place(where[1:] if part == "body" else where), first["msg"])
    )


def _place(steps: list[str | int]) -> str:
    """lines[3].quantity, as a programmer writes it; the first of a list is 0 there."""
    said = "".join(f"[{s}]" if isinstance(s, int) else f".{s[:40]}" for s in steps)
    return said.removeprefix(".") or "body"


@csrf_exempt
@login_not_required
def nothing_here(request: HttpRequest) -> HttpResponse:
    return refuse(request, NothingHere())


def for_programs(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that asks for a key and not for signing in, and answers in JSON which methods it has.

    HEAD is a GET whose body is not sent. An answer that the program has already is not sent again:
    it may be stored by the program, which asks each time whether it still holds (ETag)."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            return _methods(request, response.headers["Allow"])
        if request.method == "GET":
            response.headers.setdefault("Cache-Control", "private, no-cache")
            response.headers.setdefault("Vary", "Authorization")
        return response

    revalidated = conditional_page(answer)

    @wraps(view)
    def as_get(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked_by = request.method
        request.method = "GET" if asked_by == "HEAD" else asked_by
        try:
            return revalidated(request, *args, **kwargs)
        finally:
            request.method = asked_by

    return csrf_exempt(login_not_required(as_get))


def _methods(request: HttpRequest, allowed: str) -> HttpResponse:
    """Which methods an address has: asked for, or because it was asked by another one."""
    methods = {*allowed.split(", "), "OPTIONS"}
    allowed = ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": allowed})
    return refuse(request, MethodNotAllowed(allowed))


addresses, _, app_name = api.urls
for address in addresses:
    assert address.callback
    view = address.callback
    is_page = (address.name or "").startswith("openapi-")  # these two leave the method to us
    address.callback = for_programs(require_GET(view) if is_page else view)

urlpatterns = [path("", nothing_here), *addresses, re_path("", nothing_here)]
