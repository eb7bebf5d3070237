"""A Swiftlet server of the benchmark's own, in a folder that is removed afterwards."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from lib.load import Target
from lib.processes import free_port, wait_until_up


class Swiftlet:
    """Starts `swiftlet serve` on an empty folder; a context manager."""

    def __init__(self, program: str) -> None:
        self.program = program

    def __enter__(self) -> Swiftlet:
        self.folder = Path(tempfile.mkdtemp(prefix="swiftlet-bench-"))
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        log = self.folder / "log"
        data = self.folder / "data"
        # Runtime files go to the folder too: a benchmark must not be taken for the user's local server.
        environment = dict(os.environ, XDG_RUNTIME_DIR=str(self.folder))
        command = [self.program, "serve", "--data", str(data), "--listen", f"127.0.0.1:{port}"]
        with log.open("wb") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, env=environment)
        try:
            wait_until_up(f"{self.url}/healthz", self.process, log, refusals=(503,))
        except BaseException:
            self.__exit__()
            raise
        self.token = (data / "admin.token").read_text().strip()
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def pid(self) -> int:
        return self.process.pid

    def request(self, method: str, path: str, body: object = None) -> object:
        """One request; anything but 200 is an error."""
        headers = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
        text = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        self.connection.request(method, path, text, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:2000]!r}")
        return json.loads(content)

    def deploy(self, name: str, code: str) -> None:
        self.request("PUT", "/v1/functions/", {"name": name, "code": quote(code), "context": ""})

    def call(self, name: str, arguments: object = None) -> object:
        return self.request("POST", f"/v1/sync/functions/{name}/rpc/", {} if arguments is None else arguments)

    def target(self, name: str, body: bytes, *, count: int = 1, asynchronous: bool = False) -> Target:
        """What wrk shall ask; `%d` in the name for several functions in turn."""
        prefix = "/v1/functions" if asynchronous else "/v1/sync/functions"
        return Target(self.pid, self.url, f"{prefix}/{name}/rpc/", body, token=self.token, count=count)

    def unfinished(self) -> int:
        """How many executions are queued or running."""
        return len(self.request("GET", "/v1/executions/"))

    def wait_until_idle(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while self.unfinished() and time.monotonic() < end:
            time.sleep(0.2)
