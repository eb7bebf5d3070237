"""Row 7: from sending new code to its first answer: check, import, image, storage, call."""

from __future__ import annotations

import time
from pathlib import Path

from lib.processes import cpu_seconds
from lib.swiftlet import Swiftlet
from lib.table import Line

FUNCTIONS = Path(__file__).parent.parent / "functions"


def times(server: Swiftlet, name: str, count: int) -> list[float]:
    code = (FUNCTIONS / f"{name}.py").read_text()
    found = []
    for number in range(count):
        started = time.perf_counter()
        server.deploy(f"{name}-{number}", f"{code}\n\nNUMBER = {number}\n")
        server.call(f"{name}-{number}", {"name": "you"})
        found.append((time.perf_counter() - started) * 1e6)
    return sorted(found)


def measure(bench) -> list[Line]:
    count = 10 if bench.quick else 50
    lines = []
    with Swiftlet(bench.server) as server:
        for name, what in (("hello", "deploy → first answer"), ("imports", "deploy → first answer, 14 imports")):
            before = cpu_seconds(server.pid)
            found = times(server, name, count)
            cpu = (cpu_seconds(server.pid) - before) / count * 1e6
            middle = found[count // 2]
            lines.append(Line("7", what, count / sum(found) * 1e6, middle, found[count * 99 // 100], cpu,
                              target="p50 ≤ 1 s", reached=middle <= 1e6))  # fmt: skip
    return lines
