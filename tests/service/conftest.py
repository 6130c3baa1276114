"""What the tests of the service may ask for beside `database`.

    world     a small world of two holders, two consignors and a stranger (world.py), to look at:
              it is built once on each kind of database, and no test changes it
    full      a fuller one, in which everything is done between them (full_world.py), likewise
    people    an empty world with two users, who sign in with a password (people.py)
    member    signs a user in who acts for a party of it

Django is not set up yet when this is read, so what needs it is imported where it is used.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from django.test import Client, override_settings

from tests.service.clock import clock as clock
from tests.support.databases import NOWHERE, Database, PostgreSQL, SQLite, point_django_at

if TYPE_CHECKING:
    from tests.service.world import World

PASSWORD = "open sesame 9"
QUICK = override_settings(
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]  # safe is slow
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        values = getattr(item, "callspec", None)
        if values and "postgres" in map(values.params.get, ("built", "built_full")):
            item.add_marker("postgres")


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def built(request: pytest.FixtureRequest) -> Iterator[Database]:
    yield from build_once(
        request, lambda: import_module("tests.service.world").build().give_accounts(PASSWORD)
    )


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def built_full(request: pytest.FixtureRequest) -> Iterator[Database]:
    yield from build_once(request, lambda: import_module("tests.service.full_world").build_full())


def build_once(request: pytest.FixtureRequest, build: Callable[[], None]) -> Iterator[Database]:
    databases: SQLite | PostgreSQL = request.getfixturevalue(f"{request.param}_databases")
    fresh = databases.fresh()
    point_django_at(fresh.url)
    with QUICK:
        build()
    point_django_at(NOWHERE)
    yield fresh
    databases.discard(fresh)


@pytest.fixture
def world(built: Database) -> Iterator["World"]:
    point_django_at(built.url)
    with QUICK:
        yield import_module("tests.service.world").World()
    point_django_at(NOWHERE)


@pytest.fixture
def full(built_full: Database) -> Iterator["World"]:
    point_django_at(built_full.url)
    yield import_module("tests.service.world").World()
    point_django_at(NOWHERE)


@pytest.fixture
def member(world: "World") -> Callable[[str], Client]:
    def sign_in(username: str) -> Client:
        client = Client()
        client.force_login(world.user(username))
        return client

    return sign_in


@pytest.fixture
def people(database: Database) -> Iterator[Database]:
    with QUICK:
        import_module("tests.service.people").add_people()
        yield database
