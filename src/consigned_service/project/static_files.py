"""Style sheets, scripts and pictures under names that their content decides, so that a browser
keeps one for good and asks for another as soon as it has changed.

They are served from where they are installed: nothing is collected, and no folder is written to
(decision 0077). No file of ours names another, so nothing inside them has to be changed.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.middleware import WhiteNoiseMiddleware


@cache
def _named(name: str) -> str:
    """access/mark.svg as access/mark.0123456789ab.svg."""
    found = finders.find(name)
    if not found:
        raise ValueError(f"there is no static file {name}")
    digest = sha256(Path(found).read_bytes()).hexdigest()[:12]
    path = PurePosixPath(name)
    return str(path.with_suffix(f".{digest}{path.suffix}"))


class NamedByContent(StaticFilesStorage):
    """Where a page finds the address of a file."""

    def url(self, name: str | None) -> str:
        return super().url(_named(name or ""))


class ServedByContent(WhiteNoiseMiddleware):
    """Serves each file under its own name for a minute, and under the other for good."""

    def add_file_to_dictionary(self, url: str, path: str, stat_cache: Any = None) -> None:
        name = url.removeprefix(self.static_prefix)
        for one in (name, _named(name)):
            super().add_file_to_dictionary(
                f"{self.static_prefix}{one}", path, stat_cache=stat_cache
            )
