"""Where a person who found a weakness may report it (RFC 9116).

Whoever runs the installation names a contact. Without one, the file leads to a page that names
the two ways there are: a file without any contact would not be one.
"""

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now

HOLDS_FOR = timedelta(days=90)
TEXT = "text/plain; charset=utf-8"
NO_CONTACT = """\
This installation names no contact of its own.

A weakness of the product: report it in private, as SECURITY.md in the repository of consigned
describes. It is answered within 3 days.

A weakness of this installation alone, as of its proxy or its certificate: report it to whoever
runs it.
"""


@login_not_required
def security_txt(request: HttpRequest) -> HttpResponse:
    """The file, which holds for 90 days from when it is read."""
    origin = settings.ORIGINS[0] if settings.ORIGINS else request.build_absolute_uri("/")[:-1]
    ends = datetime.combine(now().date() + HOLDS_FOR, time(), UTC)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT or origin + reverse('security-contact')}",
        f"Expires: {ends:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {origin}{reverse('security-txt')}",
    ]
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type=TEXT)


@login_not_required
def no_contact(request: HttpRequest) -> HttpResponse:
    return HttpResponse(NO_CONTACT, content_type=TEXT)
