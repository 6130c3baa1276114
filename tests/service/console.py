"""The command line as people and programs use it: in this process, or in one of its own.

console("owed", "--json")           the same code, without the second it takes to start
console.apart("owed", "--json")     the real thing
"""

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from consigned_service.interfaces.console import main

COMMAND = (sys.executable, "-m", "consigned_service.interfaces.console.main")


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said to its user and to a program."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        return json.loads(self.out)


class Console:
    """A user at the command line, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: str) -> Said:
        out, err = io.StringIO(), io.StringIO()
        with (
            contextlib.chdir(self.folder),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            code = main.run(words)
        return Said(code, out.getvalue(), err.getvalue())

    def apart(self, *words: str, database: str | None = None) -> Said:
        done = subprocess.run(
            [*COMMAND, *words],
            cwd=self.folder,
            env=self.surroundings(database),
            capture_output=True,
            timeout=120,
            check=False,
        )
        said = Said(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert "Traceback" not in said.out + said.err, said.err
        return said

    def start(self, *words: str) -> "subprocess.Popen[str]":
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [*COMMAND, *words], cwd=self.folder, env=self.surroundings(), stdout=pipe, stderr=pipe,
            text=True,
        )  # fmt: skip

    def surroundings(self, database: str | None = None) -> dict[str, str]:
        kept = os.environ | {"XDG_STATE_HOME": str(self.folder / "state")}
        return kept | ({"DATABASE_URL": database} if database else {})

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def read(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def imports(self, kind: str, content: str, *words: str) -> Said:
        """Write lines to KIND.csv and import them."""
        self.file(f"{kind}.csv", content)
        return self("import", kind, f"{kind}.csv", *words)
