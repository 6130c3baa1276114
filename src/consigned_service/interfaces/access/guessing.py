"""Guessing passwords is slowed down, and nobody is locked out by it.

Failures of a device that signed in to an account before count for that device alone, so that
strangers never delay it. All other devices share a count for each account, whether it exists or
not: from the tenth failure they wait, 15 minutes at the most. Of one address, a hundred failures in
five minutes delay its unknown devices. A process checks one password of unknown devices at a time:
a check is made slow on purpose, and would otherwise take the processor from everybody else.

The counts are in the cache, which all processes share.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import NamedTuple

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.timezone import now

from consigned.master_data.access import wait_after
from consigned_service.interfaces.access.devices import account_of, device_of
from consigned_service.interfaces.access.networks import network_of

REMEMBERED = 24 * 60 * 60
"""Seconds after the last failure in which the count of an account is kept."""
FAILURES_OF_NETWORK = 100
PERIOD_OF_NETWORK = timedelta(minutes=5)

checking = Lock()
"""Held while a password of an unknown device is checked in this process."""


class Attempt(NamedTuple):
    """Who tries to sign in, as far as failures are counted."""

    account: str
    device: str
    """The number of a device that is known for the account; empty for all others."""
    network: str

    @property
    def counter(self) -> str:
        return f"sign-in:{self.account}:{self.device}"

    @property
    def counter_of_network(self) -> str:
        return f"sign-in-from:{self.network}"


def attempt_of(request: HttpRequest, name: str) -> Attempt:
    account, device = account_of(name), device_of(request)
    number = device.number if account in device.accounts else ""
    return Attempt(account, number, network_of(request))


def delay_of(attempt: Attempt) -> timedelta:
    """How long an attempt must wait; nothing where its password may be checked now."""
    at, (failures, last) = now(), _read(attempt.counter)
    until = last + wait_after(failures)
    if not attempt.device:
        failures, first = _read(attempt.counter_of_network)
        if failures >= FAILURES_OF_NETWORK:
            until = max(until, first + PERIOD_OF_NETWORK)
    return max(until - at, timedelta(0))


def count_failure(attempt: Attempt) -> None:
    at, (failures, _) = now(), _read(attempt.counter)
    cache.set(attempt.counter, (failures + 1, at), REMEMBERED)
    failures, first = _read(attempt.counter_of_network)
    if at >= first + PERIOD_OF_NETWORK:
        failures, first = 0, at
    cache.set(
        attempt.counter_of_network, (failures + 1, first), PERIOD_OF_NETWORK.total_seconds()
    )  # fmt: skip


def forget_failures(attempt: Attempt) -> None:
    """A known device whose user knows the password begins again. The count that strangers share
    goes on: they may be at it still."""
    if attempt.device:
        cache.delete(attempt.counter)


@contextmanager
def one_at_a_time(attempt: Attempt) -> Iterator[None]:
    """Around the check of a password. Nobody waits for a turn: that would hold a thread."""
    if attempt.device:
        yield
        return
    if not checking.acquire(blocking=False):
        raise ValidationError(
            "Another sign-in is being checked at this moment. Please try again.", code="busy"
        )
    try:
        yield
    finally:
        checking.release()


def delayed(delay: timedelta) -> ValidationError:
    """What the form answers to an attempt that must wait."""
    minutes = -(-delay // timedelta(minutes=1))
    wait = "a minute" if minutes == 1 else f"{minutes} minutes"
    return ValidationError(
        f"Signing in failed too often. Wait {wait}, then try again, or sign in with a device that "
        "you signed in with before.",
        code="too_many_login_attempts",
    )


def _read(counter: str) -> tuple[int, datetime]:
    """A count, and the instant from which its wait is counted."""
    stored: tuple[int, datetime] = cache.get(counter) or (0, datetime.min.replace(tzinfo=UTC))
    return stored
