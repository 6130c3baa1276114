"""Who asks: a program with the key of a user, sent as `Authorization: Bearer csk_…`.

A key in force is always served, whatever its address sent before: nobody can shut a program out by
sending wrong keys from its address. Wrong keys are counted by address, once for all worker
processes, and are answered 429 once there were too many. The requests of a key are counted in each
process by itself, so that counting writes nothing.
"""

from collections import Counter
from contextlib import suppress
from datetime import datetime
from threading import Lock

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.timezone import now
from ninja.security import HttpBearer

from consigned.master_data.access import KeyScope
from consigned_service.interfaces.access.networks import network_of
from consigned_service.interfaces.api.refusals import (
    AuthenticationRequired,
    ExpiredKey,
    KeyWithoutParty,
    ReadOnlyKey,
    TooManyRequests,
    TooManyWrongKeys,
)
from consigned_service.operations.master_data.users import record_key_use
from consigned_service.queries.core.viewers import Program, program_of_key

WRONG_KEYS_A_MINUTE = 20
REQUESTS_A_MINUTE = 600
"""Of one key, in one process."""
READS = ("GET", "HEAD", "OPTIONS")


class Pace:
    """How many requests came with each key in this minute."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.minute: datetime | None = None
        self.counts: Counter[str] = Counter()

    def is_exceeded(self, key: str, at: datetime) -> bool:
        minute = at.replace(second=0, microsecond=0)
        with self.lock:
            if minute != self.minute:
                self.minute, self.counts = minute, Counter()
            self.counts[key] += 1
            return self.counts[key] > REQUESTS_A_MINUTE


class ProgramKey(HttpBearer):
    """Knows the program behind a request; without one, nothing else of the request is read."""

    def __init__(self) -> None:
        super().__init__()
        self.pace = Pace()

    def __call__(self, request: HttpRequest) -> Program:
        at = now()
        program: Program | None = super().__call__(request)
        if program is None:
            _count_wrong_key(network_of(request), at)
            raise AuthenticationRequired
        if self.pace.is_exceeded(program.key, at):
            raise TooManyRequests(60 - at.second, REQUESTS_A_MINUTE)
        if program.expires_at <= at:
            raise ExpiredKey(program.expires_at.date())
        if program.viewer is None:
            raise KeyWithoutParty
        if program.scope is not KeyScope.RECORD and request.method not in READS:
            raise ReadOnlyKey
        if program.last_used_on != at.date():
            record_key_use(key=program.key, at=at)
        return program

    def authenticate(self, request: HttpRequest, token: str) -> Program | None:
        return program_of_key(token)


def _count_wrong_key(network: str, at: datetime) -> None:
    """Refuses what comes from where too many wrong keys came from in this minute."""
    counter = f"api-wrong-keys:{network}:{at:%H:%M}"
    if cache.get(counter, 0) >= WRONG_KEYS_A_MINUTE:
        raise TooManyWrongKeys(60 - at.second)
    cache.add(counter, 0, timeout=60)
    with suppress(ValueError):  # the cache may have dropped it in between
        cache.incr(counter)
