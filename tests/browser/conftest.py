"""The service as it runs, on the world of tests/service, for a browser to look at.

address     where it answers; one server for all tests, which change nothing
seen_by     a page in a browser of somebody who is signed in for a party
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from tests.support.databases import NOWHERE, Database, SQLite, point_django_at

PASSWORD = "open sesame 9"
STARTS_WITHIN = 60  # seconds


@pytest.fixture(scope="session")
def seen(sqlite_databases: SQLite) -> Iterator[Database]:
    database = sqlite_databases.fresh()
    point_django_at(database.url)
    import_module("tests.service.world").build().give_accounts(PASSWORD)
    point_django_at(NOWHERE)
    yield database
    sqlite_databases.discard(database)


@pytest.fixture(scope="session")
def address(seen: Database) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "consigned_service.interfaces.console.main", "serve",
         "--port", str(port)],
        env=os.environ | {"DATABASE_URL": seen.url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(f"http://127.0.0.1:{port}/accounts/login/")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def wait_for(address: str) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            urlopen(address, timeout=5).close()
            return
        except URLError:
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.1)


@pytest.fixture
def seen_by(address: str, seen: Database, browser: Browser) -> Iterator[Callable[..., Page]]:
    contexts = []

    def open_page(party: str, path: str, **context_arguments: object) -> Page:
        context = browser.new_context(base_url=address, **context_arguments)  # type: ignore[arg-type]
        contexts.append(context)
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session(seen, party), "url": address}]
        )
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def session(database: Database, party: str) -> str:
    """A session of somebody who signed in."""
    point_django_at(database.url)
    client = Client()
    client.force_login(import_module("tests.service.world").World().user(party))
    point_django_at(NOWHERE)
    return client.cookies[settings.SESSION_COOKIE_NAME].value
