"""Row openfaas: a handler behind the gateway, against the same one in a warm Flask + waitress process; a call of a function
that was published from a decorator; and `faas up` of a changed handler to its first answer."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from lib.load import Cost, Target, load
from lib.peer import WarmFlask
from lib.processes import cpu_seconds, memory_mib
from lib.swiftlet import Swiftlet
from lib.table import Line

ROOT = Path(__file__).parent.parent.parent
PEER = ROOT / "benchmarks/peers/flask_template.py"
HANDLER = 'def handle(req):\n    return "Hello " + req\n'
BODY = b"you"


class Faas:
    """The `faas` command of the build that is measured, in a folder of its own with one function, logged in."""

    def __init__(self, server: Swiftlet, folder: Path, template: str) -> None:
        self.server, self.folder = server, folder
        self.program = folder / "bin/faas"
        self.program.parent.mkdir()
        self.program.symlink_to(Path(server.program).resolve())
        self.environment = dict(os.environ, HOME=str(folder), OPENFAAS_URL=server.url)
        self("login", "--username", "admin", "--password", server.token)
        self("new", "hello", "--lang", template, "--quiet")
        self.write(HANDLER)

    def __call__(self, *words: str) -> None:
        done = subprocess.run([self.program, *words], cwd=self.folder, env=self.environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"faas {' '.join(words)}: {done.stdout[-1000:]}{done.stderr[-1000:]}")

    def write(self, handler: str) -> None:
        (self.folder / "hello/handler.py").write_text(handler)

    def up(self) -> None:
        self("up", "-f", "hello.yml", "--gateway", self.server.url)


def answer(url: str) -> bytes:
    with urllib.request.urlopen(url, BODY, timeout=60) as reply:
        return reply.read()


def measure_gateway(bench, template: str, expected: bytes) -> tuple[list[Line], Cost]:
    with Swiftlet(bench.server) as server, tempfile.TemporaryDirectory() as folder:
        Faas(server, Path(folder), template).up()
        url = f"{server.url}/function/hello"
        if (found := answer(url)) != expected:
            raise RuntimeError(f"unexpected answer {found!r}")
        target = Target(server.pid, server.url, "/function/hello", BODY)
        one = load(target, 1, bench.seconds, bench.repeats)
        many = load(target, 16, bench.seconds, bench.repeats)
        memory = memory_mib(server.pid)
    return [
        Line.of("openfaas", f"/function/hello, {template}, 1 connection", one),
        Line.of("openfaas", f"/function/hello, {template}, 16 connections", many, memory=memory, note="fresh sandbox"),
    ], many


def measure_peer(bench) -> tuple[list[Line], Cost]:
    with WarmFlask(bench.python, PEER) as peer:
        if (found := answer(peer.url)) != b"Hello you":
            raise RuntimeError(f"unexpected answer {found!r}")
        target = peer.target(BODY)
        many = load(target, 16, bench.seconds, bench.repeats)
        memory = memory_mib(peer.process.pid)
    note = "warm process, no isolation, none of OpenFaaS's proxies"
    return [Line.of("openfaas", "Flask and waitress, 16 connections", many, memory=memory, note=note)], many


def measure_decorated(bench) -> Line:
    """Round trips of a published function, one after another on one connection."""
    sys.path.insert(0, str(ROOT / "sdk/python/away/src"))
    from away import FaasConnection, builder

    count = 300 if bench.quick else 5000
    with Swiftlet(bench.server) as server, contextlib.ExitStack() as stack:
        parts = urlsplit(server.url)
        faas = stack.enter_context(FaasConnection(parts.hostname, parts.port, "admin", server.token))
        proxy = builder.mirror_in_faas(add, faas)
        if proxy(1, 2) != 3:
            raise RuntimeError("unexpected answer")
        for _ in range(count // 10):
            proxy(1, 2)
        before, times = cpu_seconds(server.pid), []
        for _ in range(count):
            started = time.perf_counter()
            proxy(1, 2)
            times.append((time.perf_counter() - started) * 1e6)
        cpu = (cpu_seconds(server.pid) - before) / count * 1e6
    times.sort()
    middle = times[count // 2]
    return Line("openfaas", "decorated call, 1 connection", count / sum(times) * 1e6, middle, times[count * 99 // 100], cpu,
                target="p50 ≤ 1.5 ms", reached=middle <= 1500, note="packing included")  # fmt: skip


def add(a, b):
    return a + b


def measure_up(bench) -> Line:
    """From the start of the command to the answer of the changed handler."""
    count = 3 if bench.quick else 15
    times = []
    with Swiftlet(bench.server) as server, tempfile.TemporaryDirectory() as folder:
        faas = Faas(server, Path(folder), "python3")
        faas.up()
        for number in range(count):
            faas.write(HANDLER.replace("Hello", f"Hello {number}"))
            started = time.perf_counter()
            faas.up()
            found = answer(f"{server.url}/function/hello")
            times.append((time.perf_counter() - started) * 1e6)
            if found != b"Hello %d you\n" % number:
                raise RuntimeError(f"unexpected answer {found!r}")
    times.sort()
    middle = times[count // 2]
    return Line("openfaas", "faas up of a changed file → first answer", p50=middle, p99=times[-1], target="p50 ≤ 2 s",
                reached=middle <= 2e6)  # fmt: skip


def measure(bench) -> list[Line]:
    classic, many = measure_gateway(bench, "python3", b"Hello you\n")
    flask, same = measure_gateway(bench, "python3-flask", b"Hello you")
    lines = [*classic, *flask]
    try:
        peers, peer = measure_peer(bench)
    except Exception as error:  # a peer that cannot be had leaves a sentence, not a gap
        lines.append(Line("openfaas", "Flask and waitress", note=f"not measured: {str(error).strip().splitlines()[-1][:120]}"))
    else:
        ratio = same.throughput / peer.throughput
        lines += peers
        lines.append(Line("openfaas", f"python3-flask here is {ratio:.1f} times Flask and waitress", target="≥ 3 times",
                          reached=ratio >= 3, note=f"python3: {many.throughput / peer.throughput:.1f} times"))  # fmt: skip
    return [*lines, measure_decorated(bench), measure_up(bench)]
