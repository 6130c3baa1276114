"""The trail of sign-ins."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from consigned.master_data.access import SignInOutcome
from consigned_service.records import models


class SignInRow(NamedTuple):
    at: datetime
    user: str
    """Empty where there is no user of the name that was given."""
    claimed_name: str
    """A keyed digest of the name that was given, where there is no such user."""
    outcome: SignInOutcome
    address: str
    device: str
    session: str
    """A keyed digest of the session's key."""


def add_sign_in(
    user: int | None,
    claimed_name: str,
    outcome: SignInOutcome,
    at: datetime,
    address: str,
    device: str,
    session: str,
) -> None:
    models.SignIn.objects.create(
        user_id=user, claimed_name=claimed_name, outcome=outcome, at=at, address=address,
        device=device, session=session,
    )  # fmt: skip


def sign_ins(user: int | None, limit: int | None) -> tuple[Sequence[SignInRow], int]:
    """The last sign-ins of a user or of all, the latest first, and how many there are."""
    rows = models.SignIn.objects.select_related("user").order_by("-pk")
    if user is not None:
        rows = rows.filter(user_id=user)
    listed = [
        SignInRow(
            row.at, row.user.get_username() if row.user else "", row.claimed_name,
            SignInOutcome(row.outcome), row.address, row.device, row.session,
        )
        for row in (rows if limit is None else rows[:limit])
    ]  # fmt: skip
    return listed, rows.count()
