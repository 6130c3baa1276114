"""Whom a request is from: the party on whose behalf the signed-in user looks."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from consigned_service.queries.core.viewers import Viewer, viewer_of_user


class NoParty(PermissionDenied):
    """The signed-in user belongs to no party, so there is nothing to show."""


def viewer_of(request: HttpRequest) -> Viewer:
    """The viewer behind a request, looked up once; a user of no party gets a page that says so."""
    known: Viewer | None = getattr(request, "_viewer", None)
    if known is None:
        known = viewer_of_user(request.user.pk)
        if known is None:
            raise NoParty
        request._viewer = known  # type: ignore[attr-defined]
    return known
