"""Servers with certificates of their own."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from faaspot import Faaspot, FaaspotException


class TLSServer(NamedTuple):
    """A server over TLS, and its certificate."""

    url: str
    certificate: Path
    port: int


class Handler(BaseHTTPRequestHandler):
    """Has no functions."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"[]")

    def log_message(self, *arguments: Any) -> None:
        """Says nothing."""


class QuietServer(ThreadingHTTPServer):
    """Clients that do not trust it hang up, which is no news."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TLSServer]:
    """A server whose certificate no authority has signed."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj",
         "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True, timeout=60)
    server = QuietServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield TLSServer(f"https://localhost:{server.server_port}", certificate, server.server_port)
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("profile", ["certificate", "trust_all"])
def test_a_profile_can_trust_it(tls, profile):
    client = Faaspot()
    trust = {"certificate": str(tls.certificate)} if profile == "certificate" else {"trust_all": True}
    client.profiles.create("own", host="localhost", port=tls.port, token="t", **trust)
    assert client.functions.list() == []
    client.close()


def test_by_default_it_is_not_trusted(tls):
    with Faaspot.from_url(tls.url, token="t") as client:
        with pytest.raises(FaaspotException, match="certificate is not trusted"):
            client.functions.list()


def test_its_certificate_is_for_its_name_only(tls):
    with Faaspot.from_url(tls.url.replace("localhost", "127.0.0.1"), certificate=str(tls.certificate)) as client:
        with pytest.raises(FaaspotException, match="certificate is not trusted"):
            client.functions.list()


def test_a_server_without_tls_is_told_apart(server):
    with Faaspot.from_url(server.url.replace("http:", "https:")) as client:
        with pytest.raises(FaaspotException, match="does not speak HTTPS"):
            client.functions.list()
