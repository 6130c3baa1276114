"""Recording by hand: a form for every operation, with what would come of it before it is done."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from consigned.measure.refusal import Refusal
from consigned_service.interfaces.access.methods import takes_form
from consigned_service.interfaces.access.recording import Asker, record_for
from consigned_service.interfaces.access.viewing import viewer_of
from consigned_service.interfaces.workbench.forms import LineForm
from consigned_service.interfaces.workbench.pages import page
from consigned_service.operations.core.operation import ORGANIZATION, Operation
from consigned_service.operations.core.outcome import RefusedLine, Result
from consigned_service.operations.registry import OPERATIONS, SUBJECTS
from consigned_service.queries.core.rights import Reach, reach_of


def acts(request: HttpRequest) -> HttpResponse:
    """What can be recorded, by subject."""
    asker = _asker(request)
    reach = reach_of(asker.viewer)
    subjects = {
        subject: [one for one in operations if _may(asker, one, reach)]
        for subject, operations in SUBJECTS.items()
    }
    return page(request, "acts", here="acts", subjects=subjects)


@takes_form
def act(request: HttpRequest, kind: str) -> HttpResponse:
    """The form of one operation; sent, it records one line or says what would come of it."""
    asker = _asker(request)
    operation, reach = OPERATIONS.get(kind), reach_of(asker.viewer)
    if operation is None or not _may(asker, operation, reach):
        raise Http404
    choices = [(code, code) for code in reach.organizations(operation.right)]
    if request.method != "POST":
        form = LineForm(operation, choices, initial=request.GET.dict())
        return page(request, "act", here="acts", operation=operation, form=form)
    form = LineForm(operation, choices, request.POST)
    is_preview = "preview" in request.POST
    outcome = _record(asker, operation, form, is_preview=is_preview)
    if outcome and not is_preview:
        messages.success(request, f"{operation.title}: {_account(outcome)}.")
        for note in outcome.notes:
            messages.info(request, f"{note}.")
        kept = request.POST.get(ORGANIZATION, "")
        there = reverse("workbench:act", args=[kind])
        return redirect(f"{there}?organization={kept}" if kept in dict(choices) else there)
    planned = f"Nothing is recorded yet. It would be {_account(outcome)}." if outcome else ""
    return page(
        request, "act", here="acts", operation=operation, form=form, planned=planned,
        notes=outcome.notes if outcome else [],
    )  # fmt: skip


def _asker(request: HttpRequest) -> Asker:
    user = request.user
    return Asker(viewer_of(request), user.get_username(), bool(getattr(user, "is_staff", False)))


def _may(asker: Asker, operation: Operation, reach: Reach) -> bool:
    """Whether there is anything that the asker could record by an operation."""
    if operation.is_of_organization:
        return bool(reach.organizations(operation.right))
    return bool(operation.of) or asker.is_operator


def _record(
    asker: Asker, operation: Operation, form: LineForm, *, is_preview: bool
) -> Result | None:
    """What came of the line, or nothing where the form says what is wrong."""
    try:
        outcome = record_for(asker, operation, form.asked(is_preview=is_preview), timezone.now())
    except Refusal as refusal:
        form.show_refused(RefusedLine(0, refusal))
        return None
    for line in outcome.refused:
        form.show_refused(line)
    return None if outcome.refused else outcome


def _account(outcome: Result) -> str:
    """What came of one line, in words."""
    if outcome.repeated:
        return "recorded before, with the same content; nothing changed"
    waits = "; it waits as an exception" if outcome.waiting else ""
    return ("changed" if outcome.changed else "recorded") + waits
