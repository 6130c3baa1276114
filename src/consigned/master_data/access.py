"""What people and programs may do who ask from outside."""

from datetime import datetime, timedelta
from enum import StrEnum


class KeyScope(StrEnum):
    """What a program may do with its key."""

    READ = "read"
    RECORD = "record"


class SignInOutcome(StrEnum):
    """What came of an attempt to sign in, or ended a session."""

    SIGNED_IN = "signed-in"
    FAILED = "failed"
    DISABLED = "disabled"
    """The password was right, and the user is disabled."""
    DELAYED = "delayed"
    """No password was checked, because too many were wrong before."""
    SIGNED_OUT = "signed-out"
    EXPIRED = "expired"
    """The session was over, and its browser came once more."""


FREE_FAILURES = 9
"""So many failed sign-ins in a row are followed by no wait."""
LONGEST_WAIT = timedelta(minutes=15)


def wait_after(failures: int) -> timedelta:
    """How long to wait after failed sign-ins: 1 minute, 2, 4 and so on, 15 at most."""
    if failures <= FREE_FAILURES:
        return timedelta(0)
    doublings = min(failures - FREE_FAILURES - 1, 4)
    return min(timedelta(minutes=2**doublings), LONGEST_WAIT)


LONGEST_SESSION = timedelta(hours=12)
"""Whoever signed in signs in again after so long."""
LONGEST_IDLE_OF_OPERATORS = timedelta(hours=1)
"""Operators may record what binds two parties. Others work with scanners that lie for hours."""


def is_session_over(
    signed_in_at: datetime, last_used_at: datetime, at: datetime, *, is_operator: bool
) -> bool:
    """Whether a user has to sign in again."""
    longest_idle = LONGEST_IDLE_OF_OPERATORS if is_operator else LONGEST_SESSION
    return at >= min(signed_in_at + LONGEST_SESSION, last_used_at + longest_idle)
