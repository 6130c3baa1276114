"""Whether requests can be answered: for the proxy and whatever watches the service.

A stranger learns yes or no; the reason is in the log.
"""

import logging
import shutil
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

from consigned.measure.refusal import Refusal
from consigned_service.operations.installation.preparation import is_prepared

LEAST_FREE = 0.05
"""The share of a disk that must be free."""

log = logging.getLogger("consigned.health")


@login_not_required
def ready(request: HttpRequest) -> HttpResponse:
    """200 where the database answers, fits this version, and has room to write; otherwise 503."""
    because = _obstacle()
    if because:
        log.error("not ready: %s", because)
    answer = "not ready\n" if because else "ready\n"
    response = HttpResponse(answer, content_type="text/plain", status=503 if because else 200)
    response["Cache-Control"] = "no-store"
    return response


def _obstacle() -> str:
    try:
        if not is_prepared():
            return "the database is not prepared for this version"
    except Refusal as refusal:
        return refusal.sentence()
    except DatabaseError as wrong:
        return f"the database cannot be used: {wrong}"
    return _no_room()


def _no_room() -> str:
    if connection.vendor != "sqlite":
        return ""  # the server has the disk
    usage = shutil.disk_usage(Path(connection.settings_dict["NAME"]).absolute().parent)
    return "" if usage.free > usage.total * LEAST_FREE else f"only {usage.free:,} bytes are free"
