"""What a deployment may choose: each name once, where its value comes from, and what it may be.

A value comes from the environment, or from one file of `NAME=VALUE` lines: the one that
`CONSIGNED_CONFIG` names, otherwise `consigned.env` here, otherwise `/etc/consigned/consigned.env`.
The environment wins. A secret may stand in a file of its own, which `NAME_FILE` names, as systemd
and container platforms hand secrets over. A name that nobody knows is refused: it would be a choice
that is silently not made.
"""

import difflib
import os
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

CONFIG = "CONSIGNED_CONFIG"
PLACES = (Path("consigned.env"), Path("/etc/consigned/consigned.env"))
IN_FILE = "_FILE"
LONGEST_FILE = 1_000_000


class Setting(NamedTuple):
    """One choice of a deployment."""

    name: str
    meaning: str
    default: str = ""
    is_secret: bool = False


SETTINGS = (
    Setting(CONFIG, "file with settings, one `NAME=VALUE` a line (consigned.env here, or "
            "/etc/consigned/consigned.env)"),
    Setting("DATABASE_URL", "postgresql://user@host/name, or sqlite:///file",
            "sqlite:///consigned.sqlite3", is_secret=True),
    Setting("CONSIGNED_URL", "address that people reach the pages at, as "
            "https://consigned.example.com; several are separated by commas, the first is written "
            "in letters. With https, cookies are sent over it alone"),
    Setting("CONSIGNED_TRUSTED_PROXIES", "networks of the proxies whose X-Forwarded-For and "
            "X-Forwarded-Proto count, as 127.0.0.1, 10.0.0.0/8; nobody else's do"),
    Setting("CONSIGNED_LISTEN", "address and port that `consigned serve` listens on",
            "127.0.0.1:8000"),
    Setting("CONSIGNED_PROCESSES", "processes that answer pages; one can use one core", "1"),
    Setting("CONSIGNED_THREADS", "requests that each process works on at once", "4"),
    Setting("CONSIGNED_SECRET_KEY", "signs sessions; without it one is made once and stored in the "
            "user's state", is_secret=True),
    Setting("CONSIGNED_SECRET_KEY_OLD", "former secret keys, separated by commas, whose sessions "
            "are still known", is_secret=True),
    Setting("CONSIGNED_TIME_ZONE", "whose day it is where an organization names no zone of its own",
            "UTC"),
    Setting("CONSIGNED_MAIL", "smtp://user:password@host:port or smtps://…, by which advices are "
            "sent", is_secret=True),
    Setting("CONSIGNED_MAIL_FROM", "address that advices come from", "consigned@localhost"),
    Setting("CONSIGNED_SECURITY_CONTACT", "whom to report a weakness to, as "
            "mailto:security@example.com or an https address; shown at /.well-known/security.txt"),
    Setting("CONSIGNED_LOG", "`text` for people, `json` for programs that gather logs", "text"),
)  # fmt: skip


class Chosen(NamedTuple):
    """A value, and where it was found."""

    value: str
    origin: str


class Configuration:
    """The choices of one deployment."""

    def __init__(self, chosen: Mapping[str, Chosen]) -> None:
        self.chosen = chosen

    def __getitem__(self, name: str) -> str:
        return self.chosen[name].value

    def listed(self) -> Iterator[tuple[Setting, Chosen]]:
        """Every setting, and what was chosen."""
        for setting in SETTINGS:
            yield setting, self.chosen[setting.name]

    def whole_number(self, name: str, most: int) -> int:
        value = self[name]
        if not value.isascii() or not value.isdecimal() or not 1 <= int(value[:9]) <= most:
            raise ImproperlyConfigured(f"{name} {value!r} is no whole number from 1 to {most}")
        return int(value)

    def one_of(self, name: str, *choices: str) -> str:
        if self[name] not in choices:
            raise ImproperlyConfigured(f"{name} {self[name]!r} is none of {', '.join(choices)}")
        return self[name]

    def parts(self, name: str) -> list[str]:
        """The parts between the commas."""
        return [part.strip() for part in self[name].split(",") if part.strip()]

    def listen(self) -> tuple[str, int]:
        """The address and port to listen on."""
        host, colon, port = self["CONSIGNED_LISTEN"].rpartition(":")
        if not colon or not host or not port.isascii() or not port.isdecimal() or int(port) > 65535:
            raise ImproperlyConfigured(
                f"CONSIGNED_LISTEN {self['CONSIGNED_LISTEN']!r} is no address with a port, as "
                "127.0.0.1:8000 is one"
            )
        return host.strip("[]"), int(port)

    def origins(self) -> list[str]:
        """The addresses that people reach the pages at, the one for letters first."""
        return [_origin(address) for address in self.parts("CONSIGNED_URL")]

    def security_contact(self) -> str:
        """The address in security.txt, of which it is a line."""
        contact = self["CONSIGNED_SECURITY_CONTACT"]
        is_address = contact.startswith(("mailto:", "https://")) and contact.isprintable()
        if contact and (not is_address or " " in contact):
            raise ImproperlyConfigured(
                f"CONSIGNED_SECURITY_CONTACT {contact!r} is no address as "
                "mailto:security@example.com is one"
            )
        return contact

    def trusted_proxies(self) -> list[IPv4Network | IPv6Network]:
        return [_network(network) for network in self.parts("CONSIGNED_TRUSTED_PROXIES")]


def read_configuration(environment: Mapping[str, str] = os.environ) -> Configuration:
    """What the environment and the file of this deployment choose."""
    path = _file(environment)
    in_file = _lines(path) if path else {}
    _refuse_unknown(environment, "the environment")
    _refuse_unknown(in_file, str(path))
    return Configuration(
        {setting.name: _choose(setting, environment, in_file, path) for setting in SETTINGS}
    )


def _choose(
    setting: Setting,
    environment: Mapping[str, str],
    in_file: Mapping[str, str],
    path: Path | None,
) -> Chosen:
    for values, origin in ((environment, "the environment"), (in_file, str(path))):
        if value := values.get(setting.name):
            return Chosen(value, origin)
        if setting.is_secret and (path_given := values.get(setting.name + IN_FILE)):
            return Chosen(_text(Path(path_given)).strip(), path_given)
    return Chosen(setting.default, "default")


def _file(environment: Mapping[str, str]) -> Path | None:
    if named := environment.get(CONFIG):
        return Path(named)
    return next((path for path in PLACES if path.is_file()), None)


def _text(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(LONGEST_FILE)
    except (OSError, UnicodeDecodeError) as wrong:
        because = getattr(wrong, "strerror", None) or "it is not UTF-8"
        raise ImproperlyConfigured(f"The file {path} cannot be read: {because.lower()}") from None


def _lines(path: Path) -> dict[str, str]:
    values: dict[str, str] = {}
    for number, line in enumerate(_text(path).splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = (part.strip() for part in line.partition("="))
        if not equals or not name:
            raise ImproperlyConfigured(f"Line {number} of {path} is not NAME=VALUE")
        if name in values:
            raise ImproperlyConfigured(f"Line {number} of {path} gives {name} a second time")
        values[name] = _unquoted(value)
    return values


def _unquoted(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if is_quoted else value


def _refuse_unknown(values: Mapping[str, str], origin: str) -> None:
    known = {setting.name for setting in SETTINGS}
    known |= {setting.name + IN_FILE for setting in SETTINGS if setting.is_secret}
    for name in values:
        if name not in known and (name.startswith("CONSIGNED_") or origin != "the environment"):
            near = difflib.get_close_matches(name, known, n=1)
            meant = f" {near[0]} may be meant." if near else ""
            raise ImproperlyConfigured(
                f"There is no setting {name}, which {origin} gives.{meant} `consigned settings` "
                "lists them"
            )


def _origin(address: str) -> str:
    parts = urlsplit(address)
    try:
        is_origin = bool(parts.scheme in ("http", "https") and parts.hostname and parts.port != 0)
    except ValueError:
        is_origin = False
    if not is_origin or parts.path not in ("", "/") or parts.query or "@" in parts.netloc:
        raise ImproperlyConfigured(
            f"CONSIGNED_URL {address!r} is no address as https://consigned.example.com is one"
        )
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError:
        raise ImproperlyConfigured(
            f"CONSIGNED_TRUSTED_PROXIES {text!r} is no network, as 10.0.0.0/8 or 127.0.0.1 are"
        ) from None
