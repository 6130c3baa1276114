"""Signing in and out, who sees a page at all, and what is said when something does not go."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.test import Client
from django.urls import clear_url_caches, path

from consigned_service.project import urls
from tests.service.conftest import PASSWORD, QUICK
from tests.service.world import World


def test_a_page_asks_who_is_there_first(world: World) -> None:
    client = Client()
    for address in ("/", "/stock/", "/items/BOLT/", "/advices/", "/exceptions/?_export=csv"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/login/?next=/")


def test_sign_in_leads_back_and_sign_out_ends_it(world: World) -> None:
    client = Client()
    said = {"login": "northwind", "password": PASSWORD, "next": "/items/BOLT/"}
    assert client.post("/accounts/login/", said).headers["Location"] == "/items/BOLT/"
    assert client.get("/items/BOLT/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/items/BOLT/").status_code == 302


def test_sign_in_leads_nowhere_else(world: World) -> None:
    client = Client()
    said = {"login": "acme", "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert client.post("/accounts/login/", said).headers["Location"] == "/"


def test_a_wrong_password_is_said_in_words_and_keeps_the_name(world: World) -> None:
    answer = Client().post("/accounts/login/", {"login": "contoso", "password": "no"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'role="alert"' in page
    assert 'value="contoso"' in page


def test_nobody_opens_an_account_alone(world: World) -> None:
    assert Client().get("/accounts/signup/").status_code == 404
    assert Client().get("/accounts/password/reset/").status_code == 404


def test_the_password_can_be_changed(database: object) -> None:
    from django.contrib.auth.models import User  # wants its database

    new = "the moon over Lyon 7"
    said = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    with QUICK:
        user = User.objects.create_user("ines", password=PASSWORD)
        client = Client()
        client.force_login(user)
        assert client.get("/accounts/password/").status_code == 200
        assert client.post("/accounts/password/", said).status_code == 302
        user.refresh_from_db()
        assert user.check_password(new)


def test_who_acts_for_no_party_is_told_so(world: World) -> None:
    client = Client()
    client.force_login(world.user("lost"))
    for address in ("/", "/stock/", "/items/BOLT/"):
        answer = client.get(address)
        assert answer.status_code == 403
        assert "You do not act for a party yet" in answer.content.decode()


def test_what_is_not_there_is_said_in_words(world: World) -> None:
    client = Client()
    client.force_login(world.user("nobody"))
    for address in ("/nowhere/", "/items/BOLT/", "/advices/northwind-000001/", "/totals/L1/1/",
                    "/agreements/A-ACME/", "/orders/L1/PO-1/", "/entries/L1/1/",
                    "/consumption/L1/1/", "/owed/A-ACME/L1/",
                    "/advices/northwind-000001/1/"):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert "There is nothing here" in answer.content.decode()


def test_what_breaks_is_said_in_words_without_a_trace(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(request: object) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(urls, "urlpatterns", [path("breaks/", breaks), *urls.urlpatterns])
    client = Client(raise_request_exception=False)
    client.force_login(world.user("northwind"))
    with addresses_read_anew():
        answer = client.get("/breaks/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Something broke on our side" in page
    assert "secret" not in page
    assert "Traceback" not in page


@contextmanager
def addresses_read_anew() -> Iterator[None]:
    clear_url_caches()
    try:
        yield
    finally:
        clear_url_caches()


def test_a_form_from_elsewhere_is_refused_in_words(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/accounts/login/", {"login": "acme", "password": PASSWORD})
    assert answer.status_code == 403
    assert "Please send it again" in answer.content.decode()


def test_another_host_name_is_refused_in_words(world: World) -> None:
    answer = Client().get("/accounts/login/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "We could not read that request" in answer.content.decode()


def test_a_browser_is_told_to_load_nothing_from_elsewhere(world: World) -> None:
    client = Client()
    client.force_login(world.user("northwind"))
    for address in ("/", "/accounts/login/", "/nowhere/"):
        answer = client.get(address)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        page = answer.content.decode()
        assert "<script" not in page
        assert 'style="' not in page
    assert "no-store" in client.get("/stock/").headers["Cache-Control"]
    assert settings.DEBUG is False
