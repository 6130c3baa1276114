"""Every address answers the methods that it has, and no other; a read can be asked for again with
what was answered before; a static file is kept for good. Generated over all addresses."""

import asyncio
import re
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from consigned_service.interfaces.access.methods import methods_of
from consigned_service.interfaces.api.urls import api
from consigned_service.operations.master_data import users
from consigned_service.project.front import Front
from tests.service.shop import NOW
from tests.service.world import World
from tests.support import loops

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
FORMS = {"accounts/login/", "acts/<code:kind>/"}
"""Some of the pages that take forms, so that not all can be without one."""
NUMBERS = count()
LINK = re.compile(r'(?:href|src)="(/static/[^"]+)"')
Call = Callable[..., Any]


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, Call]]:
    """Every route with its view."""
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route, one.callback
        else:
            yield from patterns(one, route)


def pages() -> dict[str, Call]:
    return {
        route: view
        for route, view in patterns(get_resolver())
        if not route.startswith(("api/", "^"))
    }


def filled(route: str) -> str:
    return "/" + re.sub(r"<number:\w+>", "1", re.sub(r"<code:\w+>", "BOLT", route))


def allowed(answer: Any) -> set[str]:
    return set(answer.headers["Allow"].split(", "))


@pytest.fixture
def program(world: World) -> Call:
    key = users.issue_key(name="northwind", key_name=f"http {next(NUMBERS)}", at=NOW)
    client = Client(raise_request_exception=False)

    def ask(method: str, address: str, **headers: str) -> Any:
        said = {"authorization": f"Bearer {key}", **headers}
        return client.generic(method, address, headers=said)

    return ask


def addresses() -> dict[str, dict[str, Any]]:
    """The addresses for programs with their methods, as the description has them."""
    paths: dict[str, dict[str, Any]] = api.get_openapi_schema()["paths"]
    return paths


def filled_address(path: str) -> str:
    return path.replace("{code}", "L1").replace("{number}", "northwind-000001")


# --- methods ---------------------------------------------------------------------------------


def test_a_page_answers_the_methods_that_it_has_and_no_other(
    world: World, member: Callable[[str], Client]
) -> None:
    client = member("northwind")
    found = pages()
    with_form = {route for route, view in found.items() if "POST" in methods_of(view)}
    assert with_form >= FORMS
    assert len(found) > 25
    for route, view in found.items():
        has = set(methods_of(view))
        for method in METHODS:
            if method == "POST" and method in has:
                continue  # what becomes of a form is tested with the form
            answer = client.generic(method, filled(route))
            where = f"{method} /{route}"
            assert answer.status_code < 500, where
            assert (answer.status_code == 405) is (method not in has), where
            if method not in has:
                assert allowed(answer) == has, where
                assert "<h1>" in answer.content.decode(), where


def test_a_stranger_is_refused_a_method_before_anything_else(world: World) -> None:
    for route, view in pages().items():
        answer = Client(enforce_csrf_checks=True).delete(filled(route))
        assert answer.status_code == 405, route
        assert allowed(answer) == set(methods_of(view)), route


def test_head_is_a_page_without_its_body(world: World, member: Callable[[str], Client]) -> None:
    client = member("northwind")
    for route in pages():
        read, head = (client.generic(method, filled(route)) for method in ("GET", "HEAD"))
        if route == "accounts/logout/":
            continue  # leaves at once, so the second asks as a stranger
        assert (head.status_code, head.content) == (read.status_code, b""), route
        assert head.headers["Content-Type"] == read.headers["Content-Type"], route


def test_an_address_for_programs_answers_the_methods_that_it_has(program: Call) -> None:
    for path, described in addresses().items():
        has = {method.upper() for method in described} | {"OPTIONS"}
        has |= {"HEAD"} if "GET" in has else set()
        for method in METHODS:
            answer = program(method, filled_address(path))
            where = f"{method} {path}"
            assert answer.status_code < 500, where
            if method == "OPTIONS":
                assert (answer.status_code, answer.content) == (204, b""), where
                assert allowed(answer) == has, where
            elif method not in has:
                code = answer.json()["code"] if method != "HEAD" else "method-not-allowed"
                assert code == "method-not-allowed", where
                assert (answer.status_code, allowed(answer)) == (405, has), where
            else:
                assert answer.status_code != 405, where


@pytest.mark.parametrize("address", ["/api/docs", "/api/openapi.json"])
def test_the_description_is_read_alone(world: World, address: str) -> None:
    client = Client()
    read, head = client.get(address), client.head(address)
    assert (read.status_code, head.status_code, head.content) == (200, 200, b"")
    assert client.options(address).headers["Allow"] == "GET, HEAD, OPTIONS"
    assert client.delete(address).json()["code"] == "method-not-allowed"


def test_head_is_an_answer_to_a_program_without_its_body(program: Call) -> None:
    for path, described in addresses().items():
        if "get" in described:
            read, head = (program(method, filled_address(path)) for method in ("GET", "HEAD"))
            assert (read.status_code, head.status_code, head.content) == (200, 200, b""), path
            assert head.headers["ETag"] == read.headers["ETag"], path


@pytest.mark.parametrize("method", METHODS)
def test_whether_it_is_alive_is_read_alone(method: str) -> None:
    front, sent = Front(lambda *_: [], threads=1), []

    async def ask() -> None:
        async def send(event: Any) -> None:
            sent.append(event)

        scope = {"type": "http", "path": "/livez", "method": method, "headers": []}
        await front(scope, lambda: asyncio.sleep(0, {"type": "http.disconnect"}), send)

    loops.run(ask())
    assert sent[0]["status"] == (200 if method in ("GET", "HEAD") else 405)
    assert (sent[0]["status"] == 405) is ((b"allow", b"GET, HEAD") in sent[0]["headers"])


# --- parameters ------------------------------------------------------------------------------


def test_a_parameter_that_is_not_known_or_given_twice_is_refused_by_name(program: Call) -> None:
    for path, described in addresses().items():
        known = {
            one["name"]
            for one in described.get("get", {}).get("parameters", [])
            if one["in"] == "query"
        }
        if "get" not in described:
            continue
        address = filled_address(path)
        unknown = program("GET", f"{address}?colour=red")
        assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown-parameter"), path
        sentence = unknown.json()["sentence"]
        assert "'colour'" in sentence, path
        listed = sentence.rpartition(" are ")[2].split(", ") if known else []
        assert set(listed) == known, path
        assert known or "takes none" in sentence, path
        if "limit" in known:
            twice = program("GET", f"{address}?limit=1&limit=2")
            assert (twice.status_code, twice.json()["code"]) == (422, "repeated-parameter"), path
            assert "'limit'" in twice.json()["sentence"]


def test_who_may_not_ask_learns_no_parameter(world: World) -> None:
    assert Client().get("/api/stock?colour=red").status_code == 401


def test_what_is_recorded_takes_no_parameter(program: Call) -> None:
    client = Client(raise_request_exception=False)
    key = users.issue_key(name="northwind", key_name=f"http {next(NUMBERS)}", at=NOW)
    answer = client.post(
        "/api/organizations/L1/exceptions/close?preview=true",
        {"exceptions": [1], "because": "x"}, content_type="application/json",
        headers={"authorization": f"Bearer {key}"},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown-parameter")


def test_a_page_passes_over_what_it_does_not_know(
    world: World, member: Callable[[str], Client]
) -> None:
    assert (
        member("northwind").get("/stock/?colour=red&utm_source=a&utm_source=b").status_code == 200
    )


# --- what a client has already ---------------------------------------------------------------


def test_a_program_that_has_the_answer_is_not_sent_it_again(program: Call) -> None:
    reads = [path for path, described in addresses().items() if "get" in described]
    for path in reads:
        address = filled_address(path)
        first = program("GET", address)
        tag = first.headers["ETag"]
        again = program("GET", address, **{"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b""), path
        assert again.headers["ETag"] == tag, path
        assert program("HEAD", address, **{"if-none-match": f"W/{tag}"}).status_code == 304, path
        other = program("GET", address, **{"if-none-match": '"other"'})
        assert (other.status_code, other.content) == (200, first.content), path
        assert first.headers["Cache-Control"] == "private, no-cache", path
        assert "Authorization" in first.headers["Vary"], path
    assert len(reads) > 25


def test_other_rows_have_another_tag(program: Call) -> None:
    tags = {program("GET", f"/api/stock?limit={n}").headers["ETag"] for n in (1, 2)}
    assert len(tags) == 2


def test_a_refusal_has_no_tag(program: Call) -> None:
    refused = program("GET", "/api/stock?limit=0")
    assert refused.status_code == 422
    assert "304" not in str(program("GET", "/api/stock?limit=0", **{"if-none-match": "*"}))


# --- static files ----------------------------------------------------------------------------


def test_every_file_that_a_page_names_may_be_kept_for_good(
    world: World, member: Callable[[str], Client]
) -> None:
    shown = {"/": member("northwind"), "/accounts/login/": Client(), "/api/docs": Client()}
    named = {
        link
        for address, client in shown.items()
        for link in LINK.findall(client.get(address).content.decode())
    }
    assert len(named) > 3
    for address in named:
        answer = Client().get(address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["Cache-Control"], address
        answer.close()
        assert Client().post(address).status_code == 405, address


def test_a_file_under_its_own_name_is_asked_for_again() -> None:
    answer = Client().get("/static/access/consigned.css")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "max-age=60, public")
    answer.close()


def test_a_file_has_the_name_of_its_content_alone(world: World) -> None:
    name = staticfiles_storage.url("access/consigned.css")
    assert re.fullmatch(r"/static/access/consigned\.[0-9a-f]{12}\.css", name)
    assert Client().get(name[:-5] + "0.css").status_code in (302, 404)
    with pytest.raises(ValueError, match=r"no static file access/none\.css"):
        staticfiles_storage.url("access/none.css")


def test_no_style_sheet_of_ours_names_another_file() -> None:
    path = finders.find("access/consigned.css")
    assert path
    with open(path) as file:  # noqa: PTH123  # found by name
        assert not re.search(r"url\((?!['\"]?data:)|@import", file.read())
