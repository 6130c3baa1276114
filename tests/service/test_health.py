"""What a proxy and a watcher are answered, and what a stranger does not learn."""

import logging
import shutil
from collections import namedtuple

import pytest
from django.db import connection
from django.test import Client

from tests.support.databases import NOWHERE, Database, point_django_at


def test_a_service_is_ready_for_whoever_asks(database: Database, client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ready\n")
    assert answer["Cache-Control"] == "no-store"


def test_it_is_not_ready_where_a_step_is_missing_or_a_newer_version_wrote(
    database: Database, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    steps = (
        ("UPDATE django_migrations SET name = '0002_other' WHERE name = '0002_append_only'",
         "newer version"),
        ("DELETE FROM django_migrations WHERE app = 'records'", "not prepared"),
    )  # fmt: skip
    for statement, because in steps:
        with connection.cursor() as cursor:
            cursor.execute(statement)
        answer = client.get("/readyz")
        assert (answer.status_code, answer.content) == (503, b"not ready\n")
        assert because in caplog.text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_it_is_not_ready_without_a_database_or_room(
    database: Database, client: Client, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    usage = namedtuple("usage", "total free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(1000, 50))
    assert client.get("/readyz").status_code == 503
    monkeypatch.undo()
    point_django_at(NOWHERE)
    with caplog.at_level(logging.ERROR):
        assert client.get("/readyz").status_code == 503
    assert "cannot be used" in caplog.text
    point_django_at(database.url)
