"""A process that goes along with this one: started with it, again when it dies, and stopped with
it."""

import logging
import subprocess
import threading
from collections.abc import Sequence
from types import TracebackType

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds before it is started again, twice as long each time."""
WELL_AFTER = 60.0
"""After one that lived so long, the pauses begin with the first."""
TO_FINISH = 30.0
"""Seconds in which it may finish what it does."""

log = logging.getLogger("consigned.serve")


class Companion:
    """Keeps one process alive for as long as the block lasts."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name = name
        self.command = command
        self.ending = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self.thread = threading.Thread(target=self._keep_alive, daemon=True)

    def __enter__(self) -> "Companion":
        self.thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        wrong: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self.ending.set()
        process = self.process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(TO_FINISH)
            except subprocess.TimeoutExpired:
                process.kill()
        self.thread.join(5)

    def _keep_alive(self) -> None:
        pause = FIRST_PAUSE
        while not self.ending.is_set():
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, start_new_session=True
            )
            try:
                self.process.wait(WELL_AFTER)
            except subprocess.TimeoutExpired:
                pause = FIRST_PAUSE
                self.process.wait()
            if not self.ending.is_set():
                log.error("the worker ended with %s and is started again", self.process.returncode)
                self.ending.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
