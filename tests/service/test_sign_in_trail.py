"""The trail of sign-ins: each attempt leaves a line, and no line is ever changed."""

import json
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils.timezone import now

from consigned_service.interfaces.access import guessing, sessions
from consigned_service.operations.master_data import users
from consigned_service.project.logs import JsonLines
from consigned_service.records import models
from tests.service.console import Console
from tests.service.people import ADDRESS, known_device, sign_in
from tests.support.databases import Database


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(tmp_path)


def trail() -> list[tuple[str | None, str]]:
    rows = models.SignIn.objects.order_by("pk").values_list("user__username", "outcome")
    return list(rows)


def test_coming_and_going_leave_a_line_each_under_one_session(people: Database) -> None:
    at = now()
    ann = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/128.0"})
    assert sign_in(ann, "ANN") == ""
    key = ann.cookies[settings.SESSION_COOKIE_NAME].value
    ann.post("/accounts/logout/", REMOTE_ADDR="203.0.113.5")
    came, went = models.SignIn.objects.order_by("pk")
    assert [(row.user.username, row.outcome) for row in (came, went)] == [
        ("ann", "signed-in"), ("ann", "signed-out"),
    ]  # fmt: skip
    assert (came.address, came.device) == (ADDRESS, "Firefox on Windows")
    assert went.address == "203.0.113.5"
    assert at <= came.at <= went.at <= now()
    assert came.session == went.session != ""
    assert key not in str(list(models.SignIn.objects.values()))


def test_a_failure_leaves_a_line_and_no_name_that_nobody_has(people: Database) -> None:
    sign_in(Client(), "ANN", "wrong")
    for name in ("my secret password", "My Secret Password", "another"):
        sign_in(Client(), name, "wrong")
    assert trail() == [("ann", "failed"), *[(None, "failed")] * 3]
    known, first, same, other = models.SignIn.objects.order_by("pk")
    assert (known.claimed_name, known.session) == ("", "")
    assert first.claimed_name == same.claimed_name != other.claimed_name
    assert "secret" not in str(list(models.SignIn.objects.values())).lower()


def test_a_disabled_user_leaves_a_line(people: Database) -> None:
    users.disable_user(name="ann", at=now())
    sign_in(Client(), "ann")
    assert trail() == [("ann", "disabled")]


def test_delays_leave_one_line_a_minute_of_each_account_and_address(people: Database) -> None:
    for n in range(10):
        sign_in(Client(), "ann", f"guess {n}")
    for n in range(5):
        sign_in(Client(), "ann", f"guess {n}", f"203.0.{n}.9")
        sign_in(Client(), "ann", f"guess {n}")
    assert trail() == [*[("ann", "failed")] * 10, ("ann", "delayed")]


def test_an_attempt_that_finds_another_one_running_is_nothing(people: Database) -> None:
    with guessing.checking:
        sign_in(Client(), "ann", "wrong")
    assert trail() == []


def test_a_session_that_is_over_leaves_a_line(
    people: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = known_device("ann")
    late = now() + timedelta(hours=12)
    monkeypatch.setattr(sessions, "now", lambda: late)
    ann.get("/")
    ann.get("/")
    assert trail() == [("ann", "signed-in"), ("ann", "expired")]


def test_no_line_is_changed_or_deleted(people: Database) -> None:
    known_device("ann")
    sign_in(Client(), "ann", "wrong")
    before = list(models.SignIn.objects.order_by("pk").values())
    acts = ["UPDATE sign_in SET outcome = 'failed'", "DELETE FROM sign_in",
            "DELETE FROM auth_user WHERE username = 'ann'"]  # fmt: skip
    if people.vendor == "postgresql":
        acts += ["TRUNCATE sign_in"]
    for act in acts:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(act)
    assert list(models.SignIn.objects.order_by("pk").values()) == before


def test_each_line_is_in_the_log_as_well(
    people: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "consigned.access"):
        known_device("ann")
        sign_in(Client(), "my secret password", "wrong")
    lines = [json.loads(JsonLines().format(one)) for one in caplog.records
             if one.name == "consigned.access"]  # fmt: skip
    assert [(line["message"], line["user"]) for line in lines] == [
        ("sign-in signed-in", "ann"), ("sign-in failed", ""),
    ]  # fmt: skip
    assert all(line["client"] == ADDRESS for line in lines)
    assert lines[1]["name_digest"] == models.SignIn.objects.get(user=None).claimed_name
    assert "secret" not in caplog.text


def test_the_trail_is_listed_at_the_command_line(people: Database, console: Console) -> None:
    known_device("ann")
    sign_in(Client(), "eve", "wrong")
    sign_in(Client(), "bob", "wrong")
    rows = console("user", "sign-ins", "--json").answer
    assert [(row["user"], row["outcome"]) for row in rows] == [
        ("bob", "failed"), ("", "failed"), ("ann", "signed-in"),
    ]  # fmt: skip
    assert set(rows[0]) == {
        "at", "user", "claimed_name", "outcome", "address", "device", "session",
    }  # fmt: skip
    (row,) = console("user", "sign-ins", "ann", "--json").answer
    assert row["user"] == "ann"
    shown = console("user", "sign-ins", "--limit", "2").out
    assert "unknown name" in shown
    assert "The first 2 of them are listed" in shown
    assert "there is no user 'eve'" in console("user", "sign-ins", "eve").err
