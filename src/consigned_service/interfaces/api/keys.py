"""Who asks: a program with the key of a user, sent as `Authorization: Bearer csk_…`.

Wrong keys are counted by address, once for all worker processes. An address that sent too many is
not heard for the rest of the minute, so that nothing is gained by trying.
"""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.timezone import now
from ninja.security import HttpBearer

from consigned_service.interfaces.api.refusals import (
    AuthenticationRequired,
    KeyWithoutParty,
    TooManyWrongKeys,
)
from consigned_service.queries.core.viewers import Program, program_of_key

WRONG_KEYS_A_MINUTE = 20


class ProgramKey(HttpBearer):
    """Knows the program behind a request; without one, nothing else of the request is read."""

    def __call__(self, request: HttpRequest) -> Program:
        at = now()
        counter = f"api-wrong-keys:{_address(request)}:{at:%H:%M}"
        if cache.get(counter, 0) >= WRONG_KEYS_A_MINUTE:
            raise TooManyWrongKeys(60 - at.second)
        program: Program | None = super().__call__(request)
        if program is None:
            cache.add(counter, 0, timeout=60)
            cache.incr(counter)
            raise AuthenticationRequired
        if program.viewer is None:
            raise KeyWithoutParty
        return program

    def authenticate(self, request: HttpRequest, token: str) -> Program | None:
        return program_of_key(token)


def _address(request: HttpRequest) -> str:
    return str(get_adapter(request).get_client_ip(request))
