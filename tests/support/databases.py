"""Fresh databases: migrated once a run for each kind, copied for each test.

Tests commit for real, in threads and in other processes too, and the ledger's guards
forbid to delete what was written. So nothing is rolled back or emptied: each test has
a database of its own, copied from a migrated template — a file on SQLite, CREATE
DATABASE … TEMPLATE on PostgreSQL. It takes a tenth of a second at most.
"""

import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections

from tests.support.postgres import Server

#: Where Django points between tests: a test that forgot its `database` fails at once.
NOWHERE = "sqlite:////nonexistent/this-test-asks-for-no-database.sqlite3"


@dataclass(frozen=True)
class Database:
    """A fresh, migrated, empty database, and Django pointed at it.

    Other processes reach it through `url`, which is also in DATABASE_URL.
    """

    vendor: str
    url: str
    _renew: Callable[[], None]

    def reset(self) -> None:
        """Make it fresh again, within one test: between the examples of a property, say."""
        disconnect()
        self._renew()
        forget()


class SQLite:
    """Databases that are files in one folder."""

    vendor = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = folder / "template.sqlite3"
        migrate(url_of_file(self.template))

    def fresh(self) -> Database:
        file = self.folder / f"{secrets.token_hex(4)}.sqlite3"
        database = Database(self.vendor, url_of_file(file), lambda: self._renew(file))
        self._renew(file)
        return database

    def blank(self) -> Database:
        """One without any table."""
        file = self.folder / f"{secrets.token_hex(4)}.sqlite3"
        return Database(self.vendor, url_of_file(file), lambda: file.unlink(missing_ok=True))

    def discard(self, database: Database) -> None:
        for path in self.folder.glob(f"{Path(database.url).stem}*"):
            path.unlink()

    def _renew(self, file: Path) -> None:
        for leftover in self.folder.glob(f"{file.stem}*"):
            leftover.unlink()
        shutil.copyfile(self.template, file)


class PostgreSQL:
    """Databases on one server, with names of this run's own."""

    vendor = "postgresql"

    def __init__(self, server: Server) -> None:
        self.server = server
        self.prefix = f"consigned_{secrets.token_hex(4)}"
        self.template = f"{self.prefix}_template"
        self.count = 0
        server.create(self.template)
        migrate(server.url_of(self.template))

    def fresh(self) -> Database:
        self.count += 1
        name = f"{self.prefix}_{self.count}"
        database = Database(self.vendor, self.server.url_of(name), lambda: self._renew(name))
        self.server.create(name, template=self.template)
        return database

    def blank(self) -> Database:
        """One without any table."""
        self.count += 1
        name = f"{self.prefix}_{self.count}"
        self.server.create(name)
        return Database(self.vendor, self.server.url_of(name), lambda: self.server.drop(name))

    def discard(self, database: Database) -> None:
        self.server.drop(name_in(database.url))

    def close(self) -> None:
        self.server.drop(self.template)

    def _renew(self, name: str) -> None:
        self.server.drop(name)
        self.server.create(name, template=self.template)


def point_django_at(url: str) -> None:
    """Make `url` the default database of this process and of those it starts."""
    from consigned_service.project.settings import database_from_url  # reads the environment

    disconnect()
    entry = {DEFAULT_DB_ALIAS: database_from_url(url)}
    connections.settings[DEFAULT_DB_ALIAS] = connections.configure_settings(entry)[DEFAULT_DB_ALIAS]
    os.environ["DATABASE_URL"] = url
    forget()


def disconnect() -> None:
    """Close this thread's connection, and the pool of them where there is one."""
    connection = connections[DEFAULT_DB_ALIAS]
    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()
    del connections[DEFAULT_DB_ALIAS]


def forget() -> None:
    """What Django remembers of rows of the database before."""
    for name in ("contenttypes.ContentType", "sites.Site"):
        if apps.is_installed(f"django.contrib.{name.partition('.')[0]}"):
            apps.get_model(name).objects.clear_cache()


def migrate(url: str) -> None:
    point_django_at(url)
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        point_django_at(NOWHERE)


def url_of_file(file: Path) -> str:
    return f"sqlite:///{file}"


def name_in(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]
