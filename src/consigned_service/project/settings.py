"""Settings of the service. What a deployment may choose comes from the environment:

DATABASE_URL             postgresql://user@host/name, or sqlite:///file (default consigned.sqlite3)
CONSIGNED_SECRET_KEY     signs sessions; without it one is made once and kept in the user's state
CONSIGNED_HOSTS          host names we answer to, separated by commas (default: this machine)
CONSIGNED_HTTPS          1 behind HTTPS: cookies are then only sent over it
CONSIGNED_TIME_ZONE      whose day it is where an organization has not said it (default: UTC)
CONSIGNED_MAIL           smtp://user:password@host:port or smtps://…, by which advices are sent
CONSIGNED_MAIL_FROM      the address advices come from (default: consigned@localhost)
"""

import gc
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured

# A batch holds some hundred thousand small values at once, and no ring among them: looking for
# rings as often as Python does by itself takes a tenth of the time of posting.
gc.set_threshold(100_000, 20, 20)

BASE_DIR = Path(__file__).resolve().parent.parent


def database_from_url(url: str) -> dict[str, Any]:
    """A Django database entry for a URL: sqlite:///file or postgresql://user:password@host/name."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(unquote(url.removeprefix("sqlite:///")))
    if parts.scheme in ("postgres", "postgresql"):
        options = dict(parse_qsl(parts.query))
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
    if given := os.environ.get("CONSIGNED_SECRET_KEY"):
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


DATABASES = {"default": database_from_url(os.environ.get("DATABASE_URL", "sqlite:///"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("CONSIGNED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
IS_HTTPS = os.environ.get("CONSIGNED_HTTPS") == "1"

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
    "consigned_service.interfaces.access.headers.SafeHeaders",
    "consigned_service.interfaces.access.readable.ReadableAddresses",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "consigned_service.project.urls"
WSGI_APPLICATION = "consigned_service.project.wsgi.application"

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
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_TIMEOUT = 10
globals().update(mail_from_url(os.environ.get("CONSIGNED_MAIL", "")))
DEFAULT_FROM_EMAIL = os.environ.get("CONSIGNED_MAIL_FROM") or "consigned@localhost"

# Attempts to sign in are counted once for all worker processes, so the cache is in the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_memory",
    }
}

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "consigned_service.interfaces.access.pages.form_too_old"

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = time_zone_from(os.environ.get("CONSIGNED_TIME_ZONE", "UTC"))

DJANGO_TABLES2_TEMPLATE = "workbench/table.html"

# What breaks is told on the standard error of the server, never on a page.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
