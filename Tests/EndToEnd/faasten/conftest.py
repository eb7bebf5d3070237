"""People who use the labelled file system over HTTP, each signed in."""

from __future__ import annotations

import io
import json
import subprocess
import textwrap
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

#: Runs the program that it is sent: its `result` is the answer.
LAB = """
import csv, io, json, os, shutil, tempfile, zipfile
import faasten, syscalls, syscalls_pb2

def handle(event, cloudcall):
    scope = {**globals(), **event, "call": cloudcall, "cloudcall": cloudcall, "syscall": faasten.syscall, "root": cloudcall.root()}
    exec(event["program"], scope)
    return scope.get("result")
"""


class Answer:
    """An HTTP answer."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.body = status, body
        self.headers = {name.lower(): value for name, value in headers.items()}

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def __repr__(self) -> str:
        return f"{self.status} {self.body[:1000]!r}"


class Person:
    """Somebody who sends requests; without a token, anybody."""

    def __init__(self, server: Any, name: str, token: str | None) -> None:
        self.server, self.name, self.token = server, name, token

    def request(self, method: str, path: str, data: bytes | None = None, **headers: str) -> Answer:
        """A header `X_Y` is sent as `X-Y`."""
        request = urllib.request.Request(self.server.url + path, data, method=method)
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return Answer(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, dict(error.headers), error.read())

    def invoke(self, gate: str, payload: Any = None, files: dict[str, bytes] | None = None, **headers: str) -> Answer:
        """Calls a gate with JSON, or with bytes as they are; files make the request a form."""
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        path = f"/faasten/invoke/{quote(gate, safe='')}"
        if files is None:
            return self.request("POST", path, body, **{"Content_Type": "application/json", **headers})
        boundary = "a-boundary-of-tests"
        parts = [('name="payload"', body), *((f'name="file"; filename="{name}"', data) for name, data in files.items())]
        form = b"".join(
            f"--{boundary}\r\nContent-Disposition: form-data; {what}\r\n\r\n".encode() + data + b"\r\n" for what, data in parts
        )
        form += f"--{boundary}--\r\n".encode()
        return self.request("POST", path, form, **{"Content_Type": f"multipart/form-data; boundary={boundary}", **headers})

    def fsutil(self, operation: str, files: dict[str, bytes] | None = None, **arguments: Any) -> dict[str, Any]:
        """What `~:fsutil` answers."""
        answer = self.invoke("~:fsutil", {"op": operation, "args": arguments}, files)
        assert answer.status == 200, answer
        return answer.json

    def register(self, path: str, policy: str, source: str | bytes | dict[str, Any], memory: int = 128, **settings: Any) -> None:
        """Makes a gate of a workload, or of the files of a package."""
        package = source if isinstance(source, bytes) else packed(source)
        arguments = {"path": path, "policy": policy, "memory": memory, "runtime": "python", "settings": settings, "replace": True}
        reply = self.fsutil("create-gate", {"package.zip": package}, **arguments)
        assert reply["success"], reply

    def put(self, path: str, data: bytes, label: str) -> None:
        reply = self.fsutil("create-blob", {"blob": data}, path=path, label=label)
        assert reply["success"], reply

    def names(self, path: str) -> list[str] | None:
        return self.fsutil("list-dir", path=path).get("value", {}).get("names")

    def cat(self, path: str) -> bytes:
        answer = self.invoke("~:fsutil", {"op": "cat", "args": {"path": path}})
        assert answer.status == 200, answer
        return answer.body

    def run(self, program: str, gate: str = "~:lab", headers: dict[str, str] | None = None, **values: Any) -> Any:
        """What a program makes `result`, run by a gate that was registered with LAB."""
        answer = self.invoke(gate, {"program": textwrap.dedent(program), **values}, **(headers or {}))
        assert answer.status == 200, answer
        assert "x-faasten-function-error" not in answer.headers, "\n".join([str(answer), *answer.json["error"]["traceback"]])
        return answer.json


def packed(source: str | dict[str, Any]) -> bytes:
    """A zip of these files; text alone is the workload."""
    files = {"workload.py": source} if isinstance(source, str) else source
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as target:
        for name, content in files.items():
            target.writestr(name, textwrap.dedent(content) if isinstance(content, str) else content)
    return archive.getvalue()


@pytest.fixture(scope="session")
def person() -> Callable[[Any, str], Person]:
    """Makes a user of a server, signed in."""

    def make(server: Any, name: str) -> Person:
        command = [server.bin / "swiftlet", "users", "create", name, "--password-file", "-", "--scope", "read,run,deploy"]
        made = subprocess.run(
            command, env=server.environment, input=f"secret of {name}\n", capture_output=True, text=True, timeout=120
        )
        assert made.returncode == 0, made.stderr
        body = json.dumps({"username": name, "password": f"secret of {name}"}).encode()
        answer = Person(server, name, None).request(
            "POST", "/login", body, Content_Type="application/json", Accept="application/json"
        )
        assert answer.status == 200, answer
        return Person(server, name, answer.json["token"])

    return make


@pytest.fixture(scope="session")
def lab() -> str:
    """A workload that runs programs."""
    return LAB


@pytest.fixture(scope="session")
def alice(server: Any, person: Callable[[Any, str], Person]) -> Person:
    """A user with a gate `~:lab`, which runs programs as her, and `home:<T,alice>:lab`, which others may call."""
    user = person(server, "alice")
    user.register("~:lab", "alice,alice", LAB)
    user.register("home:<T,alice>:lab", "alice,T", LAB)
    return user


@pytest.fixture(scope="session")
def bob(server: Any, person: Callable[[Any, str], Person]) -> Person:
    """Another user, with a `~:lab` of his own."""
    user = person(server, "bob")
    user.register("~:lab", "bob,bob", LAB)
    return user


@pytest.fixture(scope="session")
def anybody(server: Any) -> Person:
    """Who did not sign in."""
    return Person(server, "anybody", None)


@pytest.fixture(scope="session")
def photo(alice: Person) -> bytes:
    """A JPEG of 612 by 573, made by a function: this side has no Pillow."""
    program = """
        from PIL import Image
        made = io.BytesIO()
        Image.linear_gradient("L").resize((612, 573)).convert("RGB").save(made, "JPEG")
        result = list(made.getvalue())
    """
    return bytes(alice.run(program))


@pytest.fixture(scope="session")
def look(alice: Person) -> Callable[[bytes], list[Any]]:
    """Tells a picture's format and size."""

    def look(data: bytes) -> list[Any]:
        program = """
            from PIL import Image
            picture = Image.open(io.BytesIO(bytes(data)))
            picture.load()
            result = [picture.format, *picture.size]
        """
        return alice.run(program, data=list(data))

    return look
