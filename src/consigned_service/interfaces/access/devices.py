"""The devices that people signed in with: each carries a signed cookie with a number of its own and
the accounts that were signed in with it. The cookie opens nothing. It only lets failed sign-ins of
a known device be counted apart from those of strangers.
"""

import secrets
import unicodedata
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

LASTS = 365 * 24 * 60 * 60
MOST_ACCOUNTS = 10
"""As many people may share a device before the first of them is forgotten."""
SALT = "consigned.device"


class Device(NamedTuple):
    """What the cookie of a device holds."""

    number: str
    accounts: tuple[str, ...]


UNKNOWN = Device("", ())


BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
"""By which part of its name a browser is known; the first that fits, since most name others too."""
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"),
    ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_in_words(request: HttpRequest) -> str:
    """The browser and the system that a request names, as its user knows them: Firefox on Windows.
    Nothing of it is checked."""
    agent = request.META.get("HTTP_USER_AGENT", "")[:1000]
    browser = next((name for part, name in BROWSERS if part in agent), "Another browser")
    system = next((name for part, name in SYSTEMS if part in agent), "")
    return f"{browser} on {system}" if system else browser


def account_of(name: str) -> str:
    """The account that a name means, whether there is one or not. All spellings of a name by which
    the database finds one user are one account."""
    plain = unicodedata.normalize("NFKC", name.strip()).upper().casefold()
    return sha256(plain.encode(errors="replace")).hexdigest()[:32]


def device_of(request: HttpRequest) -> Device:
    """The device that sent a request, as far as its cookie is ours."""
    cookie = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    try:
        number, accounts = signing.loads(cookie, salt=SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError):
        return UNKNOWN
    return Device(number, tuple(accounts))


def remember(request: HttpRequest, response: HttpResponseBase, name: str) -> None:
    """Let a device be known for an account that was signed in with it."""
    known, account = device_of(request), account_of(name)
    others = [one for one in known.accounts if one != account]
    accounts = [account, *others][:MOST_ACCOUNTS]
    cookie = signing.dumps([known.number or secrets.token_urlsafe(16), accounts], salt=SALT)
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME, cookie, max_age=LASTS, secure=settings.SESSION_COOKIE_SECURE,
        httponly=True, samesite="Lax",
    )  # fmt: skip
