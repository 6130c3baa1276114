"""Settings of the service. What a deployment may choose is in configuration.py."""

import gc
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured

from consigned.master_data.access import LONGEST_SESSION
from consigned_service.project.configuration import read_configuration
from consigned_service.project.logs import logging_of

# A batch holds some hundred thousand small values at once, and no ring among them: looking for
# rings as often as Python does by itself takes a tenth of the time of posting.
gc.set_threshold(100_000, 20, 20)

BASE_DIR = Path(__file__).resolve().parent.parent
CONFIGURATION = read_configuration()


NO_JIT = "-c jit=off"
"""PostgreSQL is not to compile a statement before it runs it: that takes a second, and its answer a
fiftieth of one. Options in the address of the database take its place (decision 0070)."""


def database_from_url(url: str) -> dict[str, Any]:
    """A Django database entry for a URL: sqlite:///file or postgresql://user:password@host/name."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(unquote(url.removeprefix("sqlite:///")))
    if parts.scheme in ("postgres", "postgresql"):
        options = dict(parse_qsl(parts.query))
        options.setdefault("options", NO_JIT)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": options.pop("host", None) or unquote(parts.hostname or ""),
            "PORT": options.pop("port", None) or str(parts.port or ""),
            "OPTIONS": options,
            "CONN_HEALTH_CHECKS": True,
            "CONN_MAX_AGE": 60,
        }
    raise ImproperlyConfigured(
        f"the database address {url!r} is neither sqlite:///FILE nor postgresql://HOST/NAME"
    )


def host_of(origin: str) -> str:
    """The host in the address of a site, as Django compares it: no port, IPv6 in brackets."""
    host = urlsplit(origin).hostname or ""
    return f"[{host}]" if ":" in host else host


def _sqlite(name: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name or "consigned.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 60,
            "cached_statements": 1000,
            "init_command": (
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; "
                "PRAGMA wal_autocheckpoint = 10000; PRAGMA foreign_keys = ON; "
                "PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; "
                "PRAGMA recursive_triggers = ON"  # or REPLACE would pass the guards by
            ),
        },
    }


def time_zone_from(name: str) -> str:
    """A time zone of the IANA database by its name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ImproperlyConfigured(
            f"CONSIGNED_TIME_ZONE {name!r} is no time zone, as America/Los_Angeles is one"
        ) from None
    return name


def mail_from_url(url: str) -> dict[str, Any]:
    """Django's settings of the mail server at smtp://user:password@host:port, or smtps://."""
    parts = urlsplit(url)
    if url and (parts.scheme not in ("smtp", "smtps") or not parts.hostname):
        raise ImproperlyConfigured("CONSIGNED_MAIL is neither smtp://HOST nor smtps://HOST")
    is_tls = parts.scheme == "smtps"
    has_user = bool(parts.username)
    return {
        "EMAIL_HOST": parts.hostname or "",
        "EMAIL_PORT": parts.port or (465 if is_tls else 587 if has_user else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": is_tls,
        "EMAIL_USE_TLS": has_user and not is_tls,  # no password goes in the clear
    }


def _secret_key() -> str:
    """The key of this installation: given, or made on first use and kept for its user alone."""
    if given := CONFIGURATION["CONSIGNED_SECRET_KEY"]:
        return given
    state = os.environ.get("XDG_STATE_HOME")
    folder = Path(state or Path.home() / ".local" / "state") / "consigned"
    kept = folder / "secret-key"
    try:
        if not kept.exists():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = folder / f".secret-key-{secrets.token_hex(8)}"
            with os.fdopen(os.open(fresh, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(64))
            # link() leaves the first key standing where two processes start at once
            with suppress(FileExistsError):
                os.link(fresh, kept)
            fresh.unlink()
        return kept.read_text()
    except OSError:
        return secrets.token_urlsafe(64)


DATABASES = {"default": database_from_url(CONFIGURATION["DATABASE_URL"])}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = CONFIGURATION.parts("CONSIGNED_SECRET_KEY_OLD")
DEBUG = False
ORIGINS = CONFIGURATION.origins()
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *(host_of(origin) for origin in ORIGINS)]
CSRF_TRUSTED_ORIGINS = ORIGINS
TRUSTED_PROXIES = CONFIGURATION.trusted_proxies()
SECURITY_CONTACT = CONFIGURATION.security_contact()
LISTEN = CONFIGURATION.listen()
PROCESSES = CONFIGURATION.whole_number("CONSIGNED_PROCESSES", 64)
THREADS = CONFIGURATION.whole_number("CONSIGNED_THREADS", 64)
IS_HTTPS = bool(ORIGINS) and all(origin.startswith("https:") for origin in ORIGINS)

INSTALLED_APPS = [
    "consigned_service.interfaces.access",  # first, so that its pages stand before allauth's
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_tables2",
    "ninja",  # so that the API's page loads nothing from elsewhere
    "consigned_service.records",
    "consigned_service.interfaces.console",
    "consigned_service.interfaces.workbench",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "consigned_service.interfaces.access.noted.Noted",
    "consigned_service.interfaces.access.headers.SafeHeaders",
    "consigned_service.interfaces.access.readable.ReadableAddresses",
    "consigned_service.interfaces.access.methods.KnownMethods",
    "consigned_service.project.static_files.ServedByContent",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "consigned_service.interfaces.access.sessions.BoundedSessions",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "consigned_service.project.urls"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "consigned_service.interfaces.access.adapter.InvitedOnly"
ACCOUNT_RATE_LIMITS = {
    # failed sign-ins are counted in interfaces/access/guessing.py, by account and device
    "login": None,
    "login_failed": None,
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_TIMEOUT = 10
globals().update(mail_from_url(CONFIGURATION["CONSIGNED_MAIL"]))
DEFAULT_FROM_EMAIL = CONFIGURATION["CONSIGNED_MAIL_FROM"]

# Attempts to sign in are counted once for all worker processes, so the cache is in the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_memory",
        "OPTIONS": {"MAX_ENTRIES": 200_000},  # or those who guess push out how often they did
    }
}

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
DEVICE_COOKIE_NAME = "__Host-device" if IS_HTTPS else "device"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(LONGEST_SESSION.total_seconds())
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W005", "security.W021",  # what else lies under the domain is decided by its owner
    "security.W008",  # the proxy sends people from http to https
]  # fmt: skip
CSRF_FAILURE_VIEW = "consigned_service.interfaces.access.pages.form_too_old"

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = time_zone_from(CONFIGURATION["CONSIGNED_TIME_ZONE"])

DJANGO_TABLES2_TEMPLATE = "workbench/table.html"

# What breaks is written to the standard error of the server, never on a page.
LOGGING = logging_of(CONFIGURATION.one_of("CONSIGNED_LOG", "text", "json"))

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "consigned_service.project.static_files.NamedByContent"},
}
WHITENOISE_USE_FINDERS = True
