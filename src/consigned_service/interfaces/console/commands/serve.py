"""Serve the pages, and run what is scheduled, until interrupted.

consigned serve             pages and a worker
consigned serve --web       the pages alone
consigned serve --worker    the worker alone: scheduled runs, and letters that wait

Where others are to reach them, set CONSIGNED_URL to the address that they use, and let a proxy
such as nginx speak HTTPS for it.
"""

import os
import resource
import signal
import socket
import sys
import threading
from argparse import SUPPRESS, ArgumentParser, Namespace
from ipaddress import ip_address

from django.conf import settings
from django.db import connections
from granian.constants import HTTPModes, Interfaces
from granian.server import Server

from consigned_service.interfaces.console.companion import Companion
from consigned_service.interfaces.console.exit_codes import DONE, MISUSED, say
from consigned_service.interfaces.console.worker import Worker
from consigned_service.interfaces.tables.text import answer, show

COMMAND = (sys.executable, "-m", "consigned_service.interfaces.console.main")
ATTACHED = "--attached"
"""Tells a worker that it ends with the process that started it."""
MANY_CONNECTIONS = 16_384
"""How many clients one process holds at once; most of them wait for something."""


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--host", help="address to listen on (that of CONSIGNED_LISTEN)")
    parser.add_argument("--port", type=int, help="port to listen on (that of CONSIGNED_LISTEN)")
    parser.add_argument(
        "--processes", type=int, help="processes that answer pages (CONSIGNED_PROCESSES)"
    )
    parser.add_argument(
        "--threads", type=int, help="requests each works on at once (CONSIGNED_THREADS)"
    )
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--web", action="store_true", help="the pages alone")
    only.add_argument("--worker", action="store_true", help="the worker alone")
    parser.add_argument(ATTACHED, action="store_true", help=SUPPRESS)
    parser.add_argument(
        "--insecure", action="store_true",
        help="let others than this machine reach the pages without HTTPS",
    )  # fmt: skip


def run(arguments: Namespace) -> int:
    if arguments.worker:
        Worker(is_attached=arguments.attached).run()
        return DONE
    return _serve_pages(arguments)


def _serve_pages(arguments: Namespace) -> int:
    host, port = settings.LISTEN
    host = arguments.host or host
    port = port if arguments.port is None else arguments.port
    processes = arguments.processes or settings.PROCESSES
    threads = arguments.threads or settings.THREADS
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    if not (is_this_machine(host) or settings.IS_HTTPS or arguments.insecure):
        say(
            f"Passwords would be readable on their way to {address}: set CONSIGNED_URL to the "
            "https address of the proxy in front, or say --insecure"
        )
        return MISUSED
    if reason := _occupied(host, port):
        say(f"Nothing can be served at {host}:{port}: {reason}")
        return MISUSED
    connections.close_all()
    if not arguments.web:
        _keep_alive(arguments, host, port, processes, threads)
        return DONE
    os.environ["CONSIGNED_THREADS"] = str(threads)
    if not settings.ORIGINS:
        os.environ["CONSIGNED_URL"] = address
    if arguments.json:
        answer({"address": f"{address}/"})
    else:
        show(f"Serving {address}/ – stop it with Ctrl-C.")
    serve(host=host, port=port, processes=processes)
    return DONE


def _keep_alive(arguments: Namespace, host: str, port: int, processes: int, threads: int) -> None:
    """Keep the pages and a worker alive, each in a process of its own, until interrupted."""
    web = [*COMMAND, "serve", "--web", f"--host={host}", f"--port={port}",
           f"--processes={processes}", f"--threads={threads}"]  # fmt: skip
    web += ["--insecure"] * arguments.insecure + ["--json"] * arguments.json
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    with (
        Companion("the pages", web),
        Companion("the worker", [*COMMAND, "serve", "--worker", ATTACHED]),
    ):
        ending.wait()


def serve(*, host: str, port: int, processes: int) -> None:
    """Serve the pages until interrupted; the database is the one that DATABASE_URL names."""
    _allow_many_connections()
    Server(
        "consigned_service.project.asgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=processes,
        backpressure=MANY_CONNECTIONS,
        respawn_failed_workers=True,
        workers_kill_timeout=30,
        log_enabled=False,
    ).serve()


def is_this_machine(host: str) -> bool:
    """Whether only programs of this machine reach an address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _allow_many_connections() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MANY_CONNECTIONS * 2
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _occupied(host: str, port: int) -> str:
    """Why nothing can be served at an address, if so."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as wrong:
        return str(getattr(wrong, "strerror", None) or wrong).lower()
    return ""
