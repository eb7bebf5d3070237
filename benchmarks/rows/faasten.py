"""Row faasten: calls of gates and what they cost. Operations are timed in the guest, calls over HTTP."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import time
from pathlib import Path
from statistics import median
from urllib.parse import quote

from lib.processes import memory_mib
from lib.swiftlet import Swiftlet
from lib.table import Line

FUNCTION = Path(__file__).parent.parent / "functions/gate.py"
PICTURES = Path(__file__).parent.parent / "functions/thumbnail.py"
LABEL_WORK = ("current label", "taint", "endorse", "raise the label", "lower the label")
BOUNDARY = "a-boundary-of-the-benchmark"


class Gates:
    """The operator's requests; the administrator's token acts as the operator."""

    def __init__(self, server: Swiftlet) -> None:
        self.server = server
        self.connection = http.client.HTTPConnection(server.url.partition("//")[2], timeout=300)

    def invoke(self, gate: str, payload: object, file: bytes | None = None) -> object:
        headers = {"Authorization": f"Bearer {self.server.token}", "Content-Type": "application/json"}
        body = json.dumps(payload).encode()
        if file is not None:
            headers["Content-Type"] = f"multipart/form-data; boundary={BOUNDARY}"
            parts = (('name="payload"', body), ('name="file"; filename="blob"', file))
            body = b"".join(
                f"--{BOUNDARY}\r\nContent-Disposition: form-data; {what}\r\n\r\n".encode() + data + b"\r\n" for what, data in parts
            )
            body += f"--{BOUNDARY}--\r\n".encode()
        self.connection.request("POST", f"/faasten/invoke/{quote(gate, safe='')}", body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != 200 or answer.getheader("X-Faasten-Function-Error"):
            raise RuntimeError(f"{gate}: {answer.status} {content[:2000]!r}")
        return json.loads(content)

    def fsutil(self, operation: str, file: bytes, **arguments: object) -> None:
        answer = self.invoke("~:fsutil", {"op": operation, "args": arguments}, file)
        if not answer["success"]:
            raise RuntimeError(f"fsutil {operation}: {answer}")

    def run(self, what: str, **event: object) -> object:
        return self.invoke("~:bench", {"input": None, **event, "what": what})

    def seconds(self, count: int, what: str, **event: object) -> list[float]:
        """Sorted seconds that each of several calls took, after some that are not counted."""
        return sorted(timed(lambda: self.run(what, **event), count))


def timed(call, count: int) -> list[float]:
    for _ in range(max(2, count // 10)):
        call()
    times = []
    for _ in range(count):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return times


def quantiles(times: list[float]) -> dict[str, float]:
    return {name: times[int(len(times) * part)] * 1e6 for name, part in (("p50", 0.5), ("p99", 0.99))}


def operations(gates: Gates, count: int) -> list[Line]:
    gates.run("calls", count=5, run="warm")
    lines = []
    for name, times in gates.run("calls", count=count, run="run").items():
        line = Line("faasten", name, **quantiles(times))
        most = 30 if name in LABEL_WORK else 500 if "empty blob" in name else 1000
        line.target, line.reached = f"≤ {most} µs", line.p50 <= most
        lines.append(line)
    return lines


def blobs(gates: Gates, mebibytes: int, repeats: int) -> list[Line]:
    path = "~:large"
    memory = memory_mib(gates.server.pid)
    written = min(gates.run("write", path=path, mebibytes=mebibytes) for _ in range(repeats))
    read, length = min(gates.run("read", path=path) for _ in range(repeats))
    if length != mebibytes << 20:
        raise RuntimeError(f"a blob of {length} bytes")
    piece, start = bytes(1 << 20), time.perf_counter()
    digest = hashlib.sha256()
    for _ in range(mebibytes):
        digest.update(piece)
    hashed = mebibytes / (time.perf_counter() - start)
    growth = memory_mib(gates.server.pid) - memory
    return [
        Line("faasten", f"MiB written to a blob of {mebibytes} MiB", mebibytes / written, target="≥ 300",
             reached=mebibytes / written >= 300, note=f"sealed, synced; OpenSSL's SHA-256 alone, on one processor: {hashed:.0f}"),
        Line("faasten", f"MiB read from a blob of {mebibytes} MiB", mebibytes / read, memory=growth, target="≥ 300",
             reached=mebibytes / read >= 300, note="memory: what was added"),
    ]  # fmt: skip


def measure(bench) -> list[Line]:
    count = 50 if bench.quick else 500
    with Swiftlet(bench.server) as server:
        gates = Gates(server)
        source = FUNCTION.read_text()
        gates.fsutil("create-gate", source.encode(), path="~:bench", policy="faasten,faasten", memory=256, runtime="python")
        picture = base64.b64decode(bench.python.json_of(str(PICTURES), "picture")["image"])
        gates.fsutil("create-blob", picture, path="~:photo.jpg", label="faasten,faasten")
        lines = operations(gates, count)
        thumbs = gates.seconds(count // 10, "thumbnails", input="~:photo.jpg", output="~", sizes=[[75, 75], [100, 100]])
        lines.append(Line("faasten", "two thumbnails of a 1600x1200 JPEG", 1 / median(thumbs), **quantiles(thumbs), target="≤ 80 ms",
                          reached=median(thumbs) <= 0.08, note="HTTP included"))
        lines += blobs(gates, 10 if bench.quick else 100, bench.repeats)
        server.deploy("plain", source)
        event = {"rounds": 200_000}
        labelled = median(gates.seconds(count // 10, "compute", **event))
        plain = median(timed(lambda: server.call("plain", event), count // 10))
        share = (labelled / plain - 1) * 100
        lines.append(
            Line("faasten", "computing in a gate", 1 / labelled, labelled * 1e6, target="≤ 3 % above a plain function",
                 reached=share <= 3, note=f"{share:+.1f} %")
        )  # fmt: skip
    return lines
