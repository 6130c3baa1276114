"""The service as it runs, with clients slow on purpose: all others are answered at once."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.support.databases import Database

PROBE = 1.0
"""Seconds within which everybody else must be answered."""

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
SERVERS = {
    "granian": ("-m", "consigned_service.interfaces.console.main", "serve", "--port"),
    "uvicorn": ("-m", "uvicorn", "consigned_service.project.asgi:application", "--port"),
}


@pytest.fixture(params=SERVERS)
def port(request: pytest.FixtureRequest, database: Database, tmp_path: Path) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"XDG_STATE_HOME": str(tmp_path), "DATABASE_URL": database.url}
    process = subprocess.Popen(
        [sys.executable, *SERVERS[request.param], str(port)], env=environment, cwd=tmp_path,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_until_alive(port)
        yield port
    finally:
        process.kill()
        process.wait(10)


def wait_until_alive(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urlopen(f"http://127.0.0.1:{port}/livez", timeout=5).close()
            return
        except OSError:
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.1)


def opened(port: int, request: bytes, held: ExitStack) -> socket.socket:
    client = held.enter_context(closing(socket.create_connection(("127.0.0.1", port), 10)))
    client.sendall(request)
    return client


def seconds_of(port: int, path: str) -> float:
    began = time.monotonic()
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as page:
        assert page.status == 200
        page.read()
    return time.monotonic() - began


SEND = (
    b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
    b"application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\nlogin="
)
READ = b"GET /static/ninja/swagger-ui-bundle.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
"""The largest of our files: more than the buffers between us hold."""


@ON_SQLITE
def test_slow_senders_hold_up_nobody_else(port: int) -> None:
    seconds_of(port, "/accounts/login/")  # the first page loads what all need
    with ExitStack() as held:
        clients = [opened(port, SEND, held) for _ in range(1_000)]
        for _ in range(3):
            for client in clients[::10]:
                client.sendall(b"x")
            assert seconds_of(port, "/livez") < PROBE
            assert seconds_of(port, "/accounts/login/") < PROBE


@ON_SQLITE
def test_slow_readers_hold_up_nobody_else(port: int) -> None:
    seconds_of(port, "/accounts/login/")
    with ExitStack() as held:
        for _ in range(200):
            client = opened(port, READ, held)
            assert client.recv(12) == b"HTTP/1.1 200"  # and no more of it
        assert seconds_of(port, "/livez") < PROBE
        assert seconds_of(port, "/accounts/login/") < PROBE
