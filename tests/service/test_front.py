"""The front of the service, before an application of our own: what reaches it, and what does
not."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Mapping
from ipaddress import ip_network
from typing import Any

import pytest

from consigned_service.project import front as front_module
from consigned_service.project.front import Front
from tests.support import loops

PROXIES = [ip_network("10.0.0.0/8"), ip_network("::1/128")]
Environment = dict[str, Any]


class Seen:
    """An application that notes what it was given."""

    def __init__(self, answers: Iterable[bytes] = (b"done",)) -> None:
        self.answers = answers
        self.environments: list[Environment] = []
        self.bodies: list[bytes] = []

    def __call__(
        self, environment: Environment, start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        self.environments.append(environment)
        self.bodies.append(environment["wsgi.input"].read())
        start_response("200 OK", [("Content-Type", "text/plain")])
        return self.answers


class Sent:
    """What a client received."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.body = b""

    async def __call__(self, event: Mapping[str, Any]) -> None:
        if event["type"] == "http.response.start":
            self.status = event["status"]
            self.headers = dict(event["headers"])
        else:
            self.body += event["body"]


def asked(
    front: Front, *pieces: bytes, path: str = "/", method: str = "GET", client: str = "192.0.2.1",
    headers: Mapping[str, str] | None = None,
) -> Sent:  # fmt: skip
    return loops.run(ask(front, *pieces, path=path, method=method, client=client,
                           headers=headers))  # fmt: skip


async def ask(
    front: Front, *pieces: bytes, path: str = "/", method: str = "GET", client: str = "192.0.2.1",
    headers: Mapping[str, str] | None = None,
) -> Sent:  # fmt: skip
    events = [
        {"type": "http.request", "body": piece, "more_body": place < len(pieces)}
        for place, piece in enumerate(pieces, start=1)
    ] or [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Mapping[str, Any]:
        if events:
            return events.pop(0)
        await asyncio.sleep(3600)
        raise AssertionError("nothing more comes")

    sent = Sent()
    scope = {
        "type": "http", "path": path, "method": method, "query_string": b"a=1", "scheme": "http",
        "client": (client, 4000), "server": ("127.0.0.1", 8000), "http_version": "1.1",
        "headers": [(n.lower().encode(), v.encode()) for n, v in (headers or {}).items()],
    }  # fmt: skip
    await front(scope, receive, sent)
    return sent


FORWARDED = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Forwarded-Proto": "https"}

CLIENTS = [  # from   headers                                            address         scheme
    ("192.0.2.1",     FORWARDED,                                         "192.0.2.1",     "http"),
    ("10.1.1.1",      FORWARDED,                                         "198.51.100.7",  "https"),
    ("10.1.1.1",      {"X-Forwarded-For": "198.51.100.7, 10.9.9.9"},     "198.51.100.7",  "http"),
    ("10.1.1.1",      {"X-Forwarded-For": "10.0.0.5, 10.9.9.9"},         "10.0.0.5",      "http"),
    ("10.1.1.1",      {"X-Forwarded-For": "nonsense"},                   "10.1.1.1",      "http"),
    ("10.1.1.1",      {"X-Forwarded-Proto": "https, gopher"},            "10.1.1.1",      "http"),
    ("::1",           {"X-Forwarded-For": "2001:db8::7",
                       "X-Forwarded-Proto": "HTTPS"},                    "2001:db8::7",   "https"),
    ("10.1.1.1",      {"Forwarded": "for=203.0.113.9;proto=https",
                       "X-Real-IP": "203.0.113.9"},                      "10.1.1.1",      "http"),
]  # fmt: skip


@pytest.mark.parametrize(("client", "headers", "address", "scheme"), CLIENTS)
def test_what_a_proxy_says_of_its_client_counts_only_where_it_is_trusted(
    client: str, headers: dict[str, str], address: str, scheme: str
) -> None:
    application = Seen()
    asked(Front(application, 1, PROXIES), client=client, headers=headers)
    (environment,) = application.environments
    assert (environment["REMOTE_ADDR"], environment["wsgi.url_scheme"]) == (address, scheme)
    assert not [name for name in environment if "FORWARDED" in name or name == "HTTP_X_REAL_IP"]


def test_a_header_with_an_underscore_does_not_pass_for_another_one() -> None:
    application = Seen()
    headers = {"X_Forwarded_For": "203.0.113.9", "Proxy": "evil", "Content_Length": "7"}
    asked(Front(application, 1), headers=headers)
    (environment,) = application.environments
    assert environment["CONTENT_LENGTH"] == "0"
    assert not [name for name in environment if name.startswith("HTTP_")]


def test_nothing_of_our_own_process_is_in_the_environment_of_a_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CONSIGNED_SECRET_KEY", "hush hush")
    application = Seen()
    asked(Front(application, 1))
    assert "hush hush" not in repr(application.environments)


def test_the_application_is_given_the_whole_body_and_its_length() -> None:
    application = Seen()
    sent = asked(Front(application, 1), b"one ", b"two", method="POST")
    assert (sent.status, sent.body) == (200, b"done")
    assert application.bodies == [b"one two"]
    assert application.environments[0]["CONTENT_LENGTH"] == "7"
    assert sent.headers[b"content-length"] == b"4"


def test_head_is_answered_without_a_body() -> None:
    sent = asked(Front(Seen(), 1), method="HEAD")
    assert (sent.status, sent.body) == (200, b"")


def test_more_than_a_request_may_have_is_refused_as_said_and_as_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(front_module, "LONGEST_BODY", 10)
    application = Seen()
    for headers in ({"Content-Length": "11"}, {}):
        sent = asked(Front(application, 1), b"123456", b"78901", method="POST", headers=headers)
        assert sent.status == 413
        assert b"10 bytes" in sent.body
    assert application.environments == []


def test_a_request_that_does_not_come_whole_in_time_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(front_module, "BODY_WITHIN", 0.05)
    application = Seen()
    front = Front(application, 1)

    async def slow() -> Sent:
        async def receive() -> Mapping[str, Any]:
            await asyncio.sleep(3600)
            raise AssertionError("nothing comes")

        sent = Sent()
        scope = {"type": "http", "path": "/", "method": "POST", "headers": []}
        await front(scope, receive, sent)
        return sent

    assert loops.run(slow()).status == 408
    assert application.environments == []


class Held:
    """An application that works until it is let go."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.began = threading.Semaphore(0)

    def __call__(
        self, environment: Environment, start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        self.began.release()
        self.let_go.wait(20)
        start_response("200 OK", [])
        return [b"done"]


def test_what_cannot_be_done_soon_is_turned_away_and_the_front_stays_alive(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(front_module, "WAITS_AT_MOST", 0.2)
    application = Held()

    async def crowd() -> tuple[list[Sent], Sent]:
        front = Front(application, 2)
        asks = [asyncio.create_task(ask(front)) for _ in range(60)]
        await asyncio.sleep(0)
        alive = await ask(front, path="/livez")
        await asyncio.sleep(0.5)
        application.let_go.set()
        return [await one for one in asks], alive

    answers, alive = loops.run(crowd())
    assert alive.status == 200
    by_status = {status: [a for a in answers if a.status == status] for status in (200, 503)}
    assert len(by_status[200]) == 2
    assert len(by_status[503]) == 58
    assert {answer.headers[b"retry-after"] for answer in by_status[503]} == {b"2"}


def test_work_that_began_keeps_its_thread_though_its_client_has_gone() -> None:
    """Otherwise clients who ask and go would have more done than there are threads."""
    application = Held()

    async def gone() -> bool:
        front = Front(application, 1)
        first = asyncio.create_task(ask(front))
        await asyncio.to_thread(application.began.acquire)
        first.cancel()
        await asyncio.sleep(0)
        was_taken = front.free.locked()
        application.let_go.set()
        await ask(front)
        return was_taken

    assert loops.run(gone())


def test_an_application_that_breaks_is_answered_in_a_sentence(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(environment: Environment, start_response: Callable[..., Any]) -> Iterable[bytes]:
        raise ValueError("the wheel came off")

    sent = asked(Front(broken, 1), path="/stock/")
    assert sent.status == 500
    assert b"the wheel" not in sent.body
    assert "the wheel came off" in caplog.text


def test_a_large_answer_comes_whole() -> None:
    pieces = [bytes([n]) * 50_000 for n in range(20)]
    sent = asked(Front(Seen(pieces), 1))
    assert sent.body == b"".join(pieces)
    assert sent.headers[b"content-length"] == b"1000000"


def test_a_client_that_reads_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front_module, "READ_WITHIN", 0.05)
    front = Front(Seen(), 1)

    async def stalled() -> None:
        async def send(_: Mapping[str, Any]) -> None:
            await asyncio.sleep(3600)

        async def receive() -> Mapping[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        scope = {"type": "http", "path": "/", "method": "GET", "headers": []}
        await asyncio.wait_for(front(scope, receive, send), 5)

    loops.run(stalled())
