"""Where a user is signed in, for the user to end what should not be."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now

from consigned_service.interfaces.access.methods import takes_form
from consigned_service.interfaces.workbench.pages import page
from consigned_service.operations.master_data.sessions import end_other_sessions, end_own_session
from consigned_service.queries.installation.users import open_sessions

OTHERS = "others"


@takes_form
def sessions(request: HttpRequest) -> HttpResponse:
    """The user's sessions; sent, the page ends one of them, or all but its own."""
    if request.method == "POST":
        messages.success(request, _end(request, request.POST.get("end", "")))
        return redirect("workbench:sessions")
    rows = open_sessions(_user(request), now(), is_operator=request.user.is_staff)
    key = request.session.session_key
    return page(
        request, "sessions", here="", sessions=[(row, row.key == key) for row in rows],
        has_others=any(row.key != key for row in rows),
    )  # fmt: skip


def _user(request: HttpRequest) -> int:
    assert request.user.pk, "only who is signed in comes here"
    return request.user.pk


def _end(request: HttpRequest, which: str) -> str:
    user = _user(request)
    if which == OTHERS:
        number = end_other_sessions(user=user, key=str(request.session.session_key))
        return f"Signed out of {number} other browser{'' if number == 1 else 's'}."
    is_number = which.isascii() and which.isdecimal() and len(which) < 16
    if is_number and end_own_session(user=user, number=int(which)):
        return "Signed out of that browser."
    return "That browser was signed out already."
