"""The guest's library in plain Python, over a host that is in memory."""

from __future__ import annotations

import hashlib
import json
import struct
import sys
import types
from collections.abc import Callable
from pathlib import Path

import pytest

GUEST = Path(__file__).resolve().parents[1] / "python"
T = {"DCFormula": []}


class Refused(Exception):
    """What the guest's interpreter raises where the host refuses a call as a whole."""


class Host:
    """Keeps blobs, notes what is asked, and answers as it is told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, list[bytes]]] = []
        self.answers: dict[int, Callable[..., list[bytes]] | list[bytes] | int] = {}
        self.parts, self.output = [b"", b"", b"", b""], None
        self.open: dict[int, bytes | bytearray] = {}
        self.sealed: dict[str, bytes] = {}
        self.last, self.quota = 0, 1 << 30
        #: The operations that change the current label.
        self.changing: set[int] = set()

    def call(self, operation: int, request: bytes) -> bytes:
        if operation == 1:
            return self.parts[request[0]]
        if operation == 2:
            self.output = request
            return b""
        from swiftlet_runtime import host

        fields = host.split(request)
        self.asked.append((operation, fields))
        answer = self.answers[operation] if operation in self.answers else getattr(self, f"on_{operation}", 11)
        reply = answer(*fields) if callable(answer) else answer
        changed = b"\1" if operation in self.changing else b""
        return host.join(bytes([reply]) + changed) if isinstance(reply, int) else host.join(b"\0" + changed, *reply)

    def add(self, data: bytes | bytearray) -> bytes:
        self.last += 1
        self.open[self.last] = data
        return struct.pack("<I", self.last)

    def seal(self, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        self.sealed[digest] = bytes(data)
        return digest

    def on_97(self, size: bytes) -> list[bytes]:
        return [self.add(bytearray())]

    def on_98(self, handle: bytes, data: bytes) -> list[bytes]:
        assert len(data) <= 2 << 20
        blob = self.open[struct.unpack("<I", handle)[0]]
        taken = len(data) if isinstance(blob, bytearray) and len(blob) + len(data) <= self.quota else 0
        blob += data[:taken]
        return [struct.pack("<Q", taken)]

    def on_99(self, handle: bytes, flags: bytes, path: bytes, label: bytes) -> list[bytes]:
        number = struct.unpack("<I", handle)[0]
        self.open[number] = bytes(self.open[number])
        digest = self.seal(self.open[number])
        taken = path == b"taken" and flags != b"\3"
        linked = bytes([flags != b"\0" and not taken])
        return [digest.encode(), struct.pack("<Q", len(self.open[number])), linked, b"\x08" if taken else b"\0"]

    def on_100(self, handle: bytes, offset: bytes, length: bytes) -> list[bytes] | int:
        blob = self.open.get(struct.unpack("<I", handle)[0])
        if not isinstance(blob, bytes):
            return 10
        start, count = struct.unpack("<Q", offset)[0], struct.unpack("<I", length)[0]
        return [blob[start : start + min(count, 2 << 20)]]

    def on_101(self, digest: bytes) -> list[bytes] | int:
        blob = self.sealed.get(digest.decode())
        return 9 if blob is None else [self.add(blob), struct.pack("<Q", len(blob))]

    def on_102(self, handle: bytes) -> list[bytes] | int:
        return 10 if self.open.pop(struct.unpack("<I", handle)[0], None) is None else []


_host = Host()


def _install() -> None:
    # The runtime's package itself prepares an interpreter in a sandbox; here only modules in it are used.
    native = types.ModuleType("_swiftlet")
    native.Error, native.call = Refused, lambda operation, request: _host.call(operation, request)
    package = types.ModuleType("swiftlet_runtime")
    package.__path__ = [str(GUEST / "swiftlet_runtime")]
    sys.modules.setdefault("_swiftlet", native)
    sys.modules.setdefault("swiftlet_runtime", package)
    sys.path.insert(0, str(GUEST))


_install()


@pytest.fixture
def fake() -> Host:
    """The host of one test."""
    from swiftlet_runtime import host
    from syscalls import _wire

    host.in_call = True
    _wire.known.clear()
    _host.__init__()
    return _host


@pytest.fixture
def syscall(fake: Host):
    """The object with all calls."""
    import faasten

    return faasten.syscall


@pytest.fixture
def strict(fake: Host):
    """Refusals are raised."""
    from syscalls._errors import Conventions

    Conventions.strict = True
    yield
    Conventions.strict = False


@pytest.fixture
def run(fake: Host):
    """Calls a handler with a payload as the platform does; returns status, whether it failed, and the body."""
    from swiftlet_runtime import host
    from swiftlet_runtime.entries.faasten import Entry

    def run(handle, payload: bytes = b"{}", **call):
        module = types.ModuleType("workload")
        module.__file__, module.handle = "/srv/workload.py", handle
        fake.parts = [payload, b"", b"", json.dumps({"faasten": call}).encode()]
        fake.output = None
        entry = Entry(module, None)
        try:
            answer = entry.encode(entry())
        except BaseException:
            answer = fake.output
            if answer is None:
                raise
        status, failed, body = host.split(answer)
        return struct.unpack("<H", status)[0], failed == b"\1", body

    return run
