"""What people and programs may do who ask from outside."""

from datetime import timedelta
from enum import StrEnum


class KeyScope(StrEnum):
    """What a program may do with its key."""

    READ = "read"
    RECORD = "record"


FREE_FAILURES = 9
"""So many failed sign-ins in a row are followed by no wait."""
LONGEST_WAIT = timedelta(minutes=15)


def wait_after(failures: int) -> timedelta:
    """How long to wait after failed sign-ins: 1 minute, 2, 4 and so on, 15 at most."""
    if failures <= FREE_FAILURES:
        return timedelta(0)
    doublings = min(failures - FREE_FAILURES - 1, 4)
    return min(timedelta(minutes=2**doublings), LONGEST_WAIT)
