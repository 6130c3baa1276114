"""The trail of sign-ins: who came in, who was refused, and who went, never changed afterwards."""

from datetime import datetime
from typing import NamedTuple

from consigned.master_data.access import SignInOutcome
from consigned_service.records.master_data import sign_ins as sign_in_records
from consigned_service.records.master_data import users as user_records


class Visitor(NamedTuple):
    """Where an attempt came from, as far as its request shows."""

    address: str
    device: str
    name_digest: str
    """A keyed digest of the name that was given."""
    session_digest: str = ""


def record_sign_in(*, name: str, outcome: SignInOutcome, visitor: Visitor, at: datetime) -> bool:
    """Add a line to the trail, and answer whether a user has the name. The name itself is not
    stored where there is none."""
    user = user_records.user_of_name(name)
    claimed = "" if user is not None else visitor.name_digest
    sign_in_records.add_sign_in(
        user, claimed, outcome, at, visitor.address, visitor.device, visitor.session_digest
    )
    return user is not None
