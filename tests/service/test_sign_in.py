"""Signing in while others guess: strangers are slowed down, and nobody is locked out by them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import caches
from django.test import Client, override_settings
from django.utils.timezone import now

from consigned.master_data.access import wait_after
from consigned_service.interfaces.access import devices, guessing
from tests.service.conftest import PASSWORD
from tests.service.people import known_device, sign_in
from tests.support.databases import Database

WRONG = "are not correct"
DELAYED = "Signing in failed too often"
BUSY = "Another sign-in is being checked"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """A clock that goes on only when a test lets it."""
    at = [now()]
    monkeypatch.setattr(guessing, "now", lambda: at[0])

    def go_on(by: timedelta) -> None:
        at[0] += by

    return go_on


def guess(name: str, times: int, address: str = "198.51.100.7") -> None:
    for n in range(times):
        assert WRONG in sign_in(Client(), name, f"guess {n}", address)


# --- strangers ---------------------------------------------------------------------------


def test_waits_become_longer_to_a_quarter_of_an_hour() -> None:
    minutes = [wait_after(failures) // timedelta(minutes=1) for failures in range(8, 18)]
    assert minutes == [0, 0, 1, 2, 4, 8, 15, 15, 15, 15]
    assert wait_after(10**9) == timedelta(minutes=15)


@pytest.mark.parametrize("name", ["ann", "nobody-of-that-name"])
def test_who_guesses_waits_longer_and_longer_and_learns_nothing(
    people: Database, clock: Callable[[timedelta], None], name: str
) -> None:
    guess(name, 10)
    for minutes in (1, 2, 4, 8, 15, 15):
        clock(timedelta(minutes=minutes, seconds=-1))
        caches.close_all()  # the count is in the database, for all processes
        page = sign_in(Client(), name, address="192.0.2.1")
        assert DELAYED in page
        assert "Wait a minute, then" in page
        clock(timedelta(seconds=1))
        guess(name, 1)
    assert "Wait 15 minutes, then" in sign_in(Client(), name)
    assert sign_in(Client(), "bob") == ""


def test_spellings_of_a_name_are_counted_together(
    people: Database, clock: Callable[[timedelta], None]
) -> None:
    for name in ("ann", "ANN", "Ann", " ann ", "aNn") * 2:
        guess(name, 1)
    assert DELAYED in sign_in(Client(), "aNN")


def test_a_new_device_signs_in_once_the_wait_is_over(
    people: Database, clock: Callable[[timedelta], None]
) -> None:
    guess("ann", 10)
    assert DELAYED in sign_in(Client(), "ann")
    clock(timedelta(minutes=1))
    assert sign_in(Client(), "ann") == ""
    guess("ann", 1)  # strangers do not begin again because ann came in
    assert "Wait 2 minutes" in sign_in(Client(), "ann")


def test_a_hundred_failures_from_an_address_delay_its_unknown_devices_only(
    people: Database, clock: Callable[[timedelta], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "FAILURES_OF_NETWORK", 12)
    ann = known_device("ann")
    for n in range(12):
        guess(f"nobody{n}", 1, f"2001:db8:0:1::{n:x}")
    assert DELAYED in sign_in(Client(), "bob", address="2001:db8:0:1::ffff")
    assert sign_in(ann, "ann", address="2001:db8:0:1::ffff") == ""
    assert sign_in(Client(), "bob", address="2001:db8:0:2::1") == ""
    clock(timedelta(minutes=5))
    assert sign_in(Client(), "bob", address="2001:db8:0:1::ffff") == ""
    guess("bob", 1, "2001:db8:0:1::1")  # a period of its own begins
    assert sign_in(Client(), "bob", address="2001:db8:0:1::ffff") == ""


def test_one_password_of_a_stranger_is_checked_at_a_time_and_nobody_is_held(
    people: Database,
) -> None:
    ann = known_device("ann")
    with guessing.checking:
        assert BUSY in sign_in(Client(), "bob")
        assert sign_in(ann, "ann") == ""
    assert sign_in(Client(), "bob") == ""
    guess("bob", 1)
    assert not guessing.checking.locked()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_name_that_does_not_exist_costs_as_much_as_one_that_does(
    people: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    encode = PBKDF2PasswordHasher.encode

    def count(self: PBKDF2PasswordHasher, password: str, salt: str, iterations: int = 0) -> str:
        calls.append(iterations or self.iterations)
        return encode(self, password, salt, 1)

    slow = "django.contrib.auth.hashers.PBKDF2PasswordHasher"
    with override_settings(PASSWORD_HASHERS=[slow]):
        user = get_user_model().objects.get(username="ann")
        user.set_password(PASSWORD)
        user.save()
        stored = user.password.split("$")
        get_user_model().objects.filter(pk=user.pk).update(
            password="$".join([stored[0], str(PBKDF2PasswordHasher.iterations), *stored[2:]])
        )
        monkeypatch.setattr(PBKDF2PasswordHasher, "encode", count)
        costs = []
        for name in ("ann", "nobody-of-that-name"):
            calls.clear()
            guess(name, 1)
            costs.append(list(calls))
    assert costs == [[PBKDF2PasswordHasher.iterations]] * 2


# --- devices that are known --------------------------------------------------------------


def test_a_known_device_signs_in_while_strangers_guess_from_many_addresses(
    people: Database, clock: Callable[[timedelta], None]
) -> None:
    ann = known_device("ann")
    guess("ann", 10)
    for n in range(200):
        assert DELAYED in sign_in(Client(), "ann", f"guess {n}", f"203.0.{n}.9")
    assert sign_in(ann, "ann") == ""
    assert DELAYED in sign_in(Client(), "ann")


def test_a_known_device_waits_for_its_own_failures_alone(
    people: Database, clock: Callable[[timedelta], None]
) -> None:
    first, second = known_device("ann"), known_device("ann")
    for n in range(10):
        assert WRONG in sign_in(first, "ann", f"guess {n}")
    assert DELAYED in sign_in(first, "ann")
    assert sign_in(second, "ann") == ""
    assert sign_in(Client(), "ann") == ""
    clock(timedelta(minutes=1))
    assert sign_in(first, "ann") == ""
    for n in range(9):  # whoever knows the password begins again
        assert WRONG in sign_in(first, "ann", f"guess {n}")
    assert sign_in(first, "ann") == ""


def test_a_device_is_known_for_the_accounts_that_signed_in_with_it(
    people: Database, clock: Callable[[timedelta], None]
) -> None:
    guess("ann", 10)
    bob = known_device("bob")
    assert DELAYED in sign_in(bob, "ann")
    clock(timedelta(minutes=1))
    assert sign_in(bob, "ann") == ""
    guess("ann", 1)
    guess("bob", 10)
    assert sign_in(bob, "bob") == ""
    assert sign_in(bob, "ann") == ""


def test_a_cookie_that_is_not_ours_makes_no_device_known(
    people: Database, clock: Callable[[timedelta], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = known_device("ann")
    cookie = ann.cookies["device"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 31536000)
    guess("ann", 10)
    for forged in ("", "x", cookie.value[:-1], f"x{cookie.value}", "a:b:c"):
        client = Client()
        client.cookies["device"] = forged
        assert DELAYED in sign_in(client, "ann")
    assert sign_in(ann, "ann") == ""
    monkeypatch.setattr(devices, "LASTS", -1)
    assert DELAYED in sign_in(ann, "ann")


def test_the_cookie_of_a_device_goes_over_https_alone_where_there_is_https(
    people: Database,
) -> None:
    client = Client()
    with override_settings(DEVICE_COOKIE_NAME="__Host-device", SESSION_COOKIE_SECURE=True):
        assert sign_in(client, "ann") == ""
    cookie = client.cookies["__Host-device"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
