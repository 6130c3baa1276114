"""Which workers are alive."""

from datetime import datetime, timedelta

from consigned_service.records.installation import runs

DEAD_AFTER = timedelta(hours=1)
SILENT_AFTER = timedelta(seconds=60)


def beat(name: str, version: str, at: datetime) -> None:
    """Note that a worker is alive, and forget those that have been silent for long."""
    runs.beat(name, version, at)
    runs.forget_dead(at - DEAD_AFTER)


def leave(name: str) -> None:
    """Note that a worker has stopped as it should."""
    runs.leave(name)


def has_worker(at: datetime) -> bool:
    """Whether a worker was alive within the last minute."""
    last = runs.last_beat()
    return last is not None and at - last <= SILENT_AFTER
