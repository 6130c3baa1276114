"""How long people stay signed in, what they see of it, and who ends it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from consigned.master_data.access import is_session_over
from consigned_service.interfaces.access import sessions as door
from consigned_service.interfaces.access.devices import device_in_words
from consigned_service.interfaces.workbench import sessions as sessions_page
from consigned_service.operations.master_data import users
from consigned_service.records import models
from tests.service.conftest import PASSWORD
from tests.service.console import Console
from tests.service.people import known_device, sign_in
from tests.support.databases import Database

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def go_on(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """A clock that goes on only when a test lets it."""
    at = [now()]
    for module in (door, sessions_page):
        monkeypatch.setattr(module, "now", lambda: at[0])

    def wait(by: timedelta) -> None:
        at[0] += by

    return wait


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(tmp_path)


def is_in(client: Client) -> bool:
    return client.get("/sessions/").status_code == 200


def test_the_longest_session_is_twelve_hours_and_idle_one_for_operators() -> None:
    at = now()
    for is_operator, idle in ((True, HOUR), (False, 12 * HOUR)):
        over = [
            is_session_over(at, at + used, at + asked, is_operator=is_operator)
            for used, asked in (
                (timedelta(0), idle - MINUTE), (timedelta(0), idle),
                (11.5 * HOUR, 12 * HOUR - MINUTE), (11.5 * HOUR, 12 * HOUR),
            )
        ]  # fmt: skip
        assert over == [False, True, False, True]


def test_a_session_ends_twelve_hours_after_sign_in_however_much_it_is_used(
    people: Database, go_on: Callable[[timedelta], None]
) -> None:
    ann, bob = known_device("ann"), known_device("bob")
    for _ in range(17):
        go_on(42 * MINUTE)
        assert is_in(ann)
        assert is_in(bob)
    go_on(6 * MINUTE)
    assert not is_in(ann)
    assert not is_in(bob)
    assert sign_in(ann, "ann") == ""
    assert is_in(ann)


def test_an_operator_who_is_idle_for_an_hour_signs_in_again(
    people: Database, go_on: Callable[[timedelta], None]
) -> None:
    ann, bob = known_device("ann"), known_device("bob")
    go_on(HOUR)
    assert is_in(ann)
    page = bob.get("/sessions/")
    assert page.headers["Location"] == "/accounts/login/?next=/sessions/"
    assert models.UserSession.objects.get().user.username == "ann"


def test_the_last_use_is_written_every_five_minutes_at_most(
    people: Database, go_on: Callable[[timedelta], None]
) -> None:
    ann = known_device("ann")
    began = models.UserSession.objects.get().last_used_at
    for minutes, is_written in ((1, False), (3, False), (1, True), (4, False), (1, True)):
        go_on(minutes * MINUTE)
        with CaptureQueriesContext(connection) as asked:
            ann.get("/sessions/")
        writes = [one for one in asked.captured_queries if one["sql"].startswith("UPDATE")]
        assert bool(writes) is is_written
    assert models.UserSession.objects.get().last_used_at == began + 10 * MINUTE


def test_what_is_over_is_forgotten_when_the_next_signs_in(people: Database) -> None:
    known_device("ann")
    models.UserSession.objects.update(signed_in_at=now() - 12 * HOUR - MINUTE)
    known_device("bob")
    assert models.UserSession.objects.get().user.username == "bob"
    assert Session.objects.count() == 1
    stray = Client().session
    stray["x"] = 1
    stray.save()
    Session.objects.filter(pk=stray.session_key).update(expire_date=now() - MINUTE)
    known_device("ann")
    assert Session.objects.count() == models.UserSession.objects.count() == 2


def test_users_see_their_own_sessions_and_end_them(people: Database) -> None:
    here = known_device("ann")
    there = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/128.0"})
    assert sign_in(there, "ann", address="203.0.113.5") == ""
    assert sign_in(Client(), "bob", address="192.0.2.66") == ""
    page = here.get("/sessions/").content.decode()
    assert "Firefox on Windows" in page
    assert "203.0.113.5" in page
    assert "192.0.2.66" not in page
    for key in Session.objects.values_list("session_key", flat=True):
        assert key not in page
    bobs, theirs = (
        models.UserSession.objects.get(address=one).pk for one in ("192.0.2.66", "203.0.113.5")
    )
    for which in (bobs, 10**18, "x", "", "²"):
        page = here.post("/sessions/", {"end": which}, follow=True).content.decode()
        assert "signed out already" in page
    assert is_in(there)
    here.post("/sessions/", {"end": theirs})
    assert not is_in(there)
    assert sign_in(there, "ann") == ""
    here.post("/sessions/", {"end": "others"})
    assert not is_in(there)
    assert is_in(here)
    assert models.UserSession.objects.filter(pk=bobs).exists()


def test_signing_out_ends_the_session(people: Database) -> None:
    ann = known_device("ann")
    cookie = ann.cookies[settings.SESSION_COOKIE_NAME].value
    ann.post("/accounts/logout/")
    assert not models.UserSession.objects.exists()
    again = Client()
    again.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert not is_in(again)


def test_another_password_ends_all_sessions_but_the_one_it_was_given_in(people: Database) -> None:
    here, there = known_device("ann"), known_device("ann")
    new = "the moon over Lyon 7"
    given = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post("/accounts/password/", given).status_code == 302
    assert models.UserSession.objects.count() == Session.objects.count() == 1
    assert not is_in(there)
    assert is_in(here)
    assert "Now, this browser" in here.get("/sessions/").content.decode()
    users.renew_password(name="ann")
    assert not models.UserSession.objects.exists()
    assert not Session.objects.exists()
    assert not is_in(here)


def test_a_user_is_disabled_enabled_and_signed_out_at_the_command_line(
    people: Database, console: Console
) -> None:
    ann, bob = known_device("ann"), known_device("bob")
    key = users.issue_key(name="ann", key_name="till", at=now())
    headers = {"authorization": f"Bearer {key}"}
    assert Client().get("/api/stock", headers=headers).status_code == 200
    assert console("user", "sign-out", "ann", "--json").answer == {"name": "ann", "ended": 1}
    assert not is_in(ann)
    assert sign_in(ann, "ann") == ""
    assert console("user", "disable", "ann").code == 0
    assert not is_in(ann)
    assert not models.UserSession.objects.filter(user__username="ann").exists()
    assert Client().get("/api/stock", headers=headers).status_code == 401
    assert is_in(bob)
    sign_in(ann, "ann")
    assert not is_in(ann)
    assert console("user", "enable", "ann").code == 0
    assert Client().get("/api/stock", headers=headers).status_code == 401
    assert sign_in(ann, "ann") == ""
    assert is_in(ann)
    for act in ("disable", "enable", "sign-out", "password"):
        assert "there is no user 'eve'" in console("user", act, "eve").err
        assert console("user", act).code == 2


def test_the_users_are_listed_with_their_keys(people: Database, console: Console) -> None:
    known_device("bob")
    users.issue_key(name="ann", key_name="till", at=now(), days=10)
    users.issue_key(name="ann", key_name="gone", at=now())
    users.revoke_key(name="ann", key_name="gone", at=now())
    users.disable_user(name="bob", at=now())
    ann, bob = console("user", "list", "--json").answer
    assert (ann["name"], ann["party"], ann["is_operator"], ann["is_enabled"]) == (
        "ann", "northwind", False, True,
    )  # fmt: skip
    (key,) = ann["keys"]
    assert (key["name"], key["scope"], key["last_used_on"]) == ("till", "record", None)
    assert key["expires_at"][:10] == str((now() + timedelta(days=10)).date())
    assert (bob["is_operator"], bob["is_enabled"], bob["keys"]) == (True, False, [])
    assert bob["last_sign_in"]
    shown = console("user", "list").out
    assert "till (record, expires" in shown
    assert "never used" in shown
    assert len(console("user", "list", "--limit", "1", "--json").answer) == 1


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36 Edg/126.0",
         "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1",
         "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36",
         "Chrome on Android"),
        ("curl/8", "Another browser"), ("", "Another browser"),
    ],
)  # fmt: skip
def test_a_device_in_words(agent: str, words: str) -> None:
    request = HttpRequest()
    request.META["HTTP_USER_AGENT"] = agent
    assert device_in_words(request) == words
