"""Which workers are alive."""

from datetime import datetime, timedelta

from consigned_service.records.installation import runs

DEAD_AFTER = timedelta(hours=1)


def beat(name: str, version: str, at: datetime) -> None:
    """Note that a worker is alive, and forget those that have been silent for long."""
    runs.beat(name, version, at)
    runs.forget_dead(at - DEAD_AFTER)


def leave(name: str) -> None:
    """Note that a worker has stopped as it should."""
    runs.leave(name)
