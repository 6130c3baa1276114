"""The application that `consigned serve` runs, and any other ASGI server may."""

import os

from django.core.wsgi import get_wsgi_application

from consigned_service.project.front import Front

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consigned_service.project.settings")

django = get_wsgi_application()

from django.conf import settings  # noqa: E402  # they are read by now

application = Front(
    django,
    threads=settings.THREADS,
    trusted_proxies=settings.TRUSTED_PROXIES,
)
