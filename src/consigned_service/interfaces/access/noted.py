"""What the log notes about a request beyond its address: who asked, and the pattern of the address.

The notes stand in the request's environment, where the front of the service reads them once the
request is answered.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

REQUEST = "consigned.request"
"""The number by which the log, the answer and the trail know a request."""
ROUTE = "consigned.route"
USER = "consigned.user"


class Noted:
    """Middleware that leaves them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.resolver_match is not None:
            request.META[ROUTE] = "/" + request.resolver_match.route
        request.META[USER] = _name(request)
        return response


def _name(request: HttpRequest) -> str:
    program = getattr(request, "auth", None)
    if program is not None:
        return str(program.name)
    user = getattr(request, "user", None)
    return str(user.get_username()) if user is not None and user.is_authenticated else ""
