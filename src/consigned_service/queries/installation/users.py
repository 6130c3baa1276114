"""Who may sign in, with which keys, and in which browsers."""

from collections.abc import Sequence
from datetime import datetime

from consigned.master_data.access import LONGEST_SESSION, is_session_over
from consigned_service.queries.core.figures import Page
from consigned_service.records.master_data import sessions as session_records
from consigned_service.records.master_data import sign_ins as sign_in_records
from consigned_service.records.master_data import users as user_records
from consigned_service.records.master_data.sessions import SessionRow
from consigned_service.records.master_data.sign_ins import SignInRow
from consigned_service.records.master_data.users import UserRow


def all_users() -> Sequence[UserRow]:
    """Every user, for whoever runs the installation."""
    return user_records.all_users()


def open_sessions(user: int, at: datetime, *, is_operator: bool) -> Sequence[SessionRow]:
    """The sessions of a user that are not over, for the user alone."""
    return [
        row
        for row in session_records.sessions_of(user, at - LONGEST_SESSION)
        if not is_session_over(row.signed_in_at, row.last_used_at, at, is_operator=is_operator)
    ]


def sign_ins(name: str | None, limit: int | None) -> Page[SignInRow] | None:
    """The trail of sign-ins, the latest first, for whoever runs the installation; of one user where
    one is named, and None where there is no such user."""
    user = user_records.user_id(name) if name else None
    if name and user is None:
        return None
    rows, total = sign_in_records.sign_ins(user, limit)
    return Page(list(rows), total)
