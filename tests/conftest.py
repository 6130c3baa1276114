"""What every test may ask for.

    database    a fresh, migrated, empty database: the test runs once on SQLite and once on
                PostgreSQL. Django in this process uses it, and so do the programs that the
                test starts, through DATABASE_URL. Commits are real.
    blank       a database of the same kind without any table
    client      Django's test client, on such a database
    page        a page in a browser (pytest-playwright's)

For one kind alone: @pytest.mark.parametrize("database", ["sqlite"], indirect=True).

Nothing is passed over in silence. Without PostgreSQL its tests fail. Without a browser
its tests fail where CI is set, and are skipped elsewhere with a word at the end.
"""

import os
from collections.abc import Iterator

import django
import hypothesis
import pytest
from django.test import Client
from django.test.utils import setup_test_environment

from tests.support import browser
from tests.support.databases import NOWHERE, Database, PostgreSQL, SQLite, point_django_at
from tests.support.postgres import (
    SHARED_MEMORY,
    NoPostgres,
    has_room,
    postgres,
    temporary_folder,
)

BROWSER = browser.launch_arguments()
IN_CI = bool(os.environ.get("CI"))


def pytest_configure() -> None:
    if has_room(SHARED_MEMORY):  # what a test writes and syncs to its folder waits for no disk
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(SHARED_MEMORY))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consigned_service.project.settings")
    os.environ["DATABASE_URL"] = NOWHERE
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
    django.setup()
    setup_test_environment()
    hypothesis.settings.register_profile("ours", deadline=None, print_blob=True)
    hypothesis.settings.load_profile("ours")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a server, so that `-m "not postgres and not browser"` leaves it out."""
    for item in items:
        asked_for = getattr(item, "fixturenames", ())
        values = getattr(item, "callspec", None)
        if "postgres_databases" in asked_for or (
            values and values.params.get("database") == "postgres"
        ):
            item.add_marker("postgres")
        if "browser" in asked_for or "browser_type" in asked_for:
            item.add_marker("browser")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and BROWSER is None:
        without = pytest.fail if IN_CI else pytest.skip
        without(browser.MISSING)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    left_out = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if browser.MISSING in str(report.longrepr)
    ]
    if left_out:
        terminalreporter.write_line(
            f"{len(left_out)} TESTS WERE NOT RUN. {browser.MISSING}", red=True, bold=True
        )


# --- databases -------------------------------------------------------------------------


@pytest.fixture(scope="session")
def sqlite_databases() -> Iterator[SQLite]:
    with temporary_folder() as folder:
        yield SQLite(folder)


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgreSQL]:
    try:
        with postgres() as server:
            databases = PostgreSQL(server)
            yield databases
            databases.close()
    except NoPostgres as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A fresh, migrated, empty database, once of each kind."""
    databases: SQLite | PostgreSQL = request.getfixturevalue(f"{request.param}_databases")
    fresh = databases.fresh()
    point_django_at(fresh.url)
    yield fresh
    point_django_at(NOWHERE)
    databases.discard(fresh)


@pytest.fixture
def blank(request: pytest.FixtureRequest, database: Database) -> Iterator[Database]:
    """A database without any table, of the kind of `database`; Django stays with that one."""
    kind = "postgres" if database.vendor == "postgresql" else "sqlite"
    databases: SQLite | PostgreSQL = request.getfixturevalue(f"{kind}_databases")
    empty = databases.blank()
    yield empty
    point_django_at(NOWHERE)
    databases.discard(empty)


@pytest.fixture
def client(database: Database) -> Client:
    return Client()


# --- browser ---------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    return browser_type_launch_args | (BROWSER or {})
