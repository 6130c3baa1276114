"""What is recorded of people who sign in and out: a line of the trail, and one of the log."""

import logging

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.timezone import now

from consigned.master_data.access import SignInOutcome
from consigned_service.interfaces.access.devices import account_of, device_in_words
from consigned_service.interfaces.access.networks import address_of, network_of
from consigned_service.interfaces.access.noted import REQUEST
from consigned_service.operations.master_data.sign_ins import Visitor, record_sign_in

log = logging.getLogger("consigned.access")

SAME_DELAY = 60
"""Seconds in which further delays of an account, or of an address, are not recorded: a delay costs
its sender nothing, and a line of the trail stays for ever."""


def record(request: HttpRequest, name: str, outcome: SignInOutcome) -> None:
    """Record what came of an attempt to sign in, or that a session ended."""
    key = request.session.session_key if outcome in WITH_SESSION else ""
    visitor = Visitor(
        address_of(request), device_in_words(request), _digest("name", account_of(name)),
        _digest("session", key) if key else "",
    )  # fmt: skip
    is_user = record_sign_in(name=name, outcome=outcome, visitor=visitor, at=now())
    log.info(
        "sign-in %s", outcome,
        extra={
            "outcome": str(outcome), "user": name if is_user else "",
            "name_digest": visitor.name_digest, "device": visitor.device,
            "client": visitor.address, "request_id": request.META.get(REQUEST, ""),
        },
    )  # fmt: skip


WITH_SESSION = (SignInOutcome.SIGNED_IN, SignInOutcome.SIGNED_OUT, SignInOutcome.EXPIRED)


def record_delay(request: HttpRequest, name: str) -> None:
    """Record that an attempt was delayed, once a minute for each account and each address."""
    counters = (f"delay:{account_of(name)}", f"delay-from:{network_of(request)}")
    if cache.get_many(counters):
        return
    cache.set_many(dict.fromkeys(counters, True), SAME_DELAY)
    record(request, name, SignInOutcome.DELAYED)


def _digest(of: str, value: str) -> str:
    return salted_hmac(f"consigned.sign-in.{of}", value, algorithm="sha256").hexdigest()
