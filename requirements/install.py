"""Installs the product into .venv from a lock file: `python3 requirements/install.py demo`.

Needs only Python 3.11 with its venv module. The quick way is uv, which lives in a
side environment of its own (.tools). Where uv cannot be had, or fails, pip installs
the same files more slowly. Whatever index, certificate or mirror pip is configured
with, uv is given for this run only; nothing of it is written down.

    run      what the service needs
    demo     the same, and the demonstration's data
    dev      the same, and what the checks and tests need
    tools    uv alone, for `make lock`

Nothing is done when .venv already holds what the lock file says. Packages that
somebody added to .venv by hand stay there.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "consigned needs Python 3.11 or newer, and %s is %d.%d: name another with"
        " `make PYTHON=/path/to/python3.11 ...`." % ((sys.executable,) + sys.version_info[:2])
    )

import ast
import hashlib
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "requirements"
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"


def main(name: str) -> None:
    if name == "tools":
        uv_in(tools())
        return
    lock = LOCKS / f"{name}.txt"
    wanted = fingerprint(lock, ROOT / "pyproject.toml")
    if stamp(name).exists() and stamp(name).read_text() == wanted and works(python_in(VENV)):
        return
    environment(VENV)
    say(f"Installing {lock.relative_to(ROOT)} into .venv ...")
    for install in ways_to_install():
        if install("--require-hashes", "--requirement", lock) and install(
            "--no-deps", "--no-build-isolation", "--editable", ROOT
        ):
            stamp(name).write_text(wanted)
            return
        say("... that did not work; trying the next way.")
    sys.exit("The packages could not be installed; the reasons are above.")


def ways_to_install() -> Iterator[Callable[..., bool]]:
    """uv, then pip."""
    pip = tools()
    if uv := uv_in(pip):
        settings = os.environ | settings_for_uv(pip)

        def with_uv(*arguments: object) -> bool:
            return run(uv, "pip", "install", "--python", python_in(VENV), *arguments, env=settings)

        yield with_uv

    def with_pip(*arguments: object) -> bool:
        return run(pip, "-m", "pip", "--python", python_in(VENV), "install", *arguments)

    yield with_pip


def tools() -> Path:
    """The Python of the side environment, whose pip serves both environments."""
    environment(TOOLS, "pip")
    return python_in(TOOLS)


def uv_in(pip: Path) -> Path | None:
    """uv as locked in tools.txt, or None where it cannot be had."""
    uv = pip.with_name("uv.exe" if os.name == "nt" else "uv")
    lock = LOCKS / "tools.txt"
    noted = TOOLS / "installed"
    if not (noted.exists() and noted.read_text() == fingerprint(lock) and works(uv)):
        say("Installing uv into .tools ...")
        if not run(pip, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock):
            return None
        noted.write_text(fingerprint(lock))
    return uv if works(uv) else None


def settings_for_uv(pip: Path) -> dict[str, str]:
    """What pip is configured with, in uv's words. What is said to uv itself comes first."""
    of_pip = settings_of_pip(pip)
    settings = {"UV_PYTHON_DOWNLOADS": "never"}
    if index := of_pip.get("index-url"):
        settings["UV_DEFAULT_INDEX"] = index
    if more := of_pip.get("extra-index-url"):
        # The hashes in the lock file make it safe to take a package from any of them.
        settings |= {"UV_INDEX": " ".join(more.split()), "UV_INDEX_STRATEGY": "unsafe-best-match"}
    if folders := of_pip.get("find-links"):
        settings["UV_FIND_LINKS"] = ",".join(folders.split())
    if hosts := of_pip.get("trusted-host"):
        settings["UV_INSECURE_HOST"] = " ".join(hosts.split())
    if certificates := of_pip.get("cert"):
        settings["SSL_CERT_FILE"] = certificates
    return {name: value for name, value in settings.items() if name not in os.environ}


def settings_of_pip(pip: Path) -> dict[str, str]:
    """pip's configuration for installing, whichever file or variable it came from."""
    listed = subprocess.run(
        [pip, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    of_section: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in listed.splitlines():
        key, _, value = line.partition("=")
        section, _, name = key.rpartition(".")
        if section in of_section and value:
            of_section[section][name] = str(ast.literal_eval(value))
    return of_section["global"] | of_section["install"] | of_section[":env:"]


def environment(folder: Path, *with_pip: str) -> None:
    """A virtual environment that works, made anew where it does not."""
    if works(python_in(folder)):
        return
    options = ["--clear"] if with_pip else ["--clear", "--without-pip"]
    if not run(sys.executable, "-m", "venv", *options, folder):
        sys.exit(
            f"{folder.name} could not be made: Python's venv module is needed"
            " (on Debian and Ubuntu: apt-get install python3-venv)."
        )


def stamp(name: str) -> Path:
    return VENV / f"installed-{name}"


def fingerprint(*files: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def python_in(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def works(program: Path) -> bool:
    try:
        tried = subprocess.run([program, "--version"], capture_output=True, check=False)
        return tried.returncode == 0
    except OSError:
        return False


def run(*command: object, env: dict[str, str] | None = None) -> bool:
    return subprocess.run([str(part) for part in command], env=env, check=False).returncode == 0


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in {"run", "demo", "dev", "tools"}:
        sys.exit("Which one: run, demo, dev or tools?")
    main(sys.argv[1])
