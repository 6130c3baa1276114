"""What every page is made with: the viewer, where in the building one stands, the day."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from consigned_service.interfaces.access.viewing import viewer_of
from consigned_service.queries.core import days
from consigned_service.queries.core.viewers import Viewer
from consigned_service.queries.master_data import parties

PLACES = [
    ("overview", "Overview", "layout-dashboard"),
    ("stock", "Stock", "building-warehouse"),
    ("elsewhere", "Ours elsewhere", "truck"),
    ("kept", "Kept for others", "building-warehouse"),
    ("items", "Items", "packages"),
    ("orders", "Orders", "clipboard-list"),
    ("owed", "Owed", "report"),
    ("advices", "Advices", "file-invoice"),
    ("agreements", "Agreements", "contract"),
    ("exceptions", "Exceptions", "alert-triangle"),
    ("acts", "Record", "pencil-plus"),
]


def today(viewer: Viewer) -> date:
    """The day that it is for the viewer."""
    return days.today(viewer, timezone.now())


def page(
    request: HttpRequest, template: str, *, here: str, roles: parties.Roles | None = None,
    **context: Any,
) -> HttpResponse:  # fmt: skip
    """A page of the workbench; `here` names the place of it in the list at the top."""
    viewer = viewer_of(request)
    roles = roles or parties.roles(viewer)
    hidden = {
        name
        for name, is_there in (
            ("stock", roles.holds), ("elsewhere", roles.consigns), ("kept", roles.keeps),
        )
        if not is_there
    }  # fmt: skip
    places = [place for place in PLACES if place[0] not in hidden]
    return render(
        request,
        f"workbench/{template}.html",
        {"viewer": viewer, "roles": roles, "places": places, "here": here, **context},
    )
