"""Every no as JSON, `{"code": ..., "sentence": ...}`, under the status that says whose turn it is.

    400  not JSON                          409  nothing was posted: it is not on hand
    401  no key in force, or it expired    413  the body is too large
    403  not with this key                 422  understood as JSON, but not what was meant by it
    404  not there, or not the asker's     429  too many wrong keys, or requests

Refuses: NotJson, NotUnderstood, UnknownParameter, RepeatedParameter, AuthenticationRequired,
ExpiredKey, KeyWithoutParty, ReadOnlyKey, NothingHere, MethodNotAllowed, TooLarge, TooManyWrongKeys,
TooManyRequests.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.http import HttpRequest, HttpResponse, JsonResponse

from consigned.inventory.title_transfers import NotEnoughIssued, NotEnoughOnHand
from consigned.master_data.parties import UnknownOrganization
from consigned.measure.refusal import Refusal
from consigned.settlement.invoices import UnknownAdvice
from consigned_service.interfaces.access.recording import OnlyTheOperator


@dataclass(eq=False)
class NotJson(Refusal):
    why: str
    code: ClassVar[str] = "not-json"

    def __str__(self) -> str:
        return f"the body is not JSON that can be read: {self.why}"


@dataclass(eq=False)
class NotUnderstood(Refusal):
    where: str
    why: str
    code: ClassVar[str] = "not-understood"

    def __str__(self) -> str:
        return f"{self.where}: {self.why}"


@dataclass(eq=False)
class UnknownParameter(Refusal):
    name: str
    known: Sequence[str]
    code: ClassVar[str] = "unknown-parameter"

    def __str__(self) -> str:
        takes = f"its parameters are {', '.join(self.known)}" if self.known else "it takes none"
        return f"this address has no parameter {self.name!r}: {takes}"


@dataclass(eq=False)
class RepeatedParameter(Refusal):
    name: str
    code: ClassVar[str] = "repeated-parameter"

    def __str__(self) -> str:
        return f"the parameter {self.name!r} is given more than once"


@dataclass(eq=False)
class AuthenticationRequired(Refusal):
    code: ClassVar[str] = "authentication-required"
    remedy: ClassVar[str] = "Send a key in force as Authorization: Bearer csk_…."

    def __str__(self) -> str:
        return "this is answered to a key only"


@dataclass(eq=False)
class ExpiredKey(Refusal):
    """Only who sends the key itself learns this; a wrong one is answered like no key."""

    on: date
    code: ClassVar[str] = "expired-key"
    remedy: ClassVar[str] = "Ask for a new key."

    def __str__(self) -> str:
        return f"this key expired on {self.on}"


@dataclass(eq=False)
class KeyWithoutParty(Refusal):
    code: ClassVar[str] = "key-without-party"

    def __str__(self) -> str:
        return "the user of this key acts for no party"


@dataclass(eq=False)
class ReadOnlyKey(Refusal):
    code: ClassVar[str] = "read-only-key"
    remedy: ClassVar[str] = "Ask for a key with the scope record."

    def __str__(self) -> str:
        return "this key may read, and this address records"


@dataclass(eq=False)
class NothingHere(Refusal):
    code: ClassVar[str] = "not-found"
    remedy: ClassVar[str] = "The addresses are listed at /api/docs."

    def __str__(self) -> str:
        return "there is nothing at this address"


@dataclass(eq=False)
class MethodNotAllowed(Refusal):
    allowed: str
    code: ClassVar[str] = "method-not-allowed"

    def __str__(self) -> str:
        return f"this address answers {self.allowed} only"


@dataclass(eq=False)
class TooLarge(Refusal):
    most: int
    code: ClassVar[str] = "too-large"
    remedy: ClassVar[str] = "Send the lines in several requests."

    def __str__(self) -> str:
        return f"the body is larger than {self.most} bytes"


@dataclass(eq=False)
class TooManyWrongKeys(Refusal):
    seconds: int
    code: ClassVar[str] = "too-many-wrong-keys"

    def __str__(self) -> str:
        return (
            "too many requests without a key in force came from this address; "
            f"try again in {self.seconds} seconds"
        )


@dataclass(eq=False)
class TooManyRequests(Refusal):
    seconds: int
    most: int
    code: ClassVar[str] = "too-many-requests"

    def __str__(self) -> str:
        return (
            f"more than {self.most} requests in a minute came with this key; "
            f"try again in {self.seconds} seconds"
        )


STATUS: dict[type[Refusal], int] = {
    NotJson: 400,
    AuthenticationRequired: 401,
    ExpiredKey: 401,
    KeyWithoutParty: 403,
    ReadOnlyKey: 403,
    OnlyTheOperator: 403,
    NothingHere: 404,
    UnknownOrganization: 404,
    UnknownAdvice: 404,
    MethodNotAllowed: 405,
    NotEnoughOnHand: 409,
    NotEnoughIssued: 409,
    TooLarge: 413,
    TooManyWrongKeys: 429,
    TooManyRequests: 429,
}
OTHERWISE = 422


def refuse(
    request: HttpRequest, refusal: Refusal, refused: Sequence[dict[str, object]] = ()
) -> HttpResponse:
    """A refusal as an answer; `refused` are the lines that it sums up, if any."""
    said: dict[str, object] = {"code": refusal.code, "sentence": refusal.sentence()}
    if refused:
        said["refused"] = refused
    answer = JsonResponse(said, status=STATUS.get(type(refusal), OTHERWISE))
    match refusal:
        case AuthenticationRequired() | ExpiredKey():
            answer.headers["WWW-Authenticate"] = "Bearer"
        case MethodNotAllowed():
            answer.headers["Allow"] = refusal.allowed
        case TooManyWrongKeys() | TooManyRequests():
            answer.headers["Retry-After"] = str(refusal.seconds)
    return answer
