"""One line of consumption as it was reported, and what came of it."""

from django.http import Http404, HttpRequest, HttpResponse

from consigned_service.interfaces.access.viewing import viewer_of
from consigned_service.interfaces.workbench import entries
from consigned_service.interfaces.workbench.pages import page
from consigned_service.queries.consumption import issues as queries


def consumption(request: HttpRequest, organization: str, number: int) -> HttpResponse:
    found = queries.consumption(viewer_of(request), organization, number)
    if found is None:
        raise Http404
    return page(
        request,
        "consumption",
        here="items",
        line=found,
        entries=entries.table(entries.EntryTable, found.entries),
    )
