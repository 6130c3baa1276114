"""The sessions of people who are signed in: recorded as they begin and are used, and ended."""

from datetime import datetime

from consigned.master_data.access import LONGEST_SESSION
from consigned_service.records.master_data import sessions as session_records
from consigned_service.records.sql.transaction import together


def begin_session(*, user: int, key: str, at: datetime, address: str, device: str) -> None:
    """Record that a user signed in, and forget the sessions that are over."""
    with together():
        session_records.end_sessions_before(at - LONGEST_SESSION, at)
        session_records.add_session(user, key, at, address, device)


def record_session_use(*, key: str, at: datetime) -> None:
    """Record when a session was last used."""
    session_records.set_used(key, at)


def renew_session_key(*, key: str, new_key: str) -> None:
    """Let a session go on under another key, as it does after a change of password."""
    session_records.set_key(key, new_key)


def end_session(*, key: str) -> None:
    """End the session with a key."""
    session_records.end_session(key)


def end_own_session(*, user: int, number: int) -> bool:
    """End one of a user's sessions; False where the user has none of that number."""
    return session_records.end_sessions(user, number=number) == 1


def end_other_sessions(*, user: int, key: str) -> int:
    """End a user's sessions except the one with a key, and answer how many they were."""
    return session_records.end_sessions(user, but=key)
