"""A page is read (GET, HEAD); one with a form also takes it (POST). Another method is answered 405,
with those that the page has in `Allow`."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from consigned_service.interfaces.access.readable import ANSWERS_ITSELF

View = TypeVar("View", bound=Callable[..., Any])


def takes_form(view: View) -> View:
    """Declares that a page takes the form that it shows."""
    view.takes_form = True  # type: ignore[attr-defined]
    return view


def methods_of(view: Callable[..., Any]) -> tuple[str, ...]:
    """The methods that a page answers."""
    has_post = hasattr(getattr(view, "view_class", None), "post")
    return ("GET", "HEAD", "POST") if has_post or hasattr(view, "takes_form") else ("GET", "HEAD")


class KnownMethods:
    """Middleware that refuses the others, before anything is asked of the page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_: Any
    ) -> HttpResponseBase | None:
        methods = methods_of(view)
        if request.path.startswith(ANSWERS_ITSELF) or request.method in methods:
            return None
        allowed = ", ".join(methods)
        context = {"method": (request.method or "")[:20], "allowed": allowed}
        answer = render(request, "access/no_method.html", context, status=405)
        answer.headers["Allow"] = allowed
        return answer
