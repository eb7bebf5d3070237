"""Programs to compare with: CPython 3.13 of the machine's kind, with packages from the Python package index."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Self

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


class Peer:
    """A server in a process of its own; a context manager."""

    def __init__(self, python: Python313) -> None:
        self.python = python

    def command(self, port: int) -> list[str]:
        """What is started after the interpreter."""
        raise NotImplementedError

    @property
    def environment(self) -> dict[str, str]:
        return self.python.environment

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="swiftlet-bench-"))
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        log = self.folder / "log"
        command = [*self.python.command, *self.command(port)]
        with log.open("wb") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, env=self.environment)
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


class FunctionsFramework(Peer):
    """Google's functions-framework as its documentation starts it: gunicorn, threads, a process that stays warm."""

    def __init__(self, python: Python313, source: Path, workers: int) -> None:
        super().__init__(python)
        self.source, self.workers = source, workers

    def command(self, port: int) -> list[str]:
        options = ["--source", str(self.source), "--target", "main", "--host", "127.0.0.1", "--port", str(port)]
        return ["-m", "functions_framework", *options]

    @property
    def environment(self) -> dict[str, str]:
        return dict(self.python.environment, WORKERS=str(self.workers))


class WarmFlask(Peer):
    """A Flask application behind waitress, in one process: how OpenFaaS's templates serve Python handlers."""

    def __init__(self, python: Python313, program: Path) -> None:
        super().__init__(python)
        self.program = program

    def command(self, port: int) -> list[str]:
        return [str(self.program), str(port)]
