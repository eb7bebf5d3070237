"""A real server for tests, a scripted one for what a real one does too seldom, and profiles apart from the user's."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Callable, NamedTuple, Optional
from urllib.parse import parse_qs, urlsplit

import pytest

from faaspot import Faaspot, Settings

ROOT = Path(__file__).resolve().parents[3]
BINARY = Path(os.environ.get("SWIFTLET_BINARY", ROOT / ".build/debug/swiftlet"))


class Server(NamedTuple):
    """The real server."""

    url: str
    token: str
    data: Path
    runtime: Path


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One real server for all tests."""
    folder = tmp_path_factory.mktemp("server")
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(runtime), "SWIFT_BACKTRACE": "enable=no"}
    share = ROOT / ".deps/guest"
    if "SWIFTLET_BINARY" not in os.environ:
        environment.setdefault("SWIFTLET_SHARE", str(share))
    data = folder / "data"
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            [BINARY, "serve", "--data", data, "--listen", "127.0.0.1:0"], env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    if "ready at " not in line:
        process.kill()
        raise AssertionError(f"the server did not start: {(folder / 'server.log').read_text()[-2000:]}")
    # It announces itself a moment after it says that it is ready.
    announcement = runtime / "swiftlet/server.json"
    while not announcement.exists():
        assert process.poll() is None
        time.sleep(0.01)
    yield Server(line.rsplit(" ", 1)[1].strip(), (data / "admin.token").read_text().strip(), data, runtime)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No profiles, no announced server, no proxy; returns the folder of the configuration file."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name in ("FAASPOT_CONFIG", "SWIFTLET_DATA", "XDG_DATA_HOME"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FAASPOT_DIR", str(tmp_path / "profiles"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "no-runtime"))
    return tmp_path / "profiles"


@pytest.fixture
def local(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The real server, announced as a server announces itself to its user."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(server.runtime))
    return server


@pytest.fixture
def faaspot(local: Server) -> Iterator[Faaspot]:
    """A client as users make it."""
    with Faaspot() as client:
        yield client


@pytest.fixture(scope="session")
def offered(server: Server) -> Callable[[str], None]:
    """Skips a test of an address, such as `/v1/tokens/`, that the server's own description does not have yet."""
    try:
        with urllib.request.urlopen(f"{server.url}/v1/openapi.json", timeout=60) as answer:
            paths = json.load(answer)["paths"]
    except urllib.error.HTTPError:
        paths = {}
    known = {re.sub(r"\{\w+\}", "{}", path).rstrip("/") for path in paths}
    known |= {f"/v1{path}" for path in known}

    def check(path: str) -> None:
        if re.sub(r"\{\w+\}", "{}", path).rstrip("/") not in known:
            pytest.skip(f"the server does not offer {path} yet")

    return check


@pytest.fixture
def deploy(faaspot: Faaspot, tmp_path: Path) -> Callable[..., None]:
    """Creates a function from its code, over one of the same name."""

    def create(name: str, code: str, **options: Any) -> None:
        file = tmp_path / "function.py"
        file.write_text(code)
        if any(each["name"] == name for each in faaspot.functions.list()):
            faaspot.functions.delete(name, wait=True)
        faaspot.functions.create(name, file, wait=True, **options)

    return create


class Sent(NamedTuple):
    """A request as the scripted server got it."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    port: int


class Scripted(NamedTuple):
    """An answer to give. No status: the connection is closed instead."""

    status: Optional[int]
    body: bytes
    headers: dict[str, str]


class FakeServer:
    """Answers as a test tells it, and remembers what it was asked."""

    def __init__(self) -> None:
        self.requests: list[Sent] = []
        self._script: list[Scripted] = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                parts = urlsplit(self.path)
                query = {key: values[-1] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
                headers = {name.lower(): value for name, value in self.headers.items()}
                fake.requests.append(
                    Sent(self.command, parts.path, query, headers, json.loads(body) if body else None, self.client_address[1]))
                reply = fake._script.pop(0)
                if reply.status is None:
                    self.close_connection = True
                    return
                self.send_response(reply.status)
                for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply.body)

            do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = answer

            def log_message(self, *arguments: Any) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def reply(self, value: Any = None, status: int = 200, **headers: str) -> None:
        """Adds an answer to the script: JSON, or what it is if it is bytes. `a_b` in `headers` is `a-b`."""
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self._script.append(Scripted(status, body, {name.replace("_", "-"): text for name, text in headers.items()}))

    def hang_up(self) -> None:
        """Adds to the script that the connection is closed without an answer."""
        self._script.append(Scripted(None, b"", {}))

    @property
    def is_done(self) -> bool:
        """Whether the script is used up."""
        return not self._script

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def fake() -> Iterator[FakeServer]:
    """A scripted server."""
    server = FakeServer()
    yield server
    server.close()
    assert server.is_done


@pytest.fixture
def settings() -> Settings:
    """Retries without pauses."""
    return Settings(backoff_seconds=0)


@pytest.fixture
def scripted(fake: FakeServer, settings: Settings) -> Iterator[Faaspot]:
    """A client of the scripted server."""
    with Faaspot.from_url(fake.url, token="secret", settings=settings) as client:
        yield client
