"""One transaction around what belongs together: all of it stands, or none."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from django.db import transaction


def together() -> AbstractContextManager[None]:
    return transaction.atomic()


@contextmanager
def done_or_planned(*, is_plan: bool) -> Iterator[None]:
    """One transaction; where it is a plan, it answers what it would do and nothing of it stands."""
    with transaction.atomic():
        yield
        if is_plan:
            transaction.set_rollback(True)
