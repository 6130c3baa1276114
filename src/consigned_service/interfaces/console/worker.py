"""The worker: it makes the runs that are due and sends the letters that wait, until it is stopped.

Several may work at once, on several machines: each run and each letter is leased to one of them.
"""

import logging
import os
import signal
import socket
import threading
from datetime import timedelta
from importlib.metadata import version
from types import FrameType

from django.db import Error, close_old_connections

from consigned_service.interfaces.console.options import now
from consigned_service.interfaces.messages import email
from consigned_service.operations.installation.processes import beat, leave
from consigned_service.operations.installation.runs import Door, work

LOOKS = 2.0
"""Seconds between two looks for work."""
BEATS = timedelta(seconds=10)

log = logging.getLogger("consigned.worker")


class Worker:
    """One process that works."""

    def __init__(self, *, is_attached: bool = False) -> None:
        self.name = f"{socket.gethostname()[:60]} {os.getpid()}"
        self.parent = os.getppid() if is_attached else None
        self.stopped = threading.Event()

    def run(self) -> None:
        """Work until the process is told to stop; what was begun is finished."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        last = now() - BEATS
        while not self.stopped.is_set() and not self._is_orphan():
            close_old_connections()
            try:
                if now() - last >= BEATS:
                    beat(self.name, version("consigned"), now())
                    last = now()
                done = work(self.name, now, Door(email.write, email.post))
            except Error:
                log.exception("the database does not answer")
                done = 0
            self.stopped.wait(0 if done else LOOKS)
        leave(self.name)

    def _is_orphan(self) -> bool:
        """Whether the process that started it is gone."""
        return self.parent is not None and os.getppid() != self.parent

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopped.set()
