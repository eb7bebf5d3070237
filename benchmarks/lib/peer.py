"""Programs to compare with: CPython 3.13 of the machine's kind, with packages from the Python package index."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from lib.load import Target
from lib.processes import free_port, wait_until_up


class Python313:
    """A native CPython of the version that runs in the sandbox."""

    def __init__(self, folder: str, packages: str) -> None:
        self.packages = packages
        root = Path(folder) / "usr"
        libraries = root / "lib/x86_64-linux-gnu"
        loader = libraries / "ld-linux-x86-64.so.2"
        self.command = [str(loader), "--library-path", str(libraries), str(root / "bin/python3.13")]
        self.environment = dict(os.environ, PYTHONHOME=str(root), PYTHONPATH=packages, PYTHONDONTWRITEBYTECODE="1")

    def json_of(self, *arguments: str) -> object:
        """Runs a program and reads what it prints as JSON."""
        command = [*self.command, *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=600)
        if done.returncode != 0:
            raise RuntimeError(f"{arguments[0]} failed: {done.stderr[-2000:]}")
        return json.loads(done.stdout)


class FunctionsFramework:
    """Google's functions-framework as its documentation starts it: gunicorn, threads, a process that stays warm."""

    def __init__(self, python: Python313, source: Path, workers: int) -> None:
        self.python, self.source, self.workers = python, source, workers

    def __enter__(self) -> FunctionsFramework:
        self.folder = Path(tempfile.mkdtemp(prefix="swiftlet-bench-"))
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        log = self.folder / "log"
        command = [*self.python.command, "-m", "functions_framework", "--source", str(self.source), "--target", "main"]
        command += ["--host", "127.0.0.1", "--port", str(port)]
        environment = dict(self.python.environment, WORKERS=str(self.workers))
        with log.open("wb") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, env=environment)
        try:
            wait_until_up(f"{self.url}/", self.process, log)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def target(self, body: bytes) -> Target:
        return Target(self.process.pid, self.url, "/", body)
