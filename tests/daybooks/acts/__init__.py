"""The sentences of each subject and what the service does for them, a module for each.

A module names its sentences in SENTENCES and does them in a class Acts, which the world of the
service takes in.
"""

from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from pkgutil import iter_modules

BY = "dora"

SUBJECTS = sorted(found.name for found in iter_modules(__path__))


def at(day: date) -> datetime:
    return datetime.combine(day, time(9), UTC)


def after(day: date) -> datetime:
    """When a day is over, and what is run for it is run."""
    return datetime.combine(day + timedelta(days=1), time(0, 30), UTC)


def sentences() -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for subject in SUBJECTS:
        said |= import_module(f"{__name__}.{subject}").SENTENCES
    return said


def mixins() -> tuple[type, ...]:
    return tuple(import_module(f"{__name__}.{subject}").Acts for subject in SUBJECTS)
