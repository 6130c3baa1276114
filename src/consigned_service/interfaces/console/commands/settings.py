"""Show what this deployment has chosen, and where each value was found.

Secrets are not shown. With --check, what a deployment that others reach should change is named.
"""

from argparse import ArgumentParser, Namespace
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import run_checks

from consigned_service.interfaces.console.exit_codes import DONE, REFUSED, say
from consigned_service.interfaces.tables.text import answer, show_table

MASKED = "…"


def options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--check", action="store_true", help="say what should be otherwise where others reach it"
    )


class Row(NamedTuple):
    setting: str
    value: str
    origin: str


def run(arguments: Namespace) -> int:
    if arguments.check:
        return _check(arguments)
    rows = [
        Row(setting.name, _shown(setting.is_secret, chosen.value), chosen.origin)
        for setting, chosen in settings.CONFIGURATION.listed()
    ]
    if arguments.json:
        answer(rows)
    else:
        show_table(
            rows,
            {
                "Setting": lambda row: row.setting,
                "Value": lambda row: row.value,
                "From": lambda row: row.origin,
            },
        )
    return DONE


def _shown(is_secret: bool, value: str) -> str:
    """A value without what nobody may read: an address without its password."""
    if not is_secret or not value:
        return value
    parts = urlsplit(value)
    if not parts.scheme:
        return MASKED
    user, at, host = parts.netloc.rpartition("@")
    name, colon, _ = user.partition(":")
    return f"{parts.scheme}://{name}{colon and f':{MASKED}'}{at}{host}{parts.path}"


def _check(arguments: Namespace) -> int:
    found = [
        f"{message.msg.split('.', 1)[0].strip()} ({message.id})"
        for message in run_checks(include_deployment_checks=True)
        if not message.is_silenced()
    ]
    if not settings.IS_HTTPS:
        found.append("CONSIGNED_URL names no https address, so passwords are not protected")
    if arguments.json:
        answer({"found": found})
    for sentence in found:
        say(sentence)
    return REFUSED if found else DONE
