"""Servers for tests: the real program, over real sockets, each on a data folder of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import textwrap
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("SWIFTLET_BINARY", ROOT / ".build/debug/swiftlet"))


class Answer:
    """An HTTP answer: its status, headers and JSON body."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)


class Server:
    """A server process and the ways to talk to it."""

    #: A function that takes as many `seconds` as its arguments say.
    SLOW = """
import time
def main(args, context):
    time.sleep(float(args.get("seconds", 0.3)))
    return args
"""

    @staticmethod
    def wait_for(condition: Callable[[], object], seconds: float = 30) -> None:
        """Returns when `condition` holds."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "waited in vain"
            time.sleep(0.01)

    def __init__(self, data: Path, binary_folder: Path, *options: str) -> None:
        self.data, self.bin, self.options = data, binary_folder, options
        self.environment = {
            **os.environ,
            "SWIFTLET_DATA": str(data),
            "FAASPOT_DIR": str(data.parent / "profiles"),
            "XDG_RUNTIME_DIR": str(data.parent / "runtime"),
            "SWIFTLET_SHARE": os.environ.get("SWIFTLET_SHARE", str(ROOT / ".deps/guest")),
            "SWIFT_BACKTRACE": "enable=no",
        }
        (data.parent / "runtime").mkdir(mode=0o700, exist_ok=True)
        self.process: subprocess.Popen[str] | None = None
        self.log = data.parent / "server.log"

    def start(self) -> Server:
        command = [self.bin / "swiftlet", "serve", "--data", self.data, "--listen", "127.0.0.1:0", *self.options]
        log = self.log.open("a")
        self.process = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, stderr=log, text=True)
        line = self.process.stdout.readline()
        if "ready at " not in line:
            raise AssertionError(f"the server did not start: {self.log.read_text()[-2000:]}")
        self.url = line.rsplit(" ", 1)[1].strip()
        self.token = (self.data / "admin.token").read_text().strip()
        return self

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=60)

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return sorted(int(child) for file in children for child in file.read_text().split())

    def request(self, method: str, path: str, body: object = None, token: str | None = "", data: bytes | None = None) -> Answer:
        if data is None and body is not None:
            data = json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, method=method)
        if token is not None:
            request.add_header("Authorization", f"Token {token or self.token}")
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return Answer(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, dict(error.headers), error.read())

    def create(self, name: str, code: str, context: str = "", **limits: int) -> Answer:
        body = {"name": name, "code": quote(code), "context": quote(context), "limits": limits}
        return self.request("PUT", "/v1/functions/", body)

    def deploy(self, name: str, code: str, context: str = "", **limits: int) -> None:
        answer = self.create(name, code, context, **limits)
        if answer.status == 409:
            body = {"code": quote(code), "context": quote(context), "limits": limits}
            answer = self.request("PATCH", f"/v1/functions/{name}", body)
        assert answer.status == 200, answer.body

    def call(self, name: str, arguments: object = None) -> Answer:
        return self.request("POST", f"/v1/sync/functions/{name}/rpc/", arguments or {})

    def enqueue(self, name: str, arguments: object = None) -> str:
        answer = self.request("POST", f"/v1/functions/{name}/rpc/", arguments or {})
        assert answer.status == 200, answer.body
        return answer.json

    def execution(self, identifier: str) -> dict:
        answer = self.request("GET", f"/v1/executions/{identifier}")
        assert answer.status == 200, answer.body
        return answer.json

    def settled(self, identifier: str, seconds: float = 30) -> dict:
        import time

        end = time.monotonic() + seconds
        while time.monotonic() < end:
            execution = self.execution(identifier)
            if execution["status"] not in ("Pending", "Started"):
                return execution
            time.sleep(0.02)
        raise AssertionError(f"execution {identifier} is still {execution['status']} after {seconds} s")

    def faasm(self, base: str | None = None) -> Faasm:
        """The server as clients of Faasm's see it, at its own address or at another listener's."""
        return Faasm(self, base)

    def listener(self, setting: str) -> Faasm:
        """A listener of Faasm's that was opened beside the main one."""
        port = self.log.read_text().split(f"`{setting}` is at 127.0.0.1:")[1].split()[0]
        return Faasm(self, f"http://127.0.0.1:{port}")

    def fas(self, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.bin / "fas", *arguments], env=self.environment, cwd=cwd, capture_output=True, text=True, timeout=120
        )


class Faasm:
    """Faasm's paths of a server, asked as a client of Faasm's asks: without a token."""

    def __init__(self, server: Server, base: str | None = None) -> None:
        self.server, self.base = server, base or server.url

    def request(self, method: str, path: str, data: bytes | None = None, **headers: str) -> Answer:
        """Sends bytes; a header `X_Y` is sent as `X-Y`."""
        request = urllib.request.Request(self.base + path, data, method=method)
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return Answer(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, dict(error.headers), error.read())

    def upload(self, name: str, source: str, user: str = "python") -> None:
        answer = self.request("PUT", f"/faasm/upload/p/{user}/{name}", textwrap.dedent(source).encode())
        assert (answer.status, answer.body) == (200, b""), answer.body

    def call(self, name: str, data: bytes = b"", query: str = "", user: str = "python") -> Answer:
        return self.request("POST", f"/faasm/call/{user}/{name}{query}", data)

    def code(self, name: str, data: bytes = b"", query: str = "") -> int:
        return int(self.call(name, data, query).headers["X-Faasm-Return-Code"])

    def plan(self, kind: int | str, payload: Any = None) -> Answer:
        body = {"http_type": kind}
        if payload is not None:
            body["payload"] = payload if isinstance(payload, str) else json.dumps(payload)
        return self.request("POST", "/", json.dumps(body).encode())

    def execute(self, app: int, *messages: dict[str, Any], **batch: Any) -> Answer:
        whole = {"appId": app, "user": "python", "function": "py_func", **batch}
        whole["messages"] = [
            {"appId": app, "id": 1 + index, "user": "python", "function": "py_func", "python": True, **message}
            for index, message in enumerate(messages)
        ]
        return self.plan(10, whole)

    def finished(self, app: int, count: int = 1) -> dict[str, Any]:
        while True:
            answer = self.plan(11, {"appId": app, "expectedNumMessages": count})
            assert answer.status == 200, answer.body
            if answer.json.get("finished"):
                return answer.json


def make_server(folder: Path, *options: str) -> Server:
    binaries = folder / "bin"
    binaries.mkdir(exist_ok=True)
    for name in ("swiftlet", "fas", "faas"):
        if not (binaries / name).exists():
            (binaries / name).symlink_to(BINARY)
    return Server(folder / "data", binaries, *options)


@pytest.fixture
def make() -> Callable[..., Server]:
    """Makes servers, of a folder and options, that the test starts and stops itself."""
    return make_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that neither stop it nor fill it."""
    running = make_server(tmp_path_factory.mktemp("shared")).start()
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def launch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Starts servers of one file of tests; its last test leaves them in order."""
    started: list[Server] = []

    def start(*options: str, **environment: str) -> Server:
        server = make_server(tmp_path_factory.mktemp("server"), *options)
        server.environment.update(environment)
        started.append(server.start())
        return server

    yield start
    for server in started:
        assert server.stop() == 0


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers of one test, which may do with them what it likes."""
    started: list[Server] = []

    def start(*options: str) -> Server:
        started.append(make_server(tmp_path, *options).start())
        return started[-1]

    yield start
    for server in started:
        if server.process.poll() is None:
            server.kill()


@pytest.fixture
def own_server(start_server: Callable[..., Server]) -> Server:
    """A server of one test."""
    return start_server("--workers", "1", "--threads", "2")
