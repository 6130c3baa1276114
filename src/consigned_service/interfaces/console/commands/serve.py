"""Serve the pages until interrupted.

Behind a name of your own, give it in CONSIGNED_HOSTS; behind HTTPS, set CONSIGNED_HTTPS=1.
"""

import os
import socket
from argparse import ArgumentParser, Namespace

from django.db import connections
from granian.constants import Interfaces
from granian.server import Server

from consigned_service.interfaces.console.exit_codes import DONE, MISUSED, say
from consigned_service.interfaces.tables.text import answer, show


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
    parser.add_argument("--workers", type=int, default=1, help="processes (1)")
    parser.add_argument("--threads", type=int, default=4, help="threads in each process (4)")


def run(arguments: Namespace) -> int:
    host, port = arguments.host, arguments.port
    if reason := _occupied(host, port):
        say(f"Nothing can be served at {host}:{port}: {reason}")
        return MISUSED
    connections.close_all()
    if host not in ("127.0.0.1", "localhost", "::1", "0.0.0.0", "::"):
        os.environ.setdefault("CONSIGNED_HOSTS", f"localhost,127.0.0.1,[::1],{host}")
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    if arguments.json:
        answer({"address": address})
    else:
        show(f"Serving {address} – stop it with Ctrl-C.")
    serve(host=host, port=port, workers=arguments.workers, threads=arguments.threads)
    return DONE


def serve(*, host: str, port: int, workers: int = 1, threads: int = 4) -> None:
    """Serve the pages until interrupted; the database is the one that DATABASE_URL names."""
    Server(
        "consigned_service.project.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        log_enabled=False,
    ).serve()


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
