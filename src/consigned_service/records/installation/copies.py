"""A copy of the whole database: made while others write, and put into an empty one."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection

from consigned_service.records.sql import bulk

HEADS = (
    "SELECT o.code, l.next_posting - 1, l.seal FROM organization o "
    "JOIN ledger l ON l.organization_id = o.id ORDER BY o.code"
)
HOLD = (
    "INSERT INTO installation (id, held_because, held_since, held_by) "
    "VALUES (1, 'restored from a backup', CURRENT_TIMESTAMP, 'restore') "
    "ON CONFLICT (id) DO UPDATE SET held_because = excluded.held_because, "
    "held_since = excluded.held_since, held_by = excluded.held_by"
)
"""Arrives with the copy in one step, so that no copy is free to write letters for a moment."""
PROGRAMS = Path("/usr/lib/postgresql")
"""Where Debian puts the programs of each version of PostgreSQL."""

Heads = Mapping[str, tuple[int, str]]
"""The last posting of each organization and its seal."""


class CannotCopy(Exception):
    """The database's own program did not do it; the message is what it answered."""


def kind() -> str:
    return connection.vendor


def copy_to(file: Path) -> Heads:
    """Write the database as it is at one moment into a new file; answers what it holds."""
    return _dump(file) if bulk.is_postgres() else _copy(file)


def copy_from(file: Path) -> None:
    """Fill an empty database from such a file: wholly, or not at all."""
    if bulk.is_postgres():
        _load(file)
        return
    connection.ensure_connection()
    with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as source:
        source.backup(connection.connection)


def heads() -> Heads:
    with connection.cursor() as cursor:
        cursor.execute(HEADS)
        return _heads(cursor.fetchall())


def size() -> int:
    """The bytes that the database takes."""
    with connection.cursor() as cursor:
        if bulk.is_postgres():
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return int(cursor.fetchone()[0])


def _heads(rows: list[tuple[str, int, str]]) -> Heads:
    return {code: (posting, seal) for code, posting, seal in rows}


def _copy(file: Path) -> Heads:
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as target:
        connection.connection.backup(target)
        with target:
            target.execute(HOLD)
        target.execute("PRAGMA journal_mode = DELETE")
        (answer,) = target.execute("PRAGMA quick_check").fetchone()
        if answer != "ok":
            raise CannotCopy(f"the copy is damaged: {answer}")
        return _heads(target.execute(HEADS).fetchall())


def _dump(file: Path) -> Heads:
    """By pg_dump, from the very moment at which the heads are read."""
    with _exported_snapshot() as snapshot:
        found = heads()
        _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={file}",
             f"--dbname={_name()}")  # fmt: skip
    return found


@contextmanager
def _exported_snapshot() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            cursor.execute("SELECT pg_export_snapshot()")
            yield cursor.fetchone()[0]
        finally:
            cursor.execute("ROLLBACK")


def _load(file: Path) -> None:
    """As one script that ends with the hold, in one transaction."""
    with TemporaryDirectory() as folder:
        script = Path(folder) / "script.sql"
        _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(file))
        with script.open("a", encoding="utf-8") as end:
            end.write(f"\nRESET search_path;\n{HOLD};\n")
        _run("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
             "--output=/dev/null", f"--file={script}", f"--dbname={_name()}")  # fmt: skip


def _one_line(text: bytes) -> str:
    return " ".join(text.decode("utf-8", "replace").split())


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _run(program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL on our database."""
    done = subprocess.run(
        [_program(program), *arguments], env=_environment(), capture_output=True, check=False
    )
    if done.returncode:
        because = _one_line(done.stderr)
        raise CannotCopy(because or f"{program} ended with {done.returncode}")


def _environment() -> dict[str, str]:
    """Where the database is, for a program; the password does not show among its words."""
    settings = connection.settings_dict
    names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
    given = {name: str(settings[key]) for key, name in names.items() if settings[key]}
    if sslmode := settings["OPTIONS"].get("sslmode"):
        given["PGSSLMODE"] = sslmode
    return os.environ | given


def _program(name: str) -> str:
    """A program of the newest PostgreSQL that is installed: it reads all older servers."""
    versions = (path for path in PROGRAMS.glob(f"*/bin/{name}") if path.parts[-3].isdecimal())
    newest = max(versions, key=lambda path: int(path.parts[-3]), default=None)
    found = str(newest) if newest else shutil.which(name)
    if not found:
        raise CannotCopy(f"the program {name} of PostgreSQL is not installed")
    return found
