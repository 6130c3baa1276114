"""A real nginx with TLS before the service, for the tests that ask what a proxy changes."""

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MISSING = "nginx or openssl is missing: apt-get install nginx-light openssl"

CONFIGURATION = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {folder}/certificate.pem;
        ssl_certificate_key {folder}/key.pem;
{location}
    }}
}}
"""


def is_here() -> bool:
    return bool(nginx_program() and shutil.which("openssl"))


def nginx_program() -> str | None:
    return shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")


@contextmanager
def in_front_of(upstream: int, port: int, location: str, folder: Path) -> Iterator[str]:
    """nginx at a port of this machine before a server at another one; gives its address."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    written = folder / "nginx.conf"
    location = location.replace("127.0.0.1:8000", f"127.0.0.1:{upstream}")
    written.write_text(CONFIGURATION.format(folder=folder, port=port, location=location))
    nginx = nginx_program()
    assert nginx, MISSING
    process = subprocess.Popen([nginx, "-c", str(written), "-p", str(folder)],
                               stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        _wait_for(port)
        yield f"https://localhost:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int) -> None:
    trusting = ssl.create_default_context()
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    deadline = time.monotonic() + 20
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as plain:
                trusting.wrap_socket(plain).close()
            return
        except OSError:
            assert time.monotonic() < deadline, "nginx did not start"
            time.sleep(0.05)
