"""What waits, and how its waiting ends: nothing that was reported is lost without a word."""

from enum import StrEnum


class Ending(StrEnum):
    """How the waiting of an exception ended."""

    TAKEN_UP = "taken-up"
    """It could be posted or charged; what is missing still waits as a new one."""
    WAITS_ANEW = "waits-anew"
    """It waits for something else now, as a new one."""
    WENT_BACK = "went-back"
    """The goods went back before they had a price; a rest of them waits as a new one."""
    VOIDED = "voided"
    """The use that it was of never happened, wholly or in part; a rest waits as a new one."""
    CLOSED = "closed"
    """A person closed it with a reason: nothing of it is posted."""
    REPLACED = "replaced"
    """A corrected line stands in its place."""
