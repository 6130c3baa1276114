"""Every address of the service."""

from django.urls import include, path

from consigned_service.interfaces.access.health import ready
from consigned_service.interfaces.access.security_txt import no_contact, security_txt

urlpatterns = [
    path("readyz", ready),
    path(".well-known/security.txt", security_txt, name="security-txt"),
    path(".well-known/security-contact.txt", no_contact, name="security-contact"),
    path("", include("consigned_service.interfaces.workbench.urls")),
    path("accounts/", include("consigned_service.interfaces.access.urls")),
    path("api/", include("consigned_service.interfaces.api.urls")),
]

handler400 = "consigned_service.interfaces.access.pages.bad_request"
handler403 = "consigned_service.interfaces.access.pages.forbidden"
handler404 = "consigned_service.interfaces.access.pages.not_found"
handler500 = "consigned_service.interfaces.access.pages.broken"
