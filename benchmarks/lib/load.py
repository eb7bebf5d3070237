"""Closed loops over HTTP: wrk with kept connections, while the server's CPU time is read before and after."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from lib.processes import cpu_seconds

SCRIPT = Path(__file__).with_name("load.lua")


@dataclass
class Cost:
    """What a request costs: medians over the repeats. Latency and CPU in microseconds."""

    throughput: float
    p50: float
    p99: float
    cpu: float

    @staticmethod
    def median(costs: list[Cost]) -> Cost:
        return Cost(*(median(getattr(cost, field) for cost in costs) for field in ("throughput", "p50", "p99", "cpu")))


@dataclass
class Target:
    """Whom to ask what."""

    process: int
    url: str
    path: str
    body: bytes
    method: str = "POST"
    token: str | None = None
    count: int = 1


def once(target: Target, connections: int, seconds: float) -> Cost:
    """One run of wrk. Any failed request is an error: a figure of failures is no figure."""
    environment = dict(os.environ, TOKEN=target.token) if target.token else os.environ
    with tempfile.NamedTemporaryFile() as body:
        body.write(target.body)
        body.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "60s", "-s", str(SCRIPT)]
        command += [target.url, "--", target.method, target.path, str(target.count), body.name]
        before = cpu_seconds(target.process)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds + 120)
        used = cpu_seconds(target.process) - before
    results = [json.loads(line[7:]) for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    if done.returncode != 0 or not results or results[0]["requests"] == 0:
        raise RuntimeError(f"wrk failed: {done.stdout}{done.stderr}")
    result = results[0]
    if result["failed"]:
        raise RuntimeError(f"{result['failed']} of {result['requests']} requests to {target.path} failed")
    requests = result["requests"]
    return Cost(requests / result["microseconds"] * 1e6, result["p50"], result["p99"], used / requests * 1e6)


def load(target: Target, connections: int, seconds: float, repeats: int) -> Cost:
    """A warm-up, then the medians of several runs."""
    once(target, connections, min(2, seconds))
    return Cost.median([once(target, connections, seconds) for _ in range(repeats)])
