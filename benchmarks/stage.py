"""The databases that figures are taken on: real files, a real PostgreSQL with fsync on, on disk."""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import django

from tests.support.postgres import Server, postgres, temporary_folder

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consigned_service.project.settings")
django.setup()

from tests.support.databases import disconnect, migrate, point_django_at  # noqa: E402


@dataclass(frozen=True)
class Stage:
    """A migrated database that Django points at, and a way to copy it as it stands."""

    name: str
    url: str
    copy: Callable[[], str]

    def use(self, url: str | None = None) -> None:
        point_django_at(url or self.url)


@contextmanager
def sqlite() -> Iterator[Stage]:
    with temporary_folder(in_memory=False) as folder:
        file = folder / "bench.sqlite3"

        def copy() -> str:
            disconnect()
            twin = folder / f"{secrets.token_hex(4)}.sqlite3"
            shutil.copyfile(file, twin)
            return f"sqlite:///{twin}"

        url = f"sqlite:///{file}"
        migrate(url)
        yield Stage("SQLite", url, copy)


@contextmanager
def postgresql() -> Iterator[Stage]:
    with postgres(in_memory=False) as server:
        name = f"bench_{secrets.token_hex(4)}"
        server.create(name)
        url = server.url_of(name)

        def copy() -> str:
            disconnect()
            twin = f"{name}_{secrets.token_hex(4)}"
            server.create(twin, template=name)
            return server.url_of(twin)

        migrate(url)
        try:
            yield Stage("PostgreSQL", url, copy)
        finally:
            disconnect()
            _drop_all(server, name)


def _drop_all(server: Server, name: str) -> None:
    import psycopg

    with psycopg.connect(server.url, autocommit=True) as connection:
        found = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{name}%"]
        ).fetchall()
    for (database,) in found:
        server.drop(database)


STAGES = {"sqlite": sqlite, "postgresql": postgresql}


def stages() -> list[Callable[[], AbstractContextManager[Stage]]]:
    """Both kinds of database; BENCH_ON names one of them."""
    one = os.environ.get("BENCH_ON")
    return [STAGES[one]] if one else list(STAGES.values())


def megabytes_of(pid: int) -> float:
    """The most memory a process has held so far."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0
