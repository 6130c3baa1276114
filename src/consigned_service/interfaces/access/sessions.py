"""How long people stay signed in: twelve hours at the most, and idle for an hour where they are
operators. Both instants are in the session itself, so that a request costs no statement more; the
last use is written every five minutes at the most. What users are shown of their sessions is in
a table of its own.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.timezone import now

from consigned.master_data.access import SignInOutcome, is_session_over
from consigned_service.interfaces.access import trail
from consigned_service.interfaces.access.devices import device_in_words
from consigned_service.interfaces.access.networks import address_of
from consigned_service.operations.master_data import sessions

SIGNED_IN_AT = "signed_in_at"
LAST_USED_AT = "last_used_at"
WRITTEN_EVERY = timedelta(minutes=5)


class BoundedSessions:
    """Middleware that ends sessions which are over, and follows the others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_sent = settings.SESSION_COOKIE_NAME in request.COOKIES
        key = request.session.session_key
        if is_sent and _is_over(request):
            trail.record(request, request.user.get_username(), SignInOutcome.EXPIRED)
            logout(request)
        response = self.get_response(request)
        if is_sent or request.session.modified:
            _follow(request, key)
        return response


def _is_over(request: HttpRequest) -> bool:
    if not request.user.is_authenticated or SIGNED_IN_AT not in request.session:
        return False
    return is_session_over(
        _instant(request, SIGNED_IN_AT),
        _instant(request, LAST_USED_AT),
        now(),
        is_operator=request.user.is_staff,
    )


def _follow(request: HttpRequest, key: str | None) -> None:
    """Record what became of the session that a request came with."""
    session, at, new_key = request.session, now(), request.session.session_key
    goes_on = request.user.is_authenticated and SIGNED_IN_AT in session
    if key and key != new_key:
        if goes_on and new_key:
            sessions.renew_session_key(key=key, new_key=new_key)
        else:
            sessions.end_session(key=key)
    if not request.user.is_authenticated:
        return
    if not goes_on:
        session[SIGNED_IN_AT] = session[LAST_USED_AT] = at.timestamp()
        if not session.session_key:
            session.save()
        sessions.begin_session(
            user=request.user.pk, key=str(session.session_key), at=at,
            address=address_of(request), device=device_in_words(request),
        )  # fmt: skip
    elif at - _instant(request, LAST_USED_AT) >= WRITTEN_EVERY:
        session[LAST_USED_AT] = at.timestamp()
        sessions.record_session_use(key=str(new_key), at=at)


def _instant(request: HttpRequest, name: str) -> datetime:
    return datetime.fromtimestamp(request.session[name], UTC)
