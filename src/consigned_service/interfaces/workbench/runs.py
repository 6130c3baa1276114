"""What ran by itself and what waits for a person, and the letters on their way."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now

from consigned.measure.identity import PartyId
from consigned.measure.refusal import Refusal
from consigned_service.interfaces.access.methods import takes_form
from consigned_service.interfaces.access.viewing import viewer_of
from consigned_service.interfaces.workbench.pages import page
from consigned_service.operations.installation.runs import approve, run_again
from consigned_service.queries.installation import runs as queries

SHOWN = 50
"""So many of each list; the command shows more."""


@takes_form
def runs(request: HttpRequest) -> HttpResponse:
    """The latest runs and letters of the viewer's party; sent, the page has a failed run made again
    or pays what one proposed, for who runs the installation."""
    if request.method == "POST":
        _do(request)
        return redirect("workbench:runs")
    viewer = viewer_of(request)
    return page(
        request, "runs", here="",
        runs=queries.runs(viewer, limit=SHOWN), letters=queries.messages(viewer, limit=SHOWN),
    )  # fmt: skip


def _do(request: HttpRequest) -> None:
    if not request.user.is_staff:
        raise PermissionDenied
    party = PartyId(viewer_of(request).party_id)
    act, _, number = request.POST.get("do", "").partition(" ")
    run = int(number) if number.isascii() and number.isdecimal() and len(number) < 16 else 0
    try:
        if act == "approve":
            paid = approve(run=run, party=party, by=request.user.get_username(), at=now())
            messages.success(request, f"Approved: {paid}.")
        else:
            run_again(run=run, party=party, at=now())
            messages.success(request, f"Run {run} is made again.")
    except Refusal as refusal:
        messages.error(request, refusal.sentence())
