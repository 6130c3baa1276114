"""One transaction around what belongs together: all of it stands, or none."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from django.db import transaction


def together() -> AbstractContextManager[None]:
    return transaction.atomic()


@contextmanager
def done_or_planned(*, is_plan: bool) -> Iterator[None]:
    """What is done stands, chunk by chunk; a plan answers what it would do, and nothing stands."""
    if not is_plan:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
