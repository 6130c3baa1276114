"""What people and programs may do who ask from outside."""

from enum import StrEnum


class KeyScope(StrEnum):
    """What a program may do with its key."""

    READ = "read"
    RECORD = "record"
