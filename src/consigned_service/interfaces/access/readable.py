"""An address holds text that a database can hold, or it is no address: a NUL byte or half a
surrogate pair is refused at the door, before anything is asked."""

from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.response import HttpResponseBase

ANSWERS_ITSELF = "/api/"
"""Programs are answered in their own way: what cannot be there is not found, in JSON."""


class ReadableAddresses:
    """Middleware that refuses the others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        said = [request.path, *request.GET, *(v for _, vs in request.GET.lists() for v in vs)]
        if not request.path.startswith(ANSWERS_ITSELF) and not all(map(is_readable, said)):
            raise SuspiciousOperation("the address holds what is no text")
        return self.get_response(request)


def is_readable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)
