"""Row state: shared state as a Python guest sees it, in the local tier. Times are taken in the guest."""

from __future__ import annotations

from lib.faasm import ask, upload
from lib.swiftlet import Swiftlet
from lib.table import Line

CODE = b"""
import json, time
from pyfaasm.core import read_input, read_state, read_state_offset, write_output, write_state, write_state_offset

VALUE = bytes(1024)
PIECE = 4 << 20

def each(count, do):
    times = []
    for _ in range(count):
        start = time.perf_counter()
        do()
        times.append(time.perf_counter() - start)
    return sorted(times)

def small(count):
    write_state("small", VALUE)
    return [each(count, lambda: read_state("small", 1024)), each(count, lambda: write_state("small", VALUE))]

def large(size):
    piece = bytes(range(256)) * (PIECE // 256)
    writing = reading = 0.0
    for offset in range(0, size, PIECE):
        start = time.perf_counter()
        write_state_offset("large", size, offset, piece)
        writing += time.perf_counter() - start
    for offset in range(0, size, PIECE):
        start = time.perf_counter()
        found = read_state_offset("large", size, offset, PIECE)
        reading += time.perf_counter() - start
        # Comparing takes longer than reading, and is not what is measured.
        if found != piece:
            raise SystemExit("other bytes")
    return [writing, reading]

def faasm_main():
    how, argument = json.loads(read_input())
    write_output(json.dumps({"small": small, "large": large}[how](argument)).encode())
"""

SIZE = 100 << 20


def measure(bench) -> list[Line]:
    count = 2000 if bench.quick else 20_000
    with Swiftlet(bench.server) as server:
        upload(server, "state", CODE)
        ask(server, "state", ["small", 200])
        small = ask(server, "state", ["small", count])
        large = [ask(server, "state", ["large", SIZE]) for _ in range(bench.repeats)]
    lines = []
    for what, times, most in (("read", small[0], 20), ("write", small[1], 50)):
        p50, p99 = (times[int(count * part)] * 1e6 for part in (0.5, 0.99))
        lines.append(Line("state", f"{what} 1 KiB", 1e6 / p50, p50, p99, target=f"≤ {most} µs", reached=p50 <= most))
    for what, index in (("write", 0), ("read", 1)):
        seconds = min(times[index] for times in large)
        rate = SIZE / seconds / (1 << 20)
        goal = {"target": "≥ 500 MiB/s", "reached": rate >= 500} if what == "read" else {}
        lines.append(Line("state", f"{what} 100 MiB by ranges of 4 MiB", p50=seconds * 1e6, note=f"{rate:.0f} MiB/s", **goal))
    return lines
