"""A clock on the wall of the command line and of the programs' door that a test sets."""

import sys
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from pkgutil import walk_packages

import pytest
from django.utils import timezone

Set = Callable[[str], None]
DOORS = "consigned_service.interfaces"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Set:
    """clock("2026-12-01T03:30Z") sets it."""
    console = import_module(f"{DOORS}.console.commands")
    for command in walk_packages(console.__path__, f"{console.__name__}."):
        import_module(command.name)  # or one that is loaded later keeps the clock that is set

    def set_to(instant: str) -> None:
        at = datetime.fromisoformat(instant)
        for name, module in list(sys.modules.items()):
            if name.startswith(DOORS) and hasattr(module, "now"):
                monkeypatch.setattr(module, "now", lambda: at)
        monkeypatch.setattr(timezone, "now", lambda: at)

    return set_to
