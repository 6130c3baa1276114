"""The service as people reach it: behind a real nginx with TLS, set up as the guide says."""

import json
import os
import re
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PASSWORD, wait_for
from tests.support import nginx
from tests.support.databases import Database

GUIDE = Path(__file__).parents[2] / "docs" / "RUNNING.md"


class Served(NamedTuple):
    address: str
    behind: int
    """The port of the service itself."""
    log: Path

    def requests(self) -> list[dict[str, object]]:
        lines = [json.loads(line) for line in self.log.read_text().splitlines()]
        return [line for line in lines if line["logger"] == "consigned.access"]


@pytest.fixture(scope="module")
def served(seen: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    assert nginx.is_here(), nginx.MISSING
    folder = tmp_path_factory.mktemp("nginx")
    (block,) = re.findall(r"```nginx\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    port, behind = free_port(), free_port()
    chosen = {
        "DATABASE_URL": seen.url, "XDG_STATE_HOME": str(folder), "CONSIGNED_LOG": "json",
        "CONSIGNED_URL": f"https://localhost:{port}", "CONSIGNED_TRUSTED_PROXIES": "127.0.0.1",
    }  # fmt: skip
    log = folder / "log"
    with log.open("w") as standard_error:
        server = subprocess.Popen(
            [sys.executable, "-m", "consigned_service.interfaces.console.main", "serve",
             "--port", str(behind)],
            env=os.environ | chosen, stdout=subprocess.DEVNULL, stderr=standard_error,
        )  # fmt: skip
        try:
            wait_for(f"http://127.0.0.1:{behind}/livez")
            with nginx.in_front_of(behind, port, block, folder) as address:
                yield Served(address, behind, log)
        finally:
            server.terminate()
            server.wait(40)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_somebody_signs_in_and_the_cookies_go_over_https_alone(
    served: Served, browser: Browser
) -> None:
    context = browser.new_context(base_url=served.address, ignore_https_errors=True)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Username").fill("northwind")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url == f"{served.address}/"
    cookies = {cookie["name"]: cookie for cookie in context.cookies()}
    assert set(cookies) == {"__Host-session", "__Host-csrf", "__Host-device"}
    assert all(cookie["secure"] and cookie["path"] == "/" for cookie in cookies.values())
    context.close()


def test_what_a_client_says_of_itself_changes_nothing(served: Served) -> None:
    """nginx says whom it sees; a header that the client made up does not get through."""
    made_up = {"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9",
               "X-Real-IP": "203.0.113.9", "X-Forwarded-Host": "evil.example"}  # fmt: skip
    trusting = ssl.create_default_context()
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    asked = Request(f"{served.address}/accounts/login/", headers=made_up)
    with urlopen(asked, timeout=20, context=trusting) as page:
        number = page.headers["X-Request-ID"]
        assert page.headers["Strict-Transport-Security"]
        assert b"evil" not in page.read()
    (line,) = [line for line in served.requests() if line["request_id"] == number]
    assert (line["client"], line["route"]) == ("127.0.0.1", "/accounts/login/")


def test_a_stranger_s_host_is_refused(served: Served) -> None:
    asked = Request(f"http://127.0.0.1:{served.behind}/", headers={"Host": "evil.example"})
    with pytest.raises(OSError, match="400"):
        urlopen(asked, timeout=20)
