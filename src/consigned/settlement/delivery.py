"""How an advice reaches its consignor: shown, printed, or sent to an address (checklist O08).

Refuses: NoAddress, NotAnAddress, NeedlessAddress.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from consigned.measure.refusal import Refusal


class AdviceBy(StrEnum):
    """The way an advice takes to its consignor."""

    PORTAL = "portal"
    """The consignor signs in and reads it, as it may in any case."""
    PRINT = "print"
    EMAIL = "email"
    FAX = "fax"
    """By mail to an address that faxes what it gets."""


class Delivery(StrEnum):
    """How far a letter has come."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    """Nobody needs it any more: its advice was cancelled, or told otherwise."""


BY_MAIL = (AdviceBy.EMAIL, AdviceBy.FAX)
ADDRESS = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+")


@dataclass(eq=False)
class NoAddress(Refusal):
    by: AdviceBy
    code: ClassVar[str] = "no-address"
    remedy: ClassVar[str] = "Say it in advice_address."

    def __str__(self) -> str:
        return f"an advice by {self.by} needs an address"


@dataclass(eq=False)
class NotAnAddress(Refusal):
    said: str
    code: ClassVar[str] = "not-an-address"
    remedy: ClassVar[str] = "Write it as name@host."

    def __str__(self) -> str:
        return f"{self.said!r} is no mail address"


@dataclass(eq=False)
class NeedlessAddress(Refusal):
    by: AdviceBy
    said: str
    code: ClassVar[str] = "needless-address"
    remedy: ClassVar[str] = "Leave advice_address out, or say advice_channel email or fax."

    def __str__(self) -> str:
        return f"an advice by {self.by} goes to no address, and {self.said!r} is said"


def check_address(by: AdviceBy, said: str) -> str:
    """The address that goes with a way, where one does."""
    if by not in BY_MAIL:
        if said:
            raise NeedlessAddress(by, said)
        return ""
    if not said:
        raise NoAddress(by)
    if not said.isascii() or not ADDRESS.fullmatch(said):
        raise NotAnAddress(said)
    return said
