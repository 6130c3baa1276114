"""One transaction around what belongs together: all of it stands, or none."""

from contextlib import AbstractContextManager

from django.db import transaction


def together() -> AbstractContextManager[None]:
    return transaction.atomic()
