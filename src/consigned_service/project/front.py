"""The front of the service: slow and hostile clients end here, and Django sees whole requests only.

An ASGI application before Django's WSGI handler. It reads the body of a request before it takes a
thread for it, and sends the answer after the thread is free, so that nobody who sends or reads
slowly holds one. Work beyond what the threads can do soon is turned away at once, with a time at
which to come again. What a proxy reports about the client counts only where the proxy is trusted.

    too long in sending its request     408 Request Timeout
    too much in one request             413 Content Too Large
    too many wait already               503 Service Unavailable, Retry-After
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from ipaddress import IPv4Network, IPv6Network, ip_address
from tempfile import SpooledTemporaryFile
from typing import IO, Any, NamedTuple, Protocol

from consigned_service.interfaces.access.noted import REQUEST, ROUTE, USER

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Environment = dict[str, Any]
Header = tuple[bytes, bytes]
Network = IPv4Network | IPv6Network

LONGEST_BODY = 3_000_000
BODY_WITHIN = 30.0
"""Seconds in which the whole of a request must have come."""
READ_WITHIN = 60.0
"""Seconds in which a client must take the next piece of an answer."""
WAITS_AT_MOST = 5.0
WAITING_FOR_EACH_THREAD = 4
COME_AGAIN = 2
PIECE = 64 * 1024
IN_MEMORY = 64 * 1024
"""Larger bodies and answers wait on the disk."""

ABOUT_PROXIES = {
    b"forwarded", b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host",
    b"x-forwarded-port", b"x-forwarded-ssl", b"x-real-ip",
}  # fmt: skip
"""Headers that a proxy sets about its client; the application never sees them."""

WORKED = "consigned.worked"
"""In the environment of a request: in how many seconds it was done."""

access = logging.getLogger("consigned.access")
errors = logging.getLogger("consigned.errors")


class Application(Protocol):
    """A WSGI application."""

    def __call__(
        self, environ: Environment, start_response: Callable[..., Any], /
    ) -> Iterable[bytes]: ...


class Refused(Exception):
    """A request that does not reach the application."""

    def __init__(self, status: int, reason: str, *headers: Header) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.headers = headers


class Answer(NamedTuple):
    status: int
    headers: list[Header]
    body: IO[bytes]


class Client(NamedTuple):
    """Who asks, as far as a trusted proxy knows."""

    address: str
    scheme: str


class Front:
    """Shields a WSGI application from its clients."""

    def __init__(
        self, application: Application, threads: int, trusted_proxies: Iterable[Network] = ()
    ) -> None:
        self.application = application
        self.trusted = list(trusted_proxies)
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self.free = asyncio.Semaphore(threads)
        self.most_waiting = threads * WAITING_FOR_EACH_THREAD
        self.waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            event = (await receive())["type"]
            await send({"type": f"{event}.complete"})
            if event == "lifespan.shutdown":
                self.pool.shutdown()
                return

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = self._client(scope)
        asked = time.monotonic()
        environment: Environment = {}
        try:
            if scope["path"] == "/livez":
                answer = _alive(scope["method"])
            else:
                body = await _whole_body(scope, receive)
                environment = _environment(scope, client, body)
                answer = await self._work(environment)
        except Refused as refused:
            answer = plain(refused.status, refused.reason, *refused.headers)
        except _Gone:
            return
        except Exception:  # noqa: BLE001  # whatever it is, the client gets a sentence
            errors.exception("%s %s", scope["method"], _shown(scope["path"]))
            answer = plain(500, "Something broke here, and it has been written down.")
        with answer.body:
            await _send(answer, send, is_head=scope["method"] == "HEAD")
        _note(scope, client, answer, time.monotonic() - asked, environment)

    def _client(self, scope: Scope) -> Client:
        """The nearest address that is no trusted proxy, and how it reached the first one."""
        address = (scope.get("client") or ("",))[0]
        scheme = scope.get("scheme", "http")
        if not self._is_trusted(address):
            return Client(address, scheme)
        forwarded = _header(scope, b"x-forwarded-for").split(",")
        for hop in reversed([hop.strip() for hop in forwarded if hop.strip()]):
            if not _is_address(hop):
                break
            address = hop
            if not self._is_trusted(hop):
                break
        reported = _header(scope, b"x-forwarded-proto").rpartition(",")[2].strip().lower()
        return Client(address, reported if reported in ("http", "https") else scheme)

    def _is_trusted(self, address: str) -> bool:
        return _is_address(address) and any(
            ip_address(address) in network for network in self.trusted
        )

    async def _work(self, environment: Environment) -> Answer:
        """Let a thread do the work. One that began is waited for, even where its client has gone:
        what it does to the database is done."""
        await self._turn()
        running = asyncio.get_running_loop().run_in_executor(
            self.pool, _run, self.application, environment
        )
        running.add_done_callback(lambda _: self.free.release())
        return await asyncio.shield(running)

    async def _turn(self) -> None:
        """Wait for a thread: not long, and in no long queue."""
        if self.free.locked() and self.waiting >= self.most_waiting:
            raise _too_busy()
        self.waiting += 1
        try:
            await asyncio.wait_for(self.free.acquire(), WAITS_AT_MOST)
        except TimeoutError:
            raise _too_busy() from None
        finally:
            self.waiting -= 1


def _alive(method: str) -> Answer:
    if method not in ("GET", "HEAD"):
        raise Refused(405, "This address answers GET and HEAD.", (b"allow", b"GET, HEAD"))
    return plain(200, "alive")


class _Gone(Exception):
    """The client has gone away before its request was whole."""


def _too_busy() -> Refused:
    return Refused(
        503, "Too many people ask at once. Try again in a moment.",
        (b"retry-after", str(COME_AGAIN).encode()),
    )  # fmt: skip


# --- what comes in -------------------------------------------------------------------------------


async def _whole_body(scope: Scope, receive: Receive) -> IO[bytes]:
    """The body of a request, once all of it is here."""
    length = _header(scope, b"content-length")
    if length.isdecimal() and int(length) > LONGEST_BODY:
        raise _too_large()
    body = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # closed with the environment it is in
    try:
        async with asyncio.timeout(BODY_WITHIN):
            await _receive(receive, body)
    except TimeoutError:
        body.close()
        raise Refused(408, "The request took too long to arrive.", CLOSE) from None
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return body


async def _receive(receive: Receive, body: IO[bytes]) -> None:
    size = 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise _Gone
        piece = event.get("body", b"")
        size += len(piece)
        if size > LONGEST_BODY:
            raise _too_large()
        body.write(piece)
        if not event.get("more_body", False):
            return


CLOSE = (b"connection", b"close")


def _too_large() -> Refused:
    return Refused(413, f"A request may have {LONGEST_BODY:,} bytes. Send less at once.", CLOSE)


def _environment(scope: Scope, client: Client, body: IO[bytes]) -> Environment:
    """A request as WSGI describes it, with nothing of our own process: it may be written down."""
    host, port = scope.get("server") or ("localhost", None)
    environment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope.get("query_string", b"").decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 80),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "REMOTE_ADDR": client.address,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": client.scheme,
        "wsgi.input": body,
        "wsgi.errors": _Errors(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        REQUEST: secrets.token_hex(8),
    }
    environment["CONTENT_LENGTH"] = str(body.seek(0, 2))
    body.seek(0)
    for name, value in scope["headers"]:
        _add_header(environment, name.lower(), value.decode("latin-1"))
    return environment


def _add_header(environment: Environment, name: bytes, value: str) -> None:
    if name in ABOUT_PROXIES or name in (b"content-length", b"proxy") or b"_" in name:
        return  # a name with an underscore would pass for another one with a hyphen
    key = name.decode("latin-1").upper().replace("-", "_")
    if key != "CONTENT_TYPE":
        key = f"HTTP_{key}"
    separator = "; " if key == "HTTP_COOKIE" else ","
    environment[key] = f"{environment[key]}{separator}{value}" if key in environment else value


class _Errors:
    """Where an application may complain; this one writes to the log."""

    def write(self, text: str) -> int:
        if text.strip():
            logging.getLogger("consigned.wsgi").error(text.rstrip())
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Every line is written at once."""


def _header(scope: Scope, name: bytes) -> str:
    values = [value for given, value in scope["headers"] if given.lower() == name]
    return b",".join(values).decode("latin-1")


def _is_address(text: str) -> bool:
    with suppress(ValueError):
        ip_address(text)
        return True
    return False


# --- what goes out -------------------------------------------------------------------------------


def _run(application: Application, environment: Environment) -> Answer:
    """In a thread: the whole answer of the application, in memory or on the disk."""
    started: list[tuple[int, list[Header]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
        encoded = [
            (name.lower().encode("latin-1"), v.strip().encode("latin-1")) for name, v in headers
        ]
        started.append((int(status.partition(" ")[0]), encoded))

    body = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # closed once it is sent
    began = time.monotonic()
    with environment["wsgi.input"]:
        pieces = application(environment, start_response)
        try:
            for piece in pieces:
                body.write(piece)
        finally:
            if close := getattr(pieces, "close", None):
                close()
    environment[WORKED] = time.monotonic() - began
    status, headers = started[-1]
    headers.append((b"x-request-id", environment[REQUEST].encode()))
    return Answer(status, headers, body)


def plain(status: int, text: str, *headers: Header) -> Answer:
    """A sentence as an answer."""
    body = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # closed once it is sent
    body.write(f"{text}\n".encode())
    kind = (b"content-type", b"text/plain; charset=utf-8")
    return Answer(status, [kind, (b"cache-control", b"no-store"), *headers], body)


async def _send(answer: Answer, send: Send, *, is_head: bool) -> None:
    """Send an answer piece by piece; a client that takes none for a while has gone."""
    size = answer.body.seek(0, 2)
    answer.body.seek(0)
    headers = [one for one in answer.headers if one[0] != b"content-length"]
    if not is_head and answer.status not in (204, 304):
        headers.append((b"content-length", str(size).encode()))
    with suppress(OSError, TimeoutError):
        start = {"type": "http.response.start", "status": answer.status, "headers": headers}
        await asyncio.wait_for(send(start), READ_WITHIN)
        for piece in () if is_head else _pieces(answer.body):
            body = {"type": "http.response.body", "body": piece, "more_body": True}
            await asyncio.wait_for(send(body), READ_WITHIN)
        await asyncio.wait_for(send({"type": "http.response.body", "body": b""}), READ_WITHIN)


def _pieces(body: IO[bytes]) -> Iterator[bytes]:
    while piece := body.read(PIECE):
        yield piece


def _shown(path: str) -> str:
    """A path as a line of the log may show it."""
    return path[:200].encode("unicode_escape").decode()


def _note(
    scope: Scope, client: Client, answer: Answer, seconds: float, environment: Environment
) -> None:
    """One line about a request: no query, body or key."""
    path = environment.get(ROUTE) or _shown(scope["path"])
    worked = environment.get(WORKED, 0.0)
    access.info(
        "%s %s %d", scope["method"], path, answer.status,
        extra={
            "method": scope["method"], "route": path, "status": answer.status,
            "waited_ms": round((seconds - worked) * 1000), "worked_ms": round(worked * 1000),
            "client": client.address, "user": environment.get(USER, ""),
            "request_id": environment.get(REQUEST, ""),
        },
    )  # fmt: skip
