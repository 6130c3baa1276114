"""What is run by itself, and on which day: each act for a party once a day, made up if missed."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum


class Act(StrEnum):
    """What is run by itself, each for one party."""

    PASSING_ON = "passing-on"
    AGING = "aging"
    ADVICES = "advices"
    SEND_ADVICES = "send-advices"
    DEBIT_MEMOS = "debit-memos"
    PAYMENTS = "payments"


class RunState(StrEnum):
    """How far a run has come."""

    WAITING = "waiting"
    RUNNING = "running"
    PROPOSED = "proposed"
    """It waits for a person to approve what it would pay."""
    DONE = "done"
    FAILED = "failed"


def slot_day(starts_at: time, zones: Iterable[tzinfo], at: datetime) -> date:
    """The latest day whose slot has begun in every zone: it begins at a local time, and where a
    clock change skips or repeats that time, the day has one slot all the same."""
    return min(_slot_day(starts_at, at.astimezone(zone)) for zone in zones)


def _slot_day(starts_at: time, local: datetime) -> date:
    return local.date() if local.time() >= starts_at else local.date() - timedelta(days=1)
