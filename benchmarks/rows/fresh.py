"""Row 1: a fresh sandbox for every request, warm, against other ways to run the same function."""

from __future__ import annotations

import json
import resource
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lib.load import Cost, Target, load
from lib.peer import FunctionsFramework
from lib.processes import memory_mib
from lib.swiftlet import Swiftlet
from lib.table import Line

FUNCTION = Path(__file__).parent.parent / "functions/hello.py"
PEERS = Path(__file__).parent.parent / "peers"
BODY = b'{"name": "you"}'
ANSWER = {"greeting": "Hello you"}


def measure_swiftlet(bench) -> tuple[list[Line], Cost]:
    with Swiftlet(bench.server) as server:
        server.deploy("hello", FUNCTION.read_text())
        answer = server.call("hello", {"name": "you"})
        if answer != ANSWER:
            raise RuntimeError(f"unexpected answer {answer!r}")
        target = server.target("hello", BODY)
        one = load(target, 1, bench.seconds, bench.repeats)
        many = load(target, 16, bench.seconds, bench.repeats)
        # What HTTP costs without a sandbox, for comparison.
        health = load(Target(server.pid, server.url, "/healthz", b"", "GET"), 16, bench.seconds, 1)
        memory = memory_mib(server.pid)
    lines = [
        Line.of("1", "Swiftlet, 1 connection", one, target="CPU ≤ 300 µs", reached=one.cpu <= 300),
        Line.of("1", "Swiftlet, 16 connections", many, memory=memory, target="CPU ≤ 300 µs", reached=many.cpu <= 300),
        Line.of("1", "  /healthz only, 16 connections", health, note="no call, no token"),
    ]
    return lines, many


def alone(command: list[str], repeats: int) -> tuple[Cost, list[dict]]:
    """Runs the program that measures the sandbox alone."""
    runs = [json.loads(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(repeats)]
    return Cost.median([Cost(run["throughput"], run["p50"], run["p99"], run["cpu"]) for run in runs]), runs


def measure_raw(bench) -> list[Line]:
    """A raw WebAssembly function that does nothing, in a new instance each time, on one thread, without a server."""
    cost, _ = alone([bench.sandbox[0], "raw", str(int(20_000 * bench.seconds))], bench.repeats)
    return [Line.of("1", "the sandbox alone, raw WebAssembly no-op", cost, target="CPU ≤ 60 µs", reached=cost.cpu <= 60)]


def measure_sandbox(bench) -> list[Line]:
    """From entry to reset, on one thread, without a server."""
    cost, runs = alone([*bench.sandbox, str(FUNCTION), BODY.decode(), str(int(4000 * bench.seconds))], bench.repeats)
    answered = sorted(run["answered_us"] for run in runs)[len(runs) // 2]
    return [Line.of("1", "the sandbox alone, entry to reset", cost, target="CPU ≤ 150 µs", reached=cost.cpu <= 150,
                    note=f"answer after {answered} µs, the rest is the reset")]  # fmt: skip


def measure_framework(bench, workers: int) -> tuple[list[Line], Cost]:
    with FunctionsFramework(bench.python, PEERS / "framework.py", workers) as server:
        one = load(server.target(BODY), 1, bench.seconds, bench.repeats) if workers == 1 else None
        many = load(server.target(BODY), 16, bench.seconds, bench.repeats)
        memory = memory_mib(server.process.pid)
    name = f"functions-framework, {workers} worker{'s' if workers > 1 else ''}"
    lines = [Line.of("1", f"{name}, 1 connection", one)] if one else []
    return [*lines, Line.of("1", f"{name}, 16 connections", many, memory=memory, note="warm process, no isolation")], many


def measure_eryx(bench) -> tuple[list[Line], float]:
    lines = []
    best = 0.0
    for threads in (1, 16):
        arguments = (str(PEERS / "eryx_loop.py"), bench.python.packages + "/eryx.snapshot", str(threads), str(bench.seconds))
        results = [bench.python.json_of(*arguments) for _ in range(bench.repeats)]
        cost = Cost.median([Cost(result["throughput"], result["p50"], result["p99"], result["cpu"]) for result in results])
        best = max(best, cost.throughput)
        note = "fresh sandbox, no HTTP"
        lines.append(Line.of("1", f"pyeryx, {threads} thread{'s' if threads > 1 else ''}", cost, memory=results[0]["memory"], note=note))
    return lines, best


def measure_processes(bench, clients: int) -> Line:
    command = [*bench.python.command, str(PEERS / "process.py")]

    def loop(end: float) -> list[float]:
        latencies = []
        while (started := time.perf_counter()) < end:
            done = subprocess.run(command, input=BODY, env=bench.python.environment, capture_output=True, check=True)
            latencies.append(time.perf_counter() - started)
            if json.loads(done.stdout) != ANSWER:
                raise RuntimeError(f"unexpected answer {done.stdout!r}")
        return latencies

    def used() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    before, started = used(), time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        latencies = sorted(sum(pool.map(loop, [started + bench.seconds] * clients), []))
    count = len(latencies)
    cost = Cost(count / (time.perf_counter() - started), latencies[count // 2] * 1e6, latencies[count * 99 // 100] * 1e6,
                (used() - before) / count * 1e6)  # fmt: skip
    return Line.of("1", f"python3 process per request, {clients} at a time", cost, note="no HTTP")


def measure_peer(name: str, action) -> tuple[list[Line], object]:
    """A peer that cannot be had leaves a sentence, not a gap."""
    try:
        return action()
    except Exception as error:
        return [Line("1", name, note=f"not measured: {str(error).strip().splitlines()[-1][:120]}")], None


def measure(bench) -> list[Line]:
    lines, swiftlet = measure_swiftlet(bench)
    lines += measure_sandbox(bench) + measure_raw(bench)
    default, framework = measure_peer("functions-framework", lambda: measure_framework(bench, 1))
    both, _ = measure_peer("functions-framework, 2 workers", lambda: measure_framework(bench, 2))
    eryx, eryx_best = measure_peer("pyeryx", lambda: measure_eryx(bench))
    if framework:
        ratio = swiftlet.throughput / framework.throughput
        lines.append(Line("1", f"Swiftlet is {ratio:.1f} times functions-framework", target="≥ 3 times", reached=ratio >= 3,
                          note="16 connections, its default of 1 worker"))  # fmt: skip
    if eryx_best:
        ratio = swiftlet.throughput / eryx_best
        lines.append(Line("1", f"Swiftlet is {ratio:.1f} times pyeryx", target="≥ 10 times", reached=ratio >= 10,
                          note="its better figure"))  # fmt: skip
    return [*lines, *default, *both, *eryx, measure_processes(bench, 1), measure_processes(bench, 16)]
