"""The pages that say that something did not go: in plain words, and never with a traceback."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import ERROR_500_TEMPLATE_NAME, server_error

from consigned_service.interfaces.access.viewing import NoParty


def bad_request(request: HttpRequest, exception: SuspiciousOperation) -> HttpResponse:
    return render(request, "access/bad_request.html", status=400)


def forbidden(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    page = "access/no_party.html" if isinstance(exception, NoParty) else "access/forbidden.html"
    return render(request, page, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "access/not_found.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """The page of last resort: it reads nothing, so that it cannot fail in turn."""
    return server_error(request, template_name=ERROR_500_TEMPLATE_NAME)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was sent without the mark that it came from our own page."""
    return render(request, "access/form_too_old.html", status=403)
