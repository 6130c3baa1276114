"""The browser for the tests: the one TEST_BROWSER names, Debian's or the user's Chromium
or Chrome, or the one that `playwright install chromium` fetched."""

import os
import shutil
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
MISSING = (
    "The tests in a browser need Chromium and found none. Install it (on Debian and Ubuntu:"
    " apt-get install chromium fonts-dejavu-core; anywhere: .venv/bin/playwright install"
    " chromium), or set TEST_BROWSER to its program."
)


def launch_arguments() -> dict[str, str] | None:
    """What Playwright must be told to find it; None where there is no browser."""
    if program := os.environ.get("TEST_BROWSER") or installed():
        return {"executable_path": program}
    return {} if fetched_by_playwright() else None


def installed() -> str | None:
    for name in NAMES:
        if program := shutil.which(name):
            return program
    return next((place for place in PLACES if Path(place).exists()), None)


def fetched_by_playwright() -> bool:
    usual = "Library/Caches/ms-playwright" if sys.platform == "darwin" else ".cache/ms-playwright"
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / usual)
    return any(folder.glob("chromium*-*"))
